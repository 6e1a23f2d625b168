-- Hot loops whose operand types change midway: every arithmetic and comparison site must follow.
local function add(a, b) return a + b end
local function kinds(n)
  local s = 0
  for i = 1, n do
    local x
    if i < n // 4 then x = i
    elseif i < n // 2 then x = i + 0.25
    elseif i < 3 * n // 4 then x = tostring(i)
    else x = i end
    s = add(s, x)
  end
  return s
end
print(kinds(100), kinds(8000))

-- integer overflow in the middle of a loop wraps; a float accumulator loses precision instead
local function climb(start, step, n)
  local v = start
  for _ = 1, n do v = v + step end
  return v
end
print(climb(0, 1, 10000), climb(math.maxinteger - 5000, 1, 10000), climb(math.maxinteger - 5000, 1.0, 10000) == 2.0 ^ 63, climb(math.mininteger + 10, -1, 3000))
print(climb(1, 0.1, 1000), climb("5", 1, 3), pcall(climb, {}, 1, 3))

-- a local that is an integer, then a float, then a string, then a table
local mt = { __add = function(a, b) return (type(a) == "table" and a.v or a) + (type(b) == "table" and b.v or b) end }
local function morph(n)
  local v, out = 1, {}
  for i = 1, n do
    if i == 2000 then v = 1.5 elseif i == 4000 then v = "2" elseif i == 6000 then v = setmetatable({ v = 3 }, mt) end
    local r = v + i
    if i % 1999 == 0 then out[#out + 1] = tostring(r) end
  end
  return table.concat(out, " ")
end
print(morph(8000))

-- comparisons
local function countless(t, lim)
  local c = 0
  for i = 1, #t do if t[i] < lim then c = c + 1 end end
  return c
end
local ints, floats, strs = {}, {}, {}
for i = 1, 3000 do ints[i] = i * 7 % 1000 floats[i] = ints[i] + 0.5 strs[i] = ("%04d"):format(ints[i]) end
print(countless(ints, 500), countless(ints, 499.5), countless(floats, 500), countless(strs, "0500"), countless(ints, math.huge), countless(floats, 0 / 0))
print(pcall(countless, ints, "500"))
print(pcall(countless, { 1, 2, {}, 4 }, 3))

-- division and modulo by a divisor that changes sign, kind and reaches zero
local function divs(a, list)
  local out = {}
  for i = 1, 3000 do
    local d = list[(i - 1) % #list + 1]
    local q, r = a // d, a % d
    if i > 3000 - #list then out[#out + 1] = q .. ":" .. r end
  end
  return table.concat(out, " ")
end
print(divs(17, { 5 }), divs(17, { 5, -5 }), divs(17, { 5, -5, 2.5, -2.5 }), divs(math.mininteger, { -1, 1, 2 }))
print(pcall(divs, 17, { 3, 2, 1, 0 }))
print((divs(17.0, { 1 / 0, 4 })))

-- loop counters of changing kind: the same loop run with integers and floats
local function loop(a, b, c)
  local n, last = 0, nil
  for i = a, b, c do n = n + 1 last = i end
  return n .. "/" .. tostring(last)
end
for _ = 1, 100 do loop(1, 50, 1) end
print(loop(1, 1000, 1), loop(1.0, 1000, 1), loop(1, 1000, 0.5), loop(1000, 1, -3), loop(1, 0, 1), loop(1, 10.7, 3), loop(math.maxinteger - 3, math.maxinteger, 2))

-- booleans and nil flowing through conditions
local function truthy(list, n)
  local c = 0
  for i = 1, n do
    local v = list[i % #list + 1]
    if v then c = c + 1 end
    if not v then c = c + 100 end
    local w = v or 1000
    if w == 1000 then c = c + 1 end
  end
  return c
end
print(truthy({ true, false }, 1000), truthy({ 0, "", true }, 999), truthy({ false }, 10))

-- unary operators over kinds
local function neg(v) return -v end
local r = {}
for i = 1, 4000 do
  local v = i < 1000 and i or i < 2000 and i / 2 or i < 3000 and tostring(i) or -i
  r[i % 4] = neg(v)
end
print(r[0], r[1], r[2], r[3], neg(math.mininteger) == math.mininteger, neg "0x10", neg(-0.0), pcall(neg, {}))
-- results whose type depends on the value
local function half(n) if n % 2 == 0 then return n // 2 end return n / 2 end
local si, sf = 0, 0
for i = 1, 5000 do
  local h = half(i)
  if math.type(h) == "integer" then si = si + h else sf = sf + h end
end
print(si, sf)
-- parameters missing, extra and nil
local function opt(a, b) b = b or 10 return a + b end
local t = 0
for i = 1, 3000 do
  if i % 3 == 0 then t = t + opt(i) elseif i % 3 == 1 then t = t + opt(i, i) else t = t + opt(i, nil, "ignored") end
end
print(t)
