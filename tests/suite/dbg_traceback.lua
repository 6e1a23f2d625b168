-- debug.traceback from many shapes of stack; its arguments; tracebacks of other threads.
local function tb(...) return (debug.traceback(...):gsub("\n\t%[C%]: in %?$", "")) end
local function a() return tb "in a", 1 end
local function b() local s = a() return s end
local function c() local s = b() return s .. "" end
print((c()))
print(tb "main")
print(tb("level 2 from main", 2))
local function lv(n) local s = tb("L" .. n, n) return s end
for n = 0, 4 do print(lv(n)) end

-- functions in tables of loaded modules are called by their full names
local m = { fn = function() local s = tb "module" return s end }
package.loaded.mymodule = m
print(m.fn())
local holder = m.fn
print(holder())
package.loaded.mymodule = nil
print(select(2, pcall(string.rep, "x", -1)) == "", tb("x", 1):match "x\nstack")
table.sort({ 1, 2 }, function(x, y) print(tb "sort") return x < y end)
print((("k"):gsub("k", function() return tb "gsub" end)))
for _ in (function() local done return function() if not done then done = true print(tb "iter") return 1 end end end)() do end
print(pcall(function() return tb "pcall" end))
print((select(2, xpcall(error, function(msg) return tb(msg) end, "E"))))
print(setmetatable({}, { __index = function() return (tb "index") end }).x)
print(tostring(setmetatable({}, { __tostring = function() return (tb "tostring") end })))
print(load("return ...", "=ld")(tb "args"))
local chunk = load("local f = ... local s = f 'chunk' return s", "=(chunk name)")
print(chunk(tb))
print(require and package.preload and (function()
  package.preload.pre = function(...) return tb((...)) end
  local r = require "pre"
  package.preload.pre, package.loaded.pre = nil, nil
  return r
end)())

-- methods, fields, upvalues, globals, constants as names
local obj = {}
function obj:method() local s = tb "method" return s end
function obj.sub() local s = obj:method() return s end
function glob() local s = obj.sub() return s end
local function up() local s = glob() return s end
print((function() local s = up() return s end)())
glob = nil

-- other threads
local co = coroutine.create(function(x)
  local function inner() local y = coroutine.yield(x) return y end
  local z = inner()
  error("E" .. z)
end)
print(tb(co))
coroutine.resume(co, 1)
print(tb(co))
print(tb(co, "with message"))
print(tb(co, nil, 1))
print(tb(co, "level", 5))
coroutine.resume(co, "z")
print(tb(co, "after error"))
co = coroutine.create(function() end)
coroutine.resume(co)
print(tb(co, "finished"))
print(coroutine.wrap(function() return tb "inside" end)())
-- non-string messages come back untouched; numbers are strings
print(type(debug.traceback({})), debug.traceback(true), debug.traceback(print) == print, debug.traceback(12):sub(1, 3))
print(debug.traceback("a", 100), debug.traceback(nil, 100))
-- recursion of 30 levels keeps the first ten and the last eleven
local function rec(n) if n == 0 then return (debug.traceback "deep") end local s = rec(n - 1) return s end
for _, d in ipairs { 5, 18, 19, 20, 30, 200 } do
  local s = rec(d)
  print(d, select(2, s:gsub("\n", "")), s:match "skipping %d+ levels")
end
-- lines of frames after the code ran hot
local function hot(n)
  local s = 0
  for i = 1, n do
    s = s + i
    if i == n then
      return tb("hot"), s
    end
  end
end
hot(5000)
print((hot(6000)))
