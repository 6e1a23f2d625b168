-- Takeuchi's function over integers and over floats.

local function tak(x, y, z)
  if y >= x then
    return z
  end
  return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))
end

local rounds = tonumber(arg and arg[1]) or 10
local sum = 0
for _ = 1, rounds do
  sum = sum + tak(16, 10, 4) + tak(14.5, 8.5, 4.5)
end
print(string.format("tak %.1f", sum / rounds))
