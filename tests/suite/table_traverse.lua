-- next and pairs: modification during traversal, completeness, removal, order of the array part.
local t = {}
for i = 1, 100 do t[i] = i end
for i = 1, 100 do t["k" .. i] = i end
-- clearing every field while traversing visits each exactly once
local n, sum = 0, 0
for k, v in pairs(t) do
  n = n + 1
  sum = sum + v
  t[k] = nil
end
print(n, sum, next(t))

-- assigning to existing fields is allowed
t = {}
for i = 1, 50 do t[i] = i t["s" .. i] = -i end
n = 0
for k, v in pairs(t) do
  n = n + 1
  t[k] = type(k) == "number" and "num" or { v }
end
print(n, t[1], t[50], t.s1[1], t.s50[1])
-- removing other fields: each survivor is seen once
t = {}
for i = 1, 200 do t["x" .. i] = true end
local seen = {}
for k in pairs(t) do
  seen[k] = (seen[k] or 0) + 1
  local num = tonumber(k:sub(2))
  if num % 2 == 0 then t["x" .. num - 1] = nil end
end
local evens, twice = 0, 0
for k, c in pairs(seen) do
  if tonumber(k:sub(2)) % 2 == 0 then evens = evens + 1 end
  if c > 1 then twice = twice + 1 end
end
print(evens, twice)
-- collection during a traversal that clears
t = {}
for i = 1, 300 do t[{}] = i end
n = 0
for k in pairs(t) do
  t[k] = nil
  n = n + 1
  if n % 60 == 0 then collectgarbage() end
end
print(n, next(t))

-- a sequence is traversed in order by ipairs, and its elements once by pairs
t = { 10, 20, 30, x = 1, y = 2, [100] = 3 }
local ik = {}
for i, v in ipairs(t) do ik[#ik + 1] = i .. "=" .. v end
print(table.concat(ik, " "))
local keys = {}
for k in pairs(t) do keys[#keys + 1] = tostring(k) end
table.sort(keys)
print(table.concat(keys, " "))

-- next by hand
local k, v = next(t)
local count = 0
while k ~= nil do
  count = count + 1
  assert(t[k] == v)
  k, v = next(t, k)
end
print(count, next({}), next({}, nil), next({ nil }), rawlen({ nil, nil, 3 }) >= 0)
print(pcall(next, {}, 1))
print(pcall(next, { 1, 2 }, 3))
print(pcall(next, { a = 1 }, "b"))
print(pcall(next))
print(pcall(next, 5))
print(next({ 1 }, 1), next({ a = 1 }, "a"))

-- nested traversals of one table
t = { a = 1, b = 2, c = 3 }
local pairsum = 0
for k1, v1 in pairs(t) do for k2, v2 in pairs(t) do pairsum = pairsum + v1 * v2 end end
print(pairsum)
-- break and restart
local firsts = {}
for i = 1, 3 do for kk in pairs(t) do firsts[i] = kk break end end
print(firsts[1] == firsts[2] and firsts[2] == firsts[3])

-- deep copy, equality, inversion, counting: traversal-based utilities
local function copy(x, memo)
  if type(x) ~= "table" then return x end
  memo = memo or {}
  if memo[x] then return memo[x] end
  local r = {}
  memo[x] = r
  for kk, vv in pairs(x) do r[copy(kk, memo)] = copy(vv, memo) end
  return setmetatable(r, getmetatable(x))
end
local function equal(a, b)
  if a == b then return true end
  if type(a) ~= "table" or type(b) ~= "table" then return false end
  for kk, vv in pairs(a) do if not equal(vv, b[kk]) then return false end end
  for kk in pairs(b) do if a[kk] == nil then return false end end
  return true
end
local orig = { 1, { 2, { 3, x = "y" } }, name = "orig", f = 1.5 }
orig.self = orig
local dup = copy(orig)
print(dup ~= orig, dup.self == dup, dup[2][2].x, equal({ 1, { 2 } }, { 1, { 2 } }), equal({ 1 }, { 1, 2 }))
-- table with a metamethod is traversed raw by next
local proxy = setmetatable({ raw = 1 }, { __index = { hidden = 2 } })
for kk, vv in next, proxy do print(kk, vv) end

-- hot traversal while the table changes size and key kinds between rounds
local work, total = {}, 0
for round = 1, 300 do
  if round <= 100 then work[round] = round
  elseif round <= 200 then work["k" .. round] = round
  else work[round - 200] = nil work[round + 0.5] = 1 end
  for _, vv in pairs(work) do total = total + vv end
end
print(total)
local cnt = 0
for _ in pairs(work) do cnt = cnt + 1 end
print(cnt)
-- the iterator state may be kept and resumed in a coroutine
local gen = coroutine.wrap(function() for kk, vv in pairs { 5, 6, 7 } do coroutine.yield(kk, vv) end end)
print(gen()) print(gen()) print(gen())
-- insertion through another alias after the traversal ended is fine
for i = 1, 5 do
  local fresh = { i }
  for _ in pairs(fresh) do end
  fresh[#fresh + 1] = "new"
  if #fresh ~= 2 then print "bad" end
end
