--# needs: clock, history, line, bucket, begin, granted
-- Puts back those whom their own tickets prove: tickets that Redis lost, and those that sleep (their turn came while they were silent).
--
-- ARGV[3]  tickets, 8 bytes each, at most 512
-- Reply    status, time, answers (a byte each: 1 it waits now, 0 it does not)
-- Cost     4 µs for a ticket that is put back, 1 µs otherwise; 4 µs for each segment that has to be made.

local refusal = refuse()
if refusal then
  return refusal
end
local answers, back = {}, {}

local function put_back(ticket)
  make_segment(floor(ticket / SEGMENT))
  put_bit(key.alive, ticket, 1)
  put_bit(seen_prefix(state.generation), ticket, 1)
  add('waiting', 1)
  back[#back + 1] = ticket
  return '1'
end

local function restore(ticket)
  if get_bit(key.alive, ticket) == 1 then
    return '1'
  elseif get_bit(key.asleep, ticket) == 1 then
    put_bit(key.asleep, ticket, 0)
    return put_back(ticket)
  elseif is_lost(ticket) and not granted_at(ticket) then
    return put_back(ticket)
  end
  return '0'
end

for i, ticket in ipairs(unpack_tickets(ARGV[3])) do
  answers[i] = restore(ticket)
end
if #back > 0 then
  journal_tickets('R', back)
  trim_journal()
end
save()
return { DONE, now, table.concat(answers) }
