--# needs: turns
-- Part: called visitors who come for the first time.

--- Counts the tickets in their cohorts, and learns how long their visitors took.
local function note_arrivals(tickets)
  watch(tickets)
  local recent, cohort, counted = load_recent(), 1, false
  for _, ticket in ipairs(tickets) do
    if ticket < state.horizon and has_segment(floor(ticket / SEGMENT)) and get_bit(key.came, ticket) == 0 then
      put_bit(key.came, ticket, 1)
      while recent[cohort] and recent[cohort].stop <= ticket do
        cohort = cohort + 1
      end
      local mine = recent[cohort]
      local seconds = mine and mine.first <= ticket and (turn_time() - mine.time) / SECOND
      if seconds and seconds < ANSWER / SECOND then
        mine.came = mine.came + 1
        counted = true
        set('delay', max(0.5, state.delay + 0.02 * (2 * seconds - state.delay)))
      end
    end
  end
  write_bits() -- before a segment may be dropped
  if counted then
    save_recent(recent)
  end
end
