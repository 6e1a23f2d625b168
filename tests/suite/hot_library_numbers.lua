-- Library functions whose usual work native code has done in place, with usual and odd arguments in turn.

local odd = {3, -7, 2.5, -0.0, 0/0, 1/0, -1/0, math.mininteger, math.maxinteger, 2^53, 2^63, -2^63, 0, "10", " 0x1p4 ", "x", true, {}, print}
local function show(v)
  if v ~= v then return "nan" end
  if type(v) == "number" then return math.type(v) .. string.format("%.14g", v) end
  return (tostring(v):gsub("0x%x+", "ADDRESS"))
end
local function one(f) return function(x) local r = f(x) return r end end
local function two(f) return function(x, y) local r = f(x, y) return r end end
local sums = {}
for _, name in ipairs{"abs", "acos", "asin", "atan", "ceil", "cos", "cosh", "deg", "exp", "floor", "log", "log10", "modf",
    "rad", "sin", "sinh", "sqrt", "tan", "tanh", "tointeger", "type", "max", "min"} do
  local f = math[name]
  local call = load("local f = ... return function(x) local r = f(x) return r end")(f)
  local texts = {}
  for round = 1, 60 do
    for i = 1, 9 do call(i * 0.25) call(i) end
    for n, v in ipairs(odd) do
      local ok, r = pcall(call, v)
      texts[n] = ok and show(r) or r:gsub("^[^:]*:%d+: ", "")
    end
  end
  print(name, table.concat(texts, " | "))
end
for _, name in ipairs{"fmod", "ult", "atan", "log", "max", "min", "pow"} do
  local f = math[name]
  if f then
    local call = load("local f = ... return function(x, y) local r = f(x, y) return r end")(f)
    local sum = {}
    for round = 1, 30 do
      for i = 1, 9 do call(i, 3) call(i + (name == "ult" and 1 or 0.5), 2) end
      for n, v in ipairs(odd) do
        for m, w in ipairs(odd) do
          local ok, r = pcall(call, v, w)
          sum[n * 20 + m] = ok and show(r) or r:gsub("^[^:]*:%d+: ", "")
        end
      end
    end
    local text = {}
    for n = 1, #odd do for m = 1, #odd do text[#text + 1] = sum[n * 20 + m] end end
    print(name, table.concat(text, " "))
  end
end

-- Random numbers are those of the sequence, whichever way they are made.
math.randomseed(42)
local drawn = {}
for i = 1, 400 do
  local r
  if i % 5 == 0 then r = math.random() elseif i % 5 == 1 then r = math.random(10) elseif i % 5 == 2 then r = math.random(-5, 5)
  elseif i % 5 == 3 then r = math.random(0) else r = math.random(3.0) end
  if i > 390 then drawn[#drawn + 1] = show(r) end
end
print(table.concat(drawn, " "))
for _, args in ipairs{{0.5}, {5, 1}, {"3"}, {1, 2, 3}, {math.mininteger, math.maxinteger}, {{}}} do
  local ok, r
  for i = 1, 200 do ok, r = pcall(function() local v = math.random(table.unpack(args)) return v end) end
  print(ok, ok and math.type(r) or r)
end

-- Tables without metamethods.
local log = {}
local meta = {__index = function() return "index" end, __newindex = function() log[#log + 1] = "set" end, __len = function() return 99 end}
local t = setmetatable({}, meta)
for i = 1, 300 do
  local same = rawset(t, i, i * 2)
  rawset(t, "k" .. i % 7, i)
  if same ~= t then print("another table") end
end
print(#log, rawlen(t), rawget(t, "k3"), #t, t.none)
for _, key in ipairs{0/0, 1.5, 2^53, "long" .. ("x"):rep(60)} do
  local ok, e
  for i = 1, 200 do ok, e = pcall(function() local r = rawset(t, key, i) return r end) end
  print(ok, ok and rawget(t, key) or e)
end
print(pcall(function() local r = rawset(t, nil, 1) return r end))
print(pcall(function() local r = rawset(t, 1) return r end))
print(pcall(function() local r = rawlen(5) return r end))
local lengths = 0
for i = 1, 300 do lengths = lengths + rawlen(i % 2 == 0 and "four" or t) end
print(lengths)
local empty, counted = 0, 0
for i = 1, 300 do
  local s = i % 3 == 0 and {} or i % 3 == 1 and {i} or {x = i}
  if next(s) == nil then empty = empty + 1 end
  local k = next(s)
  while k do counted = counted + 1; s[k] = nil; k = next(s, k) end
end
print(empty, counted, pcall(function() local k = next({}, "none") return k end))

-- Metatables as others see them.
local protected, plain, object = setmetatable({}, {__metatable = "hidden"}), {}, setmetatable({}, meta)
local seen = {}
for i = 1, 600 do
  local v = i % 5 == 0 and "text" or i % 5 == 1 and protected or i % 5 == 2 and plain or i % 5 == 3 and object or 1
  local m = getmetatable(v)
  seen[m == meta and "meta" or m == getmetatable("") and "strings" or tostring(m)] = true
end
local names = {}
for k in pairs(seen) do names[#names + 1] = k end
table.sort(names)
print(table.concat(names, " "))
print(pcall(function() local m = getmetatable() return m end))

-- One of the values of select.
local picked = 0
for i = 1, 400 do
  local v = select(i % 3 + 1, 1, 10, 100)
  local w = select(-1 - i % 3, 1, 10, 100)
  local n = select("#", v, w)
  local none = select(5, 1, 2)
  picked = picked + v + w * 2 + n + (none and 1 or 0)
end
print(picked)
for _, n in ipairs{0, -4, 1.5, "2", "x", {}} do
  print(pcall(function() local v for i = 1, 200 do v = select(i > 150 and n or 1, 1, 2) end return v end))
end
local backwards = 0
for i = 1, 300 do backwards = backwards + #string.reverse(i % 2 == 0 and "abc" or ("long"):rep(i)) + string.reverse("ab\0"):byte(1) end
print(backwards, string.reverse("drawer"), string.reverse(12))
