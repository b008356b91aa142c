--# needs: losses, granted
-- Part: the visitor keys, which a tick tidies up.

local WHO_BUCKETS, WHO_ENTRIES = 64, 256 -- limits of one tick

--- Whether a join with the visitor key may still get the ticket, or its admission.
local function still_counts(ticket)
  return get_bit(key.alive, ticket) == 1 or get_bit(key.asleep, ticket) == 1 or may_come_back(ticket) or granted_at(ticket)
    or #lost_pages > 0
end

--- Removes visitor keys whose tickets are gone and whose reservations are over, a slice with each tick.
local function sweep_visitors()
  local held, tickets = {}, {}
  for _ = 1, WHO_BUCKETS do
    if #held >= WHO_ENTRIES or state.keyed <= 0 then
      break
    end
    local bucket = key.who .. text(state.who_cursor)
    local entries = redis.call('HGETALL', bucket)
    for i = 1, #entries, 2 do
      tickets[#tickets + 1] = struct.unpack('>I8', entries[i + 1])
      held[#held + 1] = { bucket, entries[i] }
    end
    set('who_cursor', (state.who_cursor + 1) % VISITOR_BUCKETS)
    if state.who_cursor == 0 then
      break
    end
  end
  watch(tickets)
  for i, ticket in ipairs(tickets) do
    if still_counts(ticket) then
      add('keyed_anew', 1)
    else
      redis.call('HDEL', held[i][1], held[i][2])
      add('keyed', -1)
    end
  end
  if #held > 0 and state.who_cursor == 0 then -- a full round has counted them again, since some may have been lost
    set('keyed', state.keyed_anew or 0)
    set('keyed_anew', 0)
  end
end
