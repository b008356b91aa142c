--# needs: clock, history, line, bucket, begin, granted, turns
-- Merges a slice of a gateway's copy of the line, from an earlier epoch. Each ticket becomes the further along of the two, where Redis
-- can speak for it; where it lost its knowledge, the copy speaks. Repeatable. Needs no policy.
--
-- ARGV[3]  everything below was known to the copy; ARGV[4] its horizon; ARGV[5] 1 for the last slice
-- ARGV[6]  acknowledged tickets from ARGV[3] on that wait; ARGV[7] departed ones; ARGV[8] admitted ones, ARGV[9] when (ms); 8 bytes each
-- ARGV[10] segments, 8 bytes each, at most 16; ARGV[11..] their alive bits, empty for none
-- Reply    status, time
-- Cost     30 µs a segment, 3 µs a ticket.

local refusal = refuse(0, true)
if refusal then
  return refusal
end

local known_below = min(tonumber(ARGV[3]), state.base)
local scratch = key.scratch .. '1'
local NOBODY = string.rep('\0', SEGMENT_BYTES)

--- The bits of `left` before `offset`, those of `right` from there on; both whole.
local function splice(left, right, offset)
  if offset <= 0 then
    return right
  elseif offset >= SEGMENT then
    return left
  end
  local whole = floor(offset / 8)
  local mask = bit.rshift(255, offset % 8) -- of the right one, in the byte that both share
  local shared = bit.bor(bit.band(string.byte(left, whole + 1), bit.bnot(mask)), bit.band(string.byte(right, whole + 1), mask))
  return string.sub(left, 1, whole) .. string.char(bit.band(255, shared)) .. string.sub(right, whole + 2)
end

local function combine(operation, ...)
  redis.call('BITOP', operation, scratch, ...)
  return redis.call('GETRANGE', scratch, 0, -1)
end

--- Puts a segment's bits in place of those that are there; those who wait now are awake, and were seen.
local function replace_segment(k, bits)
  make_segment(k)
  local name = text(k)
  local alive, asleep, seen = key.alive .. name, key.asleep .. name, seen_prefix(state.generation) .. name
  local before = redis.call('BITCOUNT', alive)
  redis.call('SET', alive, bits)
  add('waiting', redis.call('BITCOUNT', alive) - before)
  redis.call('BITOP', 'OR', seen, seen, alive)
  if redis.call('EXISTS', asleep) == 1 then
    redis.call('BITOP', 'AND', scratch, asleep, alive)
    redis.call('BITOP', 'XOR', asleep, asleep, scratch)
  end
  journal_segment(k)
end

local function merge_segment(k, copy)
  local name, begins = text(k), k * SEGMENT
  if begins >= known_below then
    return
  end
  local present = has_segment(k)
  local alive, departed, two = key.alive .. name, key.departed .. name, key.scratch .. '2'
  local here = present and redis.call('GETRANGE', alive, 0, -1) or NOBODY
  copy = copy .. string.sub(NOBODY, #copy + 1)
  if copy ~= NOBODY or here ~= NOBODY then
    -- Where Redis knows: departed in either is departed. Where it does not, up to what the copy knew: as in the copy, but for those
    -- that departed since.
    local both, speaks = NOBODY, copy
    redis.call('SET', two, copy)
    if here ~= NOBODY then
      both = combine('AND', alive, two)
    end
    if redis.call('EXISTS', departed) == 1 then
      redis.call('BITOP', 'AND', scratch, two, departed)
      speaks = combine('XOR', scratch, two)
    end
    local merged = both
    for _, loss in ipairs(open_losses()) do
      local from = max(loss[1], merged_below(k)) - begins
      local to = min(loss[2], known_below) - begins
      if from < to then
        merged = splice(splice(merged, speaks, from), merged, to)
      end
    end
    merged = splice(merged, here, known_below - begins) -- above it, as it is
    if merged ~= here then
      replace_segment(k, merged)
    end
  end
  known_to_copies[k] = max(known_below, merged_below(k))
  redis.call('HSET', key.merged, name, text(known_to_copies[k]))
end

--- A ticket is known to be gone.
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

for i, k in ipairs(unpack_tickets(ARGV[10])) do
  merge_segment(k, ARGV[10 + i])
end
redis.call('DEL', scratch, key.scratch .. '2')

local admitted, times = unpack_tickets(ARGV[8]), unpack_tickets(ARGV[9])
local gone, acknowledged = unpack_tickets(ARGV[7]), unpack_tickets(ARGV[6])
watch(admitted)
watch(gone)
watch(acknowledged)
local granted, left, back = {}, {}, {}
local beside = false -- whether another primary granted when this epoch had begun
for i, ticket in ipairs(admitted) do
  if not granted_at(ticket) then
    stamp_granted(ticket, times[i])
    beside = beside or times[i] >= floor(state.begun / 1000)
  end
  depart(ticket)
  granted[#granted + 1] = struct.pack('>I8', times[i]) .. struct.pack('>I8', ticket)
end
save_pages()
if beside then
  empty_bucket() -- the tokens that came meanwhile were used there
end
for _, ticket in ipairs(gone) do
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

local horizon = min(tonumber(ARGV[4]), state.next)
if horizon > state.horizon then
  set('horizon', horizon)
  local coarse = load_coarse()
  called_until(coarse, horizon)
  save_coarse(coarse)
end
if ARGV[5] == '1' then
  set('recovering_until', min(state.recovering_until, state.begun + COPY_GRACE))
end
save()
return { DONE, now }
