-- table.sort: orders, comparators, invalid comparators, errors, stability of results, sizes.
local function sorted(t, f) table.sort(t, f) return table.concat(t, " ") end
print(sorted { 3, 1, 2 }, sorted {}, sorted { 1 }, sorted { 2, 1 }, sorted { 1, 1, 1 })
print(sorted({ 3, 1, 2 }, function(a, b) return a > b end))
print(sorted { "banana", "apple", "cherry", "Apple", "" })
print(sorted { 3, 1.5, 2, -1, 1e10, -0.5, math.mininteger, math.maxinteger })
print(sorted({ "bb", "a", "ccc" }, function(a, b) return #a < #b end))

-- a linear congruential sequence, several sizes, compared with a simple insertion sort
local seed = 12345
local function rnd(n) seed = (seed * 1103515245 + 12345) & 0x7fffffff return seed % n end
local function insertion(t, lt)
  for i = 2, #t do
    local v, j = t[i], i - 1
    while j >= 1 and lt(v, t[j]) do t[j + 1] = t[j] j = j - 1 end
    t[j + 1] = v
  end
  return t
end
local function lt(a, b) return a < b end
for _, n in ipairs { 2, 3, 4, 5, 10, 50, 99, 100, 101, 200, 500 } do
  local a, b = {}, {}
  for i = 1, n do a[i] = rnd(n) b[i] = a[i] end
  table.sort(a)
  insertion(b, lt)
  local ok = true
  for i = 1, n do if a[i] ~= b[i] then ok = false end end
  if not ok then print("wrong", n) end
end
-- patterns that trouble quicksort
local function check(t, f)
  f = f or lt
  table.sort(t, f)
  for i = 2, #t do if f(t[i], t[i - 1]) then return false end end
  return true
end
local function gen(n, f) local t = {} for i = 1, n do t[i] = f(i) end return t end
print(check(gen(1000, function(i) return i end)), check(gen(1000, function(i) return -i end)), check(gen(1000, function() return 7 end)))
print(check(gen(1000, function(i) return i % 2 end)), check(gen(1000, function(i) return i < 500 and i or 1000 - i end)), check(gen(1000, function() return rnd(1000) / 8 end)))
print(check(gen(300, function() return tostring(rnd(100000)) end)), check(gen(300, function() return { rnd(50) } end, nil), function(a, b) return a[1] < b[1] end))

-- sorting records by several keys
local people = { { "Ann", 30 }, { "Bob", 25 }, { "Cid", 30 }, { "Dan", 25 }, { "Eve", 41 } }
table.sort(people, function(a, b) if a[2] ~= b[2] then return a[2] < b[2] end return a[1] > b[1] end)
local names = {}
for i, p in ipairs(people) do names[i] = p[1] .. p[2] end
print(table.concat(names, " "))

-- errors
print(pcall(table.sort, { 1, "x" }))
print(pcall(table.sort, { {}, {} }))
print((select(2, pcall(table.sort, { 1, nil, 3 }, function(a, b) return a < b end)) or "compare"):match "compare")
print(pcall(table.sort, { 3, 2, 1 }, 5))
print(pcall(table.sort))
print(pcall(table.sort, { 3, 2, 1 }, function() error("cmp failed", 0) end))
-- an inconsistent comparator either sorts to something or reports it; it must end
local ok, e = pcall(table.sort, gen(100, function(i) return i end), function() return true end)
print(ok or e == "invalid order function for sorting")
ok, e = pcall(table.sort, gen(100, function(i) return rnd(100) end), function(a, b) return a <= b end)
print(ok or e == "invalid order function for sorting")
-- only the array part takes part
local mixed = { 3, 1, 2, x = "kept", [10] = "far" }
table.sort(mixed)
print(mixed[1], mixed[2], mixed[3], mixed.x, mixed[10])
-- __lt of elements, and metamethods of the table
local mt = { __lt = function(a, b) return a.v < b.v end }
local objs = gen(50, function(i) return setmetatable({ v = (i * 17) % 51 }, mt) end)
print(check(objs))
local store = { 5, 2, 8, 1 }
local gets, sets = 0, 0
local proxy = setmetatable({}, { __len = function() return #store end, __index = function(_, i) gets = gets + 1 return store[i] end, __newindex = function(_, i, v) sets = sets + 1 store[i] = v end })
table.sort(proxy)
print(table.concat(store, " "), gets > 0, sets > 0)
print(pcall(table.sort, setmetatable({}, { __len = function() return math.maxinteger end })))

-- comparator called with the elements only; its result is a truth value
local kinds = {}
table.sort({ 1, 2, 3 }, function(a, b, ...) kinds[select("#", ...)] = true return a < b and 0 or nil end)
print(kinds[0], next(kinds, 0))
-- hot: the same comparator over different element kinds
local calls = 0
local function cmp(a, b) calls = calls + 1 return a < b end
local total = 0
for r = 1, 30 do
  local n = 60
  local arr = gen(n, r <= 10 and function() return rnd(1000) end or r <= 20 and function() return rnd(1000) / 3 end or function() return "s" .. rnd(1000) end)
  if not check(arr, cmp) then print "unsorted" end
  total = total + #arr
end
print(total, calls > 5000)
-- heap sort and merge sort in Lua agree with table.sort
local function merge_sort(t)
  if #t <= 1 then return t end
  local m, l, r = #t // 2, {}, {}
  table.move(t, 1, m, 1, l)
  table.move(t, m + 1, #t, 1, r)
  l, r = merge_sort(l), merge_sort(r)
  local i, j, out = 1, 1, {}
  while i <= #l or j <= #r do
    if j > #r or (i <= #l and l[i] <= r[j]) then out[#out + 1] = l[i] i = i + 1 else out[#out + 1] = r[j] j = j + 1 end
  end
  return out
end
local data = gen(400, function() return rnd(10000) end)
local m = merge_sort(data)
table.sort(data)
print(table.concat(m, ",") == table.concat(data, ","))
