--# needs: epoch, bucket
-- Part: fences and history, for each script that works on a line.

--- Gives a line without a bucket the policy's: full for a new room, otherwise empty.
local function first_bucket(full)
  local burst = tonumber(policy.burst)
  new_bucket(tonumber(policy.rate), policy.periodSeconds * SECOND, burst, full and burst or 0)
end

--- Begins an epoch if there is no line, if the history is another one, or if the caller knows a later epoch. In the last case this line is
--- an older copy of the caller's. Returns whether there is a line.
local function renew(highest_seen)
  if state.epoch == nil then
    if not has_policy then
      return false
    end
    new_epoch(highest_seen, LOST.state)
    first_bucket(false)
    save()
  elseif state.clear_cursor then
    return false -- the room is being removed
  elseif state.history ~= server_history() or known_epoch() > state.epoch then
    new_epoch(highest_seen, LOST.tail)
    empty_bucket() -- grants may be lost that no gateway knows
    save()
  end
  return true
end

-- Tickets that this line did not issue. A newer line did, and visitors came back to an older copy of it, or to a server that was used beside
-- it for a while. Tickets are signed, so nobody invents numbers.
local MIN_EPOCH_INTERVAL = 10 * SECOND -- else two servers used side by side make each other begin epochs without end

--- Whether another line issued this ticket, after this line's last one.
local function is_beyond(ticket)
  return ticket >= state.next and ticket < (now / SECOND + AHEAD) * NUMBERS_PER_SECOND
end

--- Begins an epoch above tickets of another line, so that they count as lost and are restored. Returns the reply, nil if no epoch began.
local function catch_up(tickets)
  local highest = 0
  for _, ticket in ipairs(tickets) do
    if is_beyond(ticket) then
      highest = max(highest, ticket)
    end
  end
  if highest == 0 or now < state.begun + MIN_EPOCH_INTERVAL then
    return nil
  end
  new_epoch(highest, LOST.tail)
  empty_bucket()
  save()
  return { STALE_EPOCH, now, state.epoch }
end

--- Begins an epoch because keys of these segments are gone: their numbers count as lost. The bucket stays as it was.
local function lose_segments(ks, cause)
  local ranges = {}
  table.sort(ks)
  for _, k in ipairs(ks) do
    local from, to = k * SEGMENT, min((k + 1) * SEGMENT, state.next)
    if from < to then
      ranges[#ranges + 1] = { from, to }
    end
    make_whole(key.alive .. text(k))
    make_whole(key.asleep .. text(k))
  end
  new_epoch(0, cause, ranges)
  local waiting = 0
  for _, k in ipairs((segments_from(0, math.huge))) do
    waiting = waiting + redis.call('BITCOUNT', key.alive .. text(k))
  end
  set('waiting', waiting)
  save()
end

--- Like `refuse`, before a script works on these segments: if one lost a key, a new epoch begins. `since`, `to`: see lost_segments.
--- Costs 5 µs, and 0.5 µs for each segment.
local function refuse_lost(ks, since, to)
  local lost, cause = lost_segments(ks, since or 1, to or 0)
  if #lost == 0 then
    return nil
  end
  lose_segments(lost, cause)
  return { STALE_EPOCH, now, state.epoch }
end

--- Returns the reply that refuses a call, nil if the script may do its work.
local function refuse(highest_seen, without_policy)
  if now > tonumber(ARGV[2]) then
    return { LATE, now }
  end
  if not renew(highest_seen or 0) then
    return { NO_POLICY, now }
  end
  if tonumber(ARGV[1]) ~= state.epoch then
    return { STALE_EPOCH, now, state.epoch }
  end
  if not has_policy and not without_policy then
    return { NO_POLICY, now }
  end
  return nil
end
