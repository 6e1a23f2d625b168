-- A linter for Lua sources: lexer over bytes, parser, resolution of scopes, rules over the tree, over the flow of
-- control and over lines, and a report. It checks sources which it makes itself, so that every round sees other code.

local byte, sub, find, format = string.byte, string.sub, string.find, string.format
local concat, insert, remove, sort = table.concat, table.insert, table.remove, table.sort

---------------------------------------------------------------------------------------------------------------------
-- Lexer

local Lexer = {}
Lexer.__index = Lexer

local RESERVED = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true until
while]]):gmatch("%a+") do
  RESERVED[word] = true
end

-- What a byte can begin: "a" a name, "0" a number, " " space, "q" a quote, anything else a symbol.
local CLASS = {}
for code = 0, 255 do
  local char = string.char(code)
  if char:find("[%a_]") then
    CLASS[code] = "a"
  elseif char:find("%d") then
    CLASS[code] = "0"
  elseif char:find("%s") then
    CLASS[code] = " "
  elseif char == '"' or char == "'" then
    CLASS[code] = "q"
  else
    CLASS[code] = "s"
  end
end

local SYMBOLS = {
  { ["..."] = true },
  { [".."] = true, ["=="] = true, ["~="] = true, ["<="] = true, [">="] = true, ["::"] = true, ["//"] = true,
    ["<<"] = true, [">>"] = true },
  {},
}
for char in ("+-*/%^#&~|<>=(){}[];:,."):gmatch(".") do
  SYMBOLS[3][char] = true
end

function Lexer.new(text)
  return setmetatable({ text = text, at = 1, line = 1, line_start = 1, tokens = {}, comments = {} }, Lexer)
end

function Lexer:fail(message)
  error({ syntax = true, line = self.line, message = message }, 0)
end

function Lexer:add(kind, value, from)
  self.tokens[#self.tokens + 1] = { kind = kind, value = value, line = self.line, column = from - self.line_start + 1 }
end

function Lexer:newlines(from, to)
  local at = from
  while true do
    local position = find(self.text, "\n", at, true)
    if not position or position > to then
      return
    end
    self.line = self.line + 1
    self.line_start = position + 1
    at = position + 1
  end
end

-- The end of a long bracket which starts at `at`, and its content; nil if there is none.
function Lexer:long_bracket(at)
  local equals = self.text:match("^%[(=*)%[", at)
  if not equals then
    return nil
  end
  local start = at + #equals + 2
  local from, to = find(self.text, "]" .. equals .. "]", start, true)
  if not from then
    self:fail("unfinished long bracket")
  end
  return to, sub(self.text, start, from - 1)
end

function Lexer:comment()
  local from = self.at
  local line = self.line
  local to, body = self:long_bracket(from + 2)
  if to then
    self:newlines(from, to)
  else
    to = (find(self.text, "\n", from, true) or #self.text + 1) - 1
    body = sub(self.text, from + 2, to)
  end
  self.comments[#self.comments + 1] = { line = line, last = self.line, text = body }
  self.at = to + 1
end

function Lexer:quoted()
  local text, from = self.text, self.at
  local quote = byte(text, from)
  local at = from + 1
  while true do
    local code = byte(text, at)
    if not code or code == 10 then
      self:fail("unfinished string")
    elseif code == 92 then
      at = at + 2
    elseif code == quote then
      break
    else
      at = at + 1
    end
  end
  self:add("string", sub(text, from + 1, at - 1), from)
  self.at = at + 1
end

function Lexer:number()
  local text, from = self.text, self.at
  local word = text:match("^0[xX][%x.]*[pP]?[+-]?%d*", from) or text:match("^%d*%.?%d*[eE][+-]?%d+", from)
    or text:match("^%d*%.?%d*", from)
  self:add("number", word, from)
  self.at = from + #word
end

function Lexer:symbol()
  local text, from = self.text, self.at
  for width = 3, 1, -1 do
    local word = sub(text, from, from + width - 1)
    if #word == width and SYMBOLS[4 - width][word] then
      self:add(word, word, from)
      self.at = from + width
      return
    end
  end
  self:fail("unexpected symbol near '" .. sub(text, from, from) .. "'")
end

function Lexer:run()
  local text = self.text
  while true do
    local code = byte(text, self.at)
    if not code then
      break
    end
    local class = CLASS[code]
    if code == 10 then
      self.line = self.line + 1
      self.at = self.at + 1
      self.line_start = self.at
    elseif class == " " then
      self.at = self.at + 1
    elseif class == "a" then
      local word = text:match("^[%w_]+", self.at)
      self:add(RESERVED[word] and word or "name", word, self.at)
      self.at = self.at + #word
    elseif class == "0" or (code == 46 and CLASS[byte(text, self.at + 1) or 0] == "0") then
      self:number()
    elseif class == "q" then
      self:quoted()
    elseif code == 45 and byte(text, self.at + 1) == 45 then
      self:comment()
    elseif code == 91 and text:find("^%[=*%[", self.at) then
      local from = self.at
      local to, body = self:long_bracket(from)
      self:add("string", body, from)
      self:newlines(from, to)
      self.at = to + 1
    else
      self:symbol()
    end
  end
  self:add("<eof>", nil, self.at)
  return self.tokens, self.comments
end

---------------------------------------------------------------------------------------------------------------------
-- Parser

local Parser = {}
Parser.__index = Parser

function Parser.new(tokens)
  return setmetatable({ tokens = tokens, at = 1, token = tokens[1], depth = 0 }, Parser)
end

function Parser:fail(message)
  message = message .. " near '" .. tostring(self.token.value) .. "'"
  error({ syntax = true, line = self.token.line, message = message }, 0)
end

function Parser:advance()
  local token = self.token
  self.at = self.at + 1
  self.token = self.tokens[self.at]
  return token
end

function Parser:check(kind)
  return self.token.kind == kind
end

function Parser:accept(kind)
  if self.token.kind == kind then
    return self:advance()
  end
  return nil
end

function Parser:expect(kind)
  if self.token.kind ~= kind then
    self:fail("'" .. kind .. "' expected")
  end
  return self:advance()
end

local function node(tag, token, fields)
  fields.tag = tag
  fields.line = token.line
  fields.column = token.column
  return fields
end

local BLOCK_END = { ["<eof>"] = true, ["end"] = true, ["else"] = true, ["elseif"] = true, ["until"] = true }

function Parser:block()
  local token = self.token
  local body = {}
  while not BLOCK_END[self.token.kind] do
    if self:check("return") then
      body[#body + 1] = self:return_statement()
      if not BLOCK_END[self.token.kind] then
        self:fail("'end' expected after 'return'")
      end
    elseif not self:accept(";") then
      body[#body + 1] = self:statement()
    end
  end
  return node("Block", token, { body = body, last_line = self.token.line })
end

function Parser:return_statement()
  local token = self:expect("return")
  local values = {}
  if not BLOCK_END[self.token.kind] and not self:check(";") then
    values = self:expressions()
  end
  self:accept(";")
  return node("Return", token, { values = values })
end

function Parser:expressions()
  local list = {}
  repeat
    list[#list + 1] = self:expression()
  until not self:accept(",")
  return list
end

function Parser:name()
  local token = self:expect("name")
  return node("Id", token, { name = token.value })
end

local LEVELS = {
  ["or"] = { 1, 1 }, ["and"] = { 2, 2 },
  ["<"] = { 3, 3 }, [">"] = { 3, 3 }, ["<="] = { 3, 3 }, [">="] = { 3, 3 }, ["~="] = { 3, 3 }, ["=="] = { 3, 3 },
  ["|"] = { 4, 4 }, ["~"] = { 5, 5 }, ["&"] = { 6, 6 }, ["<<"] = { 7, 7 }, [">>"] = { 7, 7 },
  [".."] = { 9, 8 }, ["+"] = { 10, 10 }, ["-"] = { 10, 10 },
  ["*"] = { 11, 11 }, ["/"] = { 11, 11 }, ["//"] = { 11, 11 }, ["%"] = { 11, 11 }, ["^"] = { 14, 13 },
}
local UNARY = { ["not"] = true, ["-"] = true, ["#"] = true, ["~"] = true }
local UNARY_LEVEL = 12

function Parser:expression(limit)
  limit = limit or 0
  self.depth = self.depth + 1
  if self.depth > 150 then
    self:fail("expression too deep")
  end
  local left
  local token = self.token
  if UNARY[token.kind] then
    self:advance()
    left = node("Unary", token, { op = token.kind, operand = self:expression(UNARY_LEVEL) })
  else
    left = self:simple()
  end
  while true do
    token = self.token
    local level = LEVELS[token.kind]
    if not level or level[1] <= limit then
      break
    end
    self:advance()
    left = node("Binary", token, { op = token.kind, left = left, right = self:expression(level[2]) })
  end
  self.depth = self.depth - 1
  return left
end

local SIMPLE = {
  number = function(p, token) return node("Number", p:advance(), { value = token.value }) end,
  string = function(p, token) return node("String", p:advance(), { value = token.value }) end,
  ["nil"] = function(p) return node("Nil", p:advance(), {}) end,
  ["true"] = function(p) return node("True", p:advance(), {}) end,
  ["false"] = function(p) return node("False", p:advance(), {}) end,
  ["..."] = function(p) return node("Dots", p:advance(), {}) end,
  ["{"] = function(p) return p:table() end,
  ["function"] = function(p, token)
    p:advance()
    return p:function_body(token, false)
  end,
}

function Parser:simple()
  local parse = SIMPLE[self.token.kind]
  if parse then
    return parse(self, self.token)
  end
  return self:suffixed()
end

function Parser:table()
  local token = self:expect("{")
  local items = {}
  while not self:check("}") do
    local start = self.token
    if self:accept("[") then
      local key = self:expression()
      self:expect("]")
      self:expect("=")
      items[#items + 1] = node("Pair", start, { key = key, value = self:expression() })
    elseif self:check("name") and self.tokens[self.at + 1].kind == "=" then
      self:advance()
      self:advance()
      local key = node("String", start, { value = start.value })
      items[#items + 1] = node("Pair", start, { key = key, value = self:expression() })
    else
      items[#items + 1] = node("Item", start, { value = self:expression() })
    end
    if not self:accept(",") and not self:accept(";") then
      break
    end
  end
  self:expect("}")
  return node("Table", token, { items = items })
end

function Parser:function_body(token, is_method)
  local params, dots = {}, false
  if is_method then
    params[1] = node("Id", token, { name = "self", implicit = true })
  end
  self:expect("(")
  if not self:check(")") then
    repeat
      if self:accept("...") then
        dots = true
        break
      end
      params[#params + 1] = self:name()
    until not self:accept(",")
  end
  self:expect(")")
  local body = self:block()
  local last = self:expect("end")
  return node("Function", token, { params = params, dots = dots, body = body, last_line = last.line })
end

function Parser:arguments()
  local token = self.token
  if token.kind == "string" then
    self:advance()
    return { node("String", token, { value = token.value }) }
  elseif token.kind == "{" then
    return { self:table() }
  end
  self:expect("(")
  local list = {}
  if not self:check(")") then
    list = self:expressions()
  end
  self:expect(")")
  return list
end

function Parser:suffixed()
  local token = self.token
  local base
  if token.kind == "(" then
    self:advance()
    base = node("Paren", token, { inner = self:expression() })
    self:expect(")")
  else
    base = self:name()
  end
  while true do
    local kind = self.token.kind
    if kind == "." then
      self:advance()
      local key = self:expect("name")
      base = node("Index", key, { base = base, key = node("String", key, { value = key.value }), dotted = true })
    elseif kind == "[" then
      local at = self:advance()
      base = node("Index", at, { base = base, key = self:expression() })
      self:expect("]")
    elseif kind == ":" then
      self:advance()
      local name = self:expect("name")
      base = node("Invoke", name, { base = base, name = name.value, args = self:arguments() })
    elseif kind == "(" or kind == "string" or kind == "{" then
      local at = self.token
      base = node("Call", at, { base = base, args = self:arguments() })
    else
      return base
    end
  end
end

local STATEMENTS = {}

STATEMENTS["if"] = function(p)
  local token = p:advance()
  local clauses = { { condition = p:expression() } }
  p:expect("then")
  clauses[1].body = p:block()
  local otherwise
  while true do
    if p:accept("elseif") then
      local clause = { condition = p:expression() }
      p:expect("then")
      clause.body = p:block()
      clauses[#clauses + 1] = clause
    else
      if p:accept("else") then
        otherwise = p:block()
      end
      p:expect("end")
      break
    end
  end
  return node("If", token, { clauses = clauses, otherwise = otherwise })
end

STATEMENTS["while"] = function(p)
  local token = p:advance()
  local condition = p:expression()
  p:expect("do")
  local body = p:block()
  p:expect("end")
  return node("While", token, { condition = condition, body = body })
end

STATEMENTS["do"] = function(p)
  local token = p:advance()
  local body = p:block()
  p:expect("end")
  return node("Do", token, { body = body })
end

STATEMENTS["for"] = function(p)
  local token = p:advance()
  local first = p:name()
  if p:accept("=") then
    local from = p:expression()
    p:expect(",")
    local to = p:expression()
    local step = p:accept(",") and p:expression() or nil
    p:expect("do")
    local body = p:block()
    p:expect("end")
    return node("Fornum", token, { var = first, from = from, to = to, step = step, body = body })
  end
  local names = { first }
  while p:accept(",") do
    names[#names + 1] = p:name()
  end
  p:expect("in")
  local values = p:expressions()
  p:expect("do")
  local body = p:block()
  p:expect("end")
  return node("Forin", token, { names = names, values = values, body = body })
end

STATEMENTS["repeat"] = function(p)
  local token = p:advance()
  local body = p:block()
  p:expect("until")
  return node("Repeat", token, { body = body, condition = p:expression() })
end

STATEMENTS["function"] = function(p)
  local token = p:advance()
  local target = p:name()
  local is_method = false
  while true do
    if p:accept(".") then
      local key = p:expect("name")
      target = node("Index", key, { base = target, key = node("String", key, { value = key.value }), dotted = true })
    elseif p:accept(":") then
      local key = p:expect("name")
      target = node("Index", key, { base = target, key = node("String", key, { value = key.value }), dotted = true })
      is_method = true
      break
    else
      break
    end
  end
  local value = p:function_body(token, is_method)
  return node("Assign", token, { targets = { target }, values = { value }, is_function = true })
end

STATEMENTS["local"] = function(p)
  local token = p:advance()
  if p:accept("function") then
    local name = p:name()
    return node("Localfunction", token, { name = name, value = p:function_body(token, false) })
  end
  local names, values = {}, {}
  repeat
    local name = p:name()
    if p:accept("<") then
      name.attribute = p:expect("name").value
      p:expect(">")
    end
    names[#names + 1] = name
  until not p:accept(",")
  if p:accept("=") then
    values = p:expressions()
  end
  return node("Local", token, { names = names, values = values })
end

STATEMENTS["goto"] = function(p)
  local token = p:advance()
  return node("Goto", token, { label = p:expect("name").value })
end

STATEMENTS["::"] = function(p)
  local token = p:advance()
  local name = p:expect("name").value
  p:expect("::")
  return node("Label", token, { label = name })
end

STATEMENTS["break"] = function(p)
  return node("Break", p:advance(), {})
end

function Parser:statement()
  local parse = STATEMENTS[self.token.kind]
  if parse then
    return parse(self)
  end
  local token = self.token
  local first = self:suffixed()
  if self:check("=") or self:check(",") then
    local targets = { first }
    while self:accept(",") do
      targets[#targets + 1] = self:suffixed()
    end
    self:expect("=")
    for _, target in ipairs(targets) do
      if target.tag ~= "Id" and target.tag ~= "Index" then
        self:fail("cannot assign")
      end
    end
    return node("Assign", token, { targets = targets, values = self:expressions() })
  end
  if first.tag ~= "Call" and first.tag ~= "Invoke" then
    self:fail("syntax error")
  end
  return node("Callstatement", token, { call = first })
end

---------------------------------------------------------------------------------------------------------------------
-- Visitor: calls `enter[tag]` and `leave[tag]` of a set of handlers around the children of every node

local children = {}

local function visit(n, handlers)
  local enter = handlers.enter[n.tag]
  if enter then
    enter(handlers, n)
  end
  local walk = children[n.tag]
  if walk then
    walk(n, handlers)
  end
  local leave = handlers.leave[n.tag]
  if leave then
    leave(handlers, n)
  end
end

local function visit_all(list, handlers)
  for i = 1, #list do
    visit(list[i], handlers)
  end
end

function children.Block(n, h) visit_all(n.body, h) end
function children.Return(n, h) visit_all(n.values, h) end
function children.Unary(n, h) visit(n.operand, h) end
function children.Binary(n, h) visit(n.left, h) visit(n.right, h) end
function children.Pair(n, h) visit(n.key, h) visit(n.value, h) end
function children.Item(n, h) visit(n.value, h) end
function children.Table(n, h) visit_all(n.items, h) end
function children.Function(n, h) visit(n.body, h) end
function children.Paren(n, h) visit(n.inner, h) end
function children.Index(n, h) visit(n.base, h) visit(n.key, h) end
function children.Invoke(n, h) visit(n.base, h) visit_all(n.args, h) end
function children.Call(n, h) visit(n.base, h) visit_all(n.args, h) end
function children.While(n, h) visit(n.condition, h) visit(n.body, h) end
function children.Do(n, h) visit(n.body, h) end
function children.Repeat(n, h) visit(n.body, h) visit(n.condition, h) end
function children.Assign(n, h) visit_all(n.values, h) visit_all(n.targets, h) end
function children.Local(n, h) visit_all(n.values, h) end
function children.Localfunction(n, h) visit(n.value, h) end
function children.Callstatement(n, h) visit(n.call, h) end

children["If"] = function(n, h)
  for _, clause in ipairs(n.clauses) do
    visit(clause.condition, h)
    visit(clause.body, h)
  end
  if n.otherwise then
    visit(n.otherwise, h)
  end
end

function children.Fornum(n, h)
  visit(n.from, h)
  visit(n.to, h)
  if n.step then
    visit(n.step, h)
  end
  visit(n.body, h)
end

function children.Forin(n, h)
  visit_all(n.values, h)
  visit(n.body, h)
end

---------------------------------------------------------------------------------------------------------------------
-- Reports

local RULES = {
  E001 = "syntax error: %s",
  W111 = "assignment to undefined global '%s'",
  W113 = "undefined global '%s'",
  W131 = "unused global function '%s'",
  W211 = "unused variable '%s'",
  W212 = "unused argument '%s'",
  W213 = "unused loop variable '%s'",
  W221 = "variable '%s' is never set",
  W231 = "variable '%s' is set but never read",
  W311 = "value assigned to '%s' is overwritten before use",
  W312 = "'%s' shadows the %s on line %d",
  W321 = "unreachable code",
  W322 = "loop runs at most once",
  W331 = "label '%s' is never used",
  W411 = "'%s' was defined on line %d already",
  W421 = "table has the key '%s' twice",
  W511 = "empty block",
  W512 = "condition is always %s",
  W513 = "both sides of '%s' are the same",
  W514 = "'not' binds closer than '%s'",
  W515 = "%s is assigned to itself",
  W521 = "more targets than values",
  W522 = "more values than targets",
  W531 = "format has %d directives and %d arguments",
  W541 = "string is built by '..' in a loop",
  W542 = "closure is made in a loop",
  W551 = "constant '%s' is assigned to",
  W561 = "function has a complexity of %d",
  W562 = "function has %d parameters",
  W563 = "nesting of %d levels",
  W564 = "function has %d lines",
  W571 = "'...' is never used",
  W572 = "'%s' is called without its self",
  W611 = "trailing space",
  W612 = "line of %d characters",
  W613 = "tabs and spaces are mixed",
  W614 = "more than two empty lines",
  W621 = "comment says %s",
}

local Report = {}
Report.__index = Report

function Report.new()
  return setmetatable({ entries = {}, ignored = {}, counts = {}, suppressed = 0 }, Report)
end

function Report:add(code, at, ...)
  local ignored = self.ignored[at.line]
  if ignored and (ignored[code] or ignored.all) then
    self.suppressed = self.suppressed + 1
    return
  end
  local text = format(RULES[code], ...)
  self.entries[#self.entries + 1] = { code = code, line = at.line, column = at.column or 1, text = text }
  self.counts[code] = (self.counts[code] or 0) + 1
end

-- Comments `lint: ignore W211, W212` hold for their own line and the next one.
function Report:read_comments(comments)
  for _, comment in ipairs(comments) do
    local list = comment.text:match("^%s*lint:%s*ignore(.*)$")
    if list then
      local codes, any = {}, false
      for code in list:gmatch("%u%d%d%d") do
        codes[code] = true
        any = true
      end
      codes.all = not any
      self.ignored[comment.line] = codes
      self.ignored[comment.last + 1] = codes
    end
    local mark = comment.text:match("%f[%u](BUG)%f[%U]") or comment.text:match("%f[%u](HACK)%f[%U]")
    if mark then
      self:add("W621", comment, mark)
    end
  end
end

function Report:text(name)
  local entries = self.entries
  for i, entry in ipairs(entries) do
    entry.order = i
  end
  sort(entries, function(a, b)
    if a.line ~= b.line then
      return a.line < b.line
    elseif a.column ~= b.column then
      return a.column < b.column
    elseif a.code ~= b.code then
      return a.code < b.code
    end
    return a.order < b.order
  end)
  local lines = {}
  for i, entry in ipairs(entries) do
    lines[i] = format("%s:%d:%d: %s %s", name, entry.line, entry.column, entry.code, entry.text)
  end
  return concat(lines, "\n")
end

---------------------------------------------------------------------------------------------------------------------
-- Scopes: who declares, reads and writes a name

local KNOWN = {}
for name in ([[assert collectgarbage dofile error getmetatable ipairs load loadfile next pairs pcall print rawequal
rawget rawlen rawset require select setmetatable tonumber tostring type xpcall _G _VERSION arg coroutine debug io math os
package string table utf8]]):gmatch("[%a_%d]+") do
  KNOWN[name] = true
end

local Scopes = { enter = {}, leave = {} }
Scopes.__index = Scopes

function Scopes.new(report)
  return setmetatable({
    report = report,
    enter = Scopes.enter,
    leave = Scopes.leave,
    scope = nil,
    fn = nil,
    globals = {},
    order = {},
    variables = 0,
  }, Scopes)
end

function Scopes:open()
  self.scope = { names = {}, list = {}, parent = self.scope, fn = self.fn }
end

function Scopes:close()
  for _, variable in ipairs(self.scope.list) do
    self:judge(variable)
  end
  self.scope = self.scope.parent
end

local UNUSED = { ["local"] = "W211", ["function"] = "W211", argument = "W212", loop = "W213" }

function Scopes:judge(variable)
  local name = variable.name
  if name:sub(1, 1) == "_" or variable.implicit then
    return
  end
  if variable.reads == 0 then
    if variable.writes > 0 and variable.kind == "local" then
      self.report:add("W231", variable.at, name)
    else
      self.report:add(UNUSED[variable.kind], variable.at, name)
    end
  elseif variable.kind == "local" and not variable.set and variable.writes == 0 then
    self.report:add("W221", variable.at, name)
  end
end

function Scopes:find(name)
  local scope = self.scope
  while scope do
    local variable = scope.names[name]
    if variable then
      return variable, scope
    end
    scope = scope.parent
  end
  return nil
end

function Scopes:declare(at, kind, is_set)
  local name = at.name
  local here = self.scope.names[name]
  if here and name:sub(1, 1) ~= "_" then
    self.report:add("W411", at, name, here.at.line)
  elseif name:sub(1, 1) ~= "_" and not at.implicit then
    local other = self:find(name)
    if other then
      self.report:add("W312", at, name, other.kind, other.at.line)
    end
  end
  local variable = {
    name = name,
    at = at,
    kind = kind,
    reads = 0,
    writes = 0,
    set = is_set,
    implicit = at.implicit,
    constant = at.attribute == "const" or at.attribute == "close",
    fn = self.fn,
    captured = false,
  }
  self.variables = self.variables + 1
  self.scope.names[name] = variable
  insert(self.scope.list, variable)
  at.variable = variable
  return variable
end

function Scopes:global(name, at, is_write, is_function)
  local global = self.globals[name]
  if not global then
    global = { name = name, reads = {}, writes = {}, is_function = false }
    self.globals[name] = global
    insert(self.order, global)
  end
  insert(is_write and global.writes or global.reads, at)
  global.is_function = global.is_function or is_function
end

function Scopes:read(id)
  local variable = self:find(id.name)
  if variable then
    variable.reads = variable.reads + 1
    variable.captured = variable.captured or variable.fn ~= self.fn
    id.variable = variable
  else
    self:global(id.name, id, false)
  end
end

function Scopes:write(id, is_function)
  local variable = self:find(id.name)
  if variable then
    variable.writes = variable.writes + 1
    id.variable = variable
    if variable.constant then
      self.report:add("W551", id, id.name)
    end
  else
    self:global(id.name, id, true, is_function)
  end
end

-- The order of children matters here (a local is not visible in its own value), so this pass walks by itself.
local resolve = {}

function Scopes:node(n)
  local f = resolve[n.tag]
  if f then
    f(self, n)
  end
end

function Scopes:nodes(list)
  for i = 1, #list do
    self:node(list[i])
  end
end

function Scopes:block(block)
  self:open()
  self:nodes(block.body)
  self:close()
end

function resolve.Id(s, n) s:read(n) end
function resolve.Return(s, n) s:nodes(n.values) end
function resolve.Unary(s, n) s:node(n.operand) end
function resolve.Binary(s, n) s:node(n.left) s:node(n.right) end
function resolve.Pair(s, n) s:node(n.key) s:node(n.value) end
function resolve.Item(s, n) s:node(n.value) end
function resolve.Table(s, n) s:nodes(n.items) end
function resolve.Paren(s, n) s:node(n.inner) end
function resolve.Index(s, n) s:node(n.base) s:node(n.key) end
function resolve.Invoke(s, n) s:node(n.base) s:nodes(n.args) end
function resolve.Call(s, n) s:node(n.base) s:nodes(n.args) end
function resolve.Callstatement(s, n) s:node(n.call) end
function resolve.While(s, n) s:node(n.condition) s:block(n.body) end
function resolve.Do(s, n) s:block(n.body) end

resolve["Function"] = function(s, n)
  local outer = s.fn
  s.fn = n
  n.outer = outer
  s:open()
  for _, param in ipairs(n.params) do
    s:declare(param, "argument", true)
  end
  s:open()
  s:nodes(n.body.body)
  s:close()
  s:close()
  if n.dots and not n.uses_dots then
    s.report:add("W571", n)
  end
  s.fn = outer
end

function resolve.Dots(s)
  if s.fn then
    s.fn.uses_dots = true
  end
end

resolve["Repeat"] = function(s, n)
  s:open()
  s:nodes(n.body.body)
  s:node(n.condition)
  s:close()
end

resolve["If"] = function(s, n)
  for _, clause in ipairs(n.clauses) do
    s:node(clause.condition)
    s:block(clause.body)
  end
  if n.otherwise then
    s:block(n.otherwise)
  end
end

function resolve.Fornum(s, n)
  s:node(n.from)
  s:node(n.to)
  if n.step then
    s:node(n.step)
  end
  s:open()
  s:declare(n.var, "loop", true)
  s:block(n.body)
  s:close()
end

function resolve.Forin(s, n)
  s:nodes(n.values)
  s:open()
  for _, name in ipairs(n.names) do
    s:declare(name, "loop", true)
  end
  s:block(n.body)
  s:close()
end

function resolve.Local(s, n)
  s:nodes(n.values)
  for i, name in ipairs(n.names) do
    local last = n.values[#n.values]
    local open = last and (last.tag == "Call" or last.tag == "Invoke" or last.tag == "Dots")
    s:declare(name, "local", n.values[i] ~= nil or open)
  end
end

function resolve.Localfunction(s, n)
  s:declare(n.name, "function", true)
  s:node(n.value)
end

function resolve.Assign(s, n)
  s:nodes(n.values)
  for _, target in ipairs(n.targets) do
    if target.tag == "Id" then
      s:write(target, n.is_function)
    else
      s:node(target)
    end
  end
end

function Scopes:finish()
  for _, global in ipairs(self.order) do
    if not KNOWN[global.name] then
      if #global.writes == 0 then
        for _, at in ipairs(global.reads) do
          self.report:add("W113", at, global.name)
        end
      else
        if #global.reads == 0 and global.is_function then
          self.report:add("W131", global.writes[1], global.name)
        end
        for _, at in ipairs(global.writes) do
          self.report:add("W111", at, global.name)
        end
      end
    end
  end
end

---------------------------------------------------------------------------------------------------------------------
-- Rules over the tree

local function same(a, b)
  if a.tag ~= b.tag then
    return false
  end
  local tag = a.tag
  if tag == "Id" then
    return a.name == b.name
  elseif tag == "Number" or tag == "String" then
    return a.value == b.value
  elseif tag == "Nil" or tag == "True" or tag == "False" then
    return true
  elseif tag == "Index" then
    return same(a.base, b.base) and same(a.key, b.key)
  elseif tag == "Binary" then
    return a.op == b.op and same(a.left, b.left) and same(a.right, b.right)
  elseif tag == "Unary" then
    return a.op == b.op and same(a.operand, b.operand)
  elseif tag == "Paren" then
    return same(a.inner, b.inner)
  end
  return false
end

-- The truth of a constant condition; nil when it depends on the run.
local function truth(n)
  local tag = n.tag
  if tag == "True" or tag == "Number" or tag == "String" or tag == "Table" or tag == "Function" then
    return true
  elseif tag == "False" or tag == "Nil" then
    return false
  elseif tag == "Paren" then
    return truth(n.inner)
  elseif tag == "Unary" and n.op == "not" then
    local inner = truth(n.operand)
    if inner ~= nil then
      return not inner
    end
  elseif tag == "Binary" and n.op == "and" then
    local left, right = truth(n.left), truth(n.right)
    if left == false or right == false then
      return false
    end
    return left and right
  elseif tag == "Binary" and n.op == "or" then
    local left, right = truth(n.left), truth(n.right)
    if left == true or right == true then
      return true
    elseif left == false and right == false then
      return false
    end
  end
  return nil
end

local function describe(n)
  if n.tag == "Id" then
    return n.name
  elseif n.tag == "Index" and n.key.tag == "String" then
    return describe(n.base) .. "." .. n.key.value
  elseif n.tag == "Index" then
    return describe(n.base) .. "[]"
  end
  return "(" .. n.tag:lower() .. ")"
end

local Tree = { enter = {}, leave = {} }
Tree.__index = Tree

function Tree.new(report)
  return setmetatable({ report = report, enter = Tree.enter, leave = Tree.leave, loops = 0, stack = {} }, Tree)
end

local enter, leave = Tree.enter, Tree.leave

function enter.Block(t, n)
  if #n.body == 0 and not n.may_be_empty then
    t.report:add("W511", n)
  end
end

enter["Function"] = function(t, n)
  n.body.may_be_empty = true
  insert(t.stack, { loops = t.loops, complexity = 1, depth = 0, deepest = 0 })
  t.loops = 0
end

leave["Function"] = function(t, n)
  local frame = remove(t.stack)
  t.loops = frame.loops
  local report = t.report
  if frame.complexity > 12 then
    report:add("W561", n, frame.complexity)
  end
  if #n.params > 6 then
    report:add("W562", n, #n.params)
  end
  if frame.deepest > 4 then
    report:add("W563", n, frame.deepest)
  end
  local lines = n.last_line - n.line + 1
  if lines > 60 then
    report:add("W564", n, lines)
  end
  if t.loops > 0 then
    report:add("W542", n)
  end
end

local function deeper(t, branches)
  local frame = t.stack[#t.stack]
  if frame then
    frame.complexity = frame.complexity + branches
    frame.depth = frame.depth + 1
    if frame.depth > frame.deepest then
      frame.deepest = frame.depth
    end
  end
end

local function shallower(t)
  local frame = t.stack[#t.stack]
  if frame then
    frame.depth = frame.depth - 1
  end
end

local function condition(t, n, is_loop)
  local value = truth(n)
  if value ~= nil and not (is_loop and value) then
    t.report:add("W512", n, tostring(value))
  end
end

enter["If"] = function(t, n)
  deeper(t, #n.clauses)
  for i, clause in ipairs(n.clauses) do
    condition(t, clause.condition, false)
    for k = 1, i - 1 do
      if same(n.clauses[k].condition, clause.condition) then
        t.report:add("W513", clause.condition, "elseif")
      end
    end
  end
end
leave["If"] = shallower

local function enter_loop(t, n)
  deeper(t, 1)
  if n.condition then
    condition(t, n.condition, true)
  end
  t.loops = t.loops + 1
  local last = n.body.body[#n.body.body]
  if last and (last.tag == "Break" or last.tag == "Return") then
    t.report:add("W322", last)
  end
end

local function leave_loop(t)
  t.loops = t.loops - 1
  shallower(t)
end

for _, tag in ipairs({ "While", "Repeat", "Fornum", "Forin" }) do
  enter[tag], leave[tag] = enter_loop, leave_loop
end

local COMPARE = { ["=="] = true, ["~="] = true, ["<"] = true, [">"] = true, ["<="] = true, [">="] = true }
local IDEMPOTENT = { ["and"] = true, ["or"] = true, ["-"] = true, ["/"] = true, ["%"] = true }

function enter.Binary(t, n)
  local op = n.op
  if (COMPARE[op] or IDEMPOTENT[op]) and n.left.tag ~= "Number" and same(n.left, n.right) then
    t.report:add("W513", n, op)
  end
  if COMPARE[op] and n.left.tag == "Unary" and n.left.op == "not" then
    t.report:add("W514", n, op)
  end
  if op == "and" or op == "or" then
    local frame = t.stack[#t.stack]
    if frame then
      frame.complexity = frame.complexity + 1
    end
  end
end

function enter.Table(t, n)
  local seen, index = {}, 0
  for _, item in ipairs(n.items) do
    local key
    if item.tag == "Item" then
      index = index + 1
      key = "n" .. index
    elseif item.key.tag == "String" then
      key = "s" .. item.key.value
    elseif item.key.tag == "Number" then
      key = "n" .. item.key.value
    end
    if key then
      if seen[key] then
        t.report:add("W421", item, key:sub(2))
      end
      seen[key] = true
    end
  end
end

local function count_values(t, n, targets, values)
  local last = values[#values]
  if not last then
    return
  end
  local open = last.tag == "Call" or last.tag == "Invoke" or last.tag == "Dots"
  if #targets > #values and not open then
    t.report:add("W521", n)
  elseif #targets < #values then
    t.report:add("W522", n)
  end
end

function enter.Assign(t, n)
  count_values(t, n, n.targets, n.values)
  for i, target in ipairs(n.targets) do
    local value = n.values[i]
    if value and same(target, value) then
      t.report:add("W515", target, describe(target))
    end
    if value and t.loops > 0 and target.tag == "Id" and value.tag == "Binary" and value.op == ".."
      and same(target, value.left) then
      t.report:add("W541", target)
    end
  end
end

function enter.Local(t, n)
  count_values(t, n, n.names, n.values)
end

local function count_directives(text)
  local count = 0
  for _, kind in text:gmatch("%%([-+ #0]*%d*%.?%d*)([%a%%])") do
    if kind ~= "%" then
      count = count + 1
    end
  end
  return count
end

local function check_format(t, n, text, given, args)
  local last = args[#args]
  if last and (last.tag == "Call" or last.tag == "Invoke" or last.tag == "Dots") then
    return
  end
  local wanted = count_directives(text)
  if wanted ~= given then
    t.report:add("W531", n, wanted, given)
  end
end

local NEED_SELF = { gsub = true, gmatch = true, rep = true, upper = true, lower = true }

function enter.Call(t, n)
  local base = n.base
  if base.tag == "Index" and base.key.tag == "String" then
    local library = base.base.tag == "Id" and base.base.name
    if library == "string" and base.key.value == "format" and n.args[1] and n.args[1].tag == "String" then
      check_format(t, n, n.args[1].value, #n.args - 1, n.args)
    elseif library ~= "string" and NEED_SELF[base.key.value] and #n.args == 0 then
      t.report:add("W572", n, base.key.value)
    end
  end
end

function enter.Invoke(t, n)
  if n.name == "format" and n.base.tag == "Paren" and n.base.inner.tag == "String" then
    check_format(t, n, n.base.inner.value, #n.args, n.args)
  end
end

---------------------------------------------------------------------------------------------------------------------
-- Rules over the flow of control

local Flow = {}
Flow.__index = Flow

function Flow.new(report)
  return setmetatable({ report = report, labels = nil }, Flow)
end

local flows = {}

-- Whether control can go on behind a statement. Loops which never end and jumps end it.
function Flow:statement(n)
  local f = flows[n.tag]
  if f then
    return f(self, n)
  end
  return true
end

function Flow:block(block)
  local outer = self.labels
  self.labels = {}
  for _, n in ipairs(block.body) do
    if n.tag == "Label" then
      self.labels[n.label] = { at = n, used = false }
    end
  end
  local alive = true
  for _, n in ipairs(block.body) do
    if n.tag == "Label" then
      alive = true
    elseif not alive then
      self.report:add("W321", n)
      alive = true
    end
    if n.tag == "Goto" then
      local label = self.labels[n.label] or (outer and outer[n.label])
      if label then
        label.used = true
      end
    end
    alive = self:statement(n) and alive
  end
  self:overwritten(block.body)
  for _, n in ipairs(block.body) do
    if n.tag == "Label" and not self.labels[n.label].used then
      self.report:add("W331", n, n.label)
    end
  end
  self.labels = outer
  return alive
end

-- A local which is set twice in a row, by statements which cannot read it in between.
function Flow:overwritten(body)
  for i = 1, #body - 1 do
    local first, second = body[i], body[i + 1]
    local name, at
    if first.tag == "Local" and #first.names == 1 and #first.values == 1 then
      name, at = first.names[1].name, first.names[1]
    elseif first.tag == "Assign" and #first.targets == 1 and first.targets[1].tag == "Id" then
      name, at = first.targets[1].name, first.targets[1]
    end
    if name and second.tag == "Assign" and #second.targets == 1 and second.targets[1].tag == "Id"
      and second.targets[1].name == name and not self:mentions(second.values, name) then
      self.report:add("W311", at, name)
    end
  end
end

function Flow:mentions(values, name)
  local found = false
  local handlers = {
    enter = {
      Id = function(_, n)
        if n.name == name then
          found = true
        end
      end,
      -- A call may read anything through an upvalue.
      Call = function() found = true end,
      Invoke = function() found = true end,
      Function = function() found = true end,
    },
    leave = {},
  }
  visit_all(values, handlers)
  return found
end

flows["Return"] = function() return false end
flows["Goto"] = function() return false end
flows["Break"] = function(f)
  f.broke = true
  return false
end

flows["Do"] = function(f, n)
  return f:block(n.body)
end

flows["If"] = function(f, n)
  local alive = n.otherwise == nil
  for _, clause in ipairs(n.clauses) do
    if f:block(clause.body) then
      alive = true
    end
  end
  if n.otherwise and f:block(n.otherwise) then
    alive = true
  end
  return alive
end

local function loop(f, n)
  local outer = f.broke
  f.broke = false
  f:block(n.body)
  local endless = n.tag == "While" and truth(n.condition) == true and not f.broke
  f.broke = outer
  return not endless
end
flows["While"], flows["Repeat"], flows["Fornum"], flows["Forin"] = loop, loop, loop, loop

-- Functions are blocks of their own; the tree visitor finds them.
function Flow:run(chunk)
  self:block(chunk)
  visit(chunk, {
    enter = {
      Function = function(_, n)
        self.labels = nil
        self:block(n.body)
      end,
    },
    leave = {},
  })
end

---------------------------------------------------------------------------------------------------------------------
-- Rules over lines

local function check_lines(text, report)
  local number, empty = 0, 0
  for line in text:gmatch("([^\n]*)\n") do
    number = number + 1
    local at = { line = number, column = 1 }
    local trailing = find(line, "%s+$")
    if trailing then
      at.column = trailing
      report:add("W611", at)
    end
    if #line > 100 then
      at.column = 101
      report:add("W612", at, #line)
    end
    local indent = line:match("^%s+")
    if indent and find(indent, " ", 1, true) and find(indent, "\t", 1, true) then
      at.column = 1
      report:add("W613", at)
    end
    if line == "" then
      empty = empty + 1
      if empty == 3 then
        report:add("W614", at)
      end
    else
      empty = 0
    end
  end
  return number
end

---------------------------------------------------------------------------------------------------------------------
-- Driver

local function lint(name, text)
  local report = Report.new()
  local ok, problem = pcall(function()
    local lexer = Lexer.new(text)
    local tokens, comments = lexer:run()
    report:read_comments(comments)
    local parser = Parser.new(tokens)
    local chunk = parser:block()
    parser:expect("<eof>")
    chunk.may_be_empty = true
    local scopes = Scopes.new(report)
    scopes:block(chunk)
    scopes:finish()
    visit(chunk, Tree.new(report))
    Flow.new(report):run(chunk)
    report.tokens = #tokens
    report.variables = scopes.variables
  end)
  if not ok then
    if type(problem) ~= "table" or not problem.syntax then
      error(problem, 0)
    end
    report:add("E001", problem, problem.message)
  end
  report.lines = check_lines(text, report)
  return report, report:text(name)
end

---------------------------------------------------------------------------------------------------------------------
-- Sources to check: one which is written by hand, and a maker of others

local SAMPLE = [==[
local unused, Stack = 1, {}
Stack.__index = Stack

function Stack.new(limit, ...)
  return setmetatable({ items = {}, count = 0, limit = limit, count = 1 }, Stack)
end

function Stack:push(item)
  if not self.count == 0 then print("never") end
  self.count = self.count + 1
  self.items[self.count] = item
  return self
end

local function walk(tree, visit)
  local stack = { tree }
  while #stack > 0 do
    local tree = table.remove(stack)
    visit(tree)
    for i, child in ipairs(tree) do stack[#stack + 1] = child end
  end
  do return stack end
  print("unreachable")
end

local text = ""
for i = 1, 10 do
  text = text .. string.format("%d %s", i)   
  local f = function() return text end -- lint: ignore W542
  if true then f() elseif i == i then end
end
-- HACK: keep this
counter = counter
local a, b = 1
a = 2
a = 3
goto out
::again::
::out::
for _ = 1, 3 do break end
local s = [[long
string]]
return walk(Stack.new(3):push(s), undefined_function), 0x1F + 1e3 .. '\'q\'', text.upper()
]==]

local BROKEN = {
  "local x = = 1\n",
  "for i = 1 do end\n",
  "x = 'unfinished\n",
  "function f( return end\n",
  "local t = { 1, 2\nprint(t)\n",
  "if a then b() else c() end end\n",
}

local Maker = {}
Maker.__index = Maker

function Maker.new(seed)
  return setmetatable({ seed = seed * 31337 % 2147483646 + 1, out = {}, depth = 0, count = 0, functions = {} }, Maker)
end

function Maker:random(limit)
  self.seed = (self.seed * 16807) % 2147483647
  return self.seed % limit + 1
end

function Maker:pick(list)
  return list[self:random(#list)]
end

function Maker:line(text)
  insert(self.out, ("  "):rep(self.depth) .. text)
end

local NOUNS = { "item", "node", "value", "index", "name", "list", "state", "token", "width", "result", "buffer", "key" }
local GLOBALS = { "print", "tostring", "math.max", "string.rep", "select", "type", "config", "log" }

function Maker:fresh()
  self.count = self.count + 1
  return self:pick(NOUNS) .. (self:random(3) == 1 and "" or "_" .. self.count)
end

function Maker:expression(names, depth)
  local r = self:random(depth > 0 and 14 or 5)
  if r <= 3 and #names > 0 then
    return self:pick(names)
  elseif r <= 4 then
    return tostring(self:random(100))
  elseif r == 5 then
    return '"' .. self:pick(NOUNS) .. '"'
  elseif r <= 8 then
    local op = self:pick({ "+", "-", "*", "..", "==", "<", "and", "or", "~=" })
    return self:expression(names, depth - 1) .. " " .. op .. " " .. self:expression(names, depth - 1)
  elseif r == 9 then
    return "not " .. self:expression(names, depth - 1)
  elseif r == 10 then
    return "(" .. self:expression(names, depth - 1) .. ")"
  elseif r == 11 then
    return self:pick(GLOBALS) .. "(" .. self:expression(names, depth - 1) .. ", " .. self:expression(names, 0) .. ")"
  elseif r == 12 then
    return "{ " .. self:pick(NOUNS) .. " = " .. self:expression(names, depth - 1) .. ", " .. self:pick(NOUNS) .. " = "
      .. self:expression(names, 0) .. ", " .. self:expression(names, 0) .. " }"
  elseif r == 13 and #names > 0 then
    return self:pick(names) .. "." .. self:pick(NOUNS) .. "[" .. self:expression(names, 0) .. "]"
  end
  local name = #self.functions > 0 and self:pick(self.functions) or "next"
  return name .. "(" .. self:expression(names, depth - 1) .. ")"
end

function Maker:block(names, nesting, statements)
  local size = #names
  self.depth = self.depth + 1
  for _ = 1, statements do
    self:statement(names, nesting)
  end
  self.depth = self.depth - 1
  for i = #names, size + 1, -1 do
    names[i] = nil
  end
end

function Maker:statement(names, nesting)
  local r = self:random(nesting > 0 and 16 or 9)
  if r <= 3 then
    local name = self:fresh()
    self:line("local " .. name .. " = " .. self:expression(names, 2))
    insert(names, name)
  elseif r == 4 then
    local a, b = self:fresh(), self:fresh()
    self:line("local " .. a .. ", " .. b .. " = " .. self:expression(names, 1))
    insert(names, a)
    insert(names, b)
  elseif r <= 6 and #names > 0 then
    self:line(self:pick(names) .. " = " .. self:expression(names, 2))
  elseif r == 7 then
    self:line(self:pick(GLOBALS) .. "(" .. self:expression(names, 2) .. ") -- " .. self:pick(NOUNS))
  elseif r == 8 and #names > 0 then
    self:line(self:pick(names) .. ":" .. self:pick(NOUNS) .. "(" .. self:expression(names, 1) .. ")")
  elseif r <= 9 then
    self:line('log(string.format("%d of %s", ' .. self:expression(names, 1) .. "))")
  elseif r <= 11 then
    self:line("if " .. self:expression(names, 2) .. " then")
    self:block(names, nesting - 1, self:random(3))
    if r == 11 then
      self:line("elseif " .. self:expression(names, 1) .. " then")
      self:block(names, nesting - 1, self:random(3) - 1)
      self:line("else")
      self:block(names, nesting - 1, self:random(2))
    end
    self:line("end")
  elseif r == 12 then
    local name = self:fresh()
    self:line("for " .. name .. " = 1, " .. self:expression(names, 1) .. " do")
    insert(names, name)
    self:block(names, nesting - 1, self:random(4))
    remove(names)
    self:line("end")
  elseif r == 13 then
    local key, value = self:fresh(), self:fresh()
    self:line("for " .. key .. ", " .. value .. " in pairs(" .. self:expression(names, 1) .. ") do")
    insert(names, key)
    insert(names, value)
    self:block(names, nesting - 1, self:random(4))
    remove(names)
    remove(names)
    self:line("end")
  elseif r == 14 then
    self:line("while " .. self:expression(names, 1) .. " do")
    self:block(names, nesting - 1, self:random(3))
    if self:random(3) == 1 then
      self:line("  break")
    end
    self:line("end")
  elseif r == 15 then
    local name = self:fresh()
    self:line("local function " .. name .. "(" .. self:fresh() .. ", ...)")
    self:block(names, nesting - 1, self:random(3))
    self:line("  return " .. self:expression(names, 1))
    self:line("end" .. (self:random(4) == 1 and "  " or ""))
    insert(names, name)
  else
    self:line("repeat")
    self:block(names, nesting - 1, self:random(2))
    self:line("until " .. self:expression(names, 1))
  end
end

function Maker:source(functions)
  self:line("-- made for the linter\nlocal M = {}\n")
  for i = 1, functions do
    local name, params = "f" .. i, {}
    for k = 1, self:random(8) - 1 do
      params[k] = self:fresh()
    end
    local kind = self:random(3)
    if kind == 1 then
      self:line("local function " .. name .. "(" .. concat(params, ", ") .. ")")
    elseif kind == 2 then
      self:line("function M." .. name .. "(" .. concat(params, ", ") .. ")")
    else
      self:line("function M:" .. name .. "(" .. concat(params, ", ") .. ")")
    end
    insert(self.functions, kind == 1 and name or "M." .. name)
    self:block(params, 3, 4 + self:random(8))
    if self:random(2) == 1 then
      self:line("  return " .. self:expression(params, 2))
    end
    self:line("end\n")
  end
  self:line("return M")
  return concat(self.out, "\n") .. "\n"
end

local function checksum(sum, text)
  for i = 1, #text, 3 do
    sum = (sum * 31 + byte(text, i)) % 1000003
  end
  return sum
end

local rounds = tonumber(arg and arg[1]) or 10
local sum, lines, tokens, variables, suppressed = 0, 0, 0, 0, 0
local counts = {}
for round = 1, rounds do
  local sources = { SAMPLE, Maker.new(round):source(14), Maker.new(round + 777):source(6) }
  for i, source in ipairs(sources) do
    local report, text = lint("source" .. i .. ".lua", source)
    assert(i == 1 or report.tokens, text)
    sum = checksum(sum, text)
    lines = lines + report.lines
    tokens = tokens + report.tokens
    variables = variables + report.variables
    suppressed = suppressed + report.suppressed
    for code, count in pairs(report.counts) do
      counts[code] = (counts[code] or 0) + count
    end
  end
  for _, source in ipairs(BROKEN) do
    local _, text = lint("broken.lua", source)
    sum = checksum(sum, text)
  end
end
local codes = {}
for code, count in pairs(counts) do
  insert(codes, format("%s=%d", code, count))
end
sort(codes)
print(format("linter %d lines, %d tokens, %d variables, %d suppressed, %d", lines, tokens, variables, suppressed, sum))
print(concat(codes, " "))
