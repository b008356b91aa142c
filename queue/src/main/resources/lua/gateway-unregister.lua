--# needs: constants, clock
-- Takes a room off a gateway's list, if the event id is still its own. Notes for ten minutes that it was deleted, so that gateway pods can
-- distinguish its end from the loss of the list.
--
-- KEYS     the list, the reports, the deleted rooms
-- ARGV[1]  event id
-- ARGV[2]  namespace/name of the room
-- ARGV[3]  its incarnation, used if the list does not have one
-- Reply    1 if the room was on the list, else 0
-- Cost     20 µs, and 1 µs for each room that was deleted lately (ScriptCosts)

if redis.replicate_commands then
  redis.replicate_commands()
end
local KEPT = DELETED_KNOWN_MILLIS

local entry = redis.call('HGET', KEYS[1], ARGV[1])
local incarnation, holder = string.match(entry or '', '^(%d+) (.*)$')
if holder and holder ~= ARGV[2] then
  return { 0 }
end
local now = math.floor(server_micros() / 1000)
local deleted = redis.call('HGETALL', KEYS[3])
for i = 1, #deleted, 2 do
  if now - tonumber(string.match(deleted[i + 1], '^%d+ (%d+) ')) > KEPT then
    redis.call('HDEL', KEYS[3], deleted[i])
  end
end
redis.call('HSET', KEYS[3], ARGV[1], (incarnation or ARGV[3]) .. ' ' .. string.format('%.0f', now) .. ' ' .. ARGV[2])
redis.call('PEXPIRE', KEYS[3], KEPT)
return { redis.call('HDEL', KEYS[1], ARGV[1]) }
