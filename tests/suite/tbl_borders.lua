-- Which border the length of an array with holes is: programs see it in what `{...}` and `table.pack` make.

local function pack(...) local t = { ... } return #t end
print(pack(1, nil, 3, nil), pack(1, nil, nil, 4, nil), pack(1, nil, 3, 4, nil, nil), pack(nil, 2, nil))
print(pack(nil, 2, 3, nil, nil), pack(nil, nil, 3, nil), pack(nil), pack(nil, nil, nil), pack(1, nil), pack())
print(#{ 1, nil, 3, 4, nil, nil }, #table.pack(nil, 2, 3, nil, nil), #{ n = 1, nil, 2, nil }, #{ 1, nil, 3 })
print(select("#", table.unpack { true, nil, "error", nil }), table.unpack { 1, nil, 3, nil })

-- The same for every number of places and every pattern of holes, before and after it was asked for once.
local sums = {}
for n = 1, 9 do
  local first, second = 0, 0
  for pattern = 0, (1 << n) - 1 do
    local values = {}
    for i = 1, n do values[i] = pattern >> (i - 1) & 1 == 1 and "true" or "nil" end
    local t = load("return {" .. table.concat(values, ",") .. "}")()
    first = first + #t * (pattern + 1)
    second = second + #t * (pattern + 1)
  end
  sums[#sums + 1] = first .. " " .. tostring(first == second)
end
print(table.concat(sums, "\n"))

-- Filled and emptied at its end, it has one border only.
local t = {}
for i = 1, 200 do
  t[#t + 1] = i
  assert(#t == i)
end
for i = 200, 1, -1 do
  assert(#t == i)
  t[#t] = nil
end
for r = 1, 5 do
  for i = 1, 20 do t[#t + 1] = i end
  for i = 1, 19 do t[#t] = nil end
  print(#t)
end
local full = {}
for i = 1, 100 do full[i] = i end
for i = 1, 50 do full[i] = nil end
print(#full)
