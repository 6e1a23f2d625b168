-- Errors raised, caught and unwound inside hot loops, at every kind of operation; state stays exact.
local log = 0
local function op(kind, i)
  log = log + 1
  if kind == 1 then return i + nil
  elseif kind == 2 then local t return t.x
  elseif kind == 3 then return #i
  elseif kind == 4 then return i < {}
  elseif kind == 5 then return ("x") .. {}
  elseif kind == 6 then return undefinedf(i)
  elseif kind == 7 then error("explicit " .. i % 3)
  elseif kind == 8 then error({ i })
  elseif kind == 9 then return string.rep()
  elseif kind == 10 then return i // 0
  elseif kind == 11 then return 1.5 & i
  elseif kind == 12 then return setmetatable({}, { __index = function() error("mm", 0) end }).k end
  return i
end
local seen = {}
for i = 1, 6500 do
  local ok, e = pcall(op, i % 13, i)
  local key = ok and "ok" or type(e) == "table" and "table" or e:gsub("^.-:%d+: ", ""):gsub("%d+$", "N")
  seen[key] = (seen[key] or 0) + 1
end
local names = {}
for k, v in pairs(seen) do names[#names + 1] = k .. " = " .. v end
table.sort(names)
print(table.concat(names, "\n"))
print(log)

-- the failing iteration's effects before the error are kept, after it are not
local state = { a = 0, b = 0, c = 0 }
local function step(i)
  state.a = state.a + 1
  if i % 100 == 0 then state.b = state.b + state.missing end
  state.b = state.b + 1
  if i % 7 == 0 then error "x" end
  state.c = state.c + 1
end
for i = 1, 3000 do pcall(step, i) end
print(state.a, state.b, state.c)

-- locals after a caught error inside the same function
local function locals(n)
  local s, x = 0, 1
  for i = 1, n do
    x = i
    local ok = pcall(function()
      x = x * 2
      s = s + x
      if i % 10 == 0 then s = s + nil end
      x = -x
    end)
    if not ok then x = 0 end
    s = s + x
  end
  return s, x
end
print(locals(3000))

-- error lines: the line of the failing operation, hot or cold
local src = [[
local t = ...
local s = 0
for i = 1, #t do
  s = s
    + t[i]
  s = s -
    (t[i] or 0)
end
return s]]
local f = load(src, "=lines")
local good, bad = {}, {}
for i = 1, 2000 do good[i] = i bad[i] = i < 1990 and i or {} end
print(f(good), pcall(f, bad))

-- errors through several frames with to-be-closed variables
local closed = 0
local mt = { __close = function(_, e) closed = closed + (e and 1 or 100) end }
local function frames(d, i)
  local c <close> = setmetatable({}, mt)
  if d == 0 then if i % 2 == 0 then error(i, 0) end return i end
  local r = frames(d - 1, i)
  return r
end
local sum = 0
for i = 1, 600 do
  local ok, e = pcall(frames, 3, i)
  sum = sum + (ok and e or -e)
end
print(sum, closed)

-- xpcall handlers see the stack in hot code
local depth = 0
local function handler(m) local d = 0 while debug.getinfo(d + 1, "l") do d = d + 1 end depth = depth + d return m end
local function thrower(i) if i % 50 == 0 then local q = nil; return q.f end return i end
for i = 1, 2000 do xpcall(thrower, handler, i) end
print(depth // 40 >= 4, depth % 40)
-- error values and rethrow in nested pcalls
local E = setmetatable({ n = 0 }, { __tostring = function(e) return "E" .. e.n end })
local function rethrow(k) local ok, e = pcall(function() if k == 0 then error(E) end rethrow(k - 1) end) if not ok then e.n = e.n + 1 error(e, 0) end end
for i = 1, 200 do pcall(rethrow, i % 5) end
print(tostring(E))
-- assert, tonumber failures, select errors as control flow
local fails = 0
for i = 1, 3000 do
  if not pcall(assert, i % 4 ~= 0, "m") then fails = fails + 1 end
  if not tonumber(i % 3 == 0 and "z" or "1") then fails = fails + 1 end
end
print(fails)
-- a coroutine that fails inside a hot loop, its siblings continue
local cos, dead = {}, 0
for c = 1, 20 do cos[c] = coroutine.create(function() for i = 1, 200 do if i == c * 10 then error(c) end coroutine.yield(i) end end) end
local ticks = 0
for _ = 1, 200 do for c = 1, 20 do if coroutine.status(cos[c]) ~= "dead" then local ok = coroutine.resume(cos[c]) if ok then ticks = ticks + 1 else dead = dead + 1 end end end end
print(ticks, dead)
