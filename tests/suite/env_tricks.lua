-- _ENV: as upvalue, local, parameter, nil, with metatables; globals seen by functions.
x = "global x"
do
  local _ENV = { print = print, x = "env x" }
  print(x, y)
  y = "set"
  print(y, _ENV.y)
end
print(x, y)

local function sandbox(_ENV) a = 1 b = a + 1 return _ENV end
local r = sandbox {}
print(r.a, r.b, a, b)

-- functions keep the _ENV of their definition
local function mk(name)
  local _ENV <const> = { tostring = tostring, name = name }
  function get() return tostring(name) end
  function set(n) name = n end
  return _ENV
end
local e1, e2 = mk "one", mk "two"
e1.set "changed"
print(e1.get(), e2.get(), rawequal(e1.get, e2.get))

-- inheritance from _G, strict mode, tracing of reads and writes
local strict = setmetatable({}, {
  __index = function(_, k) error("undeclared " .. k, 2) end,
  __newindex = function(_, k) error("assign " .. k, 2) end,
})
print(pcall(load("return undefinedvar", "=s", "t", strict)))
print(pcall(load("newvar = 1", "=s", "t", strict)))
local trace = {}
local tracer = setmetatable({}, { __index = function(_, k) trace[#trace + 1] = "r:" .. k return _G[k] end, __newindex = function(_, k, v) trace[#trace + 1] = "w:" .. k end })
load("q = math.max(1, 2); p = q; local l = tostring(p)", "t", "t", tracer)()
print(table.concat(trace, " "))

-- _ENV as nil or a non-table
print(pcall(function() local _ENV = nil; return foo end))
print(pcall(function() local _ENV = 5; bar = 1 end))
print((function() local _ENV = "str"; return len end)() == string.len)
print(pcall(function() local _ENV <const> = {}; foo() end))

-- load and setupvalue change the environment of a function
local chunk = load "v = (v or 0) + 1; return v"
print(chunk(), chunk(), v)
debug.setupvalue(chunk, 1, { v = 100 })
print(chunk(), v)
print(debug.getupvalue(chunk, 1), (select(2, debug.getupvalue(chunk, 1))).v)
local env = {}
local c1 = load("n = 1 function f() n = n + 1 return n end", "c", "t", env)
c1()
print(env.f(), env.f(), n)
print(load("return ...", "c", "t", nil)(7), pcall(load("return x", "c", "t", nil)))
-- a function without globals has no _ENV upvalue
print(debug.getupvalue(function() return 1 end, 1), (debug.getupvalue(function() return print end, 1)))

-- _ENV in loops and closures: each iteration its own environment
local gs = {}
for i = 1, 3 do
  local _ENV = { i = i }
  gs[i] = function() count = (count or 0) + i return count end
end
print(gs[1](), gs[1](), gs[2](), gs[3]())
-- assignment to _ENV itself
do
  local old = _ENV
  local _ENV = { print = print, old = old }
  z = "in new"
  print(z, old.z)
  _ENV = old
  print(z)
end
-- method definitions and nested fields in a custom environment
local mod = (function(_ENV)
  M = {}
  function M.f() return "f" end
  function M:g() return self == M, f2() end
  function f2() return "f2" end
  return M
end)(setmetatable({}, { __index = _G }))
print(mod.f(), mod:g())
print(f2)

-- hot: global access while the environment table and its metatable change
local G = setmetatable({}, { __index = _G })
local body = load("local n = ... local s = 0 for i = 1, n do s = s + val end return s", "hot", "t", G)
G.val = 1
print(body(5000))
G.val = 0.5
print(body(5000))
G.val = nil
getmetatable(G).__index = function(_, k) return k == "val" and 2 or nil end
print(body(5000))
debug.setupvalue(body, 1, { val = 3 })
print(body(5000))
-- a global function replaced while a loop calls it
function step(i) return i end
local s = 0
for i = 1, 4000 do
  s = s + step(i)
  if i == 2000 then function step(i) return -i end end
  if i == 3000 then step = math.abs end
end
print(s)
-- all access through _G equals access through _ENV
_G.shared = 1
shared = shared + 1
_ENV.shared = _ENV.shared + 1
print(_G.shared, rawget(_G, "shared"), _G._G == _G, _ENV == _G)
x, y, v, step, shared = nil
