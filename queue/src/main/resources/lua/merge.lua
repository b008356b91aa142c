--# needs: begin, journal, granted, turns
-- Merges a slice of a gateway process's copy, from an earlier epoch. A ticket is gone if either side knows that it is gone. Otherwise it
-- waits if Redis says so or, inside an open loss, if the copy says so. Copies may come in any order, and more than once. Needs no policy.
--
-- KEYS     a room's, see line.lua
-- ARGV[1]  the line's new epoch
-- ARGV[3]  the copy's `next`: the copy knows everything below, except for the ranges of ARGV[4]
-- ARGV[4]  ranges (from, to, …; 8 bytes each) in which the copy knows only which tickets wait
-- ARGV[5]  the copy's horizon
-- ARGV[6]  with the last slice: how many gateway processes the caller knew before the loss, itself included. 0 with the others.
-- ARGV[7]  tickets from ARGV[3] on that wait, acknowledged to the caller, 8 bytes each
-- ARGV[8]  tickets that departed, 8 bytes each
-- ARGV[9]  tickets that were admitted, 8 bytes each
-- ARGV[10] when, 8 bytes each, ms
-- ARGV[11] the id of the calling gateway process
-- ARGV[12] active sessions, 16 bytes each: when it runs out (ms), ticket
-- ARGV[13] 1 if the copy knows all active sessions
-- ARGV[14] segments, 8 bytes each, at most 16
-- ARGV[15..]  their alive bits, empty for a segment without a ticket
-- Reply    status, time
-- Cost     100 µs for each segment, 3 µs for each ticket (ScriptCosts)

local admitted, times = unpack_tickets(ARGV[9]), unpack_tickets(ARGV[10])
local departed, acknowledged = unpack_tickets(ARGV[8]), unpack_tickets(ARGV[7])
local merged = unpack_tickets(ARGV[14])
local refusal = refuse(0, true)
for _, ks in ipairs({ merged, watch(admitted), watch(departed), watch(acknowledged) }) do
  refusal = refusal or refuse_lost(ks, state.generation, state.generation)
end
if refusal then
  return refusal
end

local known_below = min(tonumber(ARGV[3]), state.base)
local waits, gone, lost, both = key.scratch .. '1', key.scratch .. '2', key.scratch .. '3', key.scratch .. '4'
local NOBODY, EVERYBODY = string.rep('\0', SEGMENT_BYTES), string.rep('\255', SEGMENT_BYTES)

local function to_ranges(numbers)
  local ranges = {}
  for i = 1, #numbers, 2 do
    ranges[#ranges + 1] = { numbers[i], numbers[i + 1] }
  end
  return ranges
end
local unknown = to_ranges(unpack_tickets(ARGV[4]))

--- The bits of `left` before `offset`, and those of `right` from there on; both have full length.
local function splice(left, right, offset)
  if offset <= 0 then
    return right
  elseif offset >= SEGMENT then
    return left
  end
  local whole = floor(offset / 8)
  local mask = bit.rshift(255, offset % 8) -- the right one's bits in the byte that both share
  local shared = bit.bor(bit.band(string.byte(left, whole + 1), bit.bnot(mask)), bit.band(string.byte(right, whole + 1), mask))
  return string.sub(left, 1, whole) .. string.char(bit.band(255, shared)) .. string.sub(right, whole + 2)
end

--- The segment's bits, replaced by those of `other` in these ranges of tickets.
local function replace_ranges(bits, other, ranges, k)
  for _, range in ipairs(ranges) do
    local from, to = range[1] - k * SEGMENT, range[2] - k * SEGMENT
    if from < SEGMENT and to > 0 then
      bits = splice(splice(bits, other, from), bits, to)
    end
  end
  return bits
end

--- Replaces a segment's alive bits. Tickets that wait now are not asleep, and count as seen.
local function replace_segment(k, bits)
  make_segment(k)
  local name = text(k)
  local alive, asleep, seen = key.alive .. name, key.asleep .. name, seen_prefix(state.generation) .. name
  local before = redis.call('BITCOUNT', alive)
  redis.call('SET', alive, bits)
  add('waiting', redis.call('BITCOUNT', alive) - before)
  redis.call('BITOP', 'OR', seen, seen, alive)
  if redis.call('EXISTS', asleep) == 1 then
    redis.call('BITOP', 'AND', both, asleep, alive)
    redis.call('BITOP', 'XOR', asleep, asleep, both)
  end
  journal_segment(k)
end

local function merge_segment(k, copy)
  if k * SEGMENT >= known_below then
    return
  end
  local alive, departed = key.alive .. text(k), key.departed .. text(k)
  local beyond = { { known_below, (k + 1) * SEGMENT } }
  redis.call('SET', waits, copy)
  redis.call('SET', gone, replace_ranges(replace_ranges(EVERYBODY, NOBODY, beyond, k), NOBODY, unknown, k))
  redis.call('SET', lost, replace_ranges(replace_ranges(NOBODY, EVERYBODY, open_losses(), k), NOBODY, beyond, k))
  -- `gone`: tickets that the copy knows and that do not wait in it. Inside an open loss Redis remembers them.
  redis.call('BITOP', 'AND', both, waits, gone)
  redis.call('BITOP', 'XOR', gone, gone, both)
  redis.call('BITOP', 'AND', both, gone, lost)
  if redis.call('BITCOUNT', both) > 0 then
    make_segment(k)
    redis.call('BITOP', 'OR', departed, departed, both)
  end
  if has_segment(k) then
    redis.call('BITOP', 'OR', gone, gone, departed)
  end
  -- `waits`: tickets that wait here or, inside an open loss, in the copy; without `gone`.
  redis.call('BITOP', 'AND', waits, waits, lost)
  if has_segment(k) then
    redis.call('BITOP', 'OR', waits, waits, alive)
  end
  redis.call('BITOP', 'AND', both, waits, gone)
  redis.call('BITOP', 'XOR', waits, waits, both)
  local merged = redis.call('GETRANGE', waits, 0, -1)
  if merged ~= (has_segment(k) and redis.call('GETRANGE', alive, 0, -1) or NOBODY) then
    replace_segment(k, merged)
  end
end

--- Takes a ticket out of the line that is known to be gone; returns whether it waited.
local function depart(ticket)
  if ticket >= state.base then
    return false
  end
  mark_departed(ticket)
  if get_bit(key.asleep, ticket) == 1 then
    put_bit(key.asleep, ticket, 0)
  end
  if get_bit(key.alive, ticket) == 0 then
    return false
  end
  put_bit(key.alive, ticket, 0)
  add('waiting', -1)
  return true
end

--- Whether this epoch issued the number again, to somebody who waits. The copy's admission is of another line's ticket.
local function issued_again(ticket)
  return ticket >= state.base and (get_bit(key.alive, ticket) == 1 or get_bit(key.asleep, ticket) == 1)
end

--- Counts a gateway process whose whole copy came in. The line recovers when all copies are in: a later one may know of an admission,
--- and the admitted ticket would wait again.
local function note_copy(gateway, gateways)
  local by = state.merged_by or ' '
  if not string.find(by, ' ' .. gateway .. ' ', 1, true) then
    by = by .. gateway .. ' '
  end
  set('merged_by', by)
  set('awaited', max(state.awaited or 0, state.peers, gateways))
  local _, copies = string.gsub(by, '[^ ]+', '')
  local grace = copies < state.awaited and PEER_GRACE or COPY_GRACE
  set('recovering_until', min(state.recovering_until, state.begun + grace))
  -- What one copy does not know yet, its own gateway process does. Sessions that were lost since need another epoch's copies.
  if copies >= state.awaited and state.sessions_copied == 1 and state.sessions_lost ~= 1 then
    set_seldom('sessions_full_until', 0)
  end
end

for i, k in ipairs(merged) do
  merge_segment(k, ARGV[14 + i])
end
redis.call('DEL', waits, gone, lost, both)

local granted, left, back = {}, {}, {}
local beside = false -- whether another primary granted after this epoch began
for i, ticket in ipairs(admitted) do
  if not issued_again(ticket) then
    if not granted_at(ticket) then
      stamp_granted(ticket, times[i])
      beside = beside or times[i] >= floor(state.begun / 1000)
    end
    name_page(ticket)
    depart(ticket)
    granted[#granted + 1] = struct.pack('>I8', times[i]) .. struct.pack('>I8', ticket)
  end
end
save_pages()
if beside then
  empty_bucket() -- the other primary used the tokens that came meanwhile
end
for _, ticket in ipairs(departed) do
  if depart(ticket) then
    left[#left + 1] = ticket
  end
end
for _, ticket in ipairs(acknowledged) do
  if is_lost(ticket) and get_bit(key.alive, ticket) == 0 and get_bit(key.asleep, ticket) == 0 and not granted_at(ticket) then
    make_segment(floor(ticket / SEGMENT))
    put_bit(key.alive, ticket, 1)
    put_bit(seen_prefix(state.generation), ticket, 1)
    add('waiting', 1)
    back[#back + 1] = ticket
  end
end
for _, entry in ipairs(granted) do
  journal('G' .. entry)
end
journal_tickets('L', left)
journal_tickets('R', back)
trim_journal()

local named = unpack_tickets(ARGV[12])
if sessions.limit() and (#named > 0 or ARGV[13] == '1') then
  sessions.look()
  for i = 1, #named, 2 do
    add('active', redis.call('ZADD', key.active, 'GT', text(named[i]), text(named[i + 1])))
  end
  set_seldom('sessions_copied', ARGV[13] == '1' and 1 or state.sessions_copied or 0)
end

local horizon = min(tonumber(ARGV[5]), state.next)
if horizon > state.horizon then
  set('horizon', horizon)
  local coarse = load_coarse()
  called_until(coarse, horizon)
  save_coarse(coarse)
end
if ARGV[6] ~= '0' then
  note_copy(ARGV[11], tonumber(ARGV[6]))
end
mend_pages()
save()
return { DONE, now }
