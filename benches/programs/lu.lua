-- LU decomposition with partial pivoting of a dense matrix.

local abs = math.abs

local function factor(a, pivots)
  local n = #a
  for j = 1, n do
    local best, size = j, abs(a[j][j])
    for i = j + 1, n do
      local v = abs(a[i][j])
      if v > size then
        best, size = i, v
      end
    end
    pivots[j] = best
    if a[best][j] == 0 then
      return false
    end
    if best ~= j then
      a[best], a[j] = a[j], a[best]
    end
    local scale = 1.0 / a[j][j]
    for k = j + 1, n do
      a[k][j] = a[k][j] * scale
    end
    local row = a[j]
    for i = j + 1, n do
      local other = a[i]
      local f = other[j]
      for k = j + 1, n do
        other[k] = other[k] - f * row[k]
      end
    end
  end
  return true
end

local seed = 101
local function random()
  seed = (seed * 16807) % 2147483647
  return seed / 2147483647
end

local rounds = tonumber(arg and arg[1]) or 10
local n = 100
local matrix = {}
for i = 1, n do
  matrix[i] = {}
  for j = 1, n do
    matrix[i][j] = random() + (i == j and 4 or 0)
  end
end
local product = 0
for _ = 1, rounds do
  local copy, pivots = {}, {}
  for i = 1, n do
    copy[i] = {}
    for j = 1, n do
      copy[i][j] = matrix[i][j]
    end
  end
  assert(factor(copy, pivots))
  product = 1.0
  for i = 1, n do
    product = product * copy[i][i] / 4
  end
end
print(string.format("lu %.9g", product))
