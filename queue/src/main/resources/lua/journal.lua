--# needs: line
-- Part: the journal of changes, for the gateways' snapshots.

local function journal(entry)
  redis.call('RPUSH', key.changes, entry)
  add('sequence', 1)
end

local function trim_journal()
  redis.call('LTRIM', key.changes, -JOURNAL, -1)
end

--- Notes that many tickets of a segment changed; a snapshot reads it whole.
local function journal_segment(k)
  journal('S' .. struct.pack('>I8', k))
end

--- Journals tickets; `kind` is L (left) or R (restored).
local function journal_tickets(kind, tickets)
  if #tickets > 0 then
    journal(kind .. pack_tickets(tickets))
  end
end
