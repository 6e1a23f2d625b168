-- The spectral norm of an infinite matrix by the power method: a small function called in a double loop.

local sqrt = math.sqrt

local function element(i, j)
  local ij = i + j - 1
  return 1.0 / (ij * (ij - 1) * 0.5 + i)
end

local function times(x, y, n)
  for i = 1, n do
    local a = 0
    for j = 1, n do
      a = a + x[j] * element(i, j)
    end
    y[i] = a
  end
end

local function transposed_times(x, y, n)
  for i = 1, n do
    local a = 0
    for j = 1, n do
      a = a + x[j] * element(j, i)
    end
    y[i] = a
  end
end

local function both(x, y, scratch, n)
  times(x, scratch, n)
  transposed_times(scratch, y, n)
end

local rounds = tonumber(arg and arg[1]) or 10
local n = 200
local u, v, scratch = {}, {}, {}
local norm = 0
for _ = 1, rounds do
  for i = 1, n do
    u[i] = 1
  end
  for _ = 1, 10 do
    both(u, v, scratch, n)
    both(v, u, scratch, n)
  end
  local vbv, vv = 0, 0
  for i = 1, n do
    local ui, vi = u[i], v[i]
    vbv = vbv + ui * vi
    vv = vv + vi * vi
  end
  norm = sqrt(vbv / vv)
end
print(string.format("%.9f", norm))
