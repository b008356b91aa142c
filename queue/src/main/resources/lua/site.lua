--# needs: line
-- Reads the site settings. Needs no line.
--
-- KEYS     a room's, see line.lua
-- ARGV[2]  the deadline in µs of this clock
-- Reply    status, time, the version of the settings, the settings; both are empty if Redis has none
-- Cost     0.2 µs for each KB (ScriptCosts)

if now > tonumber(ARGV[2]) then
  return { LATE, now }
end
return { DONE, now, policy.site or '', redis.call('GET', key.site) or '' }
