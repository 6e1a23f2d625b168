-- Multiplication of dense matrices kept as tables of rows.

local function matrix(n, factor)
  local m = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do
      row[j] = (i - j) * (i + j - 2) * factor
    end
    m[i] = row
  end
  return m
end

local function multiply(a, b)
  local n, p, m = #a, #b, #b[1]
  local columns = {}
  for j = 1, m do
    local column = {}
    for k = 1, p do
      column[k] = b[k][j]
    end
    columns[j] = column
  end
  local c = {}
  for i = 1, n do
    local row, out = a[i], {}
    for j = 1, m do
      local column, sum = columns[j], 0.0
      for k = 1, p do
        sum = sum + row[k] * column[k]
      end
      out[j] = sum
    end
    c[i] = out
  end
  return c
end

local rounds = tonumber(arg and arg[1]) or 10
local n = 100
local a, b = matrix(n, 1.0 / n / n), matrix(n, 2.0 / n / n)
local sum = 0.0
for _ = 1, rounds do
  local c = multiply(a, b)
  sum = sum + c[n / 2 + 1][n / 2 + 1] + c[1][n]
end
print(string.format("matmul %.9g", sum / rounds))
