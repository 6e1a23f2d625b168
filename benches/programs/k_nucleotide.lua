-- K-nucleotide: counts of all substrings of several lengths in a DNA sequence, through tables keyed by strings.

local seed = 42
local function random(limit)
  seed = (seed * 3877 + 29573) % 139968
  return math.floor(limit * seed / 139968)
end

local function sequence(length)
  local parts = {}
  local letters = { "A", "C", "G", "T", "A", "T", "A" }
  for i = 1, length do
    parts[i] = letters[random(7) + 1]
  end
  return table.concat(parts)
end

local function count(text, width)
  local counts = {}
  for i = 1, #text - width + 1 do
    local piece = text:sub(i, i + width - 1)
    counts[piece] = (counts[piece] or 0) + 1
  end
  return counts
end

local function ranking(text, width)
  local counts = count(text, width)
  local list = {}
  for piece, n in pairs(counts) do
    list[#list + 1] = { piece, n }
  end
  table.sort(list, function(a, b)
    if a[2] ~= b[2] then
      return a[2] > b[2]
    end
    return a[1] < b[1]
  end)
  local total = #text - width + 1
  local out = {}
  for i = 1, math.min(#list, 4) do
    out[i] = string.format("%s %.3f", list[i][1], list[i][2] * 100 / total)
  end
  return table.concat(out, " ")
end

local rounds = tonumber(arg and arg[1]) or 10
local text = sequence(20000)
local lines = {}
for _ = 1, rounds do
  lines[1] = ranking(text, 1)
  lines[2] = ranking(text, 2)
  for i, piece in ipairs({ "GGT", "GGTA", "GGTATT", "GGTATTTTAATT", "ATTA" }) do
    lines[i + 2] = string.format("%d %s", count(text, #piece)[piece] or 0, piece)
  end
end
print(table.concat(lines, "\n"))
