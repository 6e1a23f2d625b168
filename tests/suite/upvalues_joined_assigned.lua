-- debug.upvaluejoin: a function that assigns gets a variable that others take for constant.
local a, b = 1, 2
local function get() return a end
local function count() b = b + 1 return b end
local function run(n)
  local s = 0
  for i = 1, n do
    s = s + get() + a
    if i % 10 == 0 then count() end
  end
  return s
end
print(run(100), run(1000), a, b)
local co = coroutine.wrap(function()
  for _ = 1, 50 do
    local s = 0
    for _ = 1, 5 do s = s + get() end
    coroutine.yield(s + a)
  end
end)
local s = 0
for i = 1, 50 do
  s = s + co()
  if i == 30 then
    local i1, i2 = 1, 1
    while debug.getupvalue(count, i1) ~= "b" do i1 = i1 + 1 end
    debug.upvaluejoin(count, i1, get, i2)
  end
  if i > 30 then count() end
end
print(s, a, b)
print(run(100), run(1000), a, b)

-- Of a function without debug information nothing is known.
local n = 0
local function inc() n = n + 1 end
local reader = load(string.dump(function() return n end, true))
debug.upvaluejoin(reader, 1, inc, 1)
local t = 0
for i = 1, 300 do
  t = t + reader()
  if i % 10 == 0 then inc() end
end
print(t, n)
