-- The sieve of Eratosthenes over an array of booleans which is written afresh every round.

local function sieve(limit)
  local flags = {}
  for i = 1, limit do
    flags[i] = true
  end
  flags[1] = false
  local i = 2
  while i * i <= limit do
    if flags[i] then
      for k = i * i, limit, i do
        flags[k] = false
      end
    end
    i = i + 1
  end
  local count, last = 0, 0
  for n = 1, limit do
    if flags[n] then
      count = count + 1
      last = n
    end
  end
  return count, last
end

local rounds = tonumber(arg and arg[1]) or 10
local total, largest = 0, 0
for round = 1, rounds do
  local count, last = sieve(500000 + round)
  total = total + count
  largest = last
end
print(string.format("sieve %d %d", total, largest))
