-- The math library: conversions, rounding, extremes, argument errors, 5.3 compatibility functions.
print(math.pi, math.huge, math.maxinteger, math.mininteger, -math.huge)
for _, v in ipairs { 3, 3.7, -3.7, 0.5, -0.5, 2.5, 1e15 + 0.5, -0.0, 2 ^ 62, 2 ^ 63, -2 ^ 63, 1e308 } do
  print(v, math.floor(v), math.ceil(v), math.type(math.floor(v)), math.abs(v), math.tointeger(v), (math.modf(v)), select(2, math.modf(v)))
end
print(math.floor(1 / 0), math.ceil(-1 / 0), math.modf(1 / 0), math.modf(-1 / 0))
print(math.tointeger("8"), math.tointeger("x"), math.tointeger({}), math.tointeger(3.5), math.tointeger(1e100), math.tointeger("3.0"))
print(pcall(math.tointeger))
print(math.type(1), math.type(1.0), math.type("1"), math.type(nil), pcall(math.type))
print(math.max(1, 5, 3), math.min(4, 2, 8), math.max(-1), math.max(1.5, 2), math.min(1, 0.5), math.max(1, 1 / 0), math.min(-1 / 0, 0))
print(pcall(math.max))
print(math.min "x", math.max("10", "9"), pcall(math.max, "10", 9))
print(math.max(setmetatable({}, { __lt = function() return false end }), 1) ~= 1)
print(math.fmod(7, 3), math.fmod(-7, 3), math.fmod(7, -3), math.fmod(7.5, 2), math.fmod(-7.5, 2), math.fmod(1e300, 7), math.fmod(5, 1 / 0), math.fmod(math.mininteger, -1), math.fmod(math.maxinteger, 2))
print(math.sqrt(16), math.sqrt(2), math.exp(0), math.exp(1), math.log(1), math.log(8, 2), math.log(1000, 10), math.log(81, 3), math.log(2 ^ 52, 2), math.log(0), math.log(1024, 4))
print(math.sin(0), math.cos(0), math.tan(0), math.asin(1), math.acos(1), math.atan(1), math.atan(1, -1), math.atan(-0.0, -1), math.atan(0, 1))
print(string.format("%.10f %.10f %.10f %.10f", math.sin(1), math.cos(1), math.tan(1), math.atan(2, 3)))
print(math.deg(math.pi), math.rad(180) == math.pi, math.deg(1), math.rad(1))
print(math.ult(1, -1), math.ult(-1, 1), math.ult(0, 0), pcall(math.ult, 1.5, 2))
print(math.sqrt(-1) ~= math.sqrt(-1), math.log(-1) ~= math.log(-1), math.acos(2) ~= math.acos(2))
-- 5.3 compatibility
print(math.pow(2, 10), math.ldexp(0.5, 3), math.frexp(8), math.cosh(0), math.sinh(0), math.tanh(0), math.log10(1000))
print(math.frexp(0), math.frexp(-1), math.frexp(5e-324), math.ldexp(1, 1024), math.ldexp(1, -1075))
-- coercion of arguments
print(math.floor("3.7"), math.sqrt("4"), math.abs("-5"), math.abs("-5.5"), pcall(math.floor, "abc"))
print(math.floor(3), math.type(math.floor(3)), math.type(math.ceil(3.0)), math.abs(math.mininteger) == math.mininteger, math.abs(-0.0))
print(pcall(math.floor))
print(pcall(math.sin, nil))
print(pcall(math.abs, {}))
print(pcall(math.log, 1, "y"))
-- integer division identities over a grid
local bad = 0
for a = -20, 20 do
  for b = -7, 7 do
    if b ~= 0 then
      if a // b * b + a % b ~= a or math.floor(a / b) ~= a // b then bad = bad + 1 end
      if math.fmod(a, b) ~= a - b * (a / b >= 0 and math.floor(a / b) or math.ceil(a / b)) then bad = bad + 1 end
    end
  end
end
print(bad)
-- gcd, powers, integer square root, digits
local function gcd(a, b) while b ~= 0 do a, b = b, a % b end return a end
print(gcd(1071, 462), gcd(2 ^ 40 | 0, 2 ^ 20 | 0), gcd(17, 5))
local function ipow(b, e) local r = 1 while e > 0 do if e & 1 == 1 then r = r * b end b = b * b e = e >> 1 end return r end
print(ipow(3, 20), ipow(2, 62), ipow(2, 64), ipow(-3, 39))
local function isqrt(n) local x = math.floor(math.sqrt(n)) while x * x > n do x = x - 1 end while (x + 1) * (x + 1) <= n do x = x + 1 end return x end
print(isqrt(99), isqrt(100), isqrt(2 ^ 52 | 0), isqrt(999999999999))
-- pi by several series
local s = 0
for k = 0, 3000 do s = s + (k % 2 == 0 and 4 or -4) / (2 * k + 1) end
print(string.format("%.6f", s))
local b = 0
for k = 0, 11 do b = b + 1 / 16 ^ k * (4 / (8 * k + 1) - 2 / (8 * k + 4) - 1 / (8 * k + 5) - 1 / (8 * k + 6)) end
print(b == math.pi or string.format("%.14f", b))
-- hot: library calls with argument kinds that change
local acc = 0
for i = 1, 9000 do
  local v = i <= 3000 and i or i <= 6000 and i + 0.75 or tostring(i / 4)
  acc = acc + math.floor(v) + math.max(i, 10) - math.min(i, 10.5)
  if i <= 6000 then acc = acc + math.abs(-v) // 1 end
end
print(acc)
-- functions replaced while hot
local floor = math.floor
local t = 0
for i = 1, 2000 do
  if i == 1000 then math.floor = function(x) return x * 2 end end
  t = t + math.floor(i + 0.5)
end
math.floor = floor
print(t)
