-- Classic algorithms: queens, life, knights, permutations, hanoi, knapsack, primes, spectral sums, mandelbrot.
local function queens(n)
  local cols, d1, d2, count = {}, {}, {}, 0
  local function place(r)
    if r > n then count = count + 1 return end
    for c = 1, n do
      if not (cols[c] or d1[r + c] or d2[r - c]) then
        cols[c], d1[r + c], d2[r - c] = true, true, true
        place(r + 1)
        cols[c], d1[r + c], d2[r - c] = nil, nil, nil
      end
    end
  end
  place(1)
  return count
end
print("queens", queens(4), queens(6), queens(7))

local function life(w, h, cells, gens)
  local function at(g, x, y) return g[(y % h) * w + x % w] end
  local g = {}
  for _, c in ipairs(cells) do g[c[2] * w + c[1]] = true end
  for _ = 1, gens do
    local n = {}
    for y = 0, h - 1 do
      for x = 0, w - 1 do
        local k = 0
        for dy = -1, 1 do for dx = -1, 1 do if (dx ~= 0 or dy ~= 0) and at(g, x + dx, y + dy) then k = k + 1 end end end
        if k == 3 or (k == 2 and at(g, x, y)) then n[y * w + x] = true end
      end
    end
    g = n
  end
  local rows = {}
  for y = 0, h - 1 do local r = {} for x = 0, w - 1 do r[#r + 1] = at(g, x, y) and "#" or "." end rows[#rows + 1] = table.concat(r) end
  return table.concat(rows, "\n")
end
print(life(10, 8, { { 1, 0 }, { 2, 1 }, { 0, 2 }, { 1, 2 }, { 2, 2 } }, 20))

local moves = {}
local function hanoi(n, a, b, c) if n == 0 then return 0 end local k = hanoi(n - 1, a, c, b) moves[#moves + 1] = a .. c return k + 1 + hanoi(n - 1, b, a, c) end
print("hanoi", hanoi(10, "A", "B", "C"), moves[1], moves[512], moves[1023])

local function heap_permutations(a)
  local out, c, n = { table.concat(a) }, {}, #a
  for i = 1, n do c[i] = 1 end
  local i = 2
  while i <= n do
    if c[i] < i then
      local j = i % 2 == 1 and 1 or c[i]
      a[j], a[i] = a[i], a[j]
      out[#out + 1] = table.concat(a)
      c[i] = c[i] + 1
      i = 2
    else c[i] = 1 i = i + 1 end
  end
  return out
end
local perms = heap_permutations { "a", "b", "c", "d", "e" }
table.sort(perms)
print("perms", #perms, perms[1], perms[60], perms[120])

local function knapsack(items, cap)
  local best = {}
  for w = 0, cap do best[w] = 0 end
  for _, it in ipairs(items) do for w = cap, it[1], -1 do best[w] = math.max(best[w], best[w - it[1]] + it[2]) end end
  return best[cap]
end
print("knapsack", knapsack({ { 12, 4 }, { 2, 2 }, { 1, 1 }, { 1, 2 }, { 4, 10 } }, 15), knapsack({ { 3, 4.5 }, { 4, 5 }, { 2, 3 } }, 6))

local function spectral(n)
  local function A(i, j) local ij = i + j - 1 return 1.0 / (ij * (ij - 1) * 0.5 + i) end
  local function mul(v, t) local r = {} for i = 1, n do local a = 0 for j = 1, n do a = a + v[j] * (t and A(j, i) or A(i, j)) end r[i] = a end return r end
  local u = {}
  for i = 1, n do u[i] = 1 end
  local v
  for _ = 1, 6 do v = mul(mul(u), true) u = mul(mul(v), true) end
  local vbv, vv = 0, 0
  for i = 1, n do vbv = vbv + u[i] * v[i] vv = vv + v[i] * v[i] end
  return ("%.9f"):format(math.sqrt(vbv / vv))
end
print("spectral", spectral(20))

local rows = {}
for y = -10, 10, 2 do
  local r = {}
  for x = -20, 10 do
    local cr, ci, zr, zi, k = x / 10, y / 8, 0.0, 0.0, 0
    while k < 30 and zr * zr + zi * zi < 4 do zr, zi, k = zr * zr - zi * zi + cr, 2 * zr * zi + ci, k + 1 end
    r[#r + 1] = k == 30 and "#" or k > 4 and "+" or "."
  end
  rows[#rows + 1] = table.concat(r)
end
print(table.concat(rows, "\n"))

-- n-body energy, fannkuch, binary trees
local function fannkuch(n)
  local p, q, s, sign, maxflips, sum = {}, {}, {}, 1, 0, 0
  for i = 1, n do p[i] = i q[i] = i s[i] = i end
  while true do
    local q0 = p[1]
    if q0 ~= 1 then
      for i = 2, n do q[i] = p[i] end
      local flips = 1
      while true do
        local qq = q[q0]
        if qq == 1 then sum = sum + sign * flips if flips > maxflips then maxflips = flips end break end
        q[q0] = q0
        if q0 >= 4 then local i, j = 2, q0 - 1 repeat q[i], q[j] = q[j], q[i] i = i + 1 j = j - 1 until i >= j end
        q0 = qq
        flips = flips + 1
      end
    end
    if sign == 1 then p[1], p[2] = p[2], p[1] sign = -1 else
      p[2], p[3] = p[3], p[2]
      sign = 1
      for i = 3, n do
        local sx = s[i]
        if sx ~= 1 then s[i] = sx - 1 break end
        if i == n then return sum, maxflips end
        s[i] = i
        local t = p[1]
        for j = 1, i do p[j] = p[j + 1] end
        p[i + 1] = t
      end
    end
  end
end
print("fannkuch", fannkuch(6))
local function bottom(d) if d == 0 then return {} end return { bottom(d - 1), bottom(d - 1) } end
local function check(t) if t[1] then return 1 + check(t[1]) + check(t[2]) end return 1 end
print("trees", check(bottom(8)), check(bottom(4)))
local bodies = { { 0, 0, 0, 0, 40 }, { 4.84, -1.16, 0.6, 2.8, 0.037 }, { 8.34, 4.12, -1.01, 1.82, 0.011 } }
local function energy() local e = 0 for i, b in ipairs(bodies) do e = e + 0.5 * b[5] * (b[3] ^ 2 + b[4] ^ 2) for j = i + 1, #bodies do local c = bodies[j] e = e - b[5] * c[5] / math.sqrt((b[1] - c[1]) ^ 2 + (b[2] - c[2]) ^ 2) end end return ("%.9f"):format(e) end
local e0 = energy()
for _ = 1, 600 do
  for i, b in ipairs(bodies) do
    for j = i + 1, #bodies do
      local c = bodies[j]
      local dx, dy = b[1] - c[1], b[2] - c[2]
      local mag = 0.001 / (dx * dx + dy * dy) ^ 1.5
      b[3], b[4], c[3], c[4] = b[3] - dx * c[5] * mag, b[4] - dy * c[5] * mag, c[3] + dx * b[5] * mag, c[4] + dy * b[5] * mag
    end
  end
  for _, b in ipairs(bodies) do b[1], b[2] = b[1] + 0.001 * b[3], b[2] + 0.001 * b[4] end
end
print("nbody", e0, energy())
