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
    let (read, write) = socket.into_split();
    let state = ConnectionState::new(roster, write, place);
    let stream = Stream::new(read, Arc::clone(&state));
    let service = Supervised::new(make.connect(Arc::new(info)), Arc::clone(&state));
    async move {
        let end = Driver::new(stream, service, protocols, Arc::clone(&state)).await;
        match end {
            End::Plain => {}
            End::Upgraded => state.upgraded(),
            End::Unread => linger::linger(&state).await,
        }
    }
}
