-- debug.sethook: call, return, line and count hooks; getting, clearing, errors, coroutines.
local function src(ev, l) return ev:sub(1, 1) .. (l or "") end
local log = {}
local function flush(...) print(table.concat(log, " "), ...) log = {} end

-- lines
local chunk = load([[
local x = 1
if x > 1 then
  x = 2
else
  x = 3
end

for i = 1, 2 do
  x = x + i
end
while x > 3 do x = x - 2 end
return
  x
]], "=lines")
debug.sethook(function(_, l) log[#log + 1] = l end, "l")
chunk()
debug.sethook()
flush()

local loop1 = load("for i = 1, 3 do local y = i end", "=one")
debug.sethook(function(_, l) log[#log + 1] = l end, "l")
loop1()
debug.sethook()
flush()

-- calls and returns
local function g() return 1 end
local function h() return g() end
local function k() local v = h() g() return v end
local names = { [g] = "g", [h] = "h", [k] = "k", [debug.sethook] = "sethook", [math.abs] = "abs" }
debug.sethook(function(ev) local fn = debug.getinfo(2, "f").func log[#log + 1] = ev .. ":" .. (names[fn] or "?") end, "cr")
k()
math.abs(1)
debug.sethook()
flush()

-- count hooks: the number of events is proportional to the work
local count = 0
debug.sethook(function(ev) assert(ev == "count") count = count + 1 end, "", 100)
for i = 1, 10000 do end
debug.sethook()
local c1 = count
count = 0
debug.sethook(function() count = count + 1 end, "", 1000)
for i = 1, 10000 do end
debug.sethook()
print(c1 >= 90, c1 // count)
count = 0
debug.sethook(function() count = count + 1 end, "", 1)
local a = 1 + 1
local b = a * 2
debug.sethook()
print(count > 3, count < 40)

-- gethook
local hook = function() end
debug.sethook(hook, "crl", 7)
local hf, hm, hc = debug.gethook()
print(hf == hook, hm, hc)
debug.sethook()
print(debug.gethook())
debug.sethook(hook, "")
print(debug.gethook())
debug.sethook(nil)

-- a hook that raises an error stops the loop
local n = 0
print(pcall(function()
  debug.sethook(function() n = n + 1 if n == 50 then error("stopped by hook", 0) end end, "", 10)
  while true do end
end))
debug.sethook()
print(n >= 50 and n < 60)
-- time limits around hot code that was already running without a hook
local function spin(lim) local s = 0 for i = 1, lim do s = s + i % 3 end return s end
spin(20000)
print(pcall(function()
  debug.sethook(function() error("limit", 0) end, "", 5000)
  return spin(1e9 | 0)
end))
debug.sethook()
print(spin(20000))
-- set from inside a hot function, counted in the same function
local events = 0
local function inside(lim)
  local s = 0
  for i = 1, lim do
    s = s + i
    if i == 5000 then debug.sethook(function() events = events + 1 end, "l") end
    if i == 5010 then debug.sethook() end
  end
  return s
end
print(inside(10000), events > 10, events < 60)

-- hooks see and change locals
debug.sethook(function(_, l)
  local name, val = debug.getlocal(2, 1)
  if name == "target" and val == 3 then debug.setlocal(2, 1, 300) end
end, "l")
local function changed()
  local target = 3
  target = target + 1
  return target
end
local r = changed()
debug.sethook()
print(r)

-- no recursion: a hook is not called inside a hook
local depth, maxd = 0, 0
debug.sethook(function()
  depth = depth + 1
  if depth > maxd then maxd = depth end
  g() g()
  depth = depth - 1
end, "c")
g() h()
debug.sethook()
print(maxd)

-- tail calls and coroutines; each coroutine has its own hook
debug.sethook(function(ev) if names[debug.getinfo(2, "f").func] then log[#log + 1] = ev end end, "cr")
h()
debug.sethook()
flush()
local co = coroutine.create(function() g() coroutine.yield() g() end)
debug.sethook(co, function(ev) if debug.getinfo(2, "f").func == g then log[#log + 1] = "co-" .. ev end end, "c")
g()
coroutine.resume(co)
flush(debug.gethook())
print((debug.gethook(co)) ~= nil, select(2, debug.gethook(co)))
coroutine.resume(co)
flush()
local inherits
debug.sethook(function() end, "c")
coroutine.wrap(function() inherits = debug.gethook() ~= nil end)()
debug.sethook()
print("new coroutine inherits", inherits)
-- hooks in pcall, metamethods, sort callbacks
debug.sethook(function() local i = debug.getinfo(2, "n") if i.namewhat == "metamethod" then log[#log + 1] = i.name end end, "c")
local o = setmetatable({}, { __add = function() return 1 end, __index = function() return 2 end, __lt = function() return true end })
local _ = o + 1, o.x, o < o
table.sort({ 3, 1, 2 }, function(x, y) return x < y end)
debug.sethook()
flush()
print(pcall(debug.sethook, 5, "l"))
-- a simple profiler: lines of a function by count
local prof = {}
local function work() local s = 0
  for i = 1, 200 do
    s = s + i
  end
  return s
end
debug.sethook(function(_, l) prof[l] = (prof[l] or 0) + 1 end, "l")
work()
debug.sethook()
local top, topn = 0, 0
for l, cnt in pairs(prof) do if cnt > topn then top, topn = l, cnt end end
print(topn >= 200)
