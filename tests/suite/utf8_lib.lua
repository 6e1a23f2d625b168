-- The utf8 library and \u escapes: encoding, decoding, positions, invalid input, lax mode.
local s = "a\u{E9}\u{20AC}\u{10348}z"
print(#s, utf8.len(s), utf8.codepoint(s, 1, -1))
print(utf8.char(97, 233, 8364, 66376), utf8.char() == "", utf8.char(0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000) == "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80")
print(#utf8.char(0x7FFFFFFF), #utf8.char(0x3FFFFFF), #utf8.char(0x1FFFFF), #utf8.char(0x200000))
print(utf8.charpattern == "[\0-\x7F\xC2-\xFD][\x80-\xBF]*", #utf8.charpattern)
for p, c in utf8.codes(s) do io.write(p, ":", c, " ") end
print()
for ch in s:gmatch(utf8.charpattern) do io.write("[", ch, "]") end
print()

-- offset
for n = -6, 6 do io.write(tostring(utf8.offset(s, n)), " ") end
print()
print(utf8.offset(s, 1, 4), utf8.offset(s, 2, 4), utf8.offset(s, -1, 4), utf8.offset(s, 0, 3), utf8.offset(s, 0, 5), utf8.offset(s, 0, 6))
print(utf8.offset("", 1), utf8.offset("", 0), utf8.offset("", 2), utf8.offset("abc", 4), utf8.offset("abc", 5), utf8.offset("abc", -4))
print(pcall(utf8.offset, s, 1, 3))
print(pcall(utf8.offset, s, 1, 100))
print(pcall(utf8.offset, s))

-- len with ranges and bad input
print(utf8.len(s, 2), utf8.len(s, 4, 6), utf8.len(s, 4, 4), utf8.len(s, -1), utf8.len("", 1), utf8.len("abc", 4), utf8.len("abc", 3, 2))
print(utf8.len "abc\xE3def", utf8.len "\x80", utf8.len(s, 3), utf8.len "\xC3", utf8.len "\xF4\x8F\xBF", utf8.len "\xC0\x80", utf8.len "\xE0\x80\x80")
print(utf8.len "\u{D7FF}\u{E000}", utf8.len "\xED\xA0\x80", utf8.len("\xED\xA0\x80", 1, -1, true), utf8.len "\xF4\x90\x80\x80", utf8.len("\xF4\x90\x80\x80", 1, -1, true), utf8.len("\u{7FFFFFFF}", 1, -1, true))
print(pcall(utf8.len, "abc", 5))
print(pcall(utf8.len, "abc", 1, 4))
print(pcall(utf8.len, "abc", 0, 2))

-- codepoint
print(utf8.codepoint(s), utf8.codepoint(s, 2), utf8.codepoint(s, -1), select("#", utf8.codepoint(s, 2, 1)))
print(pcall(utf8.codepoint, s, 3))
print(pcall(utf8.codepoint, s, 1, 100))
print(pcall(utf8.codepoint, "", 1))
print(pcall(utf8.codepoint, "\xFF"))
print(pcall(utf8.codepoint, "\u{110000}"), utf8.codepoint("\u{110000}", 1, 1, true))
print(pcall(utf8.codepoint, "\u{D800}"), utf8.codepoint("\u{D800}", 1, 1, true))

-- codes on bad input
for _, bad in ipairs { "ab\xFF", "\x80", "a\xC3", "\xE2\x82", "\xF8\x88\x80\x80\x80", "ok\xED\xBF\xBF" } do
  print(pcall(function() local n = 0 for _ in utf8.codes(bad) do n = n + 1 end return n end))
  print(pcall(function() local n = 0 for _ in utf8.codes(bad, true) do n = n + 1 end return n end))
end
print(pcall(utf8.codes))
print(pcall(utf8.char, -1))
print(pcall(utf8.char, 0x80000000))
print(pcall(utf8.char, "x"))
print(utf8.char("65"), utf8.char(66.0))

-- reversal, substring, casing by code points
local function ureverse(str)
  local t = {}
  for _, c in utf8.codes(str) do table.insert(t, 1, utf8.char(c)) end
  return table.concat(t)
end
local function usub(str, i, j)
  local a = utf8.offset(str, i)
  local b = j and utf8.offset(str, j + 1) or #str + 1
  return str:sub(a, b - 1)
end
print(ureverse(s), ureverse(ureverse(s)) == s, usub(s, 2, 4), usub(s, 3), usub(s, -2))

-- every boundary code point round trips
local ok = true
for _, c in ipairs { 0, 1, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF } do
  local e = utf8.char(c)
  if utf8.codepoint(e) ~= c or utf8.len(e) ~= 1 or load(("return '\\u{%X}'"):format(c))() ~= e then ok = false end
end
print(ok)
-- hot over text of several kinds
local texts = { "plain ascii text", ("\u{E9}"):rep(12), "mix\u{20AC}\u{10348}", "" }
local sum = 0
for i = 1, 800 do
  local t = texts[i % 4 + 1]
  for _, c in utf8.codes(t) do sum = sum + c end
  sum = sum + utf8.len(t)
end
print(sum)
