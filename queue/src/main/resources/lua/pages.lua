--# needs: epoch
-- Part: finds lost pages of grant stamps. The sorted set `pages` names each page until it expires.

local PAGES_CHECKED = 16 -- by a tick
local PAGE_SPARE = 60 * 1000 -- ms that a page outlives its last reservation

local lost_pages = {} -- pages that the list names and that are gone
local function note_lost_page(number)
  local expires = redis.call('ZSCORE', key.pages, text(number))
  if expires and tonumber(expires) > (now / 1000) + PAGE_SPARE / 2 then
    lost_pages[#lost_pages + 1] = number
  end
end

--- Begins an epoch if pages are gone, so that the gateways report their grants again.
local function mend_pages()
  if #lost_pages == 0 then
    return false
  end
  for _, number in ipairs(lost_pages) do
    if redis.call('EXISTS', key.granted .. text(number)) == 0 then
      redis.call('ZREM', key.pages, text(number))
    end
  end
  set('pages_until', tonumber(redis.call('ZRANGE', key.pages, -1, -1, 'WITHSCORES')[2] or 0)) -- so that an empty list does not count as lost
  new_epoch(0, LOST.granted, {})
  return true
end

--- Checks the list and some of its pages. Returns the reply that refuses the call if something is lost, otherwise nil.
local function refuse_lost_pages()
  local used_from = (now / 1000) + PAGE_SPARE / 2
  local from = state.pages_cursor or 0
  local listed = redis.call('ZRANGE', key.pages, from, from + PAGES_CHECKED - 1, 'WITHSCORES')
  set_seldom('pages_cursor', #listed == 2 * PAGES_CHECKED and from + PAGES_CHECKED or 0)
  local names, numbers = {}, {}
  for i = 1, #listed, 2 do
    if tonumber(listed[i + 1]) > used_from then
      names[#names + 1], numbers[#numbers + 1] = key.granted .. listed[i], listed[i]
    end
  end
  if #names > 0 and redis.call('TOUCH', unpack(names)) < #names then
    for i, name in ipairs(names) do
      if redis.call('EXISTS', name) == 0 then
        lost_pages[#lost_pages + 1] = tonumber(numbers[i])
      end
    end
  end
  if (state.pages_until or 0) > used_from and redis.call('EXISTS', key.pages) == 0 then
    set('pages_until', 0)
    new_epoch(0, LOST.pages, {})
  elseif not mend_pages() then
    return nil
  end
  save()
  return { STALE_EPOCH, now, state.epoch }
end
