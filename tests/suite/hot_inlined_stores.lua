-- Functions with several stores that are translated at their calls: what they read of what they stored, tables that are the
-- same under two names, stores of nil, and everything that keeps the function from going on between its stores.

local function hot(f, n, ...)
  local r
  for i = 1, n do r = f(i, ...) end
  return r
end

local P = {}
P.__index = P
local function new(x, y) return setmetatable({ x = x, y = y, n = 0 }, P) end
function P:move(dx, dy) self.x = self.x + dx self.y = self.y + dy self.n = self.n + 1 end
function P:twice(v) self.x = v local a = self.x self.x = a + 1 return self.x end
function P:swap() self.x, self.y = self.y, self.x end
function P:next() local s = self.n * 16807 % 2147483647 self.n = s return s end
function P:set(v) self.x = v self.n = self.n + 1 end
local function all(...) local p = ... return p.x, p.y, p.n end

local p = new(0, 0)
hot(function() p:move(1, 2) end, 500)
print(all(p))
hot(function() p:move(0.5, 2) end, 500)
print(all(p))
-- the second addition fails: nothing may have been stored twice, and the first store is there
print(pcall(function() for i = 1, 100 do p:move(1, i < 90 and 1 or {}) end end))
print(all(p))
print(pcall(function() for i = 1, 100 do p:move(i < 70 and 1 or "x", 1) end end))
print(all(p))
hot(function() p:move("1", 1) end, 20)
print(all(p))

print(hot(function(i) return p:twice(i) end, 300), all(p))
hot(function() p:swap() end, 301)
print(all(p))
p.n = 1
local sum = 0
hot(function() sum = sum + p:next() % 7 end, 300)
print(sum, all(p))

-- one table under two names
local function both(a, b, v)
  a.x = v
  b.x = b.x + 1
  a.y = b.x
  return a.x
end
local q, r = new(1, 1), new(2, 2)
print(hot(function(i) return both(q, r, i) end, 300), q.x, q.y, r.x)
print(hot(function(i) return both(q, q, i) end, 300), q.x, q.y)
print(hot(function(i) return both(i % 2 == 0 and q or r, r, i) end, 300), q.x, q.y, r.x, r.y)
local function cross(a, b) a.x = 1 b.x = 2 a.y = 3 b.y = 4 return a.x + b.x * 10 end
print(hot(function() return cross(q, r) end, 300), hot(function() return cross(q, q) end, 300), q.x, q.y, r.x, r.y)

-- nil is stored, and then something again: the metatable decides
local log = {}
local W = { __newindex = function(t, k, v) log[#log + 1] = k rawset(t, k, v) end, __index = function(_, k) return "no " .. k end }
local w = setmetatable({ x = 1, y = 2 }, W)
local function clear(t, v) t.x = v t.y = t.x t.x = 5 end
hot(function(i) clear(w, i) end, 300)
print(w.x, w.y, #log)
hot(function(i) clear(w, nil) end, 3)
print(w.x, w.y, #log, log[1], log[#log])
hot(function(i) clear(w, i % 2 == 0 and i or nil) end, 50)
print(w.x, w.y, #log)
print(hot(function(i) w.x = nil w.y = nil clear(w, i) return w.y end, 30), #log)

-- tables of another shape, of another type, with fields gone
local s = new(1, 2)
hot(function() s:set(1) end, 300)
s.more = true
hot(function() s:set(2) end, 10)
print(all(s))
s.n = nil
print(pcall(s.set, s, 3), s.x)
print(pcall(function() for i = 1, 3 do P.set(i == 3 and 5 or new(1, 1), 1) end end))
for _, v in ipairs { 1.5, "text", false, {}, print } do
  hot(function() q:set(v) end, 30)
  print(type(q.x), q.n)
end

-- branches: some ways store, some return before, one calls
local function ways(t, i)
  if i % 3 == 0 then return 0 end
  t.x = i
  if i % 5 == 0 then t.y = t.x return t.y end
  t.n = t.n + 1
  if i % 77 == 0 then return tostring(t.x) end
  return t.x
end
local list = {}
hot(function(i) list[i] = ways(r, i) end, 400)
print(r.x, r.y, r.n, list[77], list[154], list[30], list[31], list[35])

-- old tables get young objects: collections in between
local keep = {}
for i = 1, 50 do keep[i] = new({}, {}) end
collectgarbage()
local function fill(t, a, b) t.x = a t.y = b t.n = #a end
for i = 1, 3000 do
  fill(keep[i % 50 + 1], { i }, { i + 1 })
  if i % 500 == 0 then collectgarbage("step") end
end
local total = 0
for _, t in ipairs(keep) do total = total + t.x[1] + t.y[1] + t.n end
print(total)

-- a store to a class is seen by its objects
local C = { v = 1, w = 1 }
C.__index = C
local o = setmetatable({}, C)
local function class(v) C.v = v C.w = v + 1 end
local seen = 0
hot(function(i) class(i) seen = seen + o.v + o.w end, 300)
print(seen)
local function drop(v) C.v = v C.w = 2 end
hot(function(i) drop(i % 10 == 0 and i or nil) seen = seen + (o.v or 1) + o.w end, 300)
print(seen, rawget(C, "v"))

-- hooks and coroutines between calls
local co = coroutine.wrap(function() for i = 1, 300 do p:move(1, 1) if i % 100 == 0 then coroutine.yield(p.n) end end return "done" end)
print(co(), co(), co(), co())
local lines = 0
hot(function(i)
  if i == 200 then debug.sethook(function() lines = lines + 1 end, "l") end
  p:move(1, 1)
  if i == 210 then debug.sethook() end
end, 300)
print(lines, all(p))
