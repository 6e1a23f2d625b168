-- Frames of compiled functions under everything that may look at them: errors, tracebacks, the debug library, hooks,
-- yields, collections and growing stacks. Each case runs often enough to be compiled.

local function times(n, f, ...)
  local r
  for _ = 1, n do
    r = table.pack(f(...))
  end
  return table.unpack(r, 1, r.n)
end

-- Deep recursion through a loop, and its end.
local function down(n)
  for i = 1, 2 do
    if n > 0 and i == 2 then
      return 1 + down(n - 1)
    end
  end
  return 0
end
print(times(50, down, 20), down(15000))
local function forever(n)
  for i = 1, 2 do
    if i == 2 then
      return 1 + forever(n + 1)
    end
  end
end
local ok, message = pcall(forever, 1)
print(ok, (message:gsub("^.-:%d+: ", ""):match("^stack overflow")))

-- Errors know their lines through native frames, and are caught at any depth.
local function fail(n)
  if n == 0 then
    error("at the end", 2)
  end
  local r = fail(n - 1)
  return r + 1
end
for n = 1, 4 do
  print(select(2, times(60, pcall, fail, n)))
end
local function index(t, n)
  if n == 0 then
    return t.x.y
  end
  return (index(t, n - 1))
end
print(times(80, index, { x = { y = 5 } }, 3))
print(select(2, pcall(index, { x = 5, y = 1 }, 3)), select(2, pcall(index, {}, 2)))

-- Tracebacks and locals of waiting frames.
local function look(level)
  local names = {}
  for i = 1, 10 do
    local name, value = debug.getlocal(level, i)
    if not name then
      break
    end
    names[#names + 1] = name .. "=" .. tostring(value)
  end
  return table.concat(names, " ")
end
local function inner(a, b)
  local sum = a + b
  local text = look(3)
  return text, sum
end
local function outer(x)
  local y = x * 2
  local text, sum = inner(x, y)
  local z = y + sum
  return text .. " " .. z
end
print(times(100, outer, 7))
print(times(100, outer, 1.5))
local function set(level, i, value)
  return debug.setlocal(level, i, value)
end
local function changed(x)
  local before = x
  local name = set(2, 1, "changed")
  return name, before, x
end
print(times(100, changed, 3))
local function trace(n)
  if n == 0 then
    return (debug.traceback("trace", 1):gsub("%[C%].*", ""))
  end
  return (trace(n - 1))
end
print((times(100, trace, 3):gsub(":%d+:", ":N:")))

-- Tail calls: the caller is gone, and a chain of them needs no room.
local function count(n, acc)
  if n == 0 then
    return acc
  end
  return count(n - 1, acc + 1)
end
print(times(30, count, 100, 0), count(200000, 0))
local even, odd
function even(n)
  if n == 0 then
    return true
  end
  return odd(n - 1)
end
function odd(n)
  if n == 0 then
    return false
  end
  return even(n - 1)
end
print(times(30, even, 101), times(30, even, 100))
local function who()
  local info = debug.getinfo(2, "Slt")
  return info.istailcall, info.what, info.currentline > 0
end
local function called()
  local a, b, c = who()
  return a, b, c
end
local function tail()
  return called()
end
local function viatail()
  local a, b, c = tail()
  return a, b, c
end
print(times(100, viatail))

-- Yields across compiled frames, in both directions.
local function produce(n)
  if n > 0 then
    local got = coroutine.yield(n)
    return got + produce(n - 1)
  end
  return 0
end
local function drive(n)
  local co = coroutine.create(produce)
  local _, v = coroutine.resume(co, n)
  local sum = 0
  while coroutine.status(co) ~= "dead" do
    sum = sum + v
    _, v = coroutine.resume(co, v * 10)
  end
  return sum, v
end
print(times(60, drive, 12))

-- Hooks set in the depth, on calls and on lines.
local calls = 0
local function hooked(n)
  if n == 0 then
    debug.sethook(function() calls = calls + 1 end, "c")
    return 0
  end
  local r = 1 + hooked(n - 1)
  if n == 3 then
    debug.sethook()
  end
  return r
end
local r
for _ = 1, 60 do
  r = hooked(5)
  debug.sethook()
end
print(r, calls > 0)
local function lines(n)
  local seen = 0
  debug.sethook(function() seen = seen + 1 end, "l")
  local sum = 0
  for i = 1, n do
    sum = sum + i
  end
  debug.sethook()
  return sum, seen > n
end
print(times(40, lines, 10))

-- Collections and a moved stack under waiting frames; captured variables live on.
local function churn(n)
  local t = { n }
  local function get() return t[1] end
  if n > 0 then
    if n % 7 == 0 then
      collectgarbage()
    end
    local rest = churn(n - 1)
    t[1] = t[1] + rest
  end
  return get()
end
print(times(20, churn, 30))
local function wide(n, a, b, c, d, e)
  if n == 0 then
    return a + b + c + d + e
  end
  local x = wide(n - 1, b, c, d, e, a)
  return x + n
end
local co = coroutine.wrap(function() return wide(3000, 1, 2, 3, 4, 5) end)
print(times(40, wide, 5, 1, 2, 3, 4, 5), co())

-- Arguments missing and to spare, results wanted and not.
local function five(a, b, c, d, e)
  return e == nil and (d == nil and "few" or "four") or "five"
end
local function ask(n)
  if n == 0 then
    return five()
  elseif n == 1 then
    return (five(1, 2, 3, 4))
  end
  five(1)
  local x = five(1, 2, 3, 4, 5, 6, 7)
  return x
end
for i = 1, 100 do
  ask(i % 3)
end
print(ask(0), ask(1), ask(2))

-- Functions that change under their callers: other types, another function.
local function add(x, y)
  return x + y
end
local function sum(list)
  local s = list[1]
  for i = 2, #list do
    s = add(s, list[i])
  end
  return s
end
print(times(80, sum, { 1, 2, 3 }), times(80, sum, { 1, 2.5, 3 }), times(80, sum, { "1", 2 }))
local add1 = add
add = function(x, y) return add1(x, y) * 2 end
print(times(80, sum, { 1, 2, 3 }))
add = setmetatable({}, { __call = function(_, x, y) return x - y end })
print(times(80, sum, { 1, 2, 3 }), select(2, pcall(sum, { 1, {} })))

-- To-be-closed variables and protected calls in the middle.
local closed = 0
local function guarded(n)
  local guard <close> = setmetatable({}, { __close = function() closed = closed + 1 end })
  if n == 0 then
    error("inside")
  end
  return (guarded(n - 1))
end
print(select(2, times(30, pcall, guarded, 3)), closed)
