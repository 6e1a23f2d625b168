-- Loops whose variables are of one type in one round and of another in the next.

local ints, floats, texts = {}, {}, {}
for i = 1, 30 do ints[i], floats[i], texts[i] = i * 7 % 31, i * 7 % 31 + 0.5, ("x"):rep(i % 5) end

local function sum(t, s) for i = 1, #t do s = s + t[i] end return s end
local function largest(t) local m = t[1] for i = 2, #t do if t[i] > m then m = t[i] end end return m end
local function power(b, n) local r = 1 for i = 1, n do r = r * b end return r end
local function lengths(t) local n = 0 for i = 1, #t do local v = t[i] n = n + #v end return n end
local function down(x) local n = 0 while x > 0 do x = x - 1 n = n + 1 end return x, n end
local function through(a, b, c) local s, n = 0, 0 for i = a, b, c do s = s + i n = n + 1 end return s, n end
local function last(t) local l for i = 1, #t do l = t[i] end return l end

local function check(round)
  local even = round % 2 == 0
  local t = even and ints or floats
  print(sum(t, 0), sum(ints, even and 0 or 0.0), largest(t), power(even and 3 or 1.5, 20))
  print(lengths(even and texts or { ints, floats, texts }), down(even and 10 or 9.5))
  print(through(even and 1 or 1.0, 20, 1), through(1, even and 20 or 20.5, 1), through(1, 10, even and 2 or 0.5))
  print(last(round % 3 == 0 and texts or t), pcall(sum, even and texts or ints, {}))
end

for round = 1, 200 do
  local even = round % 2 == 0
  local t = even and ints or floats
  sum(t, 0) sum(ints, even and 0 or 0.0) largest(t) power(even and 3 or 1.5, 20)
  lengths(even and texts or { ints, floats, texts }) down(even and 10 or 9.5)
  through(even and 1 or 1.0, 20, 1) through(1, even and 20 or 20.5, 1) through(1, 10, even and 2 or 0.5)
  last(round % 3 == 0 and texts or t)
  if round % 50 < 4 then check(round) end
end

-- The step is known to be an integer when the loop begins, and not before.
local object = { step = 2, n = 40 }
for _, step in ipairs { 2, 3, -1, 0.5, "2", 0 } do
  object.step = step
  local s, ok, e = 0, true
  for r = 1, 60 do
    ok, e = pcall(function() for i = 1, object.n, object.step do s = s + i end end)
  end
  print(s, ok, e)
end

-- Queues: windows of keys that move on.
for _, width in ipairs { 1, 7, 15, 16, 31, 100, 255 } do
  local queue, head, sum = {}, 1, 0
  for tail = 1, 1000 do
    queue[tail] = tail
    if tail - head >= width then
      sum = sum + queue[head]
      queue[head] = nil
      head = head + 1
    end
  end
  local n = 0
  for k, v in pairs(queue) do assert(k == v) n = n + 1 end
  print(width, head, sum, n)
end

-- Divisions of both kinds of numbers in one place.
do
  local function divided(a, b) return a // b, a % b end
  local values = { 7, -7, 2.5, -2.5, 3, -3, -1, 1, 0.0, -0.0, math.mininteger, math.maxinteger, 1 / 0, -1 / 0, 0 / 0 }
  local function show(x) return x ~= x and "nan" or tostring(x) end
  for round = 1, 30 do
    for _, a in ipairs(values) do
      for _, b in ipairs(values) do divided(a, b) end
    end
  end
  for _, a in ipairs(values) do
    local line = {}
    for _, b in ipairs(values) do
      local q, r = divided(a, b)
      line[#line + 1] = show(q) .. ":" .. show(r)
    end
    print(table.concat(line, " "))
  end
  print(pcall(divided, 1, 0), pcall(divided, 1.5, 0), pcall(divided, "10", 3), pcall(divided, {}, 3))
end

-- Numeric loops of changing kinds within a larger unit.
local function ramp(a, b, c) local t, n = 0, 0 for i = a, b, c do t = t + i n = n + 1 end return t, n end
local ends = {{1, 10, 1}, {1.0, 5, 0.5}, {10, 1, -1}, {0, 1, 0.25}, {3, 2, 1}, {5, -5, -2.5}, {1, 3.9, 1}, {math.maxinteger - 2, math.huge, 1}}
local sums = {}
for r = 1, 400 do
  for n, e in ipairs(ends) do
    local t, count = ramp(e[1], e[2], e[3])
    sums[n] = math.type(t) .. " " .. t .. " " .. count
  end
end
print(table.concat(sums, "; "))
local rounds = 0
for r = 1, 300 do
  local from = r % 2 == 0 and 1 or 1.0
  for i = from, 20 do
    rounds = rounds + (math.type(i) == "integer" and 1 or 100)
    if i > 15 and r % 3 == 0 then goto out end
    local kept = function() return i end
    rounds = rounds + kept() // 1
  end
  ::out::
end
print(rounds)
print(pcall(function() for r = 1, 300 do for i = 1, 5, r < 250 and (r % 2 == 0 and 1 or 0.5) or {} do rounds = i end end end))
