//! One accepted connection: which protocol it speaks, its requests, its end.

mod body;
mod examination;
mod exchange;
#[cfg(feature = "websocket")]
mod farewell;
mod field;
mod linger;
mod pieces;
mod protocol;
mod state;
mod stream;
mod stream_watch;
#[cfg(test)]
mod tests;
mod uwsgi;

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;

use self::exchange::Supervised;
use self::protocol::{Driver, End};
use self::stream::Stream;
use super::MakeConnectionService;
use super::roster::Roster;
use super::socket::Socket;
use crate::protocol::connection_info::ConnectionInfo;

pub(super) use self::protocol::Protocols;
pub(super) use self::state::ConnectionState;

/// Serves one connection to its end, or until it is upgraded.
pub(super) fn serve<M: MakeConnectionService>(
    socket: Socket,
    info: ConnectionInfo,
    make: &M,
    protocols: Arc<Protocols>,
    roster: Arc<Roster>,
    place: OwnedSemaphorePermit,
) -> impl Future<Output = ()> + Send + use<M> {
    let (stream, state) = open(socket, roster, place);
    let service = Supervised::new(make.connect(Arc::new(info)), Arc::clone(&state));
    async move {
        let end = Driver::new(stream, service, protocols, Arc::clone(&state)).await;
        finish(end, &state).await;
    }
}

/// The same for one on which a server in front speaks uwsgi; `trusted` says whether its peer may.
pub(super) fn serve_uwsgi<M: MakeConnectionService>(
    socket: Socket,
    trusted: bool,
    make: &M,
    protocols: Arc<Protocols>,
    roster: Arc<Roster>,
    place: OwnedSemaphorePermit,
) -> impl Future<Output = ()> + Send + use<M> {
    let (stream, state) = open(socket, roster, place);
    let make = make.clone();
    async move {
        let end = if trusted {
            uwsgi::serve(stream, make, protocols, Arc::clone(&state)).await
        } else {
            uwsgi::turn_away(&state)
        };
        finish(end, &state).await;
    }
}

fn open(socket: Socket, roster: Arc<Roster>, place: OwnedSemaphorePermit) -> (Stream, Arc<ConnectionState>) {
    let (read, write) = socket.into_split();
    let state = ConnectionState::new(roster, write, place);
    (Stream::new(read, Arc::clone(&state)), state)
}

async fn finish(end: End, state: &ConnectionState) {
    match end {
        End::Plain => {}
        End::Upgraded => state.upgraded(),
        End::Unread => linger::linger(state).await,
    }
}
