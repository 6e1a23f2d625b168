-- Values by chance through the library, printed as digests of blocks, for a comparison of two implementations:
--   properties.lua KIND SEED COUNT BLOCK PROGRAMS...
-- With BLOCK 1 every line is a value and what became of it.
local kind, seed, count, block = arg[1], math.tointeger(arg[2]), math.tointeger(arg[3]), math.tointeger(arg[4])

local state = seed * 0x9e3779b97f4a7c15 + 0x1234567
local function bits()
  state = state ~ (state << 13)
  state = state ~ (state >> 7)
  state = state ~ (state << 17)
  return state
end
local function below(n) return (bits() >> 11) % n end
local function pick(t) return t[below(#t) + 1] end
local function times(n, f)
  local t = {}
  for i = 1, n do t[i] = f() end
  return table.concat(t)
end

local function show(...)
  local t = { ... }
  for i = 1, select("#", ...) do
    local v = t[i]
    if math.type(v) == "float" then
      t[i] = v ~= v and "nan" or string.format("%a", v)
    elseif type(v) == "table" then
      t[i] = "table"
    else
      t[i] = tostring(v)
    end
  end
  return (table.concat(t, " ", 1, select("#", ...)):gsub("%-nan", "nan"))
end

local edges = { 0, 1, -1, math.maxinteger, math.mininteger, 0.0, -0.0, 0.5, 1 / 0, -1 / 0, 0 / 0, 2 ^ 53, -2 ^ 63, 2 ^ 63,
  5e-324, 1.7976931348623157e308, 1e15, 1e16, 123456789012345678, 255, 256, 65535, 0.1, 1e-5, 99999.5 }
local function integer()
  local c = below(4)
  if c == 0 then return bits() end
  if c == 1 then return bits() >> below(64) end
  if c == 2 then return below(1000) - 500 end
  return (1 << below(64)) + below(3) - 1
end
local function float()
  local c = below(4)
  if c == 0 then return (string.unpack("d", string.pack("j", bits()))) end
  if c == 1 then return (below(2000001) - 1000000) / pick { 1, 2, 3, 7, 10, 100, 1000, 1024 } end
  if c == 2 then return bits() * 2.0 ^ (below(200) - 100) end
  return tonumber(below(100000) .. "e" .. (below(40) - 20))
end
local function number()
  local c = below(10)
  if c == 0 then return pick(edges) end
  return c < 5 and integer() or float()
end
local function word(alphabet, most)
  return times(below(most + 1), function()
    local at = below(#alphabet) + 1
    return alphabet:sub(at, at)
  end)
end

-- Text that is nearly a numeral.
local function numeral()
  local c = below(8)
  if c == 0 then return word("0123456789", 25) end
  if c == 1 then return "0x" .. word("0123456789abcdefABCDEF.pP+-", 24) end
  if c == 2 then return word("0123456789.eE+- xXnif\t", 14) end
  if c == 3 then return string.format("%.17g", float()) end
  if c == 4 then return word(" -", 1) .. word("0123456789", 20) .. "." .. word("0123456789", 25) .. "e" .. (below(700) - 350) end
  if c == 5 then return string.format("%a", float()) end
  if c == 6 then return tostring(integer()) .. word(" 0.e\n", 2) end
  return "0x" .. word("0123456789abcdef", 20) .. "." .. word("0123456789abcdef", 20) .. "p" .. (below(2400) - 1200)
end

local kinds = {}

function kinds.numbers()
  local n, s = number(), numeral()
  local t = tostring(n)
  local chunk = load("return " .. s)
  return s, t, n == n and tonumber(t) == tonumber(string.format("%.14g", n)), tonumber(s), tonumber(s, below(35) + 2),
    math.tointeger(s), chunk and select("#", pcall(chunk)), chunk and select(2, pcall(chunk)), n // 1, n % 3, (pcall(math.tointeger, n)),
    s .. n == s .. t
end

function kinds.format()
  local spec = "%" .. word("-+ #0", 2) .. pick { "", "", "1", "5", "12", "20", "99", "100" } ..
    pick { "", "", ".", ".0", ".3", ".10", ".17", ".99", ".100", "..", ".-1" } ..
    pick { "d", "i", "u", "o", "x", "X", "e", "E", "f", "F", "g", "G", "a", "A", "c", "s", "q", "p", "%", "n", "" }
  local v = pick { number, number, integer, numeral, function() return word("ab\0\n\"\\\r1", 8) end, function() return true end,
    function() return nil end }()
  if spec:find("p") then v = nil end
  -- Where rounding carries, C libraries disagree about '#' with 'g'.
  if spec:find("#") and spec:lower():find("g") then spec = "%g" end
  return spec, v, pcall(string.format, spec, v)
end

function kinds.pack()
  local item = function()
    return pick { "b", "B", "h", "H", "i", "I", "l", "L", "j", "J", "T", "f", "d", "n", "s", "z", "x", "X", "c", "!", "<", ">", "=", " " } ..
      pick { "", "", "", "1", "2", "3", "4", "7", "8", "12", "16", "17", "0" }
  end
  local format = times(below(4) + 1, item)
  local function value()
    return pick { integer, integer, number, function() return word("ab\0c", 6) end, numeral }()
  end
  local a, b, c = value(), value(), value()
  local ok, packed = pcall(string.pack, format, a, b, c, a)
  local bytes = ok and packed or word("\0\1\2\255abc\127\128", 24)
  local at = pick { 1, 1, 2, 5, -3 }
  return format, a, b, c, ok, packed, pcall(string.packsize, format), pcall(string.unpack, format, bytes, at)
end

local function piece()
  return pick { "a", "b", ".", "%a", "%d", "%s", "%w", "[ab]", "[^a]", "[a-c]", "%.", "(", ")", "()", "%b()", "%f[%w]", "%1", "^", "$",
    "[%a_]", "[]]", "[^%s]", "%", "[", "x", "[a-", "%f", "%b", "\0", "[%z]" } .. pick { "", "", "", "*", "+", "-", "?" }
end
function kinds.patterns()
  local p = times(below(6) + 1, piece)
  local s = word("aabbc ()1_.x\0\n", 14)
  local init = pick { 1, 1, 1, 2, -2, 20 }
  local r = pick { "%0", "<%1>", "%2", "x", "%", "%%", "" }
  local list = {}
  local ok = pcall(function()
    for a, b in s:gmatch(p) do
      list[#list + 1] = show(a, b)
      if #list > 20 then break end
    end
  end)
  return p, s, show(pcall(string.find, s, p, init)), show(pcall(string.match, s, p, init)), show(pcall(string.gsub, s, p, r)),
    show(pcall(string.gsub, s, p, r, 2)), ok, table.concat(list, ";")
end

-- Comparators that contradict themselves: what comes out is the same permutation, or the same error.
function kinds.sort()
  local n = below(60)
  local t = {}
  for i = 1, n do t[i] = below(20) end
  local c = below(6)
  local ok, e
  if c == 0 then
    ok, e = pcall(table.sort, t, function(a, b) return a <= b end)
  elseif c == 1 then
    ok, e = pcall(table.sort, t, function() return true end)
  elseif c == 2 then
    ok, e = pcall(table.sort, t, function(a, b) return (a * 7 + b * 3) % 5 < 2 end)
  elseif c == 3 then
    local k = 0
    ok, e = pcall(table.sort, t, function() k = k + 1 return k % 3 == 0 end)
  elseif c == 4 then
    ok, e = pcall(table.sort, t, function(a, b) if a == 13 then error("thirteen", 0) end return a < b end)
  else
    if n > 3 then t[below(n) + 1] = 0 / 0 end
    ok, e = pcall(table.sort, t)
  end
  for i = 1, n do t[i] = tostring(t[i]) end
  return c, ok, e, table.concat(t, ","):gsub("%-nan", "nan")
end

local pieces = { "local", "x", "=", "1", "function", "(", ")", "end", "if", "then", "else", "while", "do", "repeat", "until", "for", "in",
  "return", "break", "goto", "::l::", "{", "}", "[", "]", ",", ";", "..", "...", "'s'", "\"t\"", "[[u]]", "0x1p4", "1e5", "3.", "nil", "true",
  "not", "-", "~", "#", "<const>", "<close>", "//", "==", "~=", "<<", "a.b", "a:b", "--c\n", "\n", "'", "\\", "\"\\x4", "'\\u{110000000}'",
  "[==[", "1..2", "0x", "3e", "@", "$", "\0", "\255", "goto l", "a", "b", "<", ">", "%", "^", "&", "|", "!" }
local sources = {
  "local a, b = 1, 2\nfor i = 1, 10 do\n  if a < b then a = a + i else b = b * 2 end\nend\nreturn a .. b",
  "local t <const> = {x = 1, [2] = 'y'; 3}\nfunction t.f(self, ...)\n  local n = select('#', ...)\n  return n, self.x\nend\nreturn t:f(1, nil)",
  "do local c <close> = nil\n  goto done\nend\n::done::\nrepeat local z = 5 until z > 3\nwhile false do break end\nreturn function(...) return ... end",
  "local s = [[long\nstring]] .. \"esc\\n\\65\\x41\\u{48}\\z\n   rest\"\nreturn #s, -s:len() // 2 ~ 3 & 0xff | 1 << 4 >> 2",
}

-- A source with pieces put in, taken out, doubled and cut: the message with its line, or the bytes of the dump.
local function broken(s)
  for _ = 1, below(3) + 1 do
    local at, c = below(math.max(#s, 1)) + 1, below(6)
    if c == 0 then
      s = s:sub(1, at) .. " " .. pick(pieces) .. " " .. s:sub(at + 1)
    elseif c == 1 then
      s = s:sub(1, at - 1) .. s:sub(at + below(6))
    elseif c == 2 then
      s = s:sub(1, at) .. s:sub(at - below(12), at) .. s:sub(at + 1)
    elseif c == 3 then
      s = s:sub(1, at)
    elseif c == 4 then
      s = s:sub(1, at - 1) .. string.char(below(256)) .. s:sub(at + 1)
    else
      local tokens = {}
      for w in s:gmatch("%S+%s*") do tokens[#tokens + 1] = w end
      if #tokens > 1 then
        local i, j = below(#tokens) + 1, below(#tokens) + 1
        tokens[i], tokens[j] = tokens[j], tokens[i]
        s = table.concat(tokens)
      end
    end
  end
  local f, message = load(s, "=s")
  return s, f and string.dump(f, true) or message
end

function kinds.sources() return broken(pick(sources)) end

-- The same with some lines of the programs that are named after the other arguments.
local programs = {}
function kinds.programs()
  local path = arg[5 + below(#arg - 4)]
  if not programs[path] then
    local lines = {}
    for line in io.lines(path, "L") do lines[#lines + 1] = line end
    programs[path] = lines
  end
  local lines = programs[path]
  local first = below(#lines) + 1
  return broken(table.concat(lines, "", first, math.min(first + below(20), #lines)))
end

-- Calls of library functions at places that have become hot with fitting arguments, with any number of results.
-- A row: how it is named, and arguments that fit.
local calls = {
  { "type", 1 }, { "tostring", 1 }, { "tostring", "x" }, { "tonumber", "12" }, { "tonumber", "7f", 16 }, { "tonumber", 1.5 },
  { "rawget", { 5 }, 1 }, { "rawequal", 1, 2 }, { "rawlen", { 1, 2 } }, { "rawset", {}, 1, 2 }, { "assert", 1, "m" }, { "assert", true },
  { "select", 2, "a", "b" }, { "select", "#", 1, 2 }, { "next", { 7 } }, { "ipairs", { 1 } }, { "setmetatable", {}, {} },
  { "getmetatable", "x" }, { "coroutine.status", coroutine.create(print) }, { "pcall", math.floor, 1.5 }, { "error", "x", 0 },
  { "math.abs", -5 }, { "math.abs", -0.5 }, { "math.ceil", 1.5 }, { "math.floor", 1.5 }, { "math.floor", 3 }, { "math.sqrt", 2.0 },
  { "math.sqrt", 4 }, { "math.max", 1, 2 }, { "math.max", 1.5, 2.5 }, { "math.min", 1, 2, 3 }, { "math.min", 0.0, -0.0 }, { "math.fmod", 7, 3 },
  { "math.fmod", -7.5, 2.0 }, { "math.modf", 1.25 }, { "math.tointeger", 3.0 }, { "math.tointeger", "8" }, { "math.type", 1 },
  { "math.ult", 1, -1 }, { "math.exp", 0.0 }, { "math.log", 8, 2 }, { "math.sin", 0.0 }, { "math.atan", 0.0, -1.0 },
  { "string.len", "abc" }, { "string.sub", "hello", 2, 3 }, { "string.sub", "hello", 2 }, { "string.sub", "hello", 2, 2 }, { "string.byte", "a" },
  { "string.byte", "hello", 2 }, { "string.byte", "hello", 1, 3 }, { "string.char", 65 }, { "string.char", 65, 66 }, { "string.lower", "AbC" },
  { "string.upper", "AbC" }, { "string.rep", "ab", 3 }, { "string.rep", "ab", 3, "," }, { "string.reverse", "abc" }, { "string.find", "hello", "l" },
  { "string.find", "hello", "(l)(.)" }, { "string.find", "a.b", ".", 1, true }, { "string.match", "k = v", "(%w+)%s*=" }, { "string.match", "abc", "b" },
  { "string.gsub", "hello", "l", "L" }, { "string.format", "%d %s", 1, "x" }, { "string.format", "%5.2f", 1.5 }, { "string.format", "%x", 255 },
  { "table.insert", {}, 1 }, { "table.insert", { 1 }, 1, 2 }, { "table.remove", { 1, 2 } }, { "table.remove", { 1, 2 }, 1 }, { "table.concat", { 1, 2 }, "," },
  { "table.unpack", { 1, 2, 3 } }, { "table.unpack", { 1, 2, 3 }, 2, 3 }, { "table.pack", 1, 2 }, { "table.move", { 1, 2 }, 1, 2, 2 },
  { "utf8.char", 228 }, { "utf8.codepoint", "abc", 1, 2 }, { "utf8.len", "abc" }, { "utf8.offset", "abc", 2 },
}
local shapes = {
  "local v = CALL return v", "local v for k = 1, 3 do v = CALL end return v", "return CALL", "return count(CALL)", "return (CALL)", "return {CALL}",
  "local v, w = CALL return v, w", "local v, w, x, y = CALL return v, w, x, y", "CALL return 'done'", "return id(CALL)", "return 1, id(0, CALL)",
  "if CALL then return 'yes' end return 'no'", "return (tostring(CALL))", "return CALL == CALL", "local v = CALL return function() return v end",
}
local function named()
  return setmetatable({}, { __tostring = function() return "named" end, __index = { 1, 2 }, __len = function() return 2 end })
end
-- The arguments of a row, its tables as copies: what a call does to them is not there for the next.
local function fresh(row)
  local list = { table.unpack(row, 2, 6) }
  for i, v in pairs(list) do
    if type(v) == "table" then list[i] = { table.unpack(v) } end
  end
  return list
end
local function small() return below(8) - 2 end
local function pattern() return times(below(3) + 1, piece) end
local function conversion() return (word("%sdgf5.2x", 6):gsub("%%s", "%%d")) end
local function argument()
  return pick { number, number, integer, small, numeral, function() return word("aAbl.", 6) end, pattern, conversion, named,
    function() return nil end, function() return true end, function() return false end,
    function() return { 3, 2, 1 } end, function() return setmetatable({ 1, x = 2 }, { __metatable = "kept" }) end,
    function() return math.floor end, function() return fresh(pick(calls))[1] end }()
end
-- Half of the time a value of the same type as the one that fits.
local function instead_of(v)
  if below(2) == 0 then return argument() end
  if type(v) == "string" then return pick { pattern, pattern, numeral, conversion }() end
  if math.type(v) then return pick { number, small, small }() end
  return argument()
end
local places, used = {}, {}
function kinds.calls()
  local at = below(#calls) + 1
  local row, shape = calls[at], below(#shapes) + 1
  local key = at * 256 + shape
  local method = row[1]:match("^string%.(%w+)") and row[1] ~= "string.char" and below(2) == 0
  if method then key = -key end
  -- A place that has seen many arguments has become general: then a new one takes its turn.
  used[key] = (used[key] or 0) + 1
  if not places[key] or used[key] % 6 == 0 then
    local names, n = { "a", "b", "c", "d", "e" }, #row - 1
    local call = row[1] .. "(" .. table.concat(names, ", ", 1, n) .. ")"
    if method then call = "a:" .. row[1]:match("%.(%w+)") .. "(" .. table.concat(names, ", ", 2, n) .. ")" end
    local source = "local a, b, c, d, e = ... " .. shapes[shape]:gsub("CALL", (call:gsub("%%", "%%%%")))
    local f = assert(load(source, "=place", "t", setmetatable({
      count = function(...) return select("#", ...) end, id = function(...) return ... end }, { __index = _G })))
    for _ = 1, 12 do pcall(f, table.unpack(fresh(row), 1, 5)) end
    places[key] = f
  end
  local list = fresh(row)
  for _ = 1, below(3) do
    local at = below(#row) + 1
    list[at] = instead_of(list[at])
  end
  -- Two strings that fit their types seldom match.
  if row[1]:find("^string%.[fmg]") and row[1] ~= "string.format" and below(2) == 0 then list[1], list[2] = word("aab (1_.", 9), pattern() end
  -- Results of great size tell nothing, and addresses differ.
  if row[1] == "string.rep" and tonumber(list[2]) then list[2] = (math.tointeger(list[2]) or 0) % 99 end
  if row[1] == "table.move" or row[1] == "table.unpack" or row[1] == "table.concat" then
    for i = 2, 4 do if tonumber(list[i]) then list[i] = below(9) - 3 end end
  end
  local results = table.pack(pcall(places[key], table.unpack(list, 1, 5)))
  for i = 1, results.n do
    local v = results[i]
    if type(v) == "table" then v = "{" .. show(rawget(v, 1), rawget(v, 2), rawget(v, 3), rawget(v, 4)) .. "}" end
    if type(v) == "function" or type(v) == "thread" then v = type(v) end
    if type(v) == "string" then v = v:gsub("0x%x%x%x%x%x%x+", "address"):gsub("builtin: %x+", "address") end
    results[i] = v
  end
  return row[1], shape, method, show(table.unpack(list, 1, 5)):gsub("0x%x%x%x%x%x%x+", "address"), table.unpack(results, 1, results.n)
end

local f, digest = kinds[kind], 0
for i = 1, count do
  -- Every value has its own seed, so that a block can be looked at without those before it.
  state = (seed * 1000003 + i) * 0x9e3779b97f4a7c15 + 1
  for _ = 1, 4 do bits() end
  local line = show(f())
  if block == 1 then
    print(i, (string.format("%q", line):gsub("\\\n", "\\n")))
  else
    for k = 1, #line do digest = (digest * 31 + line:byte(k)) & 0xffffffffffff end
    if i % block == 0 or i == count then
      print(i, digest)
      digest = 0
    end
  end
end
