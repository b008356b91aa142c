--# needs: constants, clock, history, line, bucket, begin, pages, turns
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
--          20 µs each; up to 16 segments counted, 4 µs each (ScriptCosts)

local refusal = refuse()
if refusal then
  return refusal
end

local PAUSE = 50000 -- µs
local PEER_LIVES = 3 * SECOND
local GATEWAY_LIVES = 60 * SECOND
local WHO_BUCKETS, WHO_ENTRIES = 64, 256 -- limits of one tick

redis.call('HSET', key.gateways, ARGV[3], text(now) .. ' ' .. ARGV[4] .. ' ' .. ARGV[5] .. ' ' .. ARGV[6])

-- Gateways.
local here, promised, peers = 0, 0, 0
local kept_out = math.huge -- the lowest ticket that lacks only a token
local gateways = redis.call('HGETALL', key.gateways)
for i = 1, #gateways, 2 do
  local at, arrived, told, lowest = string.match(gateways[i + 1], '^(%d+) (%d+) (%d+) (%d+)$')
  local age = now - tonumber(at)
  if age <= HERE_LIVES then
    here = here + tonumber(arrived)
    promised = promised + tonumber(told)
    if lowest ~= '0' then
      kept_out = min(kept_out, tonumber(lowest))
    end
  end
  if age <= PEER_LIVES then
    peers = peers + 1
  elseif age > GATEWAY_LIVES then
    redis.call('HDEL', key.gateways, gateways[i])
  end
end

-- Visitors who came for the first time: count them in their cohort, and learn how long they took.
local function note_arrivals(tickets)
  watch(tickets)
  local recent, cohort, counted = load_recent(), 1, false
  for _, ticket in ipairs(tickets) do
    if ticket < state.horizon and has_segment(floor(ticket / SEGMENT)) and get_bit(key.came, ticket) == 0 then
      put_bit(key.came, ticket, 1)
      while recent[cohort] and recent[cohort][3] <= ticket do
        cohort = cohort + 1
      end
      local mine = recent[cohort]
      local seconds = mine and mine[2] <= ticket and (turn_time() - mine[1]) / SECOND
      if seconds and seconds < ANSWER / SECOND then
        mine[5] = mine[5] + 1
        counted = true
        set('delay', max(0.5, state.delay + 0.02 * (2 * seconds - state.delay)))
      end
    end
  end
  write_bits() -- before a segment may be dropped below
  if counted then
    save_recent(recent)
  end
end

if #ARGV[7] > 0 then
  note_arrivals(unpack_tickets(ARGV[7]))
end
if now - state.tick < PAUSE and state.more == 0 then
  save()
  return { DONE, now, peers, 0, here, promised, kept_out < math.huge and kept_out or 0 }
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

local outage = max(0, now - state.tick - MAX_STEP)
local step = min(now - state.tick, MAX_STEP)
local running = turns_run()
local budget = SLICE
local more = false

-- Bits.
--- How many of the first `width` bits of a byte are set, from the most significant on.
local function count_head(byte, width)
  local count = 0
  for i = 1, width do
    if bit.band(byte, bit.lshift(1, 8 - i)) ~= 0 then
      count = count + 1
    end
  end
  return count
end

local function byte_at(name, index)
  return string.byte(redis.call('GETRANGE', name, index, index)) or 0
end

--- How many bits are set in [0, offset) of a bitmap.
local function count_before(name, offset)
  local whole = floor(offset / 8)
  local count = whole > 0 and redis.call('BITCOUNT', name, 0, whole - 1) or 0
  if offset % 8 > 0 then
    count = count + count_head(byte_at(name, whole), offset % 8)
  end
  return count
end

--- The offset after the n-th set bit.
local function behind_nth(name, n)
  local low, high = 0, SEGMENT_BYTES - 1 -- the byte is within this range
  local before = 0 -- set bits before `low`
  while low < high do
    local middle = floor((low + high) / 2)
    local count = redis.call('BITCOUNT', name, low, middle)
    if before + count >= n then
      high = middle
    else
      before = before + count
      low = middle + 1
    end
  end
  local byte = byte_at(name, low)
  for width = 1, 8 do
    if before + count_head(byte, width) == n then
      return low * 8 + width
    end
  end
  return low * 8 + 8
end

--- Clears the bits [0, offset).
local function clear_before(name, offset)
  local whole = floor(offset / 8)
  if whole > 0 then
    redis.call('SETRANGE', name, 0, string.rep('\0', whole))
  end
  if offset % 8 > 0 then
    redis.call('SETRANGE', name, whole, string.char(bit.band(byte_at(name, whole), bit.rshift(255, offset % 8))))
  end
end

--- Writes a bitmap in which the bits [0, offset) are set.
local function put_mask(name, offset)
  local whole = floor(offset / 8)
  local mask = string.rep('\255', whole)
  if offset % 8 > 0 then
    mask = mask .. string.char(bit.band(255, bit.bnot(bit.rshift(255, offset % 8))))
  end
  redis.call('SET', name, mask)
end

local one, two = key.scratch .. '1', key.scratch .. '2'

--- Notes that the tickets of this bitmap are gone, while a copy or a visitor could still bring them back.
local function mark_segment_departed(k, gone)
  if #open_losses() > 0 then
    local departed = key.departed .. text(k)
    redis.call('BITOP', 'OR', departed, departed, gone)
  end
end

--- Drops a segment that will not be used again, unless it lost a key: the check has yet to find that.
local function drop_if_over(k)
  if (k + 1) * SEGMENT <= min(state.horizon, state.next) and redis.call('BITCOUNT', key.alive .. text(k)) == 0
    and redis.call('BITCOUNT', key.asleep .. text(k)) == 0 and redis.call('EXISTS', key.departed .. text(k)) == 0
    and not lost_key(k) then
    drop_segment(k)
    journal_segment(k)
  end
end

-- The horizon: how many more tickets to call (docs/design/line.md has the rule), and where the last of them is.
local LEAST_AHEAD = 1.2 -- s; visitors are called at least this much earlier than their tokens

local function advance_horizon()
  local rate = state.rate * SECOND / state.period
  local prior = max(5, 2 * rate)
  if state.called == 0 then
    set('called', prior)
    set('came', prior)
  end
  local recent = load_recent()
  local clock = state.turn_clock
  while recent[1] and recent[1][1] <= clock - ANSWER do
    local judged = table.remove(recent, 1)
    set('called', state.called + judged[4])
    set('came', state.came + judged[5])
  end
  local share = min(1, max(0.05, state.came / state.called))
  set('share', floor(share * 1000000))
  local coming, expected, came = 0, 0, 0
  for _, cohort in ipairs(recent) do
    local passed = (clock - cohort[1]) / SECOND / state.delay -- the part of the usual delay that has passed
    if passed < 1 then
      coming = coming + max(0, cohort[4] - cohort[5]) * (share * (1 - passed) / (1 - share * passed))
    else
      expected, came = expected + share * cohort[4], came + cohort[5]
    end
  end
  -- Call replacements for late visitors. Count a cohort's missing visitors as late only above two standard deviations.
  local late = expected - came > 2 * math.sqrt(expected) and expected - came or 0
  local wanted = exact_tokens() + rate * max(LEAST_AHEAD, 0.7 * state.delay)
  local fade = max(0, 1 - step / SECOND / 30)
  set('called', prior + (state.called - prior) * fade)
  set('came', prior + (state.came - prior) * fade)
  local call = max(0, floor((wanted - here - coming) / share))

  local from, called = state.horizon, 0
  if call > 0 and state.horizon < state.next then
    local k, offset = place(state.horizon)
    local found, cut = segments_from(k, SLICE)
    local horizon = cut and (found[#found] + 1) * SEGMENT or state.next
    for _, at in ipairs(found) do
      local name = key.alive .. text(at)
      local before = at == k and count_before(name, offset) or 0
      local here = redis.call('BITCOUNT', name) - before
      if here == 0 and redis.call('EXISTS', name) == 0 then -- a lost bitmap: its tickets come back soon
        horizon, cut = max(state.horizon, at * SEGMENT), false
        break
      end
      if called + here >= call then
        horizon = at * SEGMENT + behind_nth(name, call - called + before)
        called = call
        break
      end
      called = called + here
    end
    more = more or (cut and called < call)
    set('horizon', horizon)
  end
  set('due', floor(here + coming + late + share * called + 0.5))
  if called > 0 then
    local last = recent[#recent]
    if last and clock - last[1] < TOGETHER then
      last[3], last[4] = state.horizon, last[4] + called
    else
      recent[#recent + 1] = { clock, from, state.horizon, called, 0 }
    end
    local coarse = load_coarse()
    called_until(coarse, state.horizon)
    save_coarse(coarse)
  end
  save_recent(recent)
end

-- Turns that are over: clear all tickets before the end of a cohort that is older than the turn ttl.
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

local function end_turns()
  local coarse = load_coarse()
  if keep_turns(coarse, min(kept_out, lowest_asked()), step) then
    save_coarse(coarse)
  end
  local oldest = state.turn_clock - tonumber(policy.turnTtlSeconds) * SECOND
  local over = 0
  while coarse[over + 1] and coarse[over + 1][2] <= oldest do
    over = over + 1
  end
  if over == 0 then
    return
  end
  local ended = coarse[over][3]
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
    more = true
    return
  end
  set('turns_cursor', 0)
  for _ = 1, over do
    table.remove(coarse, 1)
  end
  save_coarse(coarse)
end

-- Silence: the sweep after a generation looks for tickets unseen in it, in the one before and in the current one.
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

local function sweep()
  local judge = state.sweep - 1 >= state.generation_full
  local found, cut = segments_from(state.sweep_cursor, budget)
  for _, k in ipairs(found) do
    sweep_segment(k, judge)
    budget = budget - 1
    set('sweep_cursor', k + 1)
  end
  if cut then
    more = true
  else
    set('sweep', 0)
  end
end

local function beat_generations()
  local length, slack = generation_micros(ttl_micros())
  if is_recovering() then -- visitors whose places are put back could not poll yet
    set('generation_start', now)
    set('generation_full', max(state.generation_full, state.generation))
    return
  end
  set('generation_start', state.generation_start + outage)
  if state.sweep == 0 and now >= state.generation_start + state.generation_length then
    set('sweep', state.generation)
    set('sweep_cursor', 0)
    set('generation', state.generation + 1)
    set('generation_start', now)
    set('generation_length', length)
  end
  if state.sweep > 0 and now >= state.generation_start + slack then
    sweep()
  end
end

-- Removes visitor keys whose tickets are gone, a slice with each tick.
local function sweep_visitors()
  local held, tickets = {}, {}
  for _ = 1, WHO_BUCKETS do
    if #held >= WHO_ENTRIES or state.keyed <= 0 then
      break
    end
    local bucket = key.who .. text(state.who_cursor)
    local entries = redis.call('HGETALL', bucket)
    for i = 1, #entries, 2 do
      tickets[#tickets + 1] = struct.unpack('>I8', entries[i + 1])
      held[#held + 1] = { bucket, entries[i] }
    end
    set('who_cursor', (state.who_cursor + 1) % VISITOR_BUCKETS)
    if state.who_cursor == 0 then
      break
    end
  end
  watch(tickets)
  for i, ticket in ipairs(tickets) do
    if get_bit(key.alive, ticket) == 1 or get_bit(key.asleep, ticket) == 1 or may_come_back(ticket) then
      add('keyed_anew', 1)
    else
      redis.call('HDEL', held[i][1], held[i][2])
      add('keyed', -1)
    end
  end
  if #held > 0 and state.who_cursor == 0 then -- a full round has counted them again, since some may have been lost
    set('keyed', state.keyed_anew or 0)
    set('keyed_anew', 0)
  end
end

if running then
  set('turn_clock', state.turn_clock + step)
end
set('tick', now)
set('peers', peers)
if running then
  mend_turns()
  end_turns()
  advance_horizon()
end
if budget > 0 then
  beat_generations()
end
redis.call('DEL', one, two)
sweep_visitors()
redis.call('ZREMRANGEBYSCORE', key.pages, '-inf', now / 1000)
trim_journal()
set('more', more and 1 or 0)
save()
return { DONE, now, peers, state.more, here, promised, kept_out < math.huge and kept_out or 0 }
