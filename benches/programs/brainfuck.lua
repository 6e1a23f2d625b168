-- A brainfuck interpreter: a loop over an array of opcodes with a chain of comparisons, on a tape of integers.

local RIGHT, LEFT, ADD, OUT, OPEN, CLOSE = 1, 2, 3, 4, 5, 6

local function compile(source)
  local ops, args, stack = {}, {}, {}
  local i, n = 1, #source
  while i <= n do
    local c = source:sub(i, i)
    if c == "+" or c == "-" or c == ">" or c == "<" then
      local run = 1
      while source:sub(i + 1, i + 1) == c do
        i = i + 1
        run = run + 1
      end
      if c == "+" or c == "-" then
        ops[#ops + 1], args[#args + 1] = ADD, c == "+" and run or -run
      else
        ops[#ops + 1], args[#args + 1] = c == ">" and RIGHT or LEFT, run
      end
    elseif c == "." then
      ops[#ops + 1], args[#args + 1] = OUT, 0
    elseif c == "[" then
      ops[#ops + 1], args[#args + 1] = OPEN, 0
      stack[#stack + 1] = #ops
    elseif c == "]" then
      local start = table.remove(stack)
      ops[#ops + 1], args[#args + 1] = CLOSE, start
      args[start] = #ops
    end
    i = i + 1
  end
  assert(#stack == 0, "an open loop")
  return ops, args
end

local function run(ops, args)
  local tape, at, pc, count = {}, 1, 1, #ops
  local out, steps = {}, 0
  for i = 1, 300 do
    tape[i] = 0
  end
  while pc <= count do
    local op = ops[pc]
    if op == ADD then
      tape[at] = (tape[at] + args[pc]) % 256
    elseif op == RIGHT then
      at = at + args[pc]
    elseif op == LEFT then
      at = at - args[pc]
    elseif op == OPEN then
      if tape[at] == 0 then
        pc = args[pc]
      end
    elseif op == CLOSE then
      if tape[at] ~= 0 then
        pc = args[pc]
      end
    else
      out[#out + 1] = string.char(tape[at])
    end
    pc = pc + 1
    steps = steps + 1
  end
  return table.concat(out), steps
end

-- Fibonacci numbers modulo 256, a text, and nested loops which only take time.
local FIBONACCI = "++++++++++++++++++++>>+<<[>.>[->+>+<<]<[->>+<<]>>>[-<<<+>>>]<[-<+>]<<<-]"
local BURN = "++++++++[>++++++++++[>++++++++++[>++++++++++[>+++>+<<-]<-]<-]<-]>>>>>.>."

local function printer(text)
  local parts, last = {}, 0
  for i = 1, #text do
    local code = text:byte(i)
    parts[i] = (code > last and ("+"):rep(code - last) or ("-"):rep(last - code)) .. "."
    last = code
  end
  return table.concat(parts)
end

local rounds = tonumber(arg and arg[1]) or 10
local sources = { FIBONACCI, BURN, printer("a text which is printed, letter by letter") }
local total, sum = 0, 0
for _ = 1, rounds do
  for i = 1, #sources do
    local text, steps = run(compile(sources[i]))
    total = total + steps
    for k = 1, #text do
      sum = (sum * 31 + text:byte(k)) % 1000003
    end
  end
end
print(string.format("brainfuck %d %d", total, sum))
