-- A function that yielded in a metamethod and then tail calls another gives it a record of its own.
local object = setmetatable({}, {__len = function() coroutine.yield() return 1 end})
local log = {}
local function show()
  local i = debug.getinfo(2, "ntl")
  log[#log + 1] = tostring(i.name) .. " " .. tostring(i.istailcall) .. " " .. i.currentline
end
local function target(...)
  show()
  local t = {}
  show()
  for _ = 1, 3 do show() end
  return ...
end
local function yielding(a)
  local x = #object
  return target(a)
end
-- The same of a frame that waited for the one that yielded.
local function waiting(a)
  local x = yielding(a)
  return target(x)
end
local function caller(a)
  local r, x = yielding(a), waiting(a)
  return x and r
end
local function body(a)
  for i = 1, 4 do assert(caller(i) == i) end
  return a
end
for round = 1, 300 do
  local w = coroutine.wrap(body)
  for _ = 1, 9 do w(round) end
end
local count = {}
for _, line in ipairs(log) do count[line] = (count[line] or 0) + 1 end
local lines = {}
for line, n in pairs(count) do lines[#lines + 1] = line .. ": " .. n end
table.sort(lines)
print(table.concat(lines, "\n"))
