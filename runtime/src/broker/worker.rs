//! The thread that has the connections.
//!
//! An application has several event loops, and may have been made on none; the connections outlive each of them. So they live in a
//! thread of their own, which is asked by messages.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use std::thread;

use bytes::Bytes;
use futures_core::Stream;
use redis::aio::PubSubStream;
use redis::{Msg, RedisError};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::sleep;

use super::link::{CurrentLink, Link, Pauses};
use super::presence;
use super::redis_broker::Options;
use crate::app::websocket::{Delivery, Letter};

/// How many questions may wait for the thread.
const ASKS: usize = 1024;

/// The server cannot be reached, or did not do what it was asked for; the log says why.
#[derive(Debug)]
pub(super) struct Unreachable;

type Done<T> = oneshot::Sender<Result<T, Unreachable>>;

/// What the thread is asked to do.
pub(super) enum Ask {
    Publish { room: String, letter: Bytes, done: Done<()> },
    Members { room: String, done: Done<Vec<Option<String>>> },
}

/// Who comes and goes. These wait in one line, so that nobody goes before having come.
pub(super) enum Change {
    Join { room: String, id: u64, name: Option<String>, delivery: Delivery, done: Done<()> },
    Leave { room: String, id: u64 },
}

/// Where the thread is spoken to.
pub(super) struct Mailbox {
    pub(super) asks: mpsc::Sender<Ask>,
    /// As many as sockets come and go; leaving cannot wait.
    pub(super) changes: mpsc::UnboundedSender<Change>,
}

/// Starts the thread. It ends when nobody can speak to it any more.
pub(super) fn start(options: Options) -> Mailbox {
    let (asks, asked) = mpsc::channel(ASKS);
    let (changes, changed) = mpsc::unbounded_channel();
    let spawned = thread::Builder::new().name("aiopyramid-rooms".to_owned()).spawn(move || {
        match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => {
                LocalSet::new().block_on(&runtime, Rc::new(Worker::new(options)).run(asked, changed));
            }
            Err(error) => tracing::error!("no event loop for the rooms: {error}"),
        }
    });
    if let Err(error) = spawned {
        tracing::error!("no thread for the rooms: {error}");
    }
    Mailbox { asks, changes }
}

struct Worker {
    options: Options,
    channel_prefix: String,
    /// What tells the sockets of this process from those of others.
    process: String,
    rooms: RefCell<HashMap<String, Here>>,
    link: CurrentLink,
    /// That a connection seems to be lost.
    lost: Notify,
    pauses: Pauses,
}

/// Who of this process is in a room.
struct Here {
    delivery: Delivery,
    /// As the set has them, by number.
    entries: HashMap<u64, String>,
}

impl Worker {
    fn new(options: Options) -> Self {
        let seed = RandomState::new().hash_one(std::process::id());
        Self {
            channel_prefix: options.channel_prefix(),
            options,
            process: format!("{seed:x}"),
            rooms: RefCell::default(),
            link: CurrentLink::new(),
            lost: Notify::new(),
            pauses: Pauses::new(seed),
        }
    }

    async fn run(
        self: Rc<Self>,
        mut asked: mpsc::Receiver<Ask>,
        mut changed: mpsc::UnboundedReceiver<Change>,
    ) {
        spawn_local(Rc::clone(&self).keep_connected());
        spawn_local(Rc::clone(&self).keep_present());
        // The end of this is the end of the tasks.
        loop {
            tokio::select! {
                biased;
                change = changed.recv() => match change {
                    Some(Change::Join { room, id, name, delivery, done }) => {
                        let entry = presence::entry(&self.process, id, name.as_deref());
                        self.join(room, (id, entry), delivery, done);
                    }
                    Some(Change::Leave { room, id }) => self.leave(room, id),
                    None => return,
                },
                ask = asked.recv() => match ask {
                    Some(ask) => drop(spawn_local(Rc::clone(&self).answer(ask))),
                    None => return,
                },
            }
        }
    }

    async fn answer(self: Rc<Self>, ask: Ask) {
        match ask {
            Ask::Publish { room, letter, done } => {
                let _ = done.send(self.publish(&room, &letter).await);
            }
            Ask::Members { room, done } => {
                let _ = done.send(self.members(&room).await);
            }
        }
    }

    async fn publish(&self, room: &str, letter: &[u8]) -> Result<(), Unreachable> {
        let mut link = self.link.soon().await.ok_or(Unreachable)?;
        let mut command = redis::cmd("PUBLISH");
        command.arg(self.options.channel(room)).arg(letter);
        command.query_async(&mut link.commands).await.map_err(|error| self.failed(&error))
    }

    async fn members(&self, room: &str) -> Result<Vec<Option<String>>, Unreachable> {
        let mut link = self.link.soon().await.ok_or(Unreachable)?;
        let key = self.options.presence_key(room);
        presence::members(&mut link.commands, &key).await.map_err(|error| self.failed(&error))
    }

    fn join(self: &Rc<Self>, room: String, who: (u64, String), delivery: Delivery, done: Done<()>) {
        {
            let mut rooms = self.rooms.borrow_mut();
            let here =
                rooms.entry(room.clone()).or_insert_with(|| Here { delivery, entries: HashMap::new() });
            here.entries.insert(who.0, who.1.clone());
        }
        let this = Rc::clone(self);
        spawn_local(async move {
            let _ = done.send(this.bring_in(&room, who).await);
        });
    }

    async fn bring_in(&self, room: &str, (id, entry): (u64, String)) -> Result<(), Unreachable> {
        let mut link = self.link.soon().await.ok_or(Unreachable)?;
        // Also where others are there already: it may be that they are still waiting for this.
        link.listen(&[self.options.channel(room)]).await.map_err(|error| self.failed(&error))?;
        let key = self.options.presence_key(room);
        let rooms = [(key, vec![entry])];
        let stayed = presence::stay(&mut link.commands, &rooms, self.options.presence_timeout).await;
        stayed.map_err(|error| self.failed(&error))?;
        let [(key, entries)] = rooms;
        if !self.is_here(room, id) {
            // Gone meanwhile, and perhaps struck out before being put in.
            let _ = presence::leave(&mut link.commands, &key, &entries[0]).await;
            return Err(Unreachable);
        }
        Ok(())
    }

    fn is_here(&self, room: &str, id: u64) -> bool {
        self.rooms.borrow().get(room).is_some_and(|here| here.entries.contains_key(&id))
    }

    fn leave(self: &Rc<Self>, room: String, id: u64) {
        let mut rooms = self.rooms.borrow_mut();
        let Some(here) = rooms.get_mut(&room) else { return };
        let Some(entry) = here.entries.remove(&id) else { return };
        if here.entries.is_empty() {
            rooms.remove(&room);
        }
        drop(rooms);
        let this = Rc::clone(self);
        spawn_local(async move {
            // Where there is none, there is nothing to listen to, and the time of the entry runs out.
            let Some(mut link) = this.link.now() else { return };
            if !this.rooms.borrow().contains_key(&room)
                && let Err(error) = link.ignore(&this.options.channel(&room)).await
            {
                this.failed(&error);
            }
            let key = this.options.presence_key(&room);
            if let Err(error) = presence::leave(&mut link.commands, &key, &entry).await {
                this.failed(&error);
            }
        });
    }

    /// Connects, hands over what comes, and connects again, for as long as the thread lives.
    async fn keep_connected(self: Rc<Self>) {
        let mut complained = false;
        loop {
            match self.connect().await {
                Ok((link, stream)) => {
                    if complained {
                        tracing::info!("the server of the rooms is there again");
                    }
                    self.pauses.reset();
                    self.link.set(Some(link));
                    self.hand_over(stream).await;
                    self.link.set(None);
                    tracing::warn!("the server of the rooms is lost: nobody can join one until it is back");
                    complained = true;
                }
                Err(error) => {
                    if !complained {
                        tracing::warn!(
                            "the server of the rooms cannot be reached, and nobody can join one until it is: {error}"
                        );
                    }
                    complained = true;
                    sleep(self.pauses.next()).await;
                }
            }
        }
    }

    /// A link that listens to all rooms, with everybody present.
    async fn connect(&self) -> Result<(Link, PubSubStream), String> {
        let (mut link, stream) = Link::open(&self.options.client).await?;
        let channels: Vec<String> =
            self.rooms.borrow().keys().map(|room| self.options.channel(room)).collect();
        let restored = async {
            link.listen(&channels).await?;
            self.stay(&mut link).await
        };
        restored.await.map_err(|error| error.to_string())?;
        Ok((link, stream))
    }

    /// Gives what comes to the sockets, until the connection is lost.
    async fn hand_over(&self, mut stream: PubSubStream) {
        // What seemed to be lost before was another connection.
        poll_fn(|cx| {
            let _ = pin!(self.lost.notified()).poll(cx);
            Poll::Ready(())
        })
        .await;
        loop {
            tokio::select! {
                message = next(&mut stream) => match message {
                    Some(message) => self.deliver(&message),
                    None => return,
                },
                () = self.lost.notified() => return,
            }
        }
    }

    fn deliver(&self, message: &Msg) {
        let Some(room) = message.get_channel_name().strip_prefix(&self.channel_prefix) else { return };
        let Some(letter) = Letter::from_bytes(Bytes::copy_from_slice(message.get_payload_bytes())) else {
            tracing::debug!("something came for the room `{room}` that is no letter");
            return;
        };
        let delivery = self.rooms.borrow().get(room).map(|here| here.delivery.clone());
        if let Some(delivery) = delivery {
            delivery.deliver(letter);
        }
    }

    /// Keeps everybody present, and finds out whether the connections are.
    async fn keep_present(self: Rc<Self>) {
        loop {
            sleep(self.options.presence_timeout / 3).await;
            let Some(mut link) = self.link.now() else { continue };
            let kept = async {
                link.check().await?;
                self.stay(&mut link).await
            };
            if let Err(error) = kept.await {
                self.failed(&error);
            }
        }
    }

    async fn stay(&self, link: &mut Link) -> Result<(), RedisError> {
        let rooms: Vec<_> = self
            .rooms
            .borrow()
            .iter()
            .map(|(room, here)| (self.options.presence_key(room), here.entries.values().cloned().collect()))
            .collect();
        presence::stay(&mut link.commands, &rooms, self.options.presence_timeout).await
    }

    /// What is made of an error: new connections where they are lost, and a line in the log where the server refuses.
    fn failed(&self, error: &RedisError) -> Unreachable {
        if error.is_io_error() || error.is_timeout() || error.is_connection_dropped() {
            self.lost.notify_one();
        } else {
            tracing::warn!("the server of the rooms refuses: {error}");
        }
        Unreachable
    }
}

async fn next(stream: &mut PubSubStream) -> Option<Msg> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await
}
