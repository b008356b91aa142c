--# needs: line
-- Moves a place to another device. Devices are numbered by the time of the move, so that the last one has the highest number. Needs no line.
--
-- KEYS     a room's, see line.lua
-- ARGV[2]  the deadline in µs of this clock
-- ARGV[3]  the ticket
-- ARGV[4]  the highest number of a device that the place may be taken from
-- ARGV[5]  the highest number of a device that the caller knows
-- Reply    status, time, the number of the new device, or 0 if a device above ARGV[4] has the place
-- Cost     10 µs (ScriptCosts)

if now > tonumber(ARGV[2]) then
  return { LATE, now }
end
if not has_policy then
  return { NO_POLICY, now } -- the room is being removed, and its keys must not come back
end
local ticket, now_millis = ARGV[3], floor(now / 1000)
if tonumber(redis.call('ZSCORE', key.devices, ticket) or 0) > tonumber(ARGV[4]) then
  return { DONE, now, 0 }
end
local last = redis.call('ZRANGE', key.devices, -1, -1, 'WITHSCORES')
local device = max(now_millis, tonumber(last[2] or 0) + 1, tonumber(ARGV[5]) + 1)
redis.call('ZADD', key.devices, text(device), ticket)
redis.call('ZREMRANGEBYSCORE', key.devices, '-inf', text(now_millis - DEVICES_KEPT_MILLIS))
redis.call('PEXPIRE', key.devices, DEVICES_KEPT_MILLIS)
return { DONE, now, device }
