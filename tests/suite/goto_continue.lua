-- goto: continue, nested break, state machines, scoping rules, compile errors.
local out = {}
for i = 1, 10 do
  if i % 3 == 0 then goto continue end
  out[#out + 1] = i
  ::continue::
end
print(table.concat(out, " "))

-- leave two loops at once
local found
for a = 1, 20 do
  for b = a, 20 do
    for c = b, 30 do
      if a * a + b * b == c * c and a + b + c == 40 then
        found = a .. "," .. b .. "," .. c
        goto done
      end
    end
  end
end
::done::
print("triple", found)

-- a loop written with goto only
do
  local n, steps = 27, 0
  ::again::
  if n == 1 then goto fin end
  if n % 2 == 0 then n = n // 2 else n = 3 * n + 1 end
  steps = steps + 1
  goto again
  ::fin::
  print("collatz", steps)
end

-- a small state machine over a string
local function scan(s)
  local i, words, len = 1, 0, #s
  ::space::
  if i > len then goto stop end
  if s:sub(i, i) == " " then i = i + 1 goto space end
  words = words + 1
  ::word::
  if i > len then goto stop end
  if s:sub(i, i) ~= " " then i = i + 1 goto word end
  goto space
  ::stop::
  return words
end
print(scan "", scan "one", scan "  two words ", scan "a b c d")

-- the same label name in sibling and nested functions is fine
local function f()
  do goto l1 end
  ::l1::
  local function g()
    goto l1
    ::l1::
    return "inner"
  end
  do
    goto l2
    ::l2::
  end
  do
    goto l2
    ::l2::
  end
  return g()
end
print(f())

-- jumping backward out of a block closes captured variables
do
  local fns, k = {}, 0
  ::back::
  do
    local v = k
    fns[#fns + 1] = function() v = v + 1 return v end
    k = k + 1
    if k < 3 then goto back end
  end
  print(fns[1](), fns[1](), fns[2](), fns[3]())
end

-- continue at the end of repeat, where void statements follow the label
local r = 0
repeat
  r = r + 1
  if r == 2 then goto cont end
  ::cont::
until r >= 4
print(r)

-- compile-time errors
local function err(s) print(select(2, load(s, "=c"))) end
err "goto nowhere"
err "do ::a:: end goto a"
err "::a:: ::a::"
err "goto f; local x; ::f:: print(x)"
err "break"
err "for i = 1, 2 do end break"
err "repeat if x then goto cont end; local y = 1; ::cont:: until y"
err "::a:: do ::a:: end"
err "goto = 1"
print(load "goto e; local x; ::e::" ~= nil, load "goto e; local x; ::e:: ;;; " ~= nil)

-- a hot loop with continue and a jump out of an inner block
local s = 0
for i = 1, 20000 do
  do
    if i & 1 == 0 then goto next end
    if i % 5 == 0 then s = s - 1 goto next end
  end
  s = s + i
  ::next::
end
print(s)
-- break inside nested conditionals of while true
local w = 0
while true do
  w = w + 1
  if w > 5 then if w > 7 then break end end
end
print(w)
