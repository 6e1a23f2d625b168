-- An interpreter for a small Lisp: reader, macro expander, analysis of lexical addresses, and an evaluator with proper
-- tail calls over trees of tables. It runs a prelude, queens, sorting, derivatives and list functions.

local NIL = setmetatable({}, { __tostring = function() return "()" end })

local symbols = {}
local function symbol(name)
  local s = symbols[name]
  if not s then
    s = { symbol = name }
    symbols[name] = s
  end
  return s
end

local function cons(a, b)
  return { a, b }
end

local function list(values, n)
  local result = NIL
  for i = n or #values, 1, -1 do
    result = cons(values[i], result)
  end
  return result
end

-- Reader

local function tokens(text)
  local out, n = {}, 0
  local at = 1
  while true do
    at = text:find("[^%s]", at)
    if not at then
      return out
    end
    local c = text:sub(at, at)
    if c == ";" then
      at = text:find("\n", at, true) or #text + 1
    elseif c == "(" or c == ")" or c == "'" then
      n = n + 1
      out[n] = c
      at = at + 1
    else
      local from, to = text:find("^[^%s()';]+", at)
      n = n + 1
      out[n] = text:sub(from, to)
      at = to + 1
    end
  end
end

local function read_all(text)
  local words = tokens(text)
  local at = 1
  local function read()
    local word = words[at]
    at = at + 1
    if word == "(" then
      local values, n = {}, 0
      while words[at] ~= ")" do
        assert(words[at], "an open list")
        n = n + 1
        values[n] = read()
      end
      at = at + 1
      return list(values, n)
    elseif word == "'" then
      return list({ symbol("quote"), read() })
    elseif word == "#t" then
      return true
    elseif word == "#f" then
      return false
    end
    return tonumber(word) or symbol(word)
  end
  local forms = {}
  while words[at] do
    forms[#forms + 1] = read()
  end
  return forms
end

local function show(value)
  if value == NIL then
    return "()"
  elseif type(value) == "table" and value.symbol then
    return value.symbol
  elseif type(value) == "table" and value.body then
    return "<lambda>"
  elseif type(value) == "table" then
    local parts = {}
    while value ~= NIL and type(value) == "table" do
      parts[#parts + 1] = show(value[1])
      value = value[2]
    end
    return "(" .. table.concat(parts, " ") .. ")"
  elseif type(value) == "boolean" then
    return value and "#t" or "#f"
  elseif type(value) == "number" then
    return string.format("%d", value)
  end
  return "<primitive>"
end

-- Analysis: forms become nodes { op, ... } with lexical addresses instead of names.

local analyse
local globals = {}
local macros = {}

local function lookup(scope, name)
  local depth = 0
  while scope do
    for i = 1, #scope do
      if scope[i] == name then
        return depth, i
      end
    end
    scope = scope.parent
    depth = depth + 1
  end
  return nil
end

local function analyse_body(forms, scope)
  local nodes = {}
  while forms ~= NIL do
    nodes[#nodes + 1] = analyse(forms[1], scope)
    forms = forms[2]
  end
  if #nodes == 1 then
    return nodes[1]
  end
  return { op = "begin", nodes = nodes }
end

local special = {}

function special.quote(form)
  return { op = "constant", value = form[2][1] }
end

special["if"] = function(form, scope)
  local rest = form[2]
  local other = rest[2][2]
  return {
    op = "if",
    test = analyse(rest[1], scope),
    yes = analyse(rest[2][1], scope),
    no = other ~= NIL and analyse(other[1], scope) or { op = "constant", value = false },
  }
end

function special.lambda(form, scope)
  local inner, params = { parent = scope }, form[2][1]
  while params ~= NIL do
    inner[#inner + 1] = params[1]
    params = params[2]
  end
  return { op = "lambda", count = #inner, body = analyse_body(form[2][2], inner) }
end

function special.define(form, scope)
  local target = form[2][1]
  if target.symbol then
    return { op = "define", name = target, value = analyse(form[2][2][1], scope) }
  end
  local lambda = cons(symbol("lambda"), cons(target[2], form[2][2]))
  return { op = "define", name = target[1], value = analyse(lambda, scope) }
end

special["set!"] = function(form, scope)
  local depth, index = lookup(scope, form[2][1])
  local value = analyse(form[2][2][1], scope)
  if depth then
    return { op = "setlocal", depth = depth, index = index, value = value }
  end
  return { op = "define", name = form[2][1], value = value }
end

function special.begin(form, scope)
  return analyse_body(form[2], scope)
end

function macros.let(form)
  local names, values, bindings = {}, {}, form[2][1]
  while bindings ~= NIL do
    names[#names + 1] = bindings[1][1]
    values[#values + 1] = bindings[1][2][1]
    bindings = bindings[2]
  end
  return cons(cons(symbol("lambda"), cons(list(names), form[2][2])), list(values))
end

macros["and"] = function(form)
  local rest = form[2]
  if rest == NIL then
    return true
  elseif rest[2] == NIL then
    return rest[1]
  end
  return list({ symbol("if"), rest[1], cons(symbol("and"), rest[2]), false })
end

macros["or"] = function(form)
  local rest = form[2]
  if rest == NIL then
    return false
  elseif rest[2] == NIL then
    return rest[1]
  end
  local name = symbol("or-value")
  local again = list({ symbol("if"), name, name, cons(symbol("or"), rest[2]) })
  return list({ symbol("let"), list({ list({ name, rest[1] }) }), again })
end

function macros.cond(form)
  local clauses = form[2]
  if clauses == NIL then
    return false
  end
  local clause = clauses[1]
  local body = cons(symbol("begin"), clause[2])
  if clause[1] == symbol("else") then
    return body
  end
  return list({ symbol("if"), clause[1], body, cons(symbol("cond"), clauses[2]) })
end

function analyse(form, scope)
  if type(form) ~= "table" or form == NIL then
    return { op = "constant", value = form }
  elseif form.symbol then
    local depth, index = lookup(scope, form)
    if depth == 0 then
      return { op = "local", index = index }
    elseif depth then
      return { op = "outer", depth = depth, index = index }
    end
    return { op = "global", name = form }
  end
  local head = form[1]
  local name = type(head) == "table" and head.symbol
  if name and not lookup(scope, head) then
    if macros[name] then
      return analyse(macros[name](form), scope)
    elseif special[name] then
      return special[name](form, scope)
    end
  end
  local args, rest = {}, form[2]
  while rest ~= NIL do
    args[#args + 1] = analyse(rest[1], scope)
    rest = rest[2]
  end
  return { op = "call", fn = analyse(head, scope), args = args }
end

-- Evaluator

local function eval(node, env)
  while true do
    local op = node.op
    if op == "local" then
      return env[node.index]
    elseif op == "constant" then
      return node.value
    elseif op == "call" then
      local fn = eval(node.fn, env)
      local args = node.args
      if type(fn) == "function" then
        local n = #args
        if n == 1 then
          return fn(eval(args[1], env))
        elseif n == 2 then
          return fn(eval(args[1], env), eval(args[2], env))
        end
        local values = {}
        for i = 1, n do
          values[i] = eval(args[i], env)
        end
        return fn((table.unpack or unpack)(values, 1, n))
      end
      if type(fn) ~= "table" or not fn.body then
        error("not a function: " .. show(fn), 0)
      end
      local frame = { parent = fn.env }
      for i = 1, #args do
        frame[i] = eval(args[i], env)
      end
      if #args ~= fn.count then
        error("wrong number of arguments", 0)
      end
      node, env = fn.body, frame
    elseif op == "if" then
      if eval(node.test, env) ~= false then
        node = node.yes
      else
        node = node.no
      end
    elseif op == "outer" then
      local frame = env
      for _ = 1, node.depth do
        frame = frame.parent
      end
      return frame[node.index]
    elseif op == "global" then
      local value = globals[node.name]
      if value == nil then
        error("undefined: " .. node.name.symbol, 0)
      end
      return value
    elseif op == "lambda" then
      return { body = node.body, count = node.count, env = env }
    elseif op == "begin" then
      local nodes = node.nodes
      local n = #nodes
      for i = 1, n - 1 do
        eval(nodes[i], env)
      end
      node = nodes[n]
    elseif op == "define" then
      globals[node.name] = eval(node.value, env)
      return NIL
    else
      local frame = env
      for _ = 1, node.depth do
        frame = frame.parent
      end
      frame[node.index] = eval(node.value, env)
      return NIL
    end
  end
end

local function define(name, f)
  globals[symbol(name)] = f
end

define("+", function(a, b) return a + b end)
define("-", function(a, b) return a - b end)
define("*", function(a, b) return a * b % 1000003 end)
define("mod", function(a, b) return a % b end)
define("quotient", function(a, b) return math.floor(a / b) end)
define("=", function(a, b) return a == b end)
define("<", function(a, b) return a < b end)
define(">", function(a, b) return a > b end)
define("eq?", function(a, b) return a == b end)
define("not", function(a) return a == false end)
define("cons", cons)
define("car", function(p) return p[1] end)
define("cdr", function(p) return p[2] end)
define("null?", function(p) return p == NIL end)
define("pair?", function(p) return type(p) == "table" and p ~= NIL and not p.symbol and not p.body end)
define("symbol?", function(p) return type(p) == "table" and p.symbol ~= nil end)
define("number?", function(p) return type(p) == "number" end)
define("list3", function(a, b, c) return list({ a, b, c }) end)
define("error", function(p) error("user: " .. show(p), 0) end)

local PRELUDE = [[
(define (map f l) (if (null? l) '() (cons (f (car l)) (map f (cdr l)))))
(define (filter f l) (cond ((null? l) '()) ((f (car l)) (cons (car l) (filter f (cdr l)))) (else (filter f (cdr l)))))
(define (fold f z l) (if (null? l) z (fold f (f z (car l)) (cdr l))))
(define (append a b) (if (null? a) b (cons (car a) (append (cdr a) b))))
(define (range a b) (if (< a b) (cons a (range (+ a 1) b)) '()))
(define (length l) (fold (lambda (n x) (+ n 1)) 0 l))
(define (reverse l) (fold (lambda (acc x) (cons x acc)) '() l))
(define (assoc k l) (cond ((null? l) #f) ((eq? (car (car l)) k) (car l)) (else (assoc k (cdr l)))))
(define (abs x) (if (< x 0) (- 0 x) x))
]]

local PROGRAMS = {
  [[ ; queens
  (define (safe? q d qs) (or (null? qs) (and (not (= (car qs) q)) (not (= (abs (- (car qs) q)) d)) (safe? q (+ d 1) (cdr qs)))))
  (define (queens n) (let ((all (range 0 n))) (begin
    (define place (lambda (k qs) (if (= k 0) 1
      (fold (lambda (sum q) (if (safe? q 1 qs) (+ sum (place (- k 1) (cons q qs))) sum)) 0 all))))
    (place n '()))))
  (queens 6) ]],
  [[ ; merge sort
  (define (merge a b) (cond ((null? a) b) ((null? b) a)
    ((< (car a) (car b)) (cons (car a) (merge (cdr a) b))) (else (cons (car b) (merge a (cdr b))))))
  (define (odds l) (if (null? l) '() (cons (car l) (evens (cdr l)))))
  (define (evens l) (if (null? l) '() (odds (cdr l))))
  (define (sort l) (if (or (null? l) (null? (cdr l))) l (merge (sort (odds l)) (sort (evens l)))))
  (define (noise n x) (if (= n 0) '() (cons x (noise (- n 1) (mod (+ (* x 171) 11213) 53125)))))
  (sort (noise 60 7)) ]],
  [[ ; symbolic derivatives and simplification
  (define (second l) (car (cdr l)))
  (define (third l) (car (cdr (cdr l))))
  (define (plus a b) (cond ((and (number? a) (number? b)) (+ a b)) ((eq? a 0) b) ((eq? b 0) a) (else (list3 '+ a b))))
  (define (times a b) (cond ((and (number? a) (number? b)) (* a b)) ((eq? a 0) 0) ((eq? b 0) 0)
    ((eq? a 1) b) ((eq? b 1) a) (else (list3 '* a b))))
  (define (d e x) (cond ((number? e) 0) ((symbol? e) (if (eq? e x) 1 0))
    ((eq? (car e) '+) (plus (d (second e) x) (d (third e) x)))
    ((eq? (car e) '*) (plus (times (second e) (d (third e) x)) (times (d (second e) x) (third e))))
    (else (error e))))
  (define (nth-d e x n) (if (= n 0) e (nth-d (d e x) x (- n 1))))
  (nth-d '(+ (* x (* x (* x x))) (+ (* 3 (* x y)) (* x 5))) 'x 3) ]],
  [[ ; closures, tail calls and assignment
  (define (make-counter n) (lambda (step) (begin (set! n (+ n step)) n)))
  (define c (make-counter 10))
  (define (loop i acc) (if (= i 0) acc (loop (- i 1) (mod (+ (* acc 31) (c i)) 65521))))
  (define (compose f g) (lambda (x) (f (g x))))
  (define inc (lambda (x) (+ x 1)))
  (cons (loop 500 1) (map (compose inc (compose inc (lambda (x) (* x x)))) (filter (lambda (x) (= (mod x 3) 1)) (range 0 30)))) ]],
  [[ ; primes
  (define (divides? d n) (= (mod n d) 0))
  (define (prime? n d) (cond ((> (* d d) n) #t) ((divides? d n) #f) (else (prime? n (+ d 1)))))
  (reverse (filter (lambda (n) (prime? n 2)) (range 2 150))) ]],
  "(undefined-function 1 2)",
  "(error '(a b 3))",
}

local rounds = tonumber(arg and arg[1]) or 10
local sum = 0
local outputs = {}
for _ = 1, rounds do
  for _, form in ipairs(read_all(PRELUDE)) do
    eval(analyse(form, nil), nil)
  end
  for i, source in ipairs(PROGRAMS) do
    local ok, result = pcall(function()
      local value = NIL
      for _, form in ipairs(read_all(source)) do
        value = eval(analyse(form, nil), nil)
      end
      return show(value)
    end)
    outputs[i] = (ok and "" or "failed: ") .. result
    for k = 1, #outputs[i] do
      sum = (sum * 31 + outputs[i]:byte(k)) % 1000003
    end
  end
end
print(table.concat(outputs, "\n"))
print(string.format("lisp %d", sum))
