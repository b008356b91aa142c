--# needs: bitmaps, losses, journal
-- Part: what the end of turns and the sweep of the silent share.

local one, two = key.scratch .. '1', key.scratch .. '2'

local function delete_scratch()
  redis.call('DEL', one, two)
end

--- Notes that the tickets of this bitmap are gone, while any loss is open: the next loss may be of this segment.
local function mark_segment_departed(k, gone)
  if #open_losses() > 0 then
    local departed = key.departed .. text(k)
    redis.call('BITOP', 'OR', departed, departed, gone)
  end
end

--- Drops a segment that will not be used again, unless it lost a key: the check has yet to find that.
local function drop_if_over(k)
  if (k + 1) * SEGMENT <= min(state.horizon, state.next) and redis.call('BITCOUNT', key.alive .. text(k)) == 0
    and redis.call('BITCOUNT', key.asleep .. text(k)) == 0 and redis.call('EXISTS', key.departed .. text(k)) == 0
    and not lost_key(k) then
    drop_segment(k)
    journal_segment(k)
  end
end
