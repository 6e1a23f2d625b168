-- Runaway recursion ends in an error that can be caught, and the state stays usable.
local function overflow(f, ...)
  local ok, e = pcall(f, ...)
  return ok, type(e) == "string" and (e:match "stack overflow" or e:match "error in error handling" or e:match "C stack overflow" or e:sub(1, 60)) or type(e)
end
-- plain recursion, inside a coroutine, with a pending close
local function r1() return 1 + r1() end
local c = coroutine.create(function()
  local z <close> = setmetatable({}, { __close = function(_, err) print("closed with", tostring(err):match "stack overflow") end })
  return 1 + r1()
end)
local ok, e = coroutine.resume(c)
print(ok, e:match "^recursion_lua.lua:%d+: stack overflow" ~= nil, #e < 1000)
print((coroutine.close(c)))
-- growing varargs, wide frames
local function r3(...) return (r3(1, ...)) end
print(overflow(r3))
local wide = load("local f f = function() local " .. ("a,"):rep(180) .. "a = 1 return 1 + f() end return f")()
print(overflow(wide))
-- the traceback is bounded
local _, tb = xpcall(wide, debug.traceback)
print(tb:find "stack overflow" ~= nil, tb:find "skipping" ~= nil, #tb < 5000)
-- mutual recursion through locals
local r2b
local function r2a(...) local x = r2b(1, 2, ...) return x end
function r2b(...) local y = r2a(3, ...) return y end
print(overflow(r2a))

-- ordinary depth is no error
local function depth(n) if n == 0 then return 0 end return 1 + depth(n - 1) end
print(depth(10000), depth(30000))
local co = coroutine.wrap(function() return depth(20000) end)
print(co())

-- metamethods
local function mtrec(ev, use)
  local t = {}
  setmetatable(t, { [ev] = function(a, b) return use(a, b) end })
  return overflow(use, t, t)
end
print("index", mtrec("__index", function(t) return t.x end))
print("newindex", mtrec("__newindex", function(t) t.x = 1 end))
print("add", mtrec("__add", function(t) return t + 1 end))
print("concat", mtrec("__concat", function(t) return t .. "x" end))
print("eq", mtrec("__eq", function(t) return t == setmetatable({}, getmetatable(t)) end))
print("lt", mtrec("__lt", function(t) return t < t end))
print("len", mtrec("__len", function(t) return #t end))
print("call", mtrec("__call", function(t) return (t()) end))
print("unm", mtrec("__unm", function(t) return -t end))
print("tostring", mtrec("__tostring", function(t) return tostring(t) end))
print("close", overflow(function()
  local mt = {}
  mt.__close = function() local x <close> = setmetatable({}, mt) end
  local y <close> = setmetatable({}, mt)
end))

-- through C functions
local function viapcall() return (pcall(viapcall)) end
print("pcall", viapcall())
local function viagsub() return (("x"):gsub("x", viagsub)) end
print("gsub", overflow(viagsub))
local function viasort() table.sort({ 1, 2, 3 }, viasort) end
print("sort", overflow(viasort))
local function viaload() return load(viaload) end
print("load", (pcall(viaload)))
local none = {}
local function viaunpack() return (table.unpack(none, 1, viaunpack())) end
print("unpack", overflow(viaunpack))
local function viaxp() return (xpcall(viaxp, type)) end
print("xpcall", type(viaxp()))
local function viawrap() return coroutine.wrap(viawrap)() end
print("wrap", overflow(viawrap))
local function viaresume() local ok, err = coroutine.resume(coroutine.create(viaresume)) if not ok then error(err, 0) end return ok end
print("resume", overflow(viaresume))
local function viatostring() return tostring(setmetatable({}, { __tostring = viatostring })) end
print("tostring", overflow(viatostring))

-- error handlers that recurse or fail
local function badh(m) error(m) end
print("failing handler", (xpcall(error, badh, "x")))
print("handler catching its own", xpcall(error, function(m) return (select(2, pcall(error, m .. "y", 0))) end, "x"))
print("handler runs near the limit", select(2, xpcall(wide, function(m) return #m > 0 end)))
-- deep pcall nesting within limits works and unwinds
local function nest(n) if n == 0 then error("bottom", 0) end local ok, e = pcall(nest, n - 1) error(e, 0) end
print(select(2, pcall(nest, 150)))
-- everything still works afterwards, repeatedly
for i = 1, 2 do overflow(wide) overflow(r3) end
local t = {}
for i = 1, 1000 do t[i] = depth(i % 50) end
print(t[49], #t, select(2, pcall(error, "fine", 0)))
