--# needs: segments
-- Part: the bits of single tickets, and the writing of all changes.

-- Bits of single tickets. A batch names its tickets first (`watch`, which returns the segments that are new). Then a segment's bitmap is
-- read once and written once, by `save`. A command for each bit would cost four times as much.
local spans, windows = {}, {}

local function watch(tickets)
  local found = {}
  for i = 1, #tickets do
    local k, offset = place(tickets[i])
    local byte = floor(offset / 8)
    local span = spans[k]
    if not span then
      spans[k] = { byte, byte }
      found[#found + 1] = k
    elseif byte < span[1] then
      span[1] = byte
    elseif byte > span[2] then
      span[2] = byte
    end
  end
  return found
end

--- The watched part of a bitmap.
local function open_window(prefix, k)
  local of = windows[prefix]
  if not of then
    of = {}
    windows[prefix] = of
  end
  local window = of[k]
  if not window then
    local span = spans[k]
    local bytes = has_segment(k) and redis.call('GETRANGE', prefix .. text(k), span[1], span[2]) or ''
    window = { bytes = bytes, before = span[1] - 1, changed = {} }
    of[k] = window
  end
  return window
end

local function get_bit(prefix, ticket)
  local k = floor(ticket / SEGMENT)
  local offset = ticket - k * SEGMENT
  if not spans[k] then
    return has_segment(k) and redis.call('GETBIT', prefix .. text(k), offset) or 0
  end
  local window = windows[prefix] and windows[prefix][k] or open_window(prefix, k)
  local index = floor(offset / 8)
  local byte = window.changed[index] or string.byte(window.bytes, index - window.before) or 0
  return bit.band(bit.rshift(byte, 7 - offset + index * 8), 1)
end

--- Sets the bit of a watched ticket.
local function put_bit(prefix, ticket, value)
  local k = floor(ticket / SEGMENT)
  local offset = ticket - k * SEGMENT
  local window = windows[prefix] and windows[prefix][k] or open_window(prefix, k)
  local index = floor(offset / 8)
  local byte = window.changed[index] or string.byte(window.bytes, index - window.before) or 0
  local mask = bit.lshift(1, 7 - offset + index * 8)
  window.changed[index] = value == 1 and bit.bor(byte, mask) or bit.band(byte, bit.bnot(mask))
  window.dirty = true
end

--- Writes entries of `width` bytes at their indices, consecutive ones with one command.
local function write_runs(name, entries, width, skip)
  local order = {}
  for index in pairs(entries) do
    order[#order + 1] = index
  end
  table.sort(order)
  local from = 1
  while from <= #order do
    local run, at = {}, from
    repeat
      run[#run + 1] = entries[order[at]]
      at = at + 1
    until order[at] ~= order[at - 1] + 1
    redis.call('SETRANGE', name, skip + order[from] * width, table.concat(run))
    from = at
  end
end

local function write_bits()
  for prefix, of in pairs(windows) do
    for k, window in pairs(of) do
      if window.dirty then
        local name = prefix .. text(k)
        if window.bytes == '' then
          redis.call('SETRANGE', name, SEGMENT_BYTES - 1, '\0')
        end
        for index, byte in pairs(window.changed) do
          window.changed[index] = string.char(byte)
        end
        write_runs(name, window.changed, 1, 0)
      end
    end
  end
  windows = {}
end

--- Writes all changed bits and fields.
local function save()
  write_bits()
  set('clock', now)
  local fields = {}
  for field in pairs(dirty) do
    local value = state[field]
    fields[#fields + 1] = field
    fields[#fields + 1] = TEXTS[field] and value or string.format('%.17g', value)
  end
  if #fields > 0 then
    redis.call('HSET', key.state, unpack(fields))
  end
  dirty = {}
end
