-- Hashing with 64-bit integers: FNV-1a over bytes, a generator of random numbers by shifts and rotations, a mixer, a
-- hash table with 64-bit hashes kept in tables, and division by multiplication.

local function fnv1a(text)
  local h = 0xcbf29ce484222325
  for i = 1, #text do
    h = (h ~ text:byte(i)) * 0x100000001b3
  end
  return h
end

local function mix(h)
  h = h ~ (h >> 30)
  h = h * 0xbf58476d1ce4e5b9
  h = h ~ (h >> 27)
  h = h * 0x94d049bb133111eb
  return h ~ (h >> 31)
end

local function rotate(x, k)
  return (x << k) | (x >> (64 - k))
end

local function generator(seed)
  local a, b, c, d = mix(seed), mix(seed + 1), mix(seed + 2), mix(seed + 3)
  return function()
    local result = rotate(b * 5, 7) * 9
    local t = b << 17
    c = c ~ a
    d = d ~ b
    b = b ~ c
    a = a ~ d
    c = c ~ t
    d = rotate(d, 45)
    return result
  end
end

local function adler(text)
  local a, b = 1, 0
  for i = 1, #text do
    a = (a + text:byte(i)) % 65521
    b = (b + a) % 65521
  end
  return b << 16 | a
end

-- Open addressing with linear probing; keys and values are integers of all sizes.
local function fill(count, random)
  local mask = 4095
  local keys, values = {}, {}
  for i = 1, mask + 1 do
    keys[i], values[i] = 0, 0
  end
  local probes = 0
  for i = 1, count do
    local key = random()
    local at = mix(key) & mask
    while keys[at + 1] ~= 0 and keys[at + 1] ~= key do
      at = (at + 1) & mask
      probes = probes + 1
    end
    keys[at + 1] = key
    values[at + 1] = key ~ i
  end
  local all = 0
  for i = 1, mask + 1 do
    all = all ~ values[i]
  end
  return all, probes
end

local rounds = tonumber(arg and arg[1]) or 10
local text = ("the quick brown fox jumps over the lazy dog; "):rep(40)
local all, count = 0, 0
for round = 1, rounds do
  all = all ~ fnv1a(text) ~ adler(text) ~ round
  local random = generator(round)
  for _ = 1, 3000 do
    all = all ~ random()
  end
  for i = 1, 2000 do
    all = mix(all + i // 3)
  end
  local value, probes = fill(2500, random)
  all = all ~ value
  count = count + probes
end
print(string.format("hash64 %016x %d", all, count))
