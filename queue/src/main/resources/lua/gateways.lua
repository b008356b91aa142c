--# needs: turns
-- Part: what the gateway processes tell of called visitors, each with its ticks.

local PEER_LIVES = 3 * SECOND
local GATEWAY_LIVES = 60 * SECOND

--- Notes what a process tells: visitors here, entry promises, and the lowest ticket that lacks only a token, as texts.
local function note_gateway(id, here, promised, lowest)
  redis.call('HSET', key.gateways, id, text(now) .. ' ' .. here .. ' ' .. promised .. ' ' .. lowest)
end

--- Sums up what all processes told. Returns visitors here, entry promises, the lowest ticket that lacks only a token (infinite for none), and
--- how many processes ticked lately.
local function sum_gateways()
  local here, promised, lowest, peers = 0, 0, math.huge, 0
  local gateways = redis.call('HGETALL', key.gateways)
  for i = 1, #gateways, 2 do
    local told_at, told_here, told_promised, told_lowest = string.match(gateways[i + 1], '^(%d+) (%d+) (%d+) (%d+)$')
    local age = now - tonumber(told_at)
    if age <= HERE_LIVES then
      here = here + tonumber(told_here)
      promised = promised + tonumber(told_promised)
      if told_lowest ~= '0' then
        lowest = min(lowest, tonumber(told_lowest))
      end
    end
    if age <= PEER_LIVES then
      peers = peers + 1
    elseif age > GATEWAY_LIVES then
      redis.call('HDEL', key.gateways, gateways[i])
    end
  end
  return here, promised, lowest, peers
end
