-- Metamethods that are Lua functions, called from hot code: results, errors, yields, tracebacks, changes under way.
local unpack = table.unpack

-- Each operation, with what it returns for objects of `mt`.
local operations = {
  { "add", function(a, b) return a + b end }, { "sub", function(a, b) return a - b end },
  { "mul", function(a, b) return a * b end }, { "div", function(a, b) return a / b end },
  { "mod", function(a, b) return a % b end }, { "pow", function(a, b) return a ^ b end },
  { "idiv", function(a, b) return a // b end }, { "band", function(a, b) return a & b end },
  { "bor", function(a, b) return a | b end }, { "bxor", function(a, b) return a ~ b end },
  { "shl", function(a, b) return a << b end }, { "shr", function(a, b) return a >> b end },
  { "unm", function(a) return -a end }, { "bnot", function(a) return ~a end },
  { "len", function(a) return #a end }, { "concat", function(a, b) return a .. b end },
  { "eq", function(a, b) return a == b end }, { "eq", function(a, b) return a ~= b end },
  { "lt", function(a, b) return a < b end }, { "lt", function(a, b) return a > b end },
  { "le", function(a, b) return a <= b end }, { "le", function(a, b) return a >= b end },
  { "index", function(a, b) return a[b] end }, { "index", function(a) return a.name end },
  { "index", function(a) return a[3] end }, { "index", function(a, b) return (a:method(b)) end },
  { "newindex", function(a, b) a[b] = 1 end }, { "newindex", function(a) a.name = 2 end },
  { "newindex", function(a) a[3] = 3 end }, { "call", function(a, b) return (a(b, b)) end },
  { "add", function(a) return a + 1 end }, { "add", function(a) return 1 + a end },
  { "mul", function(a) return a * 2.5 end }, { "lt", function(a) return a < 1 end },
  { "lt", function(a) return a > 1 end }, { "le", function(a) return a <= 2.0 end },
  { "le", function(a) return a >= 2 end }, { "concat", function(a) return "x" .. a end },
}

local function show(v)
  return type(v) == "table" and (rawget(v, "id") or "table") or type(v) == "function" and "function" or tostring(v)
end

local log
local function object(id, events) return setmetatable({ id = id }, events) end

-- Handlers that note what they get; `kind` says what they do.
local function handlers(event, kind)
  local count = 0
  local function handler(a, b, c, ...)
    count = count + 1
    local n = select("#", ...)
    if event == "index" and b == "method" then return function(self, x) return show(self) .. show(x) end end
    log = table.concat({ show(a), show(b), show(c), n }, ",")
    if kind == "none" then return end
    if kind == "many" then return count, 2, 3 end
    if kind == "error" and count % 50 == 0 then error("at " .. count) end
    if kind == "object" and count % 50 == 0 then error({ count }) end
    if kind == "yield" and count % 40 == 0 then return (coroutine.yield(count)) end
    return event == "lt" and count % 3 == 0 or count
  end
  return { ["__" .. event] = handler }
end

for _, kind in ipairs { "plain", "none", "many", "error", "object", "yield" } do
  for n, op in ipairs(operations) do
    local event, f = op[1], op[2]
    local mt = handlers(event, kind)
    local function run()
      local a, b = object("a", mt), object("b", mt)
      local sum, failed, last = 0, 0
      for i = 1, 130 do
        local ok, v
        if kind == "yield" then
          ok, v = true, f(a, b)
        else
          ok, v = pcall(f, a, b)
        end
        if not ok then
          failed, last = failed + 1, type(v) == "table" and v[1] or v
        elseif math.type(v) == "integer" then
          sum = sum + v
        elseif v then
          sum = sum + 1
        end
      end
      return sum, failed, last
    end
    local co = coroutine.wrap(run)
    local yields = 0
    local results
    repeat
      results = table.pack(co(yields * 1000))
      yields = yields + 1
    until results.n ~= 1
    print(kind, n, event, yields, results[1], results[2], results[3], log)
  end
end

-- What a traceback calls them, and where they were called.
do
  local mt = {}
  for _, event in ipairs { "index", "newindex", "add", "concat", "eq", "lt", "unm", "len", "call" } do
    mt["__" .. event] = function() return debug.traceback("in " .. event, 1) end
  end
  local a, b = setmetatable({}, mt), setmetatable({}, mt)
  local function f(i)
    local t1 = a.x
    local t2 = a + b
    local t3 = a .. b
    local t4 = -a
    local t5 = #a
    local t6 = a(i)
    return t1, t2, t3, t4, t5, t6
  end
  local r
  for i = 1, 100 do r = table.pack(f(i)) end
  for i = 1, r.n do print((r[i]:gsub("\n%s*%[C%].*", ""))) end
end

-- The handler is another one from some call on: another function, a native one, a callable table, a table, none.
for _, other in ipairs { function() return "other" end, math.type, setmetatable({}, { __call = function(_, _, k) return k end }), { x = "field" }, false } do
  local mt = { __index = function(t, k) return k .. "!" end, __add = function() return 1 end }
  local o = setmetatable({}, mt)
  local out = {}
  local function f(i)
    if i == 100 then mt.__index = other or nil mt.__add = type(other) ~= "table" and other or nil end
    local ok, sum = pcall(function() return o + i end)
    return tostring(o.x), ok and tostring(sum) or "failed"
  end
  for i = 1, 140 do out[i] = table.concat({ pcall(f, i) == true and f(i) or "error" }, " ") end
  print(out[1], out[99], out[100], out[101], out[140])
end

-- Chains: a table whose metatable has a function, behind tables.
do
  local calls = 0
  local root = setmetatable({}, { __index = function(t, k) calls = calls + 1 return k end, __newindex = function(t, k, v) rawset(t, k, v) end })
  local middle = setmetatable({ own = 1 }, { __index = root, __newindex = root })
  local leaf = setmetatable({}, { __index = middle, __newindex = middle })
  local s = 0
  for i = 1, 200 do
    s = s + #leaf.abc + leaf.own + #leaf["k" .. i % 3]
    leaf.stored = i
    s = s + leaf.stored
  end
  print(s, calls, rawget(root, "stored"), rawget(middle, "stored"), rawget(leaf, "stored"))
end

-- Values that appear where there was only the handler, and vanish again.
do
  local misses = 0
  local lazy = setmetatable({}, { __index = function(t, k) misses = misses + 1 local v = k * 2 rawset(t, k, v) return v end })
  local s = 0
  for r = 1, 5 do
    for i = 1, 100 do s = s + lazy[i] + lazy[i + 0.5] end
    for i = 1, 100, 7 do lazy[i] = nil end
  end
  print(s, misses)
end

-- Recursion through handlers is nested calls, of which there are not many; the count is right afterwards.
do
  local depth = 0
  local o = setmetatable({}, { __index = function(t, k) depth = depth + 1 return t[k + 1] end })
  for i = 1, 30 do
    depth = 0
    local ok, e = pcall(function() return o[1] end)
    if i % 10 == 0 then print(ok, tostring(e):match("stack overflow"), depth > 100 and depth < 220) end
  end
  local count = setmetatable({}, { __index = function(t, k) return k == 0 and 0 or 1 + t[k - 1] end })
  local s = 0
  for i = 1, 300 do s = s + count[i % 60] end
  print(s)
end

-- Calls of objects: arguments, results, methods, vararg handlers, tail calls, objects that are called for many results.
do
  local plain = setmetatable({}, { __call = function(self, a, b) return self, a, b end })
  local rest = setmetatable({}, { __call = function(self, ...) return select("#", ...), ... end })
  local chain = setmetatable({}, { __call = plain })
  local holder = { plain = plain, rest = rest }
  local tail = setmetatable({}, { __call = function(self, n, acc) if n == 0 then return acc end return self(n - 1, acc + n) end })
  local function results(...) return select("#", ...), ... end
  local function f(i)
    local a, b, c, d = plain(i)
    local n, x, y = rest(i, nil, 3, nil)
    local m = results(rest(1, 2, 3))
    local p, q = holder.rest(i, 5), (select("#", holder:plain(i)))
    local t = tail(10, 0)
    local u = table.pack(chain(i))
    return (a == plain and 1 or 0) + b + n + x + m + p + q + t + u.n + (c == nil and 1 or 0) + (d == nil and 1 or 0)
  end
  local s = 0
  for i = 1, 200 do s = s + f(i) end
  print(s)
  local ok, e = pcall(function() for i = 1, 100 do (i < 90 and plain or i)(1) end end)
  print(ok, e)
end

-- table.unpack as the last argument.
do
  local function count(...) return select("#", ...), ... end
  local odd = setmetatable({}, { __len = function() return 2 end, __index = function(_, k) return -k end })
  local s = 0
  for i = 1, 300 do
    local t = { i, i + 1, nil, 4 }
    if i % 50 == 0 then t = odd elseif i % 7 == 0 then t = {} end
    local n, a = count(unpack(t))
    local m, x, y = count("x", i, unpack(t))
    s = s + n + (a or 0) + m + y + select("#", 0, unpack(t))
    if i > 250 then s = s + #string.char(unpack { 65, 66, 67 }) end
  end
  print(s, pcall(function() for i = 1, 100 do s = s + (count(unpack(i < 80 and {} or nil))) end end))
end

-- More results, and more loop variables, than fit into seven bits.
do
  local names = {}
  for i = 1, 150 do names[i] = "v" .. i end
  local list = table.concat(names, ",")
  local source = [[
    local f, o = ...
    local s = 0
    for i = 1, 100 do
      local %s = f(i)
      s = s + v1 + v3 + (v130 or 0) + (v150 or 1)
      v130, v150 = 7, 9
    end
    for i = 1, 100 do
      local %s = o(i)
      s = s + (v130 or 0) + (v150 or 1) + v2
      v130, v150 = 7, 9
    end
    return s
  ]]
  local o = setmetatable({}, { __call = function(_, x) return x, x + 1 end })
  print(load(source:format(list, list))(function(x) return x, x, 2 * x end, o))
  local loop = load(("local s = 0 for r = 1, 20 do for %s in ... do s = s + v1 + (v140 or 0) v140 = 3 end end return s"):format(list))
  local k = 0
  print(loop(function() k = k + 1 if k % 11 > 0 then return k end end))
end

-- Float loops with any step.
do
  local function sum(from, to, step)
    local s, n = 0, 0
    for x = from, to, step do
      s, n = s + x, n + 1
      if n > 40 then break end
    end
    return s, n
  end
  local inf, nan = 1 / 0, 0 / 0
  for _, t in ipairs { { 0, 1, 0.25 }, { 1, 0, -0.25 }, { 0, 1, -0.5 }, { 1, 0, 0.5 }, { 0, 1, nan }, { nan, 1, 0.5 }, { 0, nan, 0.5 }, { 0, inf, 1.5 }, { 0, -inf, -1.5 }, { 1, 1, 0.5 }, { 1, 1, -0.5 }, { 1, 3, 2.0 ^ 53 }, { 0, -0.0, 0.5 }, { 0.5, 3, 1 } } do
    local s, n
    for r = 1, 40 do s, n = sum(unpack(t)) end
    print(s == s and s or "nan", n)
  end
  for r = 1, 20 do
    for _, zero in ipairs { 0.0, -0.0 } do
      local ok, e = pcall(sum, 0.5, 1, zero)
      if r == 20 then print(ok, e) end
    end
  end
end

-- Strings and numbers are joined without asking them.
do
  local strings = getmetatable ""
  strings.__concat = function() return "asked" end
  debug.setmetatable(0, { __concat = strings.__concat })
  local object = setmetatable({}, { __concat = function() return "object" end })
  local function join(a, b) return a .. b end
  local counts = {}
  for i = 1, 400 do
    local b = i % 4
    local r = join(i % 3 == 0 and "x" or i % 3, b == 0 and object or b == 1 and {} or b == 2 and "y" or 7)
    counts[r] = (counts[r] or 0) + 1
  end
  for _, r in ipairs { "asked", "object", "xy", "x7", "1y", "17", "2y", "27" } do print(r, counts[r]) end
  strings.__concat = nil
  debug.setmetatable(0, nil)
end

-- An error out of a metamethod in a coroutine leaves the depth of native calls as it was.
do
  local object = setmetatable({}, { __add = function(_, b) if b == 1 then error "one" end return b end })
  local guard = setmetatable({}, { __close = function() end })
  local function add(x, y) local r = x + y return r end
  for i = 1, 400 do add(object, 2) end
  local function closing() local g <close> = guard local r = add(object, 1) return r end
  local function yielding() coroutine.yield() local r = add(object, 1) return r end
  local function depth()
    local n = 0
    local function go() n = n + 1 string.gsub("a", "a", go) end
    pcall(go)
    return n
  end
  for _, f in ipairs { closing, yielding } do
    coroutine.wrap(function(wrap)
      local first, same = depth(), true
      local loop = coroutine.wrap(function()
        local inner = depth()
        for i = 1, 20 do
          pcall(f)
          same = same and depth() == inner
        end
        return "end"
      end)
      while loop() ~= "end" do end
      print(same, depth() == first)
    end)()
  end
end

-- A store that removes a field is done once.
do
  local calls = 0
  local object = setmetatable({}, { __newindex = function(t, k, v) calls = calls + 1 rawset(t, k, v) end })
  local function put(k, v) object[k] = v end
  for i = 1, 600 do
    put(i % 3 + 0.5, true)
    put(i % 3 + 0.5, nil)
  end
  print(calls)
end
