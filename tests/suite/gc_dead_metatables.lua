-- A metatable that died must not live on in what is remembered of its tables: another one may come to lie where
-- it lay, and inherit from elsewhere.
local first, second = { name = "first" }, { name = "second" }
local function name(object) return object.name end
local function address(t) return ("%p"):format(t) end

-- Enough for a minor collection.
local function churn()
  for i = 1, 60000 do local _ = { i } end
end

-- With few others beside it, the metatable of an object is told by the object's layout.
local function try(collect)
  local wrong, met = 0, 0
  for round = 1, 12 do
    local own, other = first, second
    if round % 2 == 0 then own, other = other, own end
    local place
    do
      local meta = { __index = own }
      local object = setmetatable({}, meta)
      for _ = 1, 10 do
        if name(object) ~= own.name then wrong = wrong + 1 end
      end
      place = address(meta)
    end
    collect()
    for _ = 1, 30000 do
      local meta = { __index = other }
      if address(meta) == place then
        met = met + 1
        local object = setmetatable({}, meta)
        if name(object) ~= other.name then wrong = wrong + 1 end
        break
      end
    end
  end
  return wrong, met
end

for _, mode in ipairs { "incremental", "generational" } do
  collectgarbage(mode)
  for what, collect in pairs { step = function() collectgarbage("step") end, churn = churn } do
    local wrong, met = try(collect)
    if wrong > 0 then print(mode, what, wrong, "wrong of", met) end
  end
end
print("done")
