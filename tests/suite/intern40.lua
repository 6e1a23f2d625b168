-- Strings around the boundary between interned (40 bytes) and long ones behave alike.
local function mk(n, c) return (c or "s"):rep(n) end
for _, n in ipairs { 0, 1, 38, 39, 40, 41, 42, 79, 80, 81 } do
  local a, b = mk(n), table.concat { mk(n // 2), mk(n - n // 2) }
  local t = { [a] = "A" }
  t[b] = "B"
  local cnt = 0
  for _ in pairs(t) do cnt = cnt + 1 end
  print(n, #a, a == b, rawequal(a, b), t[a], cnt, a < b .. "x", (a .. "x"):sub(1, n) == a, a ~= b .. "x")
end
-- constants, concatenations, substrings, formats and numbers give equal keys
local k40 = "0123456789012345678901234567890123456789"
local k41 = "01234567890123456789012345678901234567890"
local variants = {
  function(s) return s end,
  function(s) return s:sub(1, 20) .. s:sub(21) end,
  function(s) return (s .. "tail"):sub(1, #s) end,
  function(s) return ("%s"):format(s) end,
  function(s) return (s:gsub("x", "y")) end,
  function(s) return s:reverse():reverse() end,
  function(s) local t = {} for c in s:gmatch "." do t[#t + 1] = c end return table.concat(t) end,
  function(s) return string.char(s:byte(1, -1)) end,
  function(s) return load(("return %q"):format(s))() end,
  function(s) return (string.unpack("s2", string.pack("s2", s))) end,
  function(s) return s:upper():lower() end,
}
for _, s in ipairs { k40, k41, k40 .. k40, "", "short" } do
  local map, ok = { [s] = 0 }, true
  for i, f in ipairs(variants) do
    local v = f(s)
    if v ~= s or map[v] ~= i - 1 then ok = false print("variant", i, #s) end
    map[v] = i
  end
  local n = 0
  for _ in pairs(map) do n = n + 1 end
  print(#s, ok, n)
end
-- as fields, methods, globals, upvalue names
local obj = {}
obj[k40] = "forty"
obj[k41] = "forty-one"
local f40 = "a123456789b123456789c123456789d123456789"
local f41 = f40 .. "e"
local src = ("local o = {} o.%s = 1 o.%s = 2 function o:m%s() return self.%s end return o, o.%s, o.%s"):format(f40, f41, f40, f41, f40, f41)
local o, v40, v41 = load(src)()
print(obj[k40:sub(1)], obj[k40 .. "0"], o[f40], o[f41], v40, v41, o["m" .. f40](o))
load(("%s = 'global40' %s = 'global41'"):format(f40, f41))()
print(_G[f40], _G[f41], load("return " .. f40)(), load("return " .. f41)())
_G[f40], _G[f41] = nil, nil
-- metamethod and library lookups through long keys
local mt = setmetatable({}, { __index = function(_, k) return #k end, __newindex = function(t, k, val) rawset(t, k .. "!", val) end })
print(mt[k40], mt[k41])
mt[k40], mt[k41] = 1, 2
print(rawget(mt, k40 .. "!"), rawget(mt, k41 .. "!"))
-- next with long keys
local lk = {}
for i = 1, 50 do lk[mk(35 + i % 12, "k") .. i] = i end
local n, sum = 0, 0
for k, v in pairs(lk) do n = n + 1 sum = sum + v end
print(n, sum, next({ [k41] = 1 }) == k41, next({ [k41] = 1 }, k41:sub(1, 20) .. k41:sub(21)))
-- weak tables never lose strings
local w = setmetatable({}, { __mode = "kv" })
for i = 38, 43 do w[mk(i)] = mk(i, "v") end
collectgarbage()
n = 0
for k, v in pairs(w) do if #k == #v then n = n + 1 end end
print(n)
-- hot: keys crossing the boundary in one access site
local store, hits = {}, 0
for i = 30, 50 do store[mk(i, "h")] = i end
local keys = {}
for i = 30, 50 do keys[#keys + 1] = mk(i, "h") end
for r = 1, 6000 do
  local k = keys[r % #keys + 1]
  if r > 3000 then k = k:sub(1, -2) .. "h" end
  hits = hits + store[k]
end
print(hits)
-- comparisons in a hot loop with equal contents but different objects
local eq = 0
for i = 1, 3000 do
  local len = 36 + i % 10
  if mk(len) == mk(len - 1) .. "s" then eq = eq + 1 end
  if mk(len) == mk(len - 1) .. "t" then eq = eq - 1000 end
end
print(eq)
-- string values through collections keep identity of content
local held = {}
for i = 1, 100 do held[i] = mk(i % 50, "g") end
collectgarbage()
local good = 0
for i = 1, 100 do if held[i] == mk(i % 50, "g") then good = good + 1 end end
print(good)
