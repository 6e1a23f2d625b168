-- What loops read again and again: through functions that are translated at their calls, behind guards that not every
-- iteration meets, and while the loop itself changes it.

-- a local variable that a function reads and the loop assigns
do
  local x = 0
  local function get() return x end
  local s = 0
  for i = 1, 20000 do x = i s = s + get() end
  print(s, x, get())
end
local function assigned(n)
  local x, y = 0, 100
  local function get() return x end
  local function both() return x * 2 + y end
  local s, t = 0, 0
  for i = 1, n do
    s = s + get()
    x = x + 1
    s = s + get()
    if i % 3 == 0 then y = y - 1 end
    t = t + both()
    y = y + 2
  end
  return s, t, x, y
end
for _ = 1, 6 do print(assigned(300)) end
local function types(n)
  local x = 1
  local function get() return x end
  local s = 0
  for i = 1, n do
    s = s + get()
    if i == n - 2 then x = 0.5 elseif i == n - 1 then x = "7" end
  end
  return s
end
for _ = 1, 40 do types(100) end
print(types(100), types(3))
-- an upvalue that is assigned by one function and read by another
local count = 0
local function add(v) count = count + v end
local function current() return count end
local function shared(n)
  local s = 0
  for i = 1, n do
    count = count + i
    s = s + current()
    if i % 4 == 0 then add(i) s = s - current() end
  end
  return s
end
for _ = 1, 60 do shared(100) end
print(shared(100), count)

-- functions with and without upvalues take turns, and not every iteration calls them
local f, u = print, 1
local function value() return f end
local function number() return u end
local function nothing() return 1 end
local function sometimes(g, n, c)
  local s
  for i = 1, n do if c then s = g() end end
  return s
end
for _ = 1, 60 do sometimes(value, 300, true) end
for _ = 1, 60 do sometimes(nothing, 300, false) end
print(sometimes(value, 10, true) == print, sometimes(nothing, 10, true), sometimes(nothing, 10, false))
local function arms(g, n)
  local s = 0
  for i = 1, n do
    if i % 2 == 0 then s = s + g() else s = s - g() end
    s = s + g()
  end
  return s
end
for k = 1, 200 do u = k arms(number, 100) end
print(arms(number, 100), arms(nothing, 100), pcall(arms, f, 1))

-- strings, and what is none
local function lengths(s, n, c)
  local r = 0
  for i = 1, n do
    if c[i % 2 + 1] then r = r + s:byte(1) else r = r + s:byte(2) end
    r = r + s:len() + #s
  end
  return r
end
local c = { true, false }
for i = 1, 200 do lengths(i % 2 == 0 and "ab" or ("x"):rep(100), 100, c) end
print(lengths("ab", 100, c), lengths(("y"):rep(50), 100, c))
for _ = 1, 3 do print(pcall(lengths, 12345, 100, c)) end
print(pcall(lengths, {}, 100, c))

-- fields behind guards of their shapes in both arms
local function fields(t, n)
  local s = 0
  for i = 1, n do
    if c[i % 2 + 1] then s = s + t.a else s = s - t.b end
    s = s + t.c + #t.list
  end
  return s
end
local t = { a = 1, b = 2, c = 3, list = { 1, 2, 3 } }
for _ = 1, 200 do fields(t, 100) end
print(fields(t, 100))
for _, other in ipairs { {}, { a = 1 }, { c = 1, b = 2, a = 3, list = {} }, setmetatable({}, { __index = t }), { a = 1, b = 2, c = "3", list = "list" } } do
  print(pcall(fields, other, 100))
end
local d = {}
for i = 1, 100 do d["k" .. i] = i end
d.a, d.b, d.c, d.list = 4, 5, 6, { 1 }
for _ = 1, 200 do fields(d, 100) end
print(fields(d, 100), pcall(fields, {}, 100))
