-- DeltaBlue: an incremental solver of one-way constraints with strengths. A change of one variable is planned once
-- and then carried out along the plan; many small objects of several classes with the same methods.

-- Strengths: 1 is the strongest. Numbers 2 and 6 are unused ones of the full scale.
local REQUIRED, PREFERRED, STRONG_DEFAULT, NORMAL, WEAKEST = 1, 3, 4, 5, 7

local function class(base)
  local c = setmetatable({}, { __index = base })
  c.__index = c
  return c
end

local function stronger(a, b)
  return a < b
end

local function weaker(a, b)
  return a > b
end

local Variable = class()

function Variable.new(name, value)
  return setmetatable({
    name = name,
    value = value,
    constraints = {},
    determined_by = nil,
    mark = 0,
    walk_strength = WEAKEST,
    stay = true,
  }, Variable)
end

function Variable:add(constraint)
  self.constraints[#self.constraints + 1] = constraint
end

function Variable:remove(constraint)
  local list = self.constraints
  for i = 1, #list do
    if list[i] == constraint then
      table.remove(list, i)
      break
    end
  end
  if self.determined_by == constraint then
    self.determined_by = nil
  end
end

local Constraint = class()

function Constraint:is_input()
  return false
end

function Constraint:attach(planner)
  self:add_to_graph()
  planner:incremental_add(self)
end

function Constraint:destroy(planner)
  if self:is_satisfied() then
    planner:incremental_remove(self)
  end
  self:remove_from_graph()
end

-- Tries to satisfy the constraint; gives the weaker one which had to make way.
function Constraint:satisfy(mark, planner)
  self:choose_method(mark)
  if not self:is_satisfied() then
    if self.strength == REQUIRED then
      error("could not satisfy a required constraint")
    end
    return nil
  end
  self:mark_inputs(mark)
  local out = self:output()
  local overridden = out.determined_by
  if overridden then
    overridden:mark_unsatisfied()
  end
  out.determined_by = self
  if not planner:add_propagate(self, mark) then
    error("cycle")
  end
  out.mark = mark
  return overridden
end

-- Constraints over one variable.
local Unary = class(Constraint)

local function unary(c, variable, strength, planner)
  local self = setmetatable({ strength = strength, out = variable, satisfied = false }, c)
  self:attach(planner)
  return self
end

function Unary:add_to_graph()
  self.out:add(self)
  self.satisfied = false
end

function Unary:remove_from_graph()
  if self.out then
    self.out:remove(self)
  end
  self.satisfied = false
end

function Unary:choose_method(mark)
  self.satisfied = self.out.mark ~= mark and stronger(self.strength, self.out.walk_strength)
end

function Unary:is_satisfied()
  return self.satisfied
end

function Unary:mark_unsatisfied()
  self.satisfied = false
end

function Unary:mark_inputs() end

function Unary:inputs_known()
  return true
end

function Unary:output()
  return self.out
end

function Unary:recalculate()
  local out = self.out
  out.walk_strength = self.strength
  out.stay = not self:is_input()
  if out.stay then
    self:execute()
  end
end

local Stay = class(Unary)

function Stay:execute() end

local Edit = class(Unary)

function Edit:is_input()
  return true
end

function Edit:execute() end

-- Constraints between two variables, which may flow either way.
local Binary = class(Constraint)
local NONE, FORWARD, BACKWARD = 0, 1, 2

local function binary(c, first, second, strength, planner, scale, offset)
  local self = setmetatable({ strength = strength, first = first, second = second, direction = NONE }, c)
  self.scale, self.offset = scale, offset
  self:attach(planner)
  return self
end

function Binary:add_to_graph()
  self.first:add(self)
  self.second:add(self)
  self.direction = NONE
end

function Binary:remove_from_graph()
  self.first:remove(self)
  self.second:remove(self)
  self.direction = NONE
end

function Binary:choose_method(mark)
  local first, second = self.first, self.second
  if first.mark == mark then
    local can = second.mark ~= mark and stronger(self.strength, second.walk_strength)
    self.direction = can and FORWARD or NONE
  elseif second.mark == mark then
    local can = first.mark ~= mark and stronger(self.strength, first.walk_strength)
    self.direction = can and BACKWARD or NONE
  elseif weaker(first.walk_strength, second.walk_strength) then
    self.direction = stronger(self.strength, first.walk_strength) and BACKWARD or NONE
  else
    self.direction = stronger(self.strength, second.walk_strength) and FORWARD or NONE
  end
end

function Binary:is_satisfied()
  return self.direction ~= NONE
end

function Binary:mark_unsatisfied()
  self.direction = NONE
end

function Binary:input()
  return self.direction == FORWARD and self.first or self.second
end

function Binary:output()
  return self.direction == FORWARD and self.second or self.first
end

function Binary:mark_inputs(mark)
  self:input().mark = mark
end

function Binary:inputs_known(mark)
  local input = self:input()
  return input.mark == mark or input.stay or input.determined_by == nil
end

function Binary:recalculate()
  local input, out = self:input(), self:output()
  out.walk_strength = math.max(self.strength, input.walk_strength)
  out.stay = input.stay
  if out.stay then
    self:execute()
  end
end

local Equality = class(Binary)

function Equality:execute()
  self:output().value = self:input().value
end

local Scale = class(Binary)

function Scale:add_to_graph()
  Binary.add_to_graph(self)
  self.scale:add(self)
  self.offset:add(self)
end

function Scale:remove_from_graph()
  Binary.remove_from_graph(self)
  self.scale:remove(self)
  self.offset:remove(self)
end

function Scale:mark_inputs(mark)
  Binary.mark_inputs(self, mark)
  self.scale.mark = mark
  self.offset.mark = mark
end

function Scale:execute()
  if self.direction == FORWARD then
    self.second.value = self.first.value * self.scale.value + self.offset.value
  else
    self.first.value = math.floor((self.second.value - self.offset.value) / self.scale.value)
  end
end

function Scale:recalculate()
  local input, out = self:input(), self:output()
  out.walk_strength = math.max(self.strength, input.walk_strength)
  out.stay = input.stay and self.scale.stay and self.offset.stay
  if out.stay then
    self:execute()
  end
end

local Planner = class()

function Planner.new()
  return setmetatable({ mark = 1 }, Planner)
end

function Planner:new_mark()
  self.mark = self.mark + 1
  return self.mark
end

function Planner:incremental_add(constraint)
  local mark = self:new_mark()
  local overridden = constraint:satisfy(mark, self)
  while overridden do
    overridden = overridden:satisfy(mark, self)
  end
end

function Planner:incremental_remove(constraint)
  local out = constraint:output()
  constraint:mark_unsatisfied()
  constraint:remove_from_graph()
  local unsatisfied = self:remove_propagate_from(out)
  for strength = REQUIRED, WEAKEST do
    for i = 1, #unsatisfied do
      local c = unsatisfied[i]
      if c.strength == strength then
        self:incremental_add(c)
      end
    end
  end
end

local function add_consumers(variable, list)
  local determining = variable.determined_by
  local constraints = variable.constraints
  for i = 1, #constraints do
    local c = constraints[i]
    if c ~= determining and c:is_satisfied() then
      list[#list + 1] = c
    end
  end
end

function Planner:add_propagate(constraint, mark)
  local todo = { constraint }
  while #todo > 0 do
    local c = table.remove(todo)
    if c:output().mark == mark then
      self:incremental_remove(constraint)
      return false
    end
    c:recalculate()
    add_consumers(c:output(), todo)
  end
  return true
end

function Planner:remove_propagate_from(out)
  out.determined_by = nil
  out.walk_strength = WEAKEST
  out.stay = true
  local unsatisfied, todo = {}, { out }
  while #todo > 0 do
    local variable = table.remove(todo)
    local constraints = variable.constraints
    for i = 1, #constraints do
      local c = constraints[i]
      if not c:is_satisfied() then
        unsatisfied[#unsatisfied + 1] = c
      end
    end
    local determining = variable.determined_by
    for i = 1, #constraints do
      local c = constraints[i]
      if c ~= determining and c:is_satisfied() then
        c:recalculate()
        todo[#todo + 1] = c:output()
      end
    end
  end
  return unsatisfied
end

function Planner:make_plan(sources)
  local mark = self:new_mark()
  local plan, todo = {}, sources
  while #todo > 0 do
    local c = table.remove(todo)
    local out = c:output()
    if out.mark ~= mark and c:inputs_known(mark) then
      plan[#plan + 1] = c
      out.mark = mark
      add_consumers(out, todo)
    end
  end
  return plan
end

function Planner:plan_from(constraints)
  local sources = {}
  for i = 1, #constraints do
    local c = constraints[i]
    if c:is_input() and c:is_satisfied() then
      sources[#sources + 1] = c
    end
  end
  return self:make_plan(sources)
end

local function carry_out(plan)
  for i = 1, #plan do
    plan[i]:execute()
  end
end

-- A chain of equalities with a stay at one end and an edit at the other.
local function chain(n)
  local planner = Planner.new()
  local variables = {}
  for i = 1, n + 1 do
    variables[i] = Variable.new("v" .. i, 0)
    if i > 1 then
      binary(Equality, variables[i - 1], variables[i], REQUIRED, planner)
    end
  end
  local first, last = variables[1], variables[n + 1]
  unary(Stay, last, STRONG_DEFAULT, planner)
  local edit = unary(Edit, first, PREFERRED, planner)
  local plan = planner:plan_from({ edit })
  for value = 1, 100 do
    first.value = value
    carry_out(plan)
    assert(last.value == value, "the chain is broken")
  end
  edit:destroy(planner)
  return last.value
end

local function change(planner, variable, value)
  local edit = unary(Edit, variable, PREFERRED, planner)
  local plan = planner:plan_from({ edit })
  for _ = 1, 10 do
    variable.value = value
    carry_out(plan)
  end
  edit:destroy(planner)
end

-- Two sets of variables joined by scale constraints which share scale and offset.
local function projection(n)
  local planner = Planner.new()
  local scale, offset = Variable.new("scale", 10), Variable.new("offset", 1000)
  local source, target
  local targets = {}
  for i = 1, n do
    source = Variable.new("source" .. i, i)
    target = Variable.new("target" .. i, i)
    targets[i] = target
    unary(Stay, source, NORMAL, planner)
    binary(Scale, source, target, REQUIRED, planner, scale, offset)
  end
  change(planner, source, 17)
  assert(target.value == 1170, "projection 1")
  change(planner, target, 1050)
  assert(source.value == 5, "projection 2")
  change(planner, scale, 5)
  for i = 1, n - 1 do
    assert(targets[i].value == i * 5 + 1000, "projection 3")
  end
  change(planner, offset, 2000)
  local sum = 0
  for i = 1, n - 1 do
    assert(targets[i].value == i * 5 + 2000, "projection 4")
    sum = sum + targets[i].value
  end
  return sum
end

local rounds = tonumber(arg and arg[1]) or 10
local last, sum = 0, 0
for _ = 1, rounds do
  last = chain(300)
  sum = projection(300)
end
print(string.format("deltablue %d %d", last, sum))
