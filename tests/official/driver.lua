-- Runs one file of the official Lua tests and prints the mark once the end was reached with the demanded value.
-- Arguments: file, how ("plain", "dump", "strip"), flags ("user", "full"), what is demanded, mark.
local file, how, flags, demanded, mark = arg[1], arg[2], arg[3], arg[4], arg[5]

-- The tests clear, replace and restrict much of the environment: take what is needed first.
local assert, load, loadfile, dump, wrap = assert, load, loadfile, string.dump, coroutine.wrap
local tostring, type, write, stdout, rawget, globals = tostring, type, io.write, io.stdout, rawget, _G
local flush = stdout.flush

if flags == "user" then
  _port, _soft, _nomsg = true, true, true
elseif flags == "all" then
  _U = true
end

local f = assert(loadfile(file))
if how ~= "plain" then
  f = assert(load(dump(f, how == "strip")))
end

if demanded == "big" then
  -- yields once in the middle of the file, then returns
  f = wrap(f)
  assert(f() == "b", "no yield in the middle")
  assert(f() == "a", "wrong value at the end")
else
  local value = f()
  if demanded == "deep" then
    assert(value and value == rawget(globals, "deep"), "wrong value at the end")
  elseif demanded ~= "-" then
    assert(type(value) == "number" and tostring(value) == demanded, "wrong value at the end")
  end
end

stdout:write("\n", mark, "\n")
flush(stdout)
