-- A register is dead where a closure is made, but had a function in it in the loop's last round: a collection in
-- between takes the function, and nothing may put it back.
local function rounds()
  local closed, sum = 0, 1.5
  for i = 1, 400 do
    do
      local c <close> = setmetatable({}, { __close = function() closed = closed + 1 end })
      do
        local f
        do
          local own = -0.0
          function f(x) own = own + sum return (x or 0) + own end
        end
      end
    end
  end
  print(closed, sum)
end
rounds()
-- Nothing tells which registers are variables here: what lies above a new table, or above a variable that is closed,
-- is dead all the same.
load(string.dump(rounds, true))()
