-- Records which come and go: queues and lists of small tables, immutable updates which copy, two-dimensional grids of
-- points, and tables whose keys are short-lived strings.

local function copy_with(record, field, value)
  local new = {}
  for k, v in pairs(record) do
    new[k] = v
  end
  new[field] = value
  return new
end

local function queue(count)
  local head, tail, sum, size = nil, nil, 0, 0
  for i = 1, count do
    local entry = { value = i, next = nil }
    if tail then
      tail.next = entry
    else
      head = entry
    end
    tail = entry
    size = size + 1
    if size > 100 then
      sum = (sum + head.value) % 1000003
      head = head.next
      size = size - 1
    end
  end
  return sum
end

local function events(count)
  local log, sum = {}, 0
  for i = 1, count do
    log[i % 500 + 1] = { kind = i % 3, time = i, data = { x = i, y = -i }, tags = { "a", "b" } }
  end
  for _, event in pairs(log) do
    sum = sum + event.kind * event.data.x + #event.tags
  end
  return sum
end

local function grid(size)
  local rows = {}
  for y = 1, size do
    local row = {}
    for x = 1, size do
      row[x] = { x = x, y = y, colour = { x % 4, y % 4, 0 } }
    end
    rows[y] = row
  end
  local sum = 0
  for y = 1, size do
    for x = 1, size do
      local colour = rows[y][x].colour
      sum = sum + colour[1] * colour[2]
    end
  end
  return sum
end

local function updates(count)
  local record = { a = 1, b = 2, c = 3, d = 4 }
  local names = { "a", "b", "c", "d" }
  for i = 1, count do
    record = copy_with(record, names[i % 4 + 1], i)
  end
  return record.a + record.b * 2 + record.c * 3 + record.d
end

local function index(count)
  local sum = 0
  for round = 1, 10 do
    local map = {}
    for i = 1, count do
      local key = "k" .. (i * round) % 97
      local entry = map[key]
      if not entry then
        entry = { hits = 0 }
        map[key] = entry
      end
      entry.hits = entry.hits + 1
    end
    sum = sum + map.k1.hits
  end
  return sum
end

local rounds = tonumber(arg and arg[1]) or 10
local sum = 0
for _ = 1, rounds do
  sum = (sum + queue(10000) + events(3000) + grid(60) + updates(2000) + index(300)) % 1000000007
end
print(string.format("records %d", sum))
