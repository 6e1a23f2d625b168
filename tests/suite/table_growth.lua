-- Tables that move between array and hash parts, with values intact at every step.
local function verify(t, ref, what)
  for k, v in pairs(ref) do if t[k] ~= v then print("lost", what, k, v, t[k]) return end end
  for k, v in pairs(t) do if ref[k] ~= v then print("extra", what, k) return end end
end
-- forward, backward, from the middle, in strides, shuffled
local orders = {
  forward = function(i) return i end,
  backward = function(i) return 257 - i end,
  middle = function(i) return i % 2 == 0 and 128 + i // 2 or 128 - i // 2 end,
  stride = function(i) return i * 37 % 257 end,
  sparse = function(i) return i * i end,
  negative = function(i) return 100 - i end,
  powers = function(i) return 1 << (i % 62) end,
}
local names = {}
for name in pairs(orders) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do
  local f = orders[name]
  local t, list = {}, {}
  for i = 1, 256 do
    local k = f(i)
    t[k] = i
    list[#list + 1] = k
    if i % 32 == 0 then
      local last = {}
      for j, kk in ipairs(list) do last[kk] = j end
      for kk, j in next, last do if t[kk] ~= j then print("wrong", name, kk) end end
    end
  end
  local n, sum = 0, 0
  for k, v in pairs(t) do n = n + 1 sum = sum + v end
  print(name, n, sum)
end

-- mixed keys grow together
local t, count = {}, 0
for i = 1, 400 do
  t[i] = i
  t["s" .. i] = i
  t[i + 0.5] = i
  t[-i] = i
  count = count + 4
end
local n, sum = 0, 0
for _, v in pairs(t) do n = n + 1 sum = sum + v end
print(n == count, sum)
for i = 1, 400, 2 do t[i] = nil t["s" .. i] = nil end
n = 0
for _ in pairs(t) do n = n + 1 end
print(n)
for i = 1, 400 do t[i] = -i end
n, sum = 0, 0
for _, v in pairs(t) do n = n + 1 sum = sum + v end
print(n, sum, #t)

-- emptied and refilled many times with changing key kinds
local w = {}
for round = 1, 60 do
  for i = 1, 20 do
    if round % 3 == 0 then w[i] = i elseif round % 3 == 1 then w["k" .. i] = i else w[i * 1000] = i end
  end
  local s = 0
  for k, v in pairs(w) do s = s + v w[k] = nil end
  if s ~= 210 or next(w) ~= nil then print("round", round, s) end
end
print "rounds"
-- queue that slides upwards for ever
local q, head, tail = {}, 1, 0
for i = 1, 5000 do
  tail = tail + 1
  q[tail] = i
  if i > 10 then q[head] = nil head = head + 1 end
end
print(head, tail, q[head], q[tail], q[head - 1])
-- records whose fields appear in different orders
local function rec(order)
  local r = {}
  for c in order:gmatch "." do r[c] = c:byte() end
  return r
end
local total = 0
for i = 1, 400 do
  for _, o in ipairs { "abc", "cab", "bca", "abcd", "dcba", "a", "" } do
    local r = rec(o)
    total = total + (r.a or 0) + (r.b or 0) + (r.c or 0) + (r.d or 0)
  end
end
print(total)
-- many fields: over any inline limit, then removal and reuse
local big = {}
for i = 1, 3000 do big["field" .. i] = i end
for i = 1, 3000, 3 do big["field" .. i] = nil end
for i = 1, 1000 do big["other" .. i] = i end
n, sum = 0, 0
for k, v in pairs(big) do n = n + 1 sum = sum + v end
print(n, sum, big.field2, big.field1, big.other1000)
-- values of every kind in an array, with type changes in place
local a = {}
for i = 1, 600 do a[i] = i end
for i = 1, 600, 2 do a[i] = i / 2 end
for i = 1, 600, 3 do a[i] = "s" .. i end
for i = 1, 600, 5 do a[i] = i % 2 == 0 end
for i = 1, 600, 7 do a[i] = nil end
local kinds = {}
for i = 1, 600 do local k = math.type(a[i]) or type(a[i]) kinds[k] = (kinds[k] or 0) + 1 end
print(kinds.integer, kinds.float, kinds.string, kinds.boolean, kinds["nil"])
-- keys that collide after normalisation
local z = {}
z[1] = "int" z[1.0] = "float" z["1"] = "str" z[-0.0] = "zero" z[0] = "int zero"
print(z[1], z["1"], z[0], z[-0.0])
z[2 ^ 63] = "2^63" z[math.mininteger] = "min" z[-2.0 ^ 63] = "min again"
print(z[2 ^ 63], z[math.mininteger], z[math.maxinteger])
-- a hot loop writing beyond the end, then before the start, then strings
local h = {}
local function put(i, v) h[i] = v end
for i = 1, 4000 do put(i, i) end
for i = 0, -500, -1 do put(i, i) end
for i = 1, 500 do put("n" .. i, i) put(i + 4000.25, i) end
n, sum = 0, 0
for _, v in pairs(h) do n = n + 1 sum = sum + v end
print(n, sum, #h)
verify({ 1, 2, x = 3 }, { 1, 2, x = 3 }, "same")
