-- Short-lived coroutines: most of them are made, run a few steps and are dropped, some of them unfinished; errors end
-- others.

local create, resume, status, yield, wrap = coroutine.create, coroutine.resume, coroutine.status, coroutine.yield,
  coroutine.wrap

local function short(a, b)
  return a + b
end

local function stepper(n)
  local sum = n
  for i = 1, n do
    sum = sum + (yield(i) or 0)
  end
  return sum
end

local function failing(n)
  yield(n)
  error({ code = n })
end

-- The samefringe problem: are the leaves of two trees the same, read in order, whatever their shape?
local function tree(low, high, lean)
  if low == high then
    return low
  end
  local middle = lean and low or math.floor((low + high) / 2)
  return { tree(low, middle, lean), tree(middle + 1, high, lean) }
end

local function leaves(node)
  if type(node) == "number" then
    yield(node)
  else
    leaves(node[1])
    leaves(node[2])
  end
end

local function same_fringe(a, b)
  local next_a, next_b = wrap(leaves), wrap(leaves)
  local x, y = next_a(a), next_b(b)
  while x and x == y do
    x, y = next_a(), next_b()
  end
  return x == y
end

local rounds = tonumber(arg and arg[1]) or 10
local lean, even, odd = tree(1, 24, true), tree(1, 24, false), tree(1, 25, false)
local sum, dead, same = 0, 0, 0
for round = 1, rounds do
  for i = 1, 2000 do
    local co = create(short)
    local _, value = resume(co, i, round)
    sum = (sum + value) % 1000003
    if status(co) == "dead" then
      dead = dead + 1
    end
  end
  for i = 1, 500 do
    local co = create(stepper)
    local _, value = resume(co, i % 7)
    while status(co) == "suspended" and value ~= 5 do
      _, value = resume(co, i)
    end
    sum = (sum + value) % 1000003
  end
  for i = 1, 100 do
    local co = create(failing)
    resume(co, i)
    local ok, problem = resume(co)
    if not ok then
      sum = (sum + problem.code) % 1000003
    end
  end
  for _ = 1, 20 do
    same = same + (same_fringe(lean, even) and 1 or 0) + (same_fringe(even, odd) and 100 or 0)
  end
end
print(string.format("coroutine_spawn %d %d %d", sum, dead, same))
