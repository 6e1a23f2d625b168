-- Errors as control flow: pcall around work that mostly succeeds, errors of every kind of value thrown over several
-- frames, xpcall with a handler, and errors raised by the runtime itself.

local function validate(record)
  if record.age < 0 then
    error({ code = "range", field = "age" })
  end
  if not record.name then
    error("no name", 0)
  end
  if record.kind == 3 then
    return record.missing.field
  end
  return record.age + #record.name
end

local function nested(depth, record)
  if depth == 0 then
    return validate(record)
  end
  return (nested(depth - 1, record))
end

local function handler(problem)
  if type(problem) == "table" then
    return problem.code .. ":" .. problem.field
  end
  return "text:" .. #tostring(problem):gsub("^.-:%d+: ", "")
end

local Failure = {}
Failure.__index = Failure
Failure.__tostring = function(self)
  return "failure " .. self.number
end

local function guarded(work, cleanup)
  local ok, result = pcall(work)
  cleanup()
  if not ok then
    error(result, 0)
  end
  return result
end

local rounds = tonumber(arg and arg[1]) or 10
local good, tables, strings, runtime, cleaned, sum = 0, 0, 0, 0, 0, 0
local function cleanup()
  cleaned = cleaned + 1
end
for _ = 1, rounds do
  for i = 1, 3000 do
    local record = { age = i % 10 == 0 and -1 or i % 50, name = i % 7 ~= 0 and "name" or nil, kind = i % 5 }
    local ok, result = pcall(nested, i % 6, record)
    if ok then
      good = good + 1
      sum = (sum + result) % 1000003
    elseif type(result) == "table" then
      tables = tables + 1
    elseif result == "no name" then
      strings = strings + 1
    else
      runtime = runtime + 1
    end
  end
  for i = 1, 500 do
    local record = { age = i % 2 == 0 and -1 or 4, name = i % 3 ~= 0 and "x" or nil, kind = 0 }
    local ok, result = xpcall(function() return nested(2, record) end, handler)
    sum = (sum + (ok and result or #result)) % 1000003
  end
  for i = 1, 500 do
    local ok, result = pcall(guarded, function()
      return guarded(function()
        if i % 4 == 0 then
          error(setmetatable({ number = i }, Failure))
        end
        return i
      end, cleanup)
    end, cleanup)
    sum = (sum + (ok and result or #tostring(result))) % 1000003
  end
end
print(string.format("exceptions %d %d %d %d %d %d", good, tables, strings, runtime, cleaned, sum))
