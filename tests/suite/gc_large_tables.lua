-- Large tables, old and half marked, into which young objects are stored, and in which things change places.
local began = os.clock()
local function late(seconds) return os.clock() - began > seconds end
local function ballast(seconds)
  local all = {}
  for i = 1, 60000 do
    all[i] = { i, { i } }
    if i % 100 == 0 and late(seconds) then break end
  end
  return all
end
local held = ballast(0.7)
local function garbage(n)
  for i = 1, n do held[0] = { i, tostring(i) } end
end

-- an array
local array = {}
for i = 1, 3000 do array[i] = { i } end
-- integer keys far apart, floats, strings and tables as keys
local sparse, floats, named, by_table, keys = {}, {}, {}, {}, {}
for i = 1, 600 do
  sparse[i * 1000003] = { i }
  floats[i + 0.5] = { i }
  named["key " .. i] = { i }
  keys[i] = { i }
  by_table[keys[i]] = { i }
end
-- the same behind a metatable
local class = setmetatable({}, { __index = function(_, k) return k end })
for i = 1, 3000 do class[i] = { i } end
local seed = 7
local function random(n)
  seed = (seed * 1103515245 + 12345) & 0x7fffffff
  return (seed >> 8) % n + 1
end
for r = 1, 60 do
  for _ = 1, 300 do
    local i = random(3000)
    array[i] = { i }
    class[i] = { i }
    i = random(600)
    sparse[i * 1000003] = { i }
    floats[i + 0.5] = { i }
    named["key " .. i] = { i }
    local fresh = { i }
    by_table[keys[i]] = nil
    keys[i] = fresh
    by_table[fresh] = { i }
  end
  -- keys without references push nodes with references about
  for i = 1, 50 do
    sparse[i * 7 + r] = i
    floats[i * 7 + r + 0.25] = r
  end
  for i = 1, 50 do
    sparse[i * 7 + r] = nil
    floats[i * 7 + r + 0.25] = nil
  end
  garbage(200)
  if late(1.5) then break end
end
for i = 1, 3000 do
  assert(array[i][1] == i and class[i][1] == i)
end
for i = 1, 600 do
  assert(sparse[i * 1000003][1] == i and floats[i + 0.5][1] == i and named["key " .. i][1] == i)
  assert(by_table[keys[i]][1] == i and keys[i][1] == i)
end
print "stored"

-- a queue: elements move down by one, and new ones come behind
local queue = {}
for i = 1, 1000 do queue[i] = { i } end
local first, last = 1, 1000
for _ = 1, 3000 do
  assert(table.remove(queue, 1)[1] == first)
  first = first + 1
  last = last + 1
  queue[#queue + 1] = { last }
  if last % 100 == 0 then
    table.insert(queue, 1, { first - 1 })
    first = first - 1
    garbage(20)
    if late(2) then break end
  end
end
for i = 1, #queue do assert(queue[i][1] == first + i - 1) end
print "queued"

-- sorted by a function and without, with new strings and tables in between
local words, records = {}, {}
for r = 1, 12 do
  for i = 1, 500 do
    words[i] = ("%05d word %d"):format(random(99999), r)
    records[i] = { random(99999), { r } }
  end
  local copy = table.move(words, 1, 500, 501, { table.unpack(words, 1, 500) })
  assert(#copy == 1000)
  table.sort(words)
  table.sort(records, function(a, b) return a[1] < b[1] end)
  table.sort(copy)
  garbage(300)
  for i = 2, 500 do
    assert(words[i - 1] <= words[i] and records[i - 1][1] <= records[i][1] and records[i][2][1] == r)
    assert(copy[2 * i] == words[i] and copy[2 * i - 1] == words[i])
  end
  table.move(records, 1, 400, 101)
  garbage(300)
  for i = 2, 400 do assert(records[i + 99][1] <= records[i + 100][1]) end
  if late(3) then break end
end
print "sorted"

-- a table that grows and shrinks while it is looked at
local growing = {}
for r = 1, 20 do
  for i = 1, 2000 do growing[i] = { i } end
  for i = 2001, 4000 do growing[i] = i end
  garbage(50)
  for i = 1, 2000 do assert(growing[i][1] == i) end
  for i = 1001, 4000 do growing[i] = nil end
  for i = 1, 200 do growing["x" .. i] = { i } end
  garbage(50)
  for i = 1, 200 do
    assert(growing["x" .. i][1] == i)
    growing["x" .. i] = nil
  end
  if late(4) then break end
end
for i = 1, 1000 do assert(growing[i][1] == i) end
print "grown"
