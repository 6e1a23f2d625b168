-- Havlak's recognition of loops in control-flow graphs, reducible or not: depth-first numbering, sets of blocks and
-- union-find over a graph of many nested loops.

local BasicBlock = {}
BasicBlock.__index = BasicBlock

function BasicBlock.new(name)
  return setmetatable({ name = name, ins = {}, outs = {} }, BasicBlock)
end

local Graph = {}
Graph.__index = Graph

function Graph.new()
  return setmetatable({ blocks = {}, count = 0, edges = 0, start = nil }, Graph)
end

function Graph:block(name)
  local block = self.blocks[name]
  if not block then
    block = BasicBlock.new(name)
    self.blocks[name] = block
    self.count = self.count + 1
    if not self.start then
      self.start = block
    end
  end
  return block
end

function Graph:edge(from, to)
  local a, b = self:block(from), self:block(to)
  a.outs[#a.outs + 1] = b
  b.ins[#b.ins + 1] = a
  self.edges = self.edges + 1
end

local Loop = {}
Loop.__index = Loop

function Loop.new(header, reducible)
  return setmetatable({
    header = header,
    reducible = reducible,
    parent = nil,
    root = false,
    nesting = 0,
    depth = 0,
    id = 0,
    blocks = {},
    children = {},
  }, Loop)
end

function Loop:add_block(block)
  self.blocks[#self.blocks + 1] = block
end

function Loop:set_parent(parent)
  self.parent = parent
  parent.children[#parent.children + 1] = self
end

local LoopGraph = {}
LoopGraph.__index = LoopGraph

function LoopGraph.new()
  local root = Loop.new(nil, true)
  root.root = true
  return setmetatable({ root = root, loops = { root }, ids = 0 }, LoopGraph)
end

function LoopGraph:new_loop(header, reducible)
  local loop = Loop.new(header, reducible)
  self.ids = self.ids + 1
  loop.id = self.ids
  self.loops[#self.loops + 1] = loop
  if header then
    loop:add_block(header)
  end
  return loop
end

local function set_nesting(loop, depth)
  loop.depth = depth
  for _, child in ipairs(loop.children) do
    set_nesting(child, depth + 1)
    loop.nesting = math.max(loop.nesting, 1 + child.nesting)
  end
end

function LoopGraph:finish()
  for _, loop in ipairs(self.loops) do
    if not loop.root and not loop.parent then
      loop:set_parent(self.root)
    end
  end
  set_nesting(self.root, 0)
end

local Node = {}
Node.__index = Node

function Node.new(block, number)
  local self = setmetatable({ parent = nil, block = block, loop = nil, number = number }, Node)
  self.parent = self
  return self
end

-- The set's representative, with the path to it shortened.
function Node:find()
  local path = {}
  local node = self
  while node ~= node.parent do
    if node.parent ~= node.parent.parent then
      path[#path + 1] = node
    end
    node = node.parent
  end
  for i = 1, #path do
    path[i].parent = node.parent
  end
  return node
end

local NON_HEADER, REDUCIBLE, SELF, IRREDUCIBLE = 1, 2, 3, 4

local Finder = {}
Finder.__index = Finder

function Finder.new(graph, loops)
  return setmetatable({ graph = graph, loops = loops }, Finder)
end

function Finder:number_blocks(nodes, last)
  local numbers, current = {}, 0
  local function visit(block)
    current = current + 1
    nodes[current] = Node.new(block, current)
    local mine = current
    numbers[block] = mine
    for _, target in ipairs(block.outs) do
      if not numbers[target] then
        visit(target)
      end
    end
    last[mine] = current
  end
  visit(self.graph.start)
  return numbers, current
end

local function is_ancestor(w, v, last)
  return w <= v and v <= last[w]
end

function Finder:classify_edges(w, numbers, back, others, last, types, header, nodes)
  local block = nodes[w].block
  for _, source in ipairs(block.ins) do
    local v = numbers[source]
    if v then
      if is_ancestor(w, v, last) then
        back[w][#back[w] + 1] = v
      else
        others[w][v] = true
      end
    end
  end
  types[w] = NON_HEADER
  header[w] = 1
end

function Finder:find_loops()
  local nodes, last = {}, {}
  local numbers, size = self:number_blocks(nodes, last)
  local types, header, back, others = {}, {}, {}, {}
  for w = 1, size do
    back[w], others[w] = {}, {}
    self:classify_edges(w, numbers, back, others, last, types, header, nodes)
  end

  for w = size, 1, -1 do
    local pool, in_pool = {}, {}
    local block = nodes[w].block
    for _, v in ipairs(back[w]) do
      if v ~= w then
        local node = nodes[v]:find()
        pool[#pool + 1] = node
        in_pool[node] = true
      else
        types[w] = SELF
      end
    end
    local work = {}
    for i = 1, #pool do
      work[i] = pool[i]
    end
    if #pool > 0 then
      types[w] = REDUCIBLE
    end
    local at = 1
    while work[at] do
      local x = work[at]
      at = at + 1
      local more = {}
      for y in pairs(others[x.number]) do
        more[#more + 1] = y
      end
      table.sort(more)
      for _, y in ipairs(more) do
        local node = nodes[y]:find()
        if not is_ancestor(w, node.number, last) then
          types[w] = IRREDUCIBLE
          others[w][node.number] = true
        elseif node.number ~= w and not in_pool[node] then
          work[#work + 1] = node
          pool[#pool + 1] = node
          in_pool[node] = true
        end
      end
    end
    if #pool > 0 or types[w] == SELF then
      local loop = self.loops:new_loop(block, types[w] ~= IRREDUCIBLE)
      nodes[w].loop = loop
      for _, node in ipairs(pool) do
        header[node.number] = w
        node.parent = nodes[w]
        if node.loop then
          node.loop:set_parent(loop)
        else
          loop:add_block(node.block)
        end
      end
    end
  end
  return size
end

local function diamond(graph, start)
  graph:edge(start, start + 1)
  graph:edge(start, start + 2)
  graph:edge(start + 1, start + 3)
  graph:edge(start + 2, start + 3)
  return start + 3
end

local function straight(graph, start, n)
  for i = 0, n - 1 do
    graph:edge(start + i, start + i + 1)
  end
  return start + n
end

local function base_loop(graph, from)
  local head = straight(graph, from, 1)
  local first = diamond(graph, head)
  local second = straight(graph, first, 1)
  local third = diamond(graph, second)
  local last = straight(graph, third, 1)
  graph:edge(third, second)
  graph:edge(last, head)
  return straight(graph, last, 1)
end

local function build(outer, middle, inner)
  local graph = Graph.new()
  graph:edge(0, 1)
  graph:edge(0, 2)
  local n = 2
  for _ = 1, outer do
    graph:edge(2, n + 1)
    n = n + 1
    for _ = 1, middle do
      local top = n
      n = straight(graph, n, 1)
      for _ = 1, inner do
        n = base_loop(graph, n)
      end
      local bottom = straight(graph, n, 1)
      graph:edge(n, top)
      n = bottom
    end
    graph:edge(n, 1)
  end
  return graph
end

local rounds = tonumber(arg and arg[1]) or 10
local graph = build(3, 6, 4)
local loops_found, deepest, blocks = 0, 0, 0
for _ = 1, rounds do
  local loops = LoopGraph.new()
  blocks = Finder.new(graph, loops):find_loops()
  loops:finish()
  loops_found = #loops.loops
  deepest = loops.root.nesting
end
print(string.format("havlak %d blocks %d edges %d loops %d deep", blocks, graph.edges, loops_found, deepest))
