-- <const>: folding, scoping, capture, errors at compile time.
local A <const> = 10
local B <const> = A * 2 + 1
local S <const>, T <const> = "str", { 1, 2 }
local F <const> = 1.5
local N <const>, Y <const> = nil, true
print(A, B, S, T[2], F, N, Y, A + B, A .. S, -A, not Y, #S, A // 3, F * 2)
T[1] = "tables are still mutable"
print(T[1])

-- captured at several depths
local function f()
  local C <const> = A + 1
  return function()
    local D <const> = C + 1
    return function() return A, C, D, S end
  end
end
print(f()()())

-- shadowing: an inner variable with the same name is independent
do
  local A = 1
  A = A + 1
  print(A)
  local A <const> = "inner"
  print(A)
end
print(A)
for A = 1, 2 do io.write(A, " ") end
print(A)
local function param(A) A = A + 1 return A end
print(param(5), A)

-- errors
local function err(s) print(select(2, load(s, "=c"))) end
err "local x <const> = 1; x = 2"
err "local x <const> = 1; local function f() x = 2 end"
err "local x <const> = {}; x, y = 1, 2"
err "local x <const>, y = 1, 2; y = 3; x = 4"
err "local x <unknown> = 1"
err "local x <const"
err "local x <const> = 1; for i = 1, 2 do x = i end"
err "local function f() end local g <const> = f; function g() end"
err "local x <const> = 1; function x.y() end; x = 1"
err "local x <const> = 5; do local x = 6; x = 7 end; x = 8"
print(load "local x <const> = {}; x.y = 1; x[1] = 2; return x.y + x[1]"())
print(load "local x <const>; return x"(), load "local x <const>, y <const> = 1; return x, y"())

-- constants in places where the code generator chooses immediate operands
local K0 <const>, K1 <const>, KM <const>, KBIG <const>, KF <const>, KS <const> = 0, 1, -1, 1 << 40, 2.5, "10"
local v = 7
print(v + K1, v - K1, K1 + v, K1 - v, v * KM, v + KBIG, v + KF, v + KS, v // K1, v % 4, v & 3, v | K0, v ~ KM, v << K1, v >> K1, K1 << v)
print(v == K1, v < K1, v > KM, K1 <= v, v >= KF, v ~= 7, KS == "10", v == KBIG, -KBIG < v)
local t = { K1, [K1 + 1] = KS, x = KF, [KS] = KM }
print(t[K1], t[2], t.x, t[KS], t["10"], #t)
print(K1 and "true" or "false", N and 1 or 2, Y and KS, N or K0)
if K0 then print "0 is true" end
if N then print "nil" elseif Y then print "true" end
while N do print "never" end
repeat local Z <const> = Y until Z

-- integer and float constants stay apart; -0.0, nan and inf do not fold wrongly
local I1 <const>, F1 <const> = 1, 1.0
print(I1, F1, I1 == F1, math.type(I1), math.type(F1), I1 // 1, F1 // 1)
local NZ <const> = -0.0
print(NZ, 1 / NZ, 0.0, 1 / 0.0, NZ == 0)
local INF <const> = 1 / 0
print(INF, -INF, INF - INF ~= INF - INF)
print(pcall(load "local Z <const> = 0; return 1 // Z"))
print(pcall(load "local Z <const> = 0; return 5 % Z"))

-- in loops, hot: bounds, steps and accumulations with constants
local LIM <const>, STEP <const> = 10000, 3
local s = 0
for i = 1, LIM, STEP do s = s + i * A - B end
print(s)
local fns = {}
for i = 1, 3 do
  local C <const> = i * A
  fns[i] = function() return C end
end
print(fns[1](), fns[2](), fns[3]())
-- more than 255 distinct constants
local parts = { "local t <const> = {}" }
for i = 1, 400 do parts[#parts + 1] = ("local c%d <const> = %d t[%d] = c%d + %d.5"):format(i % 100, i * 1000, i, i % 100, i) if i % 100 == 0 then parts[#parts + 1] = "do end" end end
parts[#parts + 1] = "return t"
local ok, e = load(table.concat(parts, "\n"))
print(ok == nil and e:gsub("^.-:%d+: ", ""))
for i = 1, #parts do parts[i] = parts[i]:gsub("^local (c.*)$", "do local %1 end") end
local r = load(table.concat(parts, "\n"))()
print(#r, r[1], r[256], r[400])
