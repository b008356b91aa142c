--# needs: clock, history, line, bucket, begin
-- Makes the room's policy this one. Places and tokens are kept. A room that was never served gets a line with a full bucket.
--
-- ARGV[3]  1 for a room that was never served
-- ARGV[4..]  the policy's fields and values
-- Reply    status, time, U unchanged, W written or N a newer one is there
-- Cost     40 µs.

local given = {}
for i = 4, #ARGV, 2 do
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
local ttl_before = tonumber(policy.ttlSeconds) or 0
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

if state.epoch == nil and ARGV[3] == '1' then
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
-- A new ttl is in force at once: this generation of beats begins again at the new length, and nobody is judged by shorter ones.
local length = generation_micros(ttl_micros())
if length ~= state.generation_length then
  -- Whom gateways told to poll later than the new ttl allows (Statuses: a sixth of the ttl, at most 30 s, and a fifth of it more) has that time.
  local promised = tonumber(policy.ttlSeconds) < ttl_before and min(36 * SECOND, ttl_before * SECOND / 5) or 0
  set('generation_start', now + promised)
  set('generation_length', length)
  set('generation_full', state.generation)
end
save()
return { DONE, now, outcome }
