-- Closures: shared upvalues, nesting, recursion, upvalues that outlive their frame.
local function counter(start)
  local n = start
  local function inc(d) n = n + (d or 1) return n end
  local function get() return n end
  local function reset() n = start end
  return inc, get, reset
end
local i1, g1, r1 = counter(10)
local i2, g2 = counter(100)
print(i1(), i1(5), g1(), i2(), g2(), g1())
r1()
print(g1(), g2())

-- two closures share one variable; writes through either are seen by both and by the frame
local function share()
  local x = 0
  local function a() x = x + 1 end
  local function b() x = x * 2 end
  a() a() b() x = x + 100
  a()
  return x, a, b, function() return x end
end
local x, a, b, get = share()
print(x, get())
a() b()
print(get())

-- three levels: the middle function only passes the variable on
local function outer()
  local v = "v0"
  return function()
    return function(nv)
      local old = v
      v = nv or v
      return old
    end
  end
end
local mid = outer()
local f, g = mid(), mid()
print(f("v1"), g("v2"), f(), g())

-- recursive local functions and mutual recursion through upvalues
local function fact(n) return n <= 1 and 1 or n * fact(n - 1) end
local isodd
local function iseven(n) if n == 0 then return true end return isodd(n - 1) end
function isodd(n) if n == 0 then return false end return iseven(n - 1) end
print(fact(20), iseven(501), isodd(501))

-- a parameter as an upvalue, varargs captured through a table
local function bind(fn, ...)
  local args = table.pack(...)
  return function(...)
    local all = table.move(args, 1, args.n, 1, {})
    local extra = table.pack(...)
    table.move(extra, 1, extra.n, args.n + 1, all)
    return fn(table.unpack(all, 1, args.n + extra.n))
  end
end
print(bind(math.max, 3, 9)(7), bind(string.format, "%s-%s", "l")("r"), select("#", bind(function(...) return ... end, nil, nil)(nil)))

-- compose and curry
local function compose(...)
  local fs = { ... }
  return function(v)
    for i = #fs, 1, -1 do v = fs[i](v) end
    return v
  end
end
local inc = function(n) return n + 1 end
local dbl = function(n) return n * 2 end
print(compose(inc, dbl, inc)(5), compose()(7))

-- a closure changed by its own call, and memoisation
local once
once = function() once = function() return "second" end return "first" end
print(once(), once(), once())
local calls = 0
local function memo(fn)
  local cache = {}
  return function(n)
    local v = cache[n]
    if v == nil then v = fn(n) cache[n] = v end
    return v
  end
end
local fib
fib = memo(function(n) calls = calls + 1 return n < 2 and n or fib(n - 1) + fib(n - 2) end)
print(fib(80), calls)

-- identity: a fresh closure per evaluation when upvalues differ
local function mk(v) return function() return v end end
print(mk(1) == mk(1), mk(1)() == mk(1)(), f == f)

-- hot: a closure called many times while its upvalue changes type
local acc = 0
local function step(n) acc = acc + n return acc end
for i = 1, 5000 do step(i) end
print(acc)
acc = 0.5
for i = 1, 5000 do step(i) end
print(acc)
acc = "7"
print(step(1), math.type(acc))
-- 255 upvalues are allowed in one function
local src = {}
for i = 1, 150 do src[#src + 1] = "local v" .. i .. " = " .. i end
src[#src + 1] = "return function() return v1"
for i = 2, 150 do src[#src + 1] = " + v" .. i end
src[#src + 1] = " end"
print(load(table.concat(src, "\n"))()())
