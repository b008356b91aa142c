--# needs: begin, journal, granted
-- Takes ticket numbers for a batch of joins, or finds the tickets that visitors have already. Admits joins that ask for it: while nobody
-- is ahead and there are tokens, or in mode Pass. A visitor key that was admitted already gets that admission again.
--
-- KEYS     a room's, see line.lua
-- ARGV[3]  the batch's number, growing. The last number again gets the same answers.
-- ARGV[4]  the highest ticket number that the caller has seen
-- ARGV[5]  how many joins, 1..256
-- ARGV[6]  for each join with a visitor key: its place in the batch (2 bytes, from 0, ascending) and its hash (12 bytes)
-- ARGV[7]  the id of the calling gateway process. Its last answers are kept under batch:<id> for 60 s.
-- ARGV[8]  for each join that asks to be admitted: its place in the batch (2 bytes)
-- Reply    status, time, answers, admissions. Answers: runs of 18 bytes. How many joins (2), the first one's ticket (8), issued
--          at in ms (8). The tickets of a run are consecutive. Ticket 0: mode Reject. Ticket 1: the line is full, and the limit stands in
--          place of the time. Admissions: for each join that is admitted its place in the batch (2), and when in ms (8).
-- Cost     n/8 bytes of bitmap for n joins without a visitor key; about 3 µs for each visitor hash; 3 µs for each admission (ScriptCosts)

local number, highest_seen, count, visitors = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local ANSWERS_LIVE = 60 -- s
local ADMISSION_BYTES = 10

local asks = {} -- by place in the batch: whether the join asks to be admitted
for at = 1, #ARGV[8], 2 do
  asks[struct.unpack('>I2', ARGV[8], at)] = true
end

--- The segments whose keys the answers depend on. An admission depends on all: tickets asleep in them are ahead.
local function used_segments()
  if #ARGV[8] > 0 and state.waiting == 0 then
    local found, cut = segments_from(0, SLICE)
    if not cut then
      return found
    end
  end
  return { (place(max(state.next, highest_seen + 1))) }
end

local refusal = refuse(highest_seen) or refuse_lost(used_segments(), state.generation, state.generation)
if refusal then
  return refusal
end
local answered = redis.call('GET', key.batch .. ARGV[7])
if answered then
  local seen = #number
  if string.sub(answered, 1, seen + 1) == number .. ' ' then
    local admissions = struct.unpack('>I2', answered, seen + 2) * ADMISSION_BYTES
    return { DONE, now, string.sub(answered, seen + 4 + admissions), string.sub(answered, seen + 4, seen + 3 + admissions) }
  end
end

local issued = floor(now / 1000)
local most = tonumber(policy.maxLength) or math.huge
local first = max(state.next, highest_seen + 1)
local next_number = first
local passing = policy.mode == 'Pass'
local answers, admissions = {}, {}
local admitted, is_admitted = {}, {} -- new tickets
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

local function note_admission(index, at)
  admissions[#admissions + 1] = struct.pack('>I2I8', index, at)
end

--- How many more may wait.
local function room()
  return policy.mode == 'Reject' and 0 or most - state.waiting - (next_number - first - #admitted)
end

--- Whether no ticket before this batch has a place, or may get one back.
local function nobody_ahead()
  if state.waiting > 0 or #open_losses() > 0 then
    return false
  end
  local found, cut = segments_from(0, SLICE)
  for _, k in ipairs(found) do
    if redis.call('BITCOUNT', key.asleep .. text(k)) > 0 then
      return false
    end
  end
  return not cut
end

local open -- whether the next ticket may be admitted; nil until that is looked at
local function may_admit()
  if open == nil then
    open = not is_recovering() and (passing or policy.mode == 'Queue' and nobody_ahead())
  end
  if open then
    open_page(next_number)
  end
  return open and #lost_pages == 0 and (passing or sessions.free() > 0)
end

--- Issues a ticket to the join at this place in the batch, and admits it. Returns false if that may not be.
local function issue_admitted(index)
  if not (asks[index] and may_admit() and (passing or take_token())) then
    return false
  end
  answer(next_number, issued, 1)
  note_admission(index, issued)
  stamp_granted(next_number, issued)
  sessions.count(next_number)
  admitted[#admitted + 1] = next_number
  is_admitted[next_number] = true
  next_number = next_number + 1
  return true
end

--- Issues tickets that wait for `times` joins, as far as there is room.
local function issue_waiting(times)
  local taken = max(0, min(times, room()))
  if taken > 0 then
    answer(next_number, issued, taken)
    next_number = next_number + taken
    open = passing and open -- from now on somebody is ahead
  end
  if taken < times then
    answer(TICKET_FULL, most, times - taken)
  end
end

--- Issues new tickets for the joins [from, to) of the batch.
local function issue(from, to)
  if policy.mode == 'Reject' then
    return answer(TICKET_REJECTED, issued, to - from)
  end
  while from < to and #ARGV[8] > 0 and open ~= false do
    if not issue_admitted(from) then
      issue_waiting(1)
    end
    from = from + 1
  end
  issue_waiting(to - from)
end

local function has_place(ticket)
  return ticket >= first and not is_admitted[ticket] or get_bit(key.alive, ticket) == 1 or get_bit(key.asleep, ticket) == 1
end

--- Answers a visitor key with its ticket if that still counts, otherwise with a new one.
local function answer_visitor(hash, index)
  local bucket = key.who .. text(struct.unpack('>I2', hash) % VISITOR_BUCKETS)
  local free = room() > 0 or passing and asks[index] and may_admit()
  local mine = free and struct.pack('>I8I8', next_number, issued)
  if mine and redis.call('HSETNX', bucket, hash, mine) == 1 then
    add('keyed', 1)
    add('keyed_anew', 1)
    return issue(index, index + 1)
  end
  local held = redis.call('HGET', bucket, hash)
  if held then
    local ticket, since = struct.unpack('>I8I8', held)
    local waits = has_place(ticket)
    local granted = not waits and asks[index] and granted_at(ticket)
    granted = granted and sessions.go_on(ticket, granted) and granted
    if granted then
      note_admission(index, granted)
    end
    if waits or granted or may_come_back(ticket) or asks[index] and #lost_pages > 0 then
      return answer(ticket, since, 1)
    end
  end
  if mine then
    redis.call('HSET', bucket, hash, mine)
  end
  issue(index, index + 1)
end

local answered_to = 0
for at = 1, #visitors, 2 + VISITOR_HASH_BYTES do
  local index = struct.unpack('>I2', visitors, at)
  local hash = string.sub(visitors, at + 2, at + 1 + VISITOR_HASH_BYTES)
  if index > answered_to then
    issue(answered_to, index)
  end
  answer_visitor(hash, index)
  answered_to = index + 1
end
if answered_to < count then
  issue(answered_to, count)
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

--- Takes the admitted tickets out of the line. In mode Queue they count as called: a gateway that does not know them asks Redis.
local function admit_all()
  watch(admitted)
  for _, ticket in ipairs(admitted) do
    put_bit(key.alive, ticket, 0)
  end
  save_pages()
  sessions.begin()
  add('granted', #admitted)
  journal('G' .. struct.pack('>I8', issued) .. pack_tickets(admitted))
  if not passing then
    set('horizon', max(state.horizon, admitted[#admitted] + 1))
  end
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
  add('waiting', next_number - first - #admitted)
  add('joined', next_number - first)
  journal('J' .. struct.pack('>I8I8', first, next_number))
  if #admitted > 0 then
    admit_all()
  end
  trim_journal()
end
local packed, packed_admissions = table.concat(answers), table.concat(admissions)
redis.call('SET', key.batch .. ARGV[7], number .. ' ' .. struct.pack('>I2', #admissions) .. packed_admissions .. packed, 'EX', ANSWERS_LIVE)
mend_pages()
save()
return { DONE, now, packed, packed_admissions }
