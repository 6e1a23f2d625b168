-- collectgarbage: options, their results, switching modes; structures survive collections.
print(collectgarbage(), collectgarbage "collect", collectgarbage("collect", 0))
print(math.type(collectgarbage "count"), collectgarbage "count" > 0)
print(collectgarbage "isrunning", collectgarbage "stop", collectgarbage "isrunning", collectgarbage "restart", collectgarbage "isrunning")
local mode = collectgarbage "incremental"
print(mode == "incremental" or mode == "generational")
print(collectgarbage "generational", collectgarbage "generational", collectgarbage "incremental", collectgarbage "incremental")
print(type(collectgarbage("setpause", 200)), type(collectgarbage("setstepmul", 100)))
print(pcall(collectgarbage, "nonsense"))
print(pcall(collectgarbage, {}))
print(type(collectgarbage("step", 0)), type(collectgarbage("step", 100)))

-- memory is given back
local before = collectgarbage "count"
do
  local t = {}
  for i = 1, 20000 do t[i] = { i } end
  print(collectgarbage "count" - before > 300)
end
local function clear() end
clear()
collectgarbage()
collectgarbage()
print(collectgarbage "count" - before < 300)

-- a structure survives under both modes with mutation between collections
for _, m in ipairs { "incremental", "generational" } do
  collectgarbage(m)
  local root = {}
  for r = 1, 20 do
    for i = 1, 50 do
      local node = { id = r * 100 + i, next = root.first, name = "node" .. i }
      root.first = node
      if i % 10 == 0 then root[r] = node end
    end
    if r % 5 == 0 then collectgarbage "step" end
    if r % 7 == 0 then collectgarbage() end
  end
  local n, sum = 0, 0
  local p = root.first
  while p do
    n = n + 1
    sum = sum + p.id
    assert(#p.name >= 5)
    p = p.next
  end
  print(m, n, sum, #root, root[20].id)
end
collectgarbage "incremental"

-- cyclic garbage of every kind goes away
local function cycles()
  for _ = 1, 200 do
    local a, b = {}, {}
    a.b, b.a = b, a
    local f
    f = function() return f, a end
    a.f = f
    local co = coroutine.create(function() coroutine.yield(a, f) end)
    coroutine.resume(co)
    b.co = co
    setmetatable(a, a)
    a.__index = b
  end
end
collectgarbage()
local base = collectgarbage "count"
cycles()
collectgarbage()
collectgarbage()
print("cycles", collectgarbage "count" - base < 200)

-- step until a cycle ends
collectgarbage "stop"
collectgarbage "restart"
local steps = 0
repeat steps = steps + 1 until collectgarbage("step", 1) or steps > 1000000
print("cycle ended", steps <= 1000000)

-- old objects pointing to young ones, in a loop that allocates
collectgarbage "generational"
local old = {}
for i = 1, 200 do old[i] = { v = i } end
collectgarbage()
for r = 1, 50 do
  for i = 1, 200 do
    old[i].child = { r, i, tostring(i) }
    if r % 3 == 0 then old[i].v = { old[i].v } end
    if i % 40 == 0 then local _ = string.rep("x", i + r) end
  end
end
collectgarbage()
local ok = true
for i = 1, 200 do
  local c = old[i].child
  if c[1] ~= 50 or c[2] ~= i or c[3] ~= tostring(i) then ok = false end
  local v, depth = old[i].v, 0
  while type(v) == "table" do v = v[1] depth = depth + 1 end
  if v ~= i or depth ~= 16 then ok = false end
end
print("barrier", ok)
-- upvalues and metatables of old objects
local up = {}
local function setup(x) up = x end
for i = 1, 1000 do setup { i, { i } } end
collectgarbage()
print(up[1], up[2][1])
for i = 1, 100 do setmetatable(old[i], { __index = function() return i end }) end
collectgarbage "step"
collectgarbage()
local s = 0
for i = 1, 100 do s = s + old[i].missing end
print(s)
collectgarbage "incremental"
-- strings interned before a collection are the same after it
local words = {}
for i = 1, 500 do words["w" .. i] = i end
collectgarbage()
local w = 0
for i = 1, 500 do w = w + words["w" .. i] end
print(w)
