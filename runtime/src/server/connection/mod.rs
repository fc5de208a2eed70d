//! One accepted connection: which protocol it speaks, its requests, its end.

mod body;
mod examination;
mod exchange;
#[cfg(feature = "websocket")]
mod farewell;
mod field;
mod forwarding;
mod frame_meter;
mod framing_guard;
mod linger;
mod pieces;
mod protocol;
mod proxy_header;
mod recording;
mod state;
mod stream;
mod stream_watch;
#[cfg(test)]
mod tests;
mod uwsgi;
mod wire;

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

use self::exchange::{Front, Supervised};
use self::protocol::{Driver, End};
use self::stream::Stream;
use self::wire::Wire;
use super::MakeConnectionService;
use super::roster::Roster;
use super::socket::{ReadHalf, Socket};
use crate::protocol::connection_info::ConnectionInfo;

pub(super) use self::protocol::Protocols;
pub(super) use self::state::ConnectionState;

/// Serves one connection to its end, or until it is upgraded; inside TLS where there is any.
pub(super) fn serve<M: MakeConnectionService>(
    socket: Socket,
    info: ConnectionInfo,
    make: &M,
    protocols: Arc<Protocols>,
    roster: Arc<Roster>,
    place: OwnedSemaphorePermit,
) -> impl Future<Output = ()> + Send + use<M> {
    let (read, state) = open(socket, roster, place);
    let stream = stream(read, Bytes::new(), info.secure, &protocols, &state);
    let service = service(make, info, &protocols, &state);
    async move {
        let end = Driver::new(stream, service, protocols, Arc::clone(&state)).await;
        finish(end, &state).await;
    }
}

/// The same for one on which a server in front says first whose it is.
pub(super) fn serve_passed_on<M: MakeConnectionService>(
    socket: Socket,
    mut info: ConnectionInfo,
    make: &M,
    protocols: Arc<Protocols>,
    roster: Arc<Roster>,
    place: OwnedSemaphorePermit,
) -> impl Future<Output = ()> + Send + use<M> {
    let (mut read, state) = open(socket, roster, place);
    let make = make.clone();
    Box::pin(async move {
        let secure = info.secure;
        let Some(rest) = proxy_header::read(&mut read, &state, &mut info).await else {
            tracing::debug!("a connection does not begin with whose it is: closed");
            return;
        };
        let stream = stream(read, rest, secure, &protocols, &state);
        let service = service(&make, info, &protocols, &state);
        let end = Driver::new(stream, service, protocols, Arc::clone(&state)).await;
        finish(end, &state).await;
    })
}

/// The bytes of a connection, the first of which may have been read.
fn stream(
    read: ReadHalf,
    first: Bytes,
    secure: bool,
    protocols: &Protocols,
    state: &Arc<ConnectionState>,
) -> Stream {
    if let Some(tls) = protocols.tls().filter(|_| secure) {
        #[cfg(feature = "tls")]
        {
            state.encrypts();
            return Stream::new(Wire::sealed(tls, read, first, Arc::clone(state)), Arc::clone(state));
        }
        #[cfg(not(feature = "tls"))]
        match *tls {}
    }
    if first.is_empty() {
        return Stream::new(Wire::Plain(read), Arc::clone(state));
    }
    Stream::after(Wire::Plain(read), Arc::clone(state), first)
}

fn service<M: MakeConnectionService>(
    make: &M,
    mut info: ConnectionInfo,
    protocols: &Protocols,
    state: &Arc<ConnectionState>,
) -> Supervised<M::Service> {
    let forwarding = protocols.forwarding().filter(|forwarding| forwarding.trusts(info.remote));
    info.forwarded = forwarding.is_some();
    info.recorded = state.roster().recorder.is_some();
    let info = Arc::new(info);
    let front =
        forwarding.map(|forwarding| Front { forwarding: Arc::clone(forwarding), info: Arc::clone(&info) });
    let recorded = info.recorded.then(|| Arc::clone(&info));
    Supervised::new(make.connect(info), Arc::clone(state)).behind(front).recorded(recorded)
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
    let (read, state) = open(socket, roster, place);
    let stream = Stream::new(Wire::Plain(read), Arc::clone(&state));
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

fn open(
    socket: Socket,
    roster: Arc<Roster>,
    place: OwnedSemaphorePermit,
) -> (ReadHalf, Arc<ConnectionState>) {
    let (read, write) = socket.into_split();
    (read, ConnectionState::new(roster, write, place))
}

async fn finish(end: End, state: &ConnectionState) {
    match end {
        End::Plain => {}
        End::Upgraded => state.upgraded(),
        End::Unread => linger::linger(state).await,
    }
}
