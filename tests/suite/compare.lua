-- Comparison: integers with floats at the edges of exactness, strings, mixed kinds.
local maxi, mini = math.maxinteger, math.mininteger
local inf, nan = math.huge, 0 / 0
local vals = {
  { "mini", mini }, { "-2^63", -2.0 ^ 63 }, { "-2^63-", -2.0 ^ 63 * (1 + 2 ^ -52) }, { "-2^53-1", -(2 ^ 53 | 0) - 1 }, { "-1", -1 },
  { "-0.0", -0.0 }, { "0", 0 }, { "0.5", 0.5 }, { "1", 1 }, { "1.0", 1.0 }, { "2^53", 2 ^ 53 }, { "2^53+1", (2 ^ 53 | 0) + 1 },
  { "maxi", maxi }, { "2^63", 2.0 ^ 63 }, { "inf", inf }, { "-inf", -inf }, { "nan", nan },
}
local function lt(a, b) return a < b end
local function le(a, b) return a <= b end
local function eq(a, b) return a == b end
local function flag(b) return b and "1" or "0" end
for _, a in ipairs(vals) do
  local row = {}
  for _, b in ipairs(vals) do
    row[#row + 1] = flag(lt(a[2], b[2])) .. flag(le(a[2], b[2])) .. flag(eq(a[2], b[2]))
    -- the mirrored operators must agree
    assert((a[2] > b[2]) == lt(b[2], a[2]) and (a[2] >= b[2]) == le(b[2], a[2]) and (a[2] ~= b[2]) == not eq(a[2], b[2]))
  end
  print(string.format("%-8s %s", a[1], table.concat(row, " ")))
end

-- strings compare byte by byte (the C locale), embedded zeros included
local strs = { "", "\0", "\0a", "a", "a\0", "a\0b", "aa", "ab", "b", "B", "Z" }
table.sort(strs)
for i, s in ipairs(strs) do strs[i] = string.format("%q", s):gsub("\n", "n") end
print(table.concat(strs, " "))
print("a" < "b", "a" < "B", "" < "a", "a" <= "a", "Z" < "a", "10" < "2", "a\0b" < "a\0c", "abc" < "abcd")

-- equality never converts; identity for tables and functions
local t1, t2 = {}, {}
print(t1 == t2, t1 == t1, print == print, "1" == 1, nil == false, 0 == false, "" == false)
print(1 == 1.0, "1" == "1.0", math.type(1) == math.type(1.0), 255 == 0xff, "abc" == 'abc', "\65" == "A")

-- immediate operands of both types in the code
local function imm(x)
  return table.concat({ flag(x < 10), flag(x <= 10), flag(x > 10), flag(x >= 10), flag(x == 10), flag(x ~= 10), flag(10 < x), flag(x < 10.0), flag(x == 10.5), flag(x > -1) }, "")
end
for _, x in ipairs { 9, 10, 11, 9.5, 10.0, 10.5, -1, -2, inf, -inf, nan, maxi } do print(x ~= x and "nan" or x, imm(x)) end

-- order errors
local function try(f, ...) return select(2, pcall(f, ...)) end
print(try(lt, 1, "1"))
print(try(lt, {}, {}))
print(try(le, nil, 1))
print(try(lt, "a", {}))
print(try(le, print, print))
print(try(lt, true, false))
print(try(function() return 1 < nil end))
print(try(function() return {} <= 1 end))

-- math.ult
print(math.ult(1, 2), math.ult(-1, 1), math.ult(1, -1), math.ult(mini, maxi), math.ult(maxi, mini), math.ult(5, 5))
-- not, and, or yield operands
print(nil and 1, false or nil, 1 and 2, nil or "x", not nil, not 0, not "", 1 and nil or 3, false == nil)
