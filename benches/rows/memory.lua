-- With the name of a kind of object: prints how many bytes one takes by the collector's own count. With the name of
-- a collection: builds it, so that the peak of the process's memory can be read from outside.

local kinds, collections = {}, {}

function kinds.empty_table()
  return {}
end

function kinds.array_of_3(i)
  return { i, i, i }
end

function kinds.record_of_3(i)
  return { x = i, y = i, z = i }
end

function kinds.closure(i)
  return function()
    return i
  end
end

function kinds.coroutine()
  local co = coroutine.create(coroutine.yield)
  coroutine.resume(co)
  return co
end

function collections.numbers_10m()
  local list = {}
  for i = 1, 10000000 do
    list[i] = i
  end
  return list
end

function collections.strings_1m()
  local list = {}
  for i = 1, 1000000 do
    list[i] = "s" .. i
  end
  return list
end

function collections.entries_1m()
  local map = {}
  for i = 1, 1000000 do
    map["k" .. i] = i
  end
  return map
end

function collections.coroutines_100k()
  local list = {}
  for i = 1, 100000 do
    list[i] = kinds.coroutine()
  end
  return list
end

local name = arg[1]
local kind = kinds[name]
if kind then
  local count = 100000
  local list = {}
  for i = 1, count do
    list[i] = false
  end
  collectgarbage()
  collectgarbage()
  local before = collectgarbage("count")
  for i = 1, count do
    list[i] = kind(i)
  end
  collectgarbage()
  collectgarbage()
  print(string.format("%.1f", (collectgarbage("count") - before) * 1024 / count))
else
  local made = assert(collections[name], "no such row")()
  print(made and "built")
end
