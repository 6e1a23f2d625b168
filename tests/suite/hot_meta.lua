-- Metatables changed under hot code: added, removed, swapped, mutated in place, shared by many objects.
local Point = {}
Point.__index = Point
function Point.len2(p) return p.x * p.x + p.y * p.y end
local pts = {}
for i = 1, 50 do pts[i] = setmetatable({ x = i, y = -i }, Point) end
local function total(n)
  local s = 0
  for r = 1, n do for i = 1, #pts do s = s + pts[i]:len2() end end
  return s
end
print(total(100))
function Point.len2(p) return p.x - p.y end
print(total(100))
Point.__index = { len2 = function() return 0.5 end }
print(total(100))
Point.__index = function(_, k) return function() return #k end end
print(total(100))
for i = 1, 50, 2 do setmetatable(pts[i], { __index = { len2 = function(p) return p.x end } }) end
print(total(100))
for i = 1, 50 do pts[i].len2 = function() return 1 end end
print(total(100))
for i = 1, 50 do pts[i].len2 = nil setmetatable(pts[i], Point) end
Point.__index = Point
print(total(100))

-- changes from inside the loop, at an arbitrary iteration
local function inside(obj, n, at, change)
  local s = 0
  for i = 1, n do
    if i == at then change(obj) end
    s = s + (obj.val or 0)
  end
  return s
end
print(inside({ val = 1 }, 4000, 2000, function(o) o.val = 2 end))
print(inside({ val = 1 }, 4000, 2000, function(o) o.val = nil setmetatable(o, { __index = { val = 3 } }) end))
print(inside(setmetatable({}, { __index = { val = 1 } }), 4000, 2000, function(o) getmetatable(o).__index.val = 10 end))
print(inside(setmetatable({}, { __index = { val = 1 } }), 4000, 2000, function(o) getmetatable(o).__index = nil end))
print(inside(setmetatable({}, { __index = { val = 1 } }), 4000, 2000, function(o) rawset(getmetatable(o), "__index", function() return 0.5 end) end))
print(inside(setmetatable({}, { __index = setmetatable({}, { __index = { val = 2 } }) }), 4000, 2000, function(o) getmetatable(o).__index.val = 5 end))
print(inside({ val = 1 }, 4000, 2000, function(o) for i = 1, 100 do o["f" .. i] = i end end))
print(inside({ val = 1, a = 1, b = 2 }, 4000, 2000, function(o) for k in pairs(o) do o[k] = nil end o.val = "7" end))

-- operators that appear and disappear
local V = {}
local function v(n) return setmetatable({ n = n }, V) end
local function sumops(n)
  local acc, errs = 0, 0
  local a, b = v(3), v(4)
  for i = 1, n do
    if i == n // 4 then V.__add = function(p, q) return p.n + q.n end end
    if i == n // 2 then V.__add = function(p, q) return p.n * q.n end end
    if i == 3 * n // 4 then V.__add = nil end
    local ok, r = pcall(function() return a + b end)
    if ok then acc = acc + r else errs = errs + 1 end
  end
  return acc, errs
end
print(sumops(2000))
-- equality, order and length metamethods toggled
local cnt = { eq = 0, lt = 0, len = 0 }
local e1, e2 = v(1), v(1)
for i = 1, 3000 do
  if i == 1000 then V.__eq = function() return true end V.__lt = function() return i % 2 == 0 end V.__len = function() return 5 end end
  if i == 2000 then V.__eq = function() return false end V.__lt = function(a) return a.n > 5 end V.__len = nil end
  if e1 == e2 then cnt.eq = cnt.eq + 1 end
  if i >= 1000 and e1 < e2 then cnt.lt = cnt.lt + 1 end
  cnt.len = cnt.len + #e1
end
print(cnt.eq, cnt.lt, cnt.len)
V.__eq, V.__lt = nil, nil

-- __newindex installed on tables that are being filled
local writes = 0
local function fill(t, n)
  for i = 1, n do
    t["k" .. i % 20] = i
    t[i] = i
    if i == n // 2 then setmetatable(t, { __newindex = function(tt, k, val) writes = writes + 1 rawset(tt, k, val) end }) end
  end
  return #t
end
print(fill({}, 2000), writes)
-- string methods replaced while used
local up = string.upper
local s, c = "abc", 0
for i = 1, 3000 do
  if i == 1000 then string.upper = function() return "XY" end end
  if i == 2000 then string.upper = up end
  c = c + #s:upper()
end
print(c)
local smt = getmetatable ""
local old = smt.__index
local hits = 0
for i = 1, 2000 do
  if i == 500 then smt.__index = function(_, k) hits = hits + 1 return old[k] end end
  if i == 1500 then smt.__index = old end
  c = c + s:len()
end
print(c, hits)
-- proxies with one metatable each
local sum = 0
for i = 1, 400 do
  local p = setmetatable({}, { __index = function(_, k) return k == "v" and i or nil end, __call = function(_, x) return x + i end })
  sum = sum + p.v + p(1) + (p.w or 0)
end
print(sum)
