--# needs: begin
-- Reads what changed since the caller's copy. Serves a caller of any epoch, also one without a copy. Needs no policy.
--
-- KEYS     a room's, see line.lua
-- ARGV[1]  the epoch of the copy, 0 for none
-- ARGV[3]  the sequence of the copy
-- ARGV[4]  during a full load the segment to go on from, otherwise empty
-- Reply    status, time, header numbers (a list), policy (fields and values), index of segments (from, to, …), open losses (from,
--          to, …), sequence that this answer reaches, 1 if that is the line's, 1 if the copy is void and a full load begins, changes,
--          segments (number, bits, …)
-- Cost     10 µs, 0.2 µs for each change, 10 µs for each segment; at most 16 segments and 128 KB of changes (ScriptCosts)

local MAX_BYTES = 131072
local CHUNK = 64 -- journal entries read at once

if now > tonumber(ARGV[2]) then
  return { LATE, now }
end
if not renew(0) then
  return { NO_POLICY, now }
end

if sessions.limit() then
  sessions.look()
  save()
end

local same_epoch = tonumber(ARGV[1]) == state.epoch
local sequence = tonumber(ARGV[3])
local first_kept = state.sequence - redis.call('LLEN', key.changes) -- the journal reaches back to here
local follows = same_epoch and sequence >= first_kept and sequence <= state.sequence
local changes, bits, lost = {}, {}, {}

local function add_segment(k)
  local used = min(SEGMENT, max(0, state.next - k * SEGMENT))
  local read = used > 0 and redis.call('GETRANGE', key.alive .. text(k), 0, floor((used + 7) / 8) - 1) or ''
  bits[#bits + 1] = k
  bits[#bits + 1] = read
  if used > 0 and read == '' and has_segment(k) then
    lost[#lost + 1] = k
  end
end

--- Reads a slice of a full load; returns whether it was the last.
local function load_from(k)
  local found, cut = segments_from(k, SLICE)
  for _, at in ipairs(found) do
    add_segment(at)
  end
  return not cut
end

--- Reads changes from `sequence` on, up to the limits; returns the sequence that it reached.
local function follow()
  local bytes, whole, named = 0, 0, {}
  local at = sequence
  while at < state.sequence do
    local from = at - first_kept
    for _, entry in ipairs(redis.call('LRANGE', key.changes, from, from + CHUNK - 1)) do
      if string.byte(entry) == 83 then -- S
        local k = struct.unpack('>I8', entry, 2)
        if not named[k] then
          if whole == SLICE then
            return at
          end
          named[k] = true
          whole = whole + 1
          add_segment(k)
        end
      else
        if bytes > MAX_BYTES then
          return at
        end
        bytes = bytes + #entry
        changes[#changes + 1] = entry
      end
      at = at + 1
    end
  end
  return at
end

local complete, full = false, false
if follows and ARGV[4] ~= '' then
  complete = load_from(tonumber(ARGV[4])) and sequence == state.sequence
elseif follows then
  sequence = follow()
  complete = sequence == state.sequence
else
  sequence = state.sequence
  full = true
  complete = load_from(0)
end
while #lost > 0 do -- a lost bitmap must not be read as empty: begin an epoch, and a full load that names the loss
  lose_segments(lost, LOST.alive)
  changes, bits, lost = {}, {}, {}
  sequence = state.sequence
  full = true
  complete = load_from(0)
end

--- Ranges as a list: from, to, from, to, ...
local function flatten(ranges)
  local list = {}
  for _, range in ipairs(ranges) do
    list[#list + 1] = range[1]
    list[#list + 1] = range[2]
  end
  return list
end

local rules = {}
for field, value in pairs(policy) do
  rules[#rules + 1] = field
  rules[#rules + 1] = value
end
return {
  DONE, now,
  {
    state.epoch, state.sequence, state.next, state.horizon, state.tat, state.tat_frac, state.waiting,
    state.joined, state.granted, state.left, state.expired, state.missed, state.generation, state.generation_start,
    state.generation_length, state.recovering_until, state.peers, state.share, state.due or 0,
    state.losses or 0, state.lost_key or 0, state.active or 0, state.sessions_full_until or 0,
  },
  rules, flatten(segment_ranges()), flatten(open_losses()), sequence, complete and 1 or 0, full and 1 or 0, changes, bits,
}
