-- Arrays in hot loops: bounds, holes, growth, element kinds, aliasing, negative and float indices.
local function sum(a, n) local s = 0 for i = 1, n do s = s + a[i] end return s end
local a = {}
for i = 1, 1000 do a[i] = i end
print(sum(a, 1000))
for i = 1, 1000, 10 do a[i] = a[i] + 0.5 end
print(sum(a, 1000))
a[500] = "500"
print(sum(a, 1000))
a[900] = nil
print(pcall(sum, a, 1000))
setmetatable(a, { __index = function(_, i) return i * 2 end })
print(sum(a, 1000), sum(a, 1500))
setmetatable(a, nil)
a[900] = 900
-- read-modify-write, both directions, with strides
local function smooth(t) for i = 2, #t - 1 do t[i] = (t[i - 1] + t[i] + t[i + 1]) / 3 end return t[#t // 2] end
local b = {}
for i = 1, 300 do b[i] = i % 10 end
for _ = 1, 5 do smooth(b) end
print(string.format("%.6f %.6f", b[2], b[150]))
local function rev(t) local n = #t for i = 1, n // 2 do t[i], t[n - i + 1] = t[n - i + 1], t[i] end return t end
print(table.concat(rev(rev(rev { 1, 2, 3, 4, 5 })), " "))
for i = #b, 1, -3 do b[i] = -i end
print(b[300], b[297], b[3])
-- append while reading, sieve, prefix sums, two arrays, one aliased
local fib = { 1, 1 }
for i = 3, 90 do fib[#fib + 1] = fib[i - 1] + fib[i - 2] end
print(fib[90], #fib)
local function sieve(n)
  local p, c = {}, 0
  for i = 2, n do p[i] = true end
  for i = 2, n do
    if p[i] then
      c = c + 1
      for j = i * i, n, i do p[j] = false end
    end
  end
  return c
end
print(sieve(100), sieve(5000))
local function axpy(x, y, k) for i = 1, #x do y[i] = y[i] + k * x[i] end end
local x, y = {}, {}
for i = 1, 500 do x[i] = i y[i] = 1 end
for _ = 1, 10 do axpy(x, y, 2) end
axpy(x, x, 1)
axpy(y, x, 0.5)
print(x[500], y[500])
-- beyond both ends
local function window(t, from, to) local c, s = 0, 0 for i = from, to do local v = t[i] if v == nil then c = c + 1 else s = s + v end end return c, s end
print(window(x, -100, 600))
local z = {}
for i = 100, -100, -1 do z[i] = i end
print(window(z, -150, 150))
-- float and computed indices
local f, s = { 10, 20, 30, 40 }, 0
for i = 1, 4000 do s = s + f[i % 4 + 1.0] + (f[i / 2] or 0) end
print(s)
-- a matrix with rows replaced, shared and of different kinds
local m = {}
for r = 1, 20 do m[r] = {} for c = 1, 20 do m[r][c] = r * c end end
local function trace(mm) local tr = 0 for k = 1, 20 do tr = tr + mm[k][k] end return tr end
print(trace(m))
m[5] = setmetatable({}, { __index = function(_, c) return c / 2 end })
m[6] = m[7]
m[8][8] = "64"
print(trace(m))
local function matmul(p, q, n)
  local r = {}
  for i = 1, n do
    local row, pi = {}, p[i]
    for j = 1, n do
      local acc = 0
      for k = 1, n do acc = acc + pi[k] * q[k][j] end
      row[j] = acc
    end
    r[i] = row
  end
  return r
end
local p, q = {}, {}
for i = 1, 12 do p[i], q[i] = {}, {} for j = 1, 12 do p[i][j] = i + j q[i][j] = i == j and 1 or 0 end end
local pq = matmul(p, q, 12)
q[3][3] = 0.5
local pq2 = matmul(p, q, 12)
print(pq[12][12], pq[3][3], pq2[3][3], pq2[12][12])
-- arrays of booleans, strings, nils and tables compared and counted
local kinds = {}
for i = 1, 2000 do kinds[i] = i % 4 == 0 and true or i % 4 == 1 and "s" or i % 4 == 2 and false or { i } end
local counts = { 0, 0, 0, 0 }
for i = 1, #kinds do local v = kinds[i] if v == true then counts[1] = counts[1] + 1 elseif v == "s" then counts[2] = counts[2] + 1 elseif not v then counts[3] = counts[3] + 1 else counts[4] = counts[4] + v[1] end end
print(table.concat(counts, " "))
-- the array shrinks under the loop, the bound does not
local sh, seen = {}, 0
for i = 1, 1000 do sh[i] = i end
for i = 1, #sh do
  if sh[i] then seen = seen + 1 end
  if i % 2 == 0 then sh[#sh] = nil end
end
print(seen, #sh)
-- a bubble sort, an insertion into sorted order, binary search
local u = {}
for i = 1, 120 do u[i] = (i * 61) % 127 end
for i = 1, #u do for j = 1, #u - i do if u[j] > u[j + 1] then u[j], u[j + 1] = u[j + 1], u[j] end end end
local function bsearch(t, v) local lo, hi = 1, #t while lo <= hi do local mid = (lo + hi) // 2 if t[mid] == v then return mid elseif t[mid] < v then lo = mid + 1 else hi = mid - 1 end end end
print(u[1], u[120], bsearch(u, u[77]), bsearch(u, 0.5), bsearch(u, 1000))
