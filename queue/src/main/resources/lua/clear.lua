--# needs: bits
-- Removes a room's keys, a slice with each call.
--
-- KEYS     a room's, see line.lua
-- Reply    1 if there is more to remove, 0 if all is gone
-- Cost     2 µs for each key; at most 16 segments, 64 pages of grant stamps and 512 buckets of visitor keys (ScriptCosts)

local PAGES, BUCKETS = 64, 512
local more = false

-- Without a policy no script begins this line anew.
redis.call('DEL', key.policy, key.site, key.devices)
if state.epoch then
  local found, cut = segments_from(0, SLICE)
  for _, k in ipairs(found) do
    drop_segment(k)
  end
  more = cut
  local cursor = state.clear_cursor or 0
  if cursor < VISITOR_BUCKETS then
    for bucket = cursor, cursor + BUCKETS - 1 do
      redis.call('DEL', key.who .. text(bucket))
    end
    set('clear_cursor', cursor + BUCKETS)
    more = true
  end
end
local pages = redis.call('ZRANGE', key.pages, 0, PAGES - 1)
for _, page in ipairs(pages) do
  redis.call('DEL', key.granted .. page)
  redis.call('ZREM', key.pages, page)
end
more = more or #pages == PAGES
if more then
  save()
  return { 1 }
end
local gateways = redis.call('HKEYS', key.gateways)
for _, gateway in ipairs(gateways) do
  redis.call('DEL', key.batch .. gateway)
end
redis.call('DEL', key.state, key.changes, key.turns, key.gateways, key.pages, key.active, key.scratch .. '1', key.scratch .. '2',
  key.scratch .. '3', key.scratch .. '4')
return { 0 }
