-- Keys in the hash part: neighbours, rows, strides, upper bits, negative ones, floats, objects; found again, removed, counted.
local function objects(make)
  local all = {}
  for i = 1, 700 do all[i] = make(i) end
  return function(i) return all[i] end
end
local kinds = {
  { "neighbours", function(i) return i + 5000 end },
  { "rows", function(i) return i // 20 * 10000 + i % 20 end },
  { "rows of a power of two", function(i) return i // 20 << 20 | i % 20 end },
  { "strides", function(i) return i * 8 end },
  { "thousands", function(i) return i * 1000 end },
  { "upper bits", function(i) return i << 40 end },
  { "uppermost bits", function(i) return i << 54 end },
  { "negative", function(i) return -i end },
  { "smallest", function(i) return math.mininteger + i end },
  { "halves", function(i) return i + 0.5 end },
  { "sevenths", function(i) return i / 7 + 0.01 end },
  { "tables", objects(function(i) return { i } end) },
  { "records", objects(function(i) return { x = i, y = i } end) },
  { "functions", objects(function(i) return function() return i end end) },
  { "coroutines", objects(function(i) return coroutine.create(function() return i end) end) },
  { "strings", function(i) return "key" .. i end },
  { "long strings", function(i) return ("key"):rep(30) .. i end },
}
for _, kind in ipairs(kinds) do
  local name, key = kind[1], kind[2]
  local t, sum, left, seen = {}, 0, 0, 0
  for i = 1, 700 do t[key(i)] = i end
  for i = 1, 700 do sum = sum + t[key(i)] end
  for i = 1, 700, 3 do t[key(i)] = nil end
  for i = 1, 700 do left = left + (t[key(i)] or 0) end
  for k, v in pairs(t) do seen = seen + (k == key(v) and 1 or 0) end
  for i = 700, 1, -1 do t[key(i)] = i + 1 end
  local again = 0
  for k, v in next, t do again = again + v end
  print(name, sum, left, seen, again)
end

-- A window that wanders through the integers.
do
  local q, first, last, s = { first = 1 }, 1, 0, 0
  for i = 1, 20000 do
    last = last + 1
    q[last] = i
    if i % 3 ~= 0 then
      s = s + q[first]
      q[first] = nil
      first = first + 1
    end
  end
  local n = 0
  for _ in pairs(q) do n = n + 1 end
  print(s, first, last, n)
end
