-- Switches between coroutines, protected calls and callbacks of library functions, in hot loops.

local create, resume, yield, wrap, status = coroutine.create, coroutine.resume, coroutine.yield, coroutine.wrap,
  coroutine.status

-- frames that waited in native code go on in loops of their own
do
  local out = 0
  local function f(n)
    if n == 0 then
      yield(1)
      return 1
    end
    local s = 0
    for i = 1, 3 do s = s + f(n - 1) end
    for i = 1, 50 do s = s + #string.rep("x", 3) + math.max(i, 2) end
    out = out + select("#", s, s, tostring(s))
    string.rep("x", 3)
    return s
  end
  for _ = 1, 60 do
    local n = 0
    for _ in wrap(function() f(4) end) do n = n + 1 end
    assert(n == 81, n)
  end
  print("frames", out)
end

-- what resume passes has another type or number now and then
do
  local function body(a, b)
    local log = {}
    while a ~= "end" do
      log[#log + 1] = math.type(a) or type(a)
      local x = (a == nil) and 0 or (type(a) == "number" and a or #tostring(a))
      a, b = yield(x + 1, b)
    end
    return #log, table.concat(log, " ", #log - 8)
  end
  local co = create(body)
  local sum = 0
  for i = 1, 400 do
    local ok, v, w = resume(co, i, i)
    assert(ok)
    sum = sum + v + w
  end
  print("types", sum)
  print(resume(co, 1.5, "s"))
  print(resume(co))
  print(resume(co, "text", nil, "more"))
  print(resume(co, 2^53 | 0, {} ~= nil))
  print(resume(co, true))
  for i = 1, 100 do assert(select("#", resume(co, i)) == 3) end
  print(resume(co, "end"))
  print(resume(co), status(co))
end

-- yields on some ways through nested loops only
do
  local function gen(n)
    for i = 1, n do
      local j = 0
      while j < i do
        j = j + 1
        if (i + j) % 3 == 0 then
          local got = yield(i * 100 + j)
          j = j + (got or 0)
        end
      end
      if i % 7 == 0 then yield(-i) end
    end
    return "done"
  end
  local sum, count, last = 0, 0, nil
  local f = wrap(gen)
  local v = f(60)
  while v ~= "done" do
    sum, count = sum + v, count + 1
    v = f(count % 5 == 0 and 2 or nil)
  end
  print("ways", sum, count, v)
  print(pcall(f))
end

-- numbers of values on both sides
do
  local function echo(...)
    local n = select("#", ...)
    local a, b, c = yield(n, ...)
    while true do
      if a == 0 then a, b = yield()
      elseif a == 1 then a = (yield(1))
      elseif a == 2 then a, b = yield(1, 2)
      elseif a == 3 then a, b, c = yield(1, 2, 3)
      else a, b, c = yield(yield(a, b, c)) end
      if a == nil then a = 2 end
    end
  end
  local counts = {}
  local f = wrap(echo)
  f(1, 2, 3)
  for i = 1, 300 do
    local n = select("#", f(i % 6, i, i))
    counts[n] = (counts[n] or 0) + 1
  end
  print("numbers", counts[0], counts[1], counts[2], counts[3])
  local co = create(function(...) while true do yield(...) end end)
  for i = 1, 200 do
    local ok, a, b, c, d = resume(co, 1, 2, 3)
    assert(ok and a == 1 and b == 2 and c == 3 and d == nil)
    resume(co)
  end
  local many = create(function(n)
    while true do n = #{ yield(table.unpack({}, 1, n)) } end
  end)
  local total = 0
  for i = 1, 120 do
    total = total + select("#", resume(many, i % 60))
    total = total + select("#", resume(many, table.unpack({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, 1, i % 12)))
  end
  print("many", total)
end

-- errors on the other side, with positions and tracebacks
do
  local messages = {}
  for i = 1, 120 do
    local co = create(function(n)
      local t = { 1, 2, 3 }
      for k = 1, 10 do
        if k == n then return t.x.y end
        n = yield(k)
      end
    end)
    local ok, v = resume(co, 4)
    while ok and v do ok, v = resume(co, 4) end
    messages[v] = (messages[v] or 0) + 1
    if i == 120 then
      print(debug.traceback(co))
      print(resume(co))
    end
  end
  for m, n in pairs(messages) do print(m, n) end
  local function caller(i)
    local f = wrap(function()
      for k = 1, 5 do yield(k) end
      error(i % 2 == 0 and "text" or { "table" })
    end)
    local s = 0
    for v in f do s = s + v end
    return s
  end
  local seen = {}
  for i = 1, 150 do
    local ok, e = pcall(caller, i)
    local key = type(e) == "table" and e[1] or e
    seen[key] = (seen[key] or 0) + 1
  end
  for k, n in pairs(seen) do if k ~= "table" then print(k, n) end end
  print(seen.table)
end

-- what resume refuses
do
  local refused = {}
  local function note(...)
    local key = table.concat({ tostring((...)), tostring((select(2, ...))) }, "|")
    refused[key] = (refused[key] or 0) + 1
  end
  local dead = create(function() end)
  resume(dead)
  for i = 1, 120 do
    note(resume(dead, i))
    note(resume(coroutine.running()))
    note(pcall(resume, i))
    local outer
    outer = create(function()
      local inner = create(function() return resume(outer) end)
      return select(2, resume(inner))
    end)
    note(resume(outer))
    note(pcall(yield, i))
  end
  local keys = {}
  for k in pairs(refused) do keys[#keys + 1] = k end
  table.sort(keys)
  for _, k in ipairs(keys) do print(k, refused[k]) end
  local function deep(n)
    local co = create(deep)
    local ok, m = resume(co, n + 1)
    if not ok then return n > 150 and n < 220, m end
    return ok and m, select(3, ok, m)
  end
  local ok, m = deep(0)
  print("deep", ok, m)
end

-- protected calls around yields, and closed variables
do
  local order = {}
  local co = wrap(function()
    for i = 1, 60 do
      local ok, e = pcall(function(n)
        local c <close> = setmetatable({}, { __close = function(_, err) order[#order + 1] = type(err) end })
        for k = 1, 3 do
          if yield(k) == "stop" then error({ n }) end
        end
        return n
      end, i)
      order[#order + 1] = ok and tostring(e) or e[1]
    end
    return "end"
  end)
  local n, v = 0, nil
  repeat
    n = n + 1
    v = co(n % 7 == 0 and "stop" or nil)
  until v == "end"
  print("pcall", n, #order, table.concat(order, " ", 1, 20))
  local counts = {}
  for i = 1, 200 do
    local a = pcall(yield)
    local b, c, d, e = pcall(select, 2, 1, 2, 3)
    pcall(error)
    local n = select("#", pcall(table.unpack, { 1, 2, 3, nil, nil }, 1, i % 5))
    counts[n] = (counts[n] or 0) + 1
    assert(a == false and b and c == 2 and d == 3 and e == nil)
    assert(select("#", pcall(error)) == 2)
    local function tail(...) return pcall(...) end
    local ok, x, y, z = tail(math.max, 1, i)
    assert(ok and x == i and y == nil and z == nil)
    assert(({ pcall(pcall, error, i) })[3] == i)
  end
  print(counts[1], counts[2], counts[3], counts[4], counts[5])
  print(pcall(pcall))
  print(select("#", pcall(pcall)))
end

-- iterators of several kinds in one loop
do
  local function each(iterator)
    local n = 0
    for a, b in iterator, { 5, 6, 7 }, nil do
      n = n + (type(b) == "number" and b or 1)
    end
    return n
  end
  local total = 0
  for i = 1, 100 do
    local kind = i % 4
    if i < 60 then kind = 0 end
    if kind == 0 then total = total + each(wrap(function() for k = 1, 4 do yield(k, k) end end))
    elseif kind == 1 then total = total + each(next)
    elseif kind == 2 then total = total + each(function(t, k) k = (k or 0) + 1 if t[k] then return k, t[k] end end)
    else total = total + each(setmetatable({}, { __call = function(_, t, k) if not k then return 1 end end })) end
  end
  print("iterators", total)
  print(pcall(function() for _ in wrap(function() yield(1) error("in iterator", 0) end) do end end))
end

-- hooks that begin while another thread runs
do
  local events = {}
  local function hook(e) events[e] = (events[e] or 0) + 1 end
  local main = coroutine.running()
  local co = create(function()
    for i = 1, 200 do
      if i % 50 == 0 then debug.sethook(main, hook, "r") end
      yield(i)
    end
  end)
  for i = 1, 200 do
    resume(co)
    debug.sethook()
  end
  print("hooks", events["return"])
  local lines = 0
  local other = create(function()
    for i = 1, 40 do
      yield()
    end
  end)
  for i = 1, 20 do resume(other) end
  debug.sethook(other, function() lines = lines + 1 end, "l")
  for i = 1, 10 do resume(other) end
  debug.sethook(other)
  for i = 1, 5 do resume(other) end
  print("lines", lines, status(other))
end

-- what a waiting thread shows
do
  local co = create(function()
    local shown = "local"
    for i = 1, 100 do yield(i) end
  end)
  for i = 1, 80 do resume(co) end
  print(debug.traceback(co))
  print(debug.getinfo(co, 0, "n").name, debug.getlocal(co, 1, 1))
  local main = coroutine.running()
  local shows = wrap(function()
    while true do yield(debug.traceback(main, "main", 0), debug.getinfo(main, 0, "S").what) end
  end)
  local text, what
  for i = 1, 80 do text, what = shows() end
  print(what, (text:gsub("0x%x+", "address"):match("^[^\n]*\n[^\n]*\n[^\n]*")))
end

-- collections while threads wait with values that nothing else has
do
  local threads = {}
  for i = 1, 20 do
    threads[i] = create(function(v)
      local kept = { i }
      while true do
        local new = { v and v[1] or 0, kept }
        kept = new[2]
        v = yield(new)
      end
    end)
  end
  local sum = 0
  for round = 1, 60 do
    for i = 1, 20 do
      local ok, t = resume(threads[i], { round })
      sum = sum + t[1] * t[2][1]
    end
    if round % 10 == 0 then collectgarbage("step") end
    if round % 30 == 0 then collectgarbage() end
  end
  print("collected", sum)
end

-- order functions
do
  local function list(n)
    local t, x = {}, 7
    for i = 1, n do
      x = x * 1103 % 5003
      t[i] = x
    end
    return t
  end
  local function sorted(t, f)
    table.sort(t, f)
    return t[1], t[2], t[#t]
  end
  for _ = 1, 3 do list(300) end
  print("sort", sorted(list(500), function(a, b) return a > b end))
  print(sorted(list(500), function(...) local a, b = ... return a < b end))
  print(sorted(list(500), function(a, b) return a < b and 0 or nil end))
  print(sorted(list(100), math.ult))
  print(pcall(sorted, list(300), function(a) return true end))
  print(pcall(sorted, list(300), function(a, b) if a == 7 * 1103 % 5003 then error("stopped", 0) end return a < b end))
  print(pcall(sorted, list(10), setmetatable({}, { __call = function(_, a, b) return a < b end })))
  print(wrap(function()
    return pcall(sorted, list(300), function(a, b) yield(a) return a < b end)
  end)())
  local t, calls = list(300), 0
  print(pcall(table.sort, t, function(a, b)
    calls = calls + 1
    if calls == 500 then
      setmetatable(t, { __index = function(_, k) return -k end })
      for i = 100, 200 do t[i] = nil end
    end
    return a < b
  end))
  t = setmetatable({}, {
    __len = function() return 50 end,
    __index = function(_, k) return 51 - k end,
    __newindex = function(s, k, v) rawset(s, k, v) end,
  })
  table.sort(t, function(a, b) return a < b end)
  print(t[1], t[25], t[50])
  local deep = 0
  local function nested(a, b)
    deep = deep + 1
    if deep % 100 == 0 then table.sort({ 3, 1, 2 }, nested) end
    return a < b
  end
  print(sorted(list(400), nested))
  local words = 0
  for i = 1, 40 do
    local r = ("one two three four"):gsub("%w+", function(w)
      words = words + 1
      if words % 5 == 0 then return nil end
      return w:upper() .. i
    end)
    if i == 40 then print(r, words) end
  end
  print(pcall(string.gsub, "a b c", "%w", function(w) if w == "b" then error("callback", 0) end end))
end

-- calls of library functions at the end of functions, and assertions
do
  local function form(x) return string.format("%d|", x) end
  local function unpacked(t, n) return table.unpack(t, 1, n) end
  local function waits(v) return yield(v) end
  local function asserted(...) return assert(...) end
  local function one(v) return assert(v) end
  local function two(v, w) return assert(v, w) end
  local function chosen(f, ...) return f(...) end
  local parts, n = {}, 0
  local co = create(function()
    local sum = 0
    for i = 1, 200 do sum = sum + waits(i) + select("#", waits(i)) end
    return sum
  end)
  resume(co)
  for i = 1, 200 do
    parts[i % 10] = form(i)
    n = n + select("#", unpacked({ 1, 2, 3 }, i < 150 and 1 or i % 4))
    n = n + select("#", asserted(i, 2, 3)) + select("#", two(i, 2)) + one(i)
    assert(i, "unused")
    local a = assert(i, 5)
    local b, c = assert(i, 5)
    n = n + a + b + c
    resume(co, i)
    resume(co)
  end
  print("tail", parts[0], n, resume(co))
  for i = 1, 150 do
    local f = i < 120 and string.rep or i % 2 == 0 and math.max or function(...) return select("#", ...) end
    n = n + #tostring(chosen(f, i % 7, 3))
  end
  print(n)
  print(pcall(function() for i = 100, 0, -1 do assert(i > 0, "not positive") end end))
  print(pcall(function() for i = 100, 0, -1 do assert(i > 0) end end))
  print(pcall(function() for i = 100, 0, -1 do assert(i > 0, nil) end end))
  print(pcall(function() for i = 100, 0, -1 do assert(i > 0, { 1 } and 7) end end))
  print(select("#", pcall(function() for i = 1, 100 do one(i) end return two(1, 2) end)))
  local function fails(i) return string.rep(i < 100 and "x" or nil, i) end
  print(pcall(function() for i = 1, 100 do fails(i) end end))
  local function where(i) if i < 100 then return debug.traceback("trace", 1) end return debug.traceback("deep", 1) end
  local text
  for i = 1, 100 do text = where(i) end
  print(text)
  local seen = {}
  for i = 1, 150 do
    local one = create(function() yield() end)
    seen[status(one)] = (seen[status(one)] or 0) + 1
    resume(one)
    local key = status(one) .. "2"
    seen[key] = (seen[key] or 0) + 1
    resume(one)
    key = status(one) .. "3"
    seen[key] = (seen[key] or 0) + 1
    key = status(coroutine.running())
    seen[key] = (seen[key] or 0) + 1
  end
  print(seen.suspended, seen.suspended2, seen.dead3, seen.running)
  print(pcall(function() for i = 1, 100 do status(i < 100 and co or i) end end))
end
