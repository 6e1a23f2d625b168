-- Errors in coroutines: propagation, tracebacks of dead coroutines, wrap's messages, levels.
local function bad(x) local t = nil return t.field end
local co = coroutine.create(function() bad() end)
print(coroutine.resume(co))
print(coroutine.status(co), coroutine.resume(co))
print((debug.traceback(co)))
print((debug.traceback(co, "msg")))
print((debug.traceback(co, "msg", 1)))
print((debug.traceback(co, nil, 1)))
print(debug.traceback(co, { 1 }) ~= nil, debug.traceback({ 2 })[1])

-- a suspended coroutine's traceback
co = coroutine.create(function() local function inner() coroutine.yield() end inner() end)
coroutine.resume(co)
print((debug.traceback(co)))
print(debug.getinfo(co, 1, "l").currentline, debug.getinfo(co, 2, "l").currentline, debug.getinfo(co, 3))
print(debug.getinfo(co, 0, "n").name, debug.getinfo(co, 0, "S").what)

-- wrap adds position information to string errors that come through it
local w = coroutine.wrap(function() error "plain" end)
print(pcall(w))
w = coroutine.wrap(function() error("no position", 0) end)
print(pcall(w))
w = coroutine.wrap(function() error({ "object" }) end)
print(select(2, pcall(w))[1])
w = coroutine.wrap(function() error() end)
print(pcall(w))
local dead = coroutine.wrap(function() end)
dead()
print(pcall(dead))
print(pcall(function() dead() end))

-- nested: error goes through several coroutines
local function level(n)
  if n == 0 then error("deep", 0) end
  local c = coroutine.wrap(level)
  return c(n - 1)
end
print(pcall(level, 5))
local function level2(n)
  if n == 0 then error { depth = 0 } end
  local c = coroutine.create(level2)
  local ok, e = coroutine.resume(c, n - 1)
  if not ok then e.depth = e.depth + 1 error(e) end
end
print(select(2, pcall(level2, 6)).depth)

-- error after a yield; error in the resumer does not touch the coroutine
co = coroutine.create(function() for i = 1, 3 do coroutine.yield(i) end error("after", 2) end)
print(coroutine.resume(co))
print(pcall(function() coroutine.resume(co) error("mine", 0) end))
print(coroutine.resume(co))
print(coroutine.resume(co))
print(coroutine.resume(co))

-- xpcall with a handler inside a coroutine sees the coroutine's stack
co = coroutine.wrap(function()
  return xpcall(function() local x = {} return x.y.z end, function(m) return m .. " / " .. (debug.traceback("tb", 1):match "function <([^>]+)>" or "?") end)
end)
print(co())
-- yield inside a handler is not allowed
print(coroutine.wrap(function() return xpcall(error, function() coroutine.yield() end, "x") end)())

-- yield outside, across a C boundary, in the main thread
print(select(2, pcall(coroutine.yield)))
print(coroutine.resume(coroutine.create(function() return pcall(string.gsub, "x", "x", coroutine.yield) end)))

-- resume self, resume parent
co = coroutine.create(function(self) return coroutine.resume(self) end)
print(coroutine.resume(co, co))
local parent
parent = coroutine.create(function()
  local child = coroutine.wrap(function() return coroutine.resume(parent) end)
  return child()
end)
print(coroutine.resume(parent))

-- error objects with metamethods cross unchanged
local E = setmetatable({}, { __tostring = function() return "E!" end, __eq = function() return true end })
co = coroutine.create(function() error(E) end)
local _, got = coroutine.resume(co)
print(rawequal(got, E), tostring(got))

-- hot: errors caught at every level, many times
local caught = { n = 0 }
local function risky(i)
  if i % 3 == 0 then error(i) end
  if i % 3 == 1 then coroutine.yield(i) end
  return i
end
local function worker(from, to)
  local s = 0
  for i = from, to do
    local ok, v = pcall(risky, i)
    if ok then s = s + (v or 0) else caught.n = caught.n + 1 end
  end
  return s
end
co = coroutine.create(worker)
local args = { 1, 3000 }
local yields = 0
local ok, v
repeat
  ok, v = coroutine.resume(co, args[1], args[2])
  args = { v }
  yields = yields + 1
until coroutine.status(co) == "dead"
print(ok, v, caught.n, yields)
