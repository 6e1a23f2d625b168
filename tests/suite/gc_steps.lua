-- A heap that is collected in steps: what is reachable stays, in every way of being so; what is not goes.
-- As much is done as there is time for: the output does not depend on it.
local began = os.clock()
local function late(seconds) return os.clock() - began > seconds end
local function node(i) return { i, name = "n" .. i } end
local live, size = {}, 0
repeat
  size = size + 1
  live[size] = node(size)
until size == 40000 or size % 100 == 0 and late(1)
local weak_values = setmetatable({}, { __mode = "v" })
local ephemerons = setmetatable({}, { __mode = "k" })
local all_weak = setmetatable({}, { __mode = "kv" })
local strings, finalized, made = {}, 0, 0
local function note() finalized = finalized + 1 end
local turning = {}
local cos = {}
for i = 1, 50 do
  cos[i] = coroutine.wrap(function()
    local mine = { i }
    while true do
      local got = coroutine.yield(mine[1], mine.last)
      mine.last = got
    end
  end)
  cos[i]()
end
local seed = 42
local function random(n)
  seed = (seed * 1103515245 + 12345) & 0x7fffffff
  return (seed >> 8) % n + 1
end
local holes = 0
for r = 1, 200000 do
  local k = random(size)
  local fresh = node(k)
  -- moved about: out of the heap, through locals, into an old object
  local other = random(size)
  if r % 3 == 0 then
    local o = live[other]
    live[other] = nil
    fresh.kept = { o[1], o.name }
    live[other] = o
  end
  live[k] = fresh
  if r % 7 == 0 then
    weak_values[k] = fresh
    ephemerons[fresh] = { fresh, k }
    all_weak[fresh] = fresh.name
    strings[k % 500] = "s" .. (r % 1000) .. "x"
  end
  if r % 50 == 0 then
    made = made + 1
    setmetatable({ r }, { __gc = note })
    cos[random(50)]({ r })
    -- a table that turns weak and back while a collection is under way
    local t = turning[r % 20] or {}
    turning[r % 20] = t
    t[fresh] = { fresh }
    t["s" .. r % 10] = { r }
    setmetatable(t, r % 100 == 0 and { __mode = "k" } or nil)
    if late(2) then break end
  end
  if r % 1000 == 0 then
    for t, v in pairs(ephemerons) do
      if v[1] ~= t or t[1] ~= v[2] then holes = holes + 1 end
    end
    for n, t in pairs(weak_values) do
      if t[1] ~= n or t.name ~= "n" .. n then holes = holes + 1 end
    end
    for t, s in pairs(all_weak) do
      if t.name ~= s then holes = holes + 1 end
    end
    for _, t in pairs(turning) do
      for n, v in pairs(t) do
        if type(n) == "table" and v[1] ~= n then holes = holes + 1 end
      end
      if r % 5000 == 0 then
        for n in pairs(t) do t[n] = nil end
      end
    end
  end
end
for i = 1, size do
  local t = live[i]
  assert(t[1] == i and t.name == "n" .. i)
  if t.kept then assert("n" .. t.kept[1] == t.kept[2]) end
end
print(holes)
for i = 1, 50 do
  local n, last = cos[i]({})
  assert(n == i and (last == nil or #last <= 1))
end
for _, s in pairs(strings) do assert(s:match "^s%d+x$") end
print(finalized <= made)
collectgarbage()
collectgarbage()
print(finalized == made)
live, turning = nil, nil
collectgarbage()
collectgarbage()
print(next(weak_values), next(ephemerons), next(all_weak))
