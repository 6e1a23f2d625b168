-- A scheduler, channels, symmetric transfer, producer and consumer: programs built on coroutines.
local queue, trace = {}, {}
local function spawn(name, f, ...)
  local args = table.pack(...)
  queue[#queue + 1] = { name = name, co = coroutine.create(function() return f(table.unpack(args, 1, args.n)) end) }
end
local function run()
  while #queue > 0 do
    local task = table.remove(queue, 1)
    local ok, v = coroutine.resume(task.co)
    if not ok then trace[#trace + 1] = task.name .. "!" .. v
    elseif coroutine.status(task.co) ~= "dead" then queue[#queue + 1] = task
    else trace[#trace + 1] = task.name .. "=" .. tostring(v) end
  end
end
local function worker(n, k)
  local s = 0
  for i = 1, n do s = s + i * k coroutine.yield() end
  return s
end
spawn("a", worker, 3, 1)
spawn("b", worker, 1, 10)
spawn("c", worker, 5, 0.5)
spawn("d", function() coroutine.yield() error("died", 0) end)
run()
print(table.concat(trace, " "))

-- channels with blocking send and receive
local function channel() return { buf = {}, closed = false } end
local function send(ch, v) while #ch.buf >= 2 do coroutine.yield() end ch.buf[#ch.buf + 1] = v end
local function recv(ch)
  while #ch.buf == 0 do
    if ch.closed then return nil end
    coroutine.yield()
  end
  return table.remove(ch.buf, 1)
end
trace = {}
local ch, sq = channel(), channel()
spawn("prod", function() for i = 1, 10 do send(ch, i) end ch.closed = true return "sent" end)
spawn("map", function() for v in recv, ch do send(sq, v * v) end sq.closed = true return "mapped" end)
local total = 0
spawn("sum", function() for v in recv, sq do total = total + v end return total end)
run()
print(table.concat(trace, " "), total)

-- a ring: a token goes round
local N, rounds = 50, 40
local hops = 0
local ring = {}
for i = 1, N do
  ring[i] = coroutine.wrap(function(token)
    while true do
      hops = hops + 1
      token = coroutine.yield(token + i)
    end
  end)
end
local token = 0
for _ = 1, rounds do for i = 1, N do token = ring[i](token) end end
print(hops, token)

-- symmetric transfer through a dispatcher
local function transfer_all(first, ...)
  local cos = { ... }
  local nxt, val, out = first, "start", {}
  while nxt do
    out[#out + 1] = nxt .. ":" .. tostring(val)
    local ok, n, v = coroutine.resume(cos[nxt], val)
    assert(ok, n)
    nxt, val = n, v
  end
  return table.concat(out, " ")
end
print(transfer_all(1,
  coroutine.create(function(v) v = coroutine.yield(2, v .. ">1") coroutine.yield(3, v .. ">1b") end),
  coroutine.create(function(v) coroutine.yield(1, v .. ">2") end),
  coroutine.create(function(v) coroutine.yield(nil) end)))

-- zip, take, map as coroutine combinators
local function iter(t) return coroutine.wrap(function() for _, v in ipairs(t) do coroutine.yield(v) end end) end
local function naturals() return coroutine.wrap(function() local n = 0 while true do n = n + 1 coroutine.yield(n) end end) end
local function take(n, g) return coroutine.wrap(function() for _ = 1, n do coroutine.yield(g()) end end) end
local function map(f, g) return coroutine.wrap(function() for v in g do coroutine.yield(f(v)) end end) end
local function zip(a, b) return coroutine.wrap(function() while true do local x, y = a(), b() if x == nil or y == nil then return end coroutine.yield(x, y) end end) end
local t = {}
for a, b in zip(iter { "x", "y", "z" }, map(function(v) return v * v end, naturals())) do t[#t + 1] = a .. b end
print(table.concat(t, " "))
local s = 0
for v in take(3000, map(function(v) return v % 7 end, naturals())) do s = s + v end
print(s)
-- same fringe of two trees
local function fringe(tr) return coroutine.wrap(function()
  local function go(n) if type(n) == "table" then go(n[1]) go(n[2]) else coroutine.yield(n) end end
  go(tr)
end) end
local function same(a, b)
  local fa, fb = fringe(a), fringe(b)
  while true do
    local x, y = fa(), fb()
    if x ~= y then return false end
    if x == nil then return true end
  end
end
print(same({ { 1, 2 }, { 3, 4 } }, { 1, { 2, { 3, 4 } } }), same({ 1, { 2, 3 } }, { { 1, 3 }, 2 }))
