-- Part: the history that this server's data belongs to. A promotion, a restart and a move of the slot each give another one. A replica has
-- its primary's. Costs about 8 µs. Tests replace it with one that they set.

local function server_history()
  -- Without it nobody would notice a failover that lost places: fail instead.
  return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)') or error('INFO replication tells no master_replid')
end
