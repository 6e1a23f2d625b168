-- Method calls through metatables: a small class hierarchy with overriding, calls of the base class and fields
-- which change with every call.

local Shape = {}
Shape.__index = Shape

function Shape.new(x, y)
  return setmetatable({ x = x, y = y, moved = 0 }, Shape)
end

function Shape:move(dx, dy)
  self.x = self.x + dx
  self.y = self.y + dy
  self.moved = self.moved + 1
end

function Shape:area()
  return 0
end

function Shape:weight()
  return self:area() + self.moved % 2
end

local Square = setmetatable({}, { __index = Shape })
Square.__index = Square

function Square.new(x, y, side)
  local self = Shape.new(x, y)
  self.side = side
  return setmetatable(self, Square)
end

function Square:area()
  return self.side * self.side
end

local Box = setmetatable({}, { __index = Square })
Box.__index = Box

function Box.new(x, y, side, height)
  local self = Square.new(x, y, side)
  self.height = height
  return setmetatable(self, Box)
end

function Box:area()
  return Square.area(self) * 2 + 4 * self.side * self.height
end

function Box:move(dx, dy)
  Shape.move(self, dx, dy)
  self.height = self.height % 9 + 1
end

local Toggle = {}
Toggle.__index = Toggle

function Toggle.new(state)
  return setmetatable({ state = state }, Toggle)
end

function Toggle:value()
  return self.state
end

function Toggle:activate()
  self.state = not self.state
  return self
end

local rounds = tonumber(arg and arg[1]) or 10
local shapes = {}
for i = 1, 30 do
  if i % 3 == 0 then
    shapes[i] = Shape.new(i, -i)
  elseif i % 3 == 1 then
    shapes[i] = Square.new(i, i, i % 7 + 1)
  else
    shapes[i] = Box.new(-i, i, i % 5 + 1, i % 4 + 1)
  end
end

local total, on = 0, 0
local toggle = Toggle.new(true)
for round = 1, rounds do
  for step = 1, 7000 do
    for i = 1, #shapes do
      local shape = shapes[i]
      shape:move(step % 3 - 1, 1)
      total = total + shape:weight()
    end
    for _ = 1, 10 do
      if toggle:activate():value() then
        on = on + 1
      end
    end
  end
end
print(string.format("method_calls %d %d %d", total, on, shapes[8].x))
