-- Globals, upvalues and library functions replaced while hot code depends on them.
counter = 0
function bump() counter = counter + 1 end
for i = 1, 3000 do
  bump()
  if i == 1000 then function bump() counter = counter + 2 end end
  if i == 2000 then local old = bump bump = function() old() old() end end
end
print(counter)

-- a global that changes type, disappears, and gets a metatable to supply it
val = 1
local function sum(n) local s = 0 for i = 1, n do s = s + val end return s end
print(sum(2000))
val = 0.5
print(sum(2000))
val = "3"
print(sum(2000))
val = nil
print(pcall(sum, 10))
setmetatable(_G, { __index = function(_, k) return k == "val" and 4 or nil end })
print(sum(2000))
rawset(_G, "val", 6)
print(sum(2000))
val = nil
setmetatable(_G, nil)

-- assignment to new globals through __newindex
local made = {}
setmetatable(_G, { __newindex = function(t, k, v) made[#made + 1] = k rawset(t, k, v) end })
for i = 1, 2000 do
  newglobal = i
  if i == 1500 then newglobal = nil end
end
setmetatable(_G, nil)
print(#made, newglobal)
newglobal = nil

-- library functions cached in locals against those read each time
local lmax, r1, r2 = math.max, 0, 0
local orig = math.max
for i = 1, 3000 do
  if i == 1500 then math.max = function(a, b) return a end end
  r1 = r1 + lmax(i, 1500)
  r2 = r2 + math.max(i, 1500)
end
math.max = orig
print(r1, r2)
local oipairs, otype, opairs, oselect = ipairs, type, pairs, select
local n = 0
for i = 1, 2000 do
  if i == 1000 then
    ipairs = function() return function(_, k) if k < 2 then return k + 1 end end, nil, 0 end
    type = function() return "fake" end
    select = function() return 7 end
  end
  for k in ipairs { 1, 2, 3, 4 } do n = n + k end
  if type(i) == "fake" then n = n + 1 end
  n = n + select("#", 1, 2)
end
ipairs, type, pairs, select = oipairs, otype, opairs, oselect
print(n)
local omath = math
local floors = 0
for i = 1, 2000 do
  if i == 1000 then math = { floor = function(x) return -x end } end
  floors = floors + math.floor(i + 0.5)
end
math = omath
print(floors)
local osetm, count = setmetatable, 0
for i = 1, 1000 do
  if i == 500 then setmetatable = function(t) count = count + 1 return t end end
  local o = setmetatable({}, { __len = function() return 1 end })
  count = count + #o
end
setmetatable = osetm
print(count)

-- upvalues shared between a hot loop and the function it calls
local shared, flips = 1, 0
local function poke(i) if i % 500 == 0 then flips = flips + 1 shared = flips % 2 == 0 and 1 or 0.5 end end
local acc = 0
for i = 1, 5000 do poke(i) acc = acc + shared end
print(acc, flips)
local f = function() return 1 end
local function callf(k) local s = 0 for i = 1, k do s = s + f() if i == k // 2 then f = function() return 2.5 end end end return s end
print(callf(2000), callf(2000))
-- constants in disguise: an upvalue that never changes until it does
local K = 10
local function scale(t) local s = 0 for i = 1, #t do s = s + t[i] * K end return s end
local data = {}
for i = 1, 500 do data[i] = i end
local before = 0
for _ = 1, 10 do before = before + scale(data) end
K = 3
print(before, scale(data))
K = setmetatable({}, { __mul = function(a, b) return 1 end })
print(scale(data))
K = nil
print(pcall(scale, data))
-- next and pairs captured early work after the globals are gone
local pr, nx = pairs, next
pairs, next = nil, nil
local c = 0
for k, v in pr { a = 1, b = 2 } do c = c + v end
for k, v in nx, { 5, 6 } do c = c + v end
pairs, next = pr, nx
print(c)
counter, bump = nil, nil
