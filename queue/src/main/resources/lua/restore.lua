--# needs: begin, journal, granted, turns
-- Says where tickets stand that a gateway's copy does not contain, and puts back those that Redis lost. Their signatures prove the places.
--
-- KEYS     a room's, see line.lua
-- ARGV[3]  tickets, 8 bytes each, at most 256
-- Reply    status, time, answers (a byte each: W waits, S asleep, G admitted, X gone, N not known before the line has recovered,
--          U issued by another line, ask again), times of the admitted tickets (8 bytes each, in order, ms)
-- Cost     4 µs for a ticket that is put back, otherwise 1 µs; 15 µs for each segment that is created (ScriptCosts)

local tickets = unpack_tickets(ARGV[3])
local refusal = refuse() or catch_up(tickets) or refuse_lost(watch(tickets), state.generation, state.generation)
if refusal then
  return refusal
end
local answers, times, back = {}, {}, {}
local seen = seen_prefix(state.generation)

--- The visitor of a ticket whose turn has come is here: the turn does not end before their gateway's next tick can say so.
local function note_asked(ticket)
  if ticket < state.horizon then
    set('asked', min(lowest_asked(), ticket))
    set('asked_at', now)
  end
end

local function put_back(ticket)
  make_segment(floor(ticket / SEGMENT))
  put_bit(key.alive, ticket, 1)
  put_bit(seen, ticket, 1)
  add('waiting', 1)
  back[#back + 1] = ticket
  return 'W'
end

local function restore(ticket)
  if get_bit(key.alive, ticket) == 1 then
    note_asked(ticket)
    return 'W'
  elseif get_bit(key.asleep, ticket) == 1 then
    note_asked(ticket)
    return 'S'
  end
  local at = granted_at(ticket)
  if at then
    times[#times + 1] = struct.pack('>I8', at)
    return 'G'
  end
  if is_beyond(ticket) then
    return 'U'
  end
  if #lost_pages > 0 then
    return 'N' -- the page may have said that the ticket was admitted
  end
  return is_lost(ticket) and put_back(ticket) or is_recovering() and 'N' or 'X'
end

for i, ticket in ipairs(tickets) do
  answers[i] = restore(ticket)
end
if #back > 0 then
  prolong_losses(back)
  journal_tickets('R', back)
  trim_journal()
end
if mend_pages() then
  save()
  return { STALE_EPOCH, now, state.epoch }
end
save()
return { DONE, now, table.concat(answers), table.concat(times) }
