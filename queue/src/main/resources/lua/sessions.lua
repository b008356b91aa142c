--# needs: begin, granted
-- Renews and ends sessions in a room with `maxActive`. In other rooms it does nothing.
--
-- KEYS     a room's, see line.lua
-- ARGV[3]  tickets whose sessions were used, 8 bytes each, at most 256
-- ARGV[4]  tickets whose sessions end, 8 bytes each, at most 256
-- Reply    status, time, and for each session that was used when it runs out now (8 bytes, ms; 0: it is over); nothing in other rooms
-- Cost     3.5 µs for each session that is renewed or ends (ScriptCosts)

local used, ending = unpack_tickets(ARGV[3]), unpack_tickets(ARGV[4])
local refusal = refuse() or refuse_lost(watch(ending))
if refusal then
  return refusal
end
if not sessions.limit() then
  return { DONE, now, pack_tickets({}) }
end
sessions.look()
local millis = floor(now / 1000)
local over, open = millis + sessions.renewal_millis(), sessions.open()
local ends, renewed, ended = {}, {}, {}

for i, ticket in ipairs(used) do
  local known = tonumber(redis.call('ZSCORE', key.active, text(ticket)) or 0)
  if known >= over then
    ends[i] = known
  elseif known > 0 or open then -- one that Redis does not know may have begun before the set was lost
    ends[i] = over
    renewed[#renewed + 1] = ticket
  else
    ends[i] = 0
  end
end
if #renewed > 0 then
  add('active', sessions.keep(renewed, over))
end
for _, ticket in ipairs(ending) do
  local known = redis.call('ZREM', key.active, text(ticket)) == 1
  local waits = get_bit(key.alive, ticket) == 1 or get_bit(key.asleep, ticket) == 1 -- again, after a loss
  add('active', known and -1 or 0)
  if not waits and (known or open) then
    forget_grant(ticket)
    mark_departed(ticket)
    ended[#ended + 1] = ticket
  end
end
if #ended > 0 then
  save_pages()
  journal('A' .. struct.pack('>I8', 0) .. pack_tickets(ended))
end
trim_journal()
mend_pages()
save()
return { DONE, now, pack_tickets(ends) }
