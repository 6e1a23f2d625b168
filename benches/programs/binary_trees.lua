-- Many short-lived binary trees of every depth beside one which lives on: allocation and collection.

local function build(depth)
  if depth == 0 then
    return { false, false }
  end
  return { build(depth - 1), build(depth - 1) }
end

local function count(tree)
  local left = tree[1]
  if left then
    return 1 + count(left) + count(tree[2])
  end
  return 1
end

local rounds = tonumber(arg and arg[1]) or 10
local deepest = 13
local long_lived = build(deepest)
local total = 0
for _ = 1, rounds do
  for depth = 4, deepest, 3 do
    local trees = 2 ^ (deepest - depth)
    for _ = 1, trees do
      total = total + count(build(depth))
    end
  end
end
print(string.format("trees %d", total))
print(string.format("long lived tree of depth %d has %d nodes", deepest, count(long_lived)))
