--# needs: clock
-- Keeps a pod's report with the server's time, and forgets pods that are silent for 60 s.
--
-- KEYS     the list, the reports
-- ARGV[1]  the pod
-- ARGV[2]  its report; empty takes it back
-- Reply    time (µs)
-- Cost     15 µs, and 1 µs for each pod (ScriptCosts)

if redis.replicate_commands then
  redis.replicate_commands()
end
local FORGOTTEN = 60 * 1000000
local now = server_micros()
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[2], ARGV[1])
  return { now }
end
redis.call('HSET', KEYS[2], ARGV[1], struct.pack('>I8', now) .. ARGV[2])
local reports = redis.call('HGETALL', KEYS[2])
for i = 1, #reports, 2 do
  if now - struct.unpack('>I8', reports[i + 1]) > FORGOTTEN then
    redis.call('HDEL', KEYS[2], reports[i])
  end
end
return { now }
