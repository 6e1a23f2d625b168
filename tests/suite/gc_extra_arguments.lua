-- Extra arguments of a function that was tail called are new, although its call record has been seen by a collection.
-- Beside a large heap a collection looks at new objects only.
local weight = string.rep("x", 4 << 20)
local function collected()
  local seen = setmetatable({{}}, {__mode = "v"})
  repeat local garbage = {{}} until not seen[1]
  local over = {}
  for i = 1, 20 do over[i] = {i, tostring(i)} end
end
local function second(...)
  collected()
  local a, b = ...
  return a[1] .. b[1], select("#", ...)
end
local function first(x)
  collected()
  return second({x .. "a"}, {x .. "b"}, {x .. "c"})
end
local function passed(ok, ...)
  collected()
  return ok, ...
end
local function protected(...)
  collected()
  return passed(pcall(...))
end
local function table_of(x)
  collected()
  return {x .. "t"}
end
for i = 1, 20 do
  local text, n = first(i)
  assert(text == i .. "a" .. i .. "b" and n == 3)
  local ok, t = protected(table_of, i)
  assert(ok and t[1] == i .. "t")
end
print(#weight)
