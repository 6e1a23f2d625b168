-- All permutations of six elements by exchanges, counted.

local Permuter = {}
Permuter.__index = Permuter

function Permuter.new(size)
  local list = {}
  for i = 1, size do
    list[i] = i - 1
  end
  return setmetatable({ count = 0, list = list }, Permuter)
end

function Permuter:swap(i, j)
  local list = self.list
  list[i], list[j] = list[j], list[i]
end

function Permuter:permute(n)
  self.count = self.count + 1
  if n ~= 0 then
    self:permute(n - 1)
    for i = n, 1, -1 do
      self:swap(n, i)
      self:permute(n - 1)
      self:swap(n, i)
    end
  end
end

local rounds = tonumber(arg and arg[1]) or 10
local count = 0
for _ = 1, rounds do
  for _ = 1, 40 do
    local permuter = Permuter.new(6)
    permuter:permute(6)
    count = permuter.count
  end
end
print(string.format("permute %d", count))
