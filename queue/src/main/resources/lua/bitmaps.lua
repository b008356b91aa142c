--# needs: segments
-- Part: counts and cuts whole bitmaps of segments.

--- How many of the first `width` bits of a byte are set, from the most significant on.
local function count_head(byte, width)
  local count = 0
  for i = 1, width do
    if bit.band(byte, bit.lshift(1, 8 - i)) ~= 0 then
      count = count + 1
    end
  end
  return count
end

local function byte_at(name, index)
  return string.byte(redis.call('GETRANGE', name, index, index)) or 0
end

--- How many bits are set in [0, offset) of a bitmap.
local function count_before(name, offset)
  local whole = floor(offset / 8)
  local count = whole > 0 and redis.call('BITCOUNT', name, 0, whole - 1) or 0
  if offset % 8 > 0 then
    count = count + count_head(byte_at(name, whole), offset % 8)
  end
  return count
end

--- The offset after the n-th set bit.
local function behind_nth(name, n)
  local low, high = 0, SEGMENT_BYTES - 1 -- the byte is within this range
  local before = 0 -- set bits before `low`
  while low < high do
    local middle = floor((low + high) / 2)
    local count = redis.call('BITCOUNT', name, low, middle)
    if before + count >= n then
      high = middle
    else
      before = before + count
      low = middle + 1
    end
  end
  local byte = byte_at(name, low)
  for width = 1, 8 do
    if before + count_head(byte, width) == n then
      return low * 8 + width
    end
  end
  return low * 8 + 8
end

--- Clears the bits [0, offset).
local function clear_before(name, offset)
  local whole = floor(offset / 8)
  if whole > 0 then
    redis.call('SETRANGE', name, 0, string.rep('\0', whole))
  end
  if offset % 8 > 0 then
    redis.call('SETRANGE', name, whole, string.char(bit.band(byte_at(name, whole), bit.rshift(255, offset % 8))))
  end
end

--- Writes a bitmap in which the bits [0, offset) are set.
local function put_mask(name, offset)
  local whole = floor(offset / 8)
  local mask = string.rep('\255', whole)
  if offset % 8 > 0 then
    mask = mask .. string.char(bit.band(255, bit.bnot(bit.rshift(255, offset % 8))))
  end
  redis.call('SET', name, mask)
end
