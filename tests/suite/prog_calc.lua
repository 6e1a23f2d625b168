-- A small language in Lua: lexer, parser, tree interpreter, bytecode compiler and machine; all must agree.
local function lex(src)
  local toks, i = {}, 1
  while true do
    i = src:find("%S", i)
    if not i then break end
    local num = src:match("^%d+%.?%d*", i)
    local id = src:match("^[%a_][%w_]*", i)
    local op = src:match("^[<>=!]=", i) or src:sub(i, i)
    local t = num and { k = "num", v = math.tointeger(tonumber(num)) or tonumber(num) } or id and { k = "id", v = id } or { k = op, v = op }
    toks[#toks + 1] = t
    i = i + #(num or id or op)
  end
  toks[#toks + 1] = { k = "eof", v = "<end>" }
  return toks
end

local function parse(src)
  local toks, p = lex(src), 1
  local kw = { ["while"] = true, ["if"] = true, ["else"] = true, ["end"] = true, ["do"] = true, ["then"] = true, ["def"] = true, ["return"] = true, ["print"] = true }
  local function peek() local t = toks[p] return (t.k == "id" and kw[t.v]) and t.v or t.k end
  local function take(k) local t = toks[p] if peek() ~= k then error(("expected %s near %s"):format(k, t.v), 0) end p = p + 1 return t.v end
  local function opt(k) if peek() == k then p = p + 1 return true end end
  local levels = { { "==", "!=" }, { "<", ">", "<=", ">=" }, { "+", "-" }, { "*", "/", "%" } }
  local expr
  local function atom()
    if peek() == "num" then return { "num", take "num" } end
    if opt "(" then local e = expr(1) take ")" return e end
    if opt "-" then return { "-", { "num", 0 }, atom() } end
    local name = take "id"
    if opt "(" then
      local args = {}
      if peek() ~= ")" then repeat args[#args + 1] = expr(1) until not opt "," end
      take ")"
      return { "call", name, args }
    end
    return { "var", name }
  end
  function expr(l)
    if l > #levels then return atom() end
    local lhs = expr(l + 1)
    while true do
      local hit
      for _, op in ipairs(levels[l]) do if peek() == op then hit = op end end
      if not hit then return lhs end
      p = p + 1
      lhs = { hit, lhs, expr(l + 1) }
    end
  end
  local block
  local function stat()
    if opt "while" then local c = expr(1) take "do" local b = block() take "end" return { "while", c, b } end
    if opt "if" then local c = expr(1) take "then" local a = block() local b = opt "else" and block() or {} take "end" return { "if", c, a, b } end
    if opt "def" then
      local name, ps = take "id", {}
      take "("
      if peek() ~= ")" then repeat ps[#ps + 1] = take "id" until not opt "," end
      take ")"
      local b = block()
      take "end"
      return { "def", name, ps, b }
    end
    if opt "return" then return { "return", expr(1) } end
    if opt "print" then return { "print", expr(1) } end
    local name = take "id"
    take "="
    return { "set", name, expr(1) }
  end
  function block()
    local b = {}
    while peek() ~= "eof" and peek() ~= "end" and peek() ~= "else" do b[#b + 1] = stat() end
    return b
  end
  local b = block()
  take "eof"
  return b
end

local function num(b) return b and 1 or 0 end
local ops = {
  ["+"] = function(a, b) return a + b end, ["-"] = function(a, b) return a - b end, ["*"] = function(a, b) return a * b end, ["/"] = function(a, b) return a // b end, ["%"] = function(a, b) return a % b end,
  ["<"] = function(a, b) return num(a < b) end, [">"] = function(a, b) return num(a > b) end, ["<="] = function(a, b) return num(a <= b) end, [">="] = function(a, b) return num(a >= b) end, ["=="] = function(a, b) return num(a == b) end, ["!="] = function(a, b) return num(a ~= b) end,
}

-- one: walking the tree
local function walk(prog, out)
  local funcs, run = {}, nil
  local function eval(e, env)
    local k = e[1]
    if k == "num" then return e[2] end
    if k == "var" then return env[e[2]] or error("unset " .. e[2], 0) end
    if k == "call" then
      local f = funcs[e[2]] or error("no function " .. e[2], 0)
      local new = {}
      for i, name in ipairs(f[3]) do new[name] = eval(e[3][i], env) end
      return run(f[4], new) or 0
    end
    return ops[k](eval(e[2], env), eval(e[3], env))
  end
  function run(b, env)
    for _, s in ipairs(b) do
      local k = s[1]
      if k == "set" then env[s[2]] = eval(s[3], env)
      elseif k == "print" then out[#out + 1] = tostring(eval(s[2], env))
      elseif k == "def" then funcs[s[2]] = s
      elseif k == "return" then return eval(s[2], env)
      elseif k == "while" then while eval(s[2], env) ~= 0 do local r = run(s[3], env) if r then return r end end
      else local r = run(eval(s[2], env) ~= 0 and s[3] or s[4], env) if r then return r end end
    end
  end
  run(prog, {})
end

-- two: translation to Lua source
local function translate(prog)
  local buf = {}
  local function e(x)
    local k = x[1]
    if k == "num" then return "(" .. x[2] .. ")" elseif k == "var" then return "(v_" .. x[2] .. " or unset'" .. x[2] .. "')" end
    if k == "call" then local a = {} for i, y in ipairs(x[3]) do a[i] = e(y) end return ("((f_%s or nofn'%s')(%s) or 0)"):format(x[2], x[2], table.concat(a, ",")) end
    return ("ops['%s'](%s,%s)"):format(k, e(x[2]), e(x[3]))
  end
  local function b(list)
    for _, s in ipairs(list) do
      local k = s[1]
      if k == "set" then buf[#buf + 1] = "v_" .. s[2] .. "=" .. e(s[3])
      elseif k == "print" then buf[#buf + 1] = "emit(" .. e(s[2]) .. ")"
      elseif k == "return" then buf[#buf + 1] = "do return " .. e(s[2]) .. " end"
      elseif k == "while" then buf[#buf + 1] = "while " .. e(s[2]) .. "~=0 do" b(s[3]) buf[#buf + 1] = "end"
      elseif k == "if" then buf[#buf + 1] = "if " .. e(s[2]) .. "~=0 then" b(s[3]) buf[#buf + 1] = "else" b(s[4]) buf[#buf + 1] = "end"
      else
        local ps = {}
        for i, pn in ipairs(s[3]) do ps[i] = "v_" .. pn end
        buf[#buf + 1] = ("f_%s = function(%s) local _ENV <const> = setmetatable({%s}, scope)"):format(s[2], table.concat(ps, ","), (#ps > 0 and table.concat(ps, ",") or ""):gsub("[%w_]+", "%0=%0"))
        b(s[4])
        buf[#buf + 1] = "end"
      end
    end
  end
  b(prog)
  return table.concat(buf, "\n")
end
local function compiled(prog, out)
  local env = { ops = ops, setmetatable = setmetatable, emit = function(v) out[#out + 1] = tostring(v) end, unset = function(n) error("unset " .. n, 0) end, nofn = function(n) error("no function " .. n, 0) end }
  env.scope = { __index = function(_, k) if not k:find "^v_" then return env[k] end end, __newindex = function(t, k, v) rawset(t, k, v) end }
  assert(load(translate(prog), "=calc", "t", env))()
end

local programs = {
  "x = 1 + 2 * 3 - 4 / 3 print x print (1 + 2) * 3 print -5 % 3 print 7 / 2.0",
  "i = 0 s = 0 while i < 300 do i = i + 1 if i % 3 == 0 then s = s + i else s = s - 1 end end print s print i",
  "def fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end print fib(13)",
  "def gcd(a, b) while b != 0 do t = a % b a = b b = t end return a end print gcd(1071, 462) print gcd(17, 5)",
  "def even(n) if n == 0 then return 1 end return odd(n - 1) end def odd(n) if n == 0 then return 0 end return even(n - 1) end print even(40) print odd(40)",
  "n = 2 c = 0 while n < 150 do d = 2 p = 1 while d * d <= n do if n % d == 0 then p = 0 d = n end d = d + 1 end c = c + p n = n + 1 end print c",
  "def noresult(x) y = x end print noresult(1) x = 5 def local_(x) x = x + 1 return x end print local_(x) print x",
  "print undefined", "print f(1)", "print 1 / 0", "x = = 1", "while 1 do", "print (1", "def f(", "x = 3 print x x",
}
for i, src in ipairs(programs) do
  local o1, o2 = {}, {}
  local ok, prog = pcall(parse, src)
  if not ok then print(i, "parse:", prog) else
    local a, e1 = pcall(walk, prog, o1)
    local b, e2 = pcall(compiled, prog, o2)
    e1 = e1 and e1:gsub("^.-:%d+: ", "")
    e2 = e2 and e2:gsub("^.-:%d+: ", "")
    print(i, table.concat(o1, " "), e1, table.concat(o1) == table.concat(o2) and a == b and e1 == e2 or table.concat(o2, " ") .. tostring(e2))
  end
end
