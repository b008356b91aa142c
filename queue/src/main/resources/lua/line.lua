--# needs: constants, clock, history
-- Part: the begin of each room script. Loads state and policy, and tells the time.
--
-- KEYS     the room's keys, in the order of `key` below. To those that end in ':' a number is appended (batch: a gateway process's id).
-- ARGV[1]  the epoch that the caller knows, 0 for none
-- ARGV[2]  the deadline in µs of this clock
-- Reply    each begins with a status and the line's time in µs
-- Cost     about 60 µs, with begin.lua about 100 µs; docs/design/line.md explains the rules (ScriptCosts)

if redis.replicate_commands then
  redis.replicate_commands() -- without it Redis 6.2 refuses writes after TIME; newer versions need no call
end

local key = {
  policy = KEYS[1], state = KEYS[2], changes = KEYS[3], turns = KEYS[4], gateways = KEYS[5], pages = KEYS[6],
  scratch = KEYS[7], alive = KEYS[8], asleep = KEYS[9], came = KEYS[10], departed = KEYS[11], seen = KEYS[12],
  granted = KEYS[13], who = KEYS[14], batch = KEYS[15],
  site = KEYS[16], devices = KEYS[17], active = KEYS[18],
}
local SECOND = 1000000
local JOURNAL = 2048 -- entries
local MAX_LOSSES = 8 -- open at a time
local MAX_KEYED = 1073741824 -- visitor keys
local VISITOR_BUCKETS = 16384 -- hashes that visitor keys are spread over
local COPY_GRACE = 1 * SECOND -- at least, for unknown gateway processes to merge their copies
local PEER_GRACE = 5 * SECOND -- at most, for known gateway processes to merge their copies
local LOSS_GRACE = 10 * SECOND -- for visitors to come back to a line that lost everything
local MOVE_GRACE = 300 * SECOND -- for gateway processes to come to another Redis one by one, with their visitors
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
