-- xpcall with debug.traceback: the text of tracebacks for every kind of frame.
local function clean(s) return (s:gsub("\n%s*%[C%]: in %?$", "")) end
local function show(f, ...) local ok, tb = xpcall(f, debug.traceback, ...) print(ok, clean(tb)) end

local function leaf() error "leaf" end
local function middle() leaf() end
show(function() middle() end)

-- a global function, a field, a method, an upvalue, a tail call
function globalfn() leaf() end
show(function() globalfn() end)
local lib = { sub = {} }
function lib.fn() leaf() end
function lib.sub.deep() lib.fn() end
function lib:meth() self.fn() end
show(function() lib.fn() end)
show(function() lib.sub.deep() end)
show(function() lib:meth() end)
local function tail() return leaf() end
show(function() tail() end)
show(function() local t = { leaf }; t[1]() end)

-- metamethods, iterators, library callbacks, coroutines
local mt = { __add = function() leaf() end, __index = function(_, k) leaf() end, __lt = function() leaf() end, __concat = function() leaf() end, __close = function() leaf() end, __newindex = function() leaf() end, __unm = function() leaf() end, __len = function() leaf() end, __eq = function() leaf() end, __call = function() leaf() end }
local o = setmetatable({}, mt)
show(function() return o + 1 end)
show(function() return o.x end)
show(function() return o < 1 end)
show(function() return "a" .. o end)
show(function() o.x = 1 end)
show(function() return -o end)
show(function() return #o end)
show(function() return o == setmetatable({}, mt) end)
show(function() o() end)
show(function() do local c <close> = o end end)
show(function() for _ in function() leaf() end do end end)
show(function() table.sort({ 1, 2, 3 }, function() leaf() end) end)
show(function() return ("x"):gsub(".", function() leaf() end) end)
show(function() coroutine.wrap(function() leaf() end)() end)
show(load("local x = ... ; x()", "=loaded"), leaf)
show(load("local x = ... ; x()", "@dir/file.lua"), leaf)
show(load("local x = ... ; x()", "x = source text"), leaf)
show(error, "from C")
show(string.rep)

-- non-string errors pass through unchanged, levels and messages of traceback itself
print(xpcall(error, debug.traceback, { 1 }) == false, type(select(2, xpcall(error, debug.traceback, { 1 }))))
print(debug.traceback(nil), debug.traceback(12, 50), debug.traceback("only message", 50))
print(clean(debug.traceback("here")))
print(clean(debug.traceback("level 1", 1)))
print((debug.traceback("level 0", 0):gsub("\n%s*%[C%]: in %?$", "")))

-- long stacks are abbreviated
local function rec(n) if n == 0 then error "deep" end rec(n - 1) end
local _, tb = xpcall(rec, debug.traceback, 40)
local lines, dots = 0, nil
for l in tb:gmatch "[^\n]+" do
  lines = lines + 1
  dots = dots or l:match "skipping.*"
end
print(lines, dots)
_, tb = xpcall(rec, debug.traceback, 15)
print(select(2, tb:gsub("\n", "\n")), tb:find "skipping")
-- a handler that looks at the frames and locals of the error
print(xpcall(function() local secret = 42; local other = "x"; error "E" end, function(m)
  local names = {}
  for i = 1, 10 do
    local n, v = debug.getlocal(3, i)
    if not n then break end
    if not n:find "^%(" then names[#names + 1] = n .. "=" .. tostring(v) end
  end
  return table.concat(names, ",")
end))
globalfn = nil
