-- A compiler for a small typed language, from text to a run of its code: lexer, parser, type checker, optimiser over
-- the tree, three-address code, optimiser over the flow graph, register allocation, bytecode and a machine for it.
-- It compiles programs which it makes itself, so that every round sees other code.
--
-- The language has integers (residues modulo 16777213, so that every product is exact in a double), booleans, strings,
-- arrays, records, functions, constants, global and local variables, and the usual statements.

local MODULUS = 16777213
local floor, concat, format = math.floor, table.concat, string.format

---------------------------------------------------------------------------------------------------------------------
-- Diagnostics

local Diagnostics = {}
Diagnostics.__index = Diagnostics

function Diagnostics.new()
  return setmetatable({ list = {}, failed = false }, Diagnostics)
end

function Diagnostics:add(line, text, ...)
  self.failed = true
  self.list[#self.list + 1] = format("%d: ", line) .. format(text, ...)
end

-- A syntax error ends the parse: it is thrown to `compile`, which is the only one that catches it.
local SyntaxError = {}
SyntaxError.__index = SyntaxError

local function syntax_error(line, text, ...)
  error(setmetatable({ line = line, text = format(text, ...) }, SyntaxError))
end

---------------------------------------------------------------------------------------------------------------------
-- Lexer

local Lexer = {}
Lexer.__index = Lexer

local KEYWORDS = {}
for word in ([[fn var const record if else while for to step return break continue true false new print and or
not]]):gmatch("%a+") do
  KEYWORDS[word] = true
end

local DOUBLE = {}
for symbol in ("== != <= >= += -= *="):gmatch("%S+") do
  DOUBLE[symbol] = true
end
local SINGLE = {}
for c in ("+-*/%=<>(){}[],;:."):gmatch(".") do
  SINGLE[c] = true
end

local ESCAPES = { n = "\n", t = "\t", ['"'] = '"', ["\\"] = "\\" }

function Lexer.new(text)
  return setmetatable({ text = text, at = 1, line = 1, kinds = {}, values = {}, lines = {}, count = 0 }, Lexer)
end

function Lexer:push(kind, value)
  local n = self.count + 1
  self.count = n
  self.kinds[n] = kind
  self.values[n] = value
  self.lines[n] = self.line
end

function Lexer:string(start)
  local text, at = self.text, start + 1
  local parts = {}
  while true do
    local c = text:sub(at, at)
    if c == "" or c == "\n" then
      syntax_error(self.line, "unfinished string")
    elseif c == '"' then
      break
    elseif c == "\\" then
      local escape = ESCAPES[text:sub(at + 1, at + 1)]
      if not escape then
        syntax_error(self.line, "bad escape")
      end
      parts[#parts + 1] = escape
      at = at + 2
    else
      local stop = text:find('["\\\n]', at) or #text + 1
      parts[#parts + 1] = text:sub(at, stop - 1)
      at = stop
    end
  end
  self:push("string", concat(parts))
  return at + 1
end

function Lexer:run()
  local text, length = self.text, #self.text
  local at = 1
  while at <= length do
    local c = text:sub(at, at)
    if c == " " or c == "\t" or c == "\r" then
      at = text:find("[^ \t\r]", at) or length + 1
    elseif c == "\n" then
      self.line = self.line + 1
      at = at + 1
    elseif c == "#" then
      at = text:find("\n", at, true) or length + 1
    elseif c:find("[%a_]") then
      local word = text:match("^[%w_]+", at)
      self:push(KEYWORDS[word] and word or "name", word)
      at = at + #word
    elseif c:find("%d") then
      local digits = text:match("^%d+", at)
      self:push("int", tonumber(digits) % MODULUS)
      at = at + #digits
    elseif c == '"' then
      at = self:string(at)
    else
      local two = text:sub(at, at + 1)
      if DOUBLE[two] then
        self:push(two)
        at = at + 2
      elseif SINGLE[c] then
        self:push(c)
        at = at + 1
      else
        syntax_error(self.line, "unexpected character '%s'", c)
      end
    end
  end
  self:push("end")
end

---------------------------------------------------------------------------------------------------------------------
-- Parser

local Parser = {}
Parser.__index = Parser

function Parser.new(lexer)
  return setmetatable({ kinds = lexer.kinds, values = lexer.values, lines = lexer.lines, at = 1, nodes = 0 }, Parser)
end

function Parser:node(tag, fields)
  fields.tag = tag
  fields.line = self.lines[self.at]
  self.nodes = self.nodes + 1
  return fields
end

function Parser:kind()
  return self.kinds[self.at]
end

function Parser:accept(kind)
  if self.kinds[self.at] == kind then
    self.at = self.at + 1
    return true
  end
  return false
end

function Parser:expect(kind)
  local at = self.at
  if self.kinds[at] ~= kind then
    syntax_error(self.lines[at], "expected '%s' and found '%s'", kind, self.kinds[at])
  end
  self.at = at + 1
  return self.values[at]
end

function Parser:type()
  if self:accept("[") then
    local element = self:type()
    self:expect("]")
    return self:node("ArrayType", { element = element })
  end
  return self:node("NamedType", { name = self:expect("name") })
end

local PRECEDENCE = {
  ["or"] = 1, ["and"] = 2,
  ["=="] = 3, ["!="] = 3, ["<"] = 4, ["<="] = 4, [">"] = 4, [">="] = 4,
  ["+"] = 5, ["-"] = 5, ["*"] = 6, ["/"] = 6, ["%"] = 6,
}

function Parser:expression(limit)
  local left = self:unary()
  while true do
    local operator = self.kinds[self.at]
    local precedence = PRECEDENCE[operator]
    if not precedence or precedence <= (limit or 0) then
      return left
    end
    self.at = self.at + 1
    local right = self:expression(precedence)
    if operator == "and" or operator == "or" then
      left = self:node("Logical", { operator = operator, left = left, right = right })
    else
      left = self:node("Binary", { operator = operator, left = left, right = right })
    end
  end
end

function Parser:unary()
  if self:accept("-") then
    return self:node("Unary", { operator = "-", operand = self:unary() })
  elseif self:accept("not") then
    return self:node("Unary", { operator = "not", operand = self:unary() })
  end
  return self:postfix(self:primary())
end

function Parser:arguments()
  local list = {}
  self:expect("(")
  if not self:accept(")") then
    repeat
      list[#list + 1] = self:expression()
    until not self:accept(",")
    self:expect(")")
  end
  return list
end

function Parser:postfix(base)
  while true do
    local kind = self:kind()
    if kind == "[" then
      self.at = self.at + 1
      local index = self:expression()
      self:expect("]")
      base = self:node("Index", { base = base, index = index })
    elseif kind == "." then
      self.at = self.at + 1
      base = self:node("Field", { base = base, name = self:expect("name") })
    else
      return base
    end
  end
end

local primaries = {}

function primaries.int(p)
  return p:node("Int", { value = p:expect("int") })
end

primaries["string"] = function(p)
  return p:node("String", { value = p:expect("string") })
end

primaries["true"] = function(p)
  p.at = p.at + 1
  return p:node("Bool", { value = true })
end

primaries["false"] = function(p)
  p.at = p.at + 1
  return p:node("Bool", { value = false })
end

primaries["("] = function(p)
  p.at = p.at + 1
  local inner = p:expression()
  p:expect(")")
  return inner
end

primaries["["] = function(p)
  p.at = p.at + 1
  local elements = {}
  if not p:accept("]") then
    repeat
      elements[#elements + 1] = p:expression()
    until not p:accept(",")
    p:expect("]")
  end
  return p:node("Array", { elements = elements })
end

primaries["new"] = function(p)
  p.at = p.at + 1
  local name = p:expect("name")
  p:expect("{")
  local fields = {}
  while not p:accept("}") do
    local field = p:expect("name")
    p:expect(":")
    fields[#fields + 1] = { name = field, value = p:expression() }
    p:accept(",")
  end
  return p:node("New", { name = name, fields = fields })
end

primaries["name"] = function(p)
  local name = p:expect("name")
  if p:kind() == "(" then
    return p:node("Call", { name = name, args = p:arguments() })
  end
  return p:node("Name", { name = name })
end

function Parser:primary()
  local parse = primaries[self:kind()]
  if not parse then
    syntax_error(self.lines[self.at], "unexpected '%s'", self:kind())
  end
  return parse(self)
end

function Parser:block()
  self:expect("{")
  local list = {}
  while not self:accept("}") do
    list[#list + 1] = self:statement()
  end
  return self:node("Block", { body = list })
end

local statements = {}

function statements.var(p)
  p.at = p.at + 1
  local name = p:expect("name")
  local declared = p:accept(":") and p:type() or nil
  p:expect("=")
  local value = p:expression()
  p:expect(";")
  return p:node("Var", { name = name, declared = declared, value = value })
end

statements["if"] = function(p)
  p.at = p.at + 1
  local condition = p:expression()
  local yes, no = p:block(), nil
  if p:accept("else") then
    no = p:kind() == "if" and p:statement() or p:block()
  end
  return p:node("If", { condition = condition, yes = yes, no = no })
end

statements["while"] = function(p)
  p.at = p.at + 1
  local condition = p:expression()
  return p:node("While", { condition = condition, body = p:block() })
end

statements["for"] = function(p)
  p.at = p.at + 1
  local name = p:expect("name")
  p:expect("=")
  local from = p:expression()
  p:expect("to")
  local to = p:expression()
  local step = p:accept("step") and p:expect("int") or 1
  return p:node("For", { name = name, from = from, to = to, step = step, body = p:block() })
end

statements["return"] = function(p)
  p.at = p.at + 1
  local value = p:kind() ~= ";" and p:expression() or nil
  p:expect(";")
  return p:node("Return", { value = value })
end

statements["break"] = function(p)
  p.at = p.at + 1
  p:expect(";")
  return p:node("Break", {})
end

statements["continue"] = function(p)
  p.at = p.at + 1
  p:expect(";")
  return p:node("Continue", {})
end

statements["print"] = function(p)
  p.at = p.at + 1
  local args = p:arguments()
  p:expect(";")
  return p:node("Print", { args = args })
end

statements["{"] = function(p)
  return p:block()
end

local COMPOUND = { ["+="] = "+", ["-="] = "-", ["*="] = "*" }

function Parser:statement()
  local parse = statements[self:kind()]
  if parse then
    return parse(self)
  end
  local target = self:postfix(self:primary())
  local kind = self:kind()
  if kind == "=" then
    self.at = self.at + 1
    local value = self:expression()
    self:expect(";")
    return self:node("Assign", { target = target, value = value })
  elseif COMPOUND[kind] then
    self.at = self.at + 1
    local right = self:expression()
    self:expect(";")
    local value = self:node("Binary", { operator = COMPOUND[kind], left = target, right = right })
    return self:node("Assign", { target = target, value = value })
  end
  self:expect(";")
  return self:node("Expression", { value = target })
end

function Parser:program()
  local records, functions, globals, constants = {}, {}, {}, {}
  while not self:accept("end") do
    if self:accept("record") then
      local record = self:node("Record", { name = self:expect("name"), fields = {} })
      self:expect("{")
      while not self:accept("}") do
        local field = { name = self:expect("name") }
        self:expect(":")
        field.declared = self:type()
        self:expect(";")
        record.fields[#record.fields + 1] = field
      end
      records[#records + 1] = record
    elseif self:accept("const") then
      local constant = self:node("Const", { name = self:expect("name") })
      self:expect("=")
      constant.value = self:expression()
      self:expect(";")
      constants[#constants + 1] = constant
    elseif self:kind() == "var" then
      globals[#globals + 1] = self:statement()
    else
      self:expect("fn")
      local fn = self:node("Function", { name = self:expect("name"), params = {} })
      self:expect("(")
      if not self:accept(")") then
        repeat
          local param = { name = self:expect("name") }
          self:expect(":")
          param.declared = self:type()
          fn.params[#fn.params + 1] = param
        until not self:accept(",")
        self:expect(")")
      end
      fn.declared = self:accept(":") and self:type() or nil
      fn.body = self:block()
      functions[#functions + 1] = fn
    end
  end
  return { records = records, functions = functions, globals = globals, constants = constants }
end

---------------------------------------------------------------------------------------------------------------------
-- Types and the checker

local INT = { kind = "int" }
local BOOL = { kind = "bool" }
local STRING = { kind = "str" }
local VOID = { kind = "void" }
local ANY = { kind = "any" }

local Checker = {}
Checker.__index = Checker

function Checker.new(diagnostics)
  return setmetatable({
    diagnostics = diagnostics,
    types = { int = INT, bool = BOOL, str = STRING, void = VOID },
    arrays = {},
    scope = { names = {}, parent = nil },
    fn = nil,
    loops = 0,
    globals = 0,
  }, Checker)
end

function Checker:complain(node, text, ...)
  self.diagnostics:add(node.line or 0, text, ...)
end

function Checker:array_of(element)
  local type = self.arrays[element]
  if not type then
    type = { kind = "array", element = element }
    self.arrays[element] = type
  end
  return type
end

function Checker:resolve(node)
  if node.tag == "ArrayType" then
    return self:array_of(self:resolve(node.element))
  end
  local type = self.types[node.name]
  if not type then
    self:complain(node, "unknown type '%s'", node.name)
    return ANY
  end
  return type
end

local function type_name(type)
  if type.kind == "array" then
    return "[" .. type_name(type.element) .. "]"
  end
  return type.name or type.kind
end

local function fits(expected, actual)
  return expected == actual or expected == ANY or actual == ANY
    or (expected.kind == "array" and actual.kind == "array" and actual.element == ANY)
end

function Checker:need(node, expected, actual, what)
  if not fits(expected, actual) then
    self:complain(node, "%s: expected %s, found %s", what, type_name(expected), type_name(actual))
  end
end

function Checker:open()
  self.scope = { names = {}, parent = self.scope }
end

function Checker:close()
  for name, symbol in pairs(self.scope.names) do
    if symbol.uses == 0 and symbol.kind == "local" then
      self.unused = (self.unused or 0) + #name
    end
  end
  self.scope = self.scope.parent
end

function Checker:declare(node, name, kind, type)
  local names = self.scope.names
  if names[name] then
    self:complain(node, "'%s' is declared twice", name)
  end
  local symbol = { name = name, kind = kind, type = type, uses = 0, writes = 0 }
  names[name] = symbol
  return symbol
end

function Checker:lookup(node, name)
  local scope = self.scope
  while scope do
    local symbol = scope.names[name]
    if symbol then
      symbol.uses = symbol.uses + 1
      return symbol
    end
    scope = scope.parent
  end
  self:complain(node, "unknown name '%s'", name)
  return { name = name, kind = "local", type = ANY, uses = 1, writes = 0 }
end

local check = {}

function Checker:expression(node)
  local type = check[node.tag](self, node)
  node.type = type
  return type
end

function check.Int()
  return INT
end

function check.Bool()
  return BOOL
end

function check.String()
  return STRING
end

function check.Name(c, node)
  local symbol = c:lookup(node, node.name)
  node.symbol = symbol
  if symbol.kind == "function" then
    c:complain(node, "'%s' is a function", node.name)
  end
  return symbol.type
end

function check.Unary(c, node)
  local type = c:expression(node.operand)
  local expected = node.operator == "-" and INT or BOOL
  c:need(node, expected, type, "operand")
  return expected
end

function check.Binary(c, node)
  local left, right = c:expression(node.left), c:expression(node.right)
  local operator = node.operator
  if operator == "==" or operator == "!=" then
    c:need(node, left, right, "comparison")
    return BOOL
  elseif operator == "<" or operator == "<=" or operator == ">" or operator == ">=" then
    if left ~= STRING then
      c:need(node, INT, left, "comparison")
    end
    c:need(node, left, right, "comparison")
    return BOOL
  elseif operator == "+" and left == STRING then
    c:need(node, STRING, right, "concatenation")
    return STRING
  end
  c:need(node, INT, left, "left operand")
  c:need(node, INT, right, "right operand")
  return INT
end

function check.Logical(c, node)
  c:need(node, BOOL, c:expression(node.left), "left operand")
  c:need(node, BOOL, c:expression(node.right), "right operand")
  return BOOL
end

function check.Index(c, node)
  local base = c:expression(node.base)
  c:need(node, INT, c:expression(node.index), "index")
  if base == STRING then
    return INT
  elseif base.kind ~= "array" then
    c:complain(node, "%s has no elements", type_name(base))
    return ANY
  end
  return base.element
end

function check.Field(c, node)
  local base = c:expression(node.base)
  local field = base.kind == "record" and base.fields[node.name]
  if not field then
    c:complain(node, "%s has no field '%s'", type_name(base), node.name)
    return ANY
  end
  node.slot = field.slot
  return field.type
end

function check.Array(c, node)
  local element = ANY
  for _, child in ipairs(node.elements) do
    local type = c:expression(child)
    if element == ANY then
      element = type
    end
    c:need(child, element, type, "element")
  end
  return c:array_of(element)
end

function check.New(c, node)
  local record = c.types[node.name]
  if not record or record.kind ~= "record" then
    c:complain(node, "'%s' is no record", node.name)
    return ANY
  end
  local seen = 0
  for _, field in ipairs(node.fields) do
    local type = c:expression(field.value)
    local known = record.fields[field.name]
    if known then
      seen = seen + 1
      field.slot = known.slot
      c:need(field.value, known.type, type, field.name)
    else
      c:complain(node, "%s has no field '%s'", node.name, field.name)
    end
  end
  if seen ~= record.size then
    c:complain(node, "%s needs %d fields", node.name, record.size)
  end
  return record
end

-- Built-in functions: parameter types, result.
local BUILTINS = {
  len = function(c, node, types)
    local kind = types[1] and types[1].kind
    if #types ~= 1 or (kind ~= "array" and kind ~= "str") then
      c:complain(node, "len needs an array or a string")
    end
    return INT
  end,
  push = function(c, node, types)
    if #types ~= 2 or types[1].kind ~= "array" then
      c:complain(node, "push needs an array and a value")
    else
      c:need(node, types[1].element, types[2], "element")
    end
    return VOID
  end,
  text = function(c, node, types)
    if #types ~= 1 then
      c:complain(node, "text needs one value")
    end
    return STRING
  end,
}

function check.Call(c, node)
  local types = {}
  for i, arg in ipairs(node.args) do
    types[i] = c:expression(arg)
  end
  local builtin = BUILTINS[node.name]
  if builtin then
    node.builtin = true
    return builtin(c, node, types)
  end
  local symbol = c:lookup(node, node.name)
  if symbol.kind ~= "function" then
    c:complain(node, "'%s' is no function", node.name)
    return ANY
  end
  node.fn = symbol.fn
  local params = symbol.fn.params
  if #params ~= #types then
    c:complain(node, "'%s' takes %d arguments, not %d", node.name, #params, #types)
  else
    for i = 1, #params do
      c:need(node.args[i], params[i].type, types[i], params[i].name)
    end
  end
  return symbol.type
end

local check_statement = {}

function Checker:statement(node)
  check_statement[node.tag](self, node)
end

function check_statement.Block(c, node)
  c:open()
  for _, child in ipairs(node.body) do
    c:statement(child)
  end
  c:close()
end

function check_statement.Var(c, node)
  local type = c:expression(node.value)
  if node.declared then
    local declared = c:resolve(node.declared)
    c:need(node, declared, type, node.name)
    type = declared
  end
  node.symbol = c:declare(node, node.name, "local", type)
end

function check_statement.Assign(c, node)
  local expected = c:expression(node.target)
  local target = node.target
  if target.tag == "Name" then
    if target.symbol.kind == "const" then
      c:complain(node, "'%s' is constant", target.name)
    end
    target.symbol.writes = target.symbol.writes + 1
  elseif target.tag ~= "Index" and target.tag ~= "Field" then
    c:complain(node, "this cannot be assigned to")
  end
  c:need(node, expected, c:expression(node.value), "assignment")
end

check_statement["If"] = function(c, node)
  c:need(node, BOOL, c:expression(node.condition), "condition")
  c:statement(node.yes)
  if node.no then
    c:statement(node.no)
  end
end

check_statement["While"] = function(c, node)
  c:need(node, BOOL, c:expression(node.condition), "condition")
  c.loops = c.loops + 1
  c:statement(node.body)
  c.loops = c.loops - 1
end

check_statement["For"] = function(c, node)
  c:need(node, INT, c:expression(node.from), "from")
  c:need(node, INT, c:expression(node.to), "to")
  c:open()
  node.symbol = c:declare(node, node.name, "local", INT)
  c.loops = c.loops + 1
  c:statement(node.body)
  c.loops = c.loops - 1
  c:close()
end

check_statement["Return"] = function(c, node)
  local type = node.value and c:expression(node.value) or VOID
  c:need(node, c.fn.result, type, "result")
end

check_statement["Break"] = function(c, node)
  if c.loops == 0 then
    c:complain(node, "no loop to leave")
  end
end

check_statement["Continue"] = check_statement["Break"]

function check_statement.Print(c, node)
  for _, arg in ipairs(node.args) do
    c:expression(arg)
  end
end

function check_statement.Expression(c, node)
  c:expression(node.value)
  if node.value.tag ~= "Call" then
    c:complain(node, "a value which nobody uses")
  end
end

-- Whether control can reach the end of a statement.
local function falls_through(node)
  local tag = node.tag
  if tag == "Return" then
    return false
  elseif tag == "Block" then
    local last = node.body[#node.body]
    return not last or falls_through(last)
  elseif tag == "If" then
    return not node.no or falls_through(node.yes) or falls_through(node.no)
  end
  return true
end

function Checker:program(tree)
  for _, record in ipairs(tree.records) do
    self.types[record.name] = { kind = "record", name = record.name, fields = {}, size = 0 }
  end
  for _, record in ipairs(tree.records) do
    local type = self.types[record.name]
    for slot, field in ipairs(record.fields) do
      type.fields[field.name] = { slot = slot, type = self:resolve(field.declared) }
      type.size = slot
    end
  end
  for _, constant in ipairs(tree.constants) do
    local type = self:expression(constant.value)
    constant.symbol = self:declare(constant, constant.name, "const", type)
    constant.symbol.value = constant.value
  end
  for index, fn in ipairs(tree.functions) do
    fn.index = index
    fn.result = fn.declared and self:resolve(fn.declared) or VOID
    for _, param in ipairs(fn.params) do
      param.type = self:resolve(param.declared)
    end
    self:declare(fn, fn.name, "function", fn.result).fn = fn
  end
  for _, global in ipairs(tree.globals) do
    self:statement(global)
    self.globals = self.globals + 1
    global.symbol.kind = "global"
    global.symbol.slot = self.globals
  end
  for _, fn in ipairs(tree.functions) do
    self.fn = fn
    self:open()
    for _, param in ipairs(fn.params) do
      param.symbol = self:declare(fn, param.name, "param", param.type)
    end
    self:statement(fn.body)
    self:close()
    if fn.result ~= VOID and falls_through(fn.body) then
      self:complain(fn, "'%s' may end without a result", fn.name)
    end
  end
end

---------------------------------------------------------------------------------------------------------------------
-- Optimiser over the tree: folding, constants, simple algebra, dead branches, inlining of one-line functions

local Optimiser = {}
Optimiser.__index = Optimiser

function Optimiser.new()
  return setmetatable({ folded = 0, removed = 0, inlined = 0 }, Optimiser)
end

local ARITHMETIC = {
  ["+"] = function(a, b) return (a + b) % MODULUS end,
  ["-"] = function(a, b) return (a - b) % MODULUS end,
  ["*"] = function(a, b) return (a * b) % MODULUS end,
  ["/"] = function(a, b) return b ~= 0 and floor(a / b) or 0 end,
  ["%"] = function(a, b) return b ~= 0 and a % b or 0 end,
}

local COMPARISONS = {
  ["=="] = function(a, b) return a == b end,
  ["!="] = function(a, b) return a ~= b end,
  ["<"] = function(a, b) return a < b end,
  ["<="] = function(a, b) return a <= b end,
  [">"] = function(a, b) return a > b end,
  [">="] = function(a, b) return a >= b end,
}

local function literal(tag, value, model)
  return { tag = tag, value = value, line = model.line, type = model.type }
end

local function is_literal(node)
  local tag = node.tag
  return tag == "Int" or tag == "Bool" or tag == "String"
end

local fold = {}

function Optimiser:expression(node)
  local f = fold[node.tag]
  return f and f(self, node) or node
end

function fold.Name(o, node)
  local symbol = node.symbol
  if symbol.kind == "const" and symbol.value then
    local value = o:expression(symbol.value)
    symbol.value = value
    if is_literal(value) then
      o.folded = o.folded + 1
      return literal(value.tag, value.value, node)
    end
  end
  return node
end

function fold.Unary(o, node)
  local operand = o:expression(node.operand)
  node.operand = operand
  if operand.tag == "Int" then
    o.folded = o.folded + 1
    return literal("Int", -operand.value % MODULUS, node)
  elseif operand.tag == "Bool" then
    o.folded = o.folded + 1
    return literal("Bool", not operand.value, node)
  elseif operand.tag == "Unary" and operand.operator == node.operator then
    return operand.operand
  end
  return node
end

local function is_int(node, value)
  return node.tag == "Int" and node.value == value
end

function fold.Binary(o, node)
  local left, right = o:expression(node.left), o:expression(node.right)
  node.left, node.right = left, right
  local operator = node.operator
  if is_literal(left) and is_literal(right) then
    o.folded = o.folded + 1
    if COMPARISONS[operator] then
      return literal("Bool", COMPARISONS[operator](left.value, right.value), node)
    elseif left.tag == "String" then
      return literal("String", left.value .. right.value, node)
    end
    return literal("Int", ARITHMETIC[operator](left.value, right.value), node)
  end
  if operator == "+" then
    if is_int(left, 0) then
      return right
    elseif is_int(right, 0) then
      return left
    end
    -- (x + a) + b becomes x + (a + b), which is allowed because addition wraps.
    if right.tag == "Int" and left.tag == "Binary" and left.operator == "+" and left.right.tag == "Int" then
      o.folded = o.folded + 1
      node.left = left.left
      node.right = literal("Int", (left.right.value + right.value) % MODULUS, right)
    end
  elseif operator == "-" and is_int(right, 0) then
    return left
  elseif operator == "*" then
    if is_int(left, 1) then
      return right
    elseif is_int(right, 1) then
      return left
    elseif left.tag == "Int" then
      node.left, node.right = right, left
    end
  elseif operator == "/" and is_int(right, 1) then
    return left
  end
  return node
end

function fold.Logical(o, node)
  local left, right = o:expression(node.left), o:expression(node.right)
  node.left, node.right = left, right
  if left.tag == "Bool" then
    o.folded = o.folded + 1
    if left.value == (node.operator == "and") then
      return right
    end
    return left
  end
  return node
end

function fold.Index(o, node)
  node.base, node.index = o:expression(node.base), o:expression(node.index)
  return node
end

function fold.Field(o, node)
  node.base = o:expression(node.base)
  return node
end

function fold.Array(o, node)
  for i, element in ipairs(node.elements) do
    node.elements[i] = o:expression(element)
  end
  return node
end

function fold.New(o, node)
  for _, field in ipairs(node.fields) do
    field.value = o:expression(field.value)
  end
  return node
end

-- A copy of an expression with parameters replaced; nil if it has something which is not simple.
local function substitute(node, params, budget)
  budget.left = budget.left - 1
  if budget.left < 0 then
    return nil
  end
  local tag = node.tag
  if tag == "Int" or tag == "Bool" or tag == "String" then
    return node
  elseif tag == "Name" then
    return params[node.symbol] or (node.symbol.kind ~= "local" and node) or nil
  elseif tag == "Binary" or tag == "Logical" then
    local left = substitute(node.left, params, budget)
    local right = left and substitute(node.right, params, budget)
    if not right then
      return nil
    end
    return { tag = tag, operator = node.operator, left = left, right = right, line = node.line, type = node.type }
  elseif tag == "Unary" then
    local operand = substitute(node.operand, params, budget)
    return operand and { tag = tag, operator = node.operator, operand = operand, line = node.line, type = node.type }
  end
  return nil
end

function fold.Call(o, node)
  local simple = true
  for i, arg in ipairs(node.args) do
    local value = o:expression(arg)
    node.args[i] = value
    simple = simple and (is_literal(value) or (value.tag == "Name" and value.symbol.kind ~= "global"))
  end
  local fn = node.fn
  if not fn or not simple or #fn.body.body ~= 1 then
    return node
  end
  local only = fn.body.body[1]
  if only.tag ~= "Return" or not only.value then
    return node
  end
  local params = {}
  for i, param in ipairs(fn.params) do
    if param.symbol.writes > 0 then
      return node
    end
    params[param.symbol] = node.args[i]
  end
  local copy = substitute(only.value, params, { left = 12 })
  if not copy then
    return node
  end
  o.inlined = o.inlined + 1
  return o:expression(copy)
end

local fold_statement = {}

-- The statement in its new form; nil when nothing is left of it.
function Optimiser:statement(node)
  return fold_statement[node.tag](self, node)
end

function fold_statement.Block(o, node)
  local body = {}
  for _, child in ipairs(node.body) do
    local new = o:statement(child)
    if new then
      body[#body + 1] = new
      if new.tag == "Return" or new.tag == "Break" or new.tag == "Continue" then
        break
      end
    end
  end
  o.removed = o.removed + #node.body - #body
  node.body = body
  return node
end

function fold_statement.Var(o, node)
  node.value = o:expression(node.value)
  return node
end

function fold_statement.Assign(o, node)
  node.target = o:expression(node.target)
  node.value = o:expression(node.value)
  return node
end

fold_statement["If"] = function(o, node)
  node.condition = o:expression(node.condition)
  node.yes = o:statement(node.yes)
  node.no = node.no and o:statement(node.no)
  if node.condition.tag == "Bool" then
    o.removed = o.removed + 1
    if node.condition.value then
      return node.yes
    end
    return node.no
  end
  return node
end

fold_statement["While"] = function(o, node)
  node.condition = o:expression(node.condition)
  node.body = o:statement(node.body)
  if node.condition.tag == "Bool" and not node.condition.value then
    o.removed = o.removed + 1
    return nil
  end
  return node
end

fold_statement["For"] = function(o, node)
  node.from, node.to = o:expression(node.from), o:expression(node.to)
  node.body = o:statement(node.body)
  return node
end

fold_statement["Return"] = function(o, node)
  node.value = node.value and o:expression(node.value)
  return node
end

local function unchanged(_, node)
  return node
end
fold_statement["Break"], fold_statement["Continue"] = unchanged, unchanged

function fold_statement.Print(o, node)
  for i, arg in ipairs(node.args) do
    node.args[i] = o:expression(arg)
  end
  return node
end

function fold_statement.Expression(o, node)
  node.value = o:expression(node.value)
  -- An inlined call leaves a value without effect.
  if node.value.tag ~= "Call" then
    return nil
  end
  return node
end

function Optimiser:program(tree)
  for _, global in ipairs(tree.globals) do
    self:statement(global)
  end
  for _, fn in ipairs(tree.functions) do
    fn.body = self:statement(fn.body)
  end
end

---------------------------------------------------------------------------------------------------------------------
-- Three-address code over virtual registers

local Lower = {}
Lower.__index = Lower

function Lower.new(name, params)
  local self = { name = name, params = params, code = {}, registers = 0, labels = 0, loops = {}, home = {} }
  return setmetatable(self, Lower)
end

function Lower:register()
  self.registers = self.registers + 1
  return self.registers
end

function Lower:label()
  self.labels = self.labels + 1
  return self.labels
end

function Lower:emit(op, d, a, b, extra)
  local instruction = { op = op, d = d, a = a, b = b, extra = extra }
  self.code[#self.code + 1] = instruction
  return instruction
end

local lower = {}

function Lower:expression(node)
  return lower[node.tag](self, node)
end

local function lower_literal(l, node)
  local d = l:register()
  l:emit("LOADK", d, nil, nil, node.value)
  return d
end
lower.Int, lower.Bool, lower.String = lower_literal, lower_literal, lower_literal

function lower.Name(l, node)
  local symbol = node.symbol
  if symbol.kind == "global" then
    local d = l:register()
    l:emit("GETGLOBAL", d, nil, nil, symbol.slot)
    return d
  elseif symbol.kind == "const" then
    return l:expression(symbol.value)
  end
  return l.home[symbol]
end

function lower.Unary(l, node)
  local a, d = l:expression(node.operand), l:register()
  l:emit(node.operator == "-" and "NEG" or "NOT", d, a)
  return d
end

local BINARY_OPS = {
  ["+"] = "ADD", ["-"] = "SUB", ["*"] = "MUL", ["/"] = "DIV", ["%"] = "MOD",
  ["=="] = "EQ", ["!="] = "NE", ["<"] = "LT", ["<="] = "LE", [">"] = "GT", [">="] = "GE",
}

function lower.Binary(l, node)
  local a = l:expression(node.left)
  local b = l:expression(node.right)
  local op = BINARY_OPS[node.operator]
  if op == "ADD" and node.type == STRING then
    op = "CONCAT"
  elseif op == "GT" then
    op, a, b = "LT", b, a
  elseif op == "GE" then
    op, a, b = "LE", b, a
  end
  local d = l:register()
  l:emit(op, d, a, b)
  return d
end

function lower.Logical(l, node)
  local d, done = l:register(), l:label()
  l:emit("MOVE", d, l:expression(node.left))
  l:emit(node.operator == "and" and "JFALSE" or "JTRUE", nil, d, nil, done)
  l:emit("MOVE", d, l:expression(node.right))
  l:emit("LABEL", nil, nil, nil, done)
  return d
end

function lower.Index(l, node)
  local base, index, d = l:expression(node.base), l:expression(node.index), l:register()
  l:emit(node.base.type == STRING and "CHAR" or "GETINDEX", d, base, index)
  return d
end

function lower.Field(l, node)
  local base, d = l:expression(node.base), l:register()
  l:emit("GETFIELD", d, base, nil, node.slot)
  return d
end

function lower.Array(l, node)
  local d = l:register()
  l:emit("NEWARRAY", d)
  for _, element in ipairs(node.elements) do
    l:emit("PUSH", nil, d, l:expression(element))
  end
  return d
end

function lower.New(l, node)
  local d = l:register()
  l:emit("NEWARRAY", d)
  for _, field in ipairs(node.fields) do
    l:emit("SETFIELD", nil, d, l:expression(field.value), field.slot)
  end
  return d
end

function lower.Call(l, node)
  local args = {}
  for i, arg in ipairs(node.args) do
    args[i] = l:expression(arg)
  end
  if node.builtin then
    if node.name == "push" then
      l:emit("PUSH", nil, args[1], args[2])
      return args[1]
    end
    local d = l:register()
    l:emit(node.name == "len" and "LEN" or "TEXT", d, args[1])
    return d
  end
  local d = l:register()
  local instruction = l:emit("CALL", d, nil, nil, node.fn.index)
  instruction.args = args
  return d
end

-- Jumps to the label when the condition is `sense`, without making a value of comparisons under `and`, `or`, `not`.
function Lower:condition(node, sense, target)
  if node.tag == "Unary" then
    return self:condition(node.operand, not sense, target)
  elseif node.tag == "Logical" then
    local is_and = node.operator == "and"
    if is_and == sense then
      local skip = self:label()
      self:condition(node.left, not sense, skip)
      self:condition(node.right, sense, target)
      self:emit("LABEL", nil, nil, nil, skip)
    else
      self:condition(node.left, sense, target)
      self:condition(node.right, sense, target)
    end
    return
  end
  self:emit(sense and "JTRUE" or "JFALSE", nil, self:expression(node), nil, target)
end

local lower_statement = {}

function Lower:statement(node)
  lower_statement[node.tag](self, node)
end

function lower_statement.Block(l, node)
  for _, child in ipairs(node.body) do
    l:statement(child)
  end
end

function lower_statement.Var(l, node)
  local value = l:expression(node.value)
  local d = l:register()
  l.home[node.symbol] = d
  l:emit("MOVE", d, value)
end

function lower_statement.Assign(l, node)
  local target = node.target
  if target.tag == "Name" then
    local value = l:expression(node.value)
    if target.symbol.kind == "global" then
      l:emit("SETGLOBAL", nil, value, nil, target.symbol.slot)
    else
      l:emit("MOVE", l.home[target.symbol], value)
    end
  elseif target.tag == "Index" then
    local base, index = l:expression(target.base), l:expression(target.index)
    local value = l:expression(node.value)
    l:emit("SETINDEX", nil, base, index).c = value
  else
    local base = l:expression(target.base)
    l:emit("SETFIELD", nil, base, l:expression(node.value), target.slot)
  end
end

lower_statement["If"] = function(l, node)
  local other, done = l:label(), l:label()
  l:condition(node.condition, false, other)
  l:statement(node.yes)
  if node.no then
    l:emit("JUMP", nil, nil, nil, done)
  end
  l:emit("LABEL", nil, nil, nil, other)
  if node.no then
    l:statement(node.no)
  end
  l:emit("LABEL", nil, nil, nil, done)
end

lower_statement["While"] = function(l, node)
  local start, test, done = l:label(), l:label(), l:label()
  l:emit("JUMP", nil, nil, nil, test)
  l:emit("LABEL", nil, nil, nil, start)
  l.loops[#l.loops + 1] = { out = done, again = test }
  l:statement(node.body)
  l.loops[#l.loops] = nil
  l:emit("LABEL", nil, nil, nil, test)
  l:condition(node.condition, true, start)
  l:emit("LABEL", nil, nil, nil, done)
end

lower_statement["For"] = function(l, node)
  local i = l:register()
  l.home[node.symbol] = i
  l:emit("MOVE", i, l:expression(node.from))
  local limit = l:expression(node.to)
  local start, again, test, done = l:label(), l:label(), l:label(), l:label()
  l:emit("JUMP", nil, nil, nil, test)
  l:emit("LABEL", nil, nil, nil, start)
  l.loops[#l.loops + 1] = { out = done, again = again }
  l:statement(node.body)
  l.loops[#l.loops] = nil
  l:emit("LABEL", nil, nil, nil, again)
  local step = l:register()
  l:emit("LOADK", step, nil, nil, node.step)
  l:emit("ADD", i, i, step)
  l:emit("LABEL", nil, nil, nil, test)
  local more = l:register()
  l:emit("LE", more, i, limit)
  l:emit("JTRUE", nil, more, nil, start)
  l:emit("LABEL", nil, nil, nil, done)
end

lower_statement["Return"] = function(l, node)
  l:emit("RETURN", nil, node.value and l:expression(node.value) or nil)
end

lower_statement["Break"] = function(l)
  l:emit("JUMP", nil, nil, nil, l.loops[#l.loops].out)
end

lower_statement["Continue"] = function(l)
  l:emit("JUMP", nil, nil, nil, l.loops[#l.loops].again)
end

function lower_statement.Print(l, node)
  for _, arg in ipairs(node.args) do
    l:emit("PRINT", nil, l:expression(arg))
  end
end

function lower_statement.Expression(l, node)
  l:expression(node.value)
end

local function lower_function(fn)
  local l = Lower.new(fn.name, #fn.params)
  for _, param in ipairs(fn.params) do
    l.home[param.symbol] = l:register()
  end
  l:statement(fn.body)
  l:emit("RETURN")
  return l
end

local function lower_globals(globals)
  local l = Lower.new("(globals)", 0)
  for _, global in ipairs(globals) do
    l:emit("SETGLOBAL", nil, l:expression(global.value), nil, global.symbol.slot)
  end
  l:emit("RETURN")
  return l
end

---------------------------------------------------------------------------------------------------------------------
-- Flow graph and the passes over it

local Flow = {}
Flow.__index = Flow

-- Instructions whose only effect is their result.
local PURE = {}
for op in ("LOADK MOVE ADD SUB MUL DIV MOD EQ NE LT LE NOT NEG CONCAT GETGLOBAL GETFIELD LEN TEXT"):gmatch("%a+") do
  PURE[op] = true
end
-- Those among them whose result depends on nothing but their operands.
local STABLE = {}
for op in ("LOADK ADD SUB MUL DIV MOD EQ NE LT LE NOT NEG CONCAT"):gmatch("%a+") do
  STABLE[op] = true
end
local ENDS = { JUMP = true, JTRUE = true, JFALSE = true, RETURN = true }

function Flow.new(lowered)
  local self = { name = lowered.name, params = lowered.params, registers = lowered.registers, blocks = {} }
  setmetatable(self, Flow)
  local by_label, block = {}, nil
  local function open()
    block = { code = {}, index = #self.blocks + 1, next = {}, preds = 0 }
    self.blocks[block.index] = block
  end
  open()
  for _, instruction in ipairs(lowered.code) do
    if instruction.op == "LABEL" then
      if #block.code > 0 then
        open()
      end
      by_label[instruction.extra] = block
    else
      block.code[#block.code + 1] = instruction
      if ENDS[instruction.op] then
        open()
      end
    end
  end
  self.by_label = by_label
  self:connect()
  return self
end

function Flow:connect()
  local blocks = self.blocks
  for i, block in ipairs(blocks) do
    local last = block.code[#block.code]
    local op = last and last.op
    block.next = {}
    if op == "JUMP" or op == "JTRUE" or op == "JFALSE" then
      block.next[1] = self.by_label[last.extra]
    end
    if op ~= "JUMP" and op ~= "RETURN" and blocks[i + 1] then
      block.next[#block.next + 1] = blocks[i + 1]
    end
  end
end

-- Jumps to blocks which only jump on go straight to where those lead.
function Flow:thread_jumps()
  for _, block in ipairs(self.blocks) do
    local last = block.code[#block.code]
    if last and last.extra and (last.op == "JUMP" or last.op == "JTRUE" or last.op == "JFALSE") then
      local hops = 0
      local target = self.by_label[last.extra]
      while hops < 8 and #target.code == 1 and target.code[1].op == "JUMP" do
        last.extra = target.code[1].extra
        target = self.by_label[last.extra]
        hops = hops + 1
      end
    end
  end
  self:connect()
end

function Flow:remove_unreachable()
  local seen, stack = {}, { self.blocks[1] }
  seen[self.blocks[1]] = true
  while #stack > 0 do
    local block = table.remove(stack)
    for _, target in ipairs(block.next) do
      if not seen[target] then
        seen[target] = true
        stack[#stack + 1] = target
      end
    end
  end
  local removed = 0
  for _, block in ipairs(self.blocks) do
    if not seen[block] and #block.code > 0 then
      removed = removed + #block.code
      block.code = {}
    end
  end
  self:connect()
  return removed
end

-- Registers which an instruction reads, through a callback that gives the register to read instead.
local function rewrite_reads(instruction, f)
  if instruction.a then
    instruction.a = f(instruction.a)
  end
  if instruction.b then
    instruction.b = f(instruction.b)
  end
  if instruction.c then
    instruction.c = f(instruction.c)
  end
  local args = instruction.args
  if args then
    for i = 1, #args do
      args[i] = f(args[i])
    end
  end
end

-- Local value numbering: copies are read through, and a value that is there already is not computed again.
function Flow:number_values()
  local saved = 0
  for _, block in ipairs(self.blocks) do
    local copy_of, available, holders = {}, {}, {}
    local version = {}
    local function original(r)
      local source = copy_of[r]
      if source and source.version == (version[source.register] or 0) then
        return source.register
      end
      return r
    end
    for _, instruction in ipairs(block.code) do
      rewrite_reads(instruction, original)
      local op, d = instruction.op, instruction.d
      local key
      if STABLE[op] then
        local a, b, extra = instruction.a, instruction.b, instruction.extra
        local first = a and (a .. "." .. (version[a] or 0)) or ""
        local second = b and (b .. "." .. (version[b] or 0)) or ""
        key = op .. ":" .. first .. ":" .. second .. ":" .. type(extra) .. tostring(extra)
        local holder = available[key]
        if holder and holders[key] == (version[holder] or 0) and op ~= "LOADK" then
          instruction.op, instruction.a, instruction.b, instruction.extra = "MOVE", holder, nil, nil
          op = "MOVE"
          key = nil
          saved = saved + 1
        end
      end
      if d then
        version[d] = (version[d] or 0) + 1
        copy_of[d] = nil
        if op == "MOVE" and instruction.a ~= d then
          copy_of[d] = { register = instruction.a, version = version[instruction.a] or 0 }
        elseif key and instruction.a ~= d and instruction.b ~= d then
          available[key] = d
          holders[key] = version[d]
        end
      end
    end
  end
  return saved
end

local function each_read(instruction, f)
  if instruction.a then
    f(instruction.a)
  end
  if instruction.b then
    f(instruction.b)
  end
  if instruction.c then
    f(instruction.c)
  end
  if instruction.args then
    for _, r in ipairs(instruction.args) do
      f(r)
    end
  end
end

function Flow:liveness()
  for _, block in ipairs(self.blocks) do
    local uses, defines = {}, {}
    local function read(r)
      if not defines[r] then
        uses[r] = true
      end
    end
    for _, instruction in ipairs(block.code) do
      each_read(instruction, read)
      if instruction.d then
        defines[instruction.d] = true
      end
    end
    block.uses, block.defines = uses, defines
    block.live_in, block.live_out = {}, {}
    for r in pairs(uses) do
      block.live_in[r] = true
    end
  end
  local changed = true
  while changed do
    changed = false
    for i = #self.blocks, 1, -1 do
      local block = self.blocks[i]
      local live_in, live_out, defines = block.live_in, block.live_out, block.defines
      for _, target in ipairs(block.next) do
        for r in pairs(target.live_in) do
          if not live_out[r] then
            live_out[r] = true
            changed = true
            if not defines[r] then
              live_in[r] = true
            end
          end
        end
      end
    end
  end
end

function Flow:remove_dead()
  local removed = 0
  for _, block in ipairs(self.blocks) do
    local live = {}
    for r in pairs(block.live_out) do
      live[r] = true
    end
    local kept = {}
    for i = #block.code, 1, -1 do
      local instruction = block.code[i]
      local d = instruction.d
      if PURE[instruction.op] and (not live[d] or (instruction.op == "MOVE" and instruction.a == d)) then
        removed = removed + 1
      else
        if d then
          live[d] = nil
        end
        each_read(instruction, function(r) live[r] = true end)
        kept[#kept + 1] = instruction
      end
    end
    local n = #kept
    for i = 1, floor(n / 2) do
      kept[i], kept[n + 1 - i] = kept[n + 1 - i], kept[i]
    end
    block.code = kept
  end
  return removed
end

-- Linear scan: every virtual register gets an interval over the instructions in order and the lowest free machine
-- register; parameters keep their places.
function Flow:allocate()
  local first, last, position = {}, {}, 0
  local function touch(r)
    if not first[r] then
      first[r] = position
    end
    last[r] = position
  end
  for _, block in ipairs(self.blocks) do
    position = position + 1
    for r in pairs(block.live_in) do
      touch(r)
    end
    for _, instruction in ipairs(block.code) do
      position = position + 1
      each_read(instruction, touch)
      if instruction.d then
        touch(instruction.d)
      end
    end
    position = position + 1
    for r in pairs(block.live_out) do
      touch(r)
    end
  end
  local order = {}
  for r = 1, self.registers do
    if r <= self.params then
      first[r] = 0
      last[r] = last[r] or 0
    end
    if first[r] then
      order[#order + 1] = r
    end
  end
  table.sort(order, function(x, y)
    if first[x] ~= first[y] then
      return first[x] < first[y]
    end
    return x < y
  end)
  local place, active, free, used = {}, {}, {}, 0
  for _, r in ipairs(order) do
    local kept = {}
    for _, other in ipairs(active) do
      if last[other] < first[r] then
        free[#free + 1] = place[other]
      else
        kept[#kept + 1] = other
      end
    end
    active = kept
    if #free > 0 and r > self.params then
      local best = 1
      for i = 2, #free do
        if free[i] < free[best] then
          best = i
        end
      end
      place[r] = table.remove(free, best)
    else
      used = used + 1
      place[r] = used
    end
    active[#active + 1] = r
  end
  for _, block in ipairs(self.blocks) do
    for _, instruction in ipairs(block.code) do
      rewrite_reads(instruction, function(r) return place[r] or 1 end)
      if instruction.d then
        instruction.d = place[instruction.d]
      end
    end
  end
  self.frame = used
end

---------------------------------------------------------------------------------------------------------------------
-- Bytecode

local OPCODES, OP_NAMES = {}, {}
for name in ([[LOADK MOVE ADD SUB MUL DIV MOD EQ NE LT LE NOT NEG CONCAT GETGLOBAL SETGLOBAL NEWARRAY GETINDEX
SETINDEX CHAR GETFIELD SETFIELD PUSH LEN TEXT JUMP JTRUE JFALSE CALL RETURN PRINT]]):gmatch("%a+") do
  OP_NAMES[#OP_NAMES + 1] = name
  OPCODES[name] = #OP_NAMES
end

local Emitter = {}
Emitter.__index = Emitter

function Emitter.new()
  return setmetatable({ constants = {}, places = {}, size = 0 }, Emitter)
end

function Emitter:constant(value)
  local place = self.places[value]
  if not place then
    place = #self.constants + 1
    self.constants[place] = value
    self.places[value] = place
  end
  return place
end

-- Four numbers an instruction; the arguments of a call follow it in groups of four.
function Emitter:flow(flow)
  local code, starts, fixups = {}, {}, {}
  local n = 0
  local function put(op, a, b, c)
    code[n + 1], code[n + 2], code[n + 3], code[n + 4] = op, a or 0, b or 0, c or 0
    n = n + 4
  end
  for i, block in ipairs(flow.blocks) do
    starts[block] = n + 1
    for _, instruction in ipairs(block.code) do
      local op, extra = instruction.op, instruction.extra
      local number = OPCODES[op]
      if op == "LOADK" then
        put(number, instruction.d, self:constant(extra))
      elseif op == "JUMP" then
        -- A jump to what follows is none.
        if flow.by_label[extra] ~= flow.blocks[i + 1] then
          fixups[#fixups + 1] = { at = n + 2, block = flow.by_label[extra] }
          put(number)
        end
      elseif op == "JTRUE" or op == "JFALSE" then
        fixups[#fixups + 1] = { at = n + 3, block = flow.by_label[extra] }
        put(number, instruction.a)
      elseif op == "CALL" then
        local args = instruction.args
        put(number, instruction.d, extra, #args)
        for first = 1, #args, 4 do
          put(args[first], args[first + 1], args[first + 2], args[first + 3])
        end
      elseif op == "SETINDEX" then
        put(number, instruction.a, instruction.b, instruction.c)
      elseif op == "PUSH" then
        put(number, instruction.a, instruction.b)
      elseif op == "GETFIELD" then
        put(number, instruction.d, instruction.a, extra)
      elseif op == "SETFIELD" then
        put(number, instruction.a, extra, instruction.b)
      elseif op == "GETGLOBAL" then
        put(number, instruction.d, extra)
      elseif op == "SETGLOBAL" then
        put(number, extra, instruction.a)
      elseif op == "RETURN" or op == "PRINT" then
        put(number, instruction.a)
      else
        put(number, instruction.d, instruction.a, instruction.b)
      end
    end
  end
  for _, fixup in ipairs(fixups) do
    code[fixup.at] = starts[fixup.block]
  end
  self.size = self.size + n
  return { name = flow.name, code = code, frame = flow.frame, params = flow.params, count = n }
end

local function listing(module)
  local out = {}
  for _, fn in ipairs(module.functions) do
    out[#out + 1] = format("%s: %d parameters, %d registers", fn.name, fn.params, fn.frame)
    local code, at = fn.code, 1
    while at <= fn.count do
      local op = code[at]
      local line = format("%5d %-9s %d %d %d", at, OP_NAMES[op], code[at + 1], code[at + 2], code[at + 3])
      at = at + 4
      if op == OPCODES.CALL then
        local args = {}
        for i = 1, code[at - 1] do
          args[i] = tostring(code[at + i - 1])
        end
        line = line .. " (" .. concat(args, ", ") .. ")"
        at = at + floor((code[at - 1] + 3) / 4) * 4
      end
      out[#out + 1] = line
    end
  end
  return concat(out, "\n")
end

---------------------------------------------------------------------------------------------------------------------
-- The machine

local Machine = {}
do
  local op = OPCODES
  local LOADK, MOVE, ADD, SUB, MUL = op.LOADK, op.MOVE, op.ADD, op.SUB, op.MUL
  local DIV, MOD, EQ, NE, LT = op.DIV, op.MOD, op.EQ, op.NE, op.LT
  local LE, NOT, NEG, CONCAT, GETGLOBAL = op.LE, op.NOT, op.NEG, op.CONCAT, op.GETGLOBAL
  local SETGLOBAL, NEWARRAY, GETINDEX, SETINDEX, CHAR = op.SETGLOBAL, op.NEWARRAY, op.GETINDEX, op.SETINDEX, op.CHAR
  local GETFIELD, SETFIELD, PUSH, LEN, TEXT = op.GETFIELD, op.SETFIELD, op.PUSH, op.LEN, op.TEXT
  local JUMP, JTRUE, JFALSE, CALL, RETURN = op.JUMP, op.JTRUE, op.JFALSE, op.CALL, op.RETURN

  local function show(value)
    if type(value) == "number" then
      return format("%d", value)
    elseif type(value) == "table" then
      return "[" .. #value .. "]"
    end
    return tostring(value)
  end

  -- Runs one function to its end; gives what was printed and the number of steps.
  function Machine.run(module, index, globals, out)
    local functions, constants = module.functions, module.constants
    local fn = functions[index]
    local code, pc, regs = fn.code, 1, {}
    local frames, depth, steps = {}, 0, 0
    while true do
      local op, a, b, c = code[pc], code[pc + 1], code[pc + 2], code[pc + 3]
      pc = pc + 4
      steps = steps + 1
      if op <= MOD then
        if op == MOVE then
          regs[a] = regs[b]
        elseif op == LOADK then
          regs[a] = constants[b]
        elseif op == ADD then
          regs[a] = (regs[b] + regs[c]) % MODULUS
        elseif op == SUB then
          regs[a] = (regs[b] - regs[c]) % MODULUS
        elseif op == MUL then
          regs[a] = (regs[b] * regs[c]) % MODULUS
        elseif op == DIV then
          local divisor = regs[c]
          regs[a] = divisor ~= 0 and floor(regs[b] / divisor) or 0
        else
          local divisor = regs[c]
          regs[a] = divisor ~= 0 and regs[b] % divisor or 0
        end
      elseif op <= CONCAT then
        if op == LE then
          regs[a] = regs[b] <= regs[c]
        elseif op == LT then
          regs[a] = regs[b] < regs[c]
        elseif op == EQ then
          regs[a] = regs[b] == regs[c]
        elseif op == NE then
          regs[a] = regs[b] ~= regs[c]
        elseif op == NOT then
          regs[a] = not regs[b]
        elseif op == NEG then
          regs[a] = -regs[b] % MODULUS
        else
          regs[a] = regs[b] .. regs[c]
        end
      elseif op == JTRUE then
        if regs[a] then
          pc = b
        end
      elseif op == JFALSE then
        if not regs[a] then
          pc = b
        end
      elseif op == JUMP then
        pc = a
      elseif op == GETINDEX then
        local array = regs[b]
        local count = #array
        if count > 0 then
          regs[a] = array[regs[c] % count + 1]
        else
          regs[a] = 0
        end
      elseif op == SETINDEX then
        local array = regs[a]
        local count = #array
        if count > 0 then
          array[regs[b] % count + 1] = regs[c]
        end
      elseif op == GETFIELD then
        regs[a] = regs[b][c]
      elseif op == SETFIELD then
        regs[a][b] = regs[c]
      elseif op == CALL then
        depth = depth + 1
        frames[depth] = { code = code, regs = regs, target = a, pc = pc + floor((c + 3) / 4) * 4 }
        local callee = {}
        for i = 1, c do
          callee[i] = regs[code[pc + i - 1]]
        end
        fn = functions[b]
        code, regs, pc = fn.code, callee, 1
      elseif op == RETURN then
        local value = a > 0 and regs[a] or nil
        if depth == 0 then
          return steps, value
        end
        local frame = frames[depth]
        frames[depth] = nil
        depth = depth - 1
        code, regs, pc = frame.code, frame.regs, frame.pc
        regs[frame.target] = value
      elseif op == GETGLOBAL then
        regs[a] = globals[b]
      elseif op == SETGLOBAL then
        globals[a] = regs[b]
      elseif op == NEWARRAY then
        regs[a] = {}
      elseif op == PUSH then
        local array = regs[a]
        array[#array + 1] = regs[b]
      elseif op == LEN then
        regs[a] = #regs[b]
      elseif op == CHAR then
        local text = regs[b]
        regs[a] = #text > 0 and text:byte(regs[c] % #text + 1) or 0
      elseif op == TEXT then
        regs[a] = show(regs[b])
      else
        out[#out + 1] = show(regs[a])
      end
    end
  end
end

---------------------------------------------------------------------------------------------------------------------
-- The driver

local function compile(source)
  local diagnostics = Diagnostics.new()
  local ok, tree = pcall(function()
    local lexer = Lexer.new(source)
    lexer:run()
    return Parser.new(lexer):program()
  end)
  if not ok then
    if getmetatable(tree) ~= SyntaxError then
      error(tree, 0)
    end
    diagnostics:add(tree.line, "%s", tree.text)
    return nil, diagnostics
  end
  Checker.new(diagnostics):program(tree)
  if diagnostics.failed then
    return nil, diagnostics
  end
  local optimiser = Optimiser.new()
  optimiser:program(tree)

  local lowered = {}
  for i, fn in ipairs(tree.functions) do
    lowered[i] = lower_function(fn)
  end
  lowered[#lowered + 1] = lower_globals(tree.globals)
  local emitter, functions = Emitter.new(), {}
  local saved, removed = 0, 0
  for i, l in ipairs(lowered) do
    local flow = Flow.new(l)
    flow:thread_jumps()
    removed = removed + flow:remove_unreachable()
    saved = saved + flow:number_values()
    repeat
      flow:liveness()
      local dead = flow:remove_dead()
      removed = removed + dead
    until dead == 0
    flow:allocate()
    functions[i] = emitter:flow(flow)
  end
  local main
  for i, fn in ipairs(tree.functions) do
    if fn.name == "main" then
      main = i
    end
  end
  return {
    functions = functions,
    constants = emitter.constants,
    main = main,
    size = emitter.size,
    statistics = { optimiser.folded, optimiser.removed, optimiser.inlined, saved, removed },
  }, diagnostics
end

local function run(module)
  local globals, out = {}, {}
  local steps = Machine.run(module, #module.functions, globals, out)
  steps = steps + Machine.run(module, module.main, globals, out)
  return concat(out, " "), steps
end

---------------------------------------------------------------------------------------------------------------------
-- Programs to compile: one which is written by hand, and a maker of others

local SAMPLE = [[
# Primes, sorting, records and text.
record Point { x: int; y: int; name: str; }
record Node { value: int; next: [int]; }
const LIMIT = 60 * 10;
const DEBUG = false;
var calls: int = 0;

fn square(x: int): int { return x * x; }
fn max(a: int, b: int): int { if a > b { return a; } return b; }

fn primes(limit: int): [int] {
  var flags = [true];
  for i = 1 to limit { push(flags, true); }
  var found: [int] = [];
  for i = 2 to limit {
    if flags[i] {
      push(found, i);
      var k = i * i;
      while k <= limit { flags[k] = false; k += i; }
    }
  }
  return found;
}

fn sort(list: [int]): int {
  var swaps = 0;
  for i = 1 to len(list) - 1 {
    var j = i;
    while j > 0 and list[j - 1] > list[j] {
      var t = list[j];
      list[j] = list[j - 1];
      list[j - 1] = t;
      j -= 1;
      swaps += 1;
    }
  }
  return swaps;
}

fn fib(n: int): int { calls += 1; if n < 2 { return n; } return fib(n - 1) + fib(n - 2); }

fn words(n: int): str {
  var out = "";
  for i = 1 to n {
    if i % 15 == 0 { out = out + "fizzbuzz "; }
    else if i % 5 == 0 { out = out + "buzz "; }
    else if i % 3 == 0 { out = out + "fizz "; }
    else { out = out + text(i) + " "; }
    if DEBUG { print("never"); }
  }
  return out;
}

fn hash(s: str): int {
  var h = 5381;
  for i = 0 to len(s) - 1 { h = h * 33 + s[i]; }
  return h;
}

fn main() {
  var p = primes(LIMIT);
  print(len(p), p[len(p) - 1]);
  var list = [7];
  for i = 1 to 60 { push(list, square(i) * 7919 % 101); }
  print(sort(list), list[0], list[len(list) - 1]);
  print(fib(13), calls);
  var points = [new Point { x: 1, y: 2, name: "a" }];
  for i = 1 to 20 { push(points, new Point { x: i, y: max(i, 9), name: "p" + text(i) }); }
  var sum = 0;
  for i = 0 to len(points) - 1 { var q = points[i]; q.x += q.y; sum += q.x * len(q.name); }
  print(sum, hash(words(40)));
  var n = new Node { value: 3, next: list };
  print(n.value + n.next[5], not (sum == 3) or DEBUG);
}
]]

local Maker = {}
Maker.__index = Maker

function Maker.new(seed)
  return setmetatable({ seed = seed * 7919 % 2147483646 + 1, lines = {}, functions = {}, depth = 0, names = 0 }, Maker)
end

function Maker:random(limit)
  self.seed = (self.seed * 16807) % 2147483647
  return self.seed % limit + 1
end

function Maker:line(text, ...)
  self.lines[#self.lines + 1] = ("  "):rep(self.depth) .. format(text, ...)
end

function Maker:name(prefix)
  self.names = self.names + 1
  return prefix .. self.names
end

function Maker:int(scope, depth)
  local r = self:random(12)
  if depth <= 0 or r <= 2 then
    if r % 2 == 0 or #scope == 0 then
      return tostring(self:random(1000))
    end
    return scope[self:random(#scope)]
  elseif r <= 9 then
    local operators = { "+", "-", "*", "+", "%", "/", "*" }
    return "(" .. self:int(scope, depth - 1) .. " " .. operators[r - 2] .. " " .. self:int(scope, depth - 1) .. ")"
  elseif r == 10 then
    return "table[" .. self:int(scope, depth - 1) .. "]"
  elseif r == 11 then
    return "LIMIT_" .. self:random(5)
  end
  return "-" .. self:int(scope, depth - 1)
end

function Maker:bool(scope, depth)
  local r = self:random(6)
  if depth > 0 and r == 1 then
    return "(" .. self:bool(scope, depth - 1) .. " and " .. self:bool(scope, depth - 1) .. ")"
  elseif depth > 0 and r == 2 then
    return "(" .. self:bool(scope, depth - 1) .. " or " .. self:bool(scope, depth - 1) .. ")"
  elseif depth > 0 and r == 3 then
    return "not " .. self:bool(scope, depth - 1)
  end
  local operators = { "==", "!=", "<", "<=", ">", ">=" }
  return "(" .. self:int(scope, 1) .. " " .. operators[self:random(6)] .. " " .. self:int(scope, 1) .. ")"
end

-- A statement in a function; loop variables may be read but never written, so that every loop ends.
function Maker:statement(scope, writable, nesting, callees)
  local r = self:random(nesting > 0 and 12 or 7)
  if r <= 2 then
    local name = self:name("v")
    self:line("var %s = %s;", name, self:int(scope, 2))
    scope[#scope + 1] = name
    writable[#writable + 1] = name
  elseif r <= 4 then
    self:line("%s %s %s;", writable[self:random(#writable)], r == 3 and "=" or "+=", self:int(scope, 2))
  elseif r == 5 then
    self:line("table[%s] = %s;", self:int(scope, 1), self:int(scope, 1))
  elseif r == 6 then
    local fn = callees[self:random(math.max(#callees, 1))]
    if fn then
      local args = {}
      for i = 1, fn.arity do
        args[i] = self:int(scope, 1)
      end
      self:line("%s += %s(%s);", writable[self:random(#writable)], fn.name, concat(args, ", "))
    else
      self:line("total += %s;", self:int(scope, 1))
    end
  elseif r == 7 then
    self:line('note(%s, "%s");', self:int(scope, 1), self:name("message "))
  elseif r <= 10 then
    self:line("if %s {", self:bool(scope, 2))
    self:body(scope, writable, nesting - 1, callees, 1 + self:random(2))
    if r == 10 then
      self:line("} else if %s {", self:bool(scope, 1))
      self:body(scope, writable, nesting - 1, callees, 1)
    end
    if r >= 9 then
      self:line("} else {")
      self:body(scope, writable, nesting - 1, callees, 1 + self:random(2))
    end
    self:line("}")
  elseif r == 11 then
    local i = self:name("i")
    self:line("for %s = %d to %d {", i, self:random(3), 3 + self:random(5))
    scope[#scope + 1] = i
    self:body(scope, writable, nesting - 1, {}, 1 + self:random(3))
    scope[#scope] = nil
    self:line("}")
  else
    local i = self:name("n")
    self:line("var %s = %d;", i, 2 + self:random(5))
    scope[#scope + 1] = i
    self:line("while %s > 0 {", i)
    self.depth = self.depth + 1
    self:line("%s -= 1;", i)
    self.depth = self.depth - 1
    self:body(scope, writable, nesting - 1, {}, 1 + self:random(2))
    self:line("  if %s { break; }", self:bool(scope, 0))
    self:line("}")
  end
end

function Maker:body(scope, writable, nesting, callees, count)
  local scope_size, writable_size = #scope, #writable
  self.depth = self.depth + 1
  for _ = 1, count do
    self:statement(scope, writable, nesting, callees)
  end
  self.depth = self.depth - 1
  for i = #scope, scope_size + 1, -1 do
    scope[i] = nil
  end
  for i = #writable, writable_size + 1, -1 do
    writable[i] = nil
  end
end

function Maker:program(functions)
  for i = 1, 5 do
    self:line("const LIMIT_%d = %s;", i, i == 1 and "3" or format("LIMIT_%d * %d + %d", i - 1, i, self:random(9)))
  end
  self:line("record Note { weight: int; label: str; }")
  self:line("var total: int = 0;")
  self:line("var table: [int] = [3, 1, 4, 1, 5, 9, 2, 6];")
  self:line("var notes: [Note] = [];")
  self:line('fn note(weight: int, label: str) {')
  self:line("  if len(notes) < 50 { push(notes, new Note { weight: weight, label: label + text(weight %% 7) }); }")
  self:line("  total += weight;")
  self:line("}")
  self:line("fn twice(x: int): int { return x + x; }")
  local low = { { name = "twice", arity = 1 } }
  local levels = { low, {}, {} }
  for i = 1, functions do
    local level = i <= functions / 2 and 2 or 3
    local fn = { name = "f" .. i, arity = self:random(4) }
    local params, scope, writable = {}, {}, {}
    for k = 1, fn.arity do
      params[k] = format("p%d: int", k)
      scope[k], writable[k] = "p" .. k, "p" .. k
    end
    self:line("fn %s(%s): int {", fn.name, concat(params, ", "))
    self:body(scope, writable, 3, levels[level - 1], 6 + self:random(8))
    self:line("  return %s;", self:int(scope, 2))
    self:line("}")
    table.insert(levels[level], fn)
    self.functions[i] = fn
  end
  self:line("fn main() {")
  for _, fn in ipairs(self.functions) do
    local args = {}
    for i = 1, fn.arity do
      args[i] = tostring(self:random(50))
    end
    self:line("  total += %s(%s);", fn.name, concat(args, ", "))
  end
  self:line("  var weights = 0;")
  self:line("  for i = 0 to len(notes) - 1 { weights += notes[i].weight * len(notes[i].label); }")
  self:line("  print(total, weights, len(notes), table[0]);")
  self:line("}")
  return concat(self.lines, "\n") .. "\n"
end

-- Sources with mistakes, for the diagnostics.
local WRONG = {
  "fn main() { var x = 1 + true; return 3; y = 2; }",
  "fn f(a: int): int { if a > 1 { return 2; } }\nfn main() { f(1, 2); g(); break; f(3); 4; }",
  "record R { a: int; }\nfn main() { var r = new R { b: 1 }; r.c = r.a + \"x\"; var r = 2; }",
  "fn main() { print(1 + ; }",
  "fn main() { print(\"unfinished); }",
}

local function checksum(sum, text)
  for i = 1, #text, 5 do
    sum = (sum * 31 + text:byte(i)) % 1000003
  end
  return sum
end

local rounds = tonumber(arg and arg[1]) or 10
local sum, steps, bytes, size = 0, 0, 0, 0
local statistics = { 0, 0, 0, 0, 0 }
for round = 1, rounds do
  local sources = { SAMPLE, Maker.new(round):program(12), Maker.new(round + 5000):program(5) }
  for _, source in ipairs(sources) do
    local module, diagnostics = compile(source)
    if not module then
      error(concat(diagnostics.list, "\n"))
    end
    local text, used = run(module)
    sum = checksum(checksum(sum, text), listing(module))
    steps = steps + used
    bytes = bytes + #source
    size = size + module.size
    for i = 1, 5 do
      statistics[i] = statistics[i] + module.statistics[i]
    end
  end
  for _, source in ipairs(WRONG) do
    local module, diagnostics = compile(source)
    assert(not module)
    sum = checksum(sum, concat(diagnostics.list, "\n"))
  end
end
print(format("compiler %d bytes, %d words of code, %d steps, %d", bytes, size, steps, sum))
print(format("folded %d removed %d inlined %d shared %d dead %d", statistics[1], statistics[2], statistics[3],
  statistics[4], statistics[5]))
