-- Nested numeric loops over integers and floats: the plainest arithmetic there is.

local function integers(limit)
  local sum, other = 0, 1
  for i = 1, limit do
    for j = i, limit, 3 do
      sum = sum + (i * j) % 7
      other = (other * 3 + j) % 65521
    end
  end
  return sum, other
end

local function floats(limit)
  local sum, x = 0.0, 0.5
  for i = 1, limit do
    for j = 1, limit, 2 do
      x = x * 1.0000001 + 0.25 / (i + j)
      sum = sum + x - i * 0.001
      if x > 100.0 then
        x = x - 99.5
      end
    end
  end
  return sum
end

local function countdown(limit)
  local steps = 0
  local n = limit
  while n > 1 do
    local m = n
    repeat
      m = m - 3
      steps = steps + 1
    until m <= 0
    n = n - 2
  end
  return steps
end

local rounds = tonumber(arg and arg[1]) or 10
local total, mix, real = 0, 0, 0.0
for round = 1, rounds do
  local a, b = integers(1400 + round % 5)
  total = total + a + countdown(1000 + round % 3)
  mix = (mix + b) % 1000003
  real = real + floats(800)
end
print(string.format("loops %d %d %.6f", total, mix, real))
