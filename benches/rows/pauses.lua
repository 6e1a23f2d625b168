-- The longest pauses that a program sees beside a large live heap, and what they come from: each line is
-- one kind of heap. Arguments: megabytes of live heap (256), seconds of churn for each kind (2), kinds (all).
-- Times are of the processor, taken around each round, which allocates some 400 bytes.
local megabytes = tonumber(arg and arg[1]) or 256
local seconds = tonumber(arg and arg[2]) or 2
local wanted = arg and arg[3]
local clock = os.clock
local function count() return collectgarbage("count") / 1024 end
local seed = 42
local function random(m)
  seed = (seed * 16807) % 2147483647
  return seed % m + 1
end
local function record(i) return { i, name = "n" .. i % 1000, next = { i } } end

-- Each kind builds its heap and returns what replaces a part of it.
local kinds = {}

-- Many tables of middling size.
function kinds.tables()
  local heap, n = {}, 0
  while count() < megabytes do
    n = n + 1
    local part = {}
    for i = 1, 1000 do part[i] = record(i) end
    heap[n] = part
  end
  return function(round) heap[random(n)][random(1000)] = record(round) end
end

local function array_of_records()
  local heap, n = {}, 0
  while n % 1000 > 0 or count() < megabytes do
    n = n + 1
    heap[n] = record(n)
  end
  return heap, n
end

-- One array of small records.
function kinds.array()
  local heap, n = array_of_records()
  return function(round) heap[random(n)] = record(round) end
end

-- One table with string keys.
function kinds.dictionary()
  local heap, n = {}, 0
  while n % 1000 > 0 or count() < megabytes do
    n = n + 1
    heap["key" .. n] = record(n)
  end
  return function(round) heap["key" .. random(n)] = record(round) end
end

-- Small records that refer to each other, changed in place.
function kinds.graph()
  local heap, n = array_of_records()
  return function(round)
    heap[random(n)].next = heap[random(n)]
    heap[random(n)].next = record(round)
  end
end

for _, kind in ipairs { "tables", "array", "dictionary", "graph" } do
  if not wanted or wanted == kind then
    local change = kinds[kind]()
    local size = count()
    -- What was built last is young still.
    for round = 1, 20000 do change(round) end
    local pauses, peak, rounds = {}, 0, 0
    local began = clock()
    local last = began
    repeat
      rounds = rounds + 1
      change(rounds)
      record(rounds)
      local now = clock()
      local pause = now - last
      last = now
      if pause > 2e-4 then
        pauses[#pauses + 1] = pause * 1000
        peak = math.max(peak, count())
        last = clock()
      end
    until last - began > seconds
    table.sort(pauses, function(a, b) return a > b end)
    for i = #pauses + 1, 4 do pauses[i] = 0 end
    print(("%-11s %5.0f MB, peak %5.0f; %7.0f rounds a second; longest pauses in ms %6.2f %6.2f %6.2f %6.2f"):format(
      kind, size, peak, rounds / (last - began), pauses[1], pauses[2], pauses[3], pauses[4]))
    change = nil
    collectgarbage()
  end
end
