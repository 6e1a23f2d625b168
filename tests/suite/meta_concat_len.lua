-- __concat and __len, and their interplay with the library.
local mt = {}
mt.__concat = function(a, b)
  local function s(v) return type(v) == "table" and "<" .. v.n .. ">" or tostring(v) end
  return setmetatable({ n = s(a) .. s(b) }, mt)
end
mt.__tostring = function(v) return v.n end
local x, y = setmetatable({ n = "x" }, mt), setmetatable({ n = "y" }, mt)
print(tostring(x .. y), tostring(x .. "s"), tostring("s" .. x), tostring(1 .. x), tostring(x .. 1.5))
-- concatenation is right associative: in the middle of a long chain
print(tostring("a" .. "b" .. x .. "c" .. "d"))
print(tostring(x .. "a" .. "b" .. "c"))
print(tostring("a" .. "b" .. "c" .. x))
print(tostring(1 .. 2 .. x .. 3 .. 4))
-- the metamethod result may be any value; here it ends the chain of tables
local num = setmetatable({}, { __concat = function(a, b) return 7 end })
print(num .. "x", "x" .. num, "a" .. num .. "b" .. "c", math.type(num .. num))
print(pcall(function() return {} .. "x" end))
print(pcall(function() return "x" .. {} end))
print(pcall(function() return 1 .. nil end))
print(pcall(function() return "a" .. "b" .. true .. "c" end))
local lt = {}
print(pcall(function() return lt.field .. "x" end))
-- first operand's metamethod first
local m1, m2 = setmetatable({}, { __concat = function() return "m1" end }), setmetatable({}, { __concat = function() return "m2" end })
print(m1 .. m2, m2 .. m1, {} == nil or ({}) ~= nil and "" .. m2)

-- length
local lm = setmetatable({ 1, 2, 3 }, { __len = function(t) return rawlen(t) * 10 end })
print(#lm, rawlen(lm), #"abc", #"", rawlen "four")
print(#setmetatable({}, { __len = function() return "any" end }), #setmetatable({}, { __len = function() return nil end }))
print(#setmetatable({}, { __len = function() return 1, 2 end }))
print(pcall(function() return #nil end))
print(pcall(function() local up = 5 return #up end))
print(pcall(rawlen, 5))
print(pcall(function() return #print end))
-- #t is called with the table twice (as unary operators are)
print(#setmetatable({}, { __len = function(a, b) return rawequal(a, b) end }))

-- library functions respect __len
local virtual = setmetatable({}, { __len = function() return 4 end, __index = function(_, i) return i * i end })
print(table.unpack(virtual))
print(table.concat(virtual, ","))
print(select("#", table.unpack(virtual)))
local proxy_store = { 5, 3, 9 }
local proxy = setmetatable({}, { __len = function() return #proxy_store end, __index = proxy_store, __newindex = function(_, k, v) proxy_store[k] = v end })
table.insert(proxy, 1)
table.sort(proxy)
print(table.concat(proxy_store, " "), rawlen(proxy), #proxy)
print(table.remove(proxy, 1), table.concat(proxy_store, " "))
print(pcall(table.unpack, setmetatable({}, { __len = function() return "x" end })))
print(pcall(table.insert, setmetatable({}, { __len = function() return 1.5 end }), 1))
print(pcall(table.concat, setmetatable({}, { __len = function() return 2 end })))
-- floats with integer values are fine
print(table.concat(setmetatable({}, { __len = function() return 2.0 end, __index = function() return "v" end })))

-- ipairs does not use __len, it reads through __index until nil
local c = {}
for i, v in ipairs(setmetatable({}, { __len = function() return 100 end, __index = function(_, i) if i < 4 then return i * 2 end end })) do c[#c + 1] = i .. "=" .. v end
print(table.concat(c, " "))

-- hot concatenation with changing operand kinds
local parts = { "s", 1, 2.5, x }
local total = 0
for i = 1, 4000 do
  local p = parts[i <= 1000 and 1 or i <= 2000 and 2 or i <= 3000 and 3 or i % 4 + 1]
  local r = "<" .. p .. ">"
  total = total + (type(r) == "string" and #r or #r.n)
end
print(total)
-- hot length, with __len appearing
local sizes, obj = 0, { 1, 2, 3 }
for i = 1, 3000 do
  if i == 1000 then obj[4] = 4 end
  if i == 1500 then setmetatable(obj, { __len = function() return 100 end }) end
  if i == 2500 then setmetatable(obj, nil) end
  sizes = sizes + #obj
end
print(sizes)
