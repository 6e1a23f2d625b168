-- A ring of coroutines which hand a token on: resume and yield between many coroutines.

local yield, resume, create = coroutine.yield, coroutine.resume, coroutine.create

local function member(id)
  return function(token)
    local seen = 0
    while true do
      seen = seen + token % 7 + id % 3
      token = yield(token + 1, seen)
    end
  end
end

local rounds = tonumber(arg and arg[1]) or 10
local size = 503
local ring = {}
for i = 1, size do
  ring[i] = create(member(i))
end
local token, sum = 1, 0
for _ = 1, rounds * 20 do
  for i = 1, size do
    local ok, next_token, seen = resume(ring[i], token)
    assert(ok, next_token)
    token = next_token
    sum = (sum + seen) % 1000003
  end
end
print(string.format("coroutine_ring %d %d", token, sum))
