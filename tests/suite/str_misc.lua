-- string.rep, sub, byte, char, reverse, lower, upper, len, and methods on strings.
print(("ab"):rep(3), ("ab"):rep(0), ("ab"):rep(-1), ("ab"):rep(3, "-"), ("ab"):rep(1, "-"), (""):rep(5), (""):rep(3, "x"), #("x"):rep(10000, "yz"))
print(pcall(string.rep, "x", 1 << 62))
print(pcall(string.rep, "x", math.maxinteger, "y"))
print(pcall(string.rep, "ab", 1 << 62))

local s = "abcdef"
for _, r in ipairs { { 2, 4 }, { -3, -1 }, { 0 }, { 3 }, { -100, 2 }, { 5, 100 }, { 4, 2 }, { 7 }, { -1 }, { 1, 0 }, { 2, -2 }, { math.mininteger, math.maxinteger }, { math.maxinteger }, { 1, math.mininteger }, { -2, -3 } } do
  io.write("[", s:sub(r[1], r[2]), "] ")
end
print()
print(("x"):sub(1, 1), (""):sub(1), ("abc"):sub(2.0), pcall(string.sub, "abc", 1.5))
print(pcall(string.sub))

print(s:byte(), s:byte(2), s:byte(-1), s:byte(10), s:byte(0), s:byte(2, 4))
print(select("#", s:byte(10)), select("#", s:byte(1, -1)), select("#", (""):byte(1, -1)), ("\0\255"):byte(1, 2))
print(string.char(), string.char(72, 105), #string.char(0, 0), string.char("65"), string.char(66.0))
print(pcall(string.char, 256), pcall(string.char, -1), pcall(string.char, "x"))
print(string.char(s:byte(1, -1)) == s)

print(("abc"):reverse(), (""):reverse(), ("a\0b"):reverse() == "b\0a", ("racecar"):reverse() == "racecar")
print(("MiXed 123 \xC3\x89"):lower(), ("MiXed 123"):upper(), ("\0a"):upper() == "\0A")
print(#"a\0b", ("abc"):len(), string.len "\u{20AC}", #"\z
      continued", #'\x41\65\u{41}')

-- methods, indexing, missing fields
print(("x").len == string.len, ("x").foo, pcall(function() return ("x").foo.bar end))
print(("%d"):format(5), ("a,b"):find ",", #("a"):rep(3):upper():lower())
print(pcall(function() local t = "s" t.x = 1 end))
function string.shout(self) return self:upper() .. "!" end
print(("hey"):shout(), string.shout "x")
string.shout = nil

-- equality and hashing of equal contents made in different ways
local a, b = "hello" .. "world", "helloworld"
local c = table.concat { "hello", "world" }
local d = ("helloworldX"):sub(1, 10)
print(a == b, b == c, c == d, rawequal(a, d), ({ [a] = 1 })[d])
local l1, l2 = ("long"):rep(50), ("longlong"):rep(25)
print(l1 == l2, rawequal(l1, l2), ({ [l1] = "found" })[l2], l1 .. "x" == l2)

-- concatenation of many parts, numbers included
print("a" .. 1 .. 2.0 .. "b" .. -3 .. 1e100, 1 .. "", 2 ^ 63 .. "", -0.0 .. "")
local parts = {}
for i = 1, 200 do parts[i] = "v" .. i end
print(#load("local " .. table.concat(parts, ",", 1, 100) .. " = " .. ("'x',"):rep(99) .. "'x' return " .. table.concat(parts, "..", 1, 100))())

-- building strings in a loop: prefix, suffix, both
local r = ""
for i = 1, 300 do r = r .. i end
print(#r, r:sub(1, 12), r:sub(-6))
r = ""
for i = 1, 300 do r = i .. r end
print(#r, r:sub(1, 6))
for i = 1, 10 do r = "<" .. r .. ">" end
print(#r)

-- comparisons with numbers look only at types
print("1" == 1, "abc" < "abd", "Z" < "a", "" < "a", "a" < "aa", not ("b" < "a"))
-- escapes
print("\a\b\f\v" == "\7\8\12\11", "\'\"\\", "\x7A\122\u{7a}", "a\
b", '\065\10\z   x', #"\u{7FFFFFFF}", "\u{10FFFF}" == "\xF4\x8F\xBF\xBF")
-- hot: bytes, subs and chars over a changing subject
local sum, text = 0, "The quick brown fox"
for i = 1, 5000 do
  local k = i % #text + 1
  sum = sum + text:byte(k) + #text:sub(k, k + 3)
  if i == 2500 then text = text:reverse() .. string.char(i % 256) end
  if i == 4000 then text = "\0\1\2" end
end
print(sum)
local rot = {}
for ch in ("Hello, World"):gmatch "." do
  local base = ch:match "%u" and 65 or ch:match "%l" and 97
  rot[#rot + 1] = base and string.char((ch:byte() - base + 13) % 26 + base) or ch
end
print(table.concat(rot))
