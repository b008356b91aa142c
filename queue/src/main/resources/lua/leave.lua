--# needs: begin, journal
-- Gives places up.
--
-- KEYS     a room's, see line.lua
-- ARGV[3]  tickets, 8 bytes each, at most 256
-- Reply    status, time, answers (a byte each: 1 the ticket had a place, which is now given up; 0 it had none)
-- Cost     2 µs for each ticket (ScriptCosts)

local tickets = unpack_tickets(ARGV[3])
-- Note a ticket of a newer line as gone, or its next poll would restore it.
local refusal = refuse() or catch_up(tickets) or refuse_lost(watch(tickets))
if refusal then
  return refusal
end
local answers, gone = {}, {}
for i, ticket in ipairs(tickets) do
  local alive, asleep = get_bit(key.alive, ticket) == 1, get_bit(key.asleep, ticket) == 1
  if alive then
    put_bit(key.alive, ticket, 0)
    add('waiting', -1)
  end
  if asleep then
    put_bit(key.asleep, ticket, 0)
  end
  mark_departed(ticket)
  if alive or asleep then
    add('left', 1)
    gone[#gone + 1] = ticket
  end
  answers[i] = (alive or asleep) and '1' or '0'
end
if #gone > 0 then
  journal_tickets('L', gone)
  trim_journal()
end
save()
return { DONE, now, table.concat(answers) }
