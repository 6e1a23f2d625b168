-- Operator precedence and associativity, folded and unfolded, logical operators as values.
local function v(x) return x end
local a, b, c, d = 2, 3, 4, 5
print(a + b * c, (a + b) * c, a - b - c, a - (b - c), a * b // c, a * (b // c), a ^ b ^ 2, (a ^ b) ^ 2, -a ^ 2, (-a) ^ 2, 2 ^ -1, -2 ^ -2)
print(a .. b .. c, a .. b + c, (a .. b) + c, a + b .. c, a * b .. c * d, 1 .. 2 ^ 2, -1 .. "")
print(a < b == true, not a == b, not (a == b), not not a, -a < b, #"abc" + 1, -#"abc", not #"" == 0, ~a + b, ~(a + b), - - a, ~~a, not nil and 1)
print(a | b & c, (a | b) & c, a ~ b | c, a | b ~ c, a << b + c, (a << b) + c, a << b << 1, 5 & 3 + 1, 5 - 3 & 6, 1 << 2 | 1, 3 ~ 1 & 1)
print(pcall(load "return 2 & 3 == 2"))
print(1 or 2 and 3, (1 or 2) and 3, nil and 1 or 2, false or nil, nil or false, 1 and nil, false and error "never", 1 or error "never", nil == false, 1 and 2 or 3, nil and 2 or 3, (nil or 1) and (false or 2))
print(a < b and b < c, a < b and "yes" or "no", not (a < b) or c, a > b or b > c or "last", a == 2 and b == 3 and c == 4 and d)
print(1 == 1.0, "a" .. "b" == "ab", 1 < 2 == (2 > 1), 2 * 3 == 6 and 7 % 4 == 3, 1 ~= 2 ~= false)
print(2 ^ 3 * 2, 2 * 3 ^ 2, -3 % 5, -(3 % 5), -3 // 2, -(3 // 2), 7 % -3, 2 ^ 0.5 ^ 2, 8 // 3 // 2, 8 % 5 % 2, 100 / 10 / 2)

-- the same expressions from values the compiler cannot know
print(v(2) + v(3) * v(4), v(2) ^ v(3) ^ v(2), -v(2) ^ v(2), v(2) .. v(3) .. v(4), v(2) .. v(3) + v(4), v(1) << v(2) + v(1), v(2) | v(3) & v(4), v(8) // v(3) // v(2), v(2) - v(3) - v(4))
print(not v(nil) == v(true), -v(3) % v(5), #v("abc") + 1, ~v(2) + v(3), v(1) < v(2) == v(true), v(nil) and 1 or 2, v(1) or v(2) and v(3))

-- evaluation order of short circuits, values of conditions
local log = {}
local function t(n) log[#log + 1] = n return n end
local function f(n) log[#log + 1] = n return false end
local function run(x) local s = table.concat(log, "") log = {} return tostring(x) .. ":" .. s end
print(run(t "a" and t "b"), run(f "a" and t "b"), run(t "a" or t "b"), run(f "a" or t "b"), run(t "a" and f "b" or t "c"), run(not f "a" and t "b"), run((f "a" or t "b") and (f "c" or t "d")), run(f "a" and t "b" or f "c" or t "d"))
if f "1" or t "2" and f "3" or t "4" then log[#log + 1] = "then" else log[#log + 1] = "else" end
print(run())
while f "w" do end
repeat until t "r"
print(run())
local x = f "p" or nil
local y = t "q" and nil
print(x, y, run())
-- nested conditions with comparisons, in every branch position
local function sign(n) return n > 0 and 1 or n < 0 and -1 or 0 end
print(sign(5), sign(-5), sign(0), sign(-0.0), sign(0 / 0))
local function cls(n)
  if not (n > 10 or n < 0) and n ~= 5 then return "small"
  elseif n > 10 and not (n > 100) then return "medium"
  elseif n >= 100 or n == 5 and true then return "special"
  else return "negative" end
end
print(cls(3), cls(5), cls(50), cls(500), cls(-1), cls(10), cls(100))
-- De Morgan over all combinations
local bad = 0
for i = 0, 7 do
  local p, q, r = (i & 1) ~= 0, (i & 2) ~= 0, (i & 4) ~= 0
  if (not (p and q)) ~= (not p or not q) then bad = bad + 1 end
  if (not (p or q)) ~= (not p and not q) then bad = bad + 1 end
  if (p and (q or r)) ~= ((p and q) or (p and r)) then bad = bad + 1 end
  if ((p and q) or (not p and r)) ~= (function() if p then return q else return r end end)() then bad = bad + 1 end
end
print(bad)
-- an expression interpreter over the same grammar agrees with the language
local prec = { ["or"] = 1, ["and"] = 2, ["<"] = 3, [">"] = 3, ["=="] = 3, ["|"] = 4, ["~"] = 5, ["&"] = 6, ["<<"] = 7, [".."] = 9, ["+"] = 10, ["-"] = 10, ["*"] = 11, ["//"] = 11, ["%"] = 11, ["^"] = 14 }
local right = { [".."] = true, ["^"] = true }
local fns = {}
for op in pairs(prec) do fns[op] = load("local a, b = ... return a " .. op .. " b") end
local function parse(tokens)
  local pos = 1
  local function expr(limit)
    local lhs = tokens[pos]
    pos = pos + 1
    while tokens[pos] and prec[tokens[pos]] > limit do
      local op = tokens[pos]
      pos = pos + 1
      lhs = fns[op](lhs, expr(right[op] and prec[op] - 1 or prec[op]))
    end
    return lhs
  end
  return expr(0)
end
local ops = { "+", "-", "*", "//", "%", "|", "~", "&", "<<" }
local seed, wrong = 99, 0
local function rnd(n) seed = (seed * 1103515245 + 12345) & 0x7fffffff return seed // 256 % n + 1 end
for _ = 1, 400 do
  local toks = { rnd(9) }
  for _ = 1, rnd(6) do toks[#toks + 1] = ops[rnd(#ops)] toks[#toks + 1] = rnd(9) end
  if parse(toks) ~= load("return " .. table.concat(toks, " "))() then wrong = wrong + 1 end
end
print(wrong)
