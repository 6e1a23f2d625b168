-- Concatenations of all lengths around those where strings and copies are made otherwise.

local function text(n) return ("abcdefghij"):rep(n // 10 + 1):sub(1, n) end
local sum, bad = 0, 0
for a = 0, 48 do
  local x = text(a)
  for b = 0, 48, 3 do
    local y = text(b):upper()
    local z = x .. y
    if #z ~= a + b or z:sub(1, a) ~= x or z:sub(a + 1) ~= y then bad = bad + 1 end
    local w = x .. b .. y .. a + 0.5
    if w ~= table.concat{x, tostring(b), y, tostring(a + 0.5)} then bad = bad + 1 end
    sum = sum + #w
  end
end
print(sum, bad)

-- Numbers of all lengths, alone, behind long strings and several of them.
local numbers = {0, -0.0, 7, 10, 99, 100, 12345, 99999999, 2^53, 1e14, 1e15, 1e100, -1e-7, 1/3, -123456789012, math.maxinteger,
  math.mininteger, 1/0, -1/0, 3.0, 123456.75, -100, 1000000, 999999.5}
local out = {}
for round = 1, 60 do
  for n, v in ipairs(numbers) do
    local long = text(n + 14)
    out[n] = v .. "" .. "|" .. long .. v .. "|" .. v .. v .. "|" .. "" .. v .. long .. v .. v .. v
  end
end
for n = 1, #numbers do print(out[n]) end

-- Each number is the same text everywhere.
local count = 0
for e = 0, 18 do
  for _, d in ipairs{-1, 0, 1} do
    local v = 10^e // 1 | 0
    v = v + d
    for _, w in ipairs{v, -v} do
      if w .. "" ~= string.format("%d", w) or tostring(w) ~= string.format("%d", w) then print("other", w) end
      count = count + 1
    end
  end
end
print(count)
