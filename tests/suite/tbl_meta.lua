-- table.concat and unpack in detail; table functions on proxies; ipairs and pairs with metamethods.
print(table.concat { "a", "b", "c" }, table.concat({ 1, 2, 3 }, ", "), table.concat({ 1, 2, 3 }, ", ", 2), table.concat({ 1, 2, 3 }, "-", 2, 3), table.concat({ 1, 2, 3 }, "-", 3, 2))
print(table.concat({}, "x"), table.concat({ "only" }, "x"), table.concat { 1.5, 2.0, -0.0, 1e100 }, table.concat({ "a", "b" }, 5), table.concat({ 1, 2 }, "\0") == "1\0002")
print(pcall(table.concat, { 1, {}, 3 }))
print(pcall(table.concat, { 1, nil, 3 }, "", 1, 3))
print(pcall(table.concat, { true }))
print(pcall(table.concat, 5))
print(pcall(table.concat, { 1 }, {}))
print(pcall(table.concat, { 1 }, "", "x"))
print(table.concat({ [5] = "five", [6] = "six" }, " ", 5, 6))
print(table.concat({ [math.maxinteger] = "max" }, "", math.maxinteger, math.maxinteger))
print(table.concat({ [math.mininteger] = "min" }, "", math.mininteger, math.mininteger))
print(#table.concat(setmetatable({}, { __index = function(_, i) return ("x"):rep(i) end }), "|", 1, 100))

-- a full proxy: every access goes through the metamethods and is logged
local function proxy(t, log)
  return setmetatable({}, {
    __index = function(_, k) log[#log + 1] = "r" .. tostring(k) return t[k] end,
    __newindex = function(_, k, v) log[#log + 1] = "w" .. tostring(k) t[k] = v end,
    __len = function() log[#log + 1] = "#" return #t end,
    __pairs = function() log[#log + 1] = "p" return pairs(t) end,
  })
end
local log = {}
local function flush() print(table.concat(log, " ")) for i = #log, 1, -1 do log[i] = nil end end
local base = { 10, 20, 30 }
local p = proxy(base, log)
table.insert(p, 40) flush()
table.insert(p, 1, 5) flush()
print(table.remove(p)) flush()
print(table.remove(p, 1)) flush()
print(table.unpack(p)) flush()
print(table.concat(p, ",")) flush()
table.move(p, 1, 3, 2) flush()
print(table.concat(base, " "))
for i, v in ipairs(p) do log[#log + 1] = i .. "=" .. v end flush()
for k, v in pairs(p) do log[#log + 1] = k .. ":" .. v end flush()
print(next(p), rawlen(p), #p, select("#", table.unpack(p, 1, 2)))
flush()
-- table functions want tables or things with the metamethods they need
print(pcall(table.insert, setmetatable({}, { __metatable = "x" }), 1))
print(pcall(table.concat, "string"))
print(pcall(table.unpack, "abc"))
print(pcall(table.unpack, 5))
print(pcall(table.unpack))
print(pcall(table.sort, "abc"))
debug.setmetatable(0, { __index = function(n, i) return n * i end, __len = function(n) return n end })
print(table.concat(4, " "), table.unpack(3), pcall(table.insert, 3, 1))
debug.setmetatable(0, nil)

-- ipairs: stops at nil, respects __index, not __ipairs
local r = {}
for i, v in ipairs(setmetatable({ "a", "b" }, { __index = function(_, i) if i <= 4 then return "idx" .. i end end })) do r[#r + 1] = i .. v end
print(table.concat(r, " "))
for i in ipairs(setmetatable({}, { __ipairs = function() return function() end end })) do print "never" end
r = {}
for i, v in ipairs { 1, nil, 3 } do r[#r + 1] = v end
print(#r)
local it, tt, i0 = ipairs { "x" }
print(type(it), type(tt), i0, it(tt, 0))
print(it(tt, 1), it({ [6] = "six" }, 5))
for i, v in ipairs "abc" do print "never" end
-- modification inside ipairs is seen
local grow, n = { 1, 2, 3 }, 0
for i, v in ipairs(grow) do n = n + 1 if i < 10 then grow[#grow + 1] = v end end
print(n, #grow)

-- linked list, matrix, sparse and transposed tables
local list
for i = 1, 5 do list = { value = i, next = list } end
local parts, node = {}, list
while node do parts[#parts + 1] = node.value node = node.next end
print(table.concat(parts, "->"))
local m = {}
for i = 1, 3 do m[i] = {} for j = 1, 4 do m[i][j] = i * j end end
local tr = {}
for j = 1, 4 do tr[j] = {} for i = 1, 3 do tr[j][i] = m[i][j] end end
print(#tr, #tr[1], table.concat(tr[4], " "))
-- tables with every kind of key
local fkey, tkey, ckey = function() end, {}, coroutine.create(print)
local any = { [1] = "int", [1.5] = "float", ["1"] = "str", [true] = "bool", [fkey] = "fn", [tkey] = "tab", [ckey] = "co", [io.stdout] = "file", [-1] = "neg", [2 ^ 53] = "big" }
print(any[1], any[1.5], any["1"], any[true], any[fkey], any[tkey], any[ckey], any[io.stdout], any[-1], any[1 << 53], any[false], any[{}])
local c = 0
for _ in pairs(any) do c = c + 1 end
print(c)
-- hot: a proxy in a loop, whose target changes kind
local src, acc = { 1, 2, 3, 4 }, 0
local px = setmetatable({}, { __index = function(_, k) return src[k] end, __len = function() return #src end })
for i = 1, 5000 do
  acc = acc + px[i % #px + 1]
  if i == 2000 then src = { 0.5, 0.25 } end
  if i == 4000 then src = setmetatable({}, { __index = function(_, k) return k end, __len = function() return 7 end }) end
end
print(acc)
