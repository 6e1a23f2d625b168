-- load, loadfile, dofile: readers, modes, names, environments, syntax errors.
print(load("return 1 + 1")(), load("return ...")(5), select("#", load("")()))
print(load(function() return nil end)())

-- reader in pieces of every size
local function pieces(s, n)
  local i = 1
  return function()
    if i > #s then return nil end
    local p = s:sub(i, i + n - 1)
    i = i + n
    return p
  end
end
local src = "local a, b = 'two words', [[long\nstring]] return a .. '|' .. b, 0x1F, 1e2 -- comment"
for n = 1, 7 do print(n, load(pieces(src, n))()) end
-- an empty string ends the input
local parts, i = { "return ", "1", "", " + 1" }, 0
print(load(function() i = i + 1 return parts[i] end)())
-- the reader's other results and errors
local digits = { 1, 2.5 }
print(load(function() return table.remove(digits) end, "=n"))
print(pcall(load, function() return {} end))
print(pcall(load, function() error("reader", 0) end))
print(pcall(load))
print(pcall(load, true))

-- chunk names
for _, n in ipairs { "=name", "@file.lua", "source text", "line one\nline two", ("long "):rep(20), "@" .. ("p/"):rep(50) .. "f.lua", "=" .. ("e"):rep(80), "", "=", "@" } do
  print(select(2, load("x =", n)))
end
print(select(2, load "x ="), select(2, load(pieces("x =", 1))))
print(select(2, load(pieces("x =", 1), "=given")))

-- mode
local bin = string.dump(function(...) return "binary", ... end)
print(load(bin, "b", "b")(1), load(bin, "b", "bt")(2), load(bin)(3))
print(load(bin, "=b", "t"))
print(load("return 1", "=t", "b"))
print(load(pieces(bin, 3), "b", "b")(4))
print(pcall(load, "return 1", "=x", "q"))
print(load("\27Lua garbage", "=g"))
print(load("\27", "=g", "t"))

-- environment: upvalue 1 is the environment only if given
print(load("return a", "x", "t", { a = "env" })(), load("a = 1 return a", "x", "bt", {})(), a)
local f = load(string.dump(load "return b"), "d", "b", { b = "benv" })
print(f())
print(pcall(load("return a.b", "=n", "t", {})))

-- files
local name = os.tmpname()
local function write(s, mode) local h = assert(io.open(name, mode or "w")) h:write(s) h:close() end
write "#!shebang line\nlocal a, b = ... return 'file', a, b"
print(loadfile(name)(1, 2))
print(dofile(name))
write "#only a comment"
print(select("#", loadfile(name)()))
write "\xEF\xBB\xBFreturn 'bom'"
print(dofile(name))
write "\xEF\xBB\xBF# bom and comment\nreturn 'both', debug.getinfo(1, 'l').currentline"
print(dofile(name))
write("#comment before binary\n" .. bin, "wb")
print(loadfile(name, "b")("x"))
print((select(2, loadfile(name, "t")):gsub(name, "FILE", 1):gsub("^.-:", "FILE:")))
write "return envvar"
print(loadfile(name, "t", { envvar = "E" })(), loadfile(name)())
write "return +"
print((select(2, loadfile(name)):gsub("^.*:1:", "FILE:1:")))
print((select(2, pcall(dofile, name)):gsub("^.*:1:", "FILE:1:")))
write "error('at run time')"
print((select(2, pcall(dofile, name)):gsub("^.*:1:", "FILE:1:")))
os.remove(name)
print(select(2, loadfile "/nonexistent/file.lua"))
print(select(2, pcall(dofile, "/nonexistent/file.lua")))

-- code generated and run, many times
local sum = 0
for k = 1, 300 do sum = sum + load("local x = ... return x * " .. k)(2) end
print(sum)
-- one generated function that becomes hot
local gen = load "local t, n = ... local s = 0 for i = 1, n do s = s + t[i % #t + 1] end return s"
print(gen({ 1, 2, 3 }, 3000), gen({ 0.5, 1.5 }, 3000), pcall(gen, { 1, "x" }, 10))
