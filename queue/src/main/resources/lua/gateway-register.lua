-- Puts a room on a gateway's list, unless another room has its event id.
--
-- KEYS[1]  the list
-- ARGV[1]  event id
-- ARGV[2]  namespace/name of the room
-- ARGV[3]  its incarnation
-- Reply    the namespace/name that has the event id now
-- Cost     15 µs (ScriptCosts)

local entry = redis.call('HGET', KEYS[1], ARGV[1])
local holder = entry and string.match(entry, '^%d+ (.*)$')
if holder and holder ~= ARGV[2] then
  return { holder }
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3] .. ' ' .. ARGV[2])
return { ARGV[2] }
