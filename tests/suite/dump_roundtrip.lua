-- string.dump: round trips, stripping, upvalues, damaged input.
local function round(f, strip, env) return load(string.dump(f, strip), "=rt", "b", env) end
local function body(a, b, ...)
  local t = { a, b, n = select("#", ...), ... }
  local function inner(x) return x * 2 + #t end
  for i = 1, 3 do t.s = (t.s or "") .. i end
  goto skip
  t.s = "unreached"
  ::skip::
  return inner(a), t.n, t.s, "constant string long enough to be more than forty characters", 1 << 62, 1.5, -0.0, nil, true, math and math.pi
end
print(body(1, 2, 3, 4))
print(round(body, false, _G)(1, 2, 3, 4))
print(round(body, true, _G)(1, 2, 3, 4))
-- twice
print(round(round(body, false, _G), true, _G)(5, 6))
-- identical code dumps identically, also after a round trip
print(string.dump(body) == string.dump(body), string.dump(round(body, true), true) == string.dump(body, true))

-- upvalues: the first becomes the environment if there is one, others are fresh nils
local u1, u2 = 10, 20
local function withup() u1 = (u1 or 0) + 1 return u1, u2 end
local w = round(withup, false, "first")
print(pcall(w))
print(withup())
local w2 = round(withup)
print(debug.getupvalue(w2, 1), debug.getupvalue(w2, 2))
debug.setupvalue(w2, 1, 5)
debug.setupvalue(w2, 2, "two")
print(w2())
print(w2())
print(debug.getupvalue(round(withup, true), 1))

-- debug information
local info = debug.getinfo(round(body), "Slu")
print(info.short_src, info.linedefined, info.lastlinedefined, info.what, info.nparams, info.isvararg, info.nups)
info = debug.getinfo(round(body, true), "Slu")
print(info.short_src, info.source, info.linedefined, info.currentline, info.nparams)
local failing = load("local x\nlocal y = x\n\nreturn y.z", "@named.lua")
print(pcall(round(failing)))
print(pcall(round(failing, true)))
print(debug.getlocal(round(body), 1), debug.getlocal(round(body, true), 1))

-- the header and prefix
local d = string.dump(function() end)
print(d:sub(1, 4) == "\27Lua", d:byte(5), d:byte(6), d:sub(7, 12) == "\x19\x93\r\n\x1a\n", d:byte(13, 15))
print(#string.dump(body, true) < #string.dump(body))
-- truncation at any point is an error, never a crash
local full = string.dump(load("local a = ... return a and 'yes' or {1, 2.5, 'x'}", "=t"), true)
local bad = 0
for i = 1, #full - 1 do
  local f, e = load(full:sub(1, i), "=cut", "b")
  if not f and e:find "truncated" then bad = bad + 1 end
end
print(bad == #full - 1, load(full, "=whole", "b")("x"))
-- wrong header fields
local function patch(s, pos, byte) return s:sub(1, pos - 1) .. string.char(byte) .. s:sub(pos + 1) end
for _, p in ipairs { { 5, 0x53 }, { 6, 1 }, { 7, 0 }, { 13, 8 }, { 14, 4 }, { 15, 4 }, { 16, 0 }, { 31, 0 } } do
  print(p[1], select(2, load(patch(full, p[1], p[2]), "=hdr", "b")))
end
print(load("\27Lux" .. full:sub(5), "=sig"))

-- cannot dump what is not a Lua function
print(pcall(string.dump, print))
print(pcall(string.dump))
print(pcall(string.dump, "x"))
print(pcall(string.dump, setmetatable({}, { __call = function() end })))

-- all kinds of instructions survive: loops, metamethods, closures, coroutines, closing
local function kitchen(n)
  local log = {}
  local mt = { __add = function(a, b) return 100 end, __index = function(_, k) return k end, __close = function() log[#log + 1] = "c" end, __call = function(_, x) return x end }
  local o = setmetatable({}, mt)
  local s = 0
  for i = n, 1, -1 do
    if i % 2 == 0 then goto cont end
    s = s + i // 2 + (i & 3) + (i ~ 1) - (i << 1) + (i >> 1)
    ::cont::
  end
  for k, v in pairs { 1, 2, 3 } do s = s + k * v end
  do local c <close> = o s = s + (o + 1) end
  local co = coroutine.wrap(function(...) for _, v in ipairs { ... } do coroutine.yield(v) end end)
  s = s + co(4, 5) + co()
  local fs = {}
  for i = 1, 3 do fs[i] = function() s = s + i return s end end
  fs[1]() fs[3]()
  while s > 1e6 do s = s / 2 end
  repeat local q = s s = s + 1 until q % 10 == 0
  return s, #log, o.field, o(7), ("x"):rep(3), s > 10 and "big" or "small", not s, -s, #"len", 7 // 2.0, 2 ^ 10
end
print(kitchen(50))
print(round(kitchen, true, _G)(50))
-- hot after loading
local hot = round(function(n) local s = 0 for i = 1, n do s = s + i % 7 * 2 end return s end, true)
print(hot(10000))
