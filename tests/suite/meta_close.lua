-- To-be-closed variables: order, arguments, errors, nil and false, in every construct.
local log = {}
local function res(name, fail)
  return setmetatable({ name = name }, {
    __close = function(self, err)
      log[#log + 1] = name .. (err and ("(" .. tostring(err) .. ")") or "")
      if fail then error(fail, 0) end
    end,
    __tostring = function() return name end,
  })
end
local function flush(...) print(table.concat(log, " "), ...) log = {} end

do
  local a <close> = res "a"
  local b <close> = res "b"
  local c <close> = nil
  local d <close> = false
  log[#log + 1] = "body"
end
flush()

-- closed on break, goto, return, error
for i = 1, 3 do
  local r <close> = res("it" .. i)
  if i == 2 then break end
end
flush()
do
  local n = 0
  ::again::
  do
    local r <close> = res("g" .. n)
    n = n + 1
    if n < 3 then goto again end
  end
end
flush()
local function ret()
  local x <close> = res "x"
  local y <close> = res "y"
  return "value", x.name, #log
end
flush(ret())
flush(pcall(function()
  local e <close> = res "e"
  local f <close> = res "f"
  error("boom", 0)
end))

-- errors in closing methods: the last one wins and each sees the former
flush(pcall(function()
  local a <close> = res("a", "errA")
  local b <close> = res("b", "errB")
  local c <close> = res "c"
  error("first", 0)
end))
flush(pcall(function()
  local a <close> = res "a"
  local b <close> = res("b", "only")
  return "lost"
end))
-- an error value of nil
flush(pcall(function() local a <close> = res "n" error(nil) end))

-- values without a closing method
print(pcall(function() local a <close> = 42 end))
print(pcall(function() local a <close> = {} end))
print(pcall(function() local bad <close> = setmetatable({}, { __close = false }) end))
-- the metamethod is read when the variable goes out of scope
local late = setmetatable({}, { __close = function() log[#log + 1] = "old" end })
do
  local l <close> = late
  getmetatable(late).__close = function() log[#log + 1] = "new" end
end
flush()
print(pcall(function()
  local l <close> = late
  getmetatable(late).__close = nil
end))

-- generic for: the fourth value is closed however the loop ends
local function iter(n, name)
  return function(_, k) if k < n then return k + 1 end end, nil, 0, res(name)
end
for i in iter(2, "done") do log[#log + 1] = i end
flush()
for i in iter(5, "broken") do if i == 2 then break end end
flush()
flush(pcall(function() for i in iter(5, "erred") do if i == 3 then error("E", 0) end end end))
flush((function() for i in iter(5, "returned") do if i == 4 then return "R" end end end)())

-- the variables are still reachable while closing; upvalues stay open until then
local function up()
  local v = 1
  local r <close> = setmetatable({}, { __close = function() v = v + 1 log[#log + 1] = "v=" .. v end })
  return function() v = v + 10 return v end
end
local fn = up()
flush(fn(), fn())

-- tail position is not a tail call; varargs and results survive
local function many(...)
  local r <close> = res "many"
  return ...
end
flush(many(1, nil, 3, nil))
flush(select("#", many(nil, nil)))
-- in nested functions and loops, hot
local closed = 0
local mt = { __close = function() closed = closed + 1 end }
local function hot(i)
  local r <close> = setmetatable({}, mt)
  if i % 7 == 0 then return -i end
  return i
end
local s = 0
for i = 1, 3000 do
  s = s + hot(i)
  if i == 2000 then mt.__close = function() closed = closed + 100 end end
end
print(s, closed)
-- assignment to such a variable is refused
print(load "local a <close> = nil; a = 1")
print(load "local a <close>, b <close> = nil, nil")
