-- A ray tracer: spheres over a checkered floor with shadows and reflections; many small vectors.

local sqrt, floor, huge = math.sqrt, math.floor, math.huge

local Vec = {}
Vec.__index = Vec

local function vec(x, y, z)
  return setmetatable({ x = x, y = y, z = z }, Vec)
end

function Vec.__add(a, b)
  return vec(a.x + b.x, a.y + b.y, a.z + b.z)
end

function Vec.__sub(a, b)
  return vec(a.x - b.x, a.y - b.y, a.z - b.z)
end

function Vec.__mul(a, s)
  return vec(a.x * s, a.y * s, a.z * s)
end

function Vec:dot(o)
  return self.x * o.x + self.y * o.y + self.z * o.z
end

function Vec:unit()
  return self * (1 / sqrt(self:dot(self)))
end

local Sphere = {}
Sphere.__index = Sphere

function Sphere.new(centre, radius, colour, mirror)
  return setmetatable({ centre = centre, square = radius * radius, colour = colour, mirror = mirror }, Sphere)
end

function Sphere:hit(origin, direction)
  local to = self.centre - origin
  local along = to:dot(direction)
  local rest = self.square - to:dot(to) + along * along
  if rest < 0 then
    return nil
  end
  local root = sqrt(rest)
  local t = along - root
  if t > 1e-4 then
    return t
  end
  t = along + root
  if t > 1e-4 then
    return t
  end
  return nil
end

function Sphere:normal(point)
  return (point - self.centre):unit()
end

function Sphere:colour_at()
  return self.colour
end

local Floor = {}
Floor.__index = Floor

function Floor.new(height, light, dark)
  return setmetatable({ height = height, light = light, dark = dark, mirror = 0.15 }, Floor)
end

function Floor:hit(origin, direction)
  if direction.y > -1e-6 then
    return nil
  end
  local t = (self.height - origin.y) / direction.y
  if t > 1e-4 then
    return t
  end
  return nil
end

local UP = vec(0, 1, 0)

function Floor:normal()
  return UP
end

function Floor:colour_at(point)
  if (floor(point.x) + floor(point.z)) % 2 == 0 then
    return self.light
  end
  return self.dark
end

local objects = { Floor.new(-1, vec(0.9, 0.9, 0.9), vec(0.1, 0.2, 0.1)) }
for i = 0, 5 do
  local colour = vec(0.2 + i * 0.12, 0.9 - i * 0.12, 0.5)
  objects[#objects + 1] = Sphere.new(vec(i * 1.4 - 3.5, i % 2 * 0.8 - 0.3, 4 + i % 3), 0.7, colour, i % 3 * 0.25)
end
local LIGHT = vec(-4, 6, -3)
local SKY = vec(0.3, 0.5, 0.8)

local function nearest(origin, direction)
  local best, object = huge, nil
  for i = 1, #objects do
    local t = objects[i]:hit(origin, direction)
    if t and t < best then
      best, object = t, objects[i]
    end
  end
  return object, best
end

local function trace(origin, direction, depth)
  local object, t = nearest(origin, direction)
  if not object then
    return SKY * (0.5 + 0.5 * direction.y)
  end
  local point = origin + direction * t
  local normal = object:normal(point)
  local to_light = LIGHT - point
  local distance = sqrt(to_light:dot(to_light))
  to_light = to_light * (1 / distance)
  local bright = 0.1
  local blocker, where = nearest(point, to_light)
  if not blocker or where > distance then
    local facing = normal:dot(to_light)
    if facing > 0 then
      bright = bright + 0.9 * facing
    end
  end
  local colour = object:colour_at(point) * bright
  if depth > 0 and object.mirror > 0 then
    local mirrored = direction - normal * (2 * normal:dot(direction))
    colour = colour * (1 - object.mirror) + trace(point, mirrored, depth - 1) * object.mirror
  end
  return colour
end

local rounds = tonumber(arg and arg[1]) or 10
local width, height = 48, 36
local sum = 0
for round = 1, rounds do
  local eye = vec(round % 5 * 0.1, 0.5, -3)
  for y = 0, height - 1 do
    for x = 0, width - 1 do
      local direction = vec((x - width / 2) / width, (height / 2 - y) / width, 1):unit()
      local colour = trace(eye, direction, 3)
      sum = sum + colour.x + colour.y * 2 + colour.z * 3
    end
  end
end
print(string.format("ray %.6f", sum))
