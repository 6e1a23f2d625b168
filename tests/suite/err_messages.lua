-- Run-time error messages name the variable: local, upvalue, global, field, method, constant.
local function msg(f, ...) print((select(2, pcall(f, ...)))) end
local up, upt = nil, { x = {} }
local k = "key"

-- indexing
msg(function() local a; return a.b end)
msg(function() local a = {}; return a.b.c end)
msg(function() return up.x end)
msg(function() return upt.x.y.z end)
msg(function() return glob.x end)
msg(function() return upt[k].x end)
msg(function() return upt[1].x end)
msg(function() return upt["long key"].x end)
msg(function() local a = {}; a.b.c = 1 end)
msg(function() local i, t = 1, {}; return t[i].x end)
msg(function() return upt.x.y[k].z end)
msg(function() return ("s").x.y end)
msg(function() return (1).x end)
msg(function() return (upt.x).y.z end)
msg(function() glob.x = 1 end)
msg(function() up[1] = 1 end)
msg(function() local t = {}; t[nil] = 1 end)
msg(function() return _ENV.nothing.x end)

-- calling
msg(function() local f; f() end)
msg(function() up() end)
msg(function() glob() end)
msg(function() upt.nofield() end)
msg(function() upt:nomethod() end)
msg(function() upt.x.y.z() end)
msg(function() string.nofunction() end)
msg(function() (function() end)()() end)
msg(function() local t = {}; t[1]() end)
msg(function() upt[k]() end)
msg(function() return glob() end)
msg(function() return upt:nomethod() end)
msg(function() (1)() end)
msg(function() ("x")() end)
msg(function() for _ in 5 do end end)
msg(function() for _ in nil do end end)
msg(function() for _ in glob do end end)

-- arithmetic
msg(function() local a; return a + 1 end)
msg(function() local a; return 1 + a end)
msg(function() return up * 2 end)
msg(function() return glob - 1 end)
msg(function() return upt.x / 2 end)
msg(function() return upt.nope % 2 end)
msg(function() return -up end)
msg(function() return -upt.x end)
msg(function() local a, b = 1, {}; return a + b end)
msg(function() local a = "x"; return a + 1 end)
msg(function() return 2 ^ {} end)
msg(function() return 10 // print end)
msg(function() local a; return 1.5 * a end)
msg(function() return upt + upt end)
msg(function() local a = {}; return a.n + 1 end)
msg(function() local a = {}; a.n = a.n + 1 end)
msg(function() cnt = cnt + 1 end)
msg(function() up = up - 1 end)

-- bitwise
msg(function() local a; return a & 1 end)
msg(function() return 1.5 | 1 end)
msg(function() local f = 2.5; return f ~ 1 end)
msg(function() return upt.x << 1 end)
msg(function() return ~up end)
msg(function() local x = 1e100; return 1 >> x end)
msg(function() return 1 << 0.1 end)

-- concatenation
msg(function() return up .. "x" end)
msg(function() local a = {}; return "x" .. a end)
msg(function() return "x" .. glob .. "y" end)
msg(function() return "x" .. upt.x .. "y" end)
msg(function() return 1 .. true end)

-- comparison and length
msg(function() return 1 < "x" end)
msg(function() return {} < {} end)
msg(function() return nil > 1 end)
msg(function() return print <= print end)
msg(function() return up < 1 end)
msg(function() return #up end)
msg(function() return #glob end)
msg(function() return #upt.x.n end)
msg(function() return #5 end)

-- messages through table constructors, returns and nested calls keep the line
msg(function()
  local t = {
    a = 1,
    b = up.x,
  }
end)
msg(function()
  return 1 +
      glob
end)
msg(function()
  print(
    "a",
    up()
  )
end)
-- library argument errors
msg(string.rep)
msg(string.rep, "x", {})
msg(("x").rep, "x", 1 << 40, "y")
msg(setmetatable, 1)
msg(function() ("x"):rep({}) end)
msg(function() ("x"):bad() end)
msg(function() string.char(256) end)
msg(function() string.char(-1) end)
msg(function() math.floor({}) end)
msg(function() table.concat({ 1, {}, 3 }) end)
msg(function() table.insert({}, 5, 1) end)
msg(function() table.insert({}) end)
msg(function() local t = setmetatable({}, { __index = function(_, n) error("idx " .. n) end }); return t.foo end)
msg(function() io.open("x", "badmode") end)
msg(function() os.time({}) end)
msg(function() utf8.char(-1) end)
msg(function() select(0) end)
msg(function() ("%d"):format("x") end)
msg(function() ("%d"):format(1.5) end)
msg(function() tostring() end)
msg(function() next({}, 1) end)
msg(function() rawset(1, 2, 3) end)
msg(function() load(5) end)
