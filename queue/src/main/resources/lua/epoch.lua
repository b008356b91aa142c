--# needs: active
-- Part: the beginning of lines and epochs.

--- How long a generation lasts, and how long after its end its last beats may come, µs.
local function generation_micros(ttl)
  local slack = min(5 * SECOND, max(SECOND / 4, ttl / 20))
  return floor((ttl - slack) / 2), slack
end

--- Creates the state of a line without a past.
local function new_state(epoch, first)
  state = {
    epoch = epoch, skew = state.skew or 0, segments = '', lost = '', next = first, base = first, horizon = first,
    sequence = 0, waiting = 0, joined = 0, granted = 0, left = 0, expired = 0, missed = 0, keyed = 0, who_cursor = 0,
    generation = 1, generation_start = now, generation_length = (generation_micros(ttl_micros())), generation_full = 1,
    sweep = 0, sweep_cursor = 0, turn_clock = 0, turns_cursor = 0, called = 0, came = 0, share = 1000000, due = 0, delay = 2, tick = now, more = 0, peers = 0, polls_due = 0,
    begun = now, recovering_until = 0, tat = now, tat_frac = 0,
  }
  for field in pairs(state) do
    dirty[field] = true
  end
end

local AHEAD = 86400 -- s; the clock of another server that had the line may be this far ahead

--- The epoch that the caller knows; 0 for none, or if the number cannot be an epoch.
local function known_epoch()
  local known = tonumber(ARGV[1])
  return known < (now / SECOND + AHEAD) * 1000 and known or 0
end

--- Begins an epoch. New numbers are above all that another history gave out. What is still known is kept.
--- `cause`: see note_loss. `lost`: if only keys were lost, their numbers as ascending ranges; the line's end is known then.
local function new_epoch(highest_seen, cause, lost)
  local first = max(highest_seen + EPOCH_GAP, floor(now / SECOND * NUMBERS_PER_SECOND))
  local epoch = max((state.epoch or 0) + 1, known_epoch() + 1, floor(now / 1000))
  redis.call('DEL', key.changes)
  if state.epoch then
    first = max(first, state.next + EPOCH_GAP)
    first = lost and state.next or first
    local fresh = {}
    for _, range in ipairs(lost or { { state.next, first } }) do
      if #fresh > 0 and fresh[#fresh][2] == range[1] then
        fresh[#fresh][2] = range[2]
      else
        fresh[#fresh + 1] = { range[1], range[2], now }
      end
    end
    local all = {}
    for _, loss in ipairs(open_losses()) do
      local again = false -- whether a new loss contains this one
      for _, range in ipairs(fresh) do
        again = again or range[1] <= loss[1] and loss[2] <= range[2]
      end
      if not again then
        all[#all + 1] = loss
      end
    end
    for _, loss in ipairs(fresh) do
      all[#all + 1] = loss
    end
    while #all > MAX_LOSSES do -- losses follow each other faster than visitors poll: join the first two
      all[2] = { min(all[1][1], all[2][1]), max(all[1][2], all[2][2]), max(all[1][3], all[2][3]) }
      table.remove(all, 1)
    end
    set_losses(all)
    set('recovering_until', max(state.recovering_until, now + PEER_GRACE)) -- copies for an earlier loss may still come
  else
    new_state(epoch, first)
    redis.call('DEL', key.turns, key.active) -- times of another turn clock, and sessions that nobody counted
    if sessions.limit() then
      sessions.clear()
    end
    set_seldom('pages_until', tonumber(redis.call('ZRANGE', key.pages, -1, -1, 'WITHSCORES')[2] or 0)) -- admissions that were kept
    set('horizon', 0)
    set('generation', floor(now / SECOND)) -- no leftover key has this generation
    set('generation_full', state.generation)
    set('keyed', MAX_KEYED) -- until they are counted again
    set_losses({ { 0, first, now + MOVE_GRACE } })
    set('recovering_until', now + LOSS_GRACE)
  end
  set_seldom('awaited', 0)
  set_seldom('sessions_copied', 0)
  if state.merged_by then
    set('merged_by', ' ')
  end
  set('epoch', epoch)
  set('next', first)
  set('base', first)
  set('begun', now)
  set('history', server_history())
  note_loss(cause)
  if not lost then
    sessions.lose()
  end
  for _, k in ipairs((segments_from(0, math.huge))) do
    make_whole(key.departed .. text(k))
  end
end

local function is_recovering()
  return now < state.recovering_until
end
