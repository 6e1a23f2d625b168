-- Debug information of a binary chunk that takes the register of the called function for a variable.
function called()
  debug.getlocal(2, 2)
  debug.setlocal(2, 2, 42)
  return 7
end
local function source()
  do local zz = 2 end
  local yy = 1
  local r = called()
  return yy + r
end
local dump = string.dump(source)
local at = assert(dump:find("\x83zz", 1, true))
-- The variable in the inner block lasts to the end, so the other one seems to be in the next register.
local foreign = dump:sub(1, at + 3) .. "\x87" .. dump:sub(at + 5)
local f = assert(load(foreign, "=foreign", "b"))
for i = 1, 100 do assert(f() == 8) end
print "fine"
