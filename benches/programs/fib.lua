-- The doubly recursive Fibonacci function: calls, comparisons and additions, nothing else.

local function fib(n)
  if n < 2 then
    return n
  end
  return fib(n - 1) + fib(n - 2)
end

local rounds = tonumber(arg and arg[1]) or 10
local sum = 0
for round = 1, rounds do
  sum = sum + fib(27 + round % 2)
end
print(string.format("fib %d", sum))
