-- What bench.py asks of wrk, told by the environment:
--   LOAD_METHOD, LOAD_BODY (a file), LOAD_HEADERS (a file of `Name: value` lines), LOAD_DEPTH (requests sent together),
--   LOAD_ROUTES (cycle over that many numbered routes), LOAD_CLOSE=1 (a connection for each request).
local depth = tonumber(os.getenv("LOAD_DEPTH") or "1")
local routes = tonumber(os.getenv("LOAD_ROUTES") or "0")
local body_file = os.getenv("LOAD_BODY")
local header_file = os.getenv("LOAD_HEADERS")

wrk.method = os.getenv("LOAD_METHOD") or "GET"
if body_file then
   local file = assert(io.open(body_file, "rb"))
   wrk.body = file:read("*a")
   file:close()
   wrk.headers["Content-Type"] = "application/json"
end
if header_file then
   for line in io.lines(header_file) do
      local name, value = line:match("^(.-): (.*)$")
      wrk.headers[name] = value
   end
end
if os.getenv("LOAD_CLOSE") == "1" then
   wrk.headers["Connection"] = "close"
end

if depth > 1 then
   local together
   init = function()
      together = string.rep(wrk.format(), depth)
   end
   request = function() return together end
elseif routes > 0 then
   local all, at = {}, 0
   init = function()
      for n = 0, routes - 1 do
         all[n] = wrk.format(nil, string.format("/r%04d/abc", n))
      end
   end
   -- A stride that is coprime to the number of routes visits every one, never in order.
   request = function()
      at = (at + 617) % routes
      return all[at]
   end
end

done = function(summary, latency, requests)
   local e = summary.errors
   io.write(string.format(
      '\nRESULT {"count":%d,"secs":%.6f,"p50_us":%d,"p99_us":%d,"errors":%d}\n',
      summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
      e.connect + e.read + e.write + e.status + e.timeout))
end
