-- Varargs: counts with nils, select, adjustments, forwarding, in the main chunk too.
print("main chunk", select("#", ...))

local function count(...) return select("#", ...) end
print(count(), count(nil), count(nil, nil), count(1, nil, 3, nil), count(table.unpack({}, 1, 5)))

local function tail(a, ...) return ... end
print(tail(1, 2, 3))
print((tail(1, 2, 3)))
print(count(tail(1)), count((tail(1))))

print(select(2, "a", "b", "c"))
print(select(-1, "a", "b", "c"), select(-2, "a", "b", "c"))
print(select(4, "a", "b", "c"))
print(pcall(select, 0, 1))
print(pcall(select, -4, 1, 2, 3))
print(pcall(select, "x"))

-- in constructors: expanded only at the end
local function three() return 1, 2, 3 end
local t = { three(), three() }
print(#t, t[1], t[2], t[4])
t = { three(), (three()) }
print(#t)
local function pk(...) return { n = select("#", ...), ... } end
t = pk(nil, nil, 7, nil)
print(t.n, t[3], t[4])
t = { (...) or "none", three(), "end" }
print(#t, t[1], t[2], t[3])

-- fixed parameters and extra arguments
local function f(a, b, ...)
  local c, d = ...
  return a, b, c, d, select("#", ...)
end
print(f())
print(f(1))
print(f(1, 2, 3))
print(f(1, 2, 3, 4, 5))

-- varargs are values: assigning a local does not change them
local function g(...)
  local a, b = ...
  a, b = b, a
  return a, b, ...
end
print(g(1, 2, 3))

-- forwarding, and varargs used in nested closures only through locals
local function forward(fn, ...) return fn(...) end
print(forward(math.max, 3, 9, 2), forward(select, "#", nil, nil), forward(forward, forward, tostring, 5))
local function sum(...)
  local s = 0
  for i = 1, select("#", ...) do s = s + (select(i, ...)) end
  return s
end
print(sum(), sum(1), sum(1, 2, 3, 4.5))
local function sum2(...)
  local s = 0
  for _, v in ipairs { ... } do s = s + v end
  return s
end
print(sum2(1, 2, 3), sum2(1, nil, 3))
print(select(2, load "local function f(...) return function() return ... end end"))

-- many arguments
local big = {}
for i = 1, 250 do big[i] = i end
print(count(table.unpack(big)), sum(table.unpack(big)), select(250, table.unpack(big)))
for i = 1, 20000 do big[i] = i end
print(count(table.unpack(big)), (select(-1, table.unpack(big))))
print(pcall(table.unpack, {}, 1, 1e8))
print(pcall(table.unpack, {}, math.mininteger, math.maxinteger))
print(string.char(table.unpack({ 72, 101, 108, 108, 111 })))

-- table.pack and unpack
local p = table.pack()
print(p.n, #p)
p = table.pack(nil, 2, nil)
print(p.n, p[2], table.unpack(p, 1, p.n))
print(table.unpack({ 1, 2, 3 }, 2), table.unpack({ 1, 2, 3 }, 2, 3), (table.unpack { 1, 2 }))
print(table.unpack({ 1, 2 }, -1, 1))

-- hot vararg calls whose count and types change
local r = 0
for i = 1, 6000 do
  if i % 3 == 0 then r = r + sum(i, 1, 2)
  elseif i % 3 == 1 then r = r + sum(i)
  else r = r + sum(0.5, 0.5) end
end
print(r)
local function vswitch(...)
  local n = select("#", ...)
  if n == 0 then return "none" end
  local a = ...
  return type(a) .. n
end
local tally = {}
for i = 1, 3000 do
  local k = (i % 2 == 0) and vswitch(i, i) or (i % 5 == 0 and vswitch("s") or vswitch())
  tally[k] = (tally[k] or 0) + 1
end
print(tally.none, tally.number2, tally.string1)
-- a method with varargs and a vararg function that calls itself
local obj = {}
function obj:m(...) return self == obj, ... end
print(obj:m(1, nil))
local function rec(n, ...) if n == 0 then return ... end return rec(n - 1, n, ...) end
print(rec(6))
