-- Runs PROGRAMS one after the other, each with globals and library tables of its own. FORM says how each is loaded:
-- "source"; "dump": through string.dump; "strip": the same without debug information.
local write, load, dump, type, next = io.write, load, string.dump, type, next
local getmetatable, setmetatable, collect = debug.getmetatable, debug.setmetatable, collectgarbage
local sethook, pcall, byte = debug.sethook, pcall, string.byte
local section, out = section, io.stdout

local function copy(t)
  local c = {}
  for k, v in next, t do c[k] = v end
  return c
end

local base, strings = copy(_G), copy(getmetatable(""))
local libraries = {}
for k, v in next, base do
  if type(v) == "table" and k ~= "_G" and k ~= "package" then libraries[k] = copy(v) end
end

-- A number that stands for the bytes of a dump.
local function digest(s)
  local h = #s
  for i = 1, #s do h = (h * 31 + byte(s, i)) & 0xffffffffffff end
  return h
end

local function each(i)
  local source = PROGRAMS[i]
  local globals = copy(base)
  for k, v in next, libraries do globals[k] = copy(v) end
  globals._G, globals.PROGRAMS, globals.FORM = globals, nil, nil
  write("\n@@ ", i, "\n")
  -- If a program kills the process, the mark says which.
  out:flush()
  local f, message = load(source, "=p", "t", globals)
  if not f then
    write("does not compile: ", message, "\n")
  else
    if FORM ~= "source" then
      write("dump ", digest(dump(f, true)), "\n")
      f = load(dump(f, FORM == "strip"), "=p", "b", globals)
    end
    section("end", f)
  end
end

for i = 1, #PROGRAMS do
  -- A hook that the program left behind may raise an error, once.
  pcall(each, i)
  pcall(sethook)
  collect("restart")
  collect("incremental")
  local m = getmetatable("")
  for k in next, m do m[k] = nil end
  for k, v in next, strings do m[k] = v end
  setmetatable(nil, nil)
  setmetatable(0, nil)
  setmetatable(true, nil)
  setmetatable(print, nil)
end
write("\n@@ 0\n")
