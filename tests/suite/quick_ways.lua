-- What native code does without a call record: library functions, iterators, closing, fields and
-- elements of every kind, with the cases in which the quick way does not apply.

local function times(n, f)
  local last
  for i = 1, n do
    last = table.pack(f(i))
  end
  return table.unpack(last, 1, last.n)
end

-- setmetatable, with metatables of every kind.
local Point = { __index = { kind = "point" } }
Point.__index.norm = function(p) return p.x * p.x + p.y * p.y end
local function point(x, y) return setmetatable({ x = x, y = y }, Point) end
print(times(60, function(i) local p = point(i, 2) return p:norm(), p.kind end))
local closed = 0
local Final = { __gc = function() closed = closed + 1 end }
times(60, function() return setmetatable({}, Final) end)
collectgarbage()
print("finalised", closed)
local locked = setmetatable({}, { __metatable = "locked" })
print(times(60, function(i)
  if i < 60 then
    return getmetatable(setmetatable({ i }, Point)) == Point
  end
  return pcall(setmetatable, locked, Point)
end))
print(times(60, function(i) return pcall(setmetatable, i == 60 and 1 or {}, Point) end))
local fresh = {}
print(times(60, function(i)
  local meta = i > 50 and { __index = function(_, k) return k .. i end } or Point
  fresh = setmetatable({}, meta)
  return fresh.other, getmetatable(fresh) == meta
end))

-- type, tostring, rawget, rawequal.
local function kinds(v) return type(v), tostring(rawequal(v, v)) end
for _, v in ipairs { 1, 2.5, "s", true, {}, print, coroutine.create(print) } do
  print(times(40, function() return kinds(v) end))
end
print(pcall(times, 40, function(i) if i < 40 then return type(i) end return type() end))
print(times(40, function(i) return tostring(i), tostring(-i), tostring("k" .. i), tostring(i / 2) end))
print(times(40, function(i) return tostring(setmetatable({}, { __tostring = function() return "T" .. i end })) end))
print(times(40, function(i) return rawget(setmetatable({ a = i }, { __index = { b = 1 } }), i < 20 and "a" or "b") end))

-- Strings.
local text = "a longer text, of some forty characters.."
print(times(60, function(i)
  return text:sub(i % 7, -(i % 5) - 1), text:sub(i), text:sub(-3), text:sub(5, 2), text:byte(i), #text:sub(1, i)
end))
print(times(60, function(i) return ("xyz"):byte(-(i % 4)), ("xyz"):byte(1, -1) end))
print(times(60, function(i) return string.char(i + 40), string.char(i + 40, 65), ("x"):len() end))
print(pcall(times, 60, function(i) return string.char(i < 60 and i or 256) end))
print(pcall(times, 60, function(i) return text.sub(i < 60 and text or nil, 1) end))
print(times(60, function(i) return ("12"):byte(i % 2 + 1) + 0, ("12"):sub(i % 2 + 1) + 0 end))

-- table.insert and remove.
local list = {}
times(100, function(i) table.insert(list, i) end)
print(#list, times(50, function() return table.remove(list) end), #list)
print(times(60, function() return table.remove(list), #list end))
print(times(60, function(i) table.insert(list, 1, i) return list[1], #list end))
local proxy = setmetatable({}, { __newindex = function(t, k, v) rawset(t, k, v * 2) end })
times(60, function(i) table.insert(i < 50 and list or proxy, i) end)
print(#list, #proxy, proxy[1], proxy[#proxy])
print(pcall(times, 60, function(i) return table.insert(list, i, i, i < 60 and nil) end))

-- Iterators: next, pairs, Lua functions, closures, coroutines, tables that are called.
local function sum(f, s, c)
  local n, last = 0, nil
  for k, v in f, s, c do
    n = n + 1
    last = v or k
  end
  return n, last
end
local function upto(n)
  local i = 0
  return function()
    i = i + 1
    if i <= n then return i, i * i end
  end
end
local callable = setmetatable({}, { __call = function(_, s, c) if c < s then return c + 1, -c end end })
print(times(30, function(i) return sum(next, { 1, 2, 3, x = i }) end) == 4, times(30, function(i) return sum(ipairs { 7, 8, i }) end))
print(times(30, function(i) return sum(upto(i)) end))
print(times(30, function(i) return sum(callable, i, 0) end))
print(times(30, function(i)
  return sum(coroutine.wrap(function() for k = 1, i do coroutine.yield(k, k + 1) end end))
end))
print(times(30, function(i) return sum(string.gmatch("one two three", "%a+")) end))
local mixed = 0
for round = 1, 40 do
  local f, state, first = upto(3)
  if round % 4 == 1 then
    f, state, first = pairs { 5, 6 }
  elseif round % 4 > 1 then
    f, state, first = ipairs { 1 }
  end
  for k, v in f, state, first do
    mixed = mixed + k + v
  end
  if round > 30 then
    for k in (round % 2 == 0 and upto(2) or next), { 4 } do mixed = mixed + k end
  end
end
print(mixed)
print(pcall(function()
  for i = 1, 40 do
    for _ in i < 40 and next or nil, {} do end
  end
end))
print(select(2, pcall(function()
  for i = 1, 40 do
    for k in i < 40 and next or function() error("in iterator " .. i, 2) end, { 1 } do end
  end
end)))
do
  local order = {}
  for i = 1, 30 do
    local mark = setmetatable({}, { __close = function() order[#order + 1] = i end })
    for k in next, { 1 }, nil, i > 25 and mark or nil do order.last = k end
  end
  print(table.concat(order, " "), order.last)
end
-- A coroutine that yields in an iterator which native code calls.
local co = coroutine.wrap(function()
  local total = 0
  for round = 1, 30 do
    for k in function(_, c) if c < 3 then coroutine.yield(round) return c + 1 end end, nil, 0 do total = total + k end
  end
  return "total " .. total
end)
local seen, step = 0, nil
repeat
  step = co()
  if type(step) == "number" then seen = seen + step end
until type(step) ~= "number"
print(seen, step)

-- Closures in loops, and functions that close upvalues when they return.
local function accumulate(n)
  local all = {}
  for i = 1, n do
    local x = i
    all[i] = function(d) x = x + d return x end
  end
  return all
end
print(times(30, function(i)
  local all = accumulate(i)
  all[1](10)
  return all[1](1), all[#all](1)
end))
local function counter(start)
  local n = start
  local function up() n = n + 1 return n end
  up()
  return up, n
end
print(times(40, function(i) local up, n = counter(i) return up(), up(), n end))
print(times(40, function(i)
  local log = {}
  local function f()
    local a <close> = setmetatable({}, { __close = function() log[#log + 1] = "a" .. i end })
    local g = function() return a end
    return g() == a
  end
  return f(), log[1]
end))

-- Fields and elements that are not where they were.
local records = {}
for i = 1, 12 do
  local r = {}
  for k = 1, i do r["f" .. (i + k) % 12] = k end
  r.value = i
  records[i] = r
end
print(times(60, function(i)
  local r = records[i % 12 + 1]
  r.value = r.value + 1
  r.gone = nil
  r["k" .. i % 3] = i
  return r.value, r.k0, r.missing
end))
local keys = { 1, 2.0, "x", true, 4.5, math.huge }
local bag = {}
print(times(60, function(i)
  local k = keys[i % #keys + 1]
  bag[k] = (bag[k] or 0) + 1
  return bag[1], bag[2], bag.x, bag[true], bag[4.5], bag[math.huge]
end))
print(pcall(times, 60, function(i) bag[i < 60 and i or nil] = 1 end))
print(pcall(times, 60, function(i) bag[i < 60 and i or 0 / 0] = 1 end))
print(times(60, function(i)
  local v = i % 3 == 0 and "string" or i % 3 == 1 and { 1, 2 } or setmetatable({}, { __len = function() return 77 end })
  return #v
end))
local growing = {}
for i = 1, 300 do growing[i] = i end
for i = 302, 310 do growing[i] = i end
growing[301] = 301
print(#growing, growing[310], times(40, function(i) growing[#growing + 1] = i return #growing end))
print(times(40, function(i) return (function(...) return { ... } end)(i, i, nil)[1], #{ point(i, i), (point(1, 2)) } end))
local function pair(d) if d == 0 then return { false, false } end return { pair(d - 1), pair(d - 1) } end
local function depth(t) return t[1] and 1 + depth(t[2]) or 0 end
print(times(20, function() return depth(pair(5)) end))

-- Hooks see calls that are done in place.
local calls = 0
local function watched()
  for i = 1, 50 do
    local _ = type(i), tostring(i)
  end
end
watched()
debug.sethook(function() calls = calls + 1 end, "c")
watched()
debug.sethook()
print(calls)
