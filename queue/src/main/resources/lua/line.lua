-- Part: the begin of each room script. Loads state and policy, tells the time, begins a new epoch, keeps the index of segments, the bits
-- of single tickets and the journal.
--
-- KEYS     the room's keys, in the order of `key` below. To those that end in ':' a number is appended (batch: a gateway process's id).
-- ARGV[1]  the epoch that the caller knows, 0 for none
-- ARGV[2]  the deadline in µs of this clock
-- Reply    each begins with a status and the line's time in µs
-- Cost     about 25 µs; docs/design/line.md explains the rules (ScriptCosts)

if redis.replicate_commands then
  redis.replicate_commands() -- without it Redis 6.2 refuses writes after TIME; newer versions need no call
end

local key = {
  policy = KEYS[1], state = KEYS[2], changes = KEYS[3], turns = KEYS[4], gateways = KEYS[5], pages = KEYS[6],
  scratch = KEYS[7], alive = KEYS[8], asleep = KEYS[9], came = KEYS[10], departed = KEYS[11], seen = KEYS[12],
  granted = KEYS[13], who = KEYS[14], batch = KEYS[15],
}
local SECOND = 1000000
local JOURNAL = 2048 -- entries
local MAX_LOSSES = 8 -- open at a time
local MAX_KEYED = 1073741824 -- visitor keys
local VISITOR_BUCKETS = 16384 -- hashes that visitor keys are spread over
local COPY_GRACE = 1 * SECOND -- at least, for unknown gateway processes to merge their copies
local PEER_GRACE = 5 * SECOND -- at most, for known gateway processes to merge their copies
local LOSS_GRACE = 10 * SECOND -- for visitors to come back to a line that lost everything
local MAX_MICROS = 4e15 -- caps burst * T, so that the bucket's sums stay below 2^53

local floor, min, max = math.floor, math.min, math.max

--- A whole number as text; `..` would write 1.8e+15.
local function text(number)
  return string.format('%.0f', number)
end

local function to_map(flat)
  local map = {}
  for i = 1, #flat, 2 do
    map[flat[i]] = flat[i + 1]
  end
  return map
end

-- The state: numbers, except for four texts. `set` changes a field, `save` writes the changed ones.
local TEXTS = { history = true, segments = true, lost = true, merged_by = true }
local state, dirty = {}, {}
for field, value in pairs(to_map(redis.call('HGETALL', key.state))) do
  state[field] = TEXTS[field] and value or tonumber(value)
end
local policy = to_map(redis.call('HGETALL', key.policy))
local has_policy = policy.generation ~= nil

local function set(field, value)
  if state[field] ~= value then
    state[field] = value
    dirty[field] = true
  end
end

--- Sets a field that lines seldom need. They have it only then, since every call reads all fields.
local function set_seldom(field, value)
  if value ~= 0 or state[field] then
    set(field, value)
  end
end

local function add(field, count)
  if count ~= 0 then
    set(field, (state[field] or 0) + count)
  end
end

-- The line's time is the server's. If that went back, the line's time stands still until it has caught up.
local now = server_micros() + (state.skew or 0)
if now < (state.clock or 0) then
  set('skew', state.skew + state.clock - now)
  now = state.clock
end

--- How long a silent visitor keeps the place, µs.
local function ttl_micros()
  return (tonumber(policy.ttlSeconds) or 0) * SECOND
end

-- Ranges of numbers as "from-to,from-to"; `to` is not included.
local function parse_ranges(list)
  local ranges = {}
  for from, to in string.gmatch(list, '(%d+)-(%d+)') do
    ranges[#ranges + 1] = { tonumber(from), tonumber(to) }
  end
  return ranges
end

local function format_ranges(ranges)
  local list = {}
  for i, range in ipairs(ranges) do
    list[i] = text(range[1]) .. '-' .. text(range[2])
  end
  return table.concat(list, ',')
end

-- The open losses: the numbers [from, to) for which Redis cannot speak, and when each loss began. Their tickets come back by a copy or by
-- their visitor, unless they are known to have departed.
local losses
local function open_losses()
  if not losses then
    losses = {}
    for from, to, begun in string.gmatch(state.lost or '', '(%d+)-(%d+)@(%d+)') do
      if not has_policy or now <= tonumber(begun) + ttl_micros() + LOSS_GRACE then
        losses[#losses + 1] = { tonumber(from), tonumber(to), tonumber(begun) }
      end
    end
  end
  return losses
end

local function set_losses(list)
  losses = list
  local packed = {}
  for i, loss in ipairs(list) do
    packed[i] = text(loss[1]) .. '-' .. text(loss[2]) .. '@' .. text(loss[3])
  end
  set('lost', table.concat(packed, ','))
end

local function seen_prefix(generation)
  return key.seen .. text(generation) .. ':'
end

--- Creates a bitmap at its full length: grown in steps it would take twice the memory.
local function make_whole(name)
  if redis.call('EXISTS', name) == 0 then
    redis.call('SETRANGE', name, SEGMENT_BYTES - 1, '\0')
  end
end

-- The index: which segments exist.
local segments

local function index()
  segments = segments or parse_ranges(state.segments)
  return segments
end

local function has_segment(k)
  for _, range in ipairs(index()) do
    if k < range[2] then
      return k >= range[1]
    end
  end
  return false
end

--- Puts a segment on the index and creates its bitmaps. From then on a missing one was lost.
local function make_segment(k)
  if has_segment(k) then
    return
  end
  local ranges = index()
  local at = 1
  while ranges[at] and ranges[at][2] < k do
    at = at + 1
  end
  local here = ranges[at]
  if here and here[2] == k then
    here[2] = k + 1
    if ranges[at + 1] and ranges[at + 1][1] == k + 1 then
      here[2] = ranges[at + 1][2]
      table.remove(ranges, at + 1)
    end
  elseif here and here[1] == k + 1 then
    here[1] = k
  else
    table.insert(ranges, at, { k, k + 1 })
  end
  set('segments', format_ranges(ranges))
  local name = text(k)
  -- Existing bitmaps are left over from before the index was lost.
  redis.call('DEL', key.alive .. name, key.asleep .. name, key.came .. name, key.departed .. name)
  make_whole(key.alive .. name)
  make_whole(key.asleep .. name)
  for generation = max(1, state.generation - 2), state.generation + 1 do
    make_whole(seen_prefix(generation) .. name)
  end
  if state.lost ~= '' then
    make_whole(key.departed .. name)
  end
end

--- Takes a segment off the index, with all its bitmaps.
local function drop_segment(k)
  for at, range in ipairs(index()) do
    if range[1] <= k and k < range[2] then
      table.remove(segments, at)
      if k + 1 < range[2] then
        table.insert(segments, at, { k + 1, range[2] })
      end
      if range[1] < k then
        table.insert(segments, at, { range[1], k })
      end
      break
    end
  end
  set('segments', format_ranges(segments))
  local name, generation = text(k), state.generation
  redis.call('DEL', key.alive .. name, key.asleep .. name, key.came .. name, key.departed .. name,
    seen_prefix(generation + 1) .. name, seen_prefix(generation) .. name, seen_prefix(generation - 1) .. name,
    seen_prefix(generation - 2) .. name, seen_prefix(generation - 3) .. name)
end

--- Returns up to `most` segments from `first` on, in order, and whether there are more.
local function segments_from(first, most)
  local found = {}
  for _, range in ipairs(index()) do
    for k = max(first, range[1]), range[2] - 1 do
      if #found == most then
        return found, true
      end
      found[#found + 1] = k
    end
  end
  return found, false
end

--- The place of a ticket's bit: segment and offset.
local function place(ticket)
  local k = floor(ticket / SEGMENT)
  return k, ticket - k * SEGMENT
end

-- Bits of single tickets. A batch names its tickets first (`watch`, which returns the segments that are new). Then a segment's bitmap is
-- read once and written once, by `save`. A command for each bit would cost four times as much.
local spans, windows = {}, {}

local function watch(tickets)
  local found = {}
  for i = 1, #tickets do
    local k, offset = place(tickets[i])
    local byte = floor(offset / 8)
    local span = spans[k]
    if not span then
      spans[k] = { byte, byte }
      found[#found + 1] = k
    elseif byte < span[1] then
      span[1] = byte
    elseif byte > span[2] then
      span[2] = byte
    end
  end
  return found
end

--- The watched part of a bitmap.
local function open_window(prefix, k)
  local of = windows[prefix]
  if not of then
    of = {}
    windows[prefix] = of
  end
  local window = of[k]
  if not window then
    local span = spans[k]
    local bytes = has_segment(k) and redis.call('GETRANGE', prefix .. text(k), span[1], span[2]) or ''
    window = { bytes = bytes, before = span[1] - 1, changed = {} }
    of[k] = window
  end
  return window
end

local function get_bit(prefix, ticket)
  local k = floor(ticket / SEGMENT)
  local offset = ticket - k * SEGMENT
  if not spans[k] then
    return has_segment(k) and redis.call('GETBIT', prefix .. text(k), offset) or 0
  end
  local window = windows[prefix] and windows[prefix][k] or open_window(prefix, k)
  local index = floor(offset / 8)
  local byte = window.changed[index] or string.byte(window.bytes, index - window.before) or 0
  return bit.band(bit.rshift(byte, 7 - offset + index * 8), 1)
end

--- Sets the bit of a watched ticket.
local function put_bit(prefix, ticket, value)
  local k = floor(ticket / SEGMENT)
  local offset = ticket - k * SEGMENT
  local window = windows[prefix] and windows[prefix][k] or open_window(prefix, k)
  local index = floor(offset / 8)
  local byte = window.changed[index] or string.byte(window.bytes, index - window.before) or 0
  local mask = bit.lshift(1, 7 - offset + index * 8)
  window.changed[index] = value == 1 and bit.bor(byte, mask) or bit.band(byte, bit.bnot(mask))
  window.dirty = true
end

--- Writes entries of `width` bytes at their indices, consecutive ones with one command.
local function write_runs(name, entries, width, skip)
  local order = {}
  for index in pairs(entries) do
    order[#order + 1] = index
  end
  table.sort(order)
  local from = 1
  while from <= #order do
    local run, at = {}, from
    repeat
      run[#run + 1] = entries[order[at]]
      at = at + 1
    until order[at] ~= order[at - 1] + 1
    redis.call('SETRANGE', name, skip + order[from] * width, table.concat(run))
    from = at
  end
end

local function write_bits()
  for prefix, of in pairs(windows) do
    for k, window in pairs(of) do
      if window.dirty then
        local name = prefix .. text(k)
        if window.bytes == '' then
          redis.call('SETRANGE', name, SEGMENT_BYTES - 1, '\0')
        end
        for index, byte in pairs(window.changed) do
          window.changed[index] = string.char(byte)
        end
        write_runs(name, window.changed, 1, 0)
      end
    end
  end
  windows = {}
end

--- Writes all changed bits and fields.
local function save()
  write_bits()
  set('clock', now)
  local fields = {}
  for field in pairs(dirty) do
    local value = state[field]
    fields[#fields + 1] = field
    fields[#fields + 1] = TEXTS[field] and value or string.format('%.17g', value)
  end
  if #fields > 0 then
    redis.call('HSET', key.state, unpack(fields))
  end
  dirty = {}
end

-- What was lost, for the gateways' logs: the index of a key in KEYS, or 0 for the line's end after a change of history.
local LOST = { tail = 0, state = 2, turns = 4, pages = 6, alive = 8, asleep = 9, departed = 11, seen = 12, granted = 13 }

local function note_loss(cause)
  set('losses', (state.losses or 0) + 1)
  set('lost_key', cause)
end

--- Which key of a segment is gone, nil for none.
local function lost_key(k)
  local name = text(k)
  if redis.call('EXISTS', key.alive .. name) == 0 then
    return LOST.alive
  elseif redis.call('EXISTS', key.asleep .. name) == 0 then
    return LOST.asleep
  elseif state.lost ~= '' and redis.call('EXISTS', key.departed .. name) == 0 then
    return LOST.departed
  end
  return nil
end

--- Creates the lost beats of these generations again. Nobody is judged by them.
local function mend_seen(k, since, to)
  for generation = max(1, since), to do
    local name = seen_prefix(generation) .. text(k)
    if redis.call('EXISTS', name) == 0 then
      make_whole(name)
      set('generation_full', max(state.generation_full, generation + 1))
      note_loss(LOST.seen)
    end
  end
end

--- Returns the segments that lost a key, and which key. TOUCH instead of EXISTS keeps the keys from eviction by last use.
--- `since`, `to`: generations of beats to check as well.
local function lost_segments(ks, since, to)
  local prefixes, names = { key.alive, key.asleep }, {}
  for generation = max(1, since), to do
    prefixes[#prefixes + 1] = seen_prefix(generation)
  end
  if state.lost ~= '' then
    prefixes[#prefixes + 1] = key.departed
  end
  local looked = {}
  for _, k in ipairs(ks) do
    if has_segment(k) then
      local name = text(k)
      looked[#looked + 1] = k
      for i = 1, #prefixes do
        names[#names + 1] = prefixes[i] .. name
      end
    end
  end
  local lost, cause = {}, nil
  if #names > 0 and redis.call('TOUCH', unpack(names)) < #names then
    for _, k in ipairs(looked) do
      mend_seen(k, since, to)
      local gone = lost_key(k)
      if gone then
        lost[#lost + 1] = k
        cause = gone
      end
    end
  end
  return lost, cause
end

local function in_open_loss(ticket)
  for _, loss in ipairs(open_losses()) do
    if loss[1] <= ticket and ticket < loss[2] then
      return true
    end
  end
  return false
end

--- Whether Redis lost this number and it may still come back: it is in an open loss, and not known to be gone.
local function is_lost(ticket)
  return in_open_loss(ticket) and get_bit(key.departed, ticket) == 0
end

local whole_segments = {}
--- Whether a ticket that is neither alive nor asleep may be so again, after Redis' losses are put back.
local function may_come_back(ticket)
  local k = floor(ticket / SEGMENT)
  if whole_segments[k] == nil then
    whole_segments[k] = not has_segment(k) or lost_key(k) == nil
  end
  return not whole_segments[k] or is_lost(ticket)
end

--- Notes that a ticket of an open loss is gone.
local function mark_departed(ticket)
  if in_open_loss(ticket) then
    make_segment(floor(ticket / SEGMENT))
    put_bit(key.departed, ticket, 1)
  end
end

-- The journal.
local function journal(entry)
  redis.call('RPUSH', key.changes, entry)
  add('sequence', 1)
end

local function trim_journal()
  redis.call('LTRIM', key.changes, -JOURNAL, -1)
end

--- Notes that many tickets of a segment changed; a snapshot reads it whole.
local function journal_segment(k)
  journal('S' .. struct.pack('>I8', k))
end

--- Packs tickets, 8 bytes each, big endian.
local function pack_tickets(tickets)
  local packed = {}
  for i, ticket in ipairs(tickets) do
    packed[i] = struct.pack('>I8', ticket)
  end
  return table.concat(packed)
end

local function unpack_tickets(packed)
  local tickets = {}
  for i = 1, #packed / 8 do
    tickets[i] = struct.unpack('>I8', packed, i * 8 - 7)
  end
  return tickets
end

--- Journals tickets; `kind` is L (left) or R (restored).
local function journal_tickets(kind, tickets)
  if #tickets > 0 then
    journal(kind .. pack_tickets(tickets))
  end
end

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
    redis.call('DEL', key.turns) -- its times are of another turn clock
    set_seldom('pages_until', tonumber(redis.call('ZRANGE', key.pages, -1, -1, 'WITHSCORES')[2] or 0)) -- admissions that were kept
    set('horizon', 0)
    set('generation', floor(now / SECOND)) -- no leftover key has this generation
    set('generation_full', state.generation)
    set('keyed', MAX_KEYED) -- until they are counted again
    set_losses({ { 0, first, now } })
    set('recovering_until', now + LOSS_GRACE)
  end
  set_seldom('awaited', 0)
  if state.merged_by then
    set('merged_by', ' ')
  end
  set('epoch', epoch)
  set('next', first)
  set('base', first)
  set('begun', now)
  set('history', server_history())
  note_loss(cause)
  for _, k in ipairs((segments_from(0, math.huge))) do
    make_whole(key.departed .. text(k))
  end
end

local function is_recovering()
  return now < state.recovering_until
end
