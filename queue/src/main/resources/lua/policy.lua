--# needs: begin, turns
-- Writes the room's policy. Places and tokens are kept. A room that was never served gets a line with a full bucket.
--
-- KEYS     a room's, see line.lua
-- ARGV[1]  the latest epoch that the operator has seen of this line, 0 for none
-- ARGV[2]  not used
-- ARGV[3]  1 for a room that was never served
-- ARGV[4]  the site settings, or empty if they are not sent
-- ARGV[5..]  fields and values of the policy; `site` is the version of the site settings
-- Reply    status, time, U unchanged, W written, N a newer one is there, or S nothing was done: the site settings must be sent
-- Cost     10 µs (ScriptCosts)

local given = {}
for i = 5, #ARGV, 2 do
  given[ARGV[i]] = ARGV[i + 1]
end
local incarnation, generation = given.incarnation, tonumber(given.generation)

local function same(one, other)
  for field, value in pairs(one) do
    if other[field] ~= value then
      return false
    end
  end
  return true
end

if has_policy and policy.incarnation == incarnation and (tonumber(policy.generation) or 0) > generation then
  return { DONE, now, 'N' }
end
local outcome = 'U'
if given.site and (policy.site ~= given.site or redis.call('EXISTS', key.site) == 0) then
  if ARGV[4] == '' then
    return { DONE, now, 'S' }
  end
  redis.call('SET', key.site, ARGV[4])
  outcome = 'W'
end
local before, new_room = policy, state.epoch == nil and ARGV[3] == '1'
if not (same(given, policy) and same(policy, given)) then
  local fields = {}
  for field, value in pairs(given) do
    fields[#fields + 1] = field
    fields[#fields + 1] = value
  end
  redis.call('DEL', key.policy)
  redis.call('HSET', key.policy, unpack(fields))
  policy = given
  has_policy = true
  outcome = 'W'
end

if state.clear_cursor then -- an unfinished removal: the room is used again
  redis.call('HDEL', key.state, 'clear_cursor')
  state.clear_cursor = nil
end
if new_room then
  new_state(floor(now / 1000), floor(now / SECOND * NUMBERS_PER_SECOND))
  set('history', server_history())
  first_bucket(true)
else
  renew(0)
end

local rate, period, burst = tonumber(policy.rate), policy.periodSeconds * SECOND, tonumber(policy.burst)
if rate ~= state.rate or period ~= state.period or burst ~= state.burst then
  new_bucket(rate, period, burst, tokens())
end

-- Visitors poll as the earlier policy told them. Gateways need a moment to learn the new one. Nobody is judged by shorter times until the
-- last such poll is due.
local GATEWAYS_LEARN = 2 * SECOND

--- The longest time to a poll under these ttls (s), µs. PollInterval.java tells it to visitors; the jitter is added here.
local function longest_poll(ttl, turn_ttl)
  local jittered = (100 + POLL_JITTER_PERCENT) * SECOND
  return min(MAX_POLL_SECONDS * jittered / 100, ttl * jittered / (100 * POLLS_PER_TTL), turn_ttl * jittered / (100 * POLLS_PER_TURN))
end

local function seconds(rules, field)
  return tonumber(rules[field]) or math.huge -- a lost policy may have said anything
end

if sessions.limit() then
  sessions.look()
  if new_room then
    set('sessions_open_until', 0) -- there are no earlier sessions
  end
  if sessions.admission_millis(before) > sessions.admission_millis(policy) then -- sessions that began before last as long as they were told
    set('sessions_long_until', max(state.sessions_long_until or 0, floor(now / 1000) + sessions.admission_millis(before)))
  end
elseif state.capped == 1 then
  redis.call('DEL', key.active)
  for _, field in ipairs({ 'capped', 'active', 'sessions_lost', 'sessions_full_until', 'sessions_open_until', 'sessions_long_until' }) do
    set_seldom(field, 0)
  end
end

local ttl_before, turn_ttl_before = seconds(before, 'ttlSeconds'), seconds(before, 'turnTtlSeconds')
local ttl, turn_ttl = seconds(policy, 'ttlSeconds'), seconds(policy, 'turnTtlSeconds')
if not new_room and (ttl < ttl_before or turn_ttl < turn_ttl_before) then
  set('polls_due', max(state.polls_due or 0, now + GATEWAYS_LEARN + longest_poll(ttl_before, turn_ttl_before)))
end
if turn_ttl < turn_ttl_before then
  shorten_turns(turn_ttl_before * SECOND, turn_ttl * SECOND, max(0, (state.polls_due or 0) - now))
end
-- A new ttl is in force at once: this generation begins again with the new length, and nobody is judged by shorter ones.
local length = generation_micros(ttl_micros())
if length ~= state.generation_length then
  set('generation_start', max(now, state.polls_due or 0))
  set('generation_length', length)
  set('generation_full', max(state.generation_full, state.generation))
end
save()
return { DONE, now, outcome }
