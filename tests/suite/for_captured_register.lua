-- The registers of a loop are those that a closure captures elsewhere in the function.
local function nested()
  local inner = 0
  for i = 1, 3 do
    local w = 0
    while true do
      w = w + 1
      if w > 8 then break end
      for j = 7, 9 do
        inner = inner + 1
        if inner > 0 then break end
      end
    end
  end
  for i = 1, 3 do
    local a, _, old = i, nil, i * 2
    local f = function() return old, a end
    inner = inner + select("#", f())
  end
  return inner
end
for _ = 1, 100 do assert(nested() == 30) end

-- With a jump out of the inner loop, it ends outside of the outer one's body.
local function leaving(n)
  local count = 0
  local w = 0
  while w < n do
    w = w + 1
    for k = 10, 1, -3 do
      count = count + k
      if k < 5 then goto continue end
    end
    ::continue::
  end
  do
    local x, y, z, limit = 1, 2, 3, 4
    local get = function() return x + y + z + limit end
    count = count + get()
  end
  return count
end
for _ = 1, 100 do assert(leaving(7) == 7 * 21 + 10, leaving(7)) end
print("done")
