-- Bitwise operators: shifts of every width, signs, conversions, metamethod-free arithmetic, algorithms.
local maxi, mini = math.maxinteger, math.mininteger
print(5 & 3, 5 | 3, 5 ~ 3, ~5, ~0, ~-1, -1 & 0xff, mini | maxi, mini ~ maxi, maxi & mini)
for _, n in ipairs { 0, 1, 31, 32, 62, 63, 64, 65, 100, -1, -31, -63, -64, -65, maxi, mini } do
  print(n, 1 << n, -1 << n, 1 >> n, -1 >> n, mini >> n, maxi << n)
end
-- with shift amounts and operands the compiler cannot see
local function shl(a, n) return a << n end
local function shr(a, n) return a >> n end
for _, n in ipairs { 0, 1, 63, 64, -1, -63, -64, mini } do
  assert(shl(1, n) == load(("return 1 << %s"):format(n == mini and "math.mininteger" or n))())
  assert(shr(-1, n) == load(("return -1 >> %s"):format(n == mini and "math.mininteger" or n))())
end
print(shl(3, 2.0), shr(2.0 ^ 40, 38), 2.0 | 1, 0xff & 255.0, ~0.0, 2.0 ^ 53 | 0)
for _, bad in ipairs { "1.5 | 0", "2.0^63 | 0", "0/0 | 0", "1/0 & 1", "1 << 0.5", "~2.5", "-2.0^63 | 0" } do print(bad, pcall(load("return " .. bad))) end
print(pcall(function() return nil & 1 end), pcall(function() return {} << 1 end), pcall(function() return "a" ~ 1 end))
-- identities over a spread of values
local vals = { 0, 1, -1, 2, -2, 0x5555555555555555, mini, maxi, 123456789, -987654321, 1 << 40, 0xff00ff00ff00ff00 }
local bad = 0
for _, x in ipairs(vals) do
  for _, y in ipairs(vals) do
    if (x ~ y) ~= (x | y) - (x & y) then bad = bad + 1 end
    if (x ~ y) ~= ((x | y) & ~(x & y)) then bad = bad + 1 end
    if x + y ~= (x ~ y) + ((x & y) << 1) then bad = bad + 1 end
    if ~x ~= -x - 1 then bad = bad + 1 end
    if (x << 7) ~= x * 128 then bad = bad + 1 end
    if ((x >> 3) << 3) ~= (x & ~7) then bad = bad + 1 end
  end
end
print("bad", bad)

local function popcount(x) local n = 0 while x ~= 0 do x = x & (x - 1) n = n + 1 end return n end
print(popcount(0), popcount(-1), popcount(0xff00), popcount(mini), popcount(0x5555555555555555))
local function rotl(x, n) n = n & 63 return x << n | x >> (64 - n) end
print(rotl(1, 1), rotl(1, 64), rotl(mini, 1), ("%x"):format(rotl(0x123456789abcdef0, 8)))
local function bits(x, n) local t = {} for i = n - 1, 0, -1 do t[#t + 1] = x >> i & 1 end return table.concat(t) end
print(bits(0xA5, 8), bits(-2, 8), bits(1 << 9, 12))
local function reverse32(x)
  x = (x >> 1 & 0x55555555) | (x & 0x55555555) << 1
  x = (x >> 2 & 0x33333333) | (x & 0x33333333) << 2
  x = (x >> 4 & 0x0f0f0f0f) | (x & 0x0f0f0f0f) << 4
  x = (x >> 8 & 0x00ff00ff) | (x & 0x00ff00ff) << 8
  return (x >> 16 | x << 16) & 0xffffffff
end
print(("%08x %08x"):format(reverse32(1), reverse32(0x12345678)))
-- gray code, parity, sign extension, arithmetic shift
for i = 0, 5 do io.write(i ~ i >> 1, " ") end
local function asr(x, n) return x < 0 and ~(~x >> n) or x >> n end
local function sext8(x) return (x & 0xff ~ 0x80) - 0x80 end
print(asr(-16, 2), asr(16, 2), asr(-1, 63), sext8(0xff), sext8(0x7f))

-- CRC-32, Adler-32, FNV, xorshift, MurmurHash finaliser
local crct = {}
for i = 0, 255 do
  local c = i
  for _ = 1, 8 do c = (c & 1) ~= 0 and 0xEDB88320 ~ c >> 1 or c >> 1 end
  crct[i] = c
end
local function crc(str)
  local c = 0xffffffff
  for i = 1, #str do c = crct[(c ~ str:byte(i)) & 0xff] ~ c >> 8 end
  return c ~ 0xffffffff
end
print(("%08x %08x %08x"):format(crc "", crc "123456789", crc(("x"):rep(1000))))
local function adler(str)
  local a, b = 1, 0
  for i = 1, #str do a = (a + str:byte(i)) % 65521 b = (b + a) % 65521 end
  return b << 16 | a
end
print(("%08x"):format(adler "Wikipedia"))
local x = 88172645463325252
for _ = 1, 1000 do x = x ~ x << 13 x = x ~ x >> 7 x = x ~ x << 17 end
print(x)
local function fmix(k)
  k = (k ~ k >> 33) * 0xff51afd7ed558ccd
  k = (k ~ k >> 33) * 0xc4ceb9fe1a85ec53
  return k ~ k >> 33
end
print(fmix(1), fmix(-1), fmix(0))
-- a bit set and a sieve on it
local words = {}
for i = 0, 63 do words[i] = -1 end
local n = 64 * 64
for p = 2, 64 do
  if words[p >> 6] >> (p & 63) & 1 == 1 then
    for m = p * p, n - 1, p do words[m >> 6] = words[m >> 6] & ~(1 << (m & 63)) end
  end
end
local primes = -2
for i = 0, 63 do primes = primes + popcount(words[i]) end
print(primes)
-- hot: operand kinds change from integers to integral floats
local h = 0
local function mix(a, b) return (a ~ b << 3) & 0xffffffffffff end
for i = 1, 6000 do
  local v = i
  if i > 3000 then v = i + 0.0 end
  h = mix(h, v) + (i & 7)
end
print(h)
print(pcall(function() for i = 1, 200 do local w = i if i == 150 then w = i + 0.5 end h = mix(h, w) end end))
