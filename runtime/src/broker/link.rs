//! The connections to the server: one to listen, one to say something.

use std::cell::Cell;
use std::time::Duration;

use redis::aio::{MultiplexedConnection, PubSubSink, PubSubStream};
use redis::{AsyncConnectionConfig, Client, RedisError, RedisResult};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long the server has for an answer.
const ANSWER: Duration = Duration::from_secs(5);

/// How long somebody waits for a connection, before he is told that there is none.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many channels are asked for at once.
const CHANNELS_AT_ONCE: usize = 500;

/// The pause after a vain attempt: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// Both connections, while they are there. A clone is the same ones.
#[derive(Clone)]
pub(super) struct Link {
    listening: PubSubSink,
    pub(super) commands: MultiplexedConnection,
}

impl Link {
    /// Connects.
    pub(super) async fn open(client: &Client) -> Result<(Self, PubSubStream), String> {
        let opening = async {
            let (listening, stream) = client.get_async_pubsub().await?.split();
            let config = AsyncConnectionConfig::new()
                .set_connection_timeout(Some(ANSWER))
                .set_response_timeout(Some(ANSWER));
            let commands = client.get_multiplexed_async_connection_with_config(&config).await?;
            Ok((Self { listening, commands }, stream))
        };
        match timeout(ANSWER, opening).await {
            Ok(opened) => opened.map_err(|error: RedisError| error.to_string()),
            Err(_) => Err(format!("no answer in {} seconds", ANSWER.as_secs())),
        }
    }

    /// Listens to these channels; ready when nothing can be missed any more.
    pub(super) async fn listen(&mut self, channels: &[String]) -> RedisResult<()> {
        for channels in channels.chunks(CHANNELS_AT_ONCE) {
            in_time(self.listening.subscribe(channels)).await?;
        }
        Ok(())
    }

    /// Does not listen to it any more.
    pub(super) async fn ignore(&mut self, channel: &str) -> RedisResult<()> {
        in_time(self.listening.unsubscribe(channel)).await
    }

    /// Whether the connection that listens is still there: a network may lose one without a word.
    pub(super) async fn check(&mut self) -> RedisResult<()> {
        in_time(self.listening.ping::<redis::Value>()).await.map(drop)
    }
}

async fn in_time<T>(answer: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    timeout(ANSWER, answer).await.unwrap_or_else(|_| {
        Err(RedisError::from(std::io::Error::new(std::io::ErrorKind::TimedOut, "no answer in time")))
    })
}

/// The link, for those who wait for one.
pub(super) struct CurrentLink(watch::Sender<Option<Link>>);

impl CurrentLink {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    pub(super) fn set(&self, link: Option<Link>) {
        self.0.send_replace(link);
    }

    /// The link, if there is one.
    pub(super) fn now(&self) -> Option<Link> {
        self.0.borrow().clone()
    }

    /// The link, as soon as there is one; `None` where that takes too long.
    pub(super) async fn soon(&self) -> Option<Link> {
        let mut links = self.0.subscribe();
        let there = timeout(PATIENCE, links.wait_for(Option::is_some)).await.ok()?.ok()?;
        there.clone()
    }
}

/// How long to wait before the next attempt: longer after each vain one, and not the same in all processes.
pub(super) struct Pauses {
    next: Cell<Duration>,
    /// Between 0.5 and 1.
    share: f64,
}

impl Pauses {
    pub(super) fn new(seed: u64) -> Self {
        let share = 0.5 + f64::from(u32::try_from(seed % 1000).unwrap_or(0)) / 2000.0;
        Self { next: Cell::new(PAUSES.0), share }
    }

    pub(super) fn reset(&self) {
        self.next.set(PAUSES.0);
    }

    pub(super) fn next(&self) -> Duration {
        let pause = self.next.get();
        self.next.set((pause * 2).min(PAUSES.1));
        pause.mul_f64(self.share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_begin_anew() {
        let pauses = Pauses::new(999);
        let first = pauses.next();
        assert!(first <= PAUSES.0 && pauses.next() > first);
        for _ in 0..10 {
            assert!(pauses.next() <= PAUSES.1);
        }
        pauses.reset();
        assert_eq!(pauses.next(), first);
    }
}
