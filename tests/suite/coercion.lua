-- Conversions between strings and numbers, in operators, concatenation and the library.
print("10" + 5, "3" * "4", "0x10" + 0, " 7 " - 1, "1e1" + 0, "10" // "3", "10" % 3, "2" ^ 2, -"2", -"2.0")
print(math.type("10" + 5), math.type("10.0" + 5), math.type("0x10" * 1), math.type("1e1" // 1))
print(10 .. 20, 1.5 .. "", 2 ^ 53 .. "", -0.0 .. "", 1e100 .. "|", math.mininteger .. "")
print(1e15 .. " " .. 1e16 .. " " .. 123456.0 .. " " .. 0.1 .. " " .. 1 / 3)

local bad = { "", " ", "abc", "1x", "0x", "1e", "1 2", "--1", "0x1p", "nan", "inf", "1_000", "\0", "5\0", ".", "e1", "0b1" }
for _, s in ipairs(bad) do
  print(string.format("%q", s), tonumber(s), (pcall(function() return s + 1 end)))
end
local good = { "0", "-0", "+5", "  12  ", "\t3\n", "0x1F", "-0x1f", "1.", ".5", "5e+2", "5E-2", "0x.8", "0x1p4", "0xA.8p1", "1e400", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "0xffffffffffffffffff", "1e-400" }
for _, s in ipairs(good) do
  print(string.format("%q", s), tonumber(s), math.type(tonumber(s)))
end

-- tonumber with a base
print(tonumber("ff", 16), tonumber("FF", 16), tonumber("zz", 36), tonumber("-101", 2), tonumber("8", 8), tonumber(" 11 ", 2))
print(tonumber("7fffffffffffffff", 16), tonumber("ffffffffffffffff", 16), tonumber("", 10), tonumber("1.0", 10), tonumber("1e1", 16))
print(pcall(tonumber, "10", 1))
print(pcall(tonumber, "10", 37))
print(pcall(tonumber, 10, 10))
print(pcall(tonumber))
print(tonumber(nil), tonumber({}), tonumber(true), tonumber("0x"), tonumber(5), tonumber(5.5))

-- comparison never coerces
print(1 == "1", "10" < "9", pcall(function() return 1 < "2" end))
print(pcall(function() return "a" < 1 end))
local t = { [1] = "int", ["1"] = "str" }
print(t[1], t["1"], t[1.0])

-- bitwise operators do not convert strings (only the arithmetic metamethods of strings do)
print(pcall(function() return "7" & 3 end))
print(pcall(function() return ~"0" end))
print(pcall(function() return 1 << "4" end))
local smt = getmetatable("")
smt.__band = function(a, b) return math.tointeger(tonumber(a)) & math.tointeger(tonumber(b)) end
print("7" & 3, 6 & "0x3", "12" & "10")
smt.__band = nil
print(pcall(function() return "a" | 1 end))
print(pcall(function() return "1.5" | 1 end))
print(pcall(function() return {} | 1 end))

-- errors name the operand
local x, y = "abc", {}
print(pcall(function() return x + 1 end))
print(pcall(function() return y .. "z" end))
print(pcall(function() return x .. nil end))
print(pcall(function() return y.a.b end))

-- tostring and back
for _, v in ipairs { 0.1, 1 / 3, 100, -7.25, 1e300, 2 ^ 63, math.pi, 5e-324 } do
  local s = tostring(v)
  print(s, tonumber(s) == v, string.format("%.17g", v) + 0 == v)
end

-- string arguments where numbers are wanted and the reverse
print(("x"):rep("3"), ("hello"):sub("2", "3"), math.floor("3.7"), math.max(10, "9" + 0), #tostring(12))
print(string.len(12345), string.rep(12, 2), string.upper(1.5), table.concat { 1, 2.5, "x" })
print(pcall(math.floor, "x"))
print(pcall(string.rep, "x", "y"))
print(pcall(string.sub, "x", {}))
