--# needs: clock
-- Reads the pods' reports of the last ten seconds.
--
-- KEYS     the list, the reports
-- Reply    pod, report, … Each report begins with its time in 8 bytes.
-- Cost     10 µs, and 1 µs for each pod (ScriptCosts)

local FRESH = 10 * 1000000
local now = server_micros()
local fresh = {}
local reports = redis.call('HGETALL', KEYS[2])
for i = 1, #reports, 2 do
  if now - struct.unpack('>I8', reports[i + 1]) <= FRESH then
    fresh[#fresh + 1] = reports[i]
    fresh[#fresh + 1] = reports[i + 1]
  end
end
return fresh
