-- Loops in hot code: how they begin, whatever their bounds and steps are, and bodies with several ways back.
local maxi, mini, huge = math.maxinteger, math.mininteger, math.huge

-- Each inner loop begins anew in compiled code.
local function sums(from, to, step, times)
  local n, sum, first, last = 0, 0, nil, nil
  for _ = 1, times do
    local k = 0
    for i = from, to, step do
      n = n + 1
      k = k + 1
      first = first or i
      last = i
      if k > 20 then break end
    end
    sum = sum + k
  end
  return n, sum, first, last, math.type(last)
end

print "steps in variables"
for _, c in ipairs {
  { 1, 10, 3 }, { 10, 1, -3 }, { 1, 10, -1 }, { 10, 1, 2 }, { 5, 5, 7 }, { 5, 5, -7 }, { maxi - 7, maxi, 3 },
  { mini + 7, mini, -3 }, { mini, maxi, maxi }, { maxi, mini, mini }, { maxi, mini, -maxi }, { 0, mini, -1 },
  { -1, mini, mini }, { 0, mini, mini }, { mini, mini, -1 }, { mini, maxi, 1 }, { maxi, mini, 1 }, { 1, 0, maxi },
  { 1, 4.9, 2 }, { 4, 1.1, -1 }, { 1, huge, 5 }, { 1, -huge, 5 }, { 1, 0 / 0, 1 }, { 1.0, 3, 1 }, { 1, 3, 0.5 },
  { 3, 1, -0.5 }, { 0.1, 0.5, 0.1 }, { 1, 2, 0 / 0 }, { 0 / 0, 1, 1.0 }, { huge, huge, 1.0 }, { -0.0, 0.0, 1.0 },
} do
  -- The sign of what is not a number differs by machine.
  local function show(v) return v ~= v and "nan" or v end
  local n, sum, first, last, kind = sums(c[1], c[2], c[3], 150)
  print(show(c[1]), show(c[2]), show(c[3]), n, sum, show(first), show(last), kind)
end
-- One function with all kinds after each other.
do
  local function mixed(from, to, step)
    local n = 0
    for i = from, to, step do
      n = n + 1
      if n == 9 then break end
    end
    return n
  end
  local total = 0
  for round = 1, 100 do
    total = total + mixed(1, 5, 1) + mixed(5, 1, -2)
    if round > 50 then
      total = total + mixed(1.5, 4, 1) + mixed(1, 4.5, 1) + mixed(mini, maxi, 1 << 62)
    end
    if round > 80 then
      local ok, message = pcall(mixed, 1, 10, 0)
      total = total + (ok and 1000 or #message)
      ok, message = pcall(mixed, 1, "x", 1)
      total = total + (ok and 1000 or #message)
    end
  end
  print(total, select(2, pcall(mixed, 1, 2, 0)), select(2, pcall(mixed, {}, 2, 1)), select(2, pcall(mixed, 1, 2, "y")))
end

print "constant steps"
local function fixed(limit, flimit)
  local n = 0
  for k = 1, 200 do
    for i = 1, flimit do n = n + i end
    for i = limit, 1, -4 do n = n + i end
    for i = 1, limit, 6 do n = n + i end
    for i = limit, 1, -7 do n = n + i end
    for x = 1.0, limit do n = n + x end
    for x = 1, limit, 0.75 do n = n + x end
    for x = 0, flimit, 1.5 do n = n + x end
    for i = flimit // 1 | 0, flimit do n = n + i end
  end
  return n
end
print(fixed(10, 7.5), fixed(1, 1.0), fixed(0, 0.5), fixed(25, 24.999))
-- The limit is infinite, not a number, or no number at all, after it was small for long.
do
  local function first(limit)
    for i = 1, limit do
      if i == 3 then return i end
    end
    return "none"
  end
  local seen = {}
  for k = 1, 300 do
    local v = first(k % 5 + 0.5)
    seen[v] = (seen[v] or 0) + 1
  end
  print(seen[3], seen.none, first(huge), first(-huge), first(0 / 0), first(1e300), first(2^53), pcall(first, {}))
end

print "several ways back"
local function classes(s)
  local i, n, letters, digits, blanks, other = 1, #s, 0, 0, 0, 0
  while i <= n do
    local c = s:byte(i)
    if c >= 97 and c <= 122 then
      letters = letters + 1
      i = i + 1
    elseif c >= 48 and c <= 57 then
      digits = digits + 1
      i = i + 1
    elseif c == 32 then
      blanks = blanks + 1
      i = i + 1
    else
      other = other + 1
      i = i + 1
    end
  end
  return letters, digits, blanks, other
end
for k = 1, 60 do
  classes("ab1 cd22; " .. k)
end
print(classes(("one 22 three; 4444 "):rep(40)))

local function collatz(limit)
  local longest, at = 0, 0
  for start = 1, limit do
    local n, steps = start, 0
    while n ~= 1 do
      steps = steps + 1
      if n % 2 == 0 then
        n = n // 2
      else
        n = 3 * n + 1
        if n > 10000 then
          steps = steps + 100
        end
      end
    end
    if steps > longest then
      longest, at = steps, start
    end
  end
  return longest, at
end
print(collatz(200))

-- Ways back that are seen late, one of them with closures to be made for each iteration.
do
  local kept, i, n = {}, 0, 0
  repeat
    i = i + 1
    if i % 3 == 0 then goto continue end
    if i > 150 and i % 5 == 0 then
      local here = i
      kept[#kept + 1] = function() here = here + 1 return here end
      goto continue
    end
    n = n + i
    ::continue::
  until i >= 400
  print(n, #kept, kept[1](), kept[1](), kept[#kept]())
end
do
  local out, state, i = {}, "a", 0
  while true do
    i = i + 1
    if state == "a" then
      state = i % 7 == 0 and "b" or "a"
    elseif state == "b" then
      out[#out + 1] = i
      state = "c"
    else
      state = "a"
      if #out > 40 then break end
    end
  end
  print(i, #out, out[#out])
end
