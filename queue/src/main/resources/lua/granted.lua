-- Part: who was admitted, and when, for as long as the reservation may still be asked for. A page has 1,016 tickets: 8 bytes base (ms
-- since 1970), then for each ticket 4 bytes: 1 + ms since the base, 0 for none; 4,072 bytes, which is what the allocator gives.

local PAGE = 1016
local PAGE_BYTES = 8 + 4 * PAGE
local MOST_STAMP = 4294967294
local PAGE_SPARE = 60 * 1000 -- ms that a page outlives its last reservation

local function reservation_millis()
  return (tonumber(policy.reservationTtlSeconds) or 0) * 1000
end

local page_bases = {}
local function page_base(name)
  local base = page_bases[name]
  if not base then
    local head = redis.call('GETRANGE', name, 0, 7)
    base = #head == 8 and struct.unpack('>I8', head) or 0
    page_bases[name] = base
  end
  return base
end

--- When a ticket was admitted, ms since 1970; nil where it was not, or its reservation is over.
local function granted_at(ticket)
  local page = floor(ticket / PAGE)
  local name = key.granted .. text(page)
  local base = page_base(name)
  if base == 0 then
    return nil
  end
  local offset = 8 + 4 * (ticket - page * PAGE)
  local stamp = struct.unpack('>I4', redis.call('GETRANGE', name, offset, offset + 3))
  if stamp == 0 then
    return nil
  end
  local at = base + stamp - 1
  if floor(now / 1000) - at > reservation_millis() then
    return nil
  end
  return at
end

local touched = {}
--- Notes that a ticket was admitted at `at`, ms since 1970.
local function stamp_granted(ticket, at)
  local page = floor(ticket / PAGE)
  local name = key.granted .. text(page)
  local base = page_base(name)
  if base > at or base + MOST_STAMP <= at then
    redis.call('DEL', name) -- what is this far from the rest can only come from a page that nobody needs
    base = 0
  end
  if base == 0 then
    base = at
    page_bases[name] = base
    redis.call('SETRANGE', name, PAGE_BYTES - 1, '\0')
    redis.call('SETRANGE', name, 0, struct.pack('>I8', base))
  end
  redis.call('SETRANGE', name, 8 + 4 * (ticket - page * PAGE), struct.pack('>I4', at - base + 1))
  touched[page] = name
end

--- Lets the pages that were written go with their reservations.
local function expire_pages()
  local live = reservation_millis() + PAGE_SPARE
  for page, name in pairs(touched) do
    redis.call('PEXPIRE', name, live)
    redis.call('ZADD', key.pages, now / 1000 + live, text(page))
  end
end
