-- Extra arguments in hot functions: taken, counted, selected, packed, passed on and returned.
local function sum(...)
  local s = 0
  for i = 1, select('#', ...) do s = s + (select(i, ...)) end
  return s
end
local function pack2(...) return {...} end
local function two(...) local a, b = ... return b, a end
local function three(x, ...) local a, b, c = ... return x, a, b, c end
local function many(...) local t = {1, 2, ...} return #t, t[3], t[#t] end
local function keep(a, b, ...) local f = function() return a, b end local c = ... return f, c end
local t = 0
for i = 1, 200 do
  t = t + sum(i, 2, 3) + sum() + sum(i)
  local p = pack2(i, i + 1, nil, 4)
  t = t + #pack2(i) + (p[4] or 0)
  local b, a = two(i, i * 2)
  t = t + b - a
  local x, c, d, e = three(i, 2)
  t = t + x + c + (d or 0) + (e or 7)
  local n, y, z = many(i, i + 3)
  t = t + n + y + z
  local f, cc = keep(i, 2, 3, 4)
  local u, v = f()
  t = t + u + v + cc
end
print(t)
print(pcall(sum, 1, 'x', 3))
print(pcall(sum, 1, {}, 3))
local function err(...) local a = ... ; return a.x.y end
for i = 1, 100 do pcall(err, {x = {y = i}}) end
print(pcall(err, {}))
print(select('#', three(1)), three())
local function deep(n, ...) if n == 0 then return ... end local a = deep(n - 1, n, ...) return a end
print(deep(10, 'z'))
local function rec(n, ...) if n == 0 then return select('#', ...) end return rec(n - 1, n, ...) end
print(rec(50))
local co = coroutine.wrap(function(...) local a, b = ... while true do local c = coroutine.yield(a, b) a, b = b, c end end)
print(co(1, 2), co(3), co(4))
print(select('#', sum), string.format("%s", (select(2, 'a', 'b'))))
local function tb(...) local s = debug.traceback("m") return (s:gsub("\n.*in function <.-:(%d+)>.*", " %1")) end
print(#tb(1,2,3) > 3)
local function dbg(...) local a = ... local n, v = debug.getlocal(1, -2) return n, v end
for i = 1, 60 do dbg(1, i) end
print(dbg(1, 'two'))
-- Closures made where the frame was moved
local function kept(a, b, ...) local f = function() return a, b end return f, (...) end
for i = 1, 9 do local f, c = kept(i, 2, 4) io.write(c, f()) io.write(" ") end
print()
local function w(...) print("w", ...) end
for i = 1, 9 do local f, c = kept(i, 2, 4) w(c, f()) end
-- New extra arguments in frames that were tail called, while much is collected
local function garbage(n) local t for i = 1, n do t = {{i}} end return t end
local function tail(n, ...) local t = {n} if n == 0 then return garbage(3000)[1][1], ... end return tail(n - 1, t, ...) end
for i = 1, 5 do print((tail(100))) end
-- Passed on and returned
local function fwd(f, ...) return f(...) end
local function call1(f, ...) local x = f(...) return x end
local function call2(f, ...) local x, y = f(1, ...) return y, x end
local function ret(...) return ... end
local function ret1(a, ...) return a, ... end
local function ret3(...) return 1, 2, 3, ... end
local function retn(a, b, c, ...) return ... end
local function add(...) local s = 0 for i = 1, select('#', ...) do s = s + select(i, ...) end return s end
local function id(a, b) return a, b end
local function maximum(first, ...)
  if select("#", ...) == 0 then return first end
  local rest = maximum(...)
  return first > rest and first or rest
end
local function nested(...) return (ret(ret(...))) end
local function show(...) local t = table.pack(...) for i = 1, t.n do t[i] = tostring(t[i]) end return table.concat(t, ",", 1, t.n) end
for i = 1, 30 do
  print(i, fwd(add, i, 2, 3), call1(id, i), call2(id, i, 4), maximum(3, i, 7, 2))
  print(show(ret()), show(ret(i)), show(ret(i, nil)), show(ret1()), show(ret1(i)), show(ret1(i, 2, 3)))
  print(show(ret3()), show(ret3(i, 5)), show(retn(1, 2)), show(retn(1, 2, 3, 4, i)), show(nested(i, 2)))
  print(show(call2(print, i)), show((call1(math.max, i, 10, 20))), show(fwd(string.format, "%d-%s", i, "x")))
end
local function big(...) return select('#', ret(...)), select('#', ret3(...)), (select(-1, ret1(...))) end
local t = {} for i = 1, 5000 do t[i] = i end
for i = 1, 20 do print(big(table.unpack(t, 1, i * 200))) end
local function deep(n, ...) if n == 0 then return select('#', ...) end local c = deep(n - 1, n, ...) return c end
print(deep(150))
local co = coroutine.wrap(function(...) local n = 0 while true do n = n + add(coroutine.yield(...)) if n > 100 then return n, ... end end end)
print(co(1, 2)) for i = 1, 7 do print(co(i, i + 1, i + 2)) end
local mt = setmetatable({}, {__call = function(self, ...) return select('#', ...), ... end})
for i = 1, 20 do print(call1(mt, i, 2), fwd(mt, i)) end
local function e(...) local x = ... ; return x + nil end
for i = 1, 20 do print(pcall(fwd, e, i)) print(pcall(call1, e, i)) end
local function closer(...) local x <close> = setmetatable({}, {__close = function() io.write("c ") end}) return ... end
for i = 1, 10 do print(closer(i, 2)) end
local function upv(...) local a, b = ... local function g() a = a + 1 return a end g() return g(), b, ... end
for i = 1, 10 do print(upv(i, 2, 3)) end
print(select('#', fwd(ret)), (fwd(ret, nil)))
local r = {} for i = 1, 50 do local function v(x, ...) if x > 0 then r[#r + 1] = x return v(x - 1, x, ...) end return ... end v(i % 7) r[#r+1] = select('#', v(i % 5, 1)) end
print(table.concat(r, " "))
