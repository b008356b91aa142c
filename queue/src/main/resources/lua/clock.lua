-- Part: the server's clock. Tests replace it with one that they set.

--- µs since 1970.
local function server_micros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end
