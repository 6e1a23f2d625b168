-- Comparison metamethods: __eq, __lt, __le; when they are called and with what.
local calls = {}
local mt = {
  __eq = function(a, b) calls[#calls + 1] = "eq" return a.v == b.v end,
  __lt = function(a, b) calls[#calls + 1] = "lt" return (type(a) == "table" and a.v or a) < (type(b) == "table" and b.v or b) end,
  __le = function(a, b) calls[#calls + 1] = "le" return (type(a) == "table" and a.v or a) <= (type(b) == "table" and b.v or b) end,
}
local function new(v) return setmetatable({ v = v }, mt) end
local a, b, c = new(1), new(2), new(1)
print(a == b, a == c, a ~= c, a == a, rawequal(a, c))
print(a < b, a > b, a <= c, a >= c, a < 5, 5 < a, a <= 1, 1.5 >= a, a > 0, 0 >= a)
print(table.concat(calls, " "))

-- __eq is tried only for two tables (or two userdata) that are not the same
calls = {}
print(a == 1, 1 == a, a == nil, a == "x", a == a, #calls)
-- the second operand's __eq is used when the first has none
print({ v = 1 } == a, a == { v = 1 }, #calls)
-- results are converted to booleans
local odd = setmetatable({}, { __eq = function() return 1 end, __lt = function() return nil end, __le = function() return "yes" end })
print(odd == {}, odd ~= {}, odd < 1, odd <= 1, not (odd < 1), odd > 1, odd >= 1)

-- different metatables
local o1 = setmetatable({}, { __lt = function() return true end })
local o2 = setmetatable({}, { __lt = function() return false end, __eq = function() return true end })
print(o1 < o2, o2 < o1, o1 > o2, o1 == o2, o2 == o1)
print(pcall(function() return o1 <= {} end))
print(pcall(function() return {} < {} end))
print(pcall(function() return o1 < nil end), pcall(function() return a < "x" end))

-- in branches, negations and as values
local t = {}
for i, f in ipairs {
  function() if a < b then return "y" end return "n" end,
  function() if not (a < b) then return "y" end return "n" end,
  function() while b <= a do return "loop" end return "skip" end,
  function() return a < b and a <= c and "both" or "no" end,
  function() return a == c and a ~= b end,
  function() local r = a > b return r end,
} do t[i] = tostring(f()) end
print(table.concat(t, " "))

-- sets with subset ordering
local Set = {}
Set.__index = Set
function Set.new(l) local s = setmetatable({}, Set) for _, v in ipairs(l) do s[v] = true end return s end
Set.__le = function(x, y) for k in pairs(x) do if not y[k] then return false end end return true end
Set.__lt = function(x, y) return x <= y and not (y <= x) end
Set.__eq = function(x, y) return x <= y and y <= x end
local s1, s2, s3 = Set.new { 1, 2 }, Set.new { 1, 2, 3 }, Set.new { 2, 1 }
print(s1 <= s2, s1 < s2, s2 < s1, s1 == s3, s1 < s3, s1 ~= s2, s2 > s1)

-- sort with __lt
local list = {}
for i = 1, 50 do list[i] = new((i * 37) % 53) end
table.sort(list)
local ok = true
for i = 2, #list do if list[i].v < list[i - 1].v then ok = false end end
print(ok, list[1].v, list[50].v)

-- hot: comparison whose operands turn from numbers to objects to strings
calls = {}
local function less(p, q) return p < q end
local cnt = 0
for i = 1, 6000 do
  local p, q
  if i <= 2000 then p, q = i, 1000
  elseif i <= 3000 then p, q = i + 0.5, 2500
  elseif i <= 4000 then p, q = tostring(i), "35"
  elseif i <= 5000 then p, q = new(i), new(4500)
  else p, q = new(i), 5500 end
  if less(p, q) then cnt = cnt + 1 end
end
print(cnt, #calls)
-- __eq under hot code that changes its metatable
local e1, e2, eq = setmetatable({}, { __eq = function() return true end }), {}, 0
for i = 1, 3000 do
  if i == 1000 then getmetatable(e1).__eq = function() return false end end
  if i == 2000 then setmetatable(e1, nil) end
  if e1 == e2 then eq = eq + 1 end
end
print(eq)
-- an error inside a comparison during sort
print(pcall(table.sort, { 3, 2, 1 }, function() error("cmp", 0) end))
print(pcall(table.sort, { 3, "x", 1 }))
