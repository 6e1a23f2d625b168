-- Instructions that native code leaves to others: each with operands that are quickly done, and
-- with such that call, raise or convert, in loops that are hot.

local function show(...)
  local out = {}
  for i = 1, select("#", ...) do
    out[i] = tostring((select(i, ...)))
  end
  print(table.concat(out, " "))
end

local log = {}
local meta = {
  __index = function(_, k) return "index " .. tostring(k) end,
  __newindex = function(t, k, v) rawset(t, k, v .. "!") end,
  __eq = function(a, b) return a.id == b.id end,
  __lt = function(a, b) return a.id < b.id end,
  __le = function(a, b) return a.id <= b.id end,
  __len = function() return 42 end,
  __concat = function(a, b) return "joined" end,
  __mod = function() return "mod" end,
  __idiv = function() return "idiv" end,
  __unm = function() return "unm" end,
}
local function object(id) return setmetatable({ id = id }, meta) end

-- Concatenation.
local parts = { "", "a", 1, 2.5, -0.0, 1e100, ("x"):rep(50), math.mininteger, "b" }
local function join(a, b, c) return a .. b .. c end
local function many(a, b) return a .. b .. a .. b .. a .. b .. a .. b .. a end
local sum = 0
for _ = 1, 20 do
  for i = 1, #parts do
    for j = 1, #parts do
      local s = join(parts[i], parts[j], parts[(i + j) % #parts + 1])
      sum = sum + #s + #many(parts[i], parts[j])
    end
  end
end
show("concat", sum, join(1, 2, 3), join(1.5, "", 2), many(1, 2), join("", "", ""))
for i = 1, 30 do
  local x = i == 25 and object(1) or i
  local s = "s" .. x .. "t"
  if i > 23 and i < 27 then show("concat", s) end
end
for i = 1, 30 do
  local x = i
  if i == 29 then x = {} end
  local ok, e = pcall(function() return "s" .. x .. "t" end)
  if not ok then show(e:gsub("^.-:", "")) end
end

-- Tables.
local function build(n)
  local t = { n, n + 1, n + 2, name = "t" .. n }
  t[n + 10] = n
  t[2.0] = "two"
  t[true] = false
  t[n + 0.5] = n
  return t
end
local total = 0
for i = 1, 200 do
  local t = build(i)
  total = total + #t + t[1] + (t[i + 10] or 0) + t[i + 0.5]
  for k, v in pairs(t) do
    if v == "two" then total = total + k end
  end
  for k, v in ipairs(t) do
    total = total + k
  end
end
show("tables", total)
local function store(t, k, v) t[k] = v end
local function fetch(t, k) return t[k] end
local place = { {}, {}, object(7) }
for i = 1, 120 do
  for _, k in ipairs { i, i + 0.5, "k" .. i % 9, i % 2 == 0, -i } do
    store(place[i % 3 + 1], k, "v")
    sum = sum + #tostring(fetch(place[(i + 1) % 3 + 1], k))
  end
end
show("store", sum, #place[1], #place[2], #place[3], fetch(place[3], "none"), fetch("text", "len") == string.len)
for _, k in ipairs { 0 / 0, false } do
  for i = 1, 30 do
    local key = i == 28 and k or i
    if key == false then key = nil end
    local ok, e = pcall(store, {}, key, 1)
    if not ok then show(i, (e:gsub("^.-:", ""))) end
  end
end
show(pcall(fetch, nil, 1))

-- Fields of many shapes.
local shapes = {}
for i = 1, 12 do
  local t = {}
  for j = 1, i do t["f" .. (i * j) % 13] = j end
  t.x = i
  shapes[i] = t
end
for r = 1, 60 do
  for i = 1, 12 do
    local t = shapes[i]
    sum = sum + t.x + (t.f1 or 0) + (t.f2 or 0)
    t.x = t.x + 1
    t.y = r
  end
end
show("fields", sum, shapes[3].x, shapes[12].y)

-- Closures over variables of a loop.
local makers = {}
for i = 1, 60 do
  local n = i
  makers[i] = function(d) n = n + d; return n end
  if i > 1 then sum = sum + makers[i](1) + makers[i - 1](i) end
end
show("closures", sum, makers[1](0), makers[60](0))

-- Comparisons and operators.
local values = { 1, 1.0, 2, 2.5, "a", "b", ("l"):rep(60), ("l"):rep(60), object(1), object(1), object(2), true }
local function compare(a, b)
  local n = a == b and 1 or 0
  local ok, less = pcall(function() return a < b end)
  n = n + (ok and (less and 2 or 4) or 8)
  ok, less = pcall(function() return a <= b end)
  return n + (ok and (less and 16 or 32) or 64)
end
local c = {}
for r = 1, 8 do
  for i = 1, #values do
    for j = 1, #values do
      c[i * 20 + j] = compare(values[i], values[j])
    end
  end
end
for i = 1, #values do
  local row = {}
  for j = 1, #values do row[j] = c[i * 20 + j] end
  show(table.unpack(row))
end
local function divide(a, b) return a // b, a % b, -a, ~(a | 0) end
for i = 1, 60 do
  local a, b = i % 3 == 0 and i + 0.0 or i, i % 4 == 0 and 2.0 or 7
  if i == 50 then b = 0 end
  if i == 52 then a = object(3) end
  if i == 54 then a = "10" end
  if i == 56 then a = 2.5 end
  local r = table.pack(pcall(divide, a, b))
  if i > 48 then show(i, table.unpack(r, 1, r.n)) end
end

-- Loops with steps that are not constant.
for r = 1, 40 do
  for _, step in ipairs { 1, -1, 3, 0.5, -2.5, 2 ^ 60 } do
    local n = 0
    for i = r, step > 0 and r + 9 or r - 9, step do
      n = n + i
      if n > 1e18 then break end
    end
    sum = sum + n
  end
end
show("loops", sum)
for i = 1, 30 do
  local step = i == 28 and 0 or 1
  if i == 29 then step = "1" end
  local ok, e = pcall(function() for _ = 1, 3, step do end end)
  if not ok then show(i, (e:gsub("^.-:", ""))) end
end
