-- Takes a room off a fleet's list, if the event id is still its own.
--
-- KEYS     the list
-- ARGV[1]  event id; ARGV[2] namespace/name
-- Reply    1 where it was there
-- Cost     2 µs.

local entry = redis.call('HGET', KEYS[1], ARGV[1])
if entry and string.match(entry, '^%d+ (.*)$') == ARGV[2] then
  return { redis.call('HDEL', KEYS[1], ARGV[1]) }
end
return { 0 }
