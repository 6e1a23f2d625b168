-- debug.getinfo: every option, levels, names, active lines, functions of each kind.
local function f(a, b, ...)
  local c = a
  return c, b
end
local function fields(t)
  local k = {}
  for n, v in pairs(t) do if n ~= "func" and n ~= "activelines" then k[#k + 1] = n .. "=" .. tostring(v) end end
  table.sort(k)
  return table.concat(k, " ")
end
print(fields(debug.getinfo(f, "S")))
print(fields(debug.getinfo(f, "u")))
print(fields(debug.getinfo(f, "l")), fields(debug.getinfo(f, "n")), fields(debug.getinfo(f, "t")), fields(debug.getinfo(f, "r")))
print(debug.getinfo(f, "f").func == f, debug.getinfo(1, "f").func ~= f)
print(fields(debug.getinfo(print)))
print(fields(debug.getinfo(1, "Slu")))
local lines = {}
for l in pairs(debug.getinfo(f, "L").activelines) do lines[#lines + 1] = l end
table.sort(lines)
print(table.concat(lines, " "), debug.getinfo(print, "L").activelines)
print(fields(debug.getinfo(load("\n\nreturn 1", "=chunk"), "S")))
print(fields(debug.getinfo(load("x = 1\ny = 2", "text source\nline"), "S")))

-- levels
local function level() return debug.getinfo(1, "l").currentline, debug.getinfo(2, "l").currentline, debug.getinfo(50) end
print(level())
print(debug.getinfo(0, "nS").name, debug.getinfo(0, "S").what, debug.getinfo(1, "S").what)

-- names
local function me() return debug.getinfo(2, "n") end
local function named() local i = me() return i.namewhat, i.name end
print(named())
local t = { field = named, sub = { deep = named } }
function t:method() local i = me() return i.namewhat, i.name end
function globalf() local i = me() return i.namewhat, i.name end
print((function(...) return ... end)(t.field()))
local a, b = t.field() print(a, b)
a, b = t.sub.deep() print(a, b)
a, b = t:method() print(a, b)
a, b = globalf() print(a, b)
a, b = _ENV.globalf() print(a, b)
a, b = t["field"]() print(a, b)
local key = "field"
a, b = t[key]() print(a, b)
a, b = (function() local i = me() return i.namewhat, i.name end)() print(a, b)
local up = named
a, b = (function() local x, y = up() return x, y end)() print(a, b)
globalf = nil

-- in metamethods, iterators, hooks, finalizers of for
local mt = {}
for _, ev in ipairs { "add", "sub", "unm", "concat", "len", "eq", "lt", "le", "index", "newindex", "call", "close", "band", "shl", "bnot", "idiv" } do
  mt["__" .. ev] = function() local i = debug.getinfo(1, "n") io.write(i.namewhat, ":", i.name, " ") return true end
end
local o, p = setmetatable({}, mt), setmetatable({}, mt)
local _ = o + 1, o - 1, -o, o .. "", #o, o == p, o < p, o <= p, o.x, o & 1, o << 1, ~o, o // 2
o.y = 1
o()
do local c <close> = o end
print()
for _ in function(_, k) if not k then local i = debug.getinfo(1, "n") print(i.namewhat, i.name) return 1 end end do end

-- tail calls
local function tailed() local i = debug.getinfo(1, "nt") return i.istailcall, i.name end
local function tailer() return tailed() end
print(tailer())
print(debug.getinfo(1, "t").istailcall)

-- parameters, varargs, upvalues
for _, fn in ipairs { function() end, function(x) end, function(x, y, z) end, function(...) end, function(q, ...) return up, t end, print } do
  local u = debug.getinfo(fn, "u")
  io.write(u.nparams, "/", tostring(u.isvararg), "/", u.nups, " ")
end
print()
-- transfer information in call hooks
local got
debug.sethook(function(ev) local i = debug.getinfo(2, "rf") if i.func == f and ev == "call" then got = i.ftransfer .. "," .. i.ntransfer end end, "c")
f(1, 2, 3)
debug.sethook()
print(got)
-- coroutines
local co = coroutine.create(function(x) local y = x * 2 coroutine.yield(y) end)
print(debug.getinfo(co, 0), debug.getinfo(co, 1))
coroutine.resume(co, 1)
print(debug.getinfo(co, 0, "n").name, debug.getinfo(co, 1, "l").currentline, debug.getinfo(co, 2))

-- errors
print(pcall(debug.getinfo))
print(pcall(debug.getinfo, "x"))
print(pcall(debug.getinfo, 1, "X"))
print(pcall(debug.getinfo, 1, ">"))
print(pcall(debug.getinfo, {}))
print(debug.getinfo(100), pcall(debug.getinfo, -1))
print(pcall(debug.getinfo, 1, 5))
print(fields(debug.getinfo(1, "")), next(debug.getinfo(1, "")))
-- the current line inside multi-line expressions
local function cl() return debug.getinfo(2, "l").currentline end
local base = cl()
local r = {
  cl() - base,
  cl() - base,
  (cl()
    - base),
}
print(r[1], r[2], r[3])
