-- Part: which history this server's data belongs to. A promotion, a restart and a move of the slot each give another; a replica
-- shares its primary's. Costs 3-4 µs. Tests put one in its place that they set.

local function server_history()
  -- Without it a failover that lost places would look like none: rather no answer.
  return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)') or error('INFO replication tells no master_replid')
end
