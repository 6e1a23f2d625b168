-- Closures: counters, composition, currying, memoising, folds over lists, and upvalues shared by several functions.

local function counter(start)
  local n = start
  return function() n = n + 1 return n end, function() return n end, function(v) n = v end
end

local function compose(f, g)
  return function(x)
    return f(g(x))
  end
end

local function curry(f)
  return function(a)
    return function(b)
      return function(c)
        return f(a, b, c)
      end
    end
  end
end

local function map(list, f)
  local out = {}
  for i = 1, #list do
    out[i] = f(list[i])
  end
  return out
end

local function filter(list, f)
  local out = {}
  for i = 1, #list do
    if f(list[i]) then
      out[#out + 1] = list[i]
    end
  end
  return out
end

local function fold(list, f, value)
  for i = 1, #list do
    value = f(value, list[i])
  end
  return value
end

local function memoise(f)
  local cache = {}
  return function(n)
    local value = cache[n]
    if value == nil then
      value = f(n)
      cache[n] = value
    end
    return value
  end
end

local function church(n)
  return function(f)
    return function(x)
      for _ = 1, n do
        x = f(x)
      end
      return x
    end
  end
end

local rounds = tonumber(arg and arg[1]) or 10
local list = {}
for i = 1, 100 do
  list[i] = i
end
local total = 0
for round = 1, rounds do
  local step, read, reset = counter(round)
  for i = 1, 1000 do
    step()
    if i % 100 == 0 then
      reset(read() % 50)
    end
  end
  total = total + read()

  for i = 1, 30 do
    local offset, factor = i % 5, i % 3 + 1
    local add = function(x) return x + offset end
    local scale = function(x) return x * factor end
    local both = compose(add, scale)
    local kept = filter(map(list, both), function(x) return x % 3 ~= i % 3 end)
    total = (total + fold(kept, function(a, b) return a + b end, 0)) % 1000000007
  end

  local volume = curry(function(a, b, c) return a * b + c end)
  for i = 1, 300 do
    total = total + volume(i)(round % 7)(3)
  end

  local fib
  fib = memoise(function(n)
    if n < 2 then
      return n
    end
    return (fib(n - 1) + fib(n - 2)) % 10007
  end)
  total = total + fib(120)

  local three, four = church(3), church(4)
  total = total + compose(three, four)(function(x) return x + 1 end)(0)

  local delayed = {}
  for i = 1, 200 do
    local copy = i * round
    delayed[i] = function() copy = copy + 1 return copy % 11 end
  end
  for i = 1, 200 do
    total = total + delayed[i]() + delayed[201 - i]()
  end
end
print(string.format("closures %d", total % 1000000007))
