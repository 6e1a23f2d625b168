-- Collision detection between aircraft: a red-black tree of positions, a map of voxels for the first sieve, and
-- vector geometry for the second.

local function class()
  local c = {}
  c.__index = c
  return c
end

local Vector = class()

local function vector(x, y, z)
  return setmetatable({ x = x, y = y, z = z }, Vector)
end

function Vector:plus(o)
  return vector(self.x + o.x, self.y + o.y, self.z + o.z)
end

function Vector:minus(o)
  return vector(self.x - o.x, self.y - o.y, self.z - o.z)
end

function Vector:dot(o)
  return self.x * o.x + self.y * o.y + self.z * o.z
end

function Vector:square()
  return self:dot(self)
end

function Vector:times(a)
  return vector(self.x * a, self.y * a, self.z * a)
end

-- Red-black tree with parent links.
local Tree = class()

function Tree.new(compare)
  return setmetatable({ root = nil, compare = compare }, Tree)
end

function Tree:find(key)
  local node, compare = self.root, self.compare
  while node do
    local order = compare(key, node.key)
    if order == 0 then
      return node
    end
    node = order < 0 and node.left or order > 0 and node.right or nil
  end
  return nil
end

function Tree:get(key)
  local node = self:find(key)
  return node and node.value
end

local function rotate_left(tree, x)
  local y = x.right
  x.right = y.left
  if y.left then
    y.left.parent = x
  end
  y.parent = x.parent
  if not x.parent then
    tree.root = y
  elseif x == x.parent.left then
    x.parent.left = y
  else
    x.parent.right = y
  end
  y.left = x
  x.parent = y
end

local function rotate_right(tree, y)
  local x = y.left
  y.left = x.right
  if x.right then
    x.right.parent = y
  end
  x.parent = y.parent
  if not y.parent then
    tree.root = x
  elseif y == y.parent.left then
    y.parent.left = x
  else
    y.parent.right = x
  end
  x.right = y
  y.parent = x
end

-- Sets a key; gives the value it had before.
function Tree:put(key, value)
  local compare = self.compare
  local parent, node, order = nil, self.root, 0
  while node do
    parent = node
    order = compare(key, node.key)
    if order == 0 then
      local before = node.value
      node.value = value
      return before
    end
    if order < 0 then
      node = node.left
    else
      node = node.right
    end
  end
  local x = { key = key, value = value, parent = parent, left = nil, right = nil, red = true }
  if not parent then
    self.root = x
  elseif order < 0 then
    parent.left = x
  else
    parent.right = x
  end
  while x ~= self.root and x.parent.red do
    local up = x.parent.parent
    if x.parent == up.left then
      local uncle = up.right
      if uncle and uncle.red then
        x.parent.red = false
        uncle.red = false
        up.red = true
        x = up
      else
        if x == x.parent.right then
          x = x.parent
          rotate_left(self, x)
        end
        x.parent.red = false
        up.red = true
        rotate_right(self, up)
      end
    else
      local uncle = up.left
      if uncle and uncle.red then
        x.parent.red = false
        uncle.red = false
        up.red = true
        x = up
      else
        if x == x.parent.left then
          x = x.parent
          rotate_right(self, x)
        end
        x.parent.red = false
        up.red = true
        rotate_left(self, up)
      end
    end
  end
  self.root.red = false
  return nil
end

local function least(node)
  while node.left do
    node = node.left
  end
  return node
end

local function successor(node)
  if node.right then
    return least(node.right)
  end
  local up = node.parent
  while up and node == up.right do
    node, up = up, up.parent
  end
  return up
end

local function repair(tree, x, parent)
  while x ~= tree.root and not (x and x.red) do
    if x == parent.left then
      local w = parent.right
      if w.red then
        w.red = false
        parent.red = true
        rotate_left(tree, parent)
        w = parent.right
      end
      if not (w.left and w.left.red) and not (w.right and w.right.red) then
        w.red = true
        x = parent
        parent = x.parent
      else
        if not (w.right and w.right.red) then
          w.left.red = false
          w.red = true
          rotate_right(tree, w)
          w = parent.right
        end
        w.red = parent.red
        parent.red = false
        if w.right then
          w.right.red = false
        end
        rotate_left(tree, parent)
        x = tree.root
      end
    else
      local w = parent.left
      if w.red then
        w.red = false
        parent.red = true
        rotate_right(tree, parent)
        w = parent.left
      end
      if not (w.left and w.left.red) and not (w.right and w.right.red) then
        w.red = true
        x = parent
        parent = x.parent
      else
        if not (w.left and w.left.red) then
          w.right.red = false
          w.red = true
          rotate_left(tree, w)
          w = parent.left
        end
        w.red = parent.red
        parent.red = false
        if w.left then
          w.left.red = false
        end
        rotate_right(tree, parent)
        x = tree.root
      end
    end
  end
  if x then
    x.red = false
  end
end

function Tree:remove(key)
  local z = self:find(key)
  if not z then
    return nil
  end
  local y = z
  if z.left and z.right then
    y = successor(z)
  end
  local x = y.left or y.right
  local parent = y.parent
  if x then
    x.parent = parent
  end
  if not parent then
    self.root = x
  elseif y == parent.left then
    parent.left = x
  else
    parent.right = x
  end
  local value = z.value
  if y ~= z then
    if not y.red then
      repair(self, x, parent)
    end
    y.parent, y.left, y.right, y.red = z.parent, z.left, z.right, z.red
    if z.left then
      z.left.parent = y
    end
    if z.right then
      z.right.parent = y
    end
    if not z.parent then
      self.root = y
    elseif z.parent.left == z then
      z.parent.left = y
    else
      z.parent.right = y
    end
  elseif not y.red then
    repair(self, x, parent)
  end
  return value
end

function Tree:each(visit)
  local node = self.root and least(self.root)
  while node do
    visit(node.key, node.value)
    node = successor(node)
  end
end

local MIN_X, MIN_Y, MAX_X, MAX_Y = 0, 0, 1000, 1000
local GOOD_VOXEL, RADIUS = 2.0, 1.0

local function by_call_sign(a, b)
  return a - b
end

local function by_voxel(a, b)
  if a.x ~= b.x then
    return a.x < b.x and -1 or 1
  end
  if a.y ~= b.y then
    return a.y < b.y and -1 or 1
  end
  return 0
end

local function voxel_of(position)
  local x_div = position.x / GOOD_VOXEL
  local y_div = position.y / GOOD_VOXEL
  local x = GOOD_VOXEL * (x_div < 0 and math.ceil(x_div) or math.floor(x_div))
  local y = GOOD_VOXEL * (y_div < 0 and math.ceil(y_div) or math.floor(y_div))
  if position.x < 0 then
    x = x - GOOD_VOXEL
  end
  if position.y < 0 then
    y = y - GOOD_VOXEL
  end
  return { x = x, y = y }
end

local function overlaps(low, origin, extent)
  local low_v = (low - RADIUS - origin) / extent
  local high_v = (GOOD_VOXEL + RADIUS + low - origin) / extent
  if extent < 0 then
    low_v, high_v = high_v, low_v
  end
  return low_v, high_v
end

-- Whether a motion touches a voxel.
local function is_in_voxel(voxel, motion)
  if voxel.x > MAX_X or voxel.x < MIN_X or voxel.y > MAX_Y or voxel.y < MIN_Y then
    return false
  end
  local from, to = motion.one, motion.two
  local dx, dy = to.x - from.x, to.y - from.y
  local low_x, high_x, low_y, high_y = 0, 1, 0, 1
  local in_x, in_y
  if dx ~= 0 then
    low_x, high_x = overlaps(voxel.x, from.x, dx)
    in_x = (low_x <= 1 and 1 <= high_x) or (low_x <= 0 and 0 <= high_x) or (0 <= low_x and high_x <= 1)
  else
    in_x = from.x <= voxel.x + GOOD_VOXEL + RADIUS and voxel.x - RADIUS <= from.x
  end
  if dy ~= 0 then
    low_y, high_y = overlaps(voxel.y, from.y, dy)
    in_y = (low_y <= 1 and 1 <= high_y) or (low_y <= 0 and 0 <= high_y) or (0 <= low_y and high_y <= 1)
  else
    in_y = from.y <= voxel.y + GOOD_VOXEL + RADIUS and voxel.y - RADIUS <= from.y
  end
  if not in_x or not in_y then
    return false
  end
  return dx == 0 or dy == 0 or (low_y <= high_x and high_x <= high_y) or (low_y <= low_x and low_x <= high_y)
    or (low_x <= low_y and high_y <= high_x)
end

local function put_into_map(map, voxel, motion)
  local list = map:get(voxel)
  if not list then
    list = {}
    map:put(voxel, list)
  end
  list[#list + 1] = motion
end

local NEIGHBOURS = { { -1, 0 }, { 1, 0 }, { 0, -1 }, { 0, 1 }, { -1, -1 }, { -1, 1 }, { 1, -1 }, { 1, 1 } }

local function spread(map, seen, voxel, motion)
  if not is_in_voxel(voxel, motion) or seen:put(voxel, true) then
    return
  end
  put_into_map(map, voxel, motion)
  for i = 1, 8 do
    local step = NEIGHBOURS[i]
    spread(map, seen, { x = voxel.x + step[1] * GOOD_VOXEL, y = voxel.y + step[2] * GOOD_VOXEL }, motion)
  end
end

-- Lists of motions which share a voxel.
local function candidates(motions)
  local map = Tree.new(by_voxel)
  for i = 1, #motions do
    local motion = motions[i]
    spread(map, Tree.new(by_voxel), voxel_of(motion.one), motion)
  end
  local lists = {}
  map:each(function(_, list)
    if #list > 1 then
      lists[#lists + 1] = list
    end
  end)
  return lists
end

-- Where two motions come nearer than twice the radius, if they do.
local function meeting(a, b)
  local start1, start2 = a.one, b.one
  local v1, v2 = a.two:minus(start1), b.two:minus(start2)
  local relative = v2:minus(v1)
  local square = relative:square()
  local apart = start2:minus(start1)
  if square ~= 0 then
    local dist = apart:square()
    local half = -apart:dot(relative)
    local discriminant = half * half - square * (dist - RADIUS * RADIUS)
    if discriminant < 0 then
      return nil
    end
    local root = math.sqrt(discriminant)
    local t1, t2 = (half - root) / square, (half + root) / square
    if t1 <= t2 and ((t1 <= 1 and 1 <= t2) or (t1 <= 0 and 0 <= t2) or (0 <= t1 and t2 <= 1)) then
      local time = t1 <= 0 and 0 or t1
      local p1, p2 = start1:plus(v1:times(time)), start2:plus(v2:times(time))
      local place = p1:plus(p2):times(0.5)
      if place.x >= MIN_X and place.x <= MAX_X and place.y >= MIN_Y and place.y <= MAX_Y then
        return place
      end
    end
    return nil
  end
  if apart:square() <= RADIUS * RADIUS then
    return start1:plus(start2):times(0.5)
  end
  return nil
end

local Detector = class()

function Detector.new()
  return setmetatable({ state = Tree.new(by_call_sign) }, Detector)
end

function Detector:frame(aircraft)
  local motions, seen = {}, Tree.new(by_call_sign)
  for i = 1, #aircraft do
    local plane = aircraft[i]
    local before = self.state:put(plane.sign, plane.position)
    seen:put(plane.sign, true)
    motions[i] = { sign = plane.sign, one = before or plane.position, two = plane.position }
  end
  local gone = {}
  self.state:each(function(sign)
    if not seen:get(sign) then
      gone[#gone + 1] = sign
    end
  end)
  for i = 1, #gone do
    self.state:remove(gone[i])
  end
  local found = {}
  for _, list in ipairs(candidates(motions)) do
    for i = 1, #list do
      for j = i + 1, #list do
        local place = meeting(list[i], list[j])
        if place then
          found[#found + 1] = { list[i].sign, list[j].sign, place }
        end
      end
    end
  end
  return found
end

-- Aircraft fly along a sine; every tenth frame the last pair is missing, so that the tree also shrinks.
local function aircraft_at(count, time)
  local planes = {}
  local last = time * 10 % 10 < 1 and count - 2 or count
  for i = 0, last - 1, 2 do
    planes[#planes + 1] = { sign = i, position = vector(time, math.cos(time) * 2 + i * 3, 10) }
    planes[#planes + 1] = { sign = i + 1, position = vector(time, math.sin(time) * 2 + i * 3, 10) }
  end
  return planes
end

local rounds = tonumber(arg and arg[1]) or 10
local detector = Detector.new()
local collisions, sum = 0, 0.0
for frame = 0, rounds - 1 do
  local found = detector:frame(aircraft_at(100, frame % 200 / 10))
  collisions = collisions + #found
  for i = 1, #found do
    sum = sum + found[i][3].x + found[i][3].y
  end
end
print(string.format("cd %d %.6f", collisions, sum))
