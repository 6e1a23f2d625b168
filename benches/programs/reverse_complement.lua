-- Reverse complement: DNA sequences are reversed and every letter is replaced by its partner.

local PARTNERS = {}
do
  local from, to = "ACBDGHKMNSRUTWVYacbdghkmnsrutwvy", "TGVHCDMKNSYAAWBRTGVHCDMKNSYAAWBR"
  for i = 1, #from do
    PARTNERS[from:sub(i, i)] = to:sub(i, i)
  end
end

local seed = 17
local function random(limit)
  seed = (seed * 3877 + 29573) % 139968
  return math.floor(limit * seed / 139968)
end

local function make(lines)
  local letters = "ACGTacgtBDHKMNRSVWY"
  local list = {}
  for i = 1, lines do
    local line = {}
    for k = 1, 60 do
      local at = random(#letters) + 1
      line[k] = letters:sub(at, at)
    end
    list[i] = table.concat(line)
  end
  return list
end

-- With string functions over whole lines.
local function by_lines(lines)
  local text = table.concat(lines)
  text = text:reverse():gsub(".", PARTNERS)
  local out = {}
  for i = 1, #text, 60 do
    out[#out + 1] = text:sub(i, i + 59)
  end
  return out
end

-- Byte by byte.
local BYTES = {}
for from, to in pairs(PARTNERS) do
  BYTES[from:byte()] = to:byte()
end

local byte, char, concat = string.byte, string.char, table.concat

local function by_bytes(lines)
  local out = {}
  for i = #lines, 1, -1 do
    local line = lines[i]
    local codes = {}
    local n = #line
    for k = 1, n do
      codes[k] = char(BYTES[byte(line, n - k + 1)])
    end
    out[#out + 1] = concat(codes)
  end
  return out
end

local rounds = tonumber(arg and arg[1]) or 10
local lines = make(300)
local sum = 0
for _ = 1, rounds do
  local a, b = by_lines(lines), by_bytes(lines)
  assert(#a == #b and a[7] == b[7] and a[300] == b[300])
  lines = b
  for i = 1, #a do
    sum = (sum * 31 + a[i]:byte(i % 60 + 1)) % 1000003
  end
end
print(string.format("reverse_complement %d", sum))
