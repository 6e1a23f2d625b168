-- A JSON parser and writer, character by character, over a document which is made first.

local Parser = {}
Parser.__index = Parser

local null = setmetatable({}, { __tostring = function() return "null" end })

function Parser.new(text)
  return setmetatable({ text = text, at = 0, current = nil, capture_start = nil, line = 1 }, Parser)
end

function Parser:fail(what)
  error(string.format("line %d: %s at %d", self.line, what, self.at))
end

function Parser:read()
  if self.current == "\n" then
    self.line = self.line + 1
  end
  self.at = self.at + 1
  if self.at <= #self.text then
    self.current = self.text:sub(self.at, self.at)
  else
    self.current = nil
  end
end

local SPACE = { [" "] = true, ["\t"] = true, ["\n"] = true, ["\r"] = true }
local DIGIT = {}
for d = 0, 9 do
  DIGIT[tostring(d)] = true
end

function Parser:skip_space()
  while SPACE[self.current or ""] do
    self:read()
  end
end

function Parser:accept(char)
  if self.current ~= char then
    return false
  end
  self:read()
  return true
end

function Parser:expect(char)
  if not self:accept(char) then
    self:fail("expected '" .. char .. "'")
  end
end

function Parser:word(word, value)
  for i = 1, #word do
    self:expect(word:sub(i, i))
  end
  return value
end

local ESCAPES = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

function Parser:string()
  self:expect('"')
  local start = self.at
  local pieces
  while self.current ~= '"' do
    if not self.current then
      self:fail("unfinished string")
    elseif self.current == "\\" then
      pieces = pieces or {}
      pieces[#pieces + 1] = self.text:sub(start, self.at - 1)
      self:read()
      local escape = ESCAPES[self.current or ""]
      if not escape then
        self:fail("bad escape")
      end
      pieces[#pieces + 1] = escape
      self:read()
      start = self.at
    else
      self:read()
    end
  end
  local last = self.text:sub(start, self.at - 1)
  self:read()
  if pieces then
    pieces[#pieces + 1] = last
    return table.concat(pieces)
  end
  return last
end

function Parser:digits()
  if not DIGIT[self.current or ""] then
    self:fail("expected a digit")
  end
  while DIGIT[self.current or ""] do
    self:read()
  end
end

function Parser:number()
  local start = self.at
  self:accept("-")
  self:digits()
  if self:accept(".") then
    self:digits()
  end
  if self:accept("e") or self:accept("E") then
    if not self:accept("+") then
      self:accept("-")
    end
    self:digits()
  end
  return tonumber(self.text:sub(start, self.at - 1))
end

function Parser:array()
  self:expect("[")
  local list = {}
  self:skip_space()
  if self:accept("]") then
    return list
  end
  repeat
    self:skip_space()
    list[#list + 1] = self:value()
    self:skip_space()
  until not self:accept(",")
  self:expect("]")
  return list
end

function Parser:object()
  self:expect("{")
  local names, members = {}, {}
  self:skip_space()
  if self:accept("}") then
    return { names = names, members = members }
  end
  repeat
    self:skip_space()
    local name = self:string()
    self:skip_space()
    self:expect(":")
    self:skip_space()
    names[#names + 1] = name
    members[name] = self:value()
    self:skip_space()
  until not self:accept(",")
  self:expect("}")
  return { names = names, members = members }
end

function Parser:value()
  local c = self.current
  if c == "{" then
    return self:object()
  elseif c == "[" then
    return self:array()
  elseif c == '"' then
    return self:string()
  elseif c == "t" then
    return self:word("true", true)
  elseif c == "f" then
    return self:word("false", false)
  elseif c == "n" then
    return self:word("null", null)
  end
  return self:number()
end

local function parse(text)
  local parser = Parser.new(text)
  parser:read()
  parser:skip_space()
  local value = parser:value()
  parser:skip_space()
  if parser.current then
    parser:fail("text after the end")
  end
  return value
end

local QUOTED = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t" }

local function write(value, out)
  local kind = type(value)
  if kind == "string" then
    out[#out + 1] = '"' .. value:gsub('["\\\n\t]', QUOTED) .. '"'
  elseif kind == "number" then
    out[#out + 1] = string.format(value % 1 == 0 and "%d" or "%.6g", value)
  elseif value == null or kind == "boolean" then
    out[#out + 1] = tostring(value)
  elseif value.names then
    out[#out + 1] = "{"
    for i, name in ipairs(value.names) do
      if i > 1 then
        out[#out + 1] = ","
      end
      write(name, out)
      out[#out + 1] = ":"
      write(value.members[name], out)
    end
    out[#out + 1] = "}"
  else
    out[#out + 1] = "["
    for i, element in ipairs(value) do
      if i > 1 then
        out[#out + 1] = ","
      end
      write(element, out)
    end
    out[#out + 1] = "]"
  end
end

local function document(count)
  local parts = { '{ "head": { "version": 3, "ok": true, "none": null },\n  "operations": [\n' }
  for i = 1, count do
    parts[#parts + 1] = string.format(
      '    [%d, "op%d", { "path": "/a/%d/b \\"x\\"\\n", "weight": %d.%d, "tags": ["t%d", false, null, -%de2] } ]%s\n',
      i, i % 17, i * 31, i, i % 10, i % 5, i % 9 + 1, i < count and "," or "")
  end
  parts[#parts + 1] = "  ] }\n"
  return table.concat(parts)
end

local rounds = tonumber(arg and arg[1]) or 10
local text = document(300)
local length, sum = 0, 0
for _ = 1, rounds do
  local value = parse(text)
  local out = {}
  write(value, out)
  local again = table.concat(out)
  assert(#parse(again).members.operations == 300)
  length = #again
  for i = 1, length, 7 do
    sum = (sum * 3 + again:byte(i)) % 65521
  end
end
print(string.format("json %d %d", length, sum))
