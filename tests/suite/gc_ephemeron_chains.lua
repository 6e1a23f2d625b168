-- Chains of weak keys: each key is the value of another entry, in one table or in many.
local WEAK = {__mode = "k"}
local function count(t)
  local n = 0
  for _ in pairs(t) do n = n + 1 end
  return n
end

local function one_table(n)
  local t, first = setmetatable({}, WEAK), {}
  local key = first
  for i = 1, n do
    local value = {i}
    t[key] = value
    key = value
  end
  return t, first
end

-- Each table hangs on a key of the one before, with some entries whose keys nothing holds.
local function many_tables(n)
  local first = setmetatable({}, WEAK)
  local key, keys = {}, {}
  local root, t = key, first
  for i = 1, n do
    local next_table, next_key = setmetatable({}, WEAK), {i}
    t[key] = {next_table, next_key}
    t[{}] = next_key
    next_table[next_key] = false
    t, key = next_table, next_key
  end
  return first, root
end

local function length(t, key)
  local n = 0
  while t[key] do
    n = n + 1
    t, key = t[key][1], t[key][2]
  end
  return n
end

local function collect()
  for _ = 1, 5 do collectgarbage "step" end
  collectgarbage()
end

local t, first = one_table(300)
collect()
print(count(t))
local at = first
for _ = 1, 150 do at = t[at] end
first = nil
collect()
print(count(t), at[1])
at = nil
collect()
print(next(t))

local tables, root = many_tables(200)
collect()
print(length(tables, root), count(tables))
root = nil
collect()
print(next(tables))

-- Two chains that hold each other's keys, and a ring that nothing holds.
local a, b = setmetatable({}, WEAK), setmetatable({}, WEAK)
local start = {}
local key = start
for i = 1, 100 do
  local middle, last = {}, {}
  a[key], b[middle] = middle, last
  key = last
end
local ring = {}
key = ring
for i = 1, 50 do
  local value = {}
  a[key] = value
  key = value
end
a[key], ring = ring, nil
key = nil
collect()
print(count(a), count(b))

-- Functions and threads are keys as well.
local mixed = setmetatable({}, WEAK)
local makers = {
  function() return {} end,
  function() local x = 0 return function() x = x + 1 return x end end,
  function() return coroutine.create(function() end) end,
  function() return string.gmatch("a", "a") end,
}
local held = {}
key = held
for i = 1, 80 do
  local value = makers[i % #makers + 1]()
  mixed[key] = value
  key = value
end
key = nil
collect()
print(count(mixed))
held = nil
collect()
print(count(mixed))
