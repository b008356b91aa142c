--# needs: line
-- Reads which places moved to other devices, in the order of the moves. Needs no line.
--
-- KEYS     a room's, see line.lua
-- ARGV[2]  the deadline in µs of this clock
-- ARGV[3]  only devices above this number
-- Reply    status, time, tickets and the devices that have them (8 bytes each, by turns), 1 if there are more
-- Cost     0.5 µs for each place, at most 1024 (ScriptCosts)

if now > tonumber(ARGV[2]) then
  return { LATE, now }
end
local found = redis.call('ZRANGE', key.devices, '(' .. ARGV[3], '+inf', 'BYSCORE', 'LIMIT', 0, SLICE_DEVICES,
  'WITHSCORES')
local numbers = {}
for i, number in ipairs(found) do
  numbers[i] = tonumber(number)
end
return { DONE, now, pack_tickets(numbers), #found == 2 * SLICE_DEVICES and 1 or 0 }
