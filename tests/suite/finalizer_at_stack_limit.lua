-- Finalisers that become due where next to nothing is left of the stack are no error of the program's.
local pad, weak, objects, s = {}, setmetatable({}, {__mode = "v"}), {}, ("x"):rep(1000)
local mt = {__gc = function() end}
local level, handled = 0, 0
local function handler(m) handled = handled + 1 return m end

-- At each level a collection, with a finaliser.
local function down()
  level = level + 1
  weak[1] = objects[level]
  objects[level] = nil
  local i = 0
  repeat
    local x = s .. i
    i = i + 1
  until not weak[1] or i == 20000
  return 1 + down()
end

local function above(n)
  return (function(...) local r = down() return r end)(table.unpack(pad, 1, n))
end

coroutine.wrap(function()
  for n = 999960, 999972, 3 do
    for i = 1, 50 do objects[i] = setmetatable({}, mt) end
    level, handled = 0, 0
    local ok, m = xpcall(above, handler, n)
    if ok or handled ~= 1 or not m:find("stack overflow") or level == 0 then print(n, ok, m, handled, level) end
  end
end)()
print "done"
