-- table.sort over numbers, strings and records, with and without a comparison function.

local seed = 42
local function random(limit)
  seed = (seed * 16807) % 2147483647
  return seed % limit + 1
end

local function numbers(count)
  local list = {}
  for i = 1, count do
    list[i] = random(1000000)
  end
  return list
end

local function strings(count)
  local list = {}
  for i = 1, count do
    list[i] = string.format("%06d-%d", random(900000), i)
  end
  return list
end

local function records(count)
  local list = {}
  for i = 1, count do
    list[i] = { key = random(5000), order = i }
  end
  return list
end

local function descending(a, b)
  return a > b
end

local function by_key(a, b)
  if a.key ~= b.key then
    return a.key < b.key
  end
  return a.order < b.order
end

local function weigh(list, value)
  local sum = 0
  for i = 1, #list, 50 do
    sum = (sum * 17 + value(list[i])) % 1000003
  end
  return sum
end

local function same(x)
  return x
end

local function first_byte(x)
  return x:byte(3)
end

local function key(x)
  return x.key + x.order
end

local rounds = tonumber(arg and arg[1]) or 10
local sum = 0
for _ = 1, rounds do
  local list = numbers(20000)
  table.sort(list)
  sum = (sum + weigh(list, same)) % 1000003
  table.sort(list, descending)
  sum = (sum + weigh(list, same)) % 1000003
  list = strings(8000)
  table.sort(list)
  sum = (sum + weigh(list, first_byte)) % 1000003
  list = records(15000)
  table.sort(list, by_key)
  sum = (sum + weigh(list, key)) % 1000003
end
print(string.format("sort %d", sum))
