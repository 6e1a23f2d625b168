-- Forms of library calls that native code does in place, and those next to them that it must not.

local insert, remove, concat, format = table.insert, table.remove, table.concat, string.format

local function show(t) 
  local parts = {}
  for i = 1, #t do parts[i] = tostring(t[i]) end
  return concat(parts, " ")
end

-- Every place, in tables whose elements are in the array part, in the hash part, and in both.
local makers = {
  function() return { 1, 2, 3, 4, 5 } end,
  function() local t = {} for i = 5, 1, -1 do t[i] = i end return t end,
  function() local t = { n = 1, [0] = 0 } for i = 1, 5 do t[i] = i end return t end,
  function() return setmetatable({ 1, 2, 3, 4, 5 }, {}) end,
}
local function put(t, at, v) insert(t, at, v) return #t end
local function take(t, at) return remove(t, at), #t end
for _, make in ipairs(makers) do
  for round = 1, 40 do
    for at = 1, 6 do
      local t = make()
      local n = put(t, at, "new")
      local m = put(t, at, false)
      local a = take(t, at)
      if round == 40 then print(at, n, m, a, show(t)) end
    end
    for at = 1, 6 do
      local t = make()
      local v, n = take(t, at)
      if round == 40 then print(at, v, n, show(t)) end
    end
  end
end
for round = 1, 60 do
  for _, at in ipairs { 0, -1, 7, 2.0, 2.5, "3", math.maxinteger, math.mininteger, {} } do
    local t, u = { 1, 2, 3, 4, 5 }, { 1, 2, 3, 4, 5 }
    local ok, e = pcall(put, t, at, "new")
    local ok2, e2 = pcall(take, u, at)
    if round == 60 then
      print(type(at) == "table" and "table" or at, ok, (tostring(e):gsub("^.-:%d+: ", "")), show(t))
      print(ok2, (tostring(e2):gsub("^.-:%d+: ", "")), show(u))
    end
  end
  local empty = {}
  local ok, e = pcall(insert, empty, 1, nil)
  local gone = { remove(empty, 0), remove(empty, 1), remove(empty) }
  if round == 60 then print(ok, e, #gone, #empty, pcall(insert, empty), pcall(insert, empty, 1, 2, 3)) end
end

-- A long list with all elements moved.
do
  local t = {}
  for i = 1, 2000 do insert(t, 1, i) end
  for i = 1, 1990 do remove(t, 1 + i % 3) end
  print(#t, show(t))
end

-- Formats.
local texts = { "", "a", "a\0b", "quote\"d\n\\", ("long"):rep(40), "\200\1272" }
local function all(v)
  return pcall(format, "%q", v), pcall(format, "[%5s|%-5s|%.2s|%-6.3s]", v, v, v, v)
end
local function chars(n) return format("%c%-3c|%3c", n, n, n) end
for round = 1, 60 do
  for _, v in ipairs { texts[1], texts[2], texts[3], texts[4], texts[5], texts[6], 12, 1.5, true, {} } do
    local ok, ok2, e = all(v)
    if round == 60 and type(v) ~= "table" then
      print(ok, ok2, e)
      print(select(2, pcall(format, "%q", v)))
    end
  end
  for n = 60, 70 do
    local s = chars(n)
    if round == 60 then print(s) end
  end
  local ok, e = pcall(chars, "x")
  local ok2, e2 = pcall(format, "%05s", "x")
  local ok3, e3 = pcall(format, "%5q", "x")
  if round == 60 then print(ok, e, ok2, e2, ok3, e3) end
end

-- Texts.
local function text(...) return tostring(...) end
local meta = setmetatable({}, { __tostring = function() return "object" end })
for round = 1, 60 do
  for _, v in ipairs { 1, -1, math.mininteger, 0.5, -0.0, 1e15, 1e100, 2 ^ 53, 1 / 0, -1 / 0, "s", true, false, meta } do
    local s = text(v)
    if round == 60 then print(s, text(nil), pcall(text)) end
  end
  if round == 30 then debug.setmetatable(true, { __tostring = function(b) return b and "yes" or "no" end }) end
end
debug.setmetatable(true, nil)
