-- Polymorphic sites: record layouts, receivers, callees and iterators of many kinds at one place.
local function getx(o) return o.x end
local shapes = {
  { x = 1 }, { y = 0, x = 2 }, { z = 0, y = 0, x = 3 }, { a = 1, b = 2, c = 3, d = 4, x = 4 }, setmetatable({}, { __index = { x = 5 } }),
  setmetatable({}, { __index = function() return 6 end }), { [1] = 0, x = 7 }, setmetatable({ x = 8 }, { __index = function() return -1 end }),
}
local wide = {}
for i = 1, 40 do wide["f" .. i] = i end
wide.x = 9
shapes[#shapes + 1] = wide
local function sweep(upto, n) local s = 0 for i = 1, n do s = s + getx(shapes[i % upto + 1]) end return s end
for upto = 1, #shapes do io.write(sweep(upto, 1000), " ") end
print()
-- the receiver may also be a string
debug.setmetatable(0, { __index = { x = 100 } })
string.x = 50
shapes[#shapes + 1] = 5
shapes[#shapes + 1] = "str"
print(sweep(#shapes, 1100))
string.x = nil
debug.setmetatable(0, nil)
print(pcall(sweep, #shapes, 1100))

-- stores into layouts that grow in different orders
local function init(o, a, b, c)
  if a == 1 then o.p = 1 o.q = 2 o.r = 3 elseif a == 2 then o.r = 3 o.q = 2 o.p = 1 else o.q = 2 o[1] = 0 o.p = 1 o.r = 3 end
  return o.p * 100 + o.q * 10 + o.r
end
local s = 0
for i = 1, 3000 do s = s + init({}, i % 3 + 1) end
print(s)

-- keys of every kind at one access site
local t = { 10, 20, 30, one = 1, two = 2, [1.5] = 3, [true] = 4, [-1] = 5, [1 << 40] = 6 }
local keys = { 1, 2, 3, "one", "two", 1.5, true, -1, 1 << 40, 2.0, "missing", 99, false }
local function get(tt, k) return tt[k] end
s = 0
for i = 1, 6500 do s = s + (get(t, keys[i % #keys + 1]) or 1000) end
print(s)
local function set(tt, k, v) tt[k] = v end
for i = 1, 3900 do set(t, keys[i % #keys + 1], i) end
local sum = 0
for _, v in pairs(t) do sum = sum + v end
print(sum)

-- call sites that see functions of several arities, closures, builtins and coroutines
local callees = {
  function() return 1 end, function(a) return a end, function(a, b) return a - (b or 0) end, function(...) return select("#", ...) end,
  math.abs, function(a) local function inner() return a * 2 end return inner() end,
  coroutine.wrap(function(a) while true do a = coroutine.yield(a + 0.5) end end),
  setmetatable({}, { __call = function(_, a, b) return a + b end }), tonumber,
}
local function apply(f, a, b) return f(a, b) end
s = 0
for i = 1, 4500 do
  local f = callees[i % #callees + 1]
  if f == tonumber then s = s + f(tostring(i)) else s = s + apply(f, i, 1) end
end
print(s)

-- generic for over iterators of every kind
local function consume(...) local c = 0 for a, b in ... do c = c + (b or a) end return c end
local src = { 4, 5, 6 }
local makers = {
  function() return ipairs(src) end, function() return pairs(src) end, function() return next, src end,
  function() local i = 0 return function() i = i + 1 return src[i] end end,
  function() return coroutine.wrap(function() for i, v in ipairs(src) do coroutine.yield(i, v) end end) end,
  function() return ("4 5 6"):gmatch "%d" end,
  function() return setmetatable({}, { __call = function(_, st, k) k = k + 1 if st[k] then return k, st[k] end end }), src, 0 end,
  function() return utf8.codes "\4\5\6" end,
}
s = 0
for i = 1, 800 do s = s + consume(makers[i % #makers + 1]()) end
print(s)

-- method calls with receivers of many classes, with inheritance of several depths
local classes = {}
local basec = { who = function(self) return self.id end }
basec.__index = basec
for d = 1, 6 do
  local c = setmetatable({}, classes[d - 1] or basec)
  c.__index = c
  if d == 3 then c.who = function(self) return -self.id end end
  classes[d] = c
end
local objs = {}
for i = 1, 12 do objs[i] = setmetatable({ id = i }, classes[i % 6 + 1]) end
local function ask(n) local r = 0 for i = 1, n do r = r + objs[i % #objs + 1]:who() end return r end
print(ask(2400))
classes[1].who = function() return 0 end
print(ask(2400))
classes[3].who = nil
print(ask(2400))
-- a visitor over a tree of mixed nodes
local function tree(d) if d == 0 then return d end return d % 2 == 0 and { "add", tree(d - 1), tree(d - 1) } or { op = "mul", l = tree(d - 1), r = 2 } end
local function eval(n)
  if type(n) == "number" then return n + 1 end
  if n[1] == "add" then return eval(n[2]) + eval(n[3]) end
  return eval(n.l) * eval(n.r)
end
print(eval(tree(11)))
-- array elements of mixed kinds summed by one loop
local mixed = {}
for i = 1, 1000 do mixed[i] = i % 5 == 0 and tostring(i) or i % 5 == 1 and i / 2 or i % 5 == 2 and { n = i } or i % 5 == 3 and (i % 2 == 0) or i end
local function val(v) local ty = type(v) if ty == "number" then return v elseif ty == "string" then return #v elseif ty == "table" then return v.n elseif v then return 1 else return 0 end end
s = 0
for r = 1, 5 do for i = 1, #mixed do s = s + val(mixed[i]) end end
print(s)
