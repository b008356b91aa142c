--# needs: line
-- Reads the active sessions, those that run out first, for a gateway process without a copy. Serves a caller of any epoch. Changes nothing.
--
-- KEYS     a room's, see line.lua
-- ARGV[3]  a time, ms: sessions that run out earlier are left out
-- Reply    status, time, 1 if there are more, and ticket, when it runs out (ms), …, as texts
-- Cost     0.6 µs for each session; at most 2,048 (ScriptCosts)

local MOST = 2048
local NO_SESSION = '0'

local listed = redis.call('ZRANGE', key.active, ARGV[3], '+inf', 'BYSCORE', 'LIMIT', 0, MOST, 'WITHSCORES')
local more = #listed == 2 * MOST
if listed[#listed - 1] == NO_SESSION then
  listed[#listed], listed[#listed - 1] = nil, nil
  more = false
end
return { DONE, now, more and 1 or 0, listed }
