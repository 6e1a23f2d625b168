-- A JSON reader and writer, run over generated documents and malformed input.
local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
local null = setmetatable({}, { __tostring = function() return "null" end })
local encode
local function str(s)
  return '"' .. s:gsub('[%c"\\]', function(c) return escapes[c] or ("\\u%04x"):format(c:byte()) end) .. '"'
end
local writers = {
  ["nil"] = function() return "null" end,
  boolean = tostring,
  string = str,
  number = function(n)
    if n ~= n or n == math.huge or n == -math.huge then error("cannot encode " .. (n ~= n and "nan" or tostring(n)), 0) end
    return math.type(n) == "integer" and tostring(n) or ("%.14g"):format(n)
  end,
  table = function(t, seen)
    if t == null then return "null" end
    if seen[t] then error("circular reference", 0) end
    seen[t] = true
    local out = {}
    if t[1] ~= nil or next(t) == nil then
      for i, v in ipairs(t) do out[i] = encode(v, seen) end
      seen[t] = nil
      return "[" .. table.concat(out, ",") .. "]"
    end
    local keys = {}
    for k in pairs(t) do
      if type(k) ~= "string" then error("bad key of type " .. type(k), 0) end
      keys[#keys + 1] = k
    end
    table.sort(keys)
    for i, k in ipairs(keys) do out[i] = str(k) .. ":" .. encode(t[k], seen) end
    seen[t] = nil
    return "{" .. table.concat(out, ",") .. "}"
  end,
}
function encode(v, seen)
  local w = writers[type(v)] or error("cannot encode a " .. type(v), 0)
  return w(v, seen or {})
end

local decode
do
  local src, pos
  local function fail(what) error(("%s at %d"):format(what, pos), 0) end
  local function skip() pos = src:find("[^ \t\r\n]", pos) or #src + 1 end
  local unesc = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }
  local value
  local function readstr()
    local out = {}
    pos = pos + 1
    while true do
      local a, e, c = src:find('(["\\])', pos)
      if not a then fail "unterminated string" end
      out[#out + 1] = src:sub(pos, a - 1)
      pos = a + 1
      if c == '"' then return table.concat(out) end
      local esc = src:sub(pos, pos)
      if esc == "u" then
        local hex = src:match("^%x%x%x%x", pos + 1) or fail "bad \\u escape"
        out[#out + 1] = utf8.char(tonumber(hex, 16))
        pos = pos + 5
      else
        out[#out + 1] = unesc[esc] or fail "bad escape"
        pos = pos + 1
      end
    end
  end
  local words = { t = { "true", true }, f = { "false", false }, n = { "null", null } }
  function value()
    skip()
    local c = src:sub(pos, pos)
    if c == '"' then return readstr() end
    if c == "{" then
      local t = {}
      pos = pos + 1
      skip()
      if src:sub(pos, pos) == "}" then pos = pos + 1 return t end
      while true do
        skip()
        if src:sub(pos, pos) ~= '"' then fail "expected key" end
        local k = readstr()
        skip()
        if src:sub(pos, pos) ~= ":" then fail "expected ':'" end
        pos = pos + 1
        t[k] = value()
        skip()
        local d = src:sub(pos, pos)
        pos = pos + 1
        if d == "}" then return t elseif d ~= "," then pos = pos - 1 fail "expected ',' or '}'" end
      end
    end
    if c == "[" then
      local t, n = {}, 0
      pos = pos + 1
      skip()
      if src:sub(pos, pos) == "]" then pos = pos + 1 return t end
      while true do
        n = n + 1
        t[n] = value()
        skip()
        local d = src:sub(pos, pos)
        pos = pos + 1
        if d == "]" then return t elseif d ~= "," then pos = pos - 1 fail "expected ',' or ']'" end
      end
    end
    local w = words[c]
    if w then
      if src:sub(pos, pos + #w[1] - 1) ~= w[1] then fail "bad word" end
      pos = pos + #w[1]
      return w[2]
    end
    local num = src:match("^-?%d+%.?%d*[eE]?[+-]?%d*", pos) or fail "unexpected character"
    pos = pos + #num
    return tonumber(num) or fail "bad number"
  end
  function decode(s)
    src, pos = s, 1
    local v = value()
    skip()
    if pos <= #src then fail "trailing text" end
    return v
  end
end

for _, s in ipairs { "1", "-2.5e3", "true", "null", '"a\\n\\u00e9\\"b"', "[]", "[1, [2, [3]], {}]", '{"b": 1, "a": {"x": [null, false]}}', " [ 1 ,2 ] " } do print(encode(decode(s))) end
for _, s in ipairs { "", "[1,", "[1 2]", '{"a" 1}', '{1:2}', "tru", '"open', '"\\x"', '"\\u12"', "[1]]", "-", "1.2.3", "{", "nul", "@" } do print(s, pcall(decode, s)) end
print(pcall(encode, { [1.5] = 1 }), pcall(encode, print), pcall(encode, 0 / 0))
local loop = {}
loop.self = loop
print(pcall(encode, loop))
-- a generated document goes round unchanged, many times
local seed = 1
local function rnd(n) seed = (seed * 69069 + 5) & 0xffffffff return (seed >> 8) % n + 1 end
local function gen(d)
  local k = rnd(d > 0 and 6 or 4)
  if k == 1 then return rnd(1000) - 500 elseif k == 2 then return rnd(1000) / 8 elseif k == 3 then return ("s\t" .. rnd(99) .. '"'):rep(rnd(3)) elseif k == 4 then return rnd(2) == 1 end
  local t = {}
  for i = 1, rnd(4) do if k == 5 then t[i] = gen(d - 1) else t["k" .. rnd(20)] = gen(d - 1) end end
  return t
end
local total, same = 0, 0
for _ = 1, 150 do
  local text = encode(gen(4))
  total = total + #text
  if encode(decode(text)) == text then same = same + 1 end
end
print(total, same)
