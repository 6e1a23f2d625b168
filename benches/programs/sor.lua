-- Successive over-relaxation of a grid: every point moves towards the mean of its neighbours.

local function relax(grid, omega, steps)
  local rows, columns = #grid, #grid[1]
  local quarter, rest = omega * 0.25, 1.0 - omega
  for _ = 1, steps do
    for i = 2, rows - 1 do
      local row, above, below = grid[i], grid[i - 1], grid[i + 1]
      for j = 2, columns - 1 do
        row[j] = quarter * (above[j] + below[j] + row[j - 1] + row[j + 1]) + rest * row[j]
      end
    end
  end
end

local seed = 101
local function random()
  seed = (seed * 16807) % 2147483647
  return seed / 2147483647 * 1e-3
end

local rounds = tonumber(arg and arg[1]) or 10
local grid = {}
for i = 1, 100 do
  grid[i] = {}
  for j = 1, 100 do
    grid[i][j] = random()
  end
end
relax(grid, 1.25, rounds * 10)
local sum = 0.0
for i = 1, 100 do
  for j = 1, 100 do
    sum = sum + grid[i][j] * (i + j)
  end
end
print(string.format("sor %.9g", sum))
