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

-- A coroutine that an error ended has in use what lies below the error's value; the variables seem to lie above.
local function ended()
  do
    local z10, z11, z12, z13, z14, z15, z16, z17, z18, z19, z20, z21, z22, z23, z24, z25, z26, z27, z28, z29
    local z30, z31, z32, z33, z34, z35, z36, z37, z38, z39, z40, z41, z42, z43, z44, z45, z46, z47, z48, z49
  end
  local yy = 1
  yy()
end
foreign = string.dump(ended):gsub("(\x84z[1-4][1-8].)(.)", "%1\x85")
f = assert(load(foreign, "=foreign", "b"))
for i = 1, 20 do
  local co = coroutine.create(f)
  assert(not coroutine.resume(co))
  collectgarbage(i % 2 == 0 and "step" or "collect")
  for turn = 1, 4 do
    for n = 1, 36 do
      local name, value = debug.getlocal(co, 0, n)
      assert(type(tostring(value)) == "string")
      debug.setlocal(co, 0, n, {})
    end
    collectgarbage(turn % 2 == 0 and "step" or "collect")
  end
end
print "fine"
