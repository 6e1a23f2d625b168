-- Ackermann's function: deep recursion with few instructions between the calls.

local function ack(m, n)
  if m == 0 then
    return n + 1
  end
  if n == 0 then
    return ack(m - 1, 1)
  end
  return ack(m - 1, (ack(m, n - 1)))
end

local rounds = tonumber(arg and arg[1]) or 10
local sum = 0
for _ = 1, rounds do
  sum = sum + ack(2, 200) + ack(3, 6)
end
print(string.format("ack %d", sum / rounds))
