-- Functions that end with calls: of library functions with all results of a call, and with captured variables.

local max, floor, rep, concat = math.max, math.floor, string.rep, table.concat
local function twice(x) return x * 2 end
local function enclosed(x) return tostring(twice(x)) end
local function largest(x, y) return max(x, twice(y)) end
local function pair(x) return x, tostring(twice(x)) end
local function triple(x) return x, -x, twice(x) end
local function joined(t) return concat(t, twice("1") == 2 and "," or ";") end
local length, sum = 0, 0
for i = 1, 500 do
  length = length + #enclosed(i) + #joined{i, i + 1}
  local a, b = pair(i)
  local c, d, e = triple(i)
  sum = sum + largest(i, 3) + a + #b + c + d + e
end
print(length, sum)

-- Another number of results.
local results = 1
local function some(x) if results == 1 then return x elseif results == 0 then return else return x, x + 1, x + 2 end end
local function all(x) return 0, some(x) end
local function most(x) return max(1, some(x)) end
local function select_all(x) return select("#", some(x)) end
local function own(x) return twice(some(x)) end
local parts = {}
for i = 1, 900 do
  results = i % 300 == 150 and 0 or i > 700 and 3 or 1
  local n = select("#", all(i))
  local ok, m = pcall(most, i)
  local fine, why = pcall(own, i)
  if i % 100 == 50 then parts[#parts + 1] = n .. ":" .. tostring(m) .. ":" .. select_all(i) .. ":" .. tostring(why) end
end
print(concat(parts, " "))

-- Captured variables are closed, and go on living.
local function counter(x)
  local k = x
  local function up() k = k + 1 return k end
  up()
  if x % 3 == 0 then return up, up() end
  if x % 3 == 1 then return twice(up()), up end
  return floor(up() / 2), up
end
local total, kept = 0, {}
for i = 1, 600 do
  local a, b = counter(i)
  local up = type(a) == "function" and a or b
  total = total + (type(a) == "function" and b or a) + up()
  kept[i % 5 + 1] = up
end
for i = 1, 5 do total = total + kept[i]() end
print("closed", total)
local function direct(x) local k = x; local f = function() return k end; k = k + 1; return f() end
local function through(x, g) local k = x; local f = function() k = k * 2 return k end; return g(f) end
local function run(f) return f() + f() end
local function lengthy(f) return #tostring(f()) end
total = 0
for i = 1, 500 do total = total + direct(i) + through(i, i % 4 == 0 and lengthy or run) end
print("through", total)
for _, g in ipairs{pcall, tostring, type, select, error, setmetatable, 5} do
  local ok, e = pcall(through, 3, g)
  print(ok, (tostring(e):gsub("0x%x+", "ADDRESS")))
end

-- What fails or yields there.
local function fail(x) if x % 100 == 0 then error("at " .. x) end return x end
local function failing(x) local k = x; local f = function() return k end; return tostring(fail(f())) end
local caught = {}
for i = 1, 500 do
  local ok, e = pcall(failing, i)
  if not ok then caught[#caught + 1] = e end
end
print("caught", #caught, caught[1])
local function yielding(x) local k = x; local f = function() return coroutine.yield(k) end; return tostring(f()) end
local co = coroutine.wrap(function() for i = 1, 300 do length = length + #yielding(i) end return "done" end)
local got = co()
while got ~= "done" do total = total + got; got = co(got * 2) end
print("yielded", total, length)

-- Deep: neither kind of tail call grows the stack, and library functions are found in tracebacks.
local function down(n, f) local k = n; local g = function() return k end; if n == 0 then return f() end return down(g() - 1, f) end
print(down(100000, function() return "bottom" end))
local function trace() return debug.traceback("trace") end
local function traced(x) local k = x; local f = function() return k end; return trace(f()) end
local last
for i = 1, 300 do last = traced(i) end
print((last:gsub("\n%s*%[C%]:.*", "")))
