-- To-be-closed variables on every way out of a block, mixed with pcall, loops and coroutines.
local log = {}
local function R(n) return setmetatable({}, { __close = function(_, e) log[#log + 1] = e and n .. "!" or n end }) end
local function flush(...) print(table.concat(log, " "), "|", ...) log = {} end

-- normal ends of while, repeat, for, if, do
do local i = 0 while i < 2 do local a <close> = R("w" .. i) i = i + 1 end end
flush()
do
  local i = 0
  repeat
    local a <close> = R("r" .. i)
    i = i + 1
    local stop = i == 2
  until stop
end
flush()
for i = 1, 2 do local a <close> = R("f" .. i) end
flush()
if true then local a <close> = R "if" else local b <close> = R "else" end
flush()

-- the until condition runs before the closing
do
  local cond = {}
  repeat
    local a <close> = setmetatable({}, { __close = function() log[#log + 1] = "closed" end })
    local function c() log[#log + 1] = "cond" return true end
  until c()
end
flush()

-- continue-like goto, break out of nested blocks
for i = 1, 3 do
  local o <close> = R("o" .. i)
  do
    local n <close> = R("n" .. i)
    if i == 1 then goto continue end
    if i == 2 then break end
  end
  log[#log + 1] = "tail" .. i
  ::continue::
end
flush()

-- return from nested loops, with values computed before closing
local function nested()
  for i = 1, 3 do
    local a <close> = R("a" .. i)
    for j = 1, 3 do
      local b <close> = R("b" .. j)
      while true do
        local c <close> = R "c"
        if j == 2 then return i, j, #log end
        break
      end
    end
  end
end
flush(nested())

-- errors inside nested blocks, caught at several levels
flush(pcall(function()
  local a <close> = R "a"
  local ok, e = pcall(function()
    local b <close> = R "b"
    for i = 1, 2 do
      local c <close> = R("c" .. i)
      if i == 2 then error("E1", 0) end
    end
  end)
  log[#log + 1] = "caught" .. e
  error("E2", 0)
end))

-- run-time errors (not error()) also close
flush((pcall(function() local a <close> = R "rt" local n = nil; return n.x end)))
-- stack of many variables
flush(pcall(function()
  local v1 <close> = R "1"
  local v2 <close> = R "2"
  local v3 <close> = nil
  local v4 <close> = R "4"
  local v5 <close> = false
  local v6 <close> = R "6"
  return "many"
end))

-- closing replaces the error; the return values of the closed function are kept
local function keep() local a <close> = R "k" return 1, nil, 3, nil end
flush(select("#", keep()), keep())
-- functions called by the closing method may themselves have such variables
do
  local a <close> = setmetatable({}, { __close = function()
    local b <close> = R "inner"
    log[#log + 1] = "outer"
  end })
end
flush()
-- recursion
local function rec(n) local a <close> = R("d" .. n) if n > 0 then return rec(n - 1) end return "end" end
flush(rec(4))
-- coroutine dropped in mid-way does not close; close() does
local co = coroutine.wrap(function() local a <close> = R "dropped" coroutine.yield "y" end)
flush(co())
co = nil
collectgarbage()
flush "gc"
-- error thrown through a coroutine.wrap boundary
flush(pcall(function() local x <close> = R "x" coroutine.wrap(function() local y <close> = R "y" error("thru", 0) end)() end))
-- a table as lock, used hot with early exits of each kind
local depth, max = 0, 0
local lockmt = { __close = function() depth = depth - 1 end }
local function lock() depth = depth + 1 if depth > max then max = depth end return setmetatable({}, lockmt) end
local function op(i)
  local l <close> = lock()
  if i % 4 == 0 then return op(i + 1) end
  if i % 4 == 1 then error(i, 0) end
  for _ = 1, 2 do local m <close> = lock() if i % 4 == 2 then break end end
  return i
end
local good, bad = 0, 0
for i = 1, 4000 do if pcall(op, i) then good = good + 1 else bad = bad + 1 end end
print(good, bad, depth, max)
-- order against plain upvalues: captured variables keep their last value
local get
do
  local v = 1
  get = function() return v end
  local c <close> = setmetatable({}, { __close = function() v = v + 1 end })
  v = 10
end
print(get())
-- load'ed main chunks can have them too
local chunk = load "local r = ... ; local c <close> = r; return 'chunk', ..."
flush((chunk(R "chunk")))
