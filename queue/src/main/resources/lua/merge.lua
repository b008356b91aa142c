--# needs: clock, history, line, bucket, begin, granted, turns
-- Merges a slice of a gateway's copy of the line, from an earlier epoch. Each ticket becomes the further along of the two, where Redis
-- can speak for it; where it lost its knowledge, the copy speaks. Repeatable. Needs no policy.
--
-- ARGV[3]  everything below was known to the copy; ARGV[4] its horizon; ARGV[5] its bucket's tat (µs); ARGV[6] 1 for the last slice
-- ARGV[7]  acknowledged tickets from ARGV[3] on that wait; ARGV[8] departed ones; ARGV[9] admitted ones, ARGV[10] when (ms); 8 bytes each
-- ARGV[11] segments, 8 bytes each, at most 16; ARGV[12..] their alive bits, empty for none
-- Reply    status, time
-- Cost     30 µs a segment, 3 µs a ticket.

local refusal = refuse(0, true)
if refusal then
  return refusal
end

local known_below = min(tonumber(ARGV[3]), state.base)
local scratch = key.scratch .. '1'

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

local function merge_segment(k, copy)
  local name, begins = text(k), k * SEGMENT
  if begins >= known_below then
    return
  end
  local present = has_segment(k)
  if not present and copy == '' then
    redis.call('HSET', key.merged, name, text(max(known_below, merged_below(k))))
    return
  end
  make_segment(k)
  local alive = key.alive .. name
  copy = copy .. string.rep('\0', SEGMENT_BYTES - #copy)
  local here = redis.call('GETRANGE', alive, 0, -1)
  local two = key.scratch .. '2'
  redis.call('SET', two, copy)
  -- Where Redis knows: departed in either is departed.
  local merged = present and combine('AND', alive, two) or string.rep('\0', SEGMENT_BYTES)
  -- Where it does not, up to what the copy knew: as in the copy, but for those that departed since.
  local speaks = copy
  if redis.call('EXISTS', key.departed .. name) == 1 then
    redis.call('BITOP', 'AND', scratch, two, key.departed .. name)
    speaks = combine('XOR', scratch, two)
  end
  for _, loss in ipairs(open_losses()) do
    local from = max(loss[1], merged_below(k)) - begins
    local to = min(loss[2], known_below) - begins
    if from < to then
      merged = splice(splice(merged, speaks, from), merged, to)
    end
  end
  -- Above it, as it is.
  merged = splice(merged, here, known_below - begins)
  if merged ~= here then
    local before = redis.call('BITCOUNT', alive)
    redis.call('SET', two, merged)
    redis.call('BITOP', 'AND', alive, two, two)
    add('waiting', redis.call('BITCOUNT', alive) - before)
    local seen = seen_prefix(state.generation) .. name
    redis.call('BITOP', 'OR', seen, seen, alive)
    local asleep = key.asleep .. name
    if redis.call('EXISTS', asleep) == 1 then -- awake now
      redis.call('BITOP', 'AND', scratch, asleep, alive)
      redis.call('BITOP', 'XOR', asleep, asleep, scratch)
    end
    journal_segment(k)
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

for i, k in ipairs(unpack_tickets(ARGV[11])) do
  merge_segment(k, ARGV[11 + i])
end
redis.call('DEL', scratch, key.scratch .. '2')

local granted, left, back = {}, {}, {}
local times = unpack_tickets(ARGV[10])
for i, ticket in ipairs(unpack_tickets(ARGV[9])) do
  if not granted_at(ticket) then
    stamp_granted(ticket, times[i])
  end
  depart(ticket)
  granted[#granted + 1] = struct.pack('>I8', times[i]) .. struct.pack('>I8', ticket)
end
expire_pages()
for _, ticket in ipairs(unpack_tickets(ARGV[8])) do
  if depart(ticket) then
    left[#left + 1] = ticket
  end
end
for _, ticket in ipairs(unpack_tickets(ARGV[7])) do
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
local tat = tonumber(ARGV[5]) + 1 -- its fraction is not told
if tat > state.tat then
  set('tat', tat)
  set('tat_frac', 0)
end
if ARGV[6] == '1' then
  set('recovering_until', min(state.recovering_until, state.begun + COPY_GRACE))
end
save()
return { DONE, now }
