-- Prints the nanoseconds which one operation takes, less those of an empty loop. The argument names the operation.
-- Results go into a table which outlives the loop, so that no compiler may drop the operation.

local kept = { false, false, false, false }
local operations = {}

function operations.nothing(n)
  for i = 1, n do
    kept[1] = i
  end
end

function operations.resume_yield(n)
  local resume, yield = coroutine.resume, coroutine.yield
  local co = coroutine.create(function()
    while true do
      yield()
    end
  end)
  for i = 1, n do
    kept[1] = i
    resume(co)
  end
end

function operations.coroutine_life(n)
  local resume, create = coroutine.resume, coroutine.create
  local function body() end
  for i = 1, n do
    kept[1] = i
    resume(create(body))
  end
end

function operations.pcall_success(n)
  local function body() end
  for i = 1, n do
    kept[1] = i
    pcall(body)
  end
end

function operations.pcall_error(n)
  local value = {}
  for i = 1, n do
    kept[1] = i
    pcall(error, value)
  end
end

function operations.new_closure(n)
  for i = 1, n do
    kept[1] = i
    kept[2] = function()
      return i
    end
  end
end

function operations.new_record(n)
  for i = 1, n do
    kept[1] = i
    kept[2] = { x = i, y = i, z = i }
  end
end

function operations.append_number(n)
  for i = 1, n do
    kept[1] = i
    kept[2] = "k" .. i
  end
end

function operations.lua_call(n)
  local function id(x)
    return x
  end
  for i = 1, n do
    kept[1] = id(i)
  end
end

local clock = os.clock

-- Seconds for one turn: the loop is lengthened until it takes a fifth of a second.
local function turn(operation)
  local n = 1000
  while true do
    collectgarbage()
    local start = clock()
    operation(n)
    local used = clock() - start
    if used >= 0.2 then
      return used / n
    end
    n = used > 0.01 and math.floor(n * 0.25 / used) or n * 10
  end
end

local operation = assert(operations[arg[1]], "no such operation")
print(string.format("%.3f", math.max(0, turn(operation) - turn(operations.nothing)) * 1e9))
