--# needs: clock
-- Reads the counters of a line. Changes nothing.
--
-- KEYS     a room's, see line.lua; only policy and state are read
-- Reply    nothing if there is no line. Otherwise: generation of the policy (0 for none), epoch, waiting, joined, granted, left, expired,
--          missed, time (µs), the bucket's tat and tat_frac, share of the called who come (millionths), active sessions.
-- Cost     25 µs (ScriptCosts)

local line = redis.call('HMGET', KEYS[2], 'epoch', 'waiting', 'joined', 'granted', 'left', 'expired', 'missed', 'skew', 'clock',
  'tat', 'tat_frac', 'share', 'active')
if not line[1] then
  return {}
end
local reply = { tonumber(redis.call('HGET', KEYS[1], 'generation') or 0) }
for i = 1, 7 do
  reply[#reply + 1] = tonumber(line[i])
end
reply[#reply + 1] = math.max(server_micros() + tonumber(line[8]), tonumber(line[9]))
for i = 10, 13 do
  reply[#reply + 1] = tonumber(line[i] or 0)
end
return reply
