-- coroutine.close: every status, pending to-be-closed variables, errors while closing.
local log = {}
local function res(name, err) return setmetatable({}, { __close = function(_, e) log[#log + 1] = name .. ":" .. tostring(e) if err then error(err, 0) end end }) end
local function flush(...) print(...) if #log > 0 then print("  log", table.concat(log, " ")) log = {} end end

-- a coroutine that never started, one that ended, one that failed
local co = coroutine.create(print)
flush(coroutine.close(co), coroutine.status(co))
flush(coroutine.resume(co))
co = coroutine.create(function() return 1 end)
coroutine.resume(co)
flush(coroutine.close(co))
flush(coroutine.close(co), coroutine.status(co))
co = coroutine.create(function() error("failed", 0) end)
flush(coroutine.resume(co))
flush(coroutine.close(co))
flush(coroutine.close(co))
co = coroutine.create(function() error { code = 7 } end)
coroutine.resume(co)
local ok, e = coroutine.close(co)
flush(ok, type(e), e.code)

-- suspended with pending variables, closed in reverse order
co = coroutine.create(function()
  local a <close> = res "a"
  local b <close> = res "b"
  coroutine.yield(1)
  log[#log + 1] = "never"
end)
coroutine.resume(co)
flush(coroutine.status(co), coroutine.close(co))
flush(coroutine.status(co), coroutine.resume(co))

-- errors while closing become the result; later ones replace earlier ones
co = coroutine.create(function()
  local a <close> = res("a", "errA")
  local b <close> = res "b"
  local c <close> = res("c", "errC")
  coroutine.yield()
end)
coroutine.resume(co)
flush(coroutine.close(co))
flush(coroutine.close(co))

-- nested frames and pcall inside the closed coroutine
co = coroutine.create(function()
  local outer <close> = res "outer"
  pcall(function()
    local inner <close> = res "inner"
    coroutine.yield()
  end)
  log[#log + 1] = "not reached"
end)
coroutine.resume(co)
flush(coroutine.close(co))

-- the running coroutine and a normal one cannot be closed
flush(pcall(coroutine.close, (coroutine.running())))
coroutine.wrap(function() flush(pcall(coroutine.close, (coroutine.running()))) end)()
local outer
outer = coroutine.create(function() return (coroutine.wrap(function() return select(2, pcall(coroutine.close, outer)) end)()) end)
flush(coroutine.resume(outer))
flush(pcall(coroutine.close))
flush(pcall(coroutine.close, 5))

-- a generator loop closes its coroutine through the fourth value
local function gen(n)
  local c = coroutine.create(function()
    local r <close> = res "gen"
    for i = 1, n do coroutine.yield(i) end
  end)
  return function() local _, v = coroutine.resume(c) return v end, nil, nil, setmetatable({}, { __close = function() coroutine.close(c) end })
end
local t = {}
for v in gen(10) do t[#t + 1] = v if v == 3 then break end end
flush(table.concat(t, " "))

-- wrap: an error in the body closes pending variables and propagates
local w = coroutine.wrap(function()
  local x <close> = res "x"
  coroutine.yield(1)
  error("inwrap", 0)
end)
flush(w())
flush(pcall(w))
flush(pcall(w))
w = coroutine.wrap(function() local x <close> = res("y", "from close") error("body", 0) end)
flush(pcall(w))

-- resume with an error leaves variables to close()
co = coroutine.create(function() local x <close> = res "z" error("zzz", 0) end)
flush(coroutine.resume(co))
flush(coroutine.status(co))
flush(coroutine.close(co))

-- a closing method that itself runs a coroutine, or closes another
local c2 = coroutine.create(function() local q <close> = res "q" coroutine.yield() end)
coroutine.resume(c2)
co = coroutine.create(function()
  local x <close> = setmetatable({}, { __close = function() log[#log + 1] = tostring(coroutine.close(c2)) end })
  coroutine.yield()
end)
coroutine.resume(co)
flush(coroutine.close(co))

-- hot: thousands of coroutines made, advanced a little and closed
local closed = 0
local mt = { __close = function() closed = closed + 1 end }
for i = 1, 1500 do
  local c = coroutine.create(function(n)
    local guard <close> = setmetatable({}, mt)
    for k = 1, n do coroutine.yield(k) end
  end)
  for _ = 1, i % 4 do coroutine.resume(c, 10) end
  coroutine.close(c)
end
print(closed)
