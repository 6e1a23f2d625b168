-- Integer arithmetic: wrap-around, floor division and modulo signs, extremes.
local maxi, mini = math.maxinteger, math.mininteger

print("wrap", maxi + 1 == mini, mini - 1 == maxi, maxi * 2, mini * -1 == mini, -mini == mini)
print("mul", maxi * maxi, mini * mini, maxi * mini, 0x100000000 * 0x100000000)
print("types", math.type(1 + 1), math.type(3 // 2), math.type(3 % 2), math.type(3 / 1), math.type(2 ^ 2))

-- the four sign combinations of // and %
for _, p in ipairs { { 7, 3 }, { -7, 3 }, { 7, -3 }, { -7, -3 }, { 6, 3 }, { -6, 3 }, { 0, -5 } } do
  local a, b = p[1], p[2]
  print("div", a, b, a // b, a % b, (a // b) * b + a % b == a)
end

-- dividing the most negative integer by -1 must not trap
print("min//-1", mini // -1 == mini, mini % -1)
print("min edge", mini // 1 == mini, mini % maxi, mini // maxi, maxi // mini, maxi % mini)

-- the same with operands that the compiler cannot fold
local function div(a, b) return a // b, a % b end
print("dyn", div(mini, -1))
print("dyn", div(maxi, -1))
print("dyn", div(-1, maxi))
print("dyn", div(-1, mini))
print("dyn", div(1, mini))

-- division by zero
print(pcall(div, 1, 0))
print(pcall(function(a, b) return a % b end, 1, 0))
print(pcall(load "return 1 // 0"))
print(pcall(load "return 1 % 0"))
print(1 // 0.0, -1 // 0.0, 0.0 / 0.0 ~= 0.0 / 0.0, 1 / 0, -1 / 0)

-- conversions at the border of the integer range
print("tointeger", math.tointeger(2 ^ 53), math.tointeger(2 ^ 63), math.tointeger(-2 ^ 63) == mini)
print("big literals", 9223372036854775807, 9223372036854775808, -9223372036854775808, 0xffffffffffffffff)
print("hex wraps", 0x10000000000000001, 0x7fffffffffffffff == maxi, 0x8000000000000000 == mini)

-- mixed arithmetic goes to float
print("mixed", 1 + 1.0, 10 // 3.0, 10 % 3.0, 2 ^ 63 == maxi + 1.0, maxi + 0.0)
print("unary", -0, - -5, -maxi, ~0, ~maxi == mini, -(-3))

-- a long dependent chain of wrapping operations
local h = 1469598103934665603
for i = 1, 2000 do
  h = (h ~ (i & 0xff)) * 1099511628211
end
print("fnv", h)

local acc = 0
for i = -1000, 1000 do
  if i ~= 0 then
    acc = acc + (12345 // i) * 3 + 12345 % i
  end
end
print("acc", acc)

-- factorial wraps silently
local f = 1
for i = 1, 25 do
  f = f * i
  if i >= 19 then print("fact", i, f) end
end

-- fibonacci past the range
local a, b = 0, 1
for _ = 1, 100 do a, b = b, a + b end
print("fib100 wrapped", a)

-- abs, fmod and friends at the edges
print(math.abs(mini) == mini, math.abs(-5), math.fmod(mini, -1), math.fmod(-7, 3), math.fmod(7, -3))
print(pcall(math.fmod, 1, 0))
print(math.fmod(1, 0.0) ~= math.fmod(1, 0.0))
