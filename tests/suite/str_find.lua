-- string.find and string.match: patterns, anchors, captures, positions, special cases.
local function f(...) print(string.find(...)) end
local function m(...) print(string.match(...)) end
f("hello world", "wor")
f("hello world", "o", 6)
f("hello", "l+")
f("hello", "xyz")
f("hello", "")
f("hello", "", 6)
f("hello", "", 7)
f("hello", "h", -5)
f("hello", "l", -2)
f("hello", "h", -100)
f("a.b", ".", 1, true)
f("a.b", "%.")
f("a+b", "+", 1, true)
f("abc", "b", 1, "truthy")
f("", "")
f("", ".")
f("", "^$")
f("abc\0def", "\0d")
f("abc\0def", "%z")
f("a\nb", "a.b")
f(("x"):rep(1000) .. "end", "end", 1, true)
f("abcabc", "c", 4)

m("key = value", "^(%w+)%s*=%s*(%w+)$")
m("2024-01-31", "(%d+)-(%d+)-(%d+)")
m("hello", "()ll()")
m("hello", "(h)(e)(l)(l)(o)")
m("hello", ".-l")
m("hello", ".*l")
m("hello", "^.-l$")
m("[[nested]]", "%[%[(.-)%]%]")
m("f(a(b)c)d", "%b()")
m("THE (quick) fox", "%((%a+)%)")
m("a=1, b=2", "(%w+)=(%w+)", 5)
m("  trim me  ", "^%s*(.-)%s*$")
m("x^2", "%^")
m("[test]", "[]]")
m("a-b", "[a-]+")
m("a]b", "[^]]+")
m("0x1F", "^0[xX](%x+)$")
m("word1 word2", "%f[%w]%w+", 2)
m("THE END", "%f[%a]%a+%f[%A]")
m("aXb", "%u")
m("tab\tx", "%c")
m("a.b!c", "%p+")
m("\1\2abc", "%g+")
m("abc123", "%a*(%d*)")
m("aaa", "a-", 2)
m("aaab", "a-b")
m("abab", "(ab)%1")
m("'quoted' \"x\"", "(['\"])(.-)%1")
m("aa bb", "(%w)%1 (%w)%2")
m("ac", "ab?c")
m("abc", "ab?c")
m("x", "x*x*x*")
m("12.5e3", "^[+-]?%d+%.?%d*[eE]?[+-]?%d*$")
m("caf\xC3\xA9", "[\x80-\xFF]+")
m("a$b", "a$b")
m("a^b", "a^b")
m("ab", "^^a")
m("$", "$$")
m("%d", "%%d")
m("[x]", "[%[]")
m("a-z", "[%a-z]+")
print(#string.match("\0x\0", "%z*x"))

-- positions and init
print(("abc"):find("b", 2), ("abc"):find("b", 3), ("abc"):match("^b", 2), ("abc"):find("^b", 2))
print(("x"):match("()", 2), ("x"):match("()", 3), ("abc"):match "()$")

-- errors
for _, p in ipairs { "[a", "[a%", "%", "(", ")", "(()", "%1", "(a)%2", "%b", "%bx", "%f", "[]", "[^]", "a)", "(a", "%g(" } do
  print(p, pcall(string.match, "aaa", p))
end
print(pcall(string.match, "x", ("(x)"):rep(33)))
print(pcall(string.find))
print(pcall(string.find, "x"))
print(pcall(string.find, {}, "x"))
print(select("#", string.match("", string.rep("()", 32))))

-- many captures, long subjects
print(select("#", ("abcdefghij"):match(("(.)"):rep(10))))
local long = ("a"):rep(20000) .. "b"
print(#long:match "a*", long:find("b", 1, true), long:find "ab$", #long:match "^(.-)b")
print((("ab"):rep(5000)):find "ba?$")

-- hot matching with several subjects and patterns
local count = 0
local subs = { "alpha=1", "beta = 22", "=none", "gamma=x", "" }
local pats = { "^(%w+)%s*=%s*(%d+)$", "(%w+)", "=", "^$" }
for i = 1, 6000 do
  local a, b = subs[i % 5 + 1]:match(pats[i % 4 + 1])
  if b then count = count + #b elseif a then count = count + 1 end
end
print(count)
