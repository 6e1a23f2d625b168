-- Building strings: pieces joined by `..`, numbers turned into text, table.concat over many pieces.

local function label(i)
  return "item-" .. i .. "/" .. (i % 13) .. ";"
end

local function checksum(text)
  local sum = #text
  for i = 1, #text, 97 do
    sum = (sum * 31 + text:byte(i)) % 1000003
  end
  return sum
end

local function joined(count)
  local parts = {}
  for i = 1, count do
    parts[#parts + 1] = label(i)
  end
  return table.concat(parts, ",")
end

local function table_text(rows, columns)
  local lines = {}
  for r = 1, rows do
    local cells = {}
    for c = 1, columns do
      cells[c] = "<td>" .. r * c .. "</td>"
    end
    lines[r] = "<tr>" .. table.concat(cells) .. "</tr>"
  end
  return table.concat(lines, "\n")
end

local function keys(count)
  local seen, distinct = {}, 0
  for i = 1, count do
    local key = "k" .. (i * 7) % 4001
    if not seen[key] then
      seen[key] = true
      distinct = distinct + 1
    end
  end
  return distinct
end

local rounds = tonumber(arg and arg[1]) or 10
local sum = 0
for round = 1, rounds do
  sum = (sum + checksum(joined(60000 + round))) % 1000003
  sum = (sum + checksum(table_text(400, 50))) % 1000003
  sum = sum + keys(60000)
end
print(string.format("string_build %d", sum))
