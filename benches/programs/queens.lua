-- Eight queens by backtracking over arrays of free rows and diagonals.

local Board = {}
Board.__index = Board

local function filled(size, value)
  local list = {}
  for i = 1, size do
    list[i] = value
  end
  return list
end

function Board.new()
  return setmetatable({
    rows = filled(8, true),
    rising = filled(16, true),
    falling = filled(16, true),
    queens = filled(8, 0),
  }, Board)
end

function Board:is_free(r, c)
  return self.rows[r] and self.rising[c + r - 1] and self.falling[c - r + 8]
end

function Board:set(r, c, value)
  self.rows[r] = value
  self.rising[c + r - 1] = value
  self.falling[c - r + 8] = value
end

function Board:place(c)
  for r = 1, 8 do
    if self:is_free(r, c) then
      self.queens[r] = c
      self:set(r, c, false)
      if c == 8 or self:place(c + 1) then
        return true
      end
      self:set(r, c, true)
    end
  end
  return false
end

-- The number of all solutions, which takes the whole tree.
function Board:count(c)
  if c > 8 then
    return 1
  end
  local found = 0
  for r = 1, 8 do
    if self:is_free(r, c) then
      self:set(r, c, false)
      found = found + self:count(c + 1)
      self:set(r, c, true)
    end
  end
  return found
end

local rounds = tonumber(arg and arg[1]) or 10
local solutions, corner = 0, 0
for _ = 1, rounds do
  for _ = 1, 10 do
    local board = Board.new()
    assert(board:place(1))
    corner = corner + board.queens[1]
  end
  solutions = solutions + Board.new():count(1)
end
print(string.format("queens %d %d", solutions / rounds, corner / rounds))
