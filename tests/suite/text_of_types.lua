-- The text and the name of values whose type has a metatable with __tostring and __name.

local function shown(v) local s for i = 1, 40 do s = tostring(v) end return s end
local function formatted(v) local s for i = 1, 40 do s = string.format("%s|%5s", v, v) end return s end
local function all(what)
  io.write(what, ": ", shown(1), " ", shown(1.5), " ", shown("abc"), " ", formatted(2), " ", formatted("x"), " ", formatted(0.5), "\n")
end
all("plain")
local strings = getmetatable("")
strings.__tostring = function(s) return "<" .. s .. ">" end
all("strings")
debug.setmetatable(0, { __tostring = function(n) return n == 1 and "one" or "number" end })
all("both")
print("printed", 1, 2, 0.5)
strings.__tostring = function() return 1 end
print(pcall(tostring, "x"))
print(pcall(string.format, "%s", "x"))
print(pcall(formatted, "x"))
strings.__tostring = nil
debug.setmetatable(0, nil)
all("plain again")
print(1 .. "", table.concat({ 1, 2 }, " "))

-- names in messages
strings.__name = "Text"
debug.setmetatable(0, { __name = "Count" })
debug.setmetatable(nil, { __name = "Nothing" })
print(pcall(math.floor, "x"))
print(pcall(next, 1))
print(pcall(rawlen, nil))
print(pcall(rawlen))
print(pcall(ipairs))
-- operators name the type
print(pcall(function() return {} + 1 end))
print(pcall(function() local s = "x" return s < 1 end))
strings.__name = nil
debug.setmetatable(0, nil)
debug.setmetatable(nil, nil)
print(pcall(string.rep, setmetatable({}, { __name = "A\0B" })))
print((tostring(setmetatable({}, { __name = "A\0B" })):gsub("0x%x+", "address")))
-- options end at a zero, as C's strings do
print(pcall(collectgarbage, "isrunning\0x"))
print(pcall(collectgarbage, "bad\0x"))
