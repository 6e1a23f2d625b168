-- A bytecode machine: instructions are tables of handlers in one program and chains of comparisons in another; both
-- run the same code of a small stack machine.

local PUSH, ADD, SUB, MUL, MOD, LOAD, STORE, JUMP, JUMP_ZERO, LESS, DUP, POP, CALL, RETURN, HALT =
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15

-- Assembles lines of text with labels into an array of operations and one of operands.
local NAMES = {
  push = PUSH, add = ADD, sub = SUB, mul = MUL, mod = MOD, load = LOAD, store = STORE, jump = JUMP,
  jz = JUMP_ZERO, less = LESS, dup = DUP, pop = POP, call = CALL, ret = RETURN, halt = HALT,
}

local function assemble(source)
  local ops, operands, labels = {}, {}, {}
  for line in source:gmatch("[^\n]+") do
    local label = line:match("^(%w+):")
    if label then
      labels[label] = #ops + 1
    else
      local name, operand = line:match("(%w+)%s*(%w*)")
      ops[#ops + 1] = assert(NAMES[name], name)
      operands[#ops] = operand
    end
  end
  for i = 1, #ops do
    local operand = operands[i]
    operands[i] = labels[operand] or tonumber(operand) or 0
  end
  return ops, operands
end

local function run_chain(ops, operands)
  local stack, top, memory, calls, depth, pc, steps = {}, 0, { 0, 0, 0, 0, 0, 0 }, {}, 0, 1, 0
  while true do
    local op, operand = ops[pc], operands[pc]
    pc = pc + 1
    steps = steps + 1
    if op == PUSH then
      top = top + 1
      stack[top] = operand
    elseif op == LOAD then
      top = top + 1
      stack[top] = memory[operand]
    elseif op == STORE then
      memory[operand] = stack[top]
      top = top - 1
    elseif op == ADD then
      top = top - 1
      stack[top] = stack[top] + stack[top + 1]
    elseif op == SUB then
      top = top - 1
      stack[top] = stack[top] - stack[top + 1]
    elseif op == MUL then
      top = top - 1
      stack[top] = stack[top] * stack[top + 1]
    elseif op == MOD then
      top = top - 1
      stack[top] = stack[top] % stack[top + 1]
    elseif op == LESS then
      top = top - 1
      stack[top] = stack[top] < stack[top + 1] and 1 or 0
    elseif op == JUMP then
      pc = operand
    elseif op == JUMP_ZERO then
      if stack[top] == 0 then
        pc = operand
      end
      top = top - 1
    elseif op == DUP then
      top = top + 1
      stack[top] = stack[top - 1]
    elseif op == POP then
      top = top - 1
    elseif op == CALL then
      depth = depth + 1
      calls[depth] = pc
      pc = operand
    elseif op == RETURN then
      pc = calls[depth]
      depth = depth - 1
    else
      return stack[top], steps
    end
  end
end

local handlers = {}
handlers[PUSH] = function(m, operand)
  m.top = m.top + 1
  m.stack[m.top] = operand
end
handlers[LOAD] = function(m, operand)
  m.top = m.top + 1
  m.stack[m.top] = m.memory[operand]
end
handlers[STORE] = function(m, operand)
  m.memory[operand] = m.stack[m.top]
  m.top = m.top - 1
end
local function binary(f)
  return function(m)
    local stack, top = m.stack, m.top - 1
    m.top = top
    stack[top] = f(stack[top], stack[top + 1])
  end
end
handlers[ADD] = binary(function(a, b) return a + b end)
handlers[SUB] = binary(function(a, b) return a - b end)
handlers[MUL] = binary(function(a, b) return a * b end)
handlers[MOD] = binary(function(a, b) return a % b end)
handlers[LESS] = binary(function(a, b) return a < b and 1 or 0 end)
handlers[JUMP] = function(m, operand)
  m.pc = operand
end
handlers[JUMP_ZERO] = function(m, operand)
  if m.stack[m.top] == 0 then
    m.pc = operand
  end
  m.top = m.top - 1
end
handlers[DUP] = function(m)
  m.top = m.top + 1
  m.stack[m.top] = m.stack[m.top - 1]
end
handlers[POP] = function(m)
  m.top = m.top - 1
end
handlers[CALL] = function(m, operand)
  m.depth = m.depth + 1
  m.calls[m.depth] = m.pc
  m.pc = operand
end
handlers[RETURN] = function(m)
  m.pc = m.calls[m.depth]
  m.depth = m.depth - 1
end
handlers[HALT] = function(m)
  m.running = false
end

local function run_handlers(ops, operands)
  local m = { stack = {}, top = 0, memory = { 0, 0, 0, 0, 0, 0 }, calls = {}, depth = 0, pc = 1, running = true }
  local steps = 0
  while m.running do
    local pc = m.pc
    m.pc = pc + 1
    steps = steps + 1
    handlers[ops[pc]](m, operands[pc])
  end
  return m.stack[m.top], steps
end

-- Sums (i * 7 + 3) % 11 over a double loop, with the inner step in a subroutine.
local SOURCE = [[
push 0
store 1
push 1
store 2
outer:
load 2
push 60
less
jz done
push 0
store 3
inner:
load 3
load 2
less
jz next
call step
load 3
push 1
add
store 3
jump inner
next:
load 2
push 1
add
store 2
jump outer
step:
load 3
push 7
mul
load 2
sub
push 1000
add
push 11
mod
dup
load 1
add
store 1
pop
ret
done:
load 1
halt
]]

local rounds = tonumber(arg and arg[1]) or 10
local ops, operands = assemble(SOURCE)
local total, value, other = 0, 0, 0
for _ = 1, rounds do
  local a, b
  value, a = run_chain(ops, operands)
  other, b = run_handlers(ops, operands)
  assert(value == other and a == b)
  total = total + a + b
end
print(string.format("dispatch %d %d", value, total))
