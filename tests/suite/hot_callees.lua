-- Calls in hot code whose functions are of several kinds, and library functions whose usual ways never apply.

local function reduce(t, f, a)
  for i = 1, #t do a = f(a, t[i]) end
  return a
end

local function add(a, b) return a + b end
local function none() end
local function two(a, b) return b, a end
local numbers = {1, 7, 3, 9, 5}
local sum = 0
for i = 1, 600 do
  sum = sum + reduce(numbers, add, 0) + reduce(numbers, math.max, i % 12) + reduce(numbers, math.min, 4)
end
print("reduce", sum)

-- No result, one, several, and objects.
local object = setmetatable({}, {__call = function(self, a, b) return a - b, self end})
local callees = {add, math.max, two, none, object, select, string.rep, rawequal}
local function call(f, x, y)
  f(x, y)
  local a = f(x, y)
  local b, c = f(y, x)
  return a, b, c == object and "object" or c
end
local seen = {}
for round = 1, 300 do
  for n, f in ipairs(callees) do
    local text = {}
    for k, v in ipairs{call(f, 2, 3)} do text[k] = tostring(v) end
    seen[n] = table.concat(text, " ")
  end
end
for n = 1, #callees do print(n, seen[n]) end

-- Arguments without a fixed number.
local function spread(f, ...) local r = f(...) return r end
local total = 0
for i = 1, 900 do
  local f = i % 3 == 0 and math.max or i % 3 == 1 and add or function(...) return select("#", ...) end
  total = total + spread(f, i, 2, 3)
end
print("spread", total)

-- What is called fails, or yields.
local function apply(f, x) local r = f(x) return r end
local function fails(x) if x % 50 == 0 then error("at " .. x) end return x end
local caught = {}
for i = 1, 400 do
  local f = i % 2 == 0 and fails or math.abs
  local ok, why = pcall(apply, f, i)
  if not ok then caught[#caught + 1] = why end
end
print("caught", #caught, caught[1], caught[#caught])
print(select(2, pcall(apply, nil, 1)))
print(select(2, pcall(apply, {}, 1)))
local function produce(f, n) for i = 1, n do local r = f(i) if r then coroutine.yield(r) end end end
local got = 0
for _, f in ipairs{math.abs, function(i) coroutine.yield(-i) end, tostring, function(i) return 2 * i end} do
  for v in coroutine.wrap(function() produce(f, 150) end) do got = got + tonumber(v) end
end
print("yielded", got)

-- Functions that change under way in a loop that is entered once.
local f, calls = math.floor, 0
local acc = 0
for i = 1, 3000 do
  if i == 500 then f = function(x) calls = calls + 1 return x // 1 end end
  if i == 1000 then f = math.ceil end
  if i == 2000 then f = setmetatable({}, {__call = function(_, x) return x * 2 end}) end
  acc = acc + f(i + 0.5)
end
print("changing", acc, calls)

-- Library functions that have no quick way for their arguments, and later one.
local named = setmetatable({}, {__tostring = function() return "named" end})
local length = 0
for i = 1, 4000 do
  local v = i <= 3000 and named or i
  length = length + #tostring(v)
  length = length + #string.rep("ab", 2, i % 2 == 0 and "," or ";")
end
print("declined", length)
local function text(v) return tostring(v) end
length = 0
for i = 1, 4000 do length = length + #text(i % 1000 == 0 and i or named) end
print("tail", length)
local kept = tostring
for i = 1, 3000 do
  if i == 2500 then tostring = function(v) return "mine " .. kept(v) end end
  length = length + #tostring(named)
end
print("replaced", length)
tostring = kept
local proxy, stored = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, -v) end}), 0
for i = 1, 1500 do
  table.insert(proxy, i)
  if i % 3 == 0 then stored = stored + table.remove(proxy) end
end
print("proxy", #proxy, proxy[1], proxy[#proxy], stored)

-- A loop that learns while it runs, although it is entered once.
local kinds = {}
for i = 1, 12 do kinds[i] = {} for k = 1, i do kinds[i]["f" .. k] = k end kinds[i].value = i end
local values = 0
for i = 1, 20000 do
  local o = kinds[i < 10000 and 1 + i % 2 or 1 + i % 12]
  values = values + o.value
  o.value = o.value + (i % 3 - 1)
end
print("learning", values)
