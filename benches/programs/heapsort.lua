-- Heap sort of random floats in place.

local function heapsort(a, n)
  local l, ir = math.floor(n / 2) + 1, n
  while true do
    local value
    if l > 1 then
      l = l - 1
      value = a[l]
    else
      value = a[ir]
      a[ir] = a[1]
      ir = ir - 1
      if ir == 1 then
        a[1] = value
        return
      end
    end
    local i = l
    local child = l * 2
    while child <= ir do
      if child < ir and a[child] < a[child + 1] then
        child = child + 1
      end
      if value >= a[child] then
        break
      end
      a[i] = a[child]
      i = child
      child = child * 2
    end
    a[i] = value
  end
end

local seed = 42
local function random()
  seed = (seed * 3877 + 29573) % 139968
  return seed / 139968
end

local rounds = tonumber(arg and arg[1]) or 10
local n = 20000
local a
for _ = 1, rounds do
  a = {}
  for i = 1, n do
    a[i] = random()
  end
  heapsort(a, n)
end
for i = 2, n do
  assert(a[i - 1] <= a[i])
end
print(string.format("heapsort %.9f %.9f", a[1], a[n]))
