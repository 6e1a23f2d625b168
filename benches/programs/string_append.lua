-- Appending to a string with `..` in a loop: every step copies all that is there.

local function lines(count)
  local text = ""
  for i = 1, count do
    text = text .. "line " .. i .. "\n"
  end
  return text
end

local function letters(count)
  local text = ""
  for i = 1, count do
    text = text .. string.char(97 + i % 26)
  end
  return text
end

local function prepend(count)
  local text = ""
  for i = 1, count do
    text = i % 10 .. text
  end
  return text
end

local function checksum(text)
  local sum = #text
  for i = 1, #text, 61 do
    sum = (sum * 31 + text:byte(i)) % 1000003
  end
  return sum
end

local rounds = tonumber(arg and arg[1]) or 10
local sum = 0
for round = 1, rounds do
  sum = (sum + checksum(lines(1500 + round % 4))) % 1000003
  sum = (sum + checksum(letters(8000))) % 1000003
  sum = (sum + checksum(prepend(3000))) % 1000003
end
print(string.format("string_append %d", sum))
