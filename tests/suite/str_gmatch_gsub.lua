-- string.gmatch and string.gsub: every replacement kind, anchors, empty matches, limits.
local function all(s, p, init)
  local t = {}
  for a, b in string.gmatch(s, p, init) do t[#t + 1] = b and a .. "/" .. b or tostring(a) end
  return "{" .. table.concat(t, ",") .. "}"
end
print(all("one two  three", "%a+"), all("a=1,b=2", "(%w)=(%w)"), all("abc", ""), all("abc", "()"), all("", ""), all("", "a"))
print(all("hello", "l"), all("a,b,,c", "([^,]*)"), all("aXbXc", "X?"), all("abc", ".-"), all("xx", "x*"), all("THE (END)", "%f[%a]%a+"))
print(all("abcde", ".", 3), all("abcde", ".", -2), all("abc", "()", 4), all("abc", "()", 5), all("hello", "^h"), all("^h^h", "^h"))

print(string.gsub("hello world", "o", "0"))
print(string.gsub("hello world", "o", "0", 1))
print(string.gsub("hello world", "o", "0", 0))
print(string.gsub("hello", "", "-"))
print(string.gsub("hello", "l*", "x"))
print(string.gsub("abc", "%w", "%0%0"))
print(string.gsub("abc def", "(%w+) (%w+)", "%2 %1"))
print(string.gsub("abc", "b", "%%"))
print(string.gsub("abc", "(b)", "[%1]"))
print(string.gsub("abc", "b", "[%1]"))
print(string.gsub("hello", "^h", "J"))
print(string.gsub("hhh", "^h", "J"))
print(string.gsub("abc", "$", "!"))
print(string.gsub("a b c", " ", ""))
print(string.gsub("a.b.c", "%.", "%%."))
print(string.gsub("\0a\0", "%z", "0"))
print(string.gsub("x = 1", "%s+", ""))
print(string.gsub("  x  ", "^%s+", ""))
print(string.gsub("", "", "x"))
print(string.gsub("", "^", "x"))
print(string.gsub("aaa", "a", "b", 2))
print(string.gsub("aaa", "a", "b", -1))
print(string.gsub("aaa", "a", "b", 100))
print(string.gsub("\n", "\n", "\\n"))

-- tables and functions as replacements
print(string.gsub("$name is $age", "%$(%w+)", { name = "Bob", age = 42 }))
print(string.gsub("$name is $what", "%$(%w+)", { name = false }))
print(string.gsub("abc", ".", { a = 1, b = 2.5, c = "see" }))
print(string.gsub("abc", ".", setmetatable({}, { __index = function(_, k) return k:upper() end })))
print(string.gsub("abc", "%w", function(c) return c:byte() end))
print(string.gsub("abc", "%w", function(c) if c == "b" then return "[B]" end end))
print(string.gsub("abc", "%w", function() return false end))
print(string.gsub("a1b2", "(%a)(%d)", function(a, d) return d .. a end))
print(string.gsub("abc", "()", function(p) return p end))
print(string.gsub("hello world", "%w+", string.upper))
print(string.gsub("abc", "b", print and function(...) return select("#", ...) end))
print((string.gsub("nested (a (b) c)", "%b()", function(s) return "<" .. s:sub(2, -2) .. ">" end)))

-- errors
print(pcall(string.gsub, "abc", "b", "%2"))
print(pcall(string.gsub, "abc", "b", "%x"))
print(pcall(string.gsub, "abc", "b", "%"))
print(pcall(string.gsub, "abc", "b", true))
print(pcall(string.gsub, "abc", "b"))
print(pcall(string.gsub, "abc", "b", function() return {} end))
print(pcall(string.gsub, "abc", "b", { b = print }))
print(pcall(string.gsub, "abc", "(", "x"))
print(pcall(string.gsub, "abc", "b", function() error("in repl", 0) end))
print(pcall(string.gmatch, "abc"))
print(pcall(string.gsub, "x", "x", "y", "z"))

-- URL coding, word counts, csv, templates
local function enc(s) return (s:gsub("[^%w]", function(c) return ("%%%02X"):format(c:byte()) end)) end
local function dec(s) return (s:gsub("%%(%x%x)", function(h) return string.char(tonumber(h, 16)) end)) end
print(enc "a b&c=\xC3\xA9", dec(enc "a b&c=\xC3\xA9") == "a b&c=\xC3\xA9")
local words, order = {}, {}
for w in ("the cat and the dog and the bird"):gmatch "%a+" do
  if not words[w] then order[#order + 1] = w end
  words[w] = (words[w] or 0) + 1
end
for i, w in ipairs(order) do order[i] = w .. ":" .. words[w] end
print(table.concat(order, " "))
local function csv(line)
  local r = {}
  line = line .. ","
  local pos = 1
  while pos <= #line do
    local q, e = line:match('^"(.-)",()', pos)
    if not q then q, e = line:match("^([^,]*),()", pos) end
    r[#r + 1] = q
    pos = e
  end
  return table.concat(r, "|")
end
print(csv 'a,"b,c",,d')
print((("Hello ${who}, ${n} times"):gsub("%${(%w+)}", function(k) return ({ who = "you", n = 3 })[k] end)))
-- the iterator keeps its own state; modification of the subject variable does not matter
local s, seen = "abc", {}
for c in s:gmatch "." do s = s .. c seen[#seen + 1] = c end
print(s, #seen)
-- gmatch in coroutines and nested
local co = coroutine.wrap(function() for w in ("x y z"):gmatch "%w" do coroutine.yield(w) end end)
print(co(), co(), co())
local n = 0
for a in ("ab cd"):gmatch "%w+" do for b in a:gmatch "." do n = n + b:byte() end end
print(n)
-- hot replacement with a callback that changes kind
local total = 0
for i = 1, 2000 do
  local repl = i % 3 == 0 and "%1" or i % 3 == 1 and { a = "x" } or function(c) return c .. c end
  local r, k = ("banana"):gsub("(a)", repl)
  total = total + #r * k
end
print(total)
