-- What native code keeps, computes itself and hands back: several results, open results, upvalues that are never
-- assigned, functions whose work is done at the call, functions of the math library.

local function hash(...)
  local h = 7
  for i = 1, select("#", ...) do
    local v = select(i, ...)
    h = (h * 31 + (v == nil and 1 or v == true and 2 or v == false and 3 or math.tointeger(v) or #tostring(v))) % 1000003
  end
  return h
end

-- Several results, wanted in every number.
local function three(a) return a, a + 1, a + 2 end
local function none(a) if a < 0 then print("never") end end
local function some(n)
  if n % 3 == 0 then return end
  if n % 3 == 1 then return n end
  return n, n * 2, n * 3
end

local function wanted(n)
  local sum = 0
  for i = 1, n do
    local a = three(i)
    local b, c = three(i)
    local d, e, f = three(i)
    local g, h, j, k, l = three(i)
    sum = sum + a + b + c + d + e + f + g + h + j + (k == nil and 1 or 100) + (l == nil and 1 or 100)
    local p, q, r = some(i)
    sum = sum + (p or 0) + (q or 0) * 3 + (r or 0) * 5
    local s = none(i)
    if s ~= nil then sum = sum + 1000 end
  end
  return sum
end
for _ = 1, 40 do wanted(50) end
print(wanted(1000))

-- Open results: one, none and many go on to the next call.
local function add(a, b, c) return (a or 1) + (b or 10) + (c or 100) end
local function open(n)
  local sum = 0
  for i = 1, n do
    sum = sum + add(some(i)) + add(i, some(i)) + add(add(some(i + 1))) + hash(some(i)) + hash(i, some(i + 2))
  end
  return sum
end
for _ = 1, 40 do open(50) end
print(open(600))

local function tail(n) return add(some(n)) end
local function tails(n) return tail(n) end
local sum = 0
for i = 1, 6000 do sum = sum + tails(i) + #{some(i)} + #{tails(i), some(i)} end
print(sum)

-- Mutual recursion with tail calls and open arguments.
local even, odd
function even(n, acc) if n == 0 then return acc end return odd(n - 1, add(acc)) end
function odd(n, acc) if n == 0 then return -acc end return even(n - 1, add(acc, some(n))) end
for i = 1, 300 do even(i % 20, i) end
print(even(50, 1), odd(51, 2), even(2001, 3))

-- Upvalues that are never assigned, but by the debug library, while native code waits in a call.
local constant = 1
local function reader() return constant end
local function meddle(v) debug.setupvalue(reader, 1, v) end
local function loop(n, at, v)
  local sum = 0
  for i = 1, n do
    sum = sum + constant
    if i == at then meddle(v) end
    sum = sum + constant + reader()
  end
  return sum
end
for _ = 1, 100 do loop(60, 0) end
print(loop(100, 50, 5), loop(100, 50, 2.5), loop(10, 5, 1))

local function local_setter(level, name, v)
  local i = 1
  while true do
    local n = debug.getlocal(level, i)
    if n == nil then return end
    if n == name then debug.setlocal(level, i, v) end
    i = i + 1
  end
end
local function owner(n, at)
  local kept = 3
  local function use(i)
    local a = kept
    if i == at then local_setter(4, "kept", 8) end
    return a * 100 + kept
  end
  local sum = 0
  for i = 1, n do sum = sum + use(i) end
  return sum
end
for _ = 1, 100 do owner(60, 0) end
print(owner(100, 40))

local joined = (function() local other = 9 return function() return other end end)()
local function join_reader() return constant end
local function joins(n, at)
  local sum = 0
  for i = 1, n do
    sum = sum + join_reader()
    if i == at then debug.upvaluejoin(join_reader, 1, joined, 1) end
  end
  return sum
end
for _ = 1, 100 do joins(60, 0) end
print(joins(100, 30))

-- Small functions at their calls: guards in them fail, stores come last.
local Point = {}
Point.__index = Point
function Point.new(x, y) return setmetatable({ x = x, y = y }, Point) end
function Point:sum() return self.x + self.y end
function Point:move(d) self.x = self.x + d end
function Point:larger() if self.x > self.y then return self.x else return self.y end end
local function middle(a, b) return (a + b) / 2 end
local function element(t, i) return t[i] end
local function walk(points, n)
  local s = 0
  for i = 1, n do
    local p = points[i % #points + 1]
    p:move(1)
    s = s + p:sum() + p:larger() + middle(p.x, p.y) + element(points, i % #points + 1).x
  end
  return s
end
local points = { Point.new(1, 2), Point.new(3, 4) }
for _ = 1, 60 do walk(points, 60) end
print(walk(points, 100))
points[3] = Point.new(1.5, 2)
print(walk(points, 100))
points[2] = setmetatable({ y = 1, x = 2, z = 3 }, Point)
print(walk(points, 100))
points[1] = Point.new("10", 5)
print(pcall(walk, { Point.new({}, 5) }, 3))
print(pcall(element, nil, 1))

-- The math library: kinds of numbers, and what is no integer.
local floor, ceil, abs, max, min, sqrt = math.floor, math.ceil, math.abs, math.max, math.min, math.sqrt
local function numbers(list)
  local out = {}
  for i = 1, #list do
    local x = list[i]
    out[#out + 1] = string.format("%s %s %s %s %s", floor(x), ceil(x), abs(x), max(x, 2), min(2.5, x))
    out[#out + 1] = string.format("%.5g", sqrt(abs(x)))
  end
  return table.concat(out, " ")
end
local floats, integers = {}, {}
for i = 1, 50 do floats[i], integers[i] = i - 25.5, i - 25 end
for _ = 1, 60 do numbers(floats) numbers(integers) end
print(#numbers(floats), numbers({ 1.5, -1.5, 0.5 }))
print(numbers({ math.maxinteger, math.mininteger + 1, 3, -0.0 }), (string.format("%d", abs(math.mininteger))))
print(numbers({ 1e300, -1e300, math.huge, -math.huge, 2 ^ 53, 2 ^ 63, -2 ^ 63 }))
local nan = 0 / 0
local function extremes(a, b) local r for _ = 1, 100 do r = max(a, b) == max(a, b) and min(a, b) or "nan" end return r end
for _ = 1, 30 do extremes(1.5, 2.5) end
print(extremes(nan, 1.5), extremes(1.5, nan), extremes(1, 2.5), extremes(-0.0, 0.0), pcall(extremes, 1, "x"))
print(pcall(numbers, { 1, "2", 3 }))
print(pcall(numbers, { 1, {}, 3 }))
