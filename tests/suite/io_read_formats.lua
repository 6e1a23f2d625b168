-- read formats: n, l, L, a, counts; numerals in every shape; combinations; end of file.
local name = os.tmpname()
local function with(content, fn)
  local f = assert(io.open(name, "wb"))
  f:write(content)
  f:close()
  f = assert(io.open(name, "rb"))
  local r = table.pack(fn(f))
  f:close()
  for i = 1, r.n do
    local v = r[i]
    r[i] = type(v) == "string" and string.format("%q", v):gsub("\\\n", "\\n") or tostring(v)
  end
  print(table.concat(r, " "))
end
local function rd(...) local a = table.pack(...) return function(f) return f:read(table.unpack(a, 1, a.n)) end end

with("hello\nworld\n", rd "l") with("hello\nworld\n", rd "L") with("hello\nworld\n", rd "a") with("hello\nworld\n", rd()) with("hello\nworld\n", rd("l", "l", "l")) with("hello\nworld", rd("L", "L", "L"))
with("", rd "l") with("", rd "L") with("", rd "a") with("", rd "n") with("", rd(0)) with("", rd(1)) with("", rd("a", "a", "l"))
with("\n", rd("l", "l")) with("\n\n", rd("L", "L", "L")) with("\r\n", rd "l") with("a\0b\nc", rd("l", "l"))
with("abcdef", rd(0, 2, 0, 3, 0)) with("abcdef", rd(100)) with("abc", rd(3, 0)) with("abc", rd(2, "a", "a", 1)) with("abcdef", rd(1, "l"))
with("*l old\nstyle\n", rd("*l", "*a")) with("12 x", rd("*n", "*l"))

-- numerals
for _, s in ipairs { "42", "  42", "-17", "+5", "3.25", ".5", "5.", "1e3", "1E-2", "0x1F", "0xA.8p1", "-0x10", "0x", "0xg", "abc", "-", "+", ".", "1e", "1e+", "--5", "1.2.3", "12abc", "0x.p1", "99999999999999999999", "9223372036854775807", "1 2", "1,2", "\t\n 7\n", "nan", "inf", "1_0", "0b1", "00012", "1e5e5", "- 5", "0X1p4", "1" .. ("0"):rep(250) } do
  with(s, function(f) local n = f:read "n" return s:sub(1, 12), n, math.type(n), f:read "a" ~= "" end)
end
with("1 2 3\n4.5 0x10 bad 7", function(f)
  local t = {}
  while true do
    local n = f:read "n"
    if not n then break end
    t[#t + 1] = n
  end
  return #t, table.unpack(t)
end)
with("10 20 thirty", rd("n", "n", "n", "n"))
with("10\n20\n", rd("n", "l", "n", "l", "l"))
with("x 5", function(f) return f:read "n", f:read(1), f:read "n" end)

-- the first failing format ends the list
print(select("#", (function() local f = io.open(name) local r = table.pack(f:read("a", "l", "l", "l")) f:close() return table.unpack(r, 1, r.n) end)()))
-- lines with formats
with("1 2\n3 4\n", function(f) local t = {} for a, b in f:lines("n", "n") do t[#t + 1] = a * b end return table.unpack(t) end)
with("k1=v1\nk2=v2\n", function(f) local t = {} for l in f:lines() do local k, v = l:match "(.-)=(.*)" t[#t + 1] = v .. k end return table.unpack(t) end)
with("abcdefgh", function(f) local t = {} for c in f:lines(3) do t[#t + 1] = c end return table.unpack(t) end)
with("abc", function(f) local t = {} for c in f:lines(0) do t[#t + 1] = "x" if #t > 3 then break end end return table.unpack(t) end)
-- errors
with("data", function(f) return pcall(f.read, f, "x") end)
with("data", function(f) return pcall(f.read, f, "") end)
with("data", function(f) return pcall(f.read, f, {}) end)
with("data", function(f) return pcall(f:lines "q") end)
with("data", function(f) return pcall(f.seek, f, "bad") end)
with("data", function(f) return pcall(f.seek, f, "set", 1.5) end)
with("data", function(f) return f:seek("set", -1) end)
with("data", function(f) return f:seek("end", 0), f:seek("set", 100), f:read "a", f:read "l", f:seek "cur" end)
with("data", function(f) return pcall(f.read) end)
-- reading and writing alternate after a seek
local f = io.open(name, "w+")
f:write "0123456789"
f:seek("set", 3)
io.write(f:read(2), " ")
f:seek("cur", 0)
f:write "XY"
f:seek("set", 0)
print(f:read "a")
f:close()
-- a long line and many lines
f = io.open(name, "w")
f:write(("long "):rep(10000), "\n")
for i = 1, 3000 do f:write("line ", i, "\n") end
f:close()
local n, bytes = 0, 0
for l in io.lines(name) do n = n + 1 bytes = bytes + #l end
print(n, bytes)
f = io.open(name)
print(#f:read "L", f:read "L", #f:read "a", f:read "L")
f:close()
f = io.open(name)
local chunks = 0
while f:read(4096) do chunks = chunks + 1 end
print(chunks)
f:close()
os.remove(name)
