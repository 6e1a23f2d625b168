-- Each iteration has fresh locals; closures capture the iteration's own copies.
local fs = {}
for i = 1, 5 do fs[i] = function() i = i + 10 return i end end
print(fs[1](), fs[1](), fs[2](), fs[5](), fs[1]())

fs = {}
for k, v in pairs { a = 1 } do fs[1] = function() return k, v end end
for i, v in ipairs { "x", "y", "z" } do fs[i + 1] = function() return i, v end end
print(fs[1]())
print(fs[2](), fs[3](), fs[4]())

-- while and repeat: locals of the body are fresh each time
fs = {}
local n = 0
while n < 4 do
  n = n + 1
  local sq = n * n
  fs[n] = { get = function() return sq end, set = function(v) sq = v end }
end
fs[2].set("changed")
print(fs[1].get(), fs[2].get(), fs[3].get(), fs[4].get())

-- the until expression sees the body's locals, closures included
local i = 0
local kept = {}
repeat
  i = i + 1
  local done = i >= 3
  kept[i] = function() return i, done end
until done
print(kept[1]())
print(kept[3]())

-- break and goto close upvalues
local captured = {}
for j = 1, 10 do
  local v = j * 2
  captured[#captured + 1] = function() v = v + 1 return v end
  if j == 3 then break end
end
print(#captured, captured[1](), captured[1](), captured[2](), captured[3]())

do
  local list, k = {}, 1
  ::top::
  local y = k * 100
  list[k] = function() return y end
  k = k + 1
  if k <= 3 then goto top end
  print(list[1](), list[2](), list[3]())
end

-- a closure over the loop variable of an outer loop and a local of the inner
local grid = {}
for r = 1, 3 do
  for c = 1, 3 do
    local tag = r .. ":" .. c
    grid[#grid + 1] = function() tag = tag .. "!" return tag, r * c end
  end
end
print(grid[1](), grid[5](), grid[9](), grid[5]())

-- nested functions inside loops, all sharing one per-iteration variable
local pairs_ = {}
for q = 1, 3 do
  local shared = 0
  pairs_[q] = { function() shared = shared + q return shared end, function() return shared end }
end
for _, p in ipairs(pairs_) do p[1]() p[1]() end
print(pairs_[1][2](), pairs_[2][2](), pairs_[3][2]())

-- many closures made in a hot loop, checked afterwards
local many = {}
for m = 1, 3000 do
  local sq = m * m
  many[m] = function(d) sq = sq + (d or 0) return sq - m end
end
local sum = 0
for m = 1, 3000 do sum = sum + many[m](1) end
print(sum)
for m = 1, 3000, 2 do sum = sum + many[m]() end
print(sum)

-- error leaving the loop also closes the variable
local leaked
pcall(function()
  for z = 1, 5 do
    local inner = z
    leaked = function() inner = inner + 1 return inner end
    if z == 4 then error "stop" end
  end
end)
print(leaked(), leaked())

-- return out of the loop
local function find(t, p)
  for idx, v in ipairs(t) do
    if p(v) then return function() return idx, v end end
  end
end
print(find({ 5, 6, 7 }, function(v) return v > 5 end)())
-- captured in a numeric loop with float control
local ff = {}
for x = 0, 1, 0.25 do ff[#ff + 1] = function() return x end end
print(ff[1](), ff[2](), ff[5]())
