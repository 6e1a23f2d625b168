-- Coroutines: transfer of values, status, wrap, running, isyieldable, generators.
local co = coroutine.create(function(a, b)
  print("start", a, b)
  local c = coroutine.yield(a + b)
  print("got", c)
  local d, e = coroutine.yield(c * 2, "two")
  print("got", d, e)
  return "done", d, e
end)
print(coroutine.status(co))
print(coroutine.resume(co, 1, 2))
print(coroutine.status(co))
print(coroutine.resume(co, 10))
print(coroutine.resume(co, "x", nil))
print(coroutine.status(co))
print(coroutine.resume(co))
print(coroutine.resume(co))

-- number of values
local echo = coroutine.wrap(function(...) local t = table.pack(...) while true do t = table.pack(coroutine.yield(t.n, table.unpack(t, 1, t.n))) end end)
print(echo())
print(echo(nil))
print(echo(1, nil, nil))
print(select("#", echo(nil, nil)))

-- running and isyieldable
local main, ismain = coroutine.running()
print(type(main), ismain, coroutine.isyieldable(), coroutine.status(main))
coroutine.wrap(function()
  local me, m = coroutine.running()
  print(type(me), m, coroutine.isyieldable(), coroutine.status(me), coroutine.status(main), coroutine.isyieldable(main))
  local inner = coroutine.create(function() print(coroutine.status(me)) end)
  coroutine.resume(inner)
end)()
print(pcall(coroutine.yield, 1))
print(coroutine.resume(main))
print(coroutine.resume(coroutine.create(function() return coroutine.resume((coroutine.running())) end)))

-- generators
local function range(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local t = {}
for v in range(5) do t[#t + 1] = v end
print(table.concat(t, " "))
local function permgen(a, n)
  n = n or #a
  if n <= 1 then coroutine.yield(table.concat(a)) else
    for i = 1, n do
      a[n], a[i] = a[i], a[n]
      permgen(a, n - 1)
      a[n], a[i] = a[i], a[n]
    end
  end
end
t = {}
for p in coroutine.wrap(function() permgen { "a", "b", "c" } end) do t[#t + 1] = p end
print(table.concat(t, " "))

-- a pipeline of filters: primes
local function gen(n) return coroutine.wrap(function() for i = 2, n do coroutine.yield(i) end end) end
local function filter(p, g) return coroutine.wrap(function() for n in g do if n % p ~= 0 then coroutine.yield(n) end end end) end
local x, primes = gen(60), {}
while true do
  local p = x()
  if p == nil then break end
  primes[#primes + 1] = p
  x = filter(p, x)
end
print(table.concat(primes, " "))

-- recursive tree traversal
local function insert(tree, k) if not tree then return { k = k } end if k < tree.k then tree.l = insert(tree.l, k) else tree.r = insert(tree.r, k) end return tree end
local function walk(tree) if tree then walk(tree.l) coroutine.yield(tree.k) walk(tree.r) end end
local tree
for _, k in ipairs { 5, 2, 8, 1, 9, 3 } do tree = insert(tree, k) end
t = {}
for k in coroutine.wrap(function() walk(tree) end) do t[#t + 1] = k end
print(table.concat(t, " "))

-- argument errors
print(pcall(coroutine.create))
print(pcall(coroutine.create, 1))
print(pcall(coroutine.resume, 1))
print(pcall(coroutine.status, nil))
print(pcall(coroutine.wrap, {}))
-- a C function as the body
print(coroutine.resume(coroutine.create(math.max), 3, 9, 4))
local cy = coroutine.create(coroutine.yield)
print(coroutine.resume(cy, "in", 1))
print(coroutine.resume(cy, "out", 2))
print(coroutine.status(cy))

-- hot: one coroutine resumed thousands of times, values of changing types
local gen2 = coroutine.wrap(function()
  local i = 0
  while true do
    i = i + 1
    if i <= 2000 then coroutine.yield(i) elseif i <= 4000 then coroutine.yield(i + 0.5) else coroutine.yield(tostring(i)) end
  end
end)
local sum = 0
for _ = 1, 6000 do sum = sum + gen2() end
print(sum)
-- many coroutines alive at once
local cos = {}
for i = 1, 500 do cos[i] = coroutine.wrap(function() local acc = i while true do acc = acc + coroutine.yield(acc) end end) cos[i]() end
local s = 0
for r = 1, 5 do for i = 1, 500 do s = s + cos[i](r) end end
print(s)
-- deep recursion inside a coroutine with a yield at the bottom
local function deep(n) if n == 0 then return coroutine.yield "bottom" end return (deep(n - 1)) + 1 end
local dc = coroutine.wrap(function() return deep(2000) end)
print(dc(), dc(5))
