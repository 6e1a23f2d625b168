-- A cooperative scheduler: tasks are coroutines with channels between them, which wait, sleep, spawn and end.

local Scheduler = {}
Scheduler.__index = Scheduler

function Scheduler.new()
  return setmetatable({ ready = {}, first = 1, last = 0, sleeping = {}, now = 0, switches = 0 }, Scheduler)
end

function Scheduler:push(task, value)
  self.last = self.last + 1
  self.ready[self.last] = { task, value }
end

function Scheduler:spawn(body, ...)
  local args = { ... }
  self:push(coroutine.create(function()
    return body(self, args[1], args[2], args[3])
  end))
end

function Scheduler:sleep(ticks)
  local at = self.now + ticks
  local list = self.sleeping[at]
  if not list then
    list = {}
    self.sleeping[at] = list
  end
  list[#list + 1] = coroutine.running()
  return coroutine.yield()
end

function Scheduler:run()
  local idle = 0
  while idle < 50 do
    while self.first <= self.last do
      local entry = self.ready[self.first]
      self.ready[self.first] = nil
      self.first = self.first + 1
      self.switches = self.switches + 1
      local ok, message = coroutine.resume(entry[1], entry[2])
      if not ok then
        error(message)
      end
    end
    self.now = self.now + 1
    local woken = self.sleeping[self.now]
    self.sleeping[self.now] = nil
    idle = idle + 1
    for _, task in ipairs(woken or {}) do
      self:push(task)
      idle = 0
    end
  end
end

local Channel = {}
Channel.__index = Channel

function Channel.new(scheduler)
  return setmetatable({ scheduler = scheduler, values = {}, head = 1, tail = 0, readers = {}, next = 1 }, Channel)
end

function Channel:send(value)
  local reader = self.readers[self.next]
  if reader then
    self.readers[self.next] = nil
    self.next = self.next + 1
    self.scheduler:push(reader, value)
  else
    self.tail = self.tail + 1
    self.values[self.tail] = value
  end
end

function Channel:receive()
  if self.head <= self.tail then
    local value = self.values[self.head]
    self.values[self.head] = nil
    self.head = self.head + 1
    return value
  end
  local at = self.next
  while self.readers[at] do
    at = at + 1
  end
  self.readers[at] = coroutine.running()
  return coroutine.yield()
end

local total = 0

local function producer(scheduler, channel, count)
  for i = 1, count do
    channel:send(i)
    if i % 4 == 0 then
      scheduler:sleep(i % 3 + 1)
    end
  end
  channel:send(false)
end

local function worker(_, from, to)
  while true do
    local value = from:receive()
    if not value then
      to:send(false)
      return
    end
    to:send(value * 2 % 97)
  end
end

local function consumer(scheduler, channel)
  while true do
    local value = channel:receive()
    if not value then
      return
    end
    total = (total * 3 + value) % 1000003
    if value % 16 == 0 then
      scheduler:spawn(function(_, seed)
        total = (total + seed) % 1000003
      end, value)
    end
  end
end

local rounds = tonumber(arg and arg[1]) or 10
local switches = 0
for _ = 1, rounds do
  local scheduler = Scheduler.new()
  for _ = 1, 10 do
    local first, second = Channel.new(scheduler), Channel.new(scheduler)
    scheduler:spawn(producer, first, 200)
    scheduler:spawn(worker, first, second)
    scheduler:spawn(consumer, second)
  end
  scheduler:run()
  switches = switches + scheduler.switches
end
print(string.format("scheduler %d %d", switches, total))
