-- FASTA: random DNA sequences from cumulative probabilities, written in lines of sixty.

local IM, IA, IC = 139968, 3877, 29573
local last = 42

local function random(max)
  last = (last * IA + IC) % IM
  return max * last / IM
end

local HUMAN = {
  { "a", 0.3029549426680 }, { "c", 0.1979883004921 }, { "g", 0.1975473066391 }, { "t", 0.3015094502008 },
}
local MIXED = {
  { "a", 0.27 }, { "c", 0.12 }, { "g", 0.12 }, { "t", 0.27 }, { "B", 0.02 }, { "D", 0.02 }, { "H", 0.02 },
  { "K", 0.02 }, { "M", 0.02 }, { "N", 0.02 }, { "R", 0.02 }, { "S", 0.02 }, { "V", 0.02 }, { "W", 0.02 },
  { "Y", 0.02 },
}
local ALU = table.concat({
  "GGCCGGGCGCGGTGGCTCACGCCTGTAATCCCAGCACTTTGG", "GAGGCCGAGGCGGGCGGATCACCTGAGGTCAGGAGTTCGAGA",
  "CCAGCCTGGCCAACATGGTGAAACCCCGTCTCTACTAAAAAT", "ACAAAAATTAGCCGGGCGTGGTGGCGCGCGCCTGTAATCCCA",
})

local function cumulative(table_of_codes)
  local sum = 0
  local codes, limits = {}, {}
  for i, pair in ipairs(table_of_codes) do
    sum = sum + pair[2]
    codes[i], limits[i] = pair[1]:byte(), sum
  end
  limits[#limits] = 1
  return codes, limits
end

local checksum, bytes = 0, 0

local function write(line)
  bytes = bytes + #line + 1
  checksum = (checksum * 31 + line:byte(1) + line:byte(-1) * 7 + #line) % 1000003
end

local function repeated(text, count)
  local doubled = text .. text
  local position, length = 0, #text
  while count > 0 do
    local width = math.min(60, count)
    write(doubled:sub(position + 1, position + width))
    position = (position + width) % length
    count = count - width
  end
end

local char, unpack = string.char, table.unpack or unpack

local function random_sequence(codes, limits, count)
  local line = {}
  while count > 0 do
    local width = math.min(60, count)
    for i = 1, width do
      local r = random(1.0)
      local k = 1
      while limits[k] < r do
        k = k + 1
      end
      line[i] = codes[k]
    end
    write(char(unpack(line, 1, width)))
    count = count - width
  end
end

local rounds = tonumber(arg and arg[1]) or 10
local mixed_codes, mixed_limits = cumulative(MIXED)
local human_codes, human_limits = cumulative(HUMAN)
for _ = 1, rounds do
  repeated(ALU, 20000)
  random_sequence(mixed_codes, mixed_limits, 30000)
  random_sequence(human_codes, human_limits, 50000)
end
print(string.format("fasta %d %d", bytes, checksum))
