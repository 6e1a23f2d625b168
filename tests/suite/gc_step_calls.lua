-- collectgarbage("step"): steps in a large heap end a cycle, and what was garbage when it began is gone then.
local began = os.clock()
local function late(seconds) return os.clock() - began > seconds end
collectgarbage("incremental")
collectgarbage("stop")
local live, size = {}, 0
repeat
  size = size + 1
  live[size] = { size, "s" .. size }
until size == 100000 or size % 100 == 0 and late(1)
local weak = setmetatable({}, { __mode = "v" })
local order = {}
local function garbage()
  for i = 1, 100 do
    weak[i] = setmetatable({ i }, { __gc = function(o) order[#order + 1] = o[1] end })
  end
end
local function cycle(n)
  local steps = 0
  repeat
    steps = steps + 1
    -- the graph changes between the steps
    local a, b = live[steps % size + 1], live[(steps * 7) % size + 1]
    a[3], b[3] = { b }, { a }
  until collectgarbage("step", n)
  return steps
end
for round, n in ipairs { 0, 100, 1000, 100000, 0 } do
  garbage()
  -- One cycle may have been under way.
  local steps = cycle(n)
  steps = steps + cycle(n)
  assert(steps > 1)
  assert(#order == 100 * round and next(weak) == nil, #order)
  for i = 1, 100 do assert(order[100 * (round - 1) + i] == 101 - i) end
  for i = 1, size do
    assert(live[i][1] == i and live[i][2] == "s" .. i)
  end
end
print(#order)
-- An object that its finaliser makes reachable again, and what it refers to.
local saved
local function raise()
  local child = { "child" }
  local o = setmetatable({ child }, { __gc = function(o) saved = o end })
  local keys = setmetatable({}, { __mode = "k" })
  keys[o] = "of the object"
  keys[child] = "of its child"
  weak.o, weak.child = o, child
  return keys
end
local keys = raise()
cycle(200)
cycle(200)
print(saved[1][1], keys[saved], keys[saved[1]], weak.o, weak.child == saved[1] or weak.child)
saved = nil
cycle(200)
cycle(200)
print(next(keys), next(weak))
collectgarbage("restart")
-- An ephemeron chain, whose end is reachable only through all the others.
local chain = setmetatable({}, { __mode = "k" })
local first = {}
local at = first
for i = 1, 200 do
  local nextone = { i }
  chain[at] = nextone
  at = nextone
end
at = nil
cycle(300)
cycle(300)
local length, o = 0, first
while chain[o] do
  o = chain[o]
  length = length + 1
end
print(length)
first, o = nil, nil
cycle(300)
cycle(300)
print(next(chain))
