-- Equality, order and shifts in hot code, with values of all kinds.

local function message(ok, text)
  return ok, (tostring(text):gsub('^.-:%d+: ', ''))
end

local nan = 0/0
local t1, t2 = {}, {}
local mt = {__eq = function(a, b) return a.v == b.v end, __lt = function(a,b) return a.v < b.v end, __le=function(a,b) return a.v<=b.v end}
local o1, o2, o3 = setmetatable({v=1}, mt), setmetatable({v=1}, mt), setmetatable({v=2}, mt)
local long1, long2 = ("x"):rep(100), ("x"):rep(99).."x"
local f = print
local values = {1, 1.0, 2, 2.5, -0.0, 0.0, 0, nan, "a", "b", long1, long2, true, false, t1, t2, o1, o2, o3, f, type, math.maxinteger, 2^63, math.mininteger, -2^63, 2^53, (1<<53)+1, (1<<53), 1e308, -1e308, "10", "1", coroutine.create(print), io.stdout}
local n = #values
local function eq(a, b) if a == b then return 1 else return 0 end end
local function ne(a, b) if a ~= b then return 1 end return 0 end
local function lt(a, b) if a < b then return 1 else return 0 end end
local function le(a, b) if a <= b then return 1 else return 0 end end
local out = {}
local order = {}
for i = 1, n do local v = values[i]; if type(v) == "number" then order[#order+1] = v end end
local strs = {"", "a", "b", "a\0b", "a\0c", long1, long2, "aa", "Z"}
for round = 1, 300 do
  local h = 0
  for i = 1, n do
    for j = 1, n do
      h = (h * 3 + eq(values[i], values[j]) + 2 * ne(values[i], values[j])) % 1000000007
    end
  end
  local k = 0
  for i = 1, #order do for j = 1, #order do k = (k * 5 + lt(order[i], order[j]) + 2*le(order[i], order[j])) % 1000000007 end end
  for i = 1, #strs do for j = 1, #strs do k = (k * 5 + lt(strs[i], strs[j]) + 2*le(strs[i], strs[j])) % 1000000007 end end
  if round == 200 then k = k + lt(o1, o3) + le(o1, o2) end
  out[round] = h + k
end
print(out[1], out[150], out[200], out[300])
print(message(pcall(function() for i = 1, 1000 do local x = i; if i == 900 then x = {} end; if x < 5 then x = 1 end end end)))
print(message(pcall(function() for i = 1, 1000 do local x = i; if i == 900 then x = "a" end; if x < 5 then x = 1 end end end)))
-- shifts
local function shifts(x, n) return x << n, x >> n end
local h = 0
local ns = {0, 1, 5, 63, 64, 65, 127, 128, -1, -5, -63, -64, -65, math.mininteger, math.maxinteger, math.mininteger+1, 1<<32, 7}
for round = 1, 200 do
  for i = 1, #ns do
    local n = ns[i]
    local a, b = shifts(0x123456789abcdef1 * round, n)
    h = (h ~ a) * 31 + (b ~ (1 << n)) + (0xff >> n)
  end
end
print(h)
