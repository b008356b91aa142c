--# needs: departures, epoch
-- Part: silent visitors. The sweep after a generation looks for tickets unseen in it, in the one before and in the current one.

--- Removes the silent tickets of a segment. Called ones fall asleep. `judge`: whether beats of all three generations are complete.
local function sweep_segment(k, judge)
  local name = text(k)
  local alive, asleep = key.alive .. name, key.asleep .. name
  make_whole(seen_prefix(state.generation + 1) .. name)
  if judge and redis.call('EXISTS', seen_prefix(state.sweep - 1) .. name, seen_prefix(state.sweep) .. name,
    seen_prefix(state.sweep + 1) .. name) == 3 then
    redis.call('BITOP', 'OR', one, seen_prefix(state.sweep - 1) .. name, seen_prefix(state.sweep) .. name,
      seen_prefix(state.sweep + 1) .. name)
    redis.call('BITOP', 'AND', one, one, alive)
    local silent = redis.call('BITCOUNT', alive) - redis.call('BITCOUNT', one)
    if silent > 0 then
      redis.call('BITOP', 'XOR', one, one, alive) -- silent tickets
      redis.call('BITOP', 'XOR', alive, alive, one)
      put_mask(two, min(SEGMENT, max(0, state.horizon - k * SEGMENT)))
      redis.call('BITOP', 'AND', two, two, one) -- silent tickets that are called
      local called = redis.call('BITCOUNT', two)
      if called > 0 then
        redis.call('BITOP', 'OR', asleep, asleep, two)
      end
      redis.call('BITOP', 'XOR', one, one, two)
      mark_segment_departed(k, one)
      add('waiting', -silent)
      add('expired', silent - called)
      journal_segment(k)
    end
  end
  redis.call('DEL', seen_prefix(state.sweep - 2) .. name)
  if state.lost == '' then
    redis.call('DEL', key.departed .. name)
  end
  drop_if_over(k)
end

--- Sweeps up to `budget` segments. Returns whether work is left over.
local function sweep(budget)
  local judge = state.sweep - 1 >= state.generation_full
  local found, cut = segments_from(state.sweep_cursor, budget)
  for _, k in ipairs(found) do
    sweep_segment(k, judge)
    set('sweep_cursor', k + 1)
  end
  if not cut then
    set('sweep', 0)
  end
  return cut
end

--- Begins the next generation of beats when this one is over, and sweeps up to `budget` segments for the last one. For `outage` µs nobody
--- could poll. Returns whether work is left over.
local function beat_generations(outage, budget)
  local length, slack = generation_micros(ttl_micros())
  if is_recovering() then -- visitors whose places are put back could not poll yet
    set('generation_start', now)
    set('generation_full', max(state.generation_full, state.generation))
    return false
  end
  set('generation_start', state.generation_start + outage)
  if state.sweep == 0 and now >= state.generation_start + state.generation_length then
    set('sweep', state.generation)
    set('sweep_cursor', 0)
    set('generation', state.generation + 1)
    set('generation_start', now)
    set('generation_length', length)
  end
  return state.sweep > 0 and now >= state.generation_start + slack and sweep(budget)
end
