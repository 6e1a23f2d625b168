-- Functions of variable arity: packing, selecting, forwarding and unpacking.

local select, unpack = select, table.unpack or unpack

local function sum_select(...)
  local sum = 0
  for i = 1, select("#", ...) do
    sum = sum + (select(i, ...))
  end
  return sum
end

local function sum_packed(...)
  local list = { ... }
  local sum = 0
  for i = 1, #list do
    sum = sum + list[i]
  end
  return sum
end

local function forward(f, ...)
  return f(...)
end

local function first_of(a, ...)
  return a, ...
end

local function maximum(first, ...)
  if select("#", ...) == 0 then
    return first
  end
  local rest = maximum(...)
  return first > rest and first or rest
end

local function bind(f, ...)
  local args, n = { ... }, select("#", ...)
  return function(x)
    args[n + 1] = x
    return f(unpack(args, 1, n + 1))
  end
end

local function count(...)
  return select("#", ...)
end

local function reverse(a, b, c, ...)
  if a == nil then
    return 0
  end
  return count(c, b, a, ...) + (b or 0)
end

local rounds = tonumber(arg and arg[1]) or 10
local total = 0
local bound = bind(sum_select, 1, 2, 3)
for round = 1, rounds do
  for i = 1, 2000 do
    total = total + sum_select(i, 2, 3, 4, 5)
    total = total + sum_packed(i, round, 3, 4)
    total = total + forward(sum_packed, i, i, i)
    total = total + forward(forward, maximum, i, 7, round, 3)
    total = total + bound(i)
    total = total + reverse(i, 2, 3, 4, nil, 6)
    total = total + count(first_of(i, unpack({ 1, 2, 3, i, 5, 6 })))
    local a, b = first_of(forward(first_of, i, round))
    total = (total + a - b + sum_packed()) % 1000000007
  end
end
print(string.format("varargs %d", total))
