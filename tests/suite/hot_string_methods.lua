-- Methods of strings in hot code, while the functions of string, the metatable of strings and its __index change;
-- and the bytes of strings, within and beyond their ends.

local gsub = string.gsub

local function attempt(f, ...)
  local ok, text = pcall(f, ...)
  return ok, (gsub(tostring(text), "^.-:%d+: ", ""))
end

local text = "hello world"
local function sum(s)
  local h = 0
  for i = 1, #s do h = (h * 31 + s:byte(i)) % 1000003 end
  return h
end
local function first(s) return s:byte(1) end
local function at(s, i) return (s:byte(i)) end
local function len(s) return s:len() end
local function lens(s) return #s end
local function up(s) return s:upper() end
local out = {}
local function note(...) out[#out + 1] = table.concat({...}, " ") end
local function all(tag)
  local a, b, c, d
  for i = 1, 300 do a = sum(text); b = first(text); c = len(text); d = up(text) end
  note(tag, a, b, c, d, tostring(at(text, 0)), tostring(at(text, -1)), tostring(at(text, -11)), tostring(at(text, -12)), tostring(at(text, 12)), tostring(at(text, math.mininteger)), tostring(at(text, math.maxinteger)))
end
all("plain")
local byte, upper = string.byte, string.upper
string.byte = function(s, i) return (byte(s, i) or 0) + 1 end
all("replaced")
string.byte = byte
all("back")
string.newone = function() return 1 end
all("added")
string.newone = nil
local mt = getmetatable("")
local old = mt.__index
mt.__index = {byte = function(s, i) return i end, len = function(s) return -1 end, upper = function(s) return "UP" end}
all("index")
mt.__index = function(s, k) return string[k] end
all("function")
mt.__index = setmetatable({}, {__index = string})
all("chain")
mt.__index = old
all("restored")
debug.setmetatable("", {__index = {byte = function() return 7 end, len = function() return 8 end, upper = function() return "x" end}})
all("other metatable")
debug.setmetatable("", nil)
print(attempt(first, "x"))
print(attempt(function() for i = 1, 500 do local s = "abc"; s:byte(1) end end))
debug.setmetatable("", mt)
all("metatable restored")
string.byte = nil
print(attempt(first, "x"))
print(attempt(sum, "x"))
string.byte = byte
all("byte restored")
-- receivers of other types
local object = {byte = function(self, i) return 1000 end, len = function() return 2000 end}
for i = 1, 400 do
  local r = i % 3 == 0 and object or i % 3 == 1 and text or ("z"):rep(60)
  note(first(r), len(r))
end
print(attempt(first, 12), attempt(first, nil), attempt(first, true))
print(#out)
local h = 0
for i = 1, #out do h = (h * 7 + sum(out[i])) % 1000003 end
print(h)
for i = 1, 13 do print(out[i]) end
-- ends of text
local function scan(s)
  local i, n = 1, 0
  while true do
    local c = s:byte(i)
    if not c then return n end
    n = n + c; i = i + 1
  end
end
for i = 1, 200 do h = h + scan(text) + scan("") end
print(h)
local function open(s, i) return string.char(s:byte(i)) end
for i = 1, 300 do open(text, 1 + i % 11) end
print(open(text, 3), #open(text, 30))
local function badi(s, i) local x = 0 for k = 1, 100 do x = x + s:byte(i) end return x end
print(badi("abc", 1), attempt(badi, "abc", 10), attempt(badi, "abc", "2"), attempt(badi, "abc", 2.0), attempt(badi, "abc", 2.5), attempt(badi, "abc", {}))
print(attempt(badi, "abc", "x"))
local function glob(s) local x = 0 for i = 1, #s do x = x + string.byte(s, i) end return x end
for i = 1, 100 do glob(text) end
print(glob(text), glob(("q"):rep(1000)), attempt(glob, {1}), attempt(glob, 5))
local real = string
string = {byte = function() return 1 end}
print(glob(text))
string = real
print(glob(text))
