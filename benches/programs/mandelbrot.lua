-- The Mandelbrot set: a float loop with an early way out for every point.

local function count_inside(size, limit)
  local inside, steps = 0, 0
  for y = 0, size - 1 do
    local ci = 2.0 * y / size - 1.0
    for x = 0, size - 1 do
      local cr = 2.0 * x / size - 1.5
      local zr, zi, zr2, zi2 = 0.0, 0.0, 0.0, 0.0
      local n = 0
      while n < limit and zr2 + zi2 <= 4.0 do
        zi = 2.0 * zr * zi + ci
        zr = zr2 - zi2 + cr
        zr2 = zr * zr
        zi2 = zi * zi
        n = n + 1
      end
      steps = steps + n
      if n == limit then
        inside = inside + 1
      end
    end
  end
  return inside, steps
end

local rounds = tonumber(arg and arg[1]) or 10
local inside, steps = 0, 0
for _ = 1, rounds do
  inside, steps = count_inside(160, 100)
end
print(string.format("mandelbrot %d %d", inside, steps))
