-- Error values and levels: any value, positions by level, assert, rethrow, error in pcall chains.
local function caught(...) local ok, e = pcall(...) return e end
print(caught(error))
print(caught(error, nil))
print(caught(error, "text"), caught(error, "text", 0), caught(error, "text", 1), caught(error, "text", 2))
print(caught(error, 42), math.type(caught(error, 42)), caught(error, true), type(caught(error, {})), caught(error, print) == print)
local obj = { code = 1 }
print(caught(error, obj) == obj, caught(error, obj, 2) == obj)

-- levels
local function lvl(n) error("L" .. n, n) end
local function call(n) lvl(n) end
local function outer(n)
  call(n)
end
for n = 0, 4 do print(n, caught(outer, n)) end
print(caught(function() error(12, 1) end), caught(function() error("12", 1) end))
print(caught(load("error('in chunk')", "=chunk")), caught(load("error('in chunk', 2)", "@file.lua")))
print(caught(load("\n\nerror 'l3'", "=(name)")), caught(load("local x = nil + 1", "some code\nsecond line")))
print(caught(load("error 'x'", "=" .. ("n"):rep(100))):len(), caught(load("error 'x'", "@" .. ("n"):rep(100))):sub(1, 6))
print(caught(load("error 'x'", ("c"):rep(100))))

-- assert
print(caught(assert, false), caught(assert, nil, "m"), caught(assert, false, obj) == obj, caught(assert, nil, nil))
print(caught(assert), assert(1, 2, 3))
print(select("#", assert(1, nil, nil)), caught(function() assert(1 == 2, "eq " .. 5) end))
print(caught(function() assert(false) end))

-- rethrow keeps the value; nested pcalls unwind one at a time
print(pcall(function()
  local ok, e = pcall(error, obj)
  assert(not ok and e == obj)
  local ok2, e2 = pcall(function() error(e) end)
  assert(e2 == obj)
  obj.code = obj.code + 1
  error("code " .. e2.code, 0)
end))
print(pcall(pcall))
print(pcall(pcall, error))
print(pcall(pcall, error, "e"))
print(select("#", pcall(function() end)), select("#", pcall(function() return nil, nil end)))
print(pcall(function(...) return select("#", ...), ... end, nil, 2, nil))
print(pcall(nil))
print(pcall(5))

-- exceptions as classes
local Err = {}
Err.__index = Err
Err.__tostring = function(e) return "Err<" .. e.kind .. ">" end
local function throw(kind, lvl) error(setmetatable({ kind = kind }, Err), lvl) end
local function try(f, handlers, fin)
  local r = table.pack(pcall(f))
  if not r[1] then
    local e = r[2]
    local h = getmetatable(e) == Err and handlers[e.kind] or handlers.default
    if h then r = table.pack(true, h(e)) end
  end
  if fin then fin() end
  if not r[1] then error(r[2], 0) end
  return table.unpack(r, 2, r.n)
end
local order = {}
print(try(function() throw "io" end, { io = function(e) return "handled", tostring(e) end }, function() order[#order + 1] = "fin" end))
print(pcall(try, function() throw "other" end, { io = print }, function() order[#order + 1] = "fin2" end))
print(try(function() return 1, 2 end, {}), try(function() error "plain" end, { default = function(e) return (e:gsub("^.-:%d+: ", "")) end }))
print(table.concat(order, " "))

-- error inside error handling functions and __tostring of the object (only printing converts it)
print(xpcall(error, function(e) return e, "second is dropped" end, "v"))
print(xpcall(error, function(e) error "again" end, "v"))
print(xpcall(function() local x = nil; x() end, function(e) return type(e) .. ":" .. e end))
print(xpcall(function(...) return ... end, print, 1, 2, 3))
print(pcall(xpcall))
print(pcall(xpcall, print))
print(pcall(xpcall, error, "not a function", "v"))
print(pcall(xpcall, print, nil, "called"))

-- hot: errors of several kinds raised and caught thousands of times
local counts = {}
local function fail(i)
  local m = i % 5
  if m == 0 then error("s", 0) end
  if m == 1 then error(i) end
  if m == 2 then error(obj) end
  if m == 3 then return nil + i end
  return "fine"
end
for i = 1, 5000 do
  local ok, e = pcall(fail, i)
  local key = ok and e or (type(e) == "string" and #e < 3 and e) or type(e)
  counts[key] = (counts[key] or 0) + 1
end
print(counts.s, counts.number, counts.table, counts.string, counts.fine)
-- depth of pcall nesting
local function nest(n) if n == 0 then error("bottom", 0) end local ok, e = pcall(nest, n - 1) error(e .. ".", 0) end
print(#caught(nest, 100))
