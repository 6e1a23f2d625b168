-- debug.upvaluejoin: a variable that is never assigned becomes one that is, while native code reads it.
local function join(f, name, g, other)
  local function find(h, wanted)
    for i = 1, 250 do
      local n = debug.getupvalue(h, i)
      if n == wanted then return i end
      assert(n, wanted)
    end
  end
  debug.upvaluejoin(f, find(f, name), g, find(g, other))
end

-- Two that are never assigned: the environment of a function.
x = "global"
local function env() return x end
local function with(t) return function() return t end end
local seen = {}
for i = 1, 60 do
  if i % 20 == 0 then join(env, "_ENV", with({x = "table " .. i}), "t") end
  seen[env()] = (seen[env()] or 0) + 1
end
print(seen.global, seen["table 20"], seen["table 40"], seen["table 60"])

local a, b = 1, 2
local function get() return a end
local function count() b = b + 1 return b end
local function run(n, at)
  local s = 0
  for i = 1, n do
    s = s + get()
    if i == at then join(get, "a", count, "b") end
    if i > at and i % 10 == 0 then count() end
    s = s + get() * 3
  end
  return s
end
print(run(100, 1000), run(100, 1000))
print(run(200, 100), run(100, 0), run(1000, 0), a, b)

-- A loop that reads the variable itself, and closures that are made later.
local c, d = 1, 2
local function more() d = d + 1 end
local function make() return function() return c end end
local function read(n)
  local s, g = 0, make()
  for i = 1, n do
    s = s + c + g()
    if i % 10 == 0 then more() end
  end
  return s
end
print(read(100))
join(make, "c", more, "d")
join(read, "c", more, "d")
print(read(100), read(1000), c, d)

-- A function in a variable.
local function one() return 1 end
local function two() return 2 end
local which = one
local function call() return one() end
local function swap() which = which == one and two or one end
join(call, "one", swap, "which")
local function calls(n)
  local s = 0
  for i = 1, n do
    s = s + call()
    if i % 10 == 0 then swap() end
  end
  return s
end
print(calls(95), calls(1000))

-- Two variables of one function, and one of its own registers, become one.
local p, q = 1, 2
local function both(n)
  local s = 0
  for i = 1, n do
    p = p + 1
    s = s + q
    q = q + 1
    s = s + p
  end
  return s
end
join(both, "p", both, "q")
print(both(10), both(300), p, q)
local u = 0
local own
function own(n)
  local r, s = 1, 0
  local function inc() r = r + 1 end
  join(own, "u", inc, "r")
  for i = 1, n do
    u = u + 1
    s = s + r
    r = r + 1
    s = s + u
  end
  return s
end
print(own(10), own(300), u)
