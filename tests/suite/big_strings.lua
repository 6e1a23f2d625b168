-- Long strings: building, slicing, searching, comparing, hashing, buffers.
local big = ("0123456789"):rep(20000)
print(#big, big:sub(1, 10), big:sub(-10), big:byte(100001), big:find("90", 100000, true))
local parts = {}
for i = 1, 5000 do parts[i] = ("%05d"):format(i) end
local joined = table.concat(parts, ",")
print(#joined, joined:sub(29000, 29020), select(2, joined:gsub(",", "")))
-- appending in a loop
local s = ""
for i = 1, 4000 do s = s .. "x" .. i end
print(#s, s:sub(-9))
local r = {}
for i = 1, 200 do r[i] = s:sub(i, i + 50) end
print(#table.concat(r))
-- equality and use as keys
local a, b = ("ab"):rep(5000), ("abab"):rep(2500)
local keys = { [a] = "value" }
print(a == b, keys[b], a .. "c" == b .. "c", a == b .. "c", a < b .. "c", a:sub(1, 9999) < b)
local t = {}
for i = 1, 200 do t[("k"):rep(i)] = i end
local hits = 0
for i = 1, 200 do if t[("k"):rep(i)] == i then hits = hits + 1 end end
print(hits)
-- reverse, upper, rep with separator, format
print(#big:reverse(), big:reverse():sub(1, 10), #a:upper(), a:upper():sub(1, 4), #("y"):rep(1000, ", "), #("%s|%s"):format(big, a))
-- gsub over the whole
local g, n = big:gsub("[02468]", "")
print(#g, n, g:sub(1, 10))
g, n = big:gsub("%d", function(d) if d == "5" then return "five" end end)
print(#g, n)
print(select(2, big:gsub("", "")), #big:gsub(".", "%0%0"))
-- gmatch sums
local sum = 0
for d in big:sub(1, 5000):gmatch "%d" do sum = sum + d end
print(sum)
-- find from the end, repeated
local pos, c = 1, 0
while true do
  local p = big:find("789", pos, true)
  if not p then break end
  c = c + 1
  pos = p + 1
end
print(c)
-- embedded zeros, every byte value
local all = {}
for i = 0, 255 do all[#all + 1] = string.char(i) end
all = table.concat(all)
local rep = all:rep(100)
print(#rep, rep:byte(256), rep:byte(257), rep:find("\255\0", 1, true), rep == all:rep(100))
local h = 0
for i = 1, #all do h = (h * 31 + all:byte(i)) & 0xffffffff end
print(h)
-- comparisons that differ only late
local l1, l2 = big .. "a", big .. "b"
print(l1 < l2, l1 <= l2, l1 == l2, l1 > l2, big < l1, #l1 == #l2)
local z1, z2 = "x\0" .. big, "x\0" .. big .. "\0"
print(z1 < z2, z1 == z2)
-- number conversions of long digit strings
print(tonumber(("9"):rep(30)), tonumber("0." .. ("3"):rep(300)), tonumber(("1"):rep(400)), tonumber("0x" .. ("f"):rep(40)), tonumber(("0"):rep(500) .. "7"))
-- concatenation with numbers in the middle; chains of twenty operands
local chain = a .. 1 .. a .. 2.5 .. a .. "end"
print(#chain)
local x = "p"
local y = x .. x .. x .. x .. x .. x .. x .. x .. x .. x .. x .. x .. x .. x .. x .. x .. x .. x .. x .. x
print(#y)
-- limits
print(pcall(string.rep, big, 1 << 50))
print(pcall(function() return ("x"):rep(1 << 62) end))
-- load of a long literal, long comment, long name
print(#load("return '" .. ("q"):rep(50000) .. "'")(), #load("return [==[" .. ("]] "):rep(10000) .. "]==]")(), load("--[[" .. ("comment "):rep(5000) .. "]] return 'after'")())
local name = ("n"):rep(1000)
print(load("local " .. name .. " = 5 return " .. name)(), load(name .. " = 1 return " .. name)())
-- a text wrapped, justified and unwrapped
local words = {}
for i = 1, 2000 do words[i] = ("w"):rep(i % 9 + 1) end
local line, lines = {}, {}
local len = 0
for _, w in ipairs(words) do
  if len + #w + #line > 60 then lines[#lines + 1] = table.concat(line, " ") line, len = {}, 0 end
  line[#line + 1] = w
  len = len + #w
end
lines[#lines + 1] = table.concat(line, " ")
print(#lines, #lines[1], table.concat(lines, " ") == table.concat(words, " "))
