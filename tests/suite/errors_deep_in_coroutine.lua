-- A coroutine that catches an error goes on without the native calls that it was in.
local function co(f, ...)
  local c, n = coroutine.create(f), 0
  local r = table.pack(coroutine.resume(c, ...))
  while coroutine.status(c) == "suspended" do
    n = n + 1
    r = table.pack(coroutine.resume(c, n))
  end
  print(n, table.unpack(r, 1, r.n))
end

-- Deeper than native calls may be nested, with an error now and then.
local function deep(n)
  if n == 0 then return "done" end
  if n % 20 == 0 then pcall(error) end
  local ok, r = pcall(deep, n - 1)
  return r
end
co(function() return deep(250) end)
co(function() return deep(1000), deep(300) end)

-- Message handlers see each error once, where it was raised.
local seen = 0
local function handler(m)
  seen = seen + 1
  return tostring(m) .. "!" .. debug.traceback("", 2):match("in (%a+)")
end
local function raise(n)
  if n > 0 then return (select(2, pcall(raise, n - 1))) end
  error("at the bottom", 0)
end
local function handled(n)
  if n == 0 then error({}) end
  local ok, m = xpcall(handled, handler, n - 1)
  if ok then return m end
  return (tostring(m):gsub("0x%x+", "PTR"))
end
co(function() return handled(40), seen end)
co(function() return raise(60) end)

-- Variables are closed in order, and what they raise replaces the error; yields in between go on.
local log = {}
local function closing(name, fail)
  return setmetatable({}, {__close = function(_, e)
    log[#log + 1] = name .. ":" .. tostring(e)
    coroutine.yield(name)
    if fail then error(name .. " failed", 0) end
  end})
end
local function nested(n)
  if n == 0 then
    local a <close> = closing("a")
    local b <close> = closing("b", true)
    error("inner", 0)
  end
  local ok, e = pcall(nested, n - 1)
  if n % 10 == 0 then
    local c <close> = closing("c" .. n, n % 20 == 0)
    error(tostring(e), 0)
  end
  return ok, e
end
co(function() return nested(45) end)
print(table.concat(log, " "))

-- Objects, nil and numbers as errors; results and locals of the callers survive.
local function values(n, v)
  local x, y = n * 2, tostring(n)
  if n == 0 then error(v, 0) end
  local r = table.pack(pcall(values, n - 1, v))
  assert(x == n * 2 and y == tostring(n))
  if n % 7 == 0 then error(r[2], 0) end
  return r.n, table.unpack(r, 1, 3)
end
co(values, 30, nil)
co(values, 30, 12)
co(values, 31, "text")
co(function() local t = {} local _, ok, e = values(20, t) return ok, e == t end)

-- In iterators, metamethods and sorts, through which nothing can go on.
local mt = {__index = function(_, k) return (select(2, pcall(error, k))) end, __lt = function(a, b)
  local ok, e = pcall(error, "lt") return a.v < b.v end}
local function mixed(n)
  local t = setmetatable({v = n}, mt)
  if n == 0 then return t.x end
  local list = {}
  for i = 1, 5 do list[i] = setmetatable({v = (i * 3) % 5}, mt) end
  table.sort(list)
  local s = ""
  for w in ("a b c"):gmatch("%a") do local ok, e = pcall(error, w) s = s .. e end
  local ok, r = pcall(mixed, n - 1)
  return r .. s:sub(1, 1) .. list[1].v .. t.key:sub(1, 1)
end
co(function() return mixed(50) end)
local sum = 0
co(function()
  local function f(n)
    if n == 0 then
      for i = 1, 300 do
        local ok, e = pcall(error, i)
        if not ok then sum = sum + e end
      end
      return sum
    end
    return (select(2, pcall(f, n - 1)))
  end
  return f(30)
end)
