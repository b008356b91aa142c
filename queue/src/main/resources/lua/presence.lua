--# needs: begin
-- Reads which waiting tickets polled in this generation or the last one. Serves a caller of any epoch, without a deadline.
--
-- KEYS     a room's, see line.lua
-- ARGV[3]  segments, 8 bytes each, at most 16
-- Reply    status, time, and the bits of each segment
-- Cost     at most 10 µs for each segment (ScriptCosts)

if not renew(0) then
  return { NO_POLICY, now }
end
local scratch = key.scratch .. '1'
local reply = { DONE, now }
for i, k in ipairs(unpack_tickets(ARGV[3])) do
  local name = text(k)
  redis.call('BITOP', 'OR', scratch, seen_prefix(state.generation) .. name, seen_prefix(state.generation - 1) .. name)
  redis.call('BITOP', 'AND', scratch, scratch, key.alive .. name)
  reply[2 + i] = redis.call('GETRANGE', scratch, 0, -1)
end
redis.call('DEL', scratch)
return reply
