-- Patterns: find, match, gmatch and gsub with every kind of replacement over a made-up log file.

local seed = 5
local function random(limit)
  seed = (seed * 16807) % 2147483647
  return seed % limit + 1
end

local LEVELS = { "INFO", "WARN", "ERROR", "DEBUG" }
local WORDS = { "disk", "network", "cache", "user", "request", "timeout", "retry", "socket", "index" }

local function log_file(count)
  local out = {}
  for i = 1, count do
    out[i] = string.format("2024-%02d-%02d %02d:%02d:%02d [%s] %s.%s: %s took %d ms (id=%x, path=/var/%s/%d.log)",
      random(12), random(28), random(24) - 1, random(60) - 1, random(60) - 1, LEVELS[random(4)], WORDS[random(9)],
      WORDS[random(9)], WORDS[random(9)], random(5000), random(1000000), WORDS[random(9)], i)
  end
  return table.concat(out, "\n") .. "\n"
end

local function trim(s)
  return s:match("^%s*(.-)%s*$")
end

local function split(s, separator)
  local out, start = {}, 1
  while true do
    local from, to = s:find(separator, start, true)
    if not from then
      out[#out + 1] = s:sub(start)
      return out
    end
    out[#out + 1] = s:sub(start, from - 1)
    start = to + 1
  end
end

local rounds = tonumber(arg and arg[1]) or 10
local text = log_file(300)
local stats = {}
for _ = 1, rounds do
  local milliseconds, errors, words, slow = 0, 0, 0, 0
  for line in text:gmatch("([^\n]*)\n") do
    local year, month, day = line:match("^(%d%d%d%d)%-(%d+)%-(%d+)")
    local level, source, ms = line:match("%[(%u+)%] ([%w.]+):.- (%d+) ms")
    milliseconds = milliseconds + tonumber(ms) + tonumber(year) + tonumber(month) * tonumber(day)
    if level == "ERROR" then
      errors = errors + 1
    end
    if line:find("timeout", 1, true) then
      slow = slow + #source
    end
    for _ in line:gmatch("%a+") do
      words = words + 1
    end
  end
  local masked, n1 = text:gsub("id=%x+", "id=*")
  local upper, n2 = masked:gsub("%f[%w]%l%w*", function(word)
    return #word > 4 and word:upper() or nil
  end)
  local replaced, n3 = upper:gsub("%w+", { disk = "DISK", user = "somebody" })
  local swapped, n4 = replaced:gsub("(%w+)%.(%w+)", "%2.%1")
  local balanced = 0
  for inner in swapped:gmatch("%b()") do
    balanced = balanced + #trim(inner:sub(2, -2) .. "  ")
  end
  local fields = 0
  for _, line in ipairs(split(text, "\n")) do
    fields = fields + #split(line, " ")
  end
  stats = { milliseconds, errors, words, slow, n1, n2, n3, n4, balanced, fields, #swapped }
end
for i = 1, #stats do
  stats[i] = string.format("%d", stats[i])
end
print("patterns " .. table.concat(stats, " "))
