-- The towers of Hanoi with discs in linked lists.

local Towers = {}
Towers.__index = Towers

function Towers.new()
  return setmetatable({ piles = { false, false, false }, moves = 0 }, Towers)
end

function Towers:push(disc, pile)
  local top = self.piles[pile]
  if top and disc.size >= top.size then
    error("a big disc cannot lie on a smaller one")
  end
  disc.below = top
  self.piles[pile] = disc
end

function Towers:pop(pile)
  local top = self.piles[pile]
  if not top then
    error("an empty pile has no top")
  end
  self.piles[pile] = top.below
  top.below = false
  return top
end

function Towers:move_top(from, to)
  self:push(self:pop(from), to)
  self.moves = self.moves + 1
end

function Towers:move(discs, from, to)
  if discs == 1 then
    self:move_top(from, to)
    return
  end
  local other = 6 - from - to
  self:move(discs - 1, from, other)
  self:move_top(from, to)
  self:move(discs - 1, other, to)
end

local rounds = tonumber(arg and arg[1]) or 10
local moves = 0
for _ = 1, rounds do
  for _ = 1, 10 do
    local towers = Towers.new()
    for size = 13, 1, -1 do
      towers:push({ size = size, below = false }, 1)
    end
    towers:move(13, 1, 2)
    moves = towers.moves
  end
end
print(string.format("towers %d", moves))
