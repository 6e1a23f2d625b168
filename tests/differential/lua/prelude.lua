-- What generated programs print with. Values are shown without addresses and independent of the order of keys.
-- PUC's older names of functions: its tracebacks name such a function one way or the other, by the order of keys.
math.atan2 = nil
do
  local write, type, next, rawget, format = io.write, type, next, rawget, string.format
  local sub, concat, sort, select, pcall = string.sub, table.concat, table.sort, select, pcall
  local setmetatable, rep = setmetatable, string.rep
  local math_type, tostring, pack, unpack = math.type, tostring, table.pack, table.unpack
  local getlocal, setlocal, gethook, sethook = debug.getlocal, debug.setlocal, debug.gethook, debug.sethook

  local function show(v, depth)
    local t = type(v)
    if t == "number" then
      if v ~= v then return "nan" end
      if math_type(v) == "float" then return format("%.17gf", v) end
      return format("%d", v)
    elseif t == "string" then
      if #v > 160 then return format("%q...%d", sub(v, 1, 120), #v) end
      return format("%q", v)
    elseif t == "nil" or t == "boolean" then
      return tostring(v)
    elseif t ~= "table" or depth > 1 then
      return t
    end
    local out, n = {}, 0
    while n < 8 do
      local x = rawget(v, n + 1)
      if x == nil then break end
      n = n + 1
      out[n] = show(x, depth + 1)
    end
    local keys, size = {}, 0
    for k in next, v do
      size = size + 1
      if type(k) == "string" then keys[#keys + 1] = k end
    end
    sort(keys)
    for i = 1, #keys < 8 and #keys or 8 do
      n = n + 1
      out[n] = keys[i] .. "=" .. show(rawget(v, keys[i]), depth + 1)
    end
    return format("{%s #%d}", concat(out, ","), size)
  end

  -- Prints its arguments. A hook of the program does not see how: what `show` does depends on the order of keys, which
  -- is another in each process.
  function P(...)
    local hook, mask, count = gethook()
    local own = type(hook) == "function"
    if own then sethook() end
    local n = select("#", ...)
    local out = { ... }
    for i = 1, n do out[i] = show(out[i], 0) end
    write(concat(out, " ", 1, n), "\n")
    if own then sethook(hook, mask, count) end
  end

  -- Calls a function that hooks of the program do not see: PUC Lua's library calls functions to release large buffers.
  local function unseen(f, ...)
    local hook, mask, count = gethook()
    local own = type(hook) == "function"
    if own then sethook() end
    local result = f(...)
    if own then sethook(hook, mask, count) end
    return result
  end

  -- From now on the heap is so large that collections may look at a part of it only. A string of some thousand bytes.
  local ballast
  -- PUC Lua copies a repeated string piece by piece: long pieces are many times faster.
  local piece = rep("x", 1000)
  function large()
    ballast = ballast or unseen(rep, piece, 3000)
    return unseen(rep, piece, 9)
  end

  local function collected()
    local dead, fresh = setmetatable({{}}, {__mode = "v"}), {}
    repeat local _ = rep(piece, 60) until not dead[1]
    for i = 1, 12 do fresh[i] = {i, {}} end
  end

  -- Allocates until there has been a collection, and then something in the place of what it freed.
  function young() return unseen(collected) end

  -- Runs a function under pcall and prints what became of it.
  function section(name, f, ...)
    local r = pack(pcall(f, ...))
    write("== ", name, " ")
    P(unpack(r, 1, r.n))
  end

  -- The value of a caller's local variable, and a new value for it.
  function peek(name)
    for i = 1, 250 do
      local n, v = getlocal(2, i)
      if n == nil then return nil end
      if n == name then return v end
    end
  end

  function poke(name, v)
    local at
    for i = 1, 250 do
      local n = getlocal(2, i)
      if n == nil then break end
      if n == name then at = i end
    end
    if at then setlocal(2, at, v) end
  end
end
