-- table.insert, remove, move, unpack, pack: positions, errors, overlapping moves.
local function show(t) print(#t, table.concat(t, " ")) end
local t = {}
table.insert(t, "a")
table.insert(t, 1, "b")
table.insert(t, 2, "c")
table.insert(t, #t + 1, "d")
show(t)
print(pcall(table.insert, t, 6, "x"))
print(pcall(table.insert, t, 0, "x"))
print(pcall(table.insert, t, -1, "x"))
print(pcall(table.insert, t))
print(pcall(table.insert, t, 1, 2, 3))
print(pcall(table.insert, nil, 1))
print(pcall(table.insert, t, "x", 1))
print(pcall(table.insert, t, 1.5, 1))
table.insert(t, 2.0, "two")
show(t)
table.insert(t, nil)
show(t)

print(table.remove(t), table.remove(t, 1), table.remove(t, 2))
show(t)
print(table.remove(t, #t + 1), pcall(table.remove, t, #t + 2))
print(pcall(table.remove, t, 0))
print(pcall(table.remove, t, -1))
print(table.remove({}), table.remove({}, 0), table.remove({}, 1) == nil, pcall(table.remove, {}, 2))
local z = { [0] = "zero" }
print(table.remove(z), z[0], table.remove(z, 0), z[0])
print(select("#", table.remove({})), select("#", table.remove({ 1 })))

-- move
local function mv(...) local r = table.move(...) show(r) end
mv({ 1, 2, 3 }, 1, 3, 2)
mv({ 1, 2, 3 }, 2, 3, 1)
mv({ 1, 2, 3, 4, 5 }, 1, 4, 2)
mv({ 1, 2, 3, 4, 5 }, 2, 5, 1)
mv({ 1, 2, 3 }, 1, 3, 1)
mv({ 1, 2, 3 }, 1, 0, 5)
mv({ 1, 2, 3 }, 1, 3, 3, { "a", "b", "c" })
mv({ 1, 2, 3 }, 2, 3, 1, {})
mv({}, 1, 3, 1, { "x", "y", "z" })
local same = { 5, 6 }
print(table.move(same, 1, 2, 3) == same, #same)
print(pcall(table.move, { 1 }, 1, math.maxinteger, 2))
print(pcall(table.move, { 1 }, -1, math.maxinteger, 2))
print(pcall(table.move, { 1 }, 1, 2, math.maxinteger))
print(pcall(table.move, 1, 1, 2, 3))
print(pcall(table.move, {}, 1, 2, 3, 4))
local edge = table.move({ [math.maxinteger - 1] = "p", [math.maxinteger] = "q" }, math.maxinteger - 1, math.maxinteger, 1, {})
print(edge[1], edge[2])
edge = table.move({ [math.mininteger] = "m" }, math.mininteger, math.mininteger, math.maxinteger, {})
print(edge[math.maxinteger])
-- through metamethods
local reads, writes = {}, {}
local src = setmetatable({}, { __index = function(_, i) reads[#reads + 1] = i return i * 10 end })
local dst = setmetatable({}, { __newindex = function(t, i, v) writes[#writes + 1] = i .. "=" .. v rawset(t, i, v) end })
table.move(src, 1, 3, 2, dst)
print(table.concat(reads, " "), table.concat(writes, " "))

-- queues, stacks and deques
local q = {}
for i = 1, 5 do q[#q + 1] = i end
local out = {}
while #q > 0 do out[#out + 1] = table.remove(q, 1) if #out == 2 then q[#q + 1] = "late" end end
print(table.concat(out, " "))
local st = {}
for i = 1, 100 do st[#st + 1] = i if i % 3 == 0 then st[#st] = nil end end
print(#st, st[#st])
local function deque() return { first = 0, last = -1 } end
local function pushl(d, v) d.first = d.first - 1 d[d.first] = v end
local function pushr(d, v) d.last = d.last + 1 d[d.last] = v end
local function popl(d) local v = d[d.first] d[d.first] = nil d.first = d.first + 1 return v end
local function popr(d) local v = d[d.last] d[d.last] = nil d.last = d.last - 1 return v end
local d = deque()
for i = 1, 500 do pushl(d, i) pushr(d, -i) end
local s = 0
for i = 1, 500 do s = s + popl(d) * 2 + popr(d) end
print(s, d.first > d.last)

-- arguments evaluate to holes; negative and zero indices are plain keys
local n = { [-1] = "m", [0] = "z", "one" }
table.insert(n, "two")
print(n[-1], n[0], n[1], n[2], #n)
-- hot insert and remove in the middle, with element kinds changing
local h, sum = {}, 0
for i = 1, 1500 do
  table.insert(h, i % (#h + 1) + 1, i <= 700 and i or i + 0.5)
  if i % 3 == 0 then sum = sum + table.remove(h, i % #h + 1) end
  if i % 5 == 0 then sum = sum + table.remove(h) end
end
print(#h, sum, h[1], h[#h])
local a = {}
for i = 1, 3000 do a[#a + 1] = i end
for i = 1, 2990 do a[#a] = nil end
print(#a, a[10], a[11])
print(table.unpack({ 1, 2, 3, nil, 5 }, 1, 5))
print(table.pack(1, nil).n, #table.pack(), table.unpack({}, 1, 0), table.unpack({ 1 }, 2, 1), table.unpack({ "x" }, 1, 1))
