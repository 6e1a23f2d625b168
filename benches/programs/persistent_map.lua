-- An immutable ordered map: a treap whose updates copy the path to the root, with union, filter and folds. All
-- versions live for a while and die together.

local seed = 12345
local function random()
  seed = (seed * 16807) % 2147483647
  return seed
end

local function node(key, value, priority, left, right)
  return { key = key, value = value, priority = priority, left = left, right = right }
end

local function put(tree, key, value)
  if not tree then
    return node(key, value, random(), nil, nil)
  end
  if key == tree.key then
    return node(key, value, tree.priority, tree.left, tree.right)
  elseif key < tree.key then
    local left = put(tree.left, key, value)
    if left.priority > tree.priority then
      local lower = node(tree.key, tree.value, tree.priority, left.right, tree.right)
      return node(left.key, left.value, left.priority, left.left, lower)
    end
    return node(tree.key, tree.value, tree.priority, left, tree.right)
  end
  local right = put(tree.right, key, value)
  if right.priority > tree.priority then
    local lower = node(tree.key, tree.value, tree.priority, tree.left, right.left)
    return node(right.key, right.value, right.priority, lower, right.right)
  end
  return node(tree.key, tree.value, tree.priority, tree.left, right)
end

local function join(a, b)
  if not a then
    return b
  elseif not b then
    return a
  elseif a.priority > b.priority then
    return node(a.key, a.value, a.priority, a.left, join(a.right, b))
  end
  return node(b.key, b.value, b.priority, join(a, b.left), b.right)
end

local function remove(tree, key)
  if not tree then
    return nil
  elseif key == tree.key then
    return join(tree.left, tree.right)
  elseif key < tree.key then
    return node(tree.key, tree.value, tree.priority, remove(tree.left, key), tree.right)
  end
  return node(tree.key, tree.value, tree.priority, tree.left, remove(tree.right, key))
end

local function get(tree, key)
  while tree do
    if key == tree.key then
      return tree.value
    end
    tree = key < tree.key and tree.left or key > tree.key and tree.right or nil
  end
  return nil
end

local function fold(tree, f, value)
  if not tree then
    return value
  end
  value = fold(tree.left, f, value)
  value = f(value, tree.key, tree.value)
  return fold(tree.right, f, value)
end

local function filter(tree, test)
  if not tree then
    return nil
  end
  local left, right = filter(tree.left, test), filter(tree.right, test)
  if test(tree.key, tree.value) then
    return node(tree.key, tree.value, tree.priority, left, right)
  end
  return join(left, right)
end

local function union(a, b)
  return fold(b, function(tree, key, value) return put(tree, key, value) end, a)
end

local rounds = tonumber(arg and arg[1]) or 10
local sum = 0
for round = 1, rounds do
  local map, versions = nil, {}
  for i = 1, 800 do
    map = put(map, random() % 1000, i)
    if i % 50 == 0 then
      versions[#versions + 1] = map
    end
  end
  for i = 1, 200 do
    map = remove(map, i * 5)
  end
  local even = filter(map, function(key) return key % 2 == 0 end)
  local both = union(even, versions[round % #versions + 1])
  for _, version in ipairs(versions) do
    sum = (sum + (get(version, 500) or 1)) % 1000003
  end
  sum = fold(both, function(total, key, value) return (total * 3 + key + value) % 1000003 end, sum)
end
print(string.format("persistent_map %d", sum))
