-- Frames that wait in calls while collections run: what may change in them all the same.
local function garbage(n) local t for i = 1, n do t = {{i}} end return t end
-- Open upvalues of waiting frames, set from far above.
local setters = {}
local function frame(n, depth)
  local mine, other = {n}, "s" .. n
  setters[n] = function(v, w) mine = v; other = w end
  if n < depth then
    garbage(5)
    local below, rest = frame(n + 1, depth)
    assert(mine[1] == -n and other == "t" .. n and below == n + 1)
    return n, mine
  end
  garbage(2000)
  for i = 1, depth do setters[i]({-i}, "t" .. i) end
  garbage(2000)
  collectgarbage("step")
  garbage(2000)
  return n, mine
end
for _ = 1, 2 do frame(1, 100) end
-- debug.setlocal on waiting frames
local function outer(n)
  local a, b = nil, {n}
  if n > 0 then
    local r = outer(n - 1)
    assert(a[1] == "set" .. n, n)
    return r
  end
  garbage(2000)
  for level = 2, 41 do
    local name, old = debug.getlocal(level, 3)
    if name == "b" then debug.setlocal(level, 2, {"set" .. old[1]}) end
  end
  garbage(4000)
  return 1
end
outer(40)
-- Unwinding by returns and by errors, and new frames in place of the old
local function climb(n, f) if n == 0 then return f() end local keep = {n} local r = climb(n - 1, f) assert(keep[1] == n) return r end
local function updown(n)
  local t = {}
  for i = 1, n do
    t[i] = climb(i % 37, function() return garbage(50) end)
    local fresh = {i, tostring(i) .. "x"}
    local ok, e = pcall(climb, i % 23, function() garbage(20); error({i}) end)
    assert(not ok and e[1] == i and fresh[1] == i and fresh[2] == i .. "x")
  end
  return #t
end
print(climb(50, function() return updown(100) end))
-- Coroutines that wait deep in calls
local cos = {}
for i = 1, 20 do
  cos[i] = coroutine.wrap(function()
    local sum = 0
    for k = 1, 10 do
      local x = {k}
      local v = climb(i + k, function() local y = {i} local z = coroutine.yield(y) garbage(3) return z end)
      sum = sum + v[1] + x[1]
    end
    return sum
  end)
  cos[i]()
end
local total = 0
for k = 1, 10 do for i = 1, 20 do local r = cos[i]({k}) if type(r) == "number" then total = total + r end garbage(20) end end
print(total)
-- A large stack, then a small one, then a large one again; varargs and tail calls on the way
local function va(n, ...) if n == 0 then garbage(300) return select("#", ...), (...) end local t = {...} local c, first = va(n - 1, n, ...) assert(#t == select("#", ...)) return c, first end
print(va(100, "x"))
local function tail(n, ...) local t = {n} if n == 0 then return garbage(3000)[1][1], ... end return tail(n - 1, t, ...) end
print((tail(100)))
local function deep(n) if n == 0 then return garbage(3000)[1][1] end local t = {n} local r = deep(n - 1) assert(t[1] == n) return r end
for i = 1, 2 do print(deep(6000)) garbage(3000) print(climb(10, function() return garbage(3000)[1][1] end)) end
print(select("#", table.unpack({}, 1, 50000)))
local t = table.pack(pcall(function(...) local a = {...} garbage(5000) return ... end, table.unpack({}, 1, 20000)))
garbage(4000) print(t.n)
-- Upvalues opened before and after collections in one frame, closed later
local fs = {}
for i = 1, 200 do
  local v = {i}
  garbage(20)
  local function get() return v end
  garbage(20)
  v = {i + 1}
  local function get2() return v end
  fs[i] = {get, get2}
end
garbage(4000)
for i = 1, 200 do assert(fs[i][1]()[1] == i + 1 and fs[i][2]() == fs[i][1]()) end
print("ok")
