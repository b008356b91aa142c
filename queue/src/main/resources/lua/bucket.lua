--# needs: line
-- Part: the token bucket. GCRA in its virtual-scheduling form (ITU-T I.371). `tat` is the theoretical arrival time of the next grant, in
-- µs plus a fraction of tat_frac / rate µs, so the interval T = period / rate is exact. All numbers are whole and below 2^53.
-- The state has its own copy of the rate, so that tokens can be carried over when the policy changes or was lost.

--- The time of n tokens, as µs and a fraction.
local function intervals(n)
  local rate = state.rate
  local whole, frac = floor(state.period / rate), state.period % rate
  return n * whole + floor(n * frac / rate), n * frac % rate
end

--- The time of a full bucket.
local function depth()
  local whole, frac = intervals(state.burst)
  if whole > MAX_MICROS then
    return MAX_MICROS, 0
  end
  return whole, frac
end

--- What tat would be after one more grant, counting from `from`.
local function after_grant(from, from_frac)
  local whole, frac = intervals(1)
  whole, frac = from + whole, from_frac + frac
  if frac >= state.rate then
    return whole + 1, frac - state.rate
  end
  return whole, frac
end

--- Takes a token; returns whether there was one.
local function take_token()
  local from, from_frac = state.tat, state.tat_frac
  if from < now then
    from, from_frac = now, 0
  end
  local whole, frac = after_grant(from, from_frac)
  local most, most_frac = depth()
  if whole - now > most or (whole - now == most and frac > most_frac) then
    return false
  end
  set('tat', whole)
  set('tat_frac', frac)
  return true
end

--- When the bucket has a token, µs; not after now if it has one.
local function next_token()
  local whole, frac = after_grant(state.tat, state.tat_frac)
  local most, most_frac = depth()
  return whole - most + (frac > most_frac and 1 or 0)
end

--- How many tokens there are, including the part of the next one.
local function exact_tokens()
  local most = depth()
  return max(0, (most - max(0, state.tat - now)) / state.period * state.rate)
end

--- How many whole tokens there are.
local function tokens()
  local ahead, ahead_frac = 0, 0
  if state.tat >= now then
    ahead, ahead_frac = state.tat - now, state.tat_frac
  end
  local most, most_frac = depth()
  local left, left_frac = most - ahead, most_frac - ahead_frac
  if left_frac < 0 then
    left, left_frac = left - 1, left_frac + state.rate
  end
  if left < 0 then
    return 0
  end
  local count = min(state.burst, floor(left / state.period * state.rate) + 1)
  while true do -- the division may be off by the last bit
    local whole, frac = intervals(count)
    if whole < left or (whole == left and frac <= left_frac) then
      return count
    end
    count = count - 1
  end
end

--- Gives the bucket this rate, period (µs) and burst, with `held` tokens in it.
local function new_bucket(rate, period, burst, held)
  set('rate', rate)
  set('period', period)
  set('burst', burst)
  local most, most_frac = depth()
  local whole, frac = intervals(min(held, burst))
  whole, frac = most - whole, most_frac - frac
  if frac < 0 then
    whole, frac = whole - 1, frac + rate
  end
  set('tat', now + max(0, whole))
  set('tat_frac', whole < 0 and 0 or frac)
end

--- Takes all tokens.
local function empty_bucket()
  new_bucket(state.rate, state.period, state.burst, 0)
end
