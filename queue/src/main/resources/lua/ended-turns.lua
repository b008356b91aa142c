--# needs: departures, turns
-- Part: turns that are over.

--- Clears the tickets of a segment that are before `ended`.
local function end_turns_in(k, ended)
  local offset = min(SEGMENT, ended - k * SEGMENT)
  local alive, asleep = key.alive .. text(k), key.asleep .. text(k)
  local were_alive, were_asleep = count_before(alive, offset), count_before(asleep, offset)
  if were_alive + were_asleep > 0 then
    put_mask(one, offset)
    redis.call('BITOP', 'OR', two, alive, asleep)
    redis.call('BITOP', 'AND', one, one, two)
    mark_segment_departed(k, one)
    clear_before(alive, offset)
    if were_asleep > 0 then
      clear_before(asleep, offset)
    end
    add('waiting', -were_alive)
    add('missed', were_alive + were_asleep)
    journal_segment(k)
  end
  drop_if_over(k)
end

--- Ends the turns of cohorts that are older than the turn ttl, `step` µs after the last tick. The turns of `kept` and of all later tickets
--- stand still. Works on up to `budget` segments; returns how many are left of it, and whether work is left over.
local function end_turns(kept, step, budget)
  local coarse = load_coarse()
  if keep_turns(coarse, kept, step) then
    save_coarse(coarse)
  end
  local oldest = state.turn_clock - tonumber(policy.turnTtlSeconds) * SECOND
  local over = 0
  while coarse[over + 1] and coarse[over + 1].last <= oldest do
    over = over + 1
  end
  if over == 0 then
    return budget, false
  end
  local ended = coarse[over].stop
  local last = floor((ended - 1) / SEGMENT)
  local found, cut = segments_from(max(0, state.turns_cursor), budget)
  for _, k in ipairs(found) do
    if k > last then
      cut = false
      break
    end
    end_turns_in(k, ended)
    budget = budget - 1
    set('turns_cursor', k + 1)
  end
  if cut then
    return budget, true
  end
  set('turns_cursor', 0)
  for _ = 1, over do
    table.remove(coarse, 1)
  end
  save_coarse(coarse)
  return budget, false
end
