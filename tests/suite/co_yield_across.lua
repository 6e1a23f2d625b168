-- Yields across pcall, metamethods, iterators, dofile-like loaders, table functions, close.
local yield = coroutine.yield
local function drive(f, ...)
  local co = coroutine.create(f)
  local out, args, n = {}, table.pack(...), 0
  while true do
    local r = table.pack(coroutine.resume(co, table.unpack(args, 1, args.n)))
    for i = 2, r.n do out[#out + 1] = tostring(r[i]) end
    if not r[1] then out[#out + 1] = "ERR" break end
    if coroutine.status(co) == "dead" then out[#out + 1] = "." break end
    n = n + 1
    args = table.pack(n * 10)
    out[#out + 1] = "|"
  end
  print(table.concat(out, " "))
end

-- pcall and xpcall
drive(function() return pcall(function() local v = yield "a" v = v + yield "b" return v end) end)
drive(function() return pcall(function() yield "before" error("E", 0) end) end)
drive(function() return xpcall(function() yield "x" error("E", 0) end, function(m) return "handled " .. m end) end)
drive(function() return pcall(pcall, pcall, function() return yield "nested" end) end)
drive(function()
  local ok, e = pcall(function()
    local ok2, e2 = pcall(function() yield(1) error("inner", 0) end)
    yield(e2)
    error("outer", 0)
  end)
  yield(e)
  return ok
end)
drive(function() return select(2, pcall(error, setmetatable({}, { __tostring = function() return "obj" end }))) end)

-- arithmetic, comparison, concat, len, index, newindex, call, unary
local mt = {}
for _, n in ipairs { "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat", "unm", "bnot", "len" } do
  mt["__" .. n] = function() return yield(n) end
end
mt.__lt = function() return yield "lt" > 10 end
mt.__le = function() return yield "le" > 10 end
mt.__eq = function() return yield "eq" > 10 end
mt.__index = function(_, k) return yield("get" .. tostring(k)) end
mt.__newindex = function(_, k, v) yield("set" .. tostring(k) .. tostring(v)) end
mt.__call = function(_, ...) return yield("call", ...) end
local function O() return setmetatable({}, mt) end
drive(function() local o = O() return o + 1, 1 - o, o * o, o / 2, o % 3, o ^ 2, o // 1 end)
drive(function() local o = O() return o & 1, 2 | o, o ~ 3, o << 1, 1 >> o, ~o, -o, #o end)
drive(function() local a, b = O(), O() return a < b, a <= b, a > b, a >= b, a == b, a ~= b end)
drive(function() local a, b = O(), O() if a < b then yield "first" else yield "second" end if not (a <= b) then return "no" end return "yes" end)
drive(function() local o = O() return "a" .. o .. "b", o .. "c", 1 .. o end)
drive(function() local o = O() o.x = o.y o[1] = o[2] return o.z end)
drive(function() local o = O() return o(1, nil, 3), (o()) end)
drive(function() local o = O() return o:method(5) end)
drive(function() local _ENV = O() x = y return z end)
drive(function() local o = O() local t = { o.a, o.b, k = o.c, o(9) } return #t, t[1], t[2], t.k, t[3] end)

-- generic for with an iterator that yields
drive(function()
  local s = 0
  for i in function(_, k) k = (k or 0) + 1 yield("it" .. k) if k <= 3 then return k end end do s = s + i end
  return s
end)
drive(function() for k, v in pairs(setmetatable({}, { __pairs = function() yield "pairs" return next, { x = 1 }, nil end })) do yield(k .. v) end end)
drive(function() local s = 0 for i, v in ipairs(setmetatable({}, { __index = function(_, i) if i < 4 then return yield("ip" .. i) end end })) do s = s + v end return s end)

-- closing
drive(function()
  do
    local c <close> = setmetatable({}, { __close = function(_, e) yield("closing", e) end })
    yield "body"
  end
  return "after"
end)
drive(function()
  return pcall(function()
    local a <close> = setmetatable({}, { __close = function(_, e) yield("A", e) end })
    local b <close> = setmetatable({}, { __close = function(_, e) yield("B", e) error("fromB", 0) end })
    error("orig", 0)
  end)
end)
drive(function() local c <close> = setmetatable({}, { __close = function() yield "c" end }) return 1, 2, 3 end)
drive(function() for i in function(_, k) k = (k or 0) + 1 if k < 4 then return k end end, nil, nil, setmetatable({}, { __close = function() yield "forclose" end }) do if i == 2 then break end end return "e" end)

-- load with a reader that calls back cannot yield; sort, gsub, require neither
drive(function() return pcall(table.sort, { 3, 2, 1 }, function(a, b) yield() return a < b end) end)
drive(function() return pcall(string.gsub, "abc", ".", function() yield() end) end)
drive(function() return pcall(load, function() yield() end) end)
drive(function() return pcall(tostring, setmetatable({}, { __tostring = function() yield() return "x" end })) end)
-- dofile can be yielded across
local name = os.tmpname()
local f = assert(io.open(name, "w"))
f:write("local v = coroutine.yield('in dofile') return v + 1")
f:close()
drive(function() return dofile(name) end)
os.remove(name)
drive(function() local t = setmetatable({}, { __index = function(_, k) return yield("k" .. k) end, __len = function() return 2 end }) return pcall(table.unpack, t) end)
-- coroutine inside coroutine: wrap in metamethods
drive(function()
  local g = coroutine.wrap(function() local v = yield "inner" yield("inner2", v) end)
  yield(g(), g "arg")
  return pcall(function() g() return g() end)
end)
