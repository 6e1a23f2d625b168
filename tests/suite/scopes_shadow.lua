-- Lexical scope: shadowing, block lifetimes, function-local names, globals against locals, many locals.
local x = "outer"
do
  local x = "inner"
  print(x)
  do
    x = x .. "+"
    local x = x .. "deep"
    print(x)
  end
  print(x)
end
print(x)
-- the initialiser sees the outer variable
local x = x .. "2"
print(x)
local function f() return x end
local x = "third"
print(f(), x)
-- loops and conditions open scopes
for x = 1, 2 do local y = x io.write(x, y, " ") end
for x, y in pairs { k = "v" } do io.write(x, y, " ") end
while true do local x = "w" io.write(x, " ") break end
repeat local x = "r" io.write(x, " ") until x == "r"
if true then local x = "i" io.write(x, "\n") end
print(x, y)
-- parameters shadow, functions may share names with their parameters and locals
local function name(name) local name = name .. "!" return name end
print(name "n")
local rec = function() return rec end
print(rec() == nil)
local function rec2() return rec2 end
print(rec2() == rec2)
-- a function declared in a block is local to it only if said so
do
  local function only() return "local" end
  function everywhere() return only() end
end
print(only, everywhere())
everywhere = nil
-- globals created by assignment, hidden by locals
g = 1
do
  local g = 2
  _ENV.g = 3
  print(g, _G.g)
  g = 4
end
print(g)
g = nil
-- self is an ordinary parameter
local o = { self = "field" }
function o:m() local me = self do local self = "shadow" return me == o, self end end
print(o:m())
function o.n(self) return self end
print(o.n "explicit", o:n() == o)
-- vararg functions inside non-vararg functions have their own ...
local function va(...) local inner = function(...) return select("#", ...) end return inner(1, ...), select("#", ...) end
print(va(1, 2))
-- 200 locals in one function; registers beyond 128
local src = {}
for i = 1, 190 do src[#src + 1] = ("local v%d = %d"):format(i, i) end
src[#src + 1] = "local function sum() local s = 0"
for i = 1, 190, 2 do src[#src + 1] = ("s = s + v%d"):format(i) end
src[#src + 1] = "return s end v1, v189 = v189, v1 v190 = v190 + v100 return v1, v189, v190, sum()"
print(load(table.concat(src, "\n"))())
-- blocks reuse registers: variables of sibling blocks do not leak into each other
local leaks = 0
for i = 1, 200 do
  do local a, b, c = i, {}, "s" end
  do local a, b, c if a ~= nil or b ~= nil or c ~= nil then leaks = leaks + 1 end end
  do local t = { i } local u = t[1] end
  local z
  if z then leaks = leaks + 1 end
  z = i
end
print(leaks)
local function fresh(flag)
  local t = {}
  for i = 1, 3 do
    local v
    if flag and i == 2 then v = "set" end
    t[i] = tostring(v)
  end
  return table.concat(t, " ")
end
print(fresh(true), fresh(false))
do
  local k = 0
  ::top::
  local uninit
  if uninit ~= nil then print "leak through goto" end
  uninit = k
  k = k + 1
  if k < 3 then goto top end
end
-- closures over shadowed names
local fns = {}
do
  local v = 1
  fns[1] = function() v = v + 1 return v end
  local v = 10
  fns[2] = function() v = v + 10 return v end
  do local v = 100 fns[3] = function() v = v + 100 return v end end
  fns[4] = function() return v end
end
print(fns[1](), fns[2](), fns[3](), fns[1](), fns[4]())
-- nested function definitions capture the variable visible at their place
local a = 1
local function one() return a end
local a = 2
local function two() return a, one() end
a = 3
print(one(), two())
-- hot function with shadowed locals of different kinds
local function shadow(n)
  local v, out = 0, 0
  for i = 1, n do
    local v = v + i
    if i % 2 == 0 then local v = tostring(v) out = out + #v else local v = v / 2 out = out + v end
    out = out + v
  end
  return out, v
end
print(shadow(4000))
-- assignments to outer locals from inner blocks persist
local acc = {}
for i = 1, 3 do
  acc[i] = (acc[i - 1] or 0) + i
  do local acc = "hidden" end
end
print(table.concat(acc, " "))
