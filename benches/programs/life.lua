-- Conway's game of life on a torus: integer arrays of arrays with wrapped neighbours, and lines drawn as strings.

local function grid(width, height)
  local rows = {}
  for y = 1, height do
    local row = {}
    for x = 1, width do
      row[x] = 0
    end
    rows[y] = row
  end
  return rows
end

local function put(cells, shape, left, top)
  local y = top
  for line in shape:gmatch("[^\n]+") do
    for x = 1, #line do
      cells[y][left + x] = line:sub(x, x) == "O" and 1 or 0
    end
    y = y + 1
  end
end

local function step(from, to, width, height)
  local alive = 0
  local above, row = from[height], from[1]
  for y = 1, height do
    local below = from[y % height + 1]
    local out = to[y]
    local a, b, c = above[width] + row[width] + below[width], above[1] + row[1] + below[1], 0
    for x = 1, width do
      local right = x % width + 1
      c = above[right] + row[right] + below[right]
      local sum = a + b + c
      if sum == 3 or (sum == 4 and row[x] == 1) then
        out[x] = 1
        alive = alive + 1
      else
        out[x] = 0
      end
      a, b = b, c
    end
    above, row = row, below
  end
  return alive
end

local function draw(cells, width, height)
  local lines = {}
  for y = 1, height do
    local row, line = cells[y], {}
    for x = 1, width do
      line[x] = row[x] == 1 and "O" or "-"
    end
    lines[y] = table.concat(line)
  end
  return table.concat(lines, "\n")
end

local rounds = tonumber(arg and arg[1]) or 10
local width, height = 72, 48
local cells, other = grid(width, height), grid(width, height)
put(cells, "-O-\n--O\nOOO\n", 2, 2)
put(cells, "-OO\nOO-\n-O-\n", 36, 24)
put(cells, "-O--O\nO----\nO---O\nOOOO-\n", 10, 36)
local alive, total, drawn = 0, 0, 0
for round = 1, rounds * 10 do
  alive = step(cells, other, width, height)
  cells, other = other, cells
  total = total + alive
  if round % 10 == 0 then
    local picture = draw(cells, width, height)
    local _, count = picture:gsub("O", "")
    assert(count == alive)
    drawn = drawn + #picture
  end
end
print(string.format("life %d %d %d", alive, total, drawn))
