-- Strings in hot code: lengths that are asked for in some iterations only, bytes that a function returns, and a metatable
-- of strings that is weak.
local gsub = string.gsub
local function attempt(f, ...)
  local ok, text = pcall(f, ...)
  return ok, (gsub(tostring(text), "^.-:%d+: ", ""))
end

local function lengths(v, n, every)
  local x = 0
  for i = 1, n do
    if i % every == 0 then x = x + string.len(v) else x = x + 1 end
  end
  return x
end
local function methods(v, n, every)
  local x = 0
  for i = 1, n do
    if i % every == 0 then x = x + v:len() else x = x + 1 end
  end
  return x
end
for i = 1, 50 do lengths("abc", 100, 2) methods("abc", 100, 2) end
for _, v in ipairs({"abcd", ("x"):rep(99), 5, 5.5, 7 << 40, -1}) do print(lengths(v, 100, 1000), pcall(lengths, v, 100, 2)) print(methods(v, 100, 1000), (pcall(methods, v, 100, 2))) end
print(lengths(nil, 100, 1000), lengths({}, 100, 1000), lengths(true, 100, 1000), methods(nil, 100, 1000), methods(print, 100, 1000))
local function tail(s, i) return s:byte(i) end
local function tail2(s) return #s, s:len() end
local function tail3(s) return string.len(s) end
local function tail4(...) return (...):byte(2) end
local n = 0
for i = 1, 400 do n = n + tail("hello", i % 5 + 1) + tail3("abc") + select(2, tail2("ab")) + tail4("xyz") end
print(n, select("#", tail("hello", 9)), tail("hello", -1), tail("x", 1), select("#", tail4("")), select("#", tail4("ab", 1)))
for i = 1, 400 do n = n + (tail("hello", i % 9 + 1) or 1000) end
print(n, select("#", tail("hello", 9)), select("#", (tail("hello", 9))))
-- a weak metatable of strings does not keep what its __index was
local mt = getmetatable("")
local old = mt.__index
local function f(s) return s:foo() end
do
  setmetatable(mt, {__mode = "v"})
  mt.__index = {foo = function() return 3 end}
  local ok = 0
  for i = 1, 200 do if pcall(f, "a") then ok = 1 end end
  collectgarbage() collectgarbage()
  print(mt.__index, attempt(f, "a"))
  setmetatable(mt, nil)
  mt.__index = old
end
print(("x"):rep(2))
