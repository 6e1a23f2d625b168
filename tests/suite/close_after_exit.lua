-- The process ends out of nested coroutines, and what main's closing handlers do then must not meet them any more: they
-- are collected, and code that native frames rely on changes.

local function disturb()
  for round = 1, 3 do
    collectgarbage()
    local garbage = {}
    for i = 1, 5000 do garbage[i] = { i } end
    for i = 1, 100 do garbage[i] = ("x"):rep(200 + i) end
    local n = 0
    local function get() return n end
    debug.upvaluejoin(get, 1, function() n = n + 0 return n end, 1)
    debug.setupvalue(get, 1, round)
  end
end

local threads = setmetatable({}, { __mode = "k" })
local quit = false
local last <close> = setmetatable({}, { __close = function()
  disturb()
  local n = 0
  for _ in pairs(threads) do n = n + 1 end
  print("closed", n)
  disturb()
end })
local first <close> = setmetatable({}, { __close = function() error "in the handler" end })

local function nested(depth)
  threads[coroutine.running()] = true
  local s = 0
  for i = 1, 100 do
    s = s + i
    if i == 90 then
      if depth > 0 then
        coroutine.wrap(nested)(depth - 1)
      elseif quit then
        os.exit(true, true)
      end
    end
  end
end

for _ = 1, 100 do coroutine.wrap(nested)(2) end
quit = true
coroutine.wrap(nested)(5)
