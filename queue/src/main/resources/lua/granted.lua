--# needs: pages
-- Part: which tickets were admitted, and when, for as long as the reservation may be asked for again. A page has 1,016 tickets: 8 bytes
-- base (ms since 1970), then for each ticket 4 bytes: 1 + ms since the base, 0 for none. That is 4,072 bytes, which fits the allocator's
-- size. The base is 25 days before the page's first grant, since gateways report their grants in no order after a loss.

local PAGE_BYTES = 8 + 4 * PAGE
local MAX_STAMP = 4294967294
local BEFORE_THE_FIRST = 2147483648

local function reservation_millis()
  return (tonumber(policy.reservationTtlSeconds) or 0) * 1000
end

local pages = {} -- by number: name, base, bytes, and the stamps to write
local function open_page(ticket)
  local number = floor(ticket / PAGE)
  local page = pages[number]
  if not page then
    local name = key.granted .. text(number)
    local bytes = redis.call('GETRANGE', name, 0, -1)
    page = { name = name, bytes = bytes, base = #bytes > 0 and struct.unpack('>I8', bytes) or 0, stamps = {} }
    pages[number] = page
    if bytes == '' then
      note_lost_page(number)
    end
  end
  return page, ticket - number * PAGE
end

--- When a ticket was admitted, ms since 1970; nil if it was not, or its reservation is over.
local function granted_at(ticket)
  local page, index = open_page(ticket)
  if page.base == 0 then
    return nil
  end
  local stamp = 0
  if page.stamps[index] then
    stamp = struct.unpack('>I4', page.stamps[index])
  elseif page.bytes ~= '' then
    stamp = struct.unpack('>I4', page.bytes, 9 + 4 * index)
  end
  if stamp == 0 then
    return nil
  end
  local at = page.base + stamp - 1
  if floor(now / 1000) - at > reservation_millis() then
    return nil
  end
  return at
end

--- Notes that a ticket was admitted at `at`, ms since 1970.
local function stamp_granted(ticket, at)
  local page, index = open_page(ticket)
  if page.base == 0 or page.base > at or page.base + MAX_STAMP <= at then
    -- Nobody needs a page with stamps this far from `at`: begin it anew.
    page.base, page.bytes, page.stamps, page.new = max(1, at - BEFORE_THE_FIRST), '', {}, true
  end
  page.stamps[index] = struct.pack('>I4', at - page.base + 1)
  page.dirty = true
end

--- Forgets that a ticket was admitted: its session has ended, and nobody may repeat its admission.
local function forget_grant(ticket)
  local page, index = open_page(ticket)
  if page.base > 0 then
    page.stamps[index] = '\0\0\0\0'
    page.dirty = true
  end
end

--- Puts a ticket's page on the list again if the list was lost.
local function name_page(ticket)
  local page, _ = open_page(ticket)
  if not page.named and not redis.call('ZSCORE', key.pages, text(floor(ticket / PAGE))) then
    page.dirty = true
  end
  page.named = true
end

--- Writes the stamps, and lets the pages expire after their reservations.
local function save_pages()
  local live = reservation_millis() + PAGE_SPARE
  for number, page in pairs(pages) do
    if page.dirty then
      if page.new then
        redis.call('DEL', page.name)
        redis.call('SETRANGE', page.name, PAGE_BYTES - 1, '\0')
        redis.call('SETRANGE', page.name, 0, struct.pack('>I8', page.base))
      end
      write_runs(page.name, page.stamps, 4, 8)
      redis.call('PEXPIRE', page.name, live)
      redis.call('ZADD', key.pages, now / 1000 + live, text(number))
      set('pages_until', now / 1000 + live)
    end
  end
end
