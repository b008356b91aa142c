--# needs: epoch
-- Part: cohorts, which are tickets that were called together. Times are of the turn clock (µs), which stands still while nobody can be
-- admitted. A cohort's turn also stands still while one of its visitors, or an earlier one, is here and lacks only a token: its times move
-- on with the clock.
-- `recent`: called within ANSWER, for the horizon's rule; 32 bytes each: time, first ticket, stop (behind the last), called, came.
-- `coarse`: all open turns; 24 bytes each: begun, time of its last ticket, stop. About 64 in a turn.

local ANSWER = 10 * SECOND -- called visitors have this long to answer before their cohort is judged
local TOGETHER = 200000 -- µs; visitors called within it are one cohort
local HERE_LIVES = 1 * SECOND -- a visitor of whom was heard is here for this long
local MAX_STEP = 1 * SECOND -- a longer time between ticks was an outage, in which nobody's turn runs
local RECENT = '>I8I8I8I4I4'
local COARSE = '>I8I8I8'

local function turns_run()
  return not is_recovering() and (policy.mode == 'Queue' or policy.mode == 'Reject')
end

--- What the turn clock says now.
local function turn_time()
  if turns_run() then
    return state.turn_clock + min(now - state.tick, MAX_STEP)
  end
  return state.turn_clock
end

local RECENT_BYTES, COARSE_BYTES = 32, 24

local function load_recent()
  local packed, cohorts = redis.call('HGET', key.turns, 'recent') or '', {}
  for at = 1, #packed, RECENT_BYTES do
    local time, first, stop, called, came = struct.unpack(RECENT, packed, at)
    cohorts[#cohorts + 1] = { time = time, first = first, stop = stop, called = called, came = came }
  end
  return cohorts
end

local function save_recent(cohorts)
  local packed = {}
  for i, cohort in ipairs(cohorts) do
    packed[i] = struct.pack(RECENT, cohort.time, cohort.first, cohort.stop, cohort.called, cohort.came)
  end
  redis.call('HSET', key.turns, 'recent', table.concat(packed))
end

local function load_coarse()
  local packed, cohorts = redis.call('HGET', key.turns, 'coarse') or '', {}
  for at = 1, #packed, COARSE_BYTES do
    local begun, last, stop = struct.unpack(COARSE, packed, at)
    cohorts[#cohorts + 1] = { begun = begun, last = last, stop = stop }
  end
  return cohorts
end

local function save_coarse(cohorts)
  local packed = {}
  for i, cohort in ipairs(cohorts) do
    packed[i] = struct.pack(COARSE, cohort.begun, cohort.last, cohort.stop)
  end
  redis.call('HSET', key.turns, 'coarse', table.concat(packed))
end

--- Moves the turn of a coarse cohort on by so many µs.
local function delay_turn(cohort, micros)
  cohort.begun, cohort.last = cohort.begun + micros, cohort.last + micros
end

--- Notes in `coarse` that all tickets before `to` are called. Their turn begins when the last of their polls is due.
local function called_until(coarse, to)
  local at = turn_time() + max(0, (state.polls_due or 0) - now)
  local last = coarse[#coarse]
  local width = floor((tonumber(policy.turnTtlSeconds) or 0) * SECOND / 64)
  if last and at - last.begun < width then
    last.last, last.stop = max(last.last, at), to
  else
    coarse[#coarse + 1] = { begun = at, last = at, stop = to }
  end
end

--- The lowest called ticket whose visitor asked for it lately (restore.lua); infinite for none.
local function lowest_asked()
  return state.asked_at and now - state.asked_at <= HERE_LIVES and state.asked or math.huge
end

--- Stops the turns of `ticket` and all later tickets for `micros`; returns whether there are any.
local function keep_turns(coarse, ticket, micros)
  local any = false
  for _, cohort in ipairs(coarse) do
    if cohort.stop > ticket then
      delay_turn(cohort, micros)
      any = true
    end
  end
  return any
end

--- Shortens the turn ttl (µs). An open turn lasts for the new ttl after `grace` µs, or for what was left of it if that is less.
local function shorten_turns(before, after, grace)
  local coarse, clock = load_coarse(), turn_time()
  for _, cohort in ipairs(coarse) do
    local left = min(cohort.last + before - clock, after + grace)
    delay_turn(cohort, max(0, clock + left - after - cohort.last))
  end
  if #coarse > 0 then
    save_coarse(coarse)
  end
end

--- If the cohorts were lost, all called tickets get a whole turn from now on. So no turn ends early, and none lasts for ever.
local function mend_turns()
  if state.called > 0 and redis.call('EXISTS', key.turns) == 0 then
    save_coarse({ { begun = state.turn_clock, last = state.turn_clock, stop = state.horizon } })
    note_loss(LOST.turns)
  end
end
