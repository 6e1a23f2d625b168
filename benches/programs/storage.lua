-- Builds trees of arrays of random sizes and throws them away: allocation of arrays.

local seed

local function random()
  seed = (seed * 1309 + 13849) % 65536
  return seed
end

local count

local function build(depth)
  count = count + 1
  if depth == 1 then
    local leaf = {}
    for i = 1, random() % 10 + 1 do
      leaf[i] = 0
    end
    return leaf
  end
  local branches = {}
  for i = 1, 4 do
    branches[i] = build(depth - 1)
  end
  return branches
end

local rounds = tonumber(arg and arg[1]) or 10
for _ = 1, rounds * 4 do
  seed = 74755
  count = 0
  build(7)
end
print(string.format("storage %d", count))
