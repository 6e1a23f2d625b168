-- Prints the CPU seconds which one load of a source file takes, without reading or running it.

local file = assert(io.open(arg[1], "rb"))
local text = assert(file:read("*a"))
file:close()

local load_text = loadstring or load
local clock = os.clock
local loads, used = 0, 0
repeat
  collectgarbage()
  local start = clock()
  local chunk = assert(load_text(text, "=source"))
  used = used + clock() - start
  loads = loads + 1
until used >= 0.25 or not chunk
print(string.format("%.6f", used / loads))
