-- The length operator: borders of sequences, growth and shrinking at the end, # with holes obeys the definition.
local function is_border(t, b) return (b == 0 or t[b] ~= nil) and t[b + 1] == nil end
print(#{}, #{ 1 }, #{ 1, 2, 3 }, #{ nil }, #{ n = 1 }, #"", #{ [1] = 1, [2] = 2 }, #{ [0] = 1 }, #{ [-1] = 1, [0] = 2 })
local t = {}
for i = 1, 1000 do
  t[i] = i
  if #t ~= i then print("grow", i, #t) end
end
for i = 1000, 1, -1 do
  t[i] = nil
  if #t ~= i - 1 then print("shrink", i, #t) end
end
print(#t)
-- appending by #t + 1 and removing by #t
for i = 1, 500 do t[#t + 1] = i end
for i = 1, 250 do t[#t] = nil end
print(#t, t[250], t[251])
-- filled backwards: a sequence once complete
t = {}
for i = 64, 1, -1 do t[i] = i end
print(#t)
t = {}
for i = 1, 100 do t[i * 2] = true end
for i = 1, 100 do t[i * 2 - 1] = true end
print(#t)
-- with holes any border is right
math.randomseed(7)
local bad = 0
for round = 1, 200 do
  t = {}
  for i = 1, 60 do if math.random(3) > 1 then t[i] = i end end
  if not is_border(t, #t) then bad = bad + 1 end
  for i = 1, 60 do
    t[math.random(60)] = nil
    if not is_border(t, #t) then bad = bad + 1 end
    if i % 3 == 0 then t[math.random(80)] = 0 end
    if not is_border(t, #t) then bad = bad + 1 end
  end
end
print("bad borders", bad)
for _, h in ipairs { { 1, nil, 3 }, { nil, 2 }, { nil, nil, 3, nil }, { 1, 2, nil, nil, 5, nil }, { n = 0, nil, 1 } } do
  if not is_border(h, #h) then print "hole" end
end
-- constructors of every size around the powers of two
for _, n in ipairs { 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 49, 50, 51, 99, 100, 101, 255, 256, 257 } do
  local src = {}
  for i = 1, n do src[i] = tostring(i) end
  local c = load("return {" .. table.concat(src, ",") .. "}")()
  if #c ~= n or c[n] ~= n or c[n + 1] ~= nil then print("constructor", n, #c) end
  c[n + 1] = "more"
  if #c ~= n + 1 then print("after", n, #c) end
  c[n + 1] = nil
  c[n] = nil
  if #c ~= n - 1 then print("less", n, #c) end
end
-- table.unpack, pack and concat agree with #
print(#table.pack(1, 2, 3), select("#", table.unpack { 1, 2, 3 }), #{ table.unpack({ 1, 2, 3 }) }, #{ (table.unpack { 1, 2, 3 }) })
-- multiple results in constructors
local function three() return 1, 2, 3 end
local function none() end
print(#{ three() }, #{ three(), 4 }, #{ none() }, #{ 0, three() }, #{ none(), none() } == 0 or true, #{ three(), three() })
-- huge and negative keys do not disturb the border
t = { 1, 2, 3 }
t[1e15 | 0] = 1
t[-5] = 1
t[math.maxinteger] = 1
t[math.mininteger] = 1
t.x = 1
t[2.5] = 1
print(#t)
-- maxinteger as the last element
t = {}
t[math.maxinteger] = "m"
print(#t, t[math.maxinteger])
-- __len replaced on and off in a hot loop
local s = { 1, 2, 3, 4, 5 }
local sum = 0
for i = 1, 6000 do
  if i == 2000 then s[#s + 1] = 6 end
  if i == 3000 then setmetatable(s, { __len = function() return 1000 end }) end
  if i == 4000 then setmetatable(s, nil) end
  if i == 5000 then s[#s] = nil end
  sum = sum + #s
end
print(sum)
-- a stack and a ring buffer driven by #
local stack, maxlen = {}, 0
for i = 1, 3000 do
  if i % 7 < 4 then stack[#stack + 1] = i elseif #stack > 0 then stack[#stack] = nil end
  if #stack > maxlen then maxlen = #stack end
end
print(#stack, maxlen, stack[#stack])
-- strings
print(#"abc", #"\0\0", #("x"):rep(1e5 | 0), #"\u{10FFFF}")
print(pcall(function() return #5 end), pcall(function() return #nil end))
