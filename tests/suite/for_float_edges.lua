-- Numeric for with floats: accumulation, mixed types, infinities, steps that vanish.
local function run(a, b, c)
  local t = {}
  for i = a, b, c do
    t[#t + 1] = i ~= i and "nan" or tostring(i)
    if #t >= 8 then break end
  end
  print(#t, table.concat(t, " "))
end

run(1.0, 3, 1)
run(1, 3, 0.5)
run(1, 2, 0.25)
run(0.0, 1, 0.3)
run(3, 1, -0.75)
run(1, 3.0, 1.0)
run(1.5, 1.5, 1)
run(1.5, 1.4, 1)
run(1.0, 0 / 0, 1)
run(0 / 0, 1, 1)
run(1.0, math.huge, 1e308)
run(-1.0, -math.huge, -1e308)
run(math.huge, math.huge, 1)
run(-math.huge, 0, 1)
run(2 ^ 53, 2 ^ 53 + 4, 1)
run(-0.0, 0, 1)
run(0.0, -0.0, -1)
run(1e15, 1e15 + 2, 0.5)

-- the number of rounds of the classic inexact loop
local n = 0
for _ = 0, 1, 0.1 do n = n + 1 end
print("0..1 by 0.1", n)
n = 0
for _ = 1, 0, -0.1 do n = n + 1 end
print("1..0 by -0.1", n)

-- an integer start with a float step becomes a float loop
for i = 1, 2, 1.0 do io.write(math.type(i), " ") end
print()
for i = 1, 2.9 do io.write(math.type(i), " ", i, " ") end
print()
for i = math.mininteger, math.mininteger + 1.0, 1.0 do
  io.write(string.format("%.0f ", i))
  break
end
print()

print(pcall(function() for _ = 1.0, 2, 0 do end end))
print(pcall(function() for _ = 1, 2.0, 0 do end end))
print(pcall(function() for _ = 1.0, {}, 1 do end end))
print(pcall(function() for _ = {}, 1.0 do end end))

-- accumulate in a long float loop; results must be the same bit for bit
local s, c = 0, 0
for x = 0, 100, 0.01 do
  s = s + x * x
  c = c + 1
end
print(c, string.format("%.6f", s))
local p = 1
for x = 1.0, 1.5, 1 / 1024 do p = p * x ^ 0.001 end
print(string.format("%.12g", p))

-- a loop whose step is a variable of changing type
for _, step in ipairs { 1, 1.0, 2, 0.5, -1 } do
  local t = {}
  for i = 1, 3, step do t[#t + 1] = math.type(i):sub(1, 1) .. i end
  print(step, table.concat(t, ","))
end
local function total(a, b, st)
  local sum = 0
  for i = a, b, st do sum = sum + i end
  return sum
end
for _ = 1, 50 do total(1, 100, 1) end
print(total(1, 100, 1), total(1.0, 100, 1), total(1, 100, 0.5), total(100, 1, -1), total(1, 0, 1))
print(total(1, 10, 1), total(1, 10.5, 1), total(0.5, 10, 1))
