-- Number to text: tostring, concatenation, print, %q and %.14g, and reading back.
local ints = { 0, -0, 1, -1, 9, 10, 99, 100, 12345, -98765, 1 << 31, -(1 << 31), 1 << 32, 1 << 53, math.maxinteger, math.mininteger, math.mininteger + 1, 999999999999999999 }
for _, i in ipairs(ints) do print(i, i .. "", ("%d"):format(i), tonumber(tostring(i)) == i, #tostring(i)) end
local floats = { 0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1.5, 100.0, 1e2, 1e14, 1e15, 1e16, 1e17, 123456789012345.0, 1234567890123456.0, 0.0001, 0.00001, 1e-5, 123.456, 1 / 3, 2 / 3, -1 / 3, 1e100, 1e-100, 1.7976931348623157e308, 2.2250738585072014e-308, 5e-324, 2 ^ 24, 2 ^ 53, 2 ^ 63, -2 ^ 63, 2 ^ 64, 3.14159265358979, 1e15 + 0.5, 99999999999999.9, 999999999999999.9, 0.1 + 0.2, 1e21, 1e22, 123e-7 }
for _, f in ipairs(floats) do
  local s = tostring(f)
  print(s, f .. "", ("%.14g"):format(f), ("%.17g"):format(f), ("%.17g"):format(f) + 0 == f, math.type(tonumber(s)))
end
print(1 / 0, -1 / 0, (1 / 0) .. "", math.huge // 1)
-- what looks like an integer gets ".0", and only then
for _, f in ipairs { 3.0, -3.0, 1e3, 1e15, 1e16, 2 ^ 31, 0.0 } do io.write(tostring(f), " ") end
print()
-- reading: forms and their kinds
for _, s in ipairs { "1", "1.", ".1", "1e1", "1E+1", "1e-1", "0x1", "0x1.8", "0x.1", "0x1p4", "0xA", "0Xa", "1e308", "1e309", "-1e309", "1e-323", "1e-324", "4.9e-324", "9007199254740993", "9007199254740993.0", "0.1e1", "00.5", "1e0001", "0x0p9999", "123456789123456789123", "0x7fffffffffffffff", "0x8000000000000000", "0x1ffffffffffffffff", "0x1p-1074", "0x1p-1075", "0x.0000000000001p0", "1" .. ("0"):rep(30), "0." .. ("0"):rep(30) .. "1", "2.2250738585072011e-308", "1.00000000000000011102230246251565", "9.5e-1", "17976931348623159e292" } do
  local n = tonumber(s)
  print(s, n, math.type(n), n == tonumber("  " .. s .. "\n"), ("%.17g"):format(n))
end
-- literals in code agree with tonumber
for _, s in ipairs { "0.1", "1e10", "0x10p-2", "3e-5", "0xffffffffffffffff", "9223372036854775808", "1e1000" } do
  local a, b = load("return " .. s)(), tonumber(s)
  print(s, a == b, math.type(a) == math.type(b))
end
-- round trip of pseudo-random bit patterns through %.17g and %a
local seed, bad = 42, 0
for i = 1, 2000 do
  seed = seed * 6364136223846793005 + 1442695040888963407
  local v = string.unpack("<d", string.pack("<i8", seed))
  if v == v and v ~= 1 / 0 and v ~= -1 / 0 then
    if tonumber(("%.17g"):format(v)) ~= v then bad = bad + 1 end
    if tonumber(("%a"):format(v)) ~= v then bad = bad + 1 end
    local s = tostring(v)
    if ("%.14g"):format(tonumber(s)) ~= ("%.14g"):format(v) then bad = bad + 1 end
  end
end
print("bad", bad)
-- integers as table keys, concatenations and formats in a hot loop whose kind changes
local len = 0
for i = 1, 6000 do
  local v = i
  if i > 2000 then v = i / 4 end
  if i > 4000 then v = i * 1e15 end
  len = len + #(v .. "") + #tostring(-v)
end
print(len)
-- bases
local function base(n, b)
  if n == 0 then return "0" end
  local digits, neg, out = "0123456789abcdefghijklmnopqrstuvwxyz", n < 0, {}
  while n ~= 0 do
    local d = math.abs(math.fmod(n, b))
    out[#out + 1] = digits:sub(d + 1, d + 1)
    n = (n - math.fmod(n, b)) // b
  end
  if neg then out[#out + 1] = "-" end
  return table.concat(out):reverse()
end
for _, b in ipairs { 2, 3, 8, 16, 36 } do print(b, base(123456789, b), base(-255, b), tonumber(base(123456789, b), b)) end
-- thousands separators and fixed point
local function commas(n) local s = ("%d"):format(n) local k repeat s, k = s:gsub("^(-?%d+)(%d%d%d)", "%1,%2") until k == 0 return s end
print(commas(1234567), commas(-1000), commas(12), commas(math.maxinteger))
print(("%.3f"):format(2.0005), ("%.0f"):format(2.5), ("%.0f"):format(3.5), ("%5.1f"):format(-0.05), ("%.2f"):format(0.125), ("%.1f"):format(0.25), ("%.10f"):format(1e-10), ("%.3e"):format(9.9996e5), ("%g"):format(999999.5))
