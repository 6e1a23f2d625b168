-- Strings in hot loops: building, keys, bytes, comparison, conversion, buffers of many kinds.
local s, n = "", 0
for i = 1, 3000 do s = s .. string.char(97 + i % 26) if #s > 100 then n = n + #s s = s:sub(-10) end end
print(n, s)
local words, counts = { "alpha", "beta", "gamma", "delta" }, {}
for i = 1, 4000 do local w = words[i * i % 4 + 1] counts[w] = (counts[w] or 0) + 1 end
print(counts.alpha, counts.beta, counts.gamma, counts.delta)
-- keys built by concatenation
local t = {}
for i = 1, 2000 do local k = "k" .. i % 50 t[k] = (t[k] or 0) + i end
print(t.k0, t.k49, t["k" .. 25])
-- hash over bytes
local function hash(str) local h = 5381 for i = 1, #str do h = (h * 33 ~ str:byte(i)) & 0xffffffff end return h end
print(hash "", hash "a", hash(("hello world "):rep(200)))
-- comparisons: equal contents, prefixes, different lengths
local c = 0
for i = 1, 3000 do
  local a, b = tostring(i), tostring(3000 - i)
  if a < b then c = c + 1 end
  if a == b then c = c + 1000 end
  if a .. b ~= b .. a then c = c + 1 end
end
print(c)
-- numbers and strings mixed in concatenation, kinds changing
local len = 0
for i = 1, 4000 do
  local v = i % 4 == 0 and i or i % 4 == 1 and i / 3 or i % 4 == 2 and "str" or -0.0
  if i > 3000 then v = setmetatable({}, { __concat = function(a, b) return "obj" end }) end
  len = len + #("<" .. v .. ">")
end
print(len)
-- tokenizer over bytes
local function lex(src)
  local i, toks = 1, {}
  while i <= #src do
    local b = src:byte(i)
    if b == 32 then i = i + 1
    elseif b >= 48 and b <= 57 then
      local j = i
      while j <= #src and src:byte(j) >= 48 and src:byte(j) <= 57 do j = j + 1 end
      toks[#toks + 1] = tonumber(src:sub(i, j - 1))
      i = j
    else toks[#toks + 1] = src:sub(i, i) i = i + 1 end
  end
  return toks
end
local toks
for _ = 1, 50 do toks = lex "12 + 345*(6 - 78) / 9" end
print(#toks, toks[1], toks[3], toks[9], table.concat(toks, " "))
-- reverse polish evaluation
local function rpn(src)
  local st = {}
  for w in src:gmatch "%S+" do
    local v = tonumber(w)
    if v then st[#st + 1] = v else
      local y, x = table.remove(st), table.remove(st)
      st[#st + 1] = w == "+" and x + y or w == "-" and x - y or w == "*" and x * y or x / y
    end
  end
  return st[1]
end
local r = 0
for i = 1, 300 do r = r + rpn(i .. " 2 * 3 + 4 -") end
print(r, rpn "1 2 + 3 4 + *", rpn "7 2 /")
-- Levenshtein distance, longest common subsequence, palindromes
local function lev(a, b)
  local prev = {}
  for j = 0, #b do prev[j] = j end
  for i = 1, #a do
    local cur = { [0] = i }
    for j = 1, #b do cur[j] = math.min(prev[j] + 1, cur[j - 1] + 1, prev[j - 1] + (a:byte(i) == b:byte(j) and 0 or 1)) end
    prev = cur
  end
  return prev[#b]
end
print(lev("kitten", "sitting"), lev("", "abc"), lev(("ab"):rep(30), ("ba"):rep(30)))
local pal = 0
for i = 1, 3000 do local d = tostring(i) if d == d:reverse() then pal = pal + 1 end end
print(pal)
-- run-length coding both ways
local function rle(x)
  local out, i = {}, 1
  while i <= #x do
    local ch, j = x:sub(i, i), i
    while x:sub(j + 1, j + 1) == ch do j = j + 1 end
    out[#out + 1] = j - i + 1 .. ch
    i = j + 1
  end
  return table.concat(out)
end
local function unrle(x) return (x:gsub("(%d+)(%D)", function(k, ch) return ch:rep(k) end)) end
print(rle "aaabccd", unrle(rle "aaabccd"), #unrle(rle(("x"):rep(300) .. ("yz"):rep(50))))
-- substring windows at, before and beyond the ends, with indices of changing kind
local txt, w = "abcdefghij", 0
for i = 1, 3000 do
  local k = i % 15 - 2
  if i > 1500 then k = k + 0.0 end
  w = w + #txt:sub(k) + #txt:sub(k, k + 2) + (txt:byte(k) or 0)
end
print(w)
-- base64 both ways
local B = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local function enc(x)
  local out = {}
  for i = 1, #x, 3 do
    local a, b, d = x:byte(i, i + 2)
    local v = a << 16 | (b or 0) << 8 | (d or 0)
    local function ch(sh) local k = (v >> sh & 63) + 1 return B:sub(k, k) end
    out[#out + 1] = ch(18) .. ch(12) .. (b and ch(6) or "=") .. (d and ch(0) or "=")
  end
  return table.concat(out)
end
local inv = {}
for i = 1, 64 do inv[B:byte(i)] = i - 1 end
local function dec(x)
  return (x:gsub("....", function(q)
    local v, pad = 0, 0
    for i = 1, 4 do
      local b = q:byte(i)
      if b == 61 then pad = pad + 1 end
      v = v << 6 | (inv[b] or 0)
    end
    return string.char(v >> 16 & 255, v >> 8 & 255, v & 255):sub(1, 3 - pad)
  end))
end
print(enc "Man", enc "Ma", enc "M", enc "", dec(enc "any carnal pleas"), dec(enc(("\0\255\128"):rep(100))) == ("\0\255\128"):rep(100))
