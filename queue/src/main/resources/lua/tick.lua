--# needs: begin, gateways, arrivals, ended-turns, horizon, silence, visitors, pages
-- Moves horizon, turn clock and generations forward, and tidies up. Each gateway process calls it about ten times a second. Within 50 ms
-- of the last run it only takes in the caller's numbers, unless work was left over. It looks for lost keys, in 16 segments and 16 pages
-- each time.
--
-- KEYS     a room's, see line.lua
-- ARGV[3]  the id of the calling gateway process
-- ARGV[4]  how many called visitors are here through it and need a token soon
-- ARGV[5]  how many of them have an entry promise
-- ARGV[6]  the lowest ticket of the others, which lack only a token; 0 for none
-- ARGV[7]  tickets that came for the first time since they were called, ascending, 8 bytes each, at most 256
-- Reply    status, time, gateway processes that ticked within 3 s, 1 if work was left over, and through all processes: visitors here,
--          entry promises, the lowest ticket that lacks only a token (0 for none)
-- Cost     50 µs; 0.5 µs for each segment and page that is checked; 1 µs for each ticket that came; up to 16 segments swept or cleared,
--          20 µs each; up to 16 segments counted, 4 µs each; 64 hashes of visitor keys, 8 µs each (ScriptCosts)

local PAUSE = 50000 -- µs

local refusal = refuse()
if refusal then
  return refusal
end

note_gateway(ARGV[3], ARGV[4], ARGV[5], ARGV[6])
local here, promised, kept_out, peers = sum_gateways()

local function answer(more)
  return { DONE, now, peers, more, here, promised, kept_out < math.huge and kept_out or 0 }
end

if #ARGV[7] > 0 then
  note_arrivals(unpack_tickets(ARGV[7]))
end
if now - state.tick < PAUSE and state.more == 0 then
  save()
  return answer(0)
end

local open = open_losses()
if #open == 0 and state.lost ~= '' then
  set_losses(open) -- a longer ttl does not open a loss again, since its departed tickets are forgotten
end
local checked, unchecked = segments_from(state.check_cursor or 0, SLICE)
set_seldom('check_cursor', unchecked and checked[#checked] + 1 or 0)
local lost = refuse_lost(checked, state.generation - 2, state.generation) or refuse_lost_pages()
if lost then
  return lost
end
if sessions.limit() then
  sessions.look()
end
if state.sessions_lost == 1 then -- the gateways name the sessions that they know
  set('sessions_lost', 0)
  new_epoch(0, LOST.active, {})
  save()
  return { STALE_EPOCH, now, state.epoch }
end

local outage = max(0, now - state.tick - MAX_STEP)
local step = min(now - state.tick, MAX_STEP)
local running = turns_run()
local budget, more = SLICE, false

if running then
  set('turn_clock', state.turn_clock + step)
end
set('tick', now)
set('peers', peers)
if running then
  mend_turns()
  budget, more = end_turns(min(kept_out, lowest_asked()), step, budget)
  more = advance_horizon(here, step) or more
end
if budget > 0 then
  more = beat_generations(outage, budget) or more
end
delete_scratch()
sweep_visitors()
redis.call('ZREMRANGEBYSCORE', key.pages, '-inf', now / 1000)
trim_journal()
set('more', more and 1 or 0)
save()
return answer(state.more)
