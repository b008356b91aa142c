-- Part: fences and history, for every script that works on a line.

--- Makes the policy's bucket that of a line which has none yet: full for a new room, otherwise empty.
local function first_bucket(full)
  local burst = tonumber(policy.burst)
  new_bucket(tonumber(policy.rate), policy.periodSeconds * SECOND, burst, full and burst or 0)
end

--- Begins an epoch where there is no line, where another history has it now, or where the caller knows a later epoch: this line is then an
--- older copy of the one that the caller used. Whether there is a line.
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
    empty_bucket() -- grants may have been lost that no gateway tells of
    save()
  end
  return true
end

-- Tickets that this line did not issue: a newer line did, and visitors came back from there to an older copy of it, or to a server that was
-- used beside it for a while. Tickets are signed, so nobody makes numbers up.
local MIN_EPOCH_INTERVAL = 10 * SECOND -- two servers used side by side would make each other begin epochs without end

--- Whether another line issued this ticket, after the last one of this line.
local function is_beyond(ticket)
  return ticket >= state.next and ticket < (now / SECOND + AHEAD) * NUMBERS_PER_SECOND
end

--- Begins an epoch behind tickets from beyond, so that they count as lost and are restored. The reply, nil where no epoch began.
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

--- Begins an epoch because keys of these segments are gone: of their numbers Redis cannot speak any more. The bucket is as it was.
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

--- The same as `refuse`, for a script that works on these segments, before it does: one that lost a key begins a new epoch.
--- Costs 5 µs, and 0.5 µs for each segment.
local function refuse_lost(ks, since, to)
  local lost, cause = lost_segments(ks, since or 1, to or 0)
  if #lost == 0 then
    return nil
  end
  lose_segments(lost, cause)
  return { STALE_EPOCH, now, state.epoch }
end

--- Nil where the script is to do its work, otherwise the reply that refuses it.
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
