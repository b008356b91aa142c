--# needs: begin
-- Notes which tickets polled.
--
-- KEYS     a room's, see line.lua
-- ARGV[3]  the generation in which they polled. Only the current one and the two before it count.
-- ARGV[4]  segments, 8 bytes each, at most 16
-- ARGV[5..]  the bits of each segment
-- Reply    status, time
-- Cost     at most 10 µs for each segment (ScriptCosts)

local polled = unpack_tickets(ARGV[4])
local generation = tonumber(ARGV[3])
local refusal = refuse()
local counts = not refusal and generation <= state.generation and generation >= state.generation - 2
refusal = refusal or refuse_lost(polled, generation, counts and generation or 0)
if refusal then
  return refusal
end
local scratch = key.scratch .. '1'
if counts then
  for i, k in ipairs(polled) do
    if has_segment(k) then
      local seen = seen_prefix(generation) .. text(k)
      redis.call('SETRANGE', scratch, SEGMENT_BYTES - 1, '\0')
      redis.call('SETRANGE', scratch, 0, ARGV[4 + i])
      redis.call('BITOP', 'OR', seen, seen, scratch)
      redis.call('DEL', scratch)
    end
  end
end
if next(dirty) then
  save()
end
return { DONE, now }
