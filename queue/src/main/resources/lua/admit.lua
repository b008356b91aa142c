--# needs: begin, journal, granted
-- Admits the tickets whose turn has come, lowest first, as far as there are tokens and places for active sessions. During recovery it never
-- answers that a ticket is gone: a copy that comes in later may know better.
--
-- KEYS     a room's, see line.lua
-- ARGV[3]  tickets, ascending, 8 bytes each, at most 256
-- Reply    status, time, answers (a byte each: G granted, N not yet, E bucket empty, X gone, U unknown), times of the granted tickets
--          (8 bytes each, in order, ms), when to ask again for a token and a place (µs), 1 if the line recovers, else 0
-- Cost     0.7 µs for a ticket that is refused, 4 µs for one that is granted (ScriptCosts)

local tickets = unpack_tickets(ARGV[3])
local refusal = refuse() or refuse_lost(watch(tickets))
if refusal then
  return refusal
end
local now_millis = floor(now / 1000)
local recovering, losing, mode = is_recovering(), #open_losses() > 0, policy.mode
local answers, times, admitted = {}, {}, {}

local function grant(ticket, alive)
  if alive then
    put_bit(key.alive, ticket, 0)
    add('waiting', -1)
  else
    put_bit(key.asleep, ticket, 0)
  end
  stamp_granted(ticket, now_millis)
  mark_departed(ticket)
  add('granted', 1)
  sessions.count(ticket)
  admitted[#admitted + 1] = ticket
  times[#times + 1] = struct.pack('>I8', now_millis)
  return 'G'
end

local function admit(ticket)
  local alive = get_bit(key.alive, ticket) == 1
  local waits = alive or get_bit(key.asleep, ticket) == 1
  if not waits or losing and in_open_loss(ticket) then
    local at = granted_at(ticket)
    if at and alive then -- a copy that was older than the grant put it back
      put_bit(key.alive, ticket, 0)
      add('waiting', -1)
      journal('G' .. struct.pack('>I8', at) .. struct.pack('>I8', ticket))
    end
    if at and not sessions.go_on(ticket, at) then
      return 'X'
    elseif at then
      times[#times + 1] = struct.pack('>I8', at)
      return 'G'
    end
  end
  if not waits then
    return (is_lost(ticket) or is_beyond(ticket)) and 'U' or (recovering or #lost_pages > 0) and 'N' or 'X'
  end
  if recovering or mode == 'Hold' then
    return 'N'
  elseif mode == 'Pass' then
    return grant(ticket, alive)
  elseif ticket >= state.horizon then
    return 'N'
  end
  if sessions.free() > 0 and take_token() then
    return grant(ticket, alive)
  end
  return 'E'
end

for i, ticket in ipairs(tickets) do
  answers[i] = admit(ticket)
end
if #admitted > 0 then
  save_pages()
  sessions.begin()
  journal('G' .. struct.pack('>I8', now_millis) .. pack_tickets(admitted))
  trim_journal()
end
recovering = mend_pages() or recovering
local again = sessions.next_admission(next_token())
save()
return { DONE, now, table.concat(answers), table.concat(times), again, recovering and 1 or 0 }
