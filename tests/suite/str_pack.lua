-- string.pack, unpack, packsize: formats, alignment, endianness, limits, errors.
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local function p(...) print((...), hex(string.pack(...))) end
p("b", -1) p("B", 255) p("<h", 0x1234) p(">h", 0x1234) p("<H", 65535) p("<i4", -2) p(">i4", -2) p("<I3", 0x010203) p(">I3", 0x010203) p("<j", math.mininteger) p(">J", 1) p("<i16", -1) p(">i16", 1) p("<T", 5)
p("<f", 1.5) p(">f", -0.0) p("<d", math.pi) p(">n", 1 / 3) p("<d", 1 / 0)
p("z", "zero") p("s1", "len") p("<s2", "two") p(">s4", "four") p("c5", "fix") p("c3", "abc") p("c0", "") p("<s", "x")
p("x") p("xxBx", 1) p("<!4 b i4", 1, 2) p("<!8 b Xi8 i2", 1, 2) p("<! b d", 1, 2) p("<b>h<h=b", 1, 2, 3, 4) p("!2 b i8", 1, 2) p("<!4 b Xi4", 1) p("<i4 !4 i2 i4", 1, 2, 3)
p("") p(" < b ", 1) p(">I2 I2", 1, 2)

print(string.unpack("<i2", "\1\2"), string.unpack(">i2", "\1\2"), string.unpack("b", "\255"), string.unpack("B", "\255"))
print(string.unpack("z", "hello\0rest"))
print(string.unpack("s1", "\3abcdef"))
print(string.unpack("<s2 z", "\2\0hiyo\0"))
print(string.unpack("c3c2", "abcde"))
print(string.unpack("<i4", ("\0"):rep(3) .. "\1\2\3\4", 4))
print(string.unpack("<d", string.pack("<d", -1e-300)), string.unpack(">f", string.pack(">f", 0.1)))
print(string.unpack("<i16", string.pack("<i16", math.mininteger)), string.unpack("<j", string.pack("<J", -1)))
print(string.unpack("<!4 b i4 b", string.pack("<!4 b i4 b", 1, -2, 3)))
print(select("#", string.unpack("", "")), string.unpack("", "", 1))
print(string.unpack("b", "abc", -1), string.unpack("b", "abc", 3))
print(string.unpack("<I3", "\255\255\255"), string.unpack("<i3", "\255\255\255"), string.unpack("<i7", "\0\0\0\0\0\0\128"))

-- sizes
for _, f in ipairs { "b", "h", "i", "l", "j", "T", "f", "d", "n", "i3", "!8 b d", "!4 b d", "c10", "xxx", "", "<!4 b Xi4", "b h i l", "! b h i l" } do
  print(f, string.packsize(f))
end
print(pcall(string.packsize, "s"))
print(pcall(string.packsize, "z"))

-- errors
for _, a in ipairs {
  { "b", 128 }, { "b", -129 }, { "B", 256 }, { "B", -1 }, { "i2", 1 << 15 }, { "I2", 1 << 16 }, { "i17", 1 }, { "i0", 1 }, { "c", "x" }, { "c2", "abc" },
  { "z", "a\0b" }, { "s1", ("x"):rep(256) }, { "y", 1 }, { "!17", 1 }, { "!3 i3", 1 }, { "X", 1 }, { "Xb" }, { "Xz" }, { "b", "x" }, { "b", 1.5 }, { "d", "x" }, { "i4 X", 1 }, { "!5 i8", 1 },
} do
  print(a[1], pcall(string.pack, table.unpack(a)))
end
for _, a in ipairs { { "i4", "abc" }, { "z", "no end" }, { "s1", "\5abc" }, { "c4", "abc" }, { "b", "", 1 }, { "b", "a", 3 }, { "b", "a", -2 }, { "<i16", ("\255"):rep(8) .. ("\1"):rep(8) }, { "d", "1234567" }, { "i9", ("\0"):rep(8) .. "\1" }, { "s100", "" } } do
  print(a[1], pcall(string.unpack, table.unpack(a)))
end

-- floats round trip exactly
local ok = true
for _, v in ipairs { 0.0, -0.0, 1.5, math.pi, 1e308, 5e-324, 1 / 0, -1 / 0, 2 ^ 53 + 2 } do
  for _, e in ipairs { "<d", ">d", "=d", "<n" } do
    local w = string.unpack(e, string.pack(e, v))
    if w ~= v or 1 / w ~= 1 / v then ok = false end
  end
end
print(ok, (function() local v = string.unpack("d", string.pack("d", 0 / 0)) return v ~= v end)())
-- every integer size in both orders
for size = 1, 16 do
  for _, v in ipairs { 0, 1, -1, 100, -100 } do
    for _, e in ipairs { "<", ">" } do
      local f = e .. "i" .. size
      if string.unpack(f, string.pack(f, v)) ~= v then print("bad", f, v) end
    end
  end
end
-- a record file in memory, hot
local recs = {}
for i = 1, 500 do recs[i] = string.pack("<I2 s1 d", i, "name" .. i, i / 4) end
local blob, pos, n, sum = table.concat(recs), 1, 0, 0
while pos <= #blob do
  local id, name, v
  id, name, v, pos = string.unpack("<I2 s1 d", blob, pos)
  assert(name == "name" .. id)
  n, sum = n + 1, sum + v
end
print(n, sum, #blob)
