-- A little of everything that allocates; returns "done".
local function check(c) if not c then error("check failed") end end

-- Tables: fields, arrays, dictionaries, constructors, growth.
local t = {x = 1, y = "two", z = {3}}
for i = 1, 40 do t[i] = {i, n = i} end
for i = 1, 40 do t["key" .. i] = "value" .. i end
check(t.key17 == "value17" and t[23].n == 23)
check(#{table.unpack(t, 1, 30)} == 30)
table.insert(t, 1, "first"); table.remove(t, 5)
local many = {}
for i = 1, 12 do many[i * 1.5] = i; many[{}] = i end

-- Strings, short and long.
local s = ("abc"):rep(30, ",")
for i = 1, 5 do s = s .. i .. s:sub(1, 10) end
check(s:find("c,a", 1, true) == 3)
check(("%5d %s %q"):format(42, s, "q\n"):len() > 100)
check(s:gsub("%w", {a = "b"}):sub(1, 1) == "b")
check(table.concat({1, 2, 3, "x"}, "-") == "1-2-3-x")
for w in ("one two three"):gmatch("%a+") do check(#w >= 3) end
check(string.pack("i4z", 7, "zed") == "\7\0\0\0zed\0")

-- Closures, upvalues, varargs.
local function counter()
  local n = 0
  return function(...) n = n + select("#", ...); return n end, function() return n end
end
local inc, get = counter()
for i = 1, 5 do inc(i, i, i) end
check(get() == 15)
local function sum(...) local r = 0 for _, v in ipairs({...}) do r = r + v end return r end
check(sum(1, 2, 3, 4) == 10)

-- Objects with metatables, finalisers, weak tables.
local Class = {}
Class.__index = Class
Class.__add = function(a, b) return setmetatable({v = a.v + b.v}, Class) end
Class.__concat = function(a, b) return "C" end
Class.__gc = function(o) o.gone = {o.v} end
Class.__close = function(o) o.closed = {true} end
function Class:get() return self.v end
local o = setmetatable({v = 1}, Class)
for i = 1, 6 do o = o + setmetatable({v = i}, Class) end
check(o:get() == 22 and o .. 1 == "C")
do local c <close> = setmetatable({v = 0}, Class) end
local weak = setmetatable({}, {__mode = "k"})
for i = 1, 5 do weak[{}] = {i} end
weak[Class] = "kept"
check(weak[Class] == "kept")

-- Errors and coroutines.
local function raise(e) error(e) end
local ok, e = pcall(raise, {code = 5})
if type(e) == "string" then error(e, 0) end
check(not ok and e.code == 5)
ok, e = pcall(raise, "text")
if e:find("not enough memory") then error(e, 0) end
check(e:find("text"))
ok, e = xpcall(function() local x = nil; return x.y end, function(m) return debug.traceback(m, 1) end)
if tostring(e):find("not enough memory") or e == nil then error("not enough memory", 0) end
check(not ok)
local gen = coroutine.wrap(function(a) for i = 1, 5 do a = coroutine.yield({a, i}) end return "end" end)
for i = 1, 5 do check(gen(i)[1] == i) end
check(gen() == "end")
local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
check(deep(150) == 150)
local co = coroutine.create(function() local x <close> = setmetatable({}, Class); coroutine.yield(deep(30)) end)
check(select(2, assert(coroutine.resume(co))) == 30)
check(coroutine.close(co))

-- What an operation has found through weak metatables is kept while it makes room.
local Weak = { __mode = "v" }
local function behind(event) return setmetatable({}, setmetatable({ [event] = {} }, Weak)) end
local through, inherits = behind "__newindex", behind "__index"
for i = 1, 9 do through[i] = i; through["n" .. i] = i; through.field = i end
for i = 1, 9 do local _ = inherits[i], inherits["n" .. i], inherits.field end

-- The compiler, and binary chunks.
local f = assert(load("local a, b = ... ; local function g() return a + b, {a, b, x = 'k'} end return g()"))
check(f(3, 4) == 7)
local g = assert(load(string.dump(f), "dumped", "b"))
check(g(5, 6) == 11)
local long = {}
for i = 1, 30 do long[i] = ("v%d = %d.5"):format(i, i) end
local env = {}
assert(load(table.concat(long, "\n"), "long", "t", env))()
check(env.v30 == 30.5)
table.sort(long, function(a, b) return a > b end)
collectgarbage()
check(utf8.char(228, 8364) == "ä€" and os.time{year = 2020, month = 1, day = 1} and math.type(3) == "integer")
return "done"
