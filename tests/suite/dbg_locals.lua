-- debug.getlocal, setlocal: parameters, varargs, temporaries, scopes, hot code changed from outside.
local function dump(level, n)
  local out = {}
  for i = 1, n or 20 do
    local name, v = debug.getlocal(level + 1, i)
    if not name then break end
    if not name:find "^%(" then out[#out + 1] = name .. "=" .. tostring(v) end
  end
  return table.concat(out, " ")
end
local function f(a, b)
  local c = a + b
  do
    local d = "inner"
    print(dump(1))
  end
  local e = true
  for i = 1, 1 do print(dump(1)) end
  for k, v in pairs { x = "y" } do print(dump(1)) end
  print(dump(1))
end
f(1, 2)

-- varargs have negative indices
local function v(x, ...)
  print(debug.getlocal(1, 1), debug.getlocal(1, -1))
  print(debug.getlocal(1, -2), debug.getlocal(1, -3))
  print(debug.setlocal(1, -1, "changed"), ...)
  return ...
end
print(v("p", "va", "vb"))

-- parameter names of a function that is not active
print(debug.getlocal(f, 1), debug.getlocal(f, 2), debug.getlocal(f, 3), debug.getlocal(v, 1), debug.getlocal(v, 2), debug.getlocal(print, 1))

-- setlocal from a callee, changing type
local function set(name, val)
  for i = 1, 100 do
    local n = debug.getlocal(2, i)
    if not n then return false end
    if n == name then return debug.setlocal(2, i, val) end
  end
end
local function victim()
  local x, y = 1, 2
  print(set("x", "a string"), set("y", { 5 }), set("nope", 1))
  return x, y[1]
end
print(victim())

-- a hot loop whose locals are changed behind its back
local function hot(n)
  local s, step = 0, 1
  for i = 1, n do
    s = s + step
    if i == 1000 then set("step", 2) end
    if i == 2000 then set("step", 0.5) end
    if i == 3000 then set("s", 0) end
  end
  return s
end
print(hot(4000))
-- the loop's own counter
local function loopvar()
  local seen = {}
  for i = 1, 5 do
    if i == 2 then set("i", 100) end
    seen[#seen + 1] = i
  end
  return table.concat(seen, " ")
end
print(loopvar())

-- coroutines
local co = coroutine.create(function(p)
  local q = p * 2
  coroutine.yield()
  return p, q
end)
coroutine.resume(co, 21)
print(debug.getlocal(co, 1, 1))
print(debug.getlocal(co, 1, 2))
print(debug.setlocal(co, 1, 2, "from outside"), debug.setlocal(co, 1, 99, 0))
print(coroutine.resume(co))
print(pcall(debug.getlocal, co, 1, 1))

-- shadowed names: the last one is active
do
  local s1 = "first"
  local s1 = "second"
  local n = 0
  for i = 1, 50 do if debug.getlocal(1, i) == "s1" then n = n + 1 end end
  print(n, s1)
end

-- captured variables are visible through both ways
local function cap()
  local z = 1
  local function inc() z = z + 1 return z end
  inc()
  set("z", 10)
  local r = inc()
  return z, r
end
print(cap())

-- errors
print(pcall(debug.getlocal, 50, 1))
print(pcall(debug.setlocal, 50, 1, 0))
print(pcall(debug.getlocal, 1))
print(pcall(debug.getlocal, "x", 1))
print(pcall(debug.setlocal, 1, 1))
print(debug.getlocal(1, 1000), debug.getlocal(1, -1), debug.setlocal(1, 1000, 1))
-- C functions have only temporaries
print(pcall(function() return (debug.getlocal(0, 1)) end))
-- to-be-closed and const variables
do
  local c <const> = 5
  local d <const> = {}
  local t <close> = nil
  local names = {}
  for i = 1, 60 do local n = debug.getlocal(1, i) if n == "c" or n == "d" or n == "t" then names[#names + 1] = n end end
  print(table.concat(names, " "))
end
-- recursion: each level has its own
local function rec(n)
  if n == 0 then
    local sum = 0
    for l = 1, 5 do local _, val = debug.getlocal(l, 1) sum = sum * 10 + val end
    return sum
  end
  return (rec(n - 1))
end
print(rec(4))
-- the temporaries of a block that is being closed
do
  local function list()
    local k, names = 1, {}
    while true do
      local n, v = debug.getlocal(3, k)
      if not n then break end
      names[k], k = n .. " " .. type(v), k + 1
    end
    return table.concat(names, ", ")
  end
  local closing = {__close = function() print(list()) end}
  local function f() local a = 1 do local c <close> = setmetatable({}, closing) end return a end
  f()
end
