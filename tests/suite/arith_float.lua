-- Float arithmetic: infinities, NaN, signed zero, floor division, exactness limits.
local inf, nan = math.huge, 0 / 0
local function show(...)
  local t = table.pack(...)
  for i = 1, t.n do
    local v = t[i]
    if v ~= v then t[i] = "nan" else t[i] = tostring(v) end
  end
  print(table.concat(t, " "))
end

show("inf", inf, -inf, inf + 1, inf - inf, inf * 0, inf / inf, 1 / inf, -1 / inf)
show("nan compare", nan == nan, nan ~= nan, nan < 1, nan > 1, nan <= nan, not (nan >= 1))
show("zeros", 0.0, -0.0, 0.0 == -0.0, 1 / 0.0, 1 / -0.0, -0.0 + 0, 0.0 * -1, -(0.0))
show("string of zeros", tostring(-0.0), tostring(0.0), string.format("%g", -0.0), -0.0 == 0)

-- floor division and modulo keep the sign of the divisor
for _, p in ipairs { { 5.5, 2 }, { -5.5, 2 }, { 5.5, -2 }, { -5.5, -2 }, { 5, inf }, { -5, inf }, { 5, -inf }, { -5, -inf }, { 0.0, 3 }, { -6.0, 2 } } do
  local a, b = p[1], p[2]
  show("fdiv", a, b, a // b, a % b)
end
show("mod zero", 1 % 0.0, -1 % 0.0, inf % 2, 5.0 // 0.0, -5.0 // 0.0)

-- powers
show("pow", 2 ^ 10, 2 ^ -1, 2 ^ 0.5, (-8) ^ (1 / 3), 0 ^ 0, inf ^ 0, nan ^ 0, (-2) ^ 2, -2 ^ 2, 2 ^ 3 ^ 2)
show("pow big", 2 ^ 1023, 2 ^ 1024, 2 ^ -1074, 2 ^ -1075, 10 ^ 308, 10 ^ 309)

-- exactness
local big = 2 ^ 53
show("2^53", big, big + 1 == big, big + 2 == big, 9007199254740993, 9007199254740993 + 0.0)
show("int vs float", 9007199254740993 == 9007199254740992.0, 9007199254740993 < 9007199254740992.0, 9007199254740993 > 9007199254740992.0)
show("third", 1 / 3, 0.1 + 0.2, 0.1 + 0.2 == 0.3, 1e15, 1e16, 1e100, 123456789012345.0, 1e14)
show("denormal", 5e-324, 5e-324 / 2, 2.2250738585072014e-308, 1.7976931348623157e308 * 10)

-- float to integer in places that need integers
show("index", ({ 10, 20, 30 })[2.0], ("abc"):sub(2.0, 3.0), 3.0 | 0, 1 << 2.0)
show(select(2, pcall(function() return 1.5 | 0 end)))
show(select(2, pcall(function() return 2 ^ 63 | 0 end)))
show(select(2, pcall(function() return "1.5" | 0 end)))
show(select(2, pcall(function() return nan | 0 end)))
show(select(2, pcall(string.rep, "x", 1.5)))

-- floats as table keys normalise to integers
local t = {}
t[1.0] = "a"
t[2 ^ 53] = "b"
show("keys", t[1], t[2 ^ 53 | 0], next(t) == 1, math.type(next(t)))
t[0.5] = "h"
show(t[1 / 2], rawlen(t))
show(pcall(function() t[nan] = 1 end))
show(t[nan] == nil)
t[-0.0] = "zero"
show(t[0], t[0.0], math.type((next({ [-0.0] = 1 }))))

-- summation in a loop, and alternation of signs
local s, sign = 0.0, 1
for i = 1, 20000 do
  s = s + sign / i
  sign = -sign
end
show(string.format("%.12f", s))

local x = 1.0
for _ = 1, 1100 do x = x / 2 end
show("underflow", x)
local y = 1.0
for _ = 1, 1100 do y = y * 2 end
show("overflow", y)

-- min and max with mixed operands keep the type of the winner
show(math.max(1, 2.0), math.max(2, 2.0), math.min(1, 1.0), math.max(-0.0, 0.0), math.min(3))
show(math.floor(-0.5), math.ceil(-0.5), math.floor(2 ^ 70), math.ceil(1e300), math.floor(3.7), math.ceil(3.2))
