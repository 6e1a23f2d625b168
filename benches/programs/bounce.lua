-- A hundred balls bounce in a box: small objects whose integer fields change with every step.

local Random = {}
Random.__index = Random

function Random.new()
  return setmetatable({ seed = 74755 }, Random)
end

function Random:next()
  self.seed = (self.seed * 1309 + 13849) % 65536
  return self.seed
end

local Ball = {}
Ball.__index = Ball

function Ball.new(random)
  return setmetatable({
    x = random:next() % 500,
    y = random:next() % 500,
    vx = random:next() % 300 - 150,
    vy = random:next() % 300 - 150,
  }, Ball)
end

-- Moves by one step; says whether a wall was hit.
function Ball:bounce()
  local limit_x, limit_y = 500, 500
  local bounced = false
  self.x = self.x + self.vx
  self.y = self.y + self.vy
  if self.x > limit_x then
    self.x = limit_x
    self.vx = -math.abs(self.vx)
    bounced = true
  end
  if self.x < 0 then
    self.x = 0
    self.vx = math.abs(self.vx)
    bounced = true
  end
  if self.y > limit_y then
    self.y = limit_y
    self.vy = -math.abs(self.vy)
    bounced = true
  end
  if self.y < 0 then
    self.y = 0
    self.vy = math.abs(self.vy)
    bounced = true
  end
  return bounced
end

local function run()
  local random = Random.new()
  local balls, bounces = {}, 0
  for i = 1, 100 do
    balls[i] = Ball.new(random)
  end
  for _ = 1, 50 do
    for _, ball in ipairs(balls) do
      if ball:bounce() then
        bounces = bounces + 1
      end
    end
  end
  return bounces
end

local rounds = tonumber(arg and arg[1]) or 10
local bounces = 0
for _ = 1, rounds * 20 do
  bounces = run()
end
print(string.format("bounce %d", bounces))
