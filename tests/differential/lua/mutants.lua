-- Mutated binary chunks: each is refused with a message, or runs within bounds; the process must live.
-- Arguments: file with sources, seed, first and last number, file for progress, file for the bytes of the mutants.
-- A mutant depends on its number and the seed only, so that a run can go on after one that was its end.
local sources, seed, first, last, progress, keep = table.unpack(arg)
seed, first, last = tonumber(seed), tonumber(first), tonumber(last)

local load, pcall, xpcall, type, pairs, setmetatable = load, pcall, xpcall, type, pairs, setmetatable
local error, tostring, rawget, next, getmetatable = error, tostring, rawget, next, getmetatable
local random, randomseed = math.random, math.randomseed
local byte, char, sub, pack, unpack, dump =
  string.byte, string.char, string.sub, string.pack, string.unpack, string.dump
local concat, sethook, traceback, getinfo = table.concat, debug.sethook, debug.traceback, debug.getinfo
local resume, create, wrap, close = coroutine.resume, coroutine.create, coroutine.wrap, coroutine.close
local collectgarbage, write = collectgarbage, io.write

-- Where things are in a dump ------------------------------------------------

-- Returns the position behind a number of seven-bit groups, and the number.
local function varint(s, at)
  local n = 0
  while true do
    local b = byte(s, at)
    n, at = n << 7 | b & 0x7f, at + 1
    if b & 0x80 ~= 0 then return at, n end
  end
end

local function text(s, at)
  local after, n = varint(s, at)
  return n == 0 and after or after + n - 1
end

-- A function's places, packed, so that a heap of many dumps has few objects for collections at every allocation:
-- its frame's three bytes, the count of its instructions, they, how many they are, its upvalues, how many they are,
-- the lines that are told, its first constant among those of the dump, how many they are, its variables, and how many.
local PLACES = ("I4"):rep(11)
local PLACES_SIZE = string.packsize(PLACES)

-- Notes the places of one function and those inside, and of their constants; returns the position behind it.
local function places(s, at, functions, constants)
  at = text(s, at)
  at = varint(s, at)
  at = varint(s, at)
  local frame, number = at, #functions + 1
  functions[number] = ""
  at = at + 3
  local size = at
  local code, count = varint(s, at)
  at = code + 4 * count
  local n
  local first, constant_count = #constants
  at, constant_count = varint(s, at)
  for i = 1, constant_count do
    constants[first + i] = pack("I4", at)
    local tag = byte(s, at)
    at = at + 1
    if tag == 3 or tag == 19 then at = at + 8 elseif tag == 4 or tag == 20 then at = text(s, at) end
  end
  local upvalues, upvalue_count = varint(s, at)
  at = upvalues + 3 * upvalue_count
  at, n = varint(s, at)
  for _ = 1, n do at = places(s, at, functions, constants) end
  local lines
  at, lines = varint(s, at)
  at = at + lines
  at, n = varint(s, at)
  for _ = 1, 2 * n do at = varint(s, at) end
  local variables, variable_count = varint(s, at)
  at = variables
  for _ = 1, variable_count do at = varint(s, varint(s, text(s, at))) end
  at, n = varint(s, at)
  for _ = 1, n do at = text(s, at) end
  functions[number] = pack(PLACES, frame, size, code, count, upvalues, upvalue_count, lines, first, constant_count,
    variables, variable_count)
  return at
end

-- The dumps -----------------------------------------------------------------

local dumps = {}
local function add(source)
  local f = load(source)
  if f then
    for _, strip in pairs {true, false} do
      local bytes, functions, constants = dump(f, strip), {}, {}
      places(bytes, 33, functions, constants)
      dumps[#dumps + 1] =
        {bytes = bytes, functions = concat(functions), constants = concat(constants), count = #functions}
    end
  end
end
for _, source in pairs(dofile(sources)) do add(source) end

-- Changes -------------------------------------------------------------------

local function replaced(s, at, new) return sub(s, 1, at - 1) .. new .. sub(s, at + #new) end

local function number(n)
  local groups = char(n & 0x7f | 0x80)
  n = n >> 7
  while n > 0 do
    groups = char(n & 0x7f) .. groups
    n = n >> 7
  end
  return groups
end

local function a_function(d)
  local f = {}
  f.frame, f.size, f.code, f.count, f.upvalues, f.upvalue_count, f.lines, f.first, f.constant_count, f.variables,
    f.variable_count = unpack(PLACES, d.functions, (random(d.count) - 1) * PLACES_SIZE + 1)
  return f
end
local function place_of(f, i) return f.code + 4 * i end

-- Where the fields of an instruction begin, and how wide they are.
local FIELDS = {{7, 8}, {15, 1}, {16, 8}, {24, 8}, {15, 17}, {7, 25}}

local function changed_word(word, f, s)
  local how = random(8)
  if how == 1 then return word & ~0x7f | random(0, 84) end
  if how == 2 then return word & ~0x7f | (word & 0x7f) + random(-3, 3) & 0x7f end
  local field = FIELDS[random(how < 7 and 4 or 6)]
  local mask = (1 << field[2]) - 1
  local value = word >> field[1] & mask
  local kind = random(5)
  if kind == 1 then value = value + 1
  elseif kind == 2 then value = value - 1
  elseif kind == 3 then value = random(0, byte(s, f.frame + 2))
  elseif kind == 4 then value = value ~ 1 << random(0, field[2] - 1)
  else value = random(0, mask) end
  return word & ~(mask << field[1]) | (value & mask) << field[1]
end

local kinds = {}

function kinds.bytes(s)
  for _ = 1, random(3) do s = replaced(s, random(1, #s), char(random(0, 255))) end
  return s
end

function kinds.bits(s)
  for _ = 1, random(2) do
    local at = random(32, #s)
    s = replaced(s, at, char(byte(s, at) ~ 1 << random(0, 7)))
  end
  return s
end

function kinds.cut(s) return sub(s, 1, random(0, #s - 1)) end

function kinds.splice(s)
  local other = dumps[random(#dumps)].bytes
  local from, n = random(32, #other), random(1, 40)
  local at = random(32, #s)
  local piece = sub(other, from, from + n)
  if random(2) == 1 then return sub(replaced(s, at, piece), 1, #s) end
  return sub(s, 1, at - 1) .. piece .. sub(s, at + random(0, n))
end

-- These keep the format.

function kinds.words(s, d)
  for _ = 1, random(3) do
    local f = a_function(d)
    local at = place_of(f, random(0, f.count - 1))
    s = replaced(s, at, pack("<I4", changed_word(unpack("<I4", s, at), f, s) & 0xffffffff))
  end
  return s
end

function kinds.registers(s, d)
  local f = a_function(d)
  for _ = 1, random(4) do
    local at = place_of(f, random(0, f.count - 1))
    local field = FIELDS[random(3) == 1 and 1 or random(3, 4)]
    local word = unpack("<I4", s, at)
    local value = random(0, byte(s, f.frame + 2))
    s = replaced(s, at, pack("<I4", word & ~(0xff << field[1]) & 0xffffffff | value << field[1]))
  end
  return s
end

function kinds.swap(s, d)
  local f = a_function(d)
  local i, j = place_of(f, random(0, f.count - 1)), place_of(f, random(0, f.count - 1))
  local a, b = sub(s, i, i + 3), sub(s, j, j + 3)
  return replaced(replaced(s, i, b), j, random(2) == 1 and a or b)
end

function kinds.run(s, d)
  local f = a_function(d)
  local n = random(1, 6)
  local i, j = random(0, f.count - 1), random(0, f.count - 1)
  n = math.min(n, f.count - i, f.count - j)
  i, j = place_of(f, i), place_of(f, j)
  return replaced(s, j, sub(s, i, i + 4 * n - 1))
end

-- Takes instructions out, or repeats some elsewhere; only where no lines are told.
function kinds.length(s, d)
  local f = a_function(d)
  if f.lines > 0 or f.count < 3 then return kinds.words(s, d) end
  local n = math.min(random(1, 3), f.count - 1)
  local i = place_of(f, random(0, f.count - n))
  if random(2) == 1 then
    return sub(s, 1, f.size - 1) .. number(f.count - n) .. sub(s, f.code, i - 1) .. sub(s, i + 4 * n)
  end
  local j = place_of(f, random(0, f.count - 1))
  local piece = sub(s, i, i + 4 * n - 1)
  return sub(s, 1, f.size - 1) .. number(f.count + n) .. sub(s, f.code, j - 1) .. piece .. sub(s, j)
end

function kinds.frame(s, d)
  local f = a_function(d)
  local at = f.frame + random(0, 2)
  local value = byte(s, at) + random(-3, 3)
  if random(4) == 1 then value = random(0, 255) end
  return replaced(s, at, char(value & 0xff))
end

function kinds.constants(s, d)
  local f = a_function(d)
  if f.constant_count == 0 then return kinds.words(s, d) end
  local at = unpack("I4", d.constants, 4 * (f.first + random(f.constant_count)) - 3)
  local tag = byte(s, at)
  if tag == 3 or tag == 19 then
    if random(3) == 1 then s = replaced(s, at, char(22 - tag)) end
    local values = {0, -1, 1, math.mininteger, math.maxinteger, random(-300, 300), random(0)}
    return replaced(s, at + 1, pack("<i8", values[random(#values)]))
  elseif tag == 4 or tag == 20 then
    local names = {"__index", "__gc", "__close", "__mode", "__eq", "__call", "__name", "_ENV", "n", ""}
    local name = names[random(#names)]
    return sub(s, 1, at - 1) .. "\4" .. number(#name + 1) .. name .. sub(s, text(s, at + 1))
  end
  return replaced(s, at, char(random(3) == 1 and 17 or random(0, 1)))
end

function kinds.upvalues(s, d)
  local f = a_function(d)
  if f.upvalue_count == 0 then return kinds.registers(s, d) end
  local at = f.upvalues + 3 * random(0, f.upvalue_count - 1)
  return replaced(s, at, char(random(0, 1), random(0, random(3) == 1 and 30 or 4), random(0, 3)))
end

-- Variables that are known for longer.
function kinds.variables(s, d)
  local f = a_function(d)
  if f.variable_count == 0 then return kinds.upvalues(s, d) end
  local at, from = f.variables, random(0, f.variable_count - 1)
  for _ = 1, from do at = varint(s, varint(s, text(s, at))) end
  for _ = from, math.min(from + random(0, 4), f.variable_count - 1) do
    local name = text(s, at)
    local middle, first = varint(s, name)
    local after, last = varint(s, middle)
    local changed = sub(s, at, name - 1) .. number(random(0, first)) .. number(random(last, math.max(last, f.count)))
    s = sub(s, 1, at - 1) .. changed .. sub(s, after)
    at = at + #changed
  end
  return s
end

local NAMES = {
  "bits", "bytes", "constants", "cut", "frame", "length", "length", "registers", "registers", "registers",
  "run", "run", "splice", "swap", "swap", "upvalues", "variables", "words", "words", "words", "words",
}

local function mutant(n)
  randomseed(seed, n)
  local d = dumps[random(#dumps)]
  local name = NAMES[random(#NAMES)]
  return kinds[name](d.bytes, d), name
end

-- Running -------------------------------------------------------------------

local LIMIT = "out of time"
local STEP, STEPS, PATIENCE = 1000, 200, 20000
local looks

-- What has no end is stopped, again and again if it catches that.
local function watch()
  looks = looks + 1
  if looks > PATIENCE then
    write("a mutant cannot be stopped\n")
    os.exit(3)
  end
  if looks > STEPS then error(LIMIT, 0) end
end

-- To catch an error counts: on a deep stack it takes long.
local function passed(ok, ...)
  if not ok then
    looks = looks + 1
    if looks > STEPS then error(LIMIT, 0) end
  end
  return ok, ...
end

-- A hook belongs to one coroutine; the making of one counts too, or they would multiply without an end.
local watching
local function watched_body(f)
  if not watching or type(f) ~= "function" then return f end
  return function(...)
    sethook(watch, "", STEP)
    watch()
    return f(...)
  end
end

-- Not the variables of this file.
local real_setlocal = debug.setlocal
local function harmless_setlocal(where, n, value, for_thread)
  local name
  if where == 1 then
    name = real_setlocal(2, n, value)
  elseif type(where) == "thread" and coroutine.status(where) ~= "running" and coroutine.status(where) ~= "normal" then
    name = real_setlocal(where, n, value, for_thread)
  end
  return name
end

local real_rep = string.rep
function string.rep(s, n, separator)
  if (tonumber(n) or 0) > 5000 then n = 5000 end
  return real_rep(s, n, separator)
end

local function copy(t)
  local c = {}
  for k, v in pairs(t) do c[k] = v end
  return c
end

local real_setmetatable, real_date = setmetatable, os.date
-- Finalisers run where no hook stops them.
local function harmless_setmetatable(t, m)
  if type(m) == "table" and rawget(m, "__gc") ~= nil then m.__gc = nil end
  return real_setmetatable(t, m)
end

-- The globals of one mutant: everything that cannot leave the process or outlast it.
local function environment()
  local env = copy(_G)
  for _, name in pairs {"string", "table", "math", "utf8", "coroutine"} do env[name] = copy(_G[name]) end
  env._G = env
  env.pcall = function(...) return passed(pcall(...)) end
  env.xpcall = function(...) return passed(xpcall(...)) end
  env.coroutine.create = function(f) return create(watched_body(f)) end
  env.coroutine.wrap = function(f) return wrap(watched_body(f)) end
  env.coroutine.resume = function(...) return passed(resume(...)) end
  env.coroutine.close = function(...) return passed(close(...)) end
  env.setmetatable = harmless_setmetatable
  env.print, env.collectgarbage = function() end, function(what) return what == "count" and collectgarbage "count" or 0 end
  env.load = function(s, name, mode) return load(s, name, mode, env) end
  env.debug = {
    traceback = traceback, getinfo = getinfo, getlocal = debug.getlocal, setlocal = harmless_setlocal,
    getupvalue = debug.getupvalue,
  }
  env.os = {clock = os.clock, time = os.time, date = real_date}
  env.io = {write = function() end}
  env.package, env.require, env.dofile, env.loadfile, env.arg, env.warn, env.debug.sethook = nil
  env.string.dump = dump
  return env
end

-- What all strings share, which mutants reach through their metatable: as it is before them, and put back.
local of_strings = getmetatable ""
local methods, metamethods = copy(string), copy(of_strings)
local function restore(t, before)
  for k in next, t do t[k] = nil end
  for k, v in next, before do t[k] = v end
end

local refused, ran, stopped, failed = 0, 0, 0, 0
local refusals = {}

-- Calls a mutant; with a hook native code is not entered, without one it may never end: a mutant may read what
-- hooks leave above its registers.
local function run(f, watched)
  looks, watching = 0, watched
  local co = create(watched_body(function(...) return f(...) end))
  local ok, message = resume(co, 1, 2.5, "three", {4})
  if not ok then
    failed = failed + 1
    pcall(tostring, message)
    traceback(co, "error")
    local level = 0
    while level < 50 and getinfo(co, level, "nSltuf") do
      local i = 1
      while debug.getlocal(co, level, i) do i = i + 1 end
      level = level + 1
    end
  end
  close(co)
  return looks <= STEPS
end

-- As `run`. What fills the memory may leave none to look at it.
local function run_within(f, watched)
  local ok, ended = pcall(run, f, watched)
  if ok then return ended end
  collectgarbage()
  if ended ~= "not enough memory" then error(ended, 0) end
  failed = failed + 1
  return true
end

local note = assert(io.open(progress, "w"))
note:setvbuf "no"
local mode = os.getenv "CRANELUA_OPTIONS" or ""
local native = not mode:find "joff"
collectgarbage "generational"
for n = first, last do
  note:seek "set"
  note:write(("%12d %9d %9d %9d %9d"):format(n, refused, ran, failed, stopped))
  local bytes, kind = mutant(n)
  if keep then
    local file = assert(io.open(keep, "wb"))
    file:write(bytes)
    file:close()
  end
  local f, message = load(bytes, "=mutant", "b", environment())
  if not f then
    refused = refused + 1
    assert(type(message) == "string" and #message > 0)
    local reason = message:match "%((.-)%)" or message:match ":%s*(.*)" or message
    refusals[reason] = (refusals[reason] or 0) + 1
  else
    ran = ran + 1
    local ended = run_within(f, true)
    if not ended then
      stopped = stopped + 1
    elseif native then
      run_within(assert(load(bytes, "=mutant", "b", environment())))
    end
    restore(of_strings, metamethods)
    restore(string, methods)
    assert(load(dump(f), "=again", "b"))
  end
end
note:close()
write(("%d refused %d ran %d failed %d stopped\n"):format(refused, ran, failed, stopped))
local list = {}
for reason, count in pairs(refusals) do list[#list + 1] = ("%8d %s"):format(count, reason) end
table.sort(list)
write(concat(list, "\n"), "\n")
