-- A table that becomes a metatable, or is inherited from, while it is traversed: no key is missed, none comes twice.

local function count(t, disturb)
  local seen, n = {}, 0
  for k in pairs(t) do
    assert(not seen[k], k)
    seen[k] = true
    n = n + 1
    disturb(t, k, n)
  end
  return n
end

local function instance(t) return setmetatable({}, t) end
local function inherits(t) return setmetatable({}, { __index = t }).a end
local function method(t) return setmetatable({}, { __index = t }):f() end
local function chain(t) return setmetatable({}, { __index = setmetatable({}, { __index = t }) }).a end

local tables = {
  function() return { a = 1, b = 2, c = 3, d = 4, e = 5, f = print and function() end } end,
  function() return { 1, 2, 3, a = 1, b = 2, f = function() end, [2.5] = 1, [true] = 2, [false] = 3 } end,
  function() return { a = 1, f = function() end, [print] = 1, [{}] = 2, [-1] = 3, [0] = 4, [2 ^ 53] = 5 } end,
  function()
    local t = { f = function() end, a = 1 }
    for i = 1, 40 do t[i + 0.5] = i t["k" .. i % 9] = i end
    return t
  end,
}
for _, make in ipairs(tables) do
  for _, disturb in ipairs { instance, inherits, method, chain } do
    for at = 1, 8 do
      local n = count(make(), function(t, _, n) if n == at then disturb(t) end end)
      local all = count(make(), function() end)
      assert(n == all, n)
    end
    print(count(make(), disturb))
    -- The current entry is cleared, and its key perhaps collected, before.
    print(count(make(), function(t, k, n)
      if k ~= "f" and k ~= "a" then t[k] = nil end
      if n == 3 then collectgarbage() end
      if n > 2 then disturb(t) end
    end))
  end
end

-- What the table has afterwards is what it had; it takes more keys, and loses some.
for _, make in ipairs(tables) do
  local t = make()
  setmetatable({}, t)
  local copy = make()
  for k, v in pairs(copy) do if type(k) ~= "table" then assert(type(t[k]) == type(v)) end end
  for i = 1, 30 do t["n" .. i], t[i] = i, i end
  for i = 1, 30, 2 do t["n" .. i] = nil end
  local n = 0
  for i = 1, 30 do n = n + (t["n" .. i] or 0) + t[i] end
  print(n, rawlen(t))
end

-- Elements that exist are only assigned.
do
  local t = { x = 1 }
  for i = 11, 1, -1 do t[i] = i end
  for i = 1, 30 do t[i - 0.5] = i end
  local source = {}
  for i = 1, 11 do source[i] = -i end
  print(count(t, function(t, _, n) if n == 7 then table.move(source, 1, 11, 1, t) end end), t[1], t[11])
end
