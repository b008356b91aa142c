--# needs: line
-- Reads grant stamps, page by page, for a gateway process without a copy: the journal names only later admissions. Changes nothing.
-- Serves a caller of any epoch, since tickets of two epochs never collide.
--
-- KEYS     a room's, see line.lua
-- ARGV[3]  pages to read, 8 bytes each, at most 16. Empty: list the pages.
-- Reply    status, time, a list. Of each page its bytes as in granted.lua, empty if it is gone. Or the numbers, as text, of the 1,024
--          pages that were written last, the latest last.
-- Cost     6 µs for each page that is read; 160 µs for a list of 1,024 (ScriptCosts)

local MAX_PAGES = 1024

local wanted = unpack_tickets(ARGV[3])
if #wanted == 0 then
  return { DONE, now, redis.call('ZRANGE', key.pages, -MAX_PAGES, -1) }
end
local pages = {}
for i, page in ipairs(wanted) do
  pages[i] = redis.call('GETRANGE', key.granted .. text(page), 0, -1)
end
return { DONE, now, pages }
