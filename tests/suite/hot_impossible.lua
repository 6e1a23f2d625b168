-- Branches that the type of an argument excludes, in functions compiled for that type. The functions are long, because long ones are compiled in another way.

-- Many instructions with known types.
local function work(n)
  local out = {}
  for i = 1, n do
    out[i] = ("a = (a * %d + b) %% 1009 b = (b + a * %d) %% 997 c = c + a - b"):format(i + 2, i * 3 + 1)
  end
  return table.concat(out, "\n")
end

local function make(branches)
  local text = ([[
    return function(v, w)
      local a, b, c = 1, 2, 3
      local kind = type(v)
      %s
      %s
      return c, a, b
    end]]):format(branches, work(60))
  return assert(load(text, "=long"))()
end

-- One of each type, and a long string.
local values = { 1.5, 7, "seven", true, {1, 2, 3}, print, coroutine.create(print), (("x"):rep(50)) }

local function try(name, branches)
  for _, usual in ipairs(values) do
    -- One type comes for long, then every other.
    local f = make(branches)
    local last
    for _ = 1, 60 do last = table.pack(pcall(f, usual, 2)) end
    print(name, type(usual), last.n, last[1], last[2])
    for _ = 1, 3 do
      for i = 1, #values do
        local good, what = pcall(f, values[i], 2)
        print("", type(values[i]), good, good and math.type(what) or what)
      end
    end
  end
end

try("length", [[
  if kind == "string" then c = c + #v elseif kind == "table" then c = c + #v * 2 end]])
try("methods", [[
  if kind == "string" then c = c + v:len() + v:byte(1) + #v:sub(1, 1) end]])
try("library", [[
  if kind == "string" then c = c + string.byte(v, -1) + string.len(v)
  elseif math.type(v) == "float" then c = c + math.floor(v) + math.sqrt(v) + math.max(v, 2)
  elseif math.type(v) == "integer" then c = c + math.abs(v) + math.min(v, 2.5) end]])
try("fields", [[
  if kind == "table" then v[1] = (v[1] + 1) % 10 c = c + v[1] + (v.x or 1) v.y = c % 10 v.y = nil end]])
try("arithmetic", [[
  if kind == "number" then c = c + v * 2 - v / 3 + v // 1 + v % 4 + (v < 3 and 1 or 2) - -v
  elseif kind == "string" and #v > 9 then c = v .. kind .. c c = #c end]])
try("loops", [[
  if kind == "number" then for i = v, v + 3 do c = c + i end
  elseif kind == "table" then for i, x in ipairs(v) do c = c + i * x end for _, x in pairs(v) do c = c + x end end]])
try("calls", [[
  if kind == "function" and v ~= print then v() elseif kind == "boolean" then c = v and 1 or 2 end
  if v == "seven" then c = 7 elseif v == 7 then c = c & 7 | 1 << 3 elseif v == nil then c = 0 end]])
try("errors", [[
  if kind == "thread" then c = #v elseif kind == "boolean" then c = v + 1 elseif kind == "function" then c = v.x end]])
