--# needs: begin, journal
-- Takes ticket numbers for a batch of joins, or finds the tickets that visitors have already.
--
-- KEYS     a room's, see line.lua
-- ARGV[3]  the batch's number, growing. The last number again gets the same answers.
-- ARGV[4]  the highest ticket number that the caller has seen
-- ARGV[5]  how many joins, 1..256
-- ARGV[6]  for each join with a visitor key: its place in the batch (2 bytes, from 0, ascending) and its hash (12 bytes)
-- ARGV[7]  the id of the calling gateway process. Its last answers are kept under batch:<id> for 60 s.
-- Reply    status, time, answers: runs of 18 bytes. How many joins (2), the first one's ticket (8), issued at in ms (8). The tickets of
--          a run are consecutive. Ticket 0: mode Reject. Ticket 1: the line is full, and the limit stands in place of the time.
-- Cost     n/8 bytes of bitmap for n joins without a visitor key; about 3 µs for each visitor hash (ScriptCosts)

local number, highest_seen, count, visitors = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local ANSWERS_LIVE = 60 -- s

local refusal = refuse(highest_seen)
  or refuse_lost({ (place(max(state.next, highest_seen + 1))) }, state.generation, state.generation)
if refusal then
  return refusal
end
local answered = redis.call('GET', key.batch .. ARGV[7])
if answered then
  local seen = #number
  if string.sub(answered, 1, seen + 1) == number .. ' ' then
    return { DONE, now, string.sub(answered, seen + 2) }
  end
end

local issued = floor(now / 1000)
local most = tonumber(policy.maxLength) or math.huge
local first = max(state.next, highest_seen + 1)
local next_number = first
local answers = {}
local run_length, run_first, run_issued = 0, 0, 0

local function end_run()
  if run_length > 0 then
    answers[#answers + 1] = struct.pack('>I2I8I8', run_length, run_first, run_issued)
  end
  run_length = 0
end

--- Adds the same answer for `times` joins, or that many consecutive tickets.
local function answer(ticket, at, times)
  if run_length > 0 and run_issued == at and (ticket > TICKET_FULL and ticket == run_first + run_length or ticket <= TICKET_FULL and ticket == run_first) then
    run_length = run_length + times
  else
    end_run()
    run_length, run_first, run_issued = times, ticket, at
  end
end

--- How many more may join.
local function room()
  return policy.mode == 'Reject' and 0 or most - state.waiting - (next_number - first)
end

--- Issues new tickets for `times` joins, as far as there is room.
local function issue(times)
  if policy.mode == 'Reject' then
    return answer(TICKET_REJECTED, issued, times)
  end
  local taken = max(0, min(times, room()))
  if taken > 0 then
    answer(next_number, issued, taken)
    next_number = next_number + taken
  end
  if taken < times then
    answer(TICKET_FULL, most, times - taken)
  end
end

local function still_held(ticket)
  return ticket >= first or get_bit(key.alive, ticket) == 1 or get_bit(key.asleep, ticket) == 1
    or may_come_back(ticket)
end

--- Answers a visitor key with its ticket if that still counts, otherwise with a new one.
local function answer_visitor(hash)
  local bucket = key.who .. text(struct.unpack('>I2', hash) % VISITOR_BUCKETS)
  local mine = room() > 0 and struct.pack('>I8I8', next_number, issued)
  if mine and redis.call('HSETNX', bucket, hash, mine) == 1 then
    add('keyed', 1)
    add('keyed_anew', 1)
    return issue(1)
  end
  local held = redis.call('HGET', bucket, hash)
  if held then
    local ticket, since = struct.unpack('>I8I8', held)
    if still_held(ticket) then
      return answer(ticket, since, 1)
    end
  end
  if mine then
    redis.call('HSET', bucket, hash, mine)
  end
  issue(1)
end

local answered_to = 0
for at = 1, #visitors, 2 + VISITOR_HASH_BYTES do
  local place_in_batch = struct.unpack('>I2', visitors, at)
  local hash = string.sub(visitors, at + 2, at + 1 + VISITOR_HASH_BYTES)
  if place_in_batch > answered_to then
    issue(place_in_batch - answered_to)
  end
  answer_visitor(hash)
  answered_to = place_in_batch + 1
end
if answered_to < count then
  issue(count - answered_to)
end
end_run()

--- Sets the bits [from, to) of a segment's bitmap; no bit from `to` on is set yet.
local function set_bits(name, from, to)
  local first_byte, last_byte = floor(from / 8), floor((to - 1) / 8)
  local bytes = { string.rep('\255', last_byte - first_byte + 1) }
  local before = string.byte(redis.call('GETRANGE', name, first_byte, first_byte)) or 0
  local head = bit.bor(before, bit.rshift(255, from - first_byte * 8))
  local tail = bit.band(255, bit.lshift(255, last_byte * 8 + 8 - to))
  if first_byte == last_byte then
    bytes[1] = string.char(bit.bor(before, bit.band(head, tail)))
  else
    bytes[1] = string.char(head) .. string.sub(bytes[1], 2, -2) .. string.char(tail)
  end
  redis.call('SETRANGE', name, first_byte, bytes[1])
end

if next_number > first then
  local from = first
  while from < next_number do
    local k, offset = place(from)
    local to = min(next_number, (k + 1) * SEGMENT)
    make_segment(k)
    local seen = seen_prefix(state.generation) .. text(k)
    set_bits(key.alive .. text(k), offset, offset + to - from)
    set_bits(seen, offset, offset + to - from)
    from = to
  end
  set('next', next_number)
  add('waiting', next_number - first)
  add('joined', next_number - first)
  journal('J' .. struct.pack('>I8I8', first, next_number))
  trim_journal()
end
local packed = table.concat(answers)
redis.call('SET', key.batch .. ARGV[7], number .. ' ' .. packed, 'EX', ANSWERS_LIVE)
save()
return { DONE, now, packed }
