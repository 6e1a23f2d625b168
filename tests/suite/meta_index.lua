-- __index and __newindex: chains, functions, rawget/rawset, caching hazards.
local base = { kind = "base", shared = 1 }
local mid = setmetatable({ mid = true }, { __index = base })
local obj = setmetatable({}, { __index = mid })
print(obj.kind, obj.mid, obj.shared, obj.none, rawget(obj, "kind"))
base.kind = "changed"
mid.shared = 2
print(obj.kind, obj.shared)
obj.kind = "own"
print(obj.kind, base.kind, rawget(obj, "kind"))
obj.kind = nil
print(obj.kind)

-- a function at the end of the chain receives the table that lacked the key
local seen
base = setmetatable(base, { __index = function(t, k) seen = t return "fn:" .. tostring(k) end })
print(obj.zip, seen == base, obj[1], obj[true], obj[1.5])

-- __newindex: table target, function, chains
local store = {}
local w = setmetatable({ present = 0 }, { __newindex = store })
w.present, w.absent = 1, 2
print(rawget(w, "present"), rawget(w, "absent"), store.absent)
local log = {}
local ww = setmetatable({}, { __newindex = setmetatable({}, { __newindex = function(t, k, v) log[#log + 1] = k .. "=" .. tostring(v) rawset(t, k, v) end }) })
ww.a = 1
ww.a = 2
ww[10] = nil
print(table.concat(log, " "), rawget(ww, "a"))

-- default values and read-only tables
local function defaults(d) return setmetatable({}, { __index = function() return d end }) end
local d = defaults(0)
for _, ch in ipairs { "a", "b", "a", "c", "a" } do d[ch] = d[ch] + 1 end
print(d.a, d.b, d.c, d.z)
local function readonly(t) return setmetatable({}, { __index = t, __newindex = function(_, k) error("read-only field " .. tostring(k), 2) end, __len = function() return #t end }) end
local ro = readonly { 10, 20, x = 1 }
print(ro[1], ro.x, #ro, pcall(function() ro.x = 5 end))
print(pcall(function() ro[3] = 5 end))

-- indexing things that are not tables
print(("abc").len == string.len, ("abc"):upper(), pcall(function() return (nil).x end))
print(pcall(function() local n = 5 return n.x.y end))
print(pcall(function() local n = 5 n.x = 1 end))
debug.setmetatable(nil, { __index = function(_, k) return "nil." .. k end })
print((nil).foo, undefinedglobal.bar)
debug.setmetatable(nil, nil)

-- loops in the chain are an error, for reads and writes
local a, b = {}, {}
setmetatable(a, { __index = b, __newindex = b })
setmetatable(b, { __index = a, __newindex = a })
print(pcall(function() return a.x end))
print(pcall(function() a.x = 1 end))

-- a key present but in the array part, negative, float
local arr = setmetatable({ 1, 2, 3 }, { __index = function(_, k) return -k end })
print(arr[1], arr[3], arr[4], arr[0], arr[-1], arr[2.0], arr[2.5])
arr[2] = nil
print(arr[2], #arr >= 1)

-- self-caching __index
local calls = 0
local squares = setmetatable({}, { __index = function(t, k) calls = calls + 1 local v = k * k t[k] = v return v end })
local s = 0
for r = 1, 3 do for i = 1, 500 do s = s + squares[i] end end
print(s, calls)

-- hot: lookups through a prototype whose layout changes midway
local proto = { val = 1 }
local inst = setmetatable({}, { __index = proto })
local total = 0
for i = 1, 6000 do
  if i == 1000 then proto.val = 2 end
  if i == 2000 then inst.val = 3 end
  if i == 3000 then inst.val = nil end
  if i == 4000 then getmetatable(inst).__index = function() return 0.5 end end
  if i == 5000 then setmetatable(inst, { __index = { val = 10 } }) end
  total = total + inst.val
end
print(total)
-- hot: stores that start to hit __newindex
local target, count = {}, 0
for i = 1, 3000 do
  if i == 1500 then setmetatable(target, { __newindex = function(t, k, v) count = count + 1 rawset(t, k, v * 2) end }) end
  target[i] = i
  if i == 2500 then setmetatable(target, nil) end
end
print(count, target[1499], target[1500], target[2500], target[2501], #target)
