-- Quicksort written in Lua, with the middle of three as the pivot and insertion sort for short pieces.

local floor = math.floor

local function insertion(a, low, high)
  for i = low + 1, high do
    local value, j = a[i], i - 1
    while j >= low and a[j] > value do
      a[j + 1] = a[j]
      j = j - 1
    end
    a[j + 1] = value
  end
end

local function quicksort(a, low, high)
  while high - low > 12 do
    local middle = floor((low + high) / 2)
    if a[middle] < a[low] then
      a[middle], a[low] = a[low], a[middle]
    end
    if a[high] < a[low] then
      a[high], a[low] = a[low], a[high]
    end
    if a[high] < a[middle] then
      a[high], a[middle] = a[middle], a[high]
    end
    local pivot = a[middle]
    local i, j = low, high
    while i <= j do
      while a[i] < pivot do
        i = i + 1
      end
      while pivot < a[j] do
        j = j - 1
      end
      if i <= j then
        a[i], a[j] = a[j], a[i]
        i = i + 1
        j = j - 1
      end
    end
    if j - low < high - i then
      quicksort(a, low, j)
      low = i
    else
      quicksort(a, i, high)
      high = j
    end
  end
  insertion(a, low, high)
end

local seed = 7
local function random()
  seed = (seed * 16807) % 2147483647
  return seed
end

local rounds = tonumber(arg and arg[1]) or 10
local n, sum = 30000, 0
for _ = 1, rounds do
  local a = {}
  for i = 1, n do
    a[i] = random() % 100000
  end
  quicksort(a, 1, n)
  for i = 2, n do
    assert(a[i - 1] <= a[i])
  end
  for i = 1, n, 100 do
    sum = (sum * 7 + a[i]) % 1000003
  end
end
print(string.format("quicksort %d", sum))
