-- Traversals with pairs and ipairs in hot code, of tables that change and of what are none.

local function sum(t) local s, n = 0, 0 for i, v in ipairs(t) do s = s + i * v n = n + 1 end return s, n end
local function only(t) local n = 0 for i in ipairs(t) do n = n + i end return n end
local function three(t) local s = 0 for i, v, w in ipairs(t) do s = s + v if w ~= nil then s = -1 end end return s end
local function entries(t) local s, n = 0, 0 for k, v in pairs(t) do s = s + v n = n + 1 end return s, n end
local lists = {{1, 2, 3}, {}, {1.5, 2.5}, {1, 2, nil, 4}, {n = 5}, {5, 4, 3, 2, 1, 0, -1, -2, -3}}
local out = {}
for r = 1, 300 do
  for n, t in ipairs(lists) do
    local s, c = sum(t)
    local e, d = entries(t)
    out[n] = s .. "/" .. c .. "/" .. only(t) .. "/" .. three(t) .. "/" .. e .. "/" .. d
  end
end
print(table.concat(out, " "))

-- Elements behind a metatable, and others' iterators.
local calls = 0
local behind = setmetatable({1, 2}, {__index = function(_, k) calls = calls + 1 if k < 6 then return k * 10 end end})
local chained = setmetatable({}, {__index = {7, 8, 9}})
local total = 0
for r = 1, 200 do total = total + sum(behind) + sum(chained) + only(behind) end
print(total, calls)
local own = setmetatable({1}, {__pairs = function(t) return function(_, k) if not k then return "a", 5 elseif k == "a" then return "b", 6 end end, t, nil end})
total = 0
for r = 1, 200 do total = total + entries(own) + entries{1, 2, x = 3} end
print(total)

-- Tables that change under way.
local grown = 0
for r = 1, 200 do
  local t = {1, 2, 3}
  for i, v in ipairs(t) do
    if i < 20 then t[#t + 1] = i end
    if i == 10 and r % 2 == 0 then t[#t] = nil end
    if i == 5 and r % 3 == 0 then setmetatable(t, {__index = function(_, k) if k == 30 then return 100 end end}) end
    grown = grown + v
  end
  for k, v in pairs(t) do t[k] = nil grown = grown + 1 end
  if next(t) then print("left") end
end
print(grown)

-- Variables that closures keep, jumps, and loops within loops.
local kept, acc = {}, 0
for r = 1, 150 do
  for i, v in ipairs{r, r + 1, r + 2, r + 3} do
    if i == 2 then goto continue end
    if v % 50 == 0 then break end
    kept[#kept % 7 + 1] = function() i = i + 1 return i + v end
    for j, w in ipairs{v, i} do acc = acc + w * j for k, x in pairs{w} do acc = acc + k * x end end
    ::continue::
  end
  for _, f in ipairs(kept) do acc = acc + f() end
end
print(acc)

-- What is no table.
for _, v in ipairs{nil, 1} do print("never") end
for _, bad in ipairs{5, "text", true, print} do
  local ok, why
  for r = 1, 120 do ok, why = pcall(sum, r > 100 and bad or {1}) end
  print(ok, why)
  for r = 1, 120 do ok, why = pcall(entries, r > 100 and bad or {1}) end
  print(ok, (tostring(why):gsub("0x%x+", "ADDRESS")))
end
print(pcall(sum))
print(pcall(entries))
print(pcall(function() for i in ipairs() do end end))
local strings = getmetatable("")
local index = strings.__index
strings.__index = function(s, k) if type(k) == "number" then if k <= #s then return k end return nil end return index[k] end
total = 0
for r = 1, 200 do total = total + sum("four") + sum{1} end
strings.__index = index
print(total)

-- Iterators that yield between, hooks that count, and debug's view.
local function gen(t) return coroutine.wrap(function() for i, v in ipairs(t) do coroutine.yield(i + v) end for k, v in pairs(t) do coroutine.yield(v) end end) end
total = 0
for r = 1, 100 do for v in gen{r, 2, 3} do total = total + v end end
print(total)
local function state(t)
  for i, v in ipairs(t) do
    if i == 3 then
      local names = {}
      for n = 1, 7 do local name, value = debug.getlocal(1, n) names[n] = name .. "=" .. type(value) end
      return table.concat(names, " ")
    end
  end
end
local view
for r = 1, 200 do view = state{1, 2, 3, 4} end
print(view)
local function changed(t)
  local s = 0
  for i, v in ipairs(t) do
    s = s + i
    if i == 2 then debug.setlocal(1, 5, 3) end
    if #t == 5 and i == 4 then debug.setlocal(1, 4, 3) end
  end
  return s
end
total = 0
for r = 1, 200 do total = total + changed{1, 2, 3, 4, 5, 6} end
print(total)
for r = 1, 200 do view = select(2, pcall(changed, {1, 2, 3, 4, 5})) end
print(view)

-- Other functions of the same names.
local real, called = ipairs, 0
local function each(t) local s = 0 for i, v in ipairs(t) do s = s + v end return s end
for r = 1, 300 do
  if r == 200 then ipairs = function(t) called = called + 1 return real(t) end end
  if r == 250 then ipairs = function(t) return function(_, i) if i < 3 then return i + 1, i end end, t, 0 end end
  if r == 280 then ipairs = pairs end
  total = total + each{r, 1, 2}
end
ipairs = real
print(total, called)
