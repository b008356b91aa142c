-- Part: fences and history, for every script that works on a line.

--- Makes the policy's bucket that of a line which has none yet: full for a new room, otherwise empty.
local function first_bucket(full)
  local burst = tonumber(policy.burst)
  new_bucket(tonumber(policy.rate), policy.periodSeconds * SECOND, burst, full and burst or 0)
end

--- Begins an epoch where there is no line, or where another history has it now. Whether there is a line.
local function renew(highest_seen)
  if state.epoch == nil then
    if not has_policy then
      return false
    end
    new_epoch(highest_seen)
    first_bucket(false)
    save()
  elseif state.history ~= server_history() then
    new_epoch(highest_seen)
    empty_bucket() -- grants may have been lost that no gateway tells of
    save()
  end
  return true
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
