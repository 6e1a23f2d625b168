-- A hook that is set inside a call whose results the next instruction takes at once: the rest of that
-- sequence is counted too, whoever runs it.

local events = {}
local log = 0

local function watch(event, line)
  log = log + 1
  events[log] = event:sub(1, 2) .. (line or "")
end

local total = 0
local i = 0
while i < 30 do
  i = i + 1
  total = total + (math.tointeger(select(2, pcall(function()
    if i == 23 then
      debug.sethook(watch, "crl", 13)
    end
    local x <close> = 42
  end))) or 1)
end
debug.sethook()
print(total, log, table.concat(events, " ", 1, 60))
