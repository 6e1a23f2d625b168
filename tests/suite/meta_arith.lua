-- Arithmetic and bitwise metamethods: selection of the operand, mixed kinds, hot use.
local log
local mt = {}
local names = { "add", "sub", "mul", "div", "mod", "pow", "unm", "idiv", "band", "bor", "bxor", "shl", "shr", "bnot", "concat" }
local function desc(v) return type(v) == "table" and v.name or tostring(v) end
for _, n in ipairs(names) do
  mt["__" .. n] = function(a, b) return n .. "(" .. desc(a) .. "," .. desc(b) .. ")" end
end
local A, B = setmetatable({ name = "A" }, mt), setmetatable({ name = "B" }, mt)
print(A + B, A - 1, 2 * A, A / 2.5, A % "x", "y" ^ A)
print(-A, A // 3, 7 // A, A & 1, 1 | A, A ~ B, A << 2, 2 << A, A >> 1, ~A)
print(A .. B, A .. "s", "s" .. A, 1 .. A, A .. 2.5)
print(nil + A, A + nil, true - A, A * print == "mul(A," .. tostring(print) .. ")")

-- constants and immediates on both sides
print(A + 1, 1 + A, A - 1, 1 - A, A * 2, A + 1.5, A % 3, A & 0xff, 0xff & A, A | 3, A ~ 3, A << 1, A >> 1, 1 << A, 1 >> A)
print(A // 0, A % 0, 2 ^ A, A ^ 2, A / 0)

-- the first operand wins, the second is asked when the first has none
local mt2 = { __add = function() return "mt2" end }
local C = setmetatable({ name = "C" }, mt2)
print(C + A, A + C, pcall(function() return C - C end))
print(({}) + A == nil, pcall(function() return {} + {} end))

-- strings come before nothing: the string's own arithmetic metamethods convert
print("10" + 1, pcall(function() return "x" + 1 end))
print(A + "1", "1" + A)

-- a result of any kind; extra results are dropped; no result is nil
local many = setmetatable({}, { __add = function() return 1, 2, 3 end, __sub = function() end, __unm = function(a, b) return rawequal(a, b) end, __bnot = function(a, b) return rawequal(a, b) end })
print(many + 1, many - 1, -many, ~many)
print((many + 1))

-- metamethods may be callable tables
local ct = setmetatable({}, { __call = function(self, a, b) return "callable", self ~= nil, a, b end })
print(setmetatable({}, { __mul = ct }) * 2)
print(pcall(function() return setmetatable({}, { __mul = 5 }) * 2 end))

-- a vector class, hot
local V = {}
V.__index = V
local function vec(x, y) return setmetatable({ x = x, y = y }, V) end
V.__add = function(a, b) return vec(a.x + b.x, a.y + b.y) end
V.__sub = function(a, b) return vec(a.x - b.x, a.y - b.y) end
V.__mul = function(a, b)
  if type(a) == "number" then return vec(a * b.x, a * b.y) end
  if type(b) == "number" then return vec(a.x * b, a.y * b) end
  return a.x * b.x + a.y * b.y
end
V.__unm = function(a) return vec(-a.x, -a.y) end
V.__eq = function(a, b) return a.x == b.x and a.y == b.y end
V.__tostring = function(a) return "<" .. a.x .. "," .. a.y .. ">" end
local p, v = vec(0, 0), vec(1, 2)
for i = 1, 4000 do
  p = p + v * 2 - v
  if i == 2000 then v = vec(0.5, -0.5) end
  if i % 1000 == 0 then p = -p end
end
print(p, tostring(v), p * v, 3 * v, p == vec(p.x, p.y))

-- metamethods replaced under a running loop
local sum, obj = 0, setmetatable({}, { __add = function(_, n) return n end })
for i = 1, 3000 do
  if i == 1000 then getmetatable(obj).__add = function(_, n) return n * 2 end end
  if i == 2000 then setmetatable(obj, { __add = function() return 0.25 end }) end
  sum = sum + (obj + i)
end
print(sum)
-- removed: an error out of the same loop
print(pcall(function()
  for i = 1, 200 do
    if i == 150 then setmetatable(obj, nil) end
    sum = obj + i
  end
end))
-- numbers with a metatable
debug.setmetatable(0, { __concat = function(a, b) return "never" end, __len = function(n) return n * 2 end, __index = function(n, k) return k .. n end, __call = function(n, x) return n + x end })
print(#21, (5).foo, (3)(4), 1 .. 2, (7)["k"])
debug.setmetatable(0, nil)
print(pcall(function() return #21 end))
