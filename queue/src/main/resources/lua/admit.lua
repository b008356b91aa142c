--# needs: clock, history, line, bucket, begin, pages, granted
-- Admits those whose turn has come, lowest ticket first, as far as there are tokens.
--
-- ARGV[3]  tickets, ascending, 8 bytes each, at most 256
-- Reply    status, time, answers (a byte each: G granted, N not yet, E bucket empty, X gone, U unknown), times of the granted (8 bytes
--          each, in order, ms), when the next token comes (µs), whether the line recovers (0, 1)
-- While the line recovers nobody is told that they are gone: a copy that comes in yet may know better.
--
-- Cost     1.5 µs for a ticket that is refused, 3 µs for one that is granted.

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
  admitted[#admitted + 1] = ticket
  times[#times + 1] = struct.pack('>I8', now_millis)
  return 'G'
end

local function admit(ticket)
  local alive = get_bit(key.alive, ticket) == 1
  local waits = alive or get_bit(key.asleep, ticket) == 1
  if not waits or losing and in_open_loss(ticket) then
    local at = granted_at(ticket)
    if at and alive then -- put back by a copy that was older than the grant
      put_bit(key.alive, ticket, 0)
      add('waiting', -1)
      journal('G' .. struct.pack('>I8', at) .. struct.pack('>I8', ticket))
    end
    if at then
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
  if take_token() then
    return grant(ticket, alive)
  end
  return 'E'
end

for i, ticket in ipairs(tickets) do
  answers[i] = admit(ticket)
end
if #admitted > 0 then
  save_pages()
  journal('G' .. struct.pack('>I8', now_millis) .. pack_tickets(admitted))
  trim_journal()
end
recovering = mend_pages() or recovering
save()
return { DONE, now, table.concat(answers), table.concat(times), next_token(), recovering and 1 or 0 }
