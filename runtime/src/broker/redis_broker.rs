//! What a program sees of rooms that are carried by a Redis server.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use redis::{Client, IntoConnectionInfo};
use tokio::sync::oneshot;

use super::worker::{self, Ask, Change, Mailbox, Unreachable};
use crate::app::http_exception::HttpException;
use crate::app::websocket::{Broker, BrokerFuture, Delivery, Letter};
use crate::error::{Error, Result};

/// After how many seconds somebody may come back who was told that the rooms cannot be reached.
const RETRY_AFTER: u32 = 2;

/// Rooms of all processes that know the same Redis server (5 or later).
///
/// What is said goes through a channel for each room (`PUBLISH`); a process listens, over one connection, to those that a socket of
/// its own is in. Who is there is a sorted set for each room, in which every process keeps its own sockets up: those of one that
/// was killed vanish after [`presence_timeout`](Self::presence_timeout).
///
/// The connections have a thread of their own. When the server is lost, the log says so, joining a room and saying something there
/// fail with 503 (a socket whose view passes that on is closed with 1013), and those who are in rooms stay; when it is back, they go
/// on. What was said meanwhile is lost: a channel keeps nothing.
///
/// ```
/// use std::time::Duration;
///
/// use aiopyramid::broker::RedisBroker;
/// use aiopyramid::prelude::*;
///
/// fn includeme(config: &mut Configurator) -> Result<()> {
///     let broker = RedisBroker::new("redis://127.0.0.1/1")?;
///     config.set_broker(broker.prefix("shop").presence_timeout(Duration::from_secs(60)));
///     Ok(())
/// }
/// # let mut config = Configurator::new();
/// # includeme(&mut config).unwrap();
/// # config.make_app().unwrap();
/// ```
pub struct RedisBroker {
    options: Options,
    mailbox: OnceLock<Mailbox>,
}

/// What is settled before anything is done.
#[derive(Clone)]
pub(super) struct Options {
    pub(super) client: Client,
    /// What the names of all channels and keys begin with.
    pub(super) prefix: String,
    /// After how long somebody is gone whose process says nothing more.
    pub(super) presence_timeout: Duration,
}

impl Options {
    /// Channels know nothing of databases, so the number of ours is a part of their names.
    pub(super) fn channel(&self, room: &str) -> String {
        format!("{}{room}", self.channel_prefix())
    }

    pub(super) fn channel_prefix(&self) -> String {
        format!("{}:{}:room:", self.prefix, self.client.get_connection_info().redis_settings().db())
    }

    pub(super) fn presence_key(&self, room: &str) -> String {
        format!("{}:presence:{room}", self.prefix)
    }
}

impl RedisBroker {
    /// Rooms through the server at this URL: `redis://HOST:PORT/DB`, with `USER:PASSWORD@` before the host where it wants that, or
    /// `redis+unix:///PATH`. Nothing is connected before it is needed, or the application is served.
    ///
    /// # Errors
    /// Where that is no such URL.
    pub fn new(url: &str) -> Result<Self> {
        let info = url.into_connection_info();
        let client = info.and_then(Client::open).map_err(|error| {
            // Not the URL itself: it may have a password in it.
            Error::msg(format!("that is no URL of a Redis server, such as redis://HOST:PORT/DB: {error}"))
        })?;
        let options =
            Options { client, prefix: "aiopyramid".to_owned(), presence_timeout: Duration::from_secs(30) };
        Ok(Self { options, mailbox: OnceLock::new() })
    }

    /// What the names of channels and keys begin with, so that several applications can have one server; `aiopyramid` by default.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.options.prefix = prefix.into();
        self
    }

    /// After how long somebody is not there any more whose process was killed; 30 seconds by default, 1 at least. All processes
    /// should have the same.
    #[must_use]
    pub fn presence_timeout(mut self, timeout: Duration) -> Self {
        self.options.presence_timeout = timeout.max(Duration::from_secs(1));
        self
    }

    fn mailbox(&self) -> &Mailbox {
        self.mailbox.get_or_init(|| worker::start(self.options.clone()))
    }
}

impl Broker for RedisBroker {
    fn start(&self) {
        self.mailbox();
    }

    fn publish<'a>(&'a self, room: &'a str, letter: Letter) -> BrokerFuture<'a, ()> {
        Box::pin(async move {
            let (done, outcome) = oneshot::channel();
            let ask = Ask::Publish { room: room.to_owned(), letter: letter.to_bytes(), done };
            self.mailbox().asks.send(ask).await.map_err(|_| unavailable())?;
            answered(outcome).await
        })
    }

    fn join<'a>(
        &'a self,
        room: &'a str,
        id: u64,
        name: Option<&'a str>,
        delivery: Delivery,
    ) -> BrokerFuture<'a, ()> {
        Box::pin(async move {
            let (done, outcome) = oneshot::channel();
            let join =
                Change::Join { room: room.to_owned(), id, name: name.map(str::to_owned), delivery, done };
            self.mailbox().changes.send(join).map_err(|_| unavailable())?;
            answered(outcome).await
        })
    }

    fn leave(&self, room: &str, id: u64) {
        // Where nobody takes it, nobody is told of rooms either.
        let _ = self.mailbox().changes.send(Change::Leave { room: room.to_owned(), id });
    }

    fn members<'a>(&'a self, room: &'a str) -> BrokerFuture<'a, Vec<Option<String>>> {
        Box::pin(async move {
            let (done, outcome) = oneshot::channel();
            let ask = Ask::Members { room: room.to_owned(), done };
            self.mailbox().asks.send(ask).await.map_err(|_| unavailable())?;
            answered(outcome).await
        })
    }
}

async fn answered<T>(outcome: oneshot::Receiver<std::result::Result<T, Unreachable>>) -> Result<T> {
    match outcome.await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(Unreachable)) | Err(_) => Err(unavailable()),
    }
}

/// What becomes of whatever cannot be done now. What is wrong stands in the log.
fn unavailable() -> Error {
    HttpException::service_unavailable(RETRY_AFTER).with_detail("the rooms cannot be reached").into()
}

impl fmt::Debug for RedisBroker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the server, whose URL may have a password in it.
        f.debug_struct("RedisBroker")
            .field("prefix", &self.options.prefix)
            .field("presence_timeout", &self.options.presence_timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_is_none_is_refused_without_telling_its_password() {
        for url in ["", "127.0.0.1", "http://:secret@127.0.0.1/", "redis://:secret@127.0.0.1/first"] {
            let refused = RedisBroker::new(url).unwrap_err().to_string();
            assert!(refused.contains("redis://HOST:PORT/DB") && !refused.contains("secret"), "{refused}");
        }
        let broker = RedisBroker::new("redis://:secret@127.0.0.1/3").unwrap();
        assert!(!format!("{broker:?}").contains("secret"));
    }

    #[test]
    fn databases_and_prefixes_keep_rooms_apart() {
        let channel =
            |url, prefix: &str| RedisBroker::new(url).unwrap().prefix(prefix).options.channel("red");
        assert_eq!(channel("redis://127.0.0.1", "shop"), "shop:0:room:red");
        assert_eq!(channel("redis://127.0.0.1/2", "shop"), "shop:2:room:red");
    }
}
