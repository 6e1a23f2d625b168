-- Fast Fourier transform there and back, in place over an array of interleaved real and imaginary parts.

local function log2(n)
  local log, k = 0, 1
  while k < n do
    k = k * 2
    log = log + 1
  end
  return log
end

local function bit_reverse(data, n)
  local j = 0
  for i = 0, n - 2 do
    if i < j then
      local a, b = 2 * i + 1, 2 * j + 1
      data[a], data[b] = data[b], data[a]
      data[a + 1], data[b + 1] = data[b + 1], data[a + 1]
    end
    local k = math.floor(n / 2)
    while k <= j do
      j = j - k
      k = math.floor(k / 2)
    end
    j = j + k
  end
end

local function transform(data, direction)
  local n = math.floor(#data / 2)
  bit_reverse(data, n)
  local dual = 1
  for _ = 1, log2(n) do
    local wr, wi = 1.0, 0.0
    local theta = direction * math.pi / dual
    local s, t = math.sin(theta), math.sin(theta / 2)
    local s2 = 2.0 * t * t
    for b = 0, n - 1, 2 * dual do
      local i, j = 2 * b + 1, 2 * (b + dual) + 1
      local r, m = data[j], data[j + 1]
      data[j], data[j + 1] = data[i] - r, data[i + 1] - m
      data[i], data[i + 1] = data[i] + r, data[i + 1] + m
    end
    for a = 1, dual - 1 do
      wr, wi = wr - s * wi - s2 * wr, wi + s * wr - s2 * wi
      for b = 0, n - 1, 2 * dual do
        local i, j = 2 * (b + a) + 1, 2 * (b + a + dual) + 1
        local x, y = data[j], data[j + 1]
        local r, m = wr * x - wi * y, wr * y + wi * x
        data[j], data[j + 1] = data[i] - r, data[i + 1] - m
        data[i], data[i + 1] = data[i] + r, data[i + 1] + m
      end
    end
    dual = dual * 2
  end
end

local function inverse(data)
  transform(data, 1)
  local norm = 2.0 / #data
  for i = 1, #data do
    data[i] = data[i] * norm
  end
end

local rounds = tonumber(arg and arg[1]) or 10
local size = 1024
local original, data, seed = {}, {}, 113
for i = 1, 2 * size do
  seed = (seed * 16807) % 2147483647
  original[i] = seed / 2147483647
  data[i] = original[i]
end
for _ = 1, rounds * 4 do
  transform(data, -1)
  inverse(data)
end
local worst = 0
for i = 1, #data do
  worst = math.max(worst, math.abs(data[i] - original[i]))
end
print(string.format("fft %s %.6f", worst < 1e-8 and "right" or "WRONG", data[77]))
