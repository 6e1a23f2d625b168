-- Globals stored in hot code: new ones, ones that vanish, with metatables, in other environments.

count, total, text = 0, 0.5, "a"
local function step(x)
  count = count + 1
  total = total + x
  text = x % 7 == 0 and "seven" or x
  flag = x > 100
  last = nil
  if x % 50 == 0 then last = x end
end
for i = 1, 400 do step(i) end
print(count, total, text, flag, last)
step(399)
print(last)

-- Kinds that change, and names that come and go.
local seen = {}
for i = 1, 600 do
  value = i < 200 and i or i < 400 and i + 0.5 or {i}
  if i % 100 == 0 then seen[#seen + 1] = type(value) .. tostring(rawget(_G, "fresh" .. i)) end
  if i == 300 then value = nil end
  _G["fresh" .. i] = i
  fresh7 = (fresh7 or 0) + 1
end
print(table.concat(seen, " "), value[1], fresh7, fresh600)

-- A metatable under way.
local log = {}
local function store(i) absent = i; present = i end
present = 0
for i = 1, 500 do
  if i == 250 then
    absent = nil
    setmetatable(_G, {
      __newindex = function(t, k, v)
        log[#log + 1] = k
        if v % 2 == 0 then rawset(t, k, v) end
      end,
      __index = function(_, k) return k .. "?" end,
    })
  end
  store(i)
  if i % 100 == 99 then absent = nil end
end
print(#log, log[1], absent, present, nowhere)
setmetatable(_G, nil)

-- Assignments that fail.
setmetatable(_G, {__newindex = function(_, k) error("no global " .. k, 2) end})
local function bad(i) if i > 300 then unknown = i end present = i end
local failed, why = 0, nil
for i = 1, 310 do
  local ok, e = pcall(bad, i)
  if not ok then failed, why = failed + 1, e end
end
print(failed, why, present)
setmetatable(_G, nil)

-- The environment is another upvalue, changes, or is no table.
local function counter(_ENV)
  local function add(n) sum = (sum or 0) + n; return sum end
  local function switch(e) _ENV = e end
  return add, switch
end
local first, second = {}, setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v * 10) end})
local add, switch = counter(first)
for i = 1, 300 do add(i) end
switch(second)
for i = 1, 300 do add(i) end
print(first.sum, second.sum)
switch(nil)
print(select(2, pcall(add, 1)))
switch(5)
print(select(2, pcall(add, 1)))

-- _G is a prototype: what is assigned or vanishes is seen through it.
local heir = setmetatable({}, {__index = _G})
local found = 0
for i = 1, 400 do
  shared = i % 3 == 0 and i or nil
  if heir.shared then found = found + heir.shared end
end
print("heir", found, heir.shared)

-- In coroutines, with a hook that stores as well.
local function worker() for i = 1, 200 do progress = i; coroutine.yield(progress) end end
local co, sum = coroutine.wrap(worker), 0
for i = 1, 200 do sum = sum + co() + progress end
print("worker", sum)
local hooked = 0
for i = 1, 300 do
  if i == 150 then debug.sethook(function() hooked = hooked + 1; progress = -1 end, "l") end
  progress = i
  if i == 155 then debug.sethook() end
end
print("hooked", hooked > 5, progress)
