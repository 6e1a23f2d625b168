-- Weak tables: weak values, weak keys, ephemerons, both; what counts as collectable.
local function count(t) local n = 0 for _ in pairs(t) do n = n + 1 end return n end
local function full() collectgarbage() collectgarbage() end

-- weak values: entries go when the value is only weakly reachable
local wv = setmetatable({}, { __mode = "v" })
local keep = {}
local function fillv()
  local all = {}
  for i = 1, 20 do
    all[i] = {}
    wv[i] = all[i]
  end
  for i = 1, 20, 5 do keep[i] = all[i] end
  wv.str = "strings are values" .. #keep
  wv.num = 3.5
  wv.fn = print
  wv.bool = true
end
fillv()
full()
print(count(wv), wv[1] == keep[1], wv[2], wv[6] == keep[6], wv.str, wv.num, wv.fn == print, wv.bool)
keep = nil
full()
print(count(wv))

-- weak keys
local wk = setmetatable({}, { __mode = "k" })
local held = {}
local function fillk()
  for i = 1, 10 do
    local k = { i }
    wk[k] = i
    if i % 2 == 0 then held[#held + 1] = k end
  end
  wk["string key"] = {}
  wk[7] = {}
  wk[true] = {}
end
fillk()
full()
print(count(wk), wk[held[1]], wk[held[5]], type(wk["string key"]), type(wk[7]))
held = nil
full()
print(count(wk))

-- ephemerons: the value refers to its own key and still goes
local eph = setmetatable({}, { __mode = "k" })
local function cyc()
  for i = 1, 10 do
    local k = {}
    eph[k] = { back = k }
  end
end
cyc()
full()
print("self", count(eph))

-- a chain of ephemerons held by its head
local head = {}
local function chain()
  local k = head
  for i = 1, 50 do
    local nk = { i }
    eph[k] = nk
    k = nk
  end
end
chain()
full()
local n, k = 0, head
while eph[k] do k = eph[k] n = n + 1 end
print("chain", n, count(eph), k[1])
k = nil
head = nil
full()
print("chain gone", count(eph))

-- across two tables
local e1, e2 = setmetatable({}, { __mode = "k" }), setmetatable({}, { __mode = "k" })
local anchor = {}
local function cross()
  local a, b, c = {}, {}, {}
  e1[anchor] = a
  e2[a] = b
  e1[b] = c
  e2[c] = "end"
  e1[{}] = "lost"
end
cross()
full()
print("cross", count(e1), count(e2), e2[e1[e2[e1[anchor]]]])

-- both weak
local both = setmetatable({}, { __mode = "kv" })
local k1, v1 = {}, {}
local function fillb()
  both[k1] = v1
  both[{}] = v1
  both[k1.x or 1] = {}
  both[2] = v1
end
fillb()
full()
print("both", count(both), both[k1] == v1, both[1], both[2] == v1)

-- finalised objects: removed from weak values before, from weak keys after the finalizer
local wv2, wk2 = setmetatable({}, { __mode = "v" }), setmetatable({}, { __mode = "k" })
local seen = {}
local function fin()
  local o = setmetatable({}, { __gc = function(x) seen[1] = wv2.o seen[2] = wk2[x] end })
  wv2.o = o
  wk2[o] = "attached"
end
fin()
full()
print("fin", seen[1], seen[2], count(wv2), count(wk2))

-- a mode added or changed later
local m = {}
local plain = setmetatable({}, m)
local function fillp() for i = 1, 5 do plain[i] = {} end end
fillp()
full()
print("strong", count(plain))
m.__mode = "v"
setmetatable(plain, m)
full()
print("weak now", count(plain))

-- a memo table with weak values keeps results while they are used
local calls = 0
local cache = setmetatable({}, { __mode = "v" })
local function box(n)
  local b = cache[n]
  if not b then calls = calls + 1 b = { n } cache[n] = b end
  return b
end
local hold = {}
for i = 1, 2000 do hold[i % 10 + 1] = box(i % 10) end
print("memo", calls, count(cache) == 10)
-- traversal with collection inside the loop
local trav = setmetatable({}, { __mode = "k" })
local function fillt() for i = 1, 100 do trav[{}] = i end end
fillt()
local ok = pcall(function() for kk in pairs(trav) do if trav[kk] % 10 == 0 then collectgarbage() end end end)
print("traversal", ok)
-- closures and coroutines as weak keys
local wf = setmetatable({}, { __mode = "k" })
local function fillf()
  local x = 0
  wf[function() x = x + 1 return x end] = 1
  wf[coroutine.create(function() end)] = 2
  wf[print] = 3
end
fillf()
full()
print("functions", count(wf), wf[print])
