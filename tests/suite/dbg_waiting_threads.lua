-- What the debug library changes is seen by all that wait: older frames, of other coroutines too.
local up = 1
local function setup(v)
  for i = 1, 9 do
    if debug.getupvalue(setup, i) == "up" then debug.setupvalue(setup, i, v) end
  end
  return up
end

-- Each coroutine waits for the next; the innermost changes the upvalue that all have read.
local function nest(depth, change)
  local before = up
  local sum = 0
  for i = 1, 3 do
    if depth > 0 then
      sum = sum + coroutine.wrap(nest)(depth - 1, change)
    elseif change then
      setup(up + 1)
    end
    sum = sum + up
  end
  return sum + before
end
for round = 1, 30 do
  local s = nest(4, round % 3 == 0)
  if round % 3 == 0 then print(round, s, up) end
end

-- Frames that wait in metamethods, sorts and protected calls.
local mt = {__add = function(a, b) return setup(b) end, __index = function(_, k) return setup(k) end}
local object = setmetatable({}, mt)
local function reader(n)
  local s = 0
  for i = 1, n do
    s = s + up
    if i % 10 == 0 then s = s + (object + i) end
    if i % 10 == 5 then s = s + object[i] end
    if i % 10 == 7 then
      local list = {3, 1, 2}
      table.sort(list, function(a, b) setup(a + b) return a < b end)
      local _, v = pcall(setup, i)
      s = s + v + up
    end
    s = s + up
  end
  return s
end
print(reader(20), reader(200), up)

-- A local variable of a frame that waits, set from below and from within a coroutine.
local function poke(thread, level, v)
  for i = 1, 20 do
    if debug.getlocal(thread, level, i) == "x" then debug.setlocal(thread, level, i, v) end
  end
end
local function holder(n)
  local x, s = 0, 0
  local co = coroutine.running()
  for i = 1, n do
    x = x + 1
    if i % 10 == 0 then coroutine.wrap(function() poke(co, 1, i * 2) end)() end
    s = s + x
  end
  return s
end
print(holder(30), holder(300))
print(coroutine.wrap(holder)(300))

-- Suspended coroutines.
local all = {}
for i = 1, 50 do
  all[i] = coroutine.create(function()
    local x = i
    for k = 1, 20 do
      coroutine.yield(x + up)
      x = x + 1
    end
  end)
end
local sum = 0
for k = 1, 20 do
  for i = 1, 50 do
    local _, v = coroutine.resume(all[i])
    sum = sum + v
    if (i + k) % 7 == 0 then poke(all[i], 1, k) setup(k) end
  end
end
print(sum)
