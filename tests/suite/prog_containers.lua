-- Data structures: heap, LRU cache, trie, AVL tree, union-find, graph search, big integers, sets, matrices, event emitter.
local Heap = {}
Heap.__index = Heap
function Heap.new(lt) return setmetatable({ n = 0, lt = lt or function(a, b) return a < b end }, Heap) end
function Heap:push(v)
  local i = self.n + 1
  self.n = i
  while i > 1 do
    local p = i // 2
    if not self.lt(v, self[p]) then break end
    self[i] = self[p]
    i = p
  end
  self[i] = v
end
function Heap:pop()
  if self.n == 0 then return nil end
  local top, v = self[1], self[self.n]
  self[self.n] = nil
  self.n = self.n - 1
  local i, n = 1, self.n
  if n > 0 then
    while true do
      local c = i * 2
      if c > n then break end
      if c < n and self.lt(self[c + 1], self[c]) then c = c + 1 end
      if not self.lt(self[c], v) then break end
      self[i] = self[c]
      i = c
    end
    self[i] = v
  end
  return top
end
local h, seed, prev, ok = Heap.new(), 7, -1, true
for _ = 1, 800 do seed = (seed * 16807) % 2147483647 h:push(seed % 1000) end
for _ = 1, 800 do local v = h:pop() if v < prev then ok = false end prev = v end
print("heap", ok, h:pop())

local LRU = {}
LRU.__index = LRU
function LRU.new(cap) local l = { cap = cap, map = {}, n = 0, head = {}, tail = {} } l.head.next, l.tail.prev = l.tail, l.head return setmetatable(l, LRU) end
local function unlink(e) e.prev.next, e.next.prev = e.next, e.prev end
function LRU:front(e) e.next, e.prev = self.head.next, self.head self.head.next.prev = e self.head.next = e end
function LRU:get(k) local e = self.map[k] if e then unlink(e) self:front(e) return e.v end end
function LRU:set(k, v)
  local e = self.map[k]
  if e then e.v = v unlink(e) else
    e = { k = k, v = v }
    self.map[k] = e
    self.n = self.n + 1
    if self.n > self.cap then local last = self.tail.prev unlink(last) self.map[last.k] = nil self.n = self.n - 1 end
  end
  self:front(e)
end
local lru, hit = LRU.new(10), 0
for i = 1, 3000 do local k = i * i % 23 if lru:get(k) then hit = hit + 1 else lru:set(k, i) end end
print("lru", hit, lru.n)

local trie = {}
local function tadd(w) local n = trie for c in w:gmatch "." do n[c] = n[c] or {} n = n[c] end n.word = w end
local function tfind(prefix) local n = trie for c in prefix:gmatch "." do n = n[c] if not n then return {} end end local out = {} local function go(m) if m.word then out[#out + 1] = m.word end for c, s in pairs(m) do if #c == 1 then go(s) end end end go(n) table.sort(out) return out end
for w in ("tea ten to inn in i tend tender"):gmatch "%a+" do tadd(w) end
print("trie", table.concat(tfind "te", " "), table.concat(tfind "in", " "), #tfind "x")

local function height(t) return t and t.h or 0 end
local function fix(t) t.h = 1 + math.max(height(t.l), height(t.r)) return t end
local function rotr(t) local l = t.l t.l = l.r l.r = fix(t) return fix(l) end
local function rotl(t) local r = t.r t.r = r.l r.l = fix(t) return fix(r) end
local function insert(t, k)
  if not t then return { k = k, h = 1 } end
  if k < t.k then t.l = insert(t.l, k) elseif k > t.k then t.r = insert(t.r, k) else return t end
  fix(t)
  local b = height(t.l) - height(t.r)
  if b > 1 then if k > t.l.k then t.l = rotl(t.l) end return rotr(t) end
  if b < -1 then if k < t.r.k then t.r = rotr(t.r) end return rotl(t) end
  return t
end
local avl
for i = 1, 1000 do avl = insert(avl, i * 7 % 1009) end
local cnt, last, sorted = 0, -1, true
local function walk(t) if t then walk(t.l) cnt = cnt + 1 if t.k <= last then sorted = false end last = t.k walk(t.r) end end
walk(avl)
print("avl", cnt, sorted, avl.h)

local parent = {}
local function find(x) local r = x while parent[r] ~= r do r = parent[r] end while parent[x] ~= r do parent[x], x = r, parent[x] end return r end
for i = 1, 1000 do parent[i] = i end
for i = 1, 1000 do parent[find(i)] = find((i * i) % 1000 + 1) end
local roots = 0
for i = 1, 1000 do if find(i) == i then roots = roots + 1 end end
print("union", roots)

-- shortest paths on a grid with walls: breadth first, and with a heap
local W, H = 30, 20
local function wall(x, y) return x < 1 or y < 1 or x > W or y > H or (x % 4 == 0 and y ~= (x // 4 % 2 == 0 and 1 or H)) end
local function bfs()
  local q, dist = { { 1, 1 } }, { [1 * 100 + 1] = 0 }
  local i = 1
  while q[i] do
    local x, y = q[i][1], q[i][2]
    local d = dist[x * 100 + y]
    if x == W and y == H then return d, i end
    for _, m in ipairs { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } } do
      local nx, ny = x + m[1], y + m[2]
      if not wall(nx, ny) and not dist[nx * 100 + ny] then dist[nx * 100 + ny] = d + 1 q[#q + 1] = { nx, ny } end
    end
    i = i + 1
  end
end
local function dijkstra()
  local hp, dist = Heap.new(function(a, b) return a.d < b.d end), { [101] = 0 }
  hp:push { x = 1, y = 1, d = 0 }
  while hp.n > 0 do
    local c = hp:pop()
    if c.x == W and c.y == H then return c.d end
    for _, m in ipairs { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } } do
      local nx, ny = c.x + m[1], c.y + m[2]
      if not wall(nx, ny) and c.d + 1 < (dist[nx * 100 + ny] or math.huge) then dist[nx * 100 + ny] = c.d + 1 hp:push { x = nx, y = ny, d = c.d + 1 } end
    end
  end
end
print("paths", (bfs()), dijkstra())

-- big integers with operators
local Big = {}
Big.__index = Big
local BASE <const> = 10000000
local function big(n) local r = setmetatable({}, Big) repeat r[#r + 1] = n % BASE n = n // BASE until n == 0 return r end
Big.__mul = function(a, b)
  if type(b) == "number" then b = big(b) end
  local r = setmetatable({}, Big)
  for i = 1, #a + #b do r[i] = 0 end
  for i = 1, #a do
    local carry = 0
    for j = 1, #b do local v = r[i + j - 1] + a[i] * b[j] + carry r[i + j - 1] = v % BASE carry = v // BASE end
    r[i + #b] = r[i + #b] + carry
  end
  while #r > 1 and r[#r] == 0 do r[#r] = nil end
  return r
end
Big.__add = function(a, b) local r, c = setmetatable({}, Big), 0 for i = 1, math.max(#a, #b) do local v = (a[i] or 0) + (b[i] or 0) + c r[i] = v % BASE c = v // BASE end if c > 0 then r[#r + 1] = c end return r end
Big.__tostring = function(a) local t = { tostring(a[#a]) } for i = #a - 1, 1, -1 do t[#t + 1] = ("%07d"):format(a[i]) end return table.concat(t) end
Big.__eq = function(a, b) return tostring(a) == tostring(b) end
local f = big(1)
for i = 2, 30 do f = f * i end
local a, b = big(0), big(1)
for _ = 1, 150 do a, b = b, a + b end
print("big", f, a, f * f == f * f, big(12345678901234) * big(98765432109876))

-- events and observers
local Emitter = setmetatable({}, { __call = function(c) return setmetatable({ on = setmetatable({}, { __index = function(t, k) local l = {} rawset(t, k, l) return l end }) }, c) end })
Emitter.__index = Emitter
function Emitter:listen(ev, fn) local l = self.on[ev] l[#l + 1] = fn return function() for i, g in ipairs(l) do if g == fn then table.remove(l, i) break end end end end
function Emitter:emit(ev, ...) local n = 0 for _, fn in ipairs { table.unpack(self.on[ev]) } do if fn(...) then n = n + 1 end end return n end
local em, total = Emitter(), 0
local off = em:listen("tick", function(v) total = total + v return true end)
em:listen("tick", function(v) if v == 500 then off() end return v % 2 == 0 end)
local acks = 0
for i = 1, 1000 do acks = acks + em:emit("tick", i) end
print("events", total, acks, em:emit "other")
