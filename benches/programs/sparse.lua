-- Multiplication of a sparse matrix in compressed rows by a vector: indirect array accesses.

local function multiply(y, values, rows, columns, x, steps)
  local n = #rows - 1
  for _ = 1, steps do
    for r = 1, n do
      local sum = 0.0
      for i = rows[r], rows[r + 1] - 1 do
        sum = sum + x[columns[i]] * values[i]
      end
      y[r] = sum
    end
  end
end

local seed = 101
local function random()
  seed = (seed * 16807) % 2147483647
  return seed / 2147483647
end

local rounds = tonumber(arg and arg[1]) or 10
local n, per_row = 1000, 5
local x, y, values, columns, rows = {}, {}, {}, {}, { 1 }
for i = 1, n do
  x[i] = random()
  y[i] = 0.0
end
for r = 1, n do
  local step = math.max(1, math.floor(r / per_row))
  for i = 0, per_row - 1 do
    columns[#columns + 1] = (i * step) % n + 1
    values[#values + 1] = random()
  end
  rows[r + 1] = #columns + 1
end
multiply(y, values, rows, columns, x, rounds * 40)
local sum = 0.0
for i = 1, n do
  sum = sum + y[i] * i
end
print(string.format("sparse %.9g", sum))
