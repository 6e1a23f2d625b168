-- Tables that come to have more elements or fields than their constructors said.

-- Appending, with holes and with a hash part beside it.
local function sizes(n, fill)
  local t = {}
  for i = 1, n do
    fill(t, i)
  end
  return t
end
for _, n in ipairs { 0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 127, 128, 129, 130, 255, 256, 257, 1000 } do
  local plain = sizes(n, function(t, i) t[i] = i * i end)
  local last = sizes(n, function(t, i) t[#t + 1] = "v" .. i end)
  local mixed = sizes(n, function(t, i) t[i] = i t["k" .. i % 3] = i end)
  local holes = sizes(n, function(t, i) t[i] = i if i % 5 == 0 then t[i - 1] = nil end end)
  local sum, count = 0, 0
  for i, v in ipairs(plain) do sum = sum + i * v end
  for _ in pairs(holes) do count = count + 1 end
  print(n, #plain, sum, #last, last[n], #mixed, mixed.k1, count, plain[n + 1], plain[0])
end

-- Values keep their types when an array moves.
local kinds = {}
for i = 1, 40 do
  kinds[#kinds + 1] = ({ i, i + 0.5, "s" .. i, i % 2 == 0, { i } })[i % 5 + 1]
end
for i = 1, 40 do
  local v = kinds[i]
  io.write(type(v) == "table" and "{" .. v[1] .. "}" or tostring(v), i % 10 == 0 and "\n" or " ")
end

-- Constructors with an open end.
local function several(n)
  local t = {}
  for i = 1, n do t[i] = i end
  return table.unpack(t)
end
for _, n in ipairs { 0, 1, 2, 3, 8, 9, 100, 200 } do
  local a, b, c = { several(n) }, { "x", several(n) }, { "x", "y", k = 1, several(n) }
  print(#a, a[n], #b, b[n + 1], #c, c[n + 2], c.k, select("#", table.unpack(b)))
end
local function tree(depth)
  if depth == 0 then return {} end
  return { tree(depth - 1), tree(depth - 1) }
end
local function leaves(t)
  return t[1] and leaves(t[1]) + leaves(t[2]) or 1
end
print(leaves(tree(10)))

-- Fields that come later, or only sometimes.
local function named(depth, left)
  if depth == 0 then return nil end
  return { depth = depth, left = named(depth - 1, true), right = named(depth - 2 >= 0 and depth - 2 or 0), from = left }
end
local function count(t)
  if not t then return 0, 0 end
  local a, b = count(t.left)
  local c, d = count(t.right)
  return a + c + 1, b + d + (t.from and 1 or 0)
end
print(count(named(14)))

local function insert(t, key)
  if not t then return { key = key } end
  if key < t.key then t.left = insert(t.left, key) else t.right = insert(t.right, key) end
  return t
end
local root, seed = nil, 1
for _ = 1, 2000 do
  seed = (seed * 16807) % 2147483647
  root = insert(root, seed)
end
local order, walked = true, 0
local before = -1
local function walk(t)
  if not t then return end
  walk(t.left)
  order, before, walked = order and before < t.key, t.key, walked + 1
  walk(t.right)
end
walk(root)
print(order, walked)

-- Objects that get ever more fields, and lose some.
local sum = 0
for i = 1, 300 do
  local o = { a = i }
  for j = 1, i % 40 do o["f" .. j] = j end
  if i % 7 == 0 then o.a, o.f1 = nil, nil end
  for _, v in pairs(o) do sum = sum + v end
end
print(sum)
