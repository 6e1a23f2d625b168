-- Numeric for with integers: extreme bounds never overflow the control variable.
local maxi, mini = math.maxinteger, math.mininteger

local function run(a, b, c)
  local n, first, last = 0, nil, nil
  for i = a, b, c do
    n = n + 1
    first = first or i
    last = i
    if n >= 10 then break end
  end
  print(n, first, last, math.type(first))
end

print "up to the top"
run(maxi - 2, maxi, 1)
run(maxi, maxi, 1)
run(maxi - 5, maxi, 3)
run(maxi - 1, maxi, maxi)
run(mini, maxi, maxi)
run(mini, mini + 2, 1)

print "down to the bottom"
run(mini + 2, mini, -1)
run(mini, mini, -1)
run(maxi, mini, mini)
run(mini + 7, mini, -3)
run(maxi, mini, -maxi)

print "empty loops"
run(1, 0, 1)
run(0, 1, -1)
run(maxi, mini, 1)
run(mini, maxi, -1)
run(maxi, maxi - 1, 1)

print "float limits are clipped"
run(1, 3.9, 1)
run(1, math.huge, 1)
run(-1, -math.huge, -1)
run(1, -math.huge, 1)
run(3, 1.5, -1)
run(1, 0 / 0, 1)
run(maxi - 1, 1e300, 1)
run(mini + 1, -1e300, -1)
run(1, 2 ^ 63, maxi)
run(-5, -2.5, 1)
run(5, 2.5, -1)

print "limits and steps are evaluated once"
local calls = {}
local function v(name, x)
  calls[#calls + 1] = name
  return x
end
for i = v("init", 1), v("limit", 6), v("step", 2) do
  calls[#calls + 1] = i
end
print(table.concat(calls, " "))

print "the control variable is a copy"
local seen = {}
for i = 1, 3 do
  seen[#seen + 1] = i
  i = i * 10
  seen[#seen + 1] = i
end
print(table.concat(seen, " "))

print "errors"
print(pcall(function() for _ = 1, 10, 0 do end end))
print(pcall(function() for _ = "a", 10 do end end))
print(pcall(function() for _ = 1, {} do end end))
print(pcall(function() for _ = 1, 2, print do end end))
print(pcall(function() for _ = "1", 2 do end end))
print(pcall(function() for _ = 1, "2" do end end))
print(pcall(function() for _ = 1.5, "2" do end end))
print(pcall(function() for _ = 1, 10, 0.0 do end end))
print(pcall(function() for _ = nil, 1 do end end))

print "hot"
local s = 0
for i = 1, 30000 do s = s + i end
print(s)
s = 0
for i = 30000, 1, -7 do s = s ~ i end
print(s)
for i = -3, 3 do s = s + (i < 0 and -i or i) end
print(s)
-- nested with limits that depend on the outer variable
local count = 0
for i = 1, 100 do
  for j = i, 100, i do count = count + 1 end
end
print(count)
