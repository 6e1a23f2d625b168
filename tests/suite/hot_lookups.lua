-- Lookups that were repeated often, and then something changes of what they went through.
local N = 6000 -- more than what any cache needs to settle

-- an empty field of an object, and what stands behind it
local Base = {}
Base.__index = Base
local Class = setmetatable({}, Base)
Class.__index = Class
local function object(n)
  return setmetatable({ a = n, link = nil, b = n }, Class)
end
local objects = {}
for i = 1, 4 do objects[i] = object(i); objects[i].link = i; objects[i].link = nil end
local other = setmetatable({ b = 1 }, Class)
local third = setmetatable({ c = 1, link = 7 }, Class)
local function links(from, to)
  local found, last = 0, nil
  for i = from, to do
    local o = i % 7 == 0 and other or i % 11 == 0 and third or objects[i % 4 + 1]
    local link = o.link
    if link then found = found + 1; last = link end
  end
  return found, last
end
print(links(1, N))
Base.link = "base"
print(links(1, N))
Base.link = nil
print(links(1, N))
objects[2].link = "own"
print(links(1, N))
objects[2].link = nil
rawset(Class, "link", "class")
print(links(1, N))
Class.link = nil
Base.__index = function(_, k) return "f:" .. k end
print(links(1, N))
Base.__index = Base
print(links(1, N))
setmetatable(objects[1], nil)
setmetatable(Class, { __index = { link = "new" } })
print(links(1, N))
setmetatable(Class, Base)

-- dictionaries with a class
local many = {}
for d = 1, 3 do
  local t = {}
  for i = 1, 40 do t["k" .. i] = i end
  many[d] = setmetatable(t, Class)
end
function Base:size() return 1 end
local function sizes(n)
  local sum = 0
  for i = 1, n do
    local t = many[i % 3 + 1]
    sum = sum + t:size() + (t.weight or 0)
  end
  return sum
end
print(sizes(N))
many[2].size = function() return 10 end
many[3].weight = 100
print(sizes(N))
many[2].size = nil
print(sizes(N))
function Class:size() return 5 end
print(sizes(N))
Class.size = nil
many[3].weight = nil
Base.weight = 3
print(sizes(N))
setmetatable(many[1], nil)
print((pcall(sizes, N)))
setmetatable(many[1], { __index = function(_, k) return k == "size" and function() return 2 end or 4 end })
print(sizes(N))

-- classes themselves as receivers
local Derived = setmetatable({}, { __index = Class })
local function sums(n)
  local sum = 0
  for _ = 1, n do sum = sum + Derived.weight + (Derived.height or 0) end
  return sum
end
print(sums(N))
Derived.height = 2
print(sums(N))
Derived.height = nil
print(sums(N))
Base.height = 1
print(sums(N))
rawset(Derived, "weight", 9)
print(sums(N))
setmetatable(Derived, nil)
print(sums(N))

-- methods of userdata
local out = io.stdout
local methods = getmetatable(out).__index
local function kinds(n)
  local count = 0
  for i = 1, n do
    local o = i % 2 == 0 and out or i % 3 == 0 and objects[2] or "s"
    local f = o == "s" and o.upper or o.seek
    if f then count = count + 1 end
    if o == out and o:mark() then count = count + 100 end
  end
  return count
end
function methods.mark() return false end
print(kinds(N))
function methods.mark() return true end
print(kinds(N))
getmetatable(out).__index = { mark = function() return false end }
print(kinds(N))
getmetatable(out).__index = methods
methods.mark = nil
print((pcall(kinds, N)))

-- variable keys
local keys = { "a", "b", "link", "x", "weight", "size" }
local function read(t, n)
  local count = 0
  for i = 1, n do
    local v = t[keys[i % 6 + 1]]
    if v ~= nil then count = count + 1 end
    t.extra = v
    t[keys[i % 3 + 1]] = i
  end
  return count
end
print(read(object(1), N), read({}, N), read(many[2], N))
local log = {}
local guarded = setmetatable({ a = 1 }, { __newindex = function(t, k, v)
  log[k] = (log[k] or 0) + 1
  if log[k] == 3 then rawset(t, k, v) end
end })
print(read(guarded, N), log.a, log.b, log.link, log.extra)

-- pairs and ipairs
local function walk(t)
  local names, count = {}, 0
  for k, v, none in pairs(t) do
    count = count + 1
    names[#names + 1] = tostring(k) .. "=" .. tostring(v) .. tostring(none)
    if #tostring(k) % 2 == 0 then t[k] = nil end
    if count % 3 == 0 then collectgarbage("step") end
  end
  table.sort(names)
  return table.concat(names, " ")
end
for _ = 1, 3 do
  local t = { 10, 20, 30, nil, 50, x = 1, y = 2, z = 3, [2.5] = 4, [-1] = 5, [1 << 40] = 6 }
  t[{}] = nil
  print(walk(t))
  print(walk(t))
end
local function steps(t)
  local sum = 0
  for i, v in ipairs(t) do sum = sum + i * v end
  return sum
end
print(steps { 1, 2, 3, nil, 5 }, steps(setmetatable({ 1 }, { __index = function(_, i) return i < 9 and i or nil end })))
print(steps(setmetatable({ 1, 2 }, { __index = { [3] = 3, [4] = 4 } })), steps {})
for k in pairs(setmetatable({}, { __pairs = function() return next, { q = 1 }, nil end })) do print(k) end
print(pcall(function() for k in next, {}, "absent" do print(k) end end))
print(pcall(function() for i in next, setmetatable({}, {}), nil do print(i) end end))
local t = { 1, 2, 3 }
for i, v in next, t do t[i] = v + 1 end
print(t[1], t[2], t[3])
local hooked = 0
debug.sethook(function() hooked = hooked + 1 end, "c")
for _ in ipairs(t) do end
for _ in pairs(t) do end
debug.sethook()
print(hooked)

-- A field that became nil in a table that others inherit from comes back, and is seen through caches of its absence.
do
  local base = { a = 1, kept = true }
  local env = setmetatable({ own = 1 }, { __index = base, __newindex = base })
  env.own = nil
  local seen = {}
  for i = 1, 200 do
    local a, own = env.a, env.own
    if i <= 4 or i > 197 then
      seen[#seen + 1] = tostring(a) .. tostring(own) .. tostring(rawget(base, "a"))
    end
    env.own = a
    env.a = own
  end
  print(table.concat(seen, " "), rawget(env, "own"), base.kept)

  -- The same where a class in the middle of a chain gets a method back.
  local Root = { f = function() return "root" end }
  Root.__index = Root
  local Middle = setmetatable({ f = function() return "middle" end }, Root)
  Middle.__index = Middle
  local object = setmetatable({}, Middle)
  local saved, counts = Middle.f, { root = 0, middle = 0 }
  for i = 1, 300 do
    if i % 7 == 0 then
      Middle.f = nil
    elseif i % 7 == 3 then
      Middle.f = saved
    end
    local which = object:f()
    counts[which] = counts[which] + 1
  end
  print(counts.root, counts.middle)
end
