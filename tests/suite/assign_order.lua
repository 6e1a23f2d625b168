-- Multiple assignment: all expressions first, then the stores; swaps; evaluation effects.
local a, b, c = 1, 2, 3
a, b, c = c, a, b
print(a, b, c)
a, b = b, a
print(a, b)

-- missing values are nil, extra values are evaluated and dropped
local log = {}
local function v(x) log[#log + 1] = tostring(x) return x end
local p, q, r = v(1), v(2)
print(p, q, r)
local s = v(3), v(4)
print(s, table.concat(log, " "))

-- only the last call expands
local function two() return "x", "y" end
local d, e, f, g = two(), two()
print(d, e, f, g)
d, e, f = 0, two()
print(d, e, f)
d, e, f = two(), 0
print(d, e, f)
d, e = (two())
print(d, e)

-- table and index expressions are evaluated before the stores
local i, t = 1, {}
i, t[i] = i + 1, 20
print(i, t[1], t[2])
t = { 1, 2, 3 }
local k = 1
k, t[k], t[k + 1] = 3, "one", "two"
print(k, t[1], t[2], t[3])
do
  local a = { x = {} }
  local old = a.x
  a.x, a.x.y = {}, 5
  print(old.y, a.x.y)
end
do
  local u = { 10, 20 }
  u[1], u[2] = u[2], u[1]
  print(u[1], u[2])
  local w = u
  u, u[1] = { "new" }, "old"
  print(u[1], w[1])
end

-- an upvalue and a local with a conflict between them
local up = { 1 }
local function conflict()
  local idx = 1
  up, up[idx], idx = { "fresh" }, "stored", 2
  return up[1], idx
end
local orig = up
print(conflict())
print(orig[1])

-- each metamethod is called once
local order = {}
local m = setmetatable({}, {
  __newindex = function(_, key, val) order[#order + 1] = "set " .. key .. "=" .. tostring(val) end,
  __index = function(_, key) order[#order + 1] = "get " .. key return key end,
})
m.a, m.b = m.c, m.d
table.sort(order)
print(table.concat(order, "; "))

-- the order of evaluation of operands that PUC shows: left to right for calls
log = {}
local _ = v "l" .. v "m" .. v "r"
print(table.concat(log, ""))
log = {}
local _ = { v "1", v "2", [v "k"] = v "val" }
print(table.concat(log, " "))
log = {}
print(select("#", v(1), v(2), v(3)), table.concat(log, ","))

-- globals
ga, gb = 1, 2
ga, gb = gb, ga
print(ga, gb)
_ENV.ga, ga = 10
print(ga == nil or ga)

-- local x = x, and shadowing in one block
local x = 1
local x = x + 1
do
  local x = x * 10
  print(x)
end
print(x)
-- local function is visible inside itself, local f = function is not
local function fa(n) return n == 0 and "end" or fa(n - 1) end
print(fa(3))
local fb = function() return fb end
print(fb() == nil)

-- rotating in a hot loop, with changing types
local r1, r2, r3 = 1, 2.5, "s"
for n = 1, 10000 do
  r1, r2, r3 = r2, r3, r1
  if n % 1000 == 0 then r1, r2 = r2, r1 end
end
print(r1, r2, r3)
local arr = { 5, 3, 8, 1, 9, 2 }
for n = 1, #arr do
  for j = 1, #arr - n do
    if arr[j] > arr[j + 1] then arr[j], arr[j + 1] = arr[j + 1], arr[j] end
  end
end
print(table.concat(arr, " "))
-- fibonacci by parallel assignment
local x1, x2 = 0, 1
for _ = 1, 60 do x1, x2 = x2, x1 + x2 end
print(x1)
