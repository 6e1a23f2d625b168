-- Upvalues through debug: get, set, id, join; user values; registry; metatables.
local a, b, c = 1, 2, 3
local function f() return a, b end
local function g() return b, c end
print(debug.getupvalue(f, 1), debug.getupvalue(f, 2), debug.getupvalue(f, 3))
print(debug.setupvalue(f, 1, "A"), a, debug.setupvalue(f, 9, 0))
print(f())
print(debug.upvalueid(f, 2) == debug.upvalueid(g, 1), debug.upvalueid(f, 1) == debug.upvalueid(g, 1), debug.upvalueid(f, 1) ~= debug.upvalueid(f, 2))
print(type(debug.upvalueid(f, 1)), debug.upvalueid(f, 5), debug.upvalueid(print, 1))

-- join: f's first upvalue becomes g's second
debug.upvaluejoin(f, 1, g, 2)
print(f())
c = 30
print(f(), a)
debug.upvaluejoin(f, 1, f, 2)
print(f())
b = "both"
print(f())

-- closures of one function, each with own variables, then joined
local function counter() local n = 0 return function() n = n + 1 return n end end
local c1, c2 = counter(), counter()
c1() c1()
print(c1(), c2())
debug.upvaluejoin(c2, 1, c1, 1)
print(c2(), c1(), c2())
print(debug.getupvalue(c1, 1))

-- hot functions whose upvalues are set, joined and retyped from outside
local k = 1
local function hot(n)
  local s = 0
  for i = 1, n do s = s + k end
  return s
end
print(hot(5000))
debug.setupvalue(hot, 1, 2)
print(hot(5000), k)
debug.setupvalue(hot, 1, 0.5)
print(hot(5000))
local other = 10
debug.upvaluejoin(hot, 1, function() return other end, 1)
print(hot(5000))
other = 20
print(hot(5000), k)
-- in the middle of the loop
local function mid(n)
  local s = 0
  for i = 1, n do
    s = s + k
    if i == 1000 then debug.setupvalue(debug.getinfo(1, "f").func, 1, 7) end
  end
  return s
end
k = 1
print(mid(2000), k)
local newk = 100
local function joined(n)
  local s = 0
  for i = 1, n do
    s = s + k
    if i == 500 then
      local me = debug.getinfo(1, "f").func
      for u = 1, 5 do if debug.getupvalue(me, u) == "k" then debug.upvaluejoin(me, u, function() return newk end, 1) end end
    end
  end
  return s
end
print(joined(1000))

-- the environment as an upvalue
local env = load "return tostring, x"
for i = 1, 3 do
  local n = debug.getupvalue(env, i)
  if n == "_ENV" then print(n, debug.setupvalue(env, i, { tostring = "mine", x = "X" })) end
end
print(env())

-- C functions
local gm = string.gmatch("a b", "%a")
print(debug.getupvalue(gm, 1), (select("#", debug.getupvalue(print, 1))))
print(pcall(debug.upvaluejoin, print, 1, f, 1))
print(pcall(debug.upvaluejoin, f, 9, f, 1))
print(pcall(debug.upvaluejoin, f, 1, f, 9))
print(pcall(debug.getupvalue, {}, 1))
print(pcall(debug.setupvalue, f, 1))
print(pcall(debug.upvalueid, f))

-- user values, registry, metatables
print(debug.getuservalue(5), debug.getuservalue(io.stdout, 1), debug.setuservalue(io.stdout, 1, 1))
print(pcall(debug.setuservalue, {}, 1))
print(type(debug.getregistry()), debug.getregistry()[2] == _G, type(debug.getregistry()._LOADED))
print(debug.getmetatable("").__index == string, debug.getmetatable(5), debug.getmetatable(nil))
print(debug.setmetatable(10, { __index = { plus = function(n, m) return n + m end } }))
print((5):plus(6), (1.5).plus == (2).plus)
debug.setmetatable(10, nil)
debug.setmetatable(print, { __index = function(_, key) return "fn." .. key end, __concat = function() return "cat" end })
print(print.x, (function() end).y, print .. print)
debug.setmetatable(print, nil)
debug.setmetatable(true, { __tostring = function(v) return v and "yes" or "no" end, __add = function() return 1 end, __unm = function(v) return not v end, __len = function() return 99 end })
print(tostring(true), tostring(false), true + false, -true, #false)
debug.setmetatable(true, nil)
local t = coroutine.create(print)
debug.setmetatable(t, { __call = function(co, ...) return coroutine.resume(co, ...) end })
t("called through the coroutine")
debug.setmetatable(t, nil)
print(pcall(debug.setmetatable, {}, 5))
print(tostring(true), pcall(function() return -true end))
