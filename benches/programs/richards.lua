-- Richards: the kernel of a small operating system. Tasks pass packets to each other under a scheduler with
-- priorities; every kind of task is a class with its own `run`.

local IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = 1, 2, 3, 4, 5, 6
local KIND_DEVICE, KIND_WORK = 1, 2
local DATA_SIZE = 4

local Packet = {}
Packet.__index = Packet

function Packet.new(link, id, kind)
  local data = {}
  for i = 1, DATA_SIZE do
    data[i] = 0
  end
  return setmetatable({ link = link, id = id, kind = kind, datum = 0, data = data }, Packet)
end

-- Appends the packet to a queue and gives the queue's head.
function Packet:append_to(queue)
  self.link = nil
  if not queue then
    return self
  end
  local last = queue
  while last.link do
    last = last.link
  end
  last.link = self
  return queue
end

local Task = {}
Task.__index = Task

local Scheduler = {}
Scheduler.__index = Scheduler

function Scheduler.new()
  return setmetatable({ queued = 0, held = 0, list = nil, current = nil, current_id = nil, blocks = {} }, Scheduler)
end

local function new_task(class, scheduler, id, priority, queue, fields)
  local task = fields
  task.link = scheduler.list
  task.id = id
  task.priority = priority
  task.queue = queue
  task.scheduler = scheduler
  task.pending = queue ~= nil
  task.waiting = queue ~= nil or class.starts_waiting or false
  task.holding = false
  scheduler.list = task
  scheduler.blocks[id] = task
  return setmetatable(task, class)
end

function Task:is_held_or_suspended()
  return self.holding or (self.waiting and not self.pending)
end

-- Puts a packet into this task's queue; gives the task which shall run next.
function Task:check_priority(from, packet)
  if not self.queue then
    self.queue = packet
    self.pending = true
    packet.link = nil
    if self.priority > from.priority then
      return self
    end
  else
    self.queue = packet:append_to(self.queue)
  end
  return from
end

function Task:step()
  local packet
  if self.pending and self.waiting and not self.holding then
    packet = self.queue
    self.queue = packet.link
    self.pending = self.queue ~= nil
    self.waiting = false
  end
  return self:run(packet)
end

function Scheduler:schedule()
  self.current = self.list
  while self.current do
    local task = self.current
    if task:is_held_or_suspended() then
      self.current = task.link
    else
      self.current_id = task.id
      self.current = task:step()
    end
  end
end

function Scheduler:hold_current()
  self.held = self.held + 1
  self.current.holding = true
  return self.current.link
end

function Scheduler:suspend_current()
  self.current.waiting = true
  return self.current
end

function Scheduler:release(id)
  local task = self.blocks[id]
  if not task then
    return nil
  end
  task.holding = false
  if task.priority > self.current.priority then
    return task
  end
  return self.current
end

function Scheduler:queue_packet(packet)
  local task = self.blocks[packet.id]
  if not task then
    return nil
  end
  self.queued = self.queued + 1
  packet.link = nil
  packet.id = self.current_id
  return task:check_priority(self.current, packet)
end

local function subclass()
  local class = setmetatable({}, { __index = Task })
  class.__index = class
  return class
end

local Idle = subclass()

function Idle:run()
  self.count = self.count - 1
  if self.count == 0 then
    return self.scheduler:hold_current()
  end
  -- A shift register of 16 bits decides which device runs.
  if self.seed % 2 == 0 then
    self.seed = self.seed / 2
    return self.scheduler:release(DEVICE_A)
  end
  local seed = (self.seed - 1) / 2
  -- Exclusive or with 0xD008, bit by bit arithmetic: the register never has bit 15 set after the shift.
  local result, bit, mask = 0, 1, 53256
  for _ = 1, 16 do
    local a, b = seed % 2, mask % 2
    if a ~= b then
      result = result + bit
    end
    seed = (seed - a) / 2
    mask = (mask - b) / 2
    bit = bit * 2
  end
  self.seed = result
  return self.scheduler:release(DEVICE_B)
end

local Worker = subclass()
Worker.starts_waiting = true

function Worker:run(packet)
  if not packet then
    return self.scheduler:suspend_current()
  end
  if self.destination == HANDLER_A then
    self.destination = HANDLER_B
  else
    self.destination = HANDLER_A
  end
  packet.id = self.destination
  packet.datum = 0
  for i = 1, DATA_SIZE do
    self.counter = self.counter + 1
    if self.counter > 26 then
      self.counter = 1
    end
    packet.data[i] = 64 + self.counter
  end
  return self.scheduler:queue_packet(packet)
end

local Handler = subclass()
Handler.starts_waiting = true

function Handler:run(packet)
  if packet then
    if packet.kind == KIND_WORK then
      self.work = packet:append_to(self.work)
    else
      self.devices = packet:append_to(self.devices)
    end
  end
  local work = self.work
  if work then
    local count = work.datum
    if count >= DATA_SIZE then
      self.work = work.link
      return self.scheduler:queue_packet(work)
    elseif self.devices then
      local device = self.devices
      self.devices = device.link
      device.datum = work.data[count + 1]
      work.datum = count + 1
      return self.scheduler:queue_packet(device)
    end
  end
  return self.scheduler:suspend_current()
end

local Device = subclass()
Device.starts_waiting = true

function Device:run(packet)
  if not packet then
    if not self.stored then
      return self.scheduler:suspend_current()
    end
    local stored = self.stored
    self.stored = nil
    return self.scheduler:queue_packet(stored)
  end
  self.stored = packet
  return self.scheduler:hold_current()
end

local function run()
  local scheduler = Scheduler.new()
  new_task(Idle, scheduler, IDLE, 0, nil, { seed = 1, count = 10000 })
  local queue = Packet.new(nil, WORKER, KIND_WORK)
  queue = Packet.new(queue, WORKER, KIND_WORK)
  new_task(Worker, scheduler, WORKER, 1000, queue, { destination = HANDLER_A, counter = 0 })
  for _, pair in ipairs({ { HANDLER_A, DEVICE_A, 2000 }, { HANDLER_B, DEVICE_B, 3000 } }) do
    queue = Packet.new(nil, pair[2], KIND_DEVICE)
    queue = Packet.new(queue, pair[2], KIND_DEVICE)
    queue = Packet.new(queue, pair[2], KIND_DEVICE)
    new_task(Handler, scheduler, pair[1], pair[3], queue, {})
  end
  new_task(Device, scheduler, DEVICE_A, 4000, nil, {})
  new_task(Device, scheduler, DEVICE_B, 5000, nil, {})
  scheduler:schedule()
  return scheduler.queued, scheduler.held
end

local rounds = tonumber(arg and arg[1]) or 10
local queued, held = 0, 0
for _ = 1, rounds do
  local q, h = run()
  queued = queued + q
  held = held + h
end
print(string.format("richards %d %d", queued / rounds, held / rounds))
