--# needs: bitmaps, bucket, turns
-- Part: the horizon. How many more tickets to call (docs/design/line.md has the rule), and where the last of them is.

local LEAST_AHEAD = 1.2 -- s; visitors are called at least this much earlier than their tokens

--- Moves the horizon behind the next `call` tickets. Returns how many were called, and whether work is left over.
local function call_next(call)
  local called = 0
  local k, offset = place(state.horizon)
  local found, cut = segments_from(k, SLICE)
  local horizon = cut and (found[#found] + 1) * SEGMENT or state.next
  for _, at in ipairs(found) do
    local name = key.alive .. text(at)
    local before = at == k and count_before(name, offset) or 0
    local alive = redis.call('BITCOUNT', name) - before
    if alive == 0 and redis.call('EXISTS', name) == 0 then -- a lost bitmap: its tickets come back soon
      horizon, cut = max(state.horizon, at * SEGMENT), false
      break
    end
    if called + alive >= call then
      horizon = at * SEGMENT + behind_nth(name, call - called + before)
      called = call
      break
    end
    called = called + alive
  end
  set('horizon', horizon)
  return called, cut and called < call
end

--- Calls as many tickets as the horizon's rule wants, `step` µs after the last tick, with `here` visitors here. Returns whether work is left
--- over.
local function advance_horizon(here, step)
  local rate = state.rate * SECOND / state.period
  local prior = max(5, 2 * rate)
  if state.called == 0 then
    set('called', prior)
    set('came', prior)
  end
  local recent = load_recent()
  local clock = state.turn_clock
  while recent[1] and recent[1].time <= clock - ANSWER do
    local judged = table.remove(recent, 1)
    set('called', state.called + judged.called)
    set('came', state.came + judged.came)
  end
  local share = min(1, max(0.05, state.came / state.called))
  set('share', floor(share * 1000000))
  local coming, expected, came = 0, 0, 0
  for _, cohort in ipairs(recent) do
    local passed = (clock - cohort.time) / SECOND / state.delay -- the part of the usual delay that has passed
    if passed < 1 then
      coming = coming + max(0, cohort.called - cohort.came) * (share * (1 - passed) / (1 - share * passed))
    else
      expected, came = expected + share * cohort.called, came + cohort.came
    end
  end
  -- Call replacements for late visitors. Count a cohort's missing visitors as late only above two standard deviations.
  local late = expected - came > 2 * math.sqrt(expected) and expected - came or 0
  local wanted = min(exact_tokens() + rate * max(LEAST_AHEAD, 0.7 * state.delay), max(0, sessions.free()))
  local fade = max(0, 1 - step / SECOND / 30)
  set('called', prior + (state.called - prior) * fade)
  set('came', prior + (state.came - prior) * fade)
  local call = max(0, floor((wanted - here - coming) / share))

  local from, called, more = state.horizon, 0, false
  if call > 0 and state.horizon < state.next then
    called, more = call_next(call)
  end
  set('due', floor(here + coming + late + share * called + 0.5))
  if called > 0 then
    local last = recent[#recent]
    if last and clock - last.time < TOGETHER then
      last.stop, last.called = state.horizon, last.called + called
    else
      recent[#recent + 1] = { time = clock, first = from, stop = state.horizon, called = called, came = 0 }
    end
    local coarse = load_coarse()
    called_until(coarse, state.horizon)
    save_coarse(coarse)
  end
  save_recent(recent)
  return more
end
