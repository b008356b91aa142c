--# needs: bits
-- Part: what Redis lost, and which tickets may come back.

-- The open losses: the numbers [from, to) for which Redis cannot speak, and until when visitors may be on their way (the ttl comes on top).
-- Their tickets come back by a copy or by their visitor, unless they are known to have departed.
local losses
local function open_losses()
  if not losses then
    losses = {}
    for from, to, due in string.gmatch(state.lost or '', '(%d+)-(%d+)@(%d+)') do
      if not has_policy or now <= tonumber(due) + ttl_micros() + LOSS_GRACE then
        losses[#losses + 1] = { tonumber(from), tonumber(to), tonumber(due) }
      end
    end
  end
  return losses
end

local function set_losses(list)
  losses = list
  local packed = {}
  for i, loss in ipairs(list) do
    packed[i] = text(loss[1]) .. '-' .. text(loss[2]) .. '@' .. text(loss[3])
  end
  set('lost', table.concat(packed, ','))
end

-- What was lost, for the gateways' logs: the index of a key in KEYS, or 0 for the line's end after a change of history.
local LOST = { tail = 0, state = 2, turns = 4, pages = 6, alive = 8, asleep = 9, departed = 11, seen = 12, granted = 13, active = 18 }

local function note_loss(cause)
  set('losses', (state.losses or 0) + 1)
  set('lost_key', cause)
end

--- Which key of a segment is gone, nil for none.
local function lost_key(k)
  local name = text(k)
  if redis.call('EXISTS', key.alive .. name) == 0 then
    return LOST.alive
  elseif redis.call('EXISTS', key.asleep .. name) == 0 then
    return LOST.asleep
  elseif #open_losses() > 0 and redis.call('EXISTS', key.departed .. name) == 0 then
    return LOST.departed
  end
  return nil
end

--- Creates the lost beats of these generations again. Nobody is judged by them.
local function mend_seen(k, since, to)
  for generation = max(1, since), to do
    local name = seen_prefix(generation) .. text(k)
    if redis.call('EXISTS', name) == 0 then
      make_whole(name)
      set('generation_full', max(state.generation_full, generation + 1))
      note_loss(LOST.seen)
    end
  end
end

--- Returns the segments that lost a key, and which key. TOUCH instead of EXISTS keeps the keys from eviction by last use.
--- `since`, `to`: generations of beats to check as well.
local function lost_segments(ks, since, to)
  local prefixes, names = { key.alive, key.asleep }, {}
  for generation = max(1, since), to do
    prefixes[#prefixes + 1] = seen_prefix(generation)
  end
  if #open_losses() > 0 then
    prefixes[#prefixes + 1] = key.departed
  end
  local looked = {}
  for _, k in ipairs(ks) do
    if has_segment(k) then
      local name = text(k)
      looked[#looked + 1] = k
      for i = 1, #prefixes do
        names[#names + 1] = prefixes[i] .. name
      end
    end
  end
  local lost, cause = {}, nil
  if #names > 0 and redis.call('TOUCH', unpack(names)) < #names then
    for _, k in ipairs(looked) do
      mend_seen(k, since, to)
      local gone = lost_key(k)
      if gone then
        lost[#lost + 1] = k
        cause = gone
      end
    end
  end
  return lost, cause
end

--- Keeps the losses of these tickets open from now on. Visitors put them back: others may still come, as gateways move to this Redis one by
--- one. This ends, since no ticket is put back twice in one loss.
local function prolong_losses(tickets)
  for _, loss in ipairs(open_losses()) do
    for _, ticket in ipairs(tickets) do
      if loss[1] <= ticket and ticket < loss[2] then
        loss[3] = max(loss[3], now)
        break
      end
    end
  end
  set_losses(open_losses())
end

local function in_open_loss(ticket)
  for _, loss in ipairs(open_losses()) do
    if loss[1] <= ticket and ticket < loss[2] then
      return true
    end
  end
  return false
end

--- Whether Redis lost this number and it may still come back: it is in an open loss, and not known to be gone.
local function is_lost(ticket)
  return in_open_loss(ticket) and get_bit(key.departed, ticket) == 0
end

local whole_segments = {}
--- Whether a ticket that is neither alive nor asleep may be so again, after Redis' losses are put back.
local function may_come_back(ticket)
  local k = floor(ticket / SEGMENT)
  if whole_segments[k] == nil then
    whole_segments[k] = not has_segment(k) or lost_key(k) == nil
  end
  return not whole_segments[k] or is_lost(ticket)
end

--- Notes that a ticket of an open loss is gone.
local function mark_departed(ticket)
  if in_open_loss(ticket) then
    make_segment(floor(ticket / SEGMENT))
    put_bit(key.departed, ticket, 1)
  end
end
