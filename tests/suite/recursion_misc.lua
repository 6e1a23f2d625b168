-- Depth limits of the parser, patterns, string.format of nested data, constructors and dumps.
local function try(s) local f, e = load(s, "=deep") return f and "ok" or (e:match "overflow" or e:match "too many [%a ]+" or e:match "limit" or e) end
for _, n in ipairs { 10, 100, 150, 1000, 100000 } do
  print(n,
    try("return " .. ("("):rep(n) .. "1" .. (")"):rep(n)),
    try("return " .. ("{"):rep(n) .. ("}"):rep(n)),
    try(("do "):rep(n) .. ("end "):rep(n)),
    try("return " .. ("-"):rep(0) .. ("- "):rep(n) .. "1"),
    try("return " .. ("not "):rep(n) .. "1"),
    try("local a = {} return a" .. ("[a"):rep(n) .. ("]"):rep(n)),
    try(("function f() "):rep(n) .. ("end "):rep(n)),
    try("return " .. ("1 .. "):rep(n) .. "1"),
    try("return " .. ("2 ^ "):rep(n) .. "1"),
    try(("if x then "):rep(n) .. ("end "):rep(n)),
    try("f" .. ("(f"):rep(n) .. (")"):rep(n)),
    try(("while x do "):rep(n) .. ("end "):rep(n)))
end
-- flat but long is fine: left-associative chains, statements, elseif
print(try("return " .. ("1 + "):rep(20000) .. "1"), try(("x = 1 "):rep(20000)), try("if a then " .. ("elseif b then "):rep(1000) .. "end"), try("return a" .. (".b"):rep(2000)), try("f()" .. ("()"):rep(2000)))
print(load("return " .. ("1 + "):rep(5000) .. "1")())
-- limits of a function
local function vars(n) local t = {} for i = 1, n do t[i] = "v" .. i end return table.concat(t, ",") end
print(try("local " .. vars(200)), try("local " .. vars(201)))
print(try("local function f(" .. vars(200) .. ") end"), try("local function f(" .. vars(201) .. ") end"))
-- 255 upvalues at most: variables spread over two levels
local function upv(n)
  local a, b, use = {}, {}, {}
  for i = 1, n do
    if i <= 150 then a[#a + 1] = "local u" .. i else b[#b + 1] = "local u" .. i end
    use[i] = "u" .. i
  end
  return table.concat(a, " ") .. " local function outer() " .. table.concat(b, " ") .. " return function() return " .. table.concat(use, "+") .. " end end"
end
print(try(upv(255)), try(upv(256)))
print(try("return " .. ("a,"):rep(200) .. "a"), try("return " .. ("a,"):rep(255) .. "a"), try("f(" .. ("a,"):rep(300) .. "a)"))
print(try("local a = {" .. ("1,"):rep(100000) .. "}"), #load("return {" .. ("1,"):rep(70000) .. "}")())
print(try("goto l1 " .. ("do end "):rep(30000) .. " ::l1::"), try("while x do " .. ("y = 1 "):rep(30000) .. " end"))
local ifs = "local x = ... if x then " .. ("x = x + 1 "):rep(40000) .. " end return x"
print(load(ifs)(1), load(ifs)(nil))
print(try(("a = b or c "):rep(10000)), try("return " .. ("a and "):rep(2000) .. "b"), try("return " .. ("x or "):rep(2000) .. "b"))

-- patterns
local function pat(p, s) local ok, e = pcall(string.match, s, p) return ok and "ok" or (e:match "pattern too complex" or e) end
print(pat(("(.-)"):rep(31) .. "x", "aaaa"), pat(("x?"):rep(100), ("x"):rep(100)), pat(("x?"):rep(1000), ("x"):rep(1000)), pat(("."):rep(100000), ("x"):rep(100000)))
print(pat(("(x"):rep(20) .. (")"):rep(20), ("x"):rep(20)), #(("x"):rep(250000):match "x*"), (("x"):rep(250000)):match ".-$" ~= nil)
print(pat("%b()", ("("):rep(100000) .. (")"):rep(100000)))

-- data nested deeply by program
local t = {}
local cur = t
for i = 1, 50000 do cur.n = {} cur = cur.n end
cur = t
local d = 0
while cur.n do cur = cur.n d = d + 1 end
print(d)
t = nil
collectgarbage()
-- chains of closures, of __index, of coroutines kept alive
local f = function() return 0 end
for i = 1, 150 do local g = f f = function() return g() + 1 end end
print(f())
local base = { deep = "found" }
for i = 1, 90 do base = setmetatable({}, { __index = base }) end
print(base.deep)
local co
for i = 1, 1000 do local prev = co co = coroutine.create(function() coroutine.yield(prev) end) coroutine.resume(co) end
collectgarbage()
print(coroutine.status(co))
-- nested functions, 50 deep, each using the outermost variable
local src = "local v = 7 return "
for i = 1, 50 do src = src .. "(function() return " end
src = src .. "v" .. (" end)()"):rep(50)
print(load(src)())
-- concat of many operands on the stack
print(#load("local x = 'ab' return " .. ("x .. "):rep(150) .. "x")())
-- a dump of a deep function
local fn = load(("return function() "):rep(60) .. "return 'in'" .. (" end"):rep(60))
local r = load(string.dump(fn))
for _ = 1, 61 do r = r() end
print(r)
