-- __metatable, __name, __tostring, __pairs and the functions around them.
local t = setmetatable({}, { __metatable = "locked" })
print(getmetatable(t), pcall(setmetatable, t, {}))
print(getmetatable("").__index == string, getmetatable(1), getmetatable(nil), getmetatable(print))
local f = setmetatable({}, { __metatable = false })
print(getmetatable(f), pcall(setmetatable, f, nil))
print(pcall(setmetatable, 1, {}))
print(pcall(setmetatable, {}, 1))
print(pcall(setmetatable, {}))
print(getmetatable(setmetatable({}, {})) ~= nil, getmetatable(setmetatable({}, nil)))
print(debug.getmetatable(t).__metatable, debug.setmetatable(t, nil) == t, getmetatable(t))

-- __tostring must return a string
print(tostring(setmetatable({}, { __tostring = function() return "custom" end })))
print(pcall(tostring, setmetatable({}, { __tostring = function() return 5 end })))
print(pcall(tostring, setmetatable({}, { __tostring = function() return {} end })))
print(pcall(tostring, setmetatable({}, { __tostring = function() error("in tostring", 0) end })))
print(pcall(tostring))
print(string.format("%s|%10s|%-8s|", setmetatable({}, { __tostring = function() return "obj" end }), true, nil))

-- __name replaces the type name in texts, not in type()
local named = setmetatable({}, { __name = "my.Type" })
print((tostring(named):gsub("0x%x+", "ADDR")), type(named))
print((tostring({}):gsub("0x%x+", "ADDR")), (tostring(print):gsub("0x%x+", "ADDR")), (tostring(coroutine.create(print)):gsub("0x%x+", "ADDR")))
print(pcall(string.rep, named))
print(pcall(function() return named + 1 end))
print(pcall(function() return #named < named end))
print(pcall(function() return named < named end))
print(pcall(ipairs))
print((tostring(setmetatable({}, { __name = 42 })):gsub("0x%x+", "ADDR")))
print((tostring(io.stdout):gsub("0x%x+", "ADDR")))

-- __pairs
local p = setmetatable({}, { __pairs = function(self) return function(_, k) k = (k or 0) + 1 if k <= 3 then return k, k * k end end, self, nil end })
local r = {}
for k, v in pairs(p) do r[#r + 1] = k .. ":" .. v end
print(table.concat(r, " "))
print(select("#", pairs(setmetatable({}, { __pairs = function() return 1 end }))))
print(pairs(setmetatable({}, { __pairs = function() return 1, 2, 3, 4, 5 end })))
print(pcall(pairs))
print(select("#", pairs(nil)), select(2, pcall(function() for _ in pairs(nil) do end end)))
local nf, tt, init = pairs { 1 }
print(nf == next, type(tt), init)
print(pcall(next, {}, "nokey"))
print(next({}), next({ 7 }), rawget({ x = 1 }, "x"), rawset({}, 1, 2)[1], rawequal("a", "a"))
print(pcall(rawset, {}, nil, 1))
print(pcall(rawget, 1, 1))

-- ordered iteration over a proxy
local function ordered(tab)
  local keys = {}
  for k in next, tab do keys[#keys + 1] = k end
  table.sort(keys)
  local i = 0
  return function() i = i + 1 if keys[i] ~= nil then return keys[i], tab[keys[i]] end end
end
local proxy = setmetatable({}, { __pairs = function() return ordered { c = 3, a = 1, b = 2 } end })
r = {}
for k, v in pairs(proxy) do r[#r + 1] = k .. v end
print(table.concat(r, " "))

-- metamethods are looked up raw: an inherited metatable field does not count
local inherited = setmetatable({}, setmetatable({}, { __index = { __add = function() return "inherited" end } }))
print(pcall(function() return inherited + 1 end))
-- keys that merely look like metamethods are ordinary
local plain = { __index = 1, __call = 2 }
print(plain.__index, pcall(plain))
-- print uses tostring of the metatable even when the global changes
local old = tostring
tostring = nil
print(setmetatable({}, { __tostring = function() return "still works" end }))
tostring = old
-- __metatable on the string metatable
getmetatable("").__metatable = "str"
print(getmetatable "x", pcall(setmetatable, "x", {}))
debug.getmetatable("").__metatable = nil
print(type(getmetatable "x"))
-- type() of everything
print(type(nil), type(1), type "", type {}, type(print), type(coroutine.create(print)), type(io.stdout), type(true), pcall(type))
