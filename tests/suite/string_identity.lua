-- Short strings are equal exactly when their bytes are, through growth and death of many of them.

local keep, state = {}, 12345
local function random(n)
  state = (state * 16807) % 2147483647
  return state % n
end

local function check()
  local count = 0
  for key, value in pairs(keep) do
    local copy = key:sub(1, 2) .. key:sub(3)
    assert(keep[copy] == value and copy == key)
    count = count + 1
  end
  return count
end

for round = 1, 6 do
  for i = 1, 400 * round do
    keep["s" .. random(4000)] = i
  end
  local before = check()
  -- Of some numbers all strings die at once.
  for i = 0, 4000 do
    if (i + round) % 3 ~= 0 then
      keep["s" .. i] = nil
    end
  end
  collectgarbage(round % 2 == 0 and "collect" or "step")
  print(round, before, check())
end

-- Names of the libraries are strings as others: made piece by piece, in every way, they are the same keys.
local names = {}
for name in pairs(_G) do
  names[#names + 1] = name
end
for _, library in ipairs { "string", "table", "math", "io", "os", "coroutine", "utf8", "debug", "package" } do
  for name in pairs(_G[library]) do
    names[#names + 1] = name
  end
end
local same = 0
for _, name in ipairs(names) do
  local pieces = {}
  for byte in name:gmatch(".") do
    pieces[#pieces + 1] = byte
  end
  local copy = table.concat(pieces)
  local set = { [name] = true }
  assert(set[copy] and rawequal(copy, name) and copy == name and not (copy < name))
  assert(set[(name:upper():lower())] == (name:lower() == name or nil))
  same = same + 1
end
print(same == #names, ("sel" .. "ect") == "select", _G["pr" .. "int"] == print, #("__index" .. "") == 7)

-- As keys of weak tables, of constructors and of metatables.
local weak = setmetatable({}, { __mode = "k" })
weak["string"], weak["in" .. "sert"] = 1, 2
collectgarbage()
print(weak.string, weak.insert)
local event = "__" .. "index"
print(setmetatable({}, { [event] = function(_, key) return key .. "!" end }).missing)
local chunk = assert(load(string.dump(load "local t = {print = 1, select = 2} return t.print + t.select, string.len('abc')")))
print(chunk())
print(string.format("%q %s", "pairs", "ipairs"), ("collectgarbage"):rep(2, "-"), tostring("nil"), type(type))
