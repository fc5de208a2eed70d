//! Who is in a room: a sorted set, in which everybody stands until a time.
//!
//! The clock is that of the Redis server, so those of the machines need not agree.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Pipeline, RedisResult};

/// Strikes out those whose time is over, and puts these in, or puts off their time. The set itself goes with the last of them.
const STAY: &str = "\
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
for place = 2, #ARGV do
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[1]), ARGV[place])
end
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if last[2] then redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', last[2])) end
return redis.status_reply('OK')";

/// Those whose time is not over.
const WHO: &str = "\
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call('ZRANGEBYSCORE', KEYS[1], string.format('(%.0f', now), '+inf')";

/// How many rooms are kept up with one exchange.
const ROOMS_AT_ONCE: usize = 100;

/// One socket in a room, as the set has it: the process, the number there, and the name where there is one.
pub(super) fn entry(process: &str, id: u64, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{process}:{id}:={name}"),
        None => format!("{process}:{id}:-"),
    }
}

/// The name of an entry.
fn name(entry: &str) -> Option<String> {
    entry.splitn(3, ':').nth(2)?.strip_prefix('=').map(str::to_owned)
}

/// Keeps up all who are in these rooms. What is given are keys, and the entries of each.
pub(super) async fn stay(
    connection: &mut MultiplexedConnection,
    rooms: &[(String, Vec<String>)],
    timeout: Duration,
) -> RedisResult<()> {
    let timeout = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
    for rooms in rooms.chunks(ROOMS_AT_ONCE) {
        let mut commands = Pipeline::with_capacity(rooms.len());
        for (key, entries) in rooms {
            commands.cmd("EVAL").arg(STAY).arg(1).arg(key).arg(timeout).arg(entries).ignore();
        }
        commands.query_async::<()>(connection).await?;
    }
    Ok(())
}

/// Strikes somebody out.
pub(super) async fn leave(connection: &mut MultiplexedConnection, key: &str, entry: &str) -> RedisResult<()> {
    redis::cmd("ZREM").arg(key).arg(entry).query_async(connection).await
}

/// The names of all who are in a room; `None` for one without a name.
pub(super) async fn members(
    connection: &mut MultiplexedConnection,
    key: &str,
) -> RedisResult<Vec<Option<String>>> {
    let entries: Vec<String> = redis::cmd("EVAL").arg(WHO).arg(1).arg(key).query_async(connection).await?;
    Ok(entries.iter().map(|entry| name(entry)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_have_anything_in_it() {
        for given in [None, Some(""), Some("Ann"), Some("a:b=:-"), Some("Jürgen")] {
            assert_eq!(name(&entry("1f", 7, given)).as_deref(), given);
        }
    }
}
