--# needs: losses, journal
-- Part: the active sessions of a room with `maxActive`. The sorted set `active` has each admitted ticket by the time (ms) when its session
-- runs out. Its member 0 never runs out: without it the set was lost. `state.active` counts the others. A room without `maxActive`
-- reads and writes none of this.

local sessions = {} -- one table, since a script has at most 200 local names
do
  local NO_SESSION = '0' -- no ticket has this number
  local PLACE_PAUSE = SECOND / 4 -- between two questions for a place while none is free

  --- How many sessions may be active; nil for no limit.
  function sessions.limit()
    return tonumber(policy.maxActive)
  end

  --- How long a session lasts without a renewal, ms.
  function sessions.renewal_millis()
    return (tonumber(policy.sessionSeconds) or 0) * 1000
  end

  --- How long an admission may be used without a renewal under these rules, ms: its session may be begun while its reservation is valid.
  function sessions.admission_millis(rules)
    return 1000 * max(tonumber(rules.sessionSeconds) or 0, tonumber(rules.reservationTtlSeconds) or 0)
  end

  --- Makes an empty set.
  function sessions.clear()
    redis.call('DEL', key.active)
    redis.call('ZADD', key.active, 'inf', NO_SESSION)
    set('active', 0)
    set('capped', 1)
  end

  --- Sessions may be active that Redis does not know. The room counts as full until the copies have named them, or all have run out.
  function sessions.lose()
    if sessions.limit() then
      local over = max(floor(now / 1000) + sessions.admission_millis(policy), state.sessions_long_until or 0)
      set('sessions_full_until', max(state.sessions_full_until or 0, over))
      set('sessions_open_until', max(state.sessions_open_until or 0, over))
    end
  end

  --- Whether sessions may be active that Redis does not know.
  local function unknown()
    return floor(now / 1000) < (state.sessions_full_until or 0)
  end

  --- Whether sessions that Redis does not know may go on. From then on they count.
  function sessions.open()
    return floor(now / 1000) < (state.sessions_open_until or 0)
  end

  local looked = false
  --- Drops the sessions that have run out, and finds out whether the set was lost.
  function sessions.look()
    if looked then
      return
    end
    looked = true
    local millis = floor(now / 1000)
    if state.capped ~= 1 or not redis.call('ZSCORE', key.active, NO_SESSION) then
      if state.capped == 1 then
        set('sessions_lost', 1)
        sessions.lose()
      else -- the room has maxActive since now: earlier sessions count from their next renewal on
        set('sessions_open_until', millis + sessions.admission_millis(policy))
      end
      sessions.clear()
    end
    add('active', -redis.call('ZREMRANGEBYSCORE', key.active, '-inf', millis))
  end

  --- How many more visitors may be admitted. Costs 2 µs once in a room with maxActive.
  function sessions.free()
    local most = sessions.limit()
    if not most then
      return math.huge
    end
    sessions.look()
    return unknown() and 0 or most - state.active
  end

  --- Begins the sessions of tickets that were admitted now. `count` counts each of them at once, so that the next one finds no place.
  local begun = {}
  function sessions.count(ticket)
    if sessions.limit() then
      sessions.look()
      begun[#begun + 1] = ticket
      add('active', 1)
    end
  end

  --- Lets these sessions run out at `over` (ms), and tells the gateways. Returns how many were not active before.
  function sessions.keep(tickets, over)
    local members = {}
    for _, ticket in ipairs(tickets) do
      members[#members + 1] = text(over)
      members[#members + 1] = text(ticket)
    end
    journal('A' .. struct.pack('>I8', over) .. pack_tickets(tickets))
    return redis.call('ZADD', key.active, unpack(members))
  end

  --- Begins the sessions that were counted.
  function sessions.begin()
    if #begun > 0 then
      local fresh = sessions.keep(begun, floor(now / 1000) + sessions.admission_millis(policy))
      add('active', fresh - #begun) -- after a loss one may be admitted whose earlier session is active
    end
  end

  --- An admission of `at` (ms) is repeated. Returns whether its session may go on; then its place is held for as long as the admission may
  --- be used under the present policy.
  function sessions.go_on(ticket, at)
    if not sessions.limit() then
      return true
    end
    sessions.look()
    local known = tonumber(redis.call('ZSCORE', key.active, text(ticket)) or 0)
    if known == 0 and not sessions.open() then
      return false
    end
    local over = at + sessions.admission_millis(policy)
    if known < over then
      add('active', sessions.keep({ ticket }, over))
    end
    return true
  end

  --- When Redis is to be asked again for a token and a place, µs. `token`: when the next token comes.
  function sessions.next_admission(token)
    return sessions.free() > 0 and token or max(token, now + PLACE_PAUSE)
  end
end
