-- Files: open modes, write, seek, buffering, close, default streams, errors.
local name = os.tmpname()
local function clean(m) return m and (tostring(m):gsub(name, "FILE", 1)) end
local f = assert(io.open(name, "w"))
print(io.type(f), io.type(5), (tostring(f):gsub("0x%x+", "ADDR")))
print(f:write("one\n", 2, " ", 3.5, "\n") == f)
print(f:seek(), f:seek "cur", f:seek("set", 1), f:seek("end"), f:seek("cur", -2))
print(f:write "X" == f, (f:flush()) and "flushed")
print(f:close(), io.type(f), tostring(f))
print(pcall(f.write, f, "x"))
print(pcall(function() return f:read() end))
print(pcall(f.close, f))

f = assert(io.open(name))
print(f:read "a")
print(f:read "a", f:read "l", f:read(0), f:read "n", f:read(5))
print(f:seek("set", 4), f:read "L", f:read "L")
print(select("#", f:write "no"), clean(select(2, f:write "no")))
f:close()

-- append, update modes
f = io.open(name, "a")
f:write "appended\n"
f:close()
f = io.open(name, "r+")
f:write "ONE"
f:seek("set", 0)
print(f:read "l", f:read "l", f:read "l", f:read "l")
f:close()
f = io.open(name, "a+")
f:seek("set", 0)
f:write "end"
f:seek("set", 0)
print(#f:read "a")
f:close()
f = io.open(name, "w+b")
f:write(string.char(0, 255, 10, 13, 26))
f:seek "set"
print(f:read("a"):byte(1, -1))
f:close()
print(pcall(io.open, name, "rw"))
print(pcall(io.open, name, "+r"))
print(pcall(io.open, name, ""))
print(io.open("/nonexistent/dir/file", "w"))
print(io.open "/nonexistent")
print(select("#", io.open "/nonexistent"), select(3, io.open "/nonexistent"))
print(pcall(io.open))

-- lines of a file, closing at the end, formats, errors
f = io.open(name, "w")
f:write "l1\nl2\n\nlast without newline"
f:close()
local t = {}
for l in io.lines(name) do t[#t + 1] = "<" .. l .. ">" end
print(table.concat(t))
t = {}
for l in io.lines(name, "L") do t[#t + 1] = #l end
print(table.concat(t, " "))
t = {}
for a, b in io.lines(name, 1, 2) do t[#t + 1] = a .. "/" .. tostring(b) end
print((table.concat(t, " "):gsub("\n", "n")))
print(pcall(io.lines, "/nonexistent"))
local it = io.lines(name)
while it() do end
print(pcall(it))
print(pcall(function() for _ in io.lines(name, "x") do end end))
f = io.open(name)
t = {}
for l in f:lines() do t[#t + 1] = l end
print(#t, io.type(f), f:read "l")
f:close()
print(pcall(function() for _ in f:lines() do end end))
-- io.lines returns four values; breaking out closes the file
print(select("#", io.lines(name)))
for l in io.lines(name) do if l == "l2" then break end end

-- default input and output
local old_out, old_in = io.output(), io.input()
print(io.type(old_out), old_out == io.stdout, old_in == io.stdin)
io.output(name)
io.write("default ", 1, "\n")
io.write "second"
io.close()
print(pcall(io.write, "x"))
io.output(old_out)
io.input(name)
print(io.read(), io.read "a", io.read())
print(io.close(io.input()))
print(pcall(io.read))
io.input(old_in)
print(pcall(io.input, "/nonexistent"))
print(io.output() == io.stdout)

-- buffering modes, many small writes
f = io.open(name, "w")
print(f:setvbuf "no", f:setvbuf("full", 1024), f:setvbuf "line", pcall(f.setvbuf, f, "bad"))
for i = 1, 2000 do f:write(i, i % 20 == 0 and "\n" or ",") end
f:close()
local n, sum = 0, 0
for l in io.lines(name) do for v in l:gmatch "%d+" do n = n + 1 sum = sum + v end end
print(n, sum)
-- to-be-closed and garbage collected files
do
  local g <close> = io.open(name)
  t[1] = g
end
print(io.type(t[1]))
print(pcall(function() local g <close> = io.open(name) t[2] = g error("E", 0) end), io.type(t[2]))
print(getmetatable(f).__name, type(getmetatable(f).__index), type(getmetatable(f).__gc), type(getmetatable(f).__close), f.nofield)
-- tmpfile, popen
f = io.tmpfile()
f:write "temp"
f:seek "set"
print(f:read "a", f:close())
local p = io.popen "echo from shell; exit 3"
print(p:read "a", p:close())
p = io.popen("cat > " .. name, "w")
p:write "via cat"
print(p:close())
print(io.open(name):read "a")
print(pcall(io.popen, "x", "rw"))
-- write errors come as results
print(os.remove(name), clean(select(2, io.open(name))))
