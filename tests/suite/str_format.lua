-- string.format: every conversion, flags, widths, precision, %q, errors.
local function f(fmt, ...) print(fmt, "[" .. string.format(fmt, ...) .. "]") end
f("%d", 42) f("%d", -42) f("%5d", 42) f("%-5d", 42) f("%05d", 42) f("%+d", 42) f("% d", 42) f("%.5d", 42) f("%8.5d", -42) f("%d", 3.0) f("%d", "10") f("%i", 7)
f("%d", math.maxinteger) f("%d", math.mininteger) f("%20d", math.mininteger)
f("%x", 255) f("%X", 255) f("%#x", 255) f("%08x", 255) f("%x", -1) f("%o", 8) f("%#o", 8) f("%c", 65) f("%5c", 65) f("%-5c", 65)
f("%f", 1.5) f("%.2f", 1.005) f("%10.3f", math.pi) f("%-10.3f", math.pi) f("%+.1f", 2) f("%.0f", 0.5) f("%.0f", 1.5) f("%#.0f", 1) f("%f", 1e15) f("%.20f", 0.1) f("%.99f", 1 / 3) f("%010.2f", -3.14159)
f("%e", 12345.678) f("%.3e", 0.00012345) f("%E", 1e100) f("%g", 1e20) f("%g", 0.0001) f("%g", 100000) f("%g", 1e6) f("%G", 1e-10) f("%.3g", 2.0) f("%#.3g", 2.0) f("%.14g", 0.1) f("%.17g", 0.1)
f("%a", 1) f("%a", 0.5) f("%A", 255.5) f("%a", 0) f("%a", -1.5)
f("%f", 1 / 0) f("%f", -1 / 0) f("%g", 1 / 0) f("%5.1f", -1 / 0) f("%g", -0.0) f("%d", -0.0) f("%.1f", -0.04)
f("%s", "str") f("%10s", "str") f("%-10s", "str") f("%.2s", "str") f("%10.2s", "str") f("%s", 12) f("%s", 1.5) f("%s", nil) f("%s", true) f("%.0s", "gone") f("%5s", "longer than five") f("%s", "")
f("%%", 1) f("100%%") f("%d%%", 5) f("%s %s %s", 1, 2.0, "x") f("%5s|%-5s|%05d", "a", "b", 3)
f("%s", setmetatable({}, { __tostring = function() return "meta" end })) f("%.3s", setmetatable({}, { __tostring = function() return "metatext" end }))
f("%q", "plain") f("%q", 'with "quotes" and \\ backslash') f("%q", "new\nline") f("%q", "tab\t\r\0001\0end\1279") f("%q", 42) f("%q", -7) f("%q", math.mininteger) f("%q", true) f("%q", nil)
f("%q", 0.1) f("%q", 1.0) f("%q", 1 / 0) f("%q", -1 / 0) f("%q", 1e100)
print(string.format("%q", 0 / 0), load("return " .. string.format("%q", 0.1))() == 0.1, load("return " .. string.format("%q", math.mininteger))() == math.mininteger)
local nasty = {}
for i = 0, 255 do nasty[#nasty + 1] = string.char(i) .. (i % 7) end
nasty = table.concat(nasty)
print(load("return " .. string.format("%q", nasty))() == nasty)

-- embedded zeros and long strings
print(#string.format("%s", "a\0b"), #string.format("%s", ("x"):rep(1000)), #string.format("a\0%s\0b", "c"))
print(pcall(string.format, "%10s", "a\0b"))
print(#string.format("%99s", "x"), #string.format("%-99d", 1), #string.format("%.99f", 1e300))

-- errors
for _, c in ipairs { "%", "%y", "%10", "%100d", "%.100f", "%-", "%ll", "%0100d", "%#s", "%+s", "%05s", "%.3c", "%.3q", "%10q", "%-+ #0-d", "%5%", "%h", "%.-3d", "%0s", "% s", "%+c", "%#d", "%.3p", "%#i" } do
  print(c, pcall(string.format, c, 1))
end
print(pcall(string.format, "%d", 1.5))
print(pcall(string.format, "%d", "1.5"))
print(pcall(string.format, "%d", "x"))
print(pcall(string.format, "%d"))
print(pcall(string.format, "%s"))
print(pcall(string.format, "%d", 2 ^ 63))
print(pcall(string.format, "%c", "x"))
print(pcall(string.format, "%x", 1.5))
print(pcall(string.format, "%q", {}))
print(pcall(string.format, "%q", print))
print(pcall(string.format))
print(pcall(string.format, "%s %s", 1))
print(string.format("no directives", 1, 2, 3))
-- %p: only properties that hold everywhere
print(string.format("%p", 1), string.format("%p", true), string.format("%p", nil))
local t = {}
print(string.format("%p", t) == string.format("%p", t), string.format("%p", t) ~= string.format("%p", {}), ("table: " .. string.format("%p", t)) == tostring(t))
print(string.format("%p", "short") == string.format("%p", "sh" .. "ort"), #string.format("%20p", t), string.format("%-4p|", 1))

-- hot formatting with alternating kinds
local n = 0
for i = 1, 3000 do
  local v = i % 4 == 0 and i or i % 4 == 1 and i / 2 or i % 4 == 2 and tostring(i) or i * 1e10
  n = n + #string.format("%s:%5.1f:%x", v, v, i)
end
print(n)
