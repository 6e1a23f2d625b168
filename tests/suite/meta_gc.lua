-- Finalizers: when they run, their order, resurrection, errors, re-marking.
local log = {}
local function flush(label)
  print(label, table.concat(log, " "))
  log = {}
end
local function fin(name) return setmetatable({ name = name }, { __gc = function(o) log[#log + 1] = o.name end }) end

-- with the automatic collector stopped, one full cycle finalises in reverse order of marking
collectgarbage "stop"
local function make(n)
  local keep = {}
  for i = 1, n do keep[i] = fin("o" .. i) end
end
make(5)
flush "before"
collectgarbage()
flush "after"

-- referenced objects stay
local alive = fin "alive"
make(2)
collectgarbage()
flush "others"
assert(alive.name == "alive")

-- the metatable must have __gc when it is set
local function late()
  local mt = {}
  local o = setmetatable({ name = "late" }, mt)
  mt.__gc = function(x) log[#log + 1] = x.name end
  local p = setmetatable({ name = "marked" }, { __gc = true })
  getmetatable(p).__gc = function(x) log[#log + 1] = x.name end
end
late()
collectgarbage()
flush "late"

-- resurrection: a finalizer runs once, unless marked again
local saved
local function resurrect()
  setmetatable({ n = 0 }, { __gc = function(o) log[#log + 1] = "gc" .. o.n o.n = o.n + 1 saved = o end })
end
resurrect()
collectgarbage()
flush "first"
print(saved.n)
saved = nil
collectgarbage()
flush "not again"
local function again()
  local mt
  local left = 3
  mt = { __gc = function(o) left = left - 1 log[#log + 1] = "left" .. left if left > 0 then setmetatable(o, mt) end end }
  setmetatable({}, mt)
end
again()
for _ = 1, 5 do collectgarbage() end
flush "remarked"

-- objects reachable from a finalised object are intact in the finalizer
local function graph()
  local inner = { v = { deep = "deep value" } }
  setmetatable({ inner = inner }, { __gc = function(o) log[#log + 1] = o.inner.v.deep end })
end
graph()
collectgarbage()
flush "graph"

-- an error in a finalizer is a warning, not an error; other finalizers still run
warn "@off"
local function faulty()
  local t = { fin "f1" }
  t[2] = setmetatable({}, { __gc = function() error "ignored" end })
  t[3] = fin "f3"
end
faulty()
print(pcall(collectgarbage))
flush "faulty"
-- __gc that is not a function is ignored
local function junk() setmetatable({}, { __gc = 42 }) setmetatable({}, { __gc = "x" }) end
junk()
print(pcall(collectgarbage))

-- finalizers may allocate, create objects with finalizers, and call the collector
local function nested()
  setmetatable({}, { __gc = function()
    local t = {}
    for i = 1, 100 do t[i] = { i } end
    log[#log + 1] = "alloc" .. #t
    setmetatable({}, { __gc = function() log[#log + 1] = "inner" end })
    log[#log + 1] = tostring(collectgarbage())
  end })
end
nested()
collectgarbage()
collectgarbage()
flush "nested"

-- a finalizer cannot yield
local function yields() setmetatable({}, { __gc = function() log[#log + 1] = tostring(pcall(coroutine.yield)) end }) end
local co = coroutine.wrap(function() yields() collectgarbage() return "end" end)
print(co())
flush "yield"
collectgarbage "restart"

-- automatic collection runs finalizers under allocation pressure
local ran = false
local function pressure() setmetatable({}, { __gc = function() ran = true end }) end
pressure()
local rounds = 0
while not ran and rounds < 2000000 do
  local _ = { rounds, {} }
  rounds = rounds + 1
end
print("pressure", ran)
-- many finalizers; all of them run
local count = 0
local cmt = { __gc = function() count = count + 1 end }
for _ = 1, 2000 do setmetatable({}, cmt) end
collectgarbage()
collectgarbage()
print("count", count)
