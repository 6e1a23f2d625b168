-- __call: on tables, chains, arguments, methods, through pcall and the library.
local adder = setmetatable({ base = 100 }, { __call = function(self, a, b) return self.base + a + (b or 0) end })
print(adder(1), adder(1, 2), pcall(adder, 5), select("#", adder(1)))

-- results and varargs pass unchanged
local echo = setmetatable({}, { __call = function(_, ...) return ... end })
print(echo(1, nil, 3))
print(select("#", echo()), select("#", echo(nil, nil)), (echo(1, 2)))
local packed = table.pack(echo(table.unpack({}, 1, 10)))
print(packed.n)

-- chains: an object whose __call is itself callable; each level adds an argument in front
local lvl3 = setmetatable({ n = "lvl3" }, { __call = function(...) return select("#", ...), ... end })
local lvl2 = setmetatable({ n = "lvl2" }, { __call = lvl3 })
local lvl1 = setmetatable({ n = "lvl1" }, { __call = lvl2 })
local n, o3, o2, o1, arg = lvl1("x")
print(n, o3.n, o2.n, o1.n, arg)

-- a chain of a hundred
local f = function(...) return select("#", ...) end
for _ = 1, 100 do f = setmetatable({}, { __call = f }) end
print(f(), f(1, 2, 3))

-- the real function has arguments shifted by one
local probe = setmetatable({}, { __call = string.format })
print(pcall(probe, "%d"))
probe = setmetatable({}, { __call = select })
print(pcall(probe, 1))

-- in method calls, iterators, metamethods, sort, gsub
local obj = { m = setmetatable({}, { __call = function(fn, self, v) return self.tag .. v end }), tag = "obj" }
print(obj:m "!")
local iter = setmetatable({ left = 3 }, { __call = function(self) self.left = self.left - 1 if self.left >= 0 then return self.left end end })
local got = {}
for v in iter do got[#got + 1] = v end
print(table.concat(got, " "))
local less = setmetatable({}, { __call = function(_, a, b) return a > b end })
print(pcall(table.sort, { 1, 2 }, less))
local tbl = { 3, 1, 2 }
table.sort(tbl, function(a, b) return less(a, b) end)
print(table.concat(tbl, " "))
local mt = setmetatable({}, { __call = function(_, a, k) return "idx:" .. k end })
print(setmetatable({}, { __index = mt }).foo == nil, setmetatable({}, { __add = mt }) + "k")

-- errors
print(pcall(function() local t = {} t() end))
print(pcall(function() local t = { x = {} } t.x() end))
print(pcall(function() return ("x")() end))
print(pcall(setmetatable({}, { __call = 42 })))
print(pcall(function() undefinedfunction() end))
print(pcall(function() local t = {} t:nomethod() end))
print(pcall(function() local s = "s" s:nomethod() end))

-- tail calls through __call keep the stack flat
local loop = setmetatable({}, { __call = function(self, k, acc) if k == 0 then return acc end return self(k - 1, acc + k) end })
print(loop(20000, 0))

-- functions, nil and strings made callable
debug.setmetatable("", { __index = string, __call = function(s, ...) return s:format(...) end })
print(("%d-%s")(7, "x"))
debug.setmetatable("", { __index = string })
debug.setmetatable(nil, { __call = function(_, v) return "nil called", v end })
print((nil)(1), undefinedfunction and 1)
debug.setmetatable(nil, nil)
local fmt = { __index = function(fn, k) return k end }
debug.setmetatable(print, fmt)
print(print.name, (function() end).other)
debug.setmetatable(print, nil)

-- hot: the same call site sees functions, callable tables and builtins
local targets = {
  function(x) return x + 1 end,
  setmetatable({ k = 2 }, { __call = function(self, x) return x * self.k end }),
  math.abs,
  setmetatable({}, { __call = function(_, x) return x / 2 end }),
}
local acc = 0
for i = 1, 8000 do
  local t = targets[i % 2 + 1]
  if i > 4000 then t = targets[i % 4 + 1] end
  acc = acc + t(i)
end
print(acc)
-- __call replaced while the loop runs
local c = setmetatable({}, { __call = function(_, x) return x end })
acc = 0
for i = 1, 3000 do
  if i == 1500 then getmetatable(c).__call = function(_, x) return -x end end
  acc = acc + c(i)
end
print(acc)
