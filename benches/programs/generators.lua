-- Generators made with coroutine.wrap: walks over trees, permutations, and a pipeline of filters.

local wrap, yield = coroutine.wrap, coroutine.yield

local function insert(node, key)
  if not node then
    return { key = key }
  end
  if key < node.key then
    node.left = insert(node.left, key)
  elseif key > node.key then
    node.right = insert(node.right, key)
  end
  return node
end

local function walk(node)
  if node then
    walk(node.left)
    yield(node.key)
    walk(node.right)
  end
end

local function keys(tree)
  return wrap(function()
    walk(tree)
  end)
end

local function permutations(list, n)
  if n <= 1 then
    yield(list)
    return
  end
  for i = 1, n do
    list[n], list[i] = list[i], list[n]
    permutations(list, n - 1)
    list[n], list[i] = list[i], list[n]
  end
end

local function range(low, high)
  return wrap(function()
    for i = low, high do
      yield(i)
    end
  end)
end

local function filter(source, test)
  return wrap(function()
    for value in source do
      if test(value) then
        yield(value)
      end
    end
  end)
end

local function map(source, change)
  return wrap(function()
    for value in source do
      yield(change(value))
    end
  end)
end

local rounds = tonumber(arg and arg[1]) or 10
local seed, tree = 99, nil
for _ = 1, 600 do
  seed = (seed * 16807) % 2147483647
  tree = insert(tree, seed % 10000)
end
local sum = 0
for _ = 1, rounds do
  for key in keys(tree) do
    sum = (sum + key) % 1000003
  end
  for list in wrap(function() permutations({ 1, 2, 3, 4, 5, 6 }, 6) end) do
    sum = (sum + list[1] * 10 + list[6]) % 1000003
  end
  local odd = filter(range(1, 1500), function(x) return x % 2 == 1 end)
  local squares = map(odd, function(x) return x * x % 1009 end)
  for value in filter(squares, function(x) return x % 3 ~= 0 end) do
    sum = (sum + value) % 1000003
  end
end
print(string.format("generators %d", sum))
