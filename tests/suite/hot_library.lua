-- Library functions that native code calls without a record: at their edges, with their errors, replaced, hooked, and where
-- any number of results will do.

local function attempt(f, ...)
  local ok, text = pcall(f, ...)
  return ok, (tostring(text):gsub("^.-:%d+: ", ""))
end
local out = {}
local function id(...) return ... end
local function count(...) return select("#", ...) end
local function each(name, f, lists)
  -- made hot with the first list, then with each
  for i = 1, 200 do f(table.unpack(lists[1], 1, lists[1].n or #lists[1])) end
  for i, list in ipairs(lists) do
    local ok, v = attempt(f, table.unpack(list, 1, list.n or #list))
    print(name, i, ok, type(v) == "string" and (#v > 60 and #v or (v:gsub("table: 0x%x+", "table"))) or v)
  end
end
each("find", function(s, p, i, plain) local x for k = 1, 3 do x = s:find(p, i, plain) end return x end,
  {{"hello", "l", n = 4}, {"hello", "xx", n = 4}, {"hello", "l+", 4, n = 4}, {"hello", "", 10, n = 4}, {"hello", "", 6, n = 4}, {"h.llo", ".", 1, true}, {"hello", "(l", n = 4},
   {"hello", "[l", n = 4}, {"hello", "%", n = 4}, {"hello", "l", "x", n = 4}, {"hello", "l", "2", n = 4}, {"hello", "^h", n = 4}, {"hello", "^e", 2, n = 4}, {"hello", 5, n = 4}, {"he5", 5, n = 4}, {"hello", nil, n = 4}, {"hello", "l", -2, n = 4}, {("a"):rep(300000), ("a?"):rep(250) .. "b", n = 4}, {"x", ("("):rep(40), n=4}})
each("match", function(s, p, i) local x for k = 1, 3 do x = string.match(s, p, i) end return x end,
  {{"key = value", "(%w+)%s*=", n = 3}, {"key = value", "%s*=", n = 3}, {"key = value", "()=", n = 3}, {"key", "=", n = 3}, {"key", "(k)(e", n = 3}, {"key", "%1", n = 3}, {"key", "(k)%2", n = 3}, {"key", "%f", n = 3}, {"key", "k", 9, n = 3}, {"abc", "^(b)", 2, n = 3}, {"abc", "%b", n = 3}, {"abc", "", 4, n = 3}, {"  trim  ", "^%s*(.-)%s*$", n = 3}, {12, "1", n = 3}, {{}, "1", n = 3}})
each("format", function(f, ...) local x for k = 1, 3 do x = string.format(f, ...) end return x end,
  {{"%d %s", 1, "x"}, {"%d", 1.0}, {"%d", 1.5}, {"%d", "1"}, {"%d"}, {"%5.2f|%-8d|%08.3f", 3.14159, 7, -2.5}, {"%x %X %#x", 255, 255, 255}, {"%s %s %s", nil, true, 1.5}, {"%5s|%-5s|%.2s", "a", "b", "cde"}, {"%q", "a\nb"}, {"%y", 1}, {"%"}, {"%0100d", 1}, {"%10", 1}, {"%c%c", 65, 66}, {"%i", 3}, {"%s", setmetatable({}, {__tostring = function() return "obj" end})}, {"%s", setmetatable({}, {__tostring = function() return 1 end})}, {("x"):rep(3000) .. "%d", 4}, {"%g %g %e", 1, 1e100, 0.5}, {"%.3f", "2.5"}, {"%.3f", {}}, {"%%"}, {"%5.123f", 1}, {"%+d % d", 3, 4}, {"%s", ("y"):rep(5000)}, {"%d", math.mininteger}, {"%s %d %s", -0.0, -5, 1e15}, {"%a", 1.0}, {"%u", 1}})
each("lower", function(s) local x for k = 1, 3 do x = s:lower() .. s:upper() end return x end, {{"AbC"}, {""}, {("Q"):rep(2000)}})
each("lower2", function(s) local x for k = 1, 3 do x = string.lower(s) end return x end, {{"AbC"}, {12}, {{}}, {nil, n = 1}})
each("rep", function(s, n, sep) local x for k = 1, 3 do x = s:rep(n) .. "|" .. string.rep(s, n, sep) end return x end, {{"ab", 3, ",", n = 3}, {"ab", 0, n = 3}, {"ab", -1, n = 3}, {"", 5, n = 3}, {"a", 3000, n = 3}, {"a", 2.0, n = 3}, {"a", 2.5, n = 3}, {"a", "2", n = 3}, {"ab", 1, n = 3}, {"ab", 1 << 40, n = 3}})
each("tonumber", function(s) local x for k = 1, 3 do x = tonumber(s) end return tostring(x) end, {{"12"}, {"0x1F"}, {" 1e2 "}, {"x"}, {""}, {12}, {1.5}, {nil, n = 1}, {{}}, {true}})
each("tonumber2", function(s, b) local x for k = 1, 3 do x = tonumber(s, b) end return tostring(x) end, {{"ff", 16}, {"zz", 36}, {"8", 8}, {"8", 99}, {8, 10}})
print(attempt(function() for i = 1, 300 do local x = i < 300 and tonumber("1") or tonumber() end end))
each("assert", function(v, m) local x for k = 1, 3 do assert(v, m) x = assert(v) end return x end, {{1, "m"}, {false, "m"}, {nil, n = 2}, {"x"}, {nil, {}, n = 2}})
print(attempt(function() for i = 1, 300 do assert(i < 299, "stop at " .. i) end end))
print(attempt(function() for i = 1, 300 do if i < 299 then assert(true) else assert() end end end))
-- results of calls that are arguments of calls, in table constructors and returned
local function open(s, i, j)
  local t = {s:sub(i, j)}
  local u = {s:byte(i, j)}
  return count(s:sub(i, j)) .. ":" .. count(s:byte(i, j)) .. ":" .. count(s:byte(i)) .. ":" .. count(s:find("l")) .. ":" .. count(s:match("(h)(e)")) .. ":" .. #t .. ":" .. #u .. ":" .. id(s:sub(i, j)) .. id(tostring(i)) .. id(s:upper()) .. string.rep(s:sub(i, i), 2) .. string.upper(string.lower(s:sub(j))), s:find("l")
end
for i = 1, 300 do open("hello", 2, 3) end
print(open("hello", 2, 3))
print(open("hello", 6, 7))
print(attempt(open, "hello", {}, 3))
print(attempt(open, "hello", 1, 2.5))
print(attempt(open, nil, 1, 2))
local function ret(s) return s:find("l") end
local function ret2(s) return s:match("(h)(e)") end
local function ret3(s, i) return s:byte(i, 3) end
local function ret4(v, ...) return assert(v, ...) end
local function ret5(s, i) return s:sub(i) end
for i = 1, 300 do ret("hello") ret2("hello") ret3("hello", 2) ret4(1, 2) ret5("hello", 2) end
print(ret("hello")) print(ret2("hello")) print(ret3("hello", 1)) print(ret4(1, 2, 3)) print(ret3("h", 9)) print(ret5("abc", 2))
-- functions replaced while code that calls them waits
local real, n = string.sub, 0
local function wrap(s) local c = 0 for i = 1, #s do c = c + #id(s:sub(i, i + 1)) end return c end
for i = 1, 100 do wrap("hello") end
string.sub = function(...) n = n + 1 return real(...), "more" end
print(wrap("hello"), n)
string.sub = function() n = n + 1 end
print(attempt(wrap, "hello"))
string.sub = real
print(wrap("hello"), n)
-- a call hook sees the calls
local seen = {}
local function hot() local x for i = 1, 50 do x = id(("abc"):upper()) x = ("abc"):find("b") end return x end
for i = 1, 20 do hot() end
debug.sethook(function() local info = debug.getinfo(2, "nS") if info.what == "C" and info.name then seen[info.name] = (seen[info.name] or 0) + 1 end end, "c")
hot()
debug.sethook()
print(seen.upper, seen.find)
-- much garbage: collections are due in between
local total = 0
for i = 1, 60000 do total = total + #id(tostring(i)) + #string.format("%d:%s", i, "x") + #(("ab"):rep(i % 9)) + (("k" .. i):find("9", 1, true) or 0) + #("n" .. i):match("%d+") end
print(total)
local co = coroutine.wrap(function() for i = 1, 300 do local s = id(("x"):rep(i % 5)) if i % 100 == 0 then coroutine.yield(s) end end return "end" end)
print(co(), co(), co(), co())
-- a capture that does not end, at places that have only seen good patterns
local function unclosed(call)
  local f = load("local s, p = ... local v for i = 1, 3 do v = " .. call .. " end return v", "=place")
  for _ = 1, 200 do f("hello", "l") end
  return f
end
for _, call in ipairs {"s:find(p)", "string.find(s, p)", "s:find(p, 2)", "s:match(p)", "(s:gsub(p, ''))"} do
  print(call, attempt(unclosed(call), "hello", "(l"), attempt(unclosed(call), "hello", "()(l"), attempt(unclosed(call), "hello", "(x"))
end
