-- Tries each command that the scripts call. Its key is not among KEYS, as most keys of a line are not, and is gone at the end.
--
-- KEYS[1]  a prefix of its own
-- Reply    master_replid and maxmemory-policy (each empty if Redis does not tell it), then command and error for each call that failed
-- Cost     65 µs (ScriptCosts)

if redis.replicate_commands then
  redis.replicate_commands()
end
local key = KEYS[1] .. '1'
local calls = {
  { 'TIME' },
  { 'DEL', key },
  { 'SET', key, 'x', 'PX', '1000' }, -- expires soon, in case DEL is refused
  { 'GET', key },
  { 'EXISTS', key },
  { 'TOUCH', key },
  { 'PEXPIRE', key, '1000' },
  { 'GETRANGE', key, '0', '0' },
  { 'SETRANGE', key, '0', 'x' },
  { 'GETBIT', key, '0' },
  { 'BITCOUNT', key },
  { 'BITOP', 'NOT', key, key },
  { 'DEL', key },
  { 'HSET', key, 'f', 'x' },
  { 'HSETNX', key, 'f', 'x' },
  { 'HGET', key, 'f' },
  { 'HMGET', key, 'f' },
  { 'HKEYS', key },
  { 'HGETALL', key },
  { 'HDEL', key, 'f' },
  { 'RPUSH', key, 'x' },
  { 'LLEN', key },
  { 'LRANGE', key, '0', '0' },
  { 'LTRIM', key, '1', '0' },
  { 'ZADD', key, '1', 'x' },
  { 'ZRANGE', key, '0', '0' },
  { 'ZSCORE', key, 'x' },
  { 'ZREMRANGEBYSCORE', key, '2', '2' },
  { 'ZREM', key, 'x' },
  { 'DEL', key },
}
local reply = { '', '' }

local function call(...)
  local result = redis.pcall(...)
  if type(result) == 'table' and result.err then
    reply[#reply + 1] = (...)
    reply[#reply + 1] = result.err
    return nil
  end
  return result
end

local replication = call('INFO', 'replication')
local memory = call('INFO', 'memory')
reply[1] = replication and string.match(replication, 'master_replid:(%x+)') or ''
reply[2] = memory and string.match(memory, 'maxmemory_policy:([%w-]+)') or ''
for i = 1, #calls do
  call(unpack(calls[i]))
end
return reply
