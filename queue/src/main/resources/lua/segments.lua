--# needs: line
-- Part: the index of segments, and their bitmaps.

local function seen_prefix(generation)
  return key.seen .. text(generation) .. ':'
end

--- Creates a bitmap at its full length: grown in steps it would take twice the memory.
local function make_whole(name)
  if redis.call('EXISTS', name) == 0 then
    redis.call('SETRANGE', name, SEGMENT_BYTES - 1, '\0')
  end
end

-- The index: which segments exist.
local segments

local function segment_ranges()
  segments = segments or parse_ranges(state.segments)
  return segments
end

local function has_segment(k)
  for _, range in ipairs(segment_ranges()) do
    if k < range[2] then
      return k >= range[1]
    end
  end
  return false
end

--- Puts a segment on the index and creates its bitmaps. From then on a missing one was lost.
local function make_segment(k)
  if has_segment(k) then
    return
  end
  local ranges = segment_ranges()
  local at = 1
  while ranges[at] and ranges[at][2] < k do
    at = at + 1
  end
  local here = ranges[at]
  if here and here[2] == k then
    here[2] = k + 1
    if ranges[at + 1] and ranges[at + 1][1] == k + 1 then
      here[2] = ranges[at + 1][2]
      table.remove(ranges, at + 1)
    end
  elseif here and here[1] == k + 1 then
    here[1] = k
  else
    table.insert(ranges, at, { k, k + 1 })
  end
  set('segments', format_ranges(ranges))
  local name = text(k)
  -- Existing bitmaps are left over from before the index was lost.
  redis.call('DEL', key.alive .. name, key.asleep .. name, key.came .. name, key.departed .. name)
  make_whole(key.alive .. name)
  make_whole(key.asleep .. name)
  for generation = max(1, state.generation - 2), state.generation + 1 do
    make_whole(seen_prefix(generation) .. name)
  end
  if state.lost ~= '' then
    make_whole(key.departed .. name)
  end
end

--- Takes a segment off the index, with all its bitmaps.
local function drop_segment(k)
  for at, range in ipairs(segment_ranges()) do
    if range[1] <= k and k < range[2] then
      table.remove(segments, at)
      if k + 1 < range[2] then
        table.insert(segments, at, { k + 1, range[2] })
      end
      if range[1] < k then
        table.insert(segments, at, { range[1], k })
      end
      break
    end
  end
  set('segments', format_ranges(segments))
  local name, generation = text(k), state.generation
  redis.call('DEL', key.alive .. name, key.asleep .. name, key.came .. name, key.departed .. name,
    seen_prefix(generation + 1) .. name, seen_prefix(generation) .. name, seen_prefix(generation - 1) .. name,
    seen_prefix(generation - 2) .. name, seen_prefix(generation - 3) .. name)
end

--- Returns up to `most` segments from `first` on, in order, and whether there are more.
local function segments_from(first, most)
  local found = {}
  for _, range in ipairs(segment_ranges()) do
    for k = max(first, range[1]), range[2] - 1 do
      if #found == most then
        return found, true
      end
      found[#found + 1] = k
    end
  end
  return found, false
end

--- The place of a ticket's bit: segment and offset.
local function place(ticket)
  local k = floor(ticket / SEGMENT)
  return k, ticket - k * SEGMENT
end
