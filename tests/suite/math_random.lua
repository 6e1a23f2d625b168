-- math.random: the xoshiro256** sequence for given seeds, ranges, projections, errors.
math.randomseed(42)
for i = 1, 6 do print(math.random(0)) end
math.randomseed(42)
for i = 1, 4 do print(string.format("%.17g", math.random())) end
math.randomseed(42)
local t = {}
for i = 1, 20 do t[i] = math.random(100) end
print(table.concat(t, " "))
for i = 1, 20 do t[i] = math.random(-10, 10) end
print(table.concat(t, " "))
math.randomseed(1, 2)
print(math.random(0), math.random(0))
math.randomseed(0)
print(math.random(0), math.random(1 << 40), math.random(math.mininteger, math.maxinteger), math.random(7, 7), math.random(math.maxinteger))
math.randomseed(-1, -1)
print(math.random(0))
-- a float seed is used by its integer value when it has one, else by its bits
math.randomseed(42.0)
local a = math.random(0)
math.randomseed(42)
print(a == math.random(0))
math.randomseed(42, 0)
print(a == math.random(0))
-- the same seed gives the same sequence
local function seq(s, n) math.randomseed(s) local r = {} for i = 1, n do r[i] = math.random(1000) end return table.concat(r, ",") end
print(seq(7, 50) == seq(7, 50), seq(7, 50) ~= seq(8, 50))
-- randomseed with no argument returns the two seed components, which reproduce the sequence
local x, y = math.randomseed()
print(math.type(x), math.type(y))
local s1 = { math.random(0), math.random(0) }
math.randomseed(x, y)
print(s1[1] == math.random(0), s1[2] == math.random(0))
print(select("#", math.randomseed(5)), select("#", math.randomseed()))

-- errors
print(pcall(math.random, 0.5))
print(pcall(math.random, 2, 1))
print(pcall(math.random, -5))
print(pcall(math.random, 1, 2, 3))
print(pcall(math.random, "x"))
print(pcall(math.randomseed, "x"))
print(pcall(math.random, 1, {}))
print(math.random(1), math.random(5, 5), math.random("1", "1"), math.random(3.0, 3.0))

-- distributions and bounds
math.randomseed(123)
local count, lo, hi = {}, 1, 0
for _ = 1, 12000 do
  local r = math.random(6)
  count[r] = (count[r] or 0) + 1
  local f = math.random()
  if f < lo then lo = f end
  if f > hi then hi = f end
end
for i = 1, 6 do io.write(count[i], " ") end
print(lo >= 0 and lo < 0.001, hi < 1 and hi > 0.999)
local inside = 0
for _ = 1, 20000 do
  local p, q = math.random(), math.random()
  if p * p + q * q <= 1 then inside = inside + 1 end
end
print(inside)
for _, r in ipairs { { 1, 2 }, { -3, 3 }, { 0, 255 }, { math.mininteger, 0 }, { 0, math.maxinteger }, { math.maxinteger - 2, math.maxinteger } } do
  local ok = true
  for _ = 1, 300 do
    local v = math.random(r[1], r[2])
    if math.type(v) ~= "integer" or v < r[1] or v > r[2] then ok = false end
  end
  print(r[1], r[2], ok, math.random(r[1], r[2]))
end
-- shuffle and sample
math.randomseed(2024)
local deck = {}
for i = 1, 52 do deck[i] = i end
for i = #deck, 2, -1 do
  local j = math.random(i)
  deck[i], deck[j] = deck[j], deck[i]
end
print(table.concat(deck, " "))
table.sort(deck)
local whole = true
for i = 1, 52 do whole = whole and deck[i] == i end
print(whole)
-- interleaved uses of the three forms
math.randomseed(99)
local h = 0
for i = 1, 3000 do
  if i % 3 == 0 then h = h ~ math.random(0)
  elseif i % 3 == 1 then h = h + math.random(1000)
  else h = h ~ (math.random() * 2 ^ 53 | 0) end
end
print(h)
