-- Tail calls run in constant stack; what is and is not a tail call.
local function down(n) if n == 0 then return "bottom" end return down(n - 1) end
print(down(200000))

-- mutual recursion, methods, and through a table field
local M = {}
function M.even(n) if n == 0 then return true end return M.odd(n - 1) end
function M.odd(n) if n == 0 then return false end return M.even(n - 1) end
print(M.even(100001), M.odd(100001))
local O = { n = 0 }
function O:walk(k) self.n = self.n + 1 if k == 0 then return self.n end return self:walk(k - 1) end
print(O:walk(100000))

-- varargs and results survive a tail call
local function id(...) return ... end
local function pass(...) return id(...) end
print(pass(1, nil, 3))
print((pass(1, nil, 3)))
local function spin(n, ...) if n == 0 then return ... end return spin(n - 1, ...) end
print(spin(50000, "a", "b", nil, "d"))

-- a growing number of arguments
local function grow(n, ...) if n == 0 then return select("#", ...) end return grow(n - 1, n, ...) end
print(grow(150))

-- tail call of a C function and of a callable table
local function len(s) return #s, string.len(s) end
print(len "abc")
local function viaC(s) return string.upper(s) end
print(viaC "up")
local callable = setmetatable({}, { __call = function(self, n) if n == 0 then return "called" end return self(n - 1) end })
print(callable(50000))

-- tail calls into pcall, error and coroutine functions
local function safe(f, ...) return pcall(f, ...) end
print(safe(error, "msg", 0))
print(safe(down, 10))
local function yielder(...) return coroutine.yield(...) end
local co = coroutine.wrap(function(...) return yielder(...) end)
print(co(1, 2))
print(co(3, 4))

-- the frame of the caller is replaced
local function where() return debug.traceback("tb", 1) end
local function mid() return where() end
local function top() local s = mid() return s end
print((top():gsub("%[C%].*", "C")))

-- parenthesised calls, operators and statements after the call are not tail calls
local function depth()
  local d = 0
  while debug.getinfo(d + 1, "l") do d = d + 1 end
  return d
end
local base = depth()
local function tailed() return depth() end
local function nontail1() return (depth()) end
local function nontail2() local d = depth() return d end
local function nontail3() return depth(), 1 end
print(tailed() - base, nontail1() - base, nontail2() - base, (nontail3()) - base)

-- a to-be-closed variable turns the return into an ordinary call
local log = {}
local function closing()
  local c <close> = setmetatable({}, { __close = function() log[#log + 1] = "closed" end })
  return (function() log[#log + 1] = "body" return "r" end)()
end
print(closing(), table.concat(log, ","))

-- upvalues of the replaced frame are closed
local function mk(n)
  local v = n
  local function get() v = v + 1 return v end
  return id(get)
end
local g1, g2 = mk(1), mk(10)
print(g1(), g1(), g2())

-- an interpreter loop made of tail calls: states alternate a hundred thousand times
local states = {}
function states.a(n, acc) if n == 0 then return acc end return states.b(n - 1, acc + 1) end
function states.b(n, acc) if n == 0 then return acc end return states.c(n - 1, acc + 2) end
function states.c(n, acc) if n == 0 then return acc end return states.a(n - 1, acc + 0.5) end
print(states.a(99999, 0))
-- changing the target half way
local function first(n) if n == 0 then return "first" end return states.x(n - 1) end
local function second(n) if n == 0 then return "second" end return states.x(n - 1) end
states.x = function(n) if n == 500 then states.x = second end return first(n) end
print(states.x(2000))
