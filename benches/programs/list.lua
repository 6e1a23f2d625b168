-- Takeuchi's function over the lengths of linked lists: recursion, method calls and pointers.

local Element = {}
Element.__index = Element

function Element.new(value)
  return setmetatable({ value = value, next = nil }, Element)
end

function Element:length()
  if not self.next then
    return 1
  end
  return 1 + self.next:length()
end

local function make(length)
  if length == 0 then
    return nil
  end
  local element = Element.new(length)
  element.next = make(length - 1)
  return element
end

local function is_shorter(x, y)
  while y do
    if not x then
      return true
    end
    x, y = x.next, y.next
  end
  return false
end

local function tail(x, y, z)
  if is_shorter(y, x) then
    return tail(tail(x.next, y, z), tail(y.next, z, x), tail(z.next, x, y))
  end
  return z
end

local rounds = tonumber(arg and arg[1]) or 10
local sum = 0
for _ = 1, rounds do
  for _ = 1, 8 do
    sum = sum + tail(make(15), make(10), make(6)):length()
  end
end
print(string.format("list %d", sum / (rounds * 8)))
