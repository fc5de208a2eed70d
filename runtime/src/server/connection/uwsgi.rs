//! A connection on which a server in front speaks uwsgi.
//!
//! The packet is read here and translated; from then on the connection is one of HTTP/1.1 with one request. What differs is
//! how the answer ends: the servers in front expect a body without a length to end with the connection, and know no chunks.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::StatusCode;
use tokio::io::{AsyncRead, ReadBuf};

use super::exchange::Supervised;
use super::protocol::{Driver, End, Protocols};
use super::state::{ConnectionState, Order};
use super::stream::Stream;
use crate::protocol::connection_info::ConnectionInfo;
use crate::protocol::uwsgi::{self, Front, HEADER, Refusal, Translated};
use crate::server::MakeConnectionService;

/// What one read may take in: both servers in front send most packets in one piece that is no longer.
const PIECE: usize = 4096;

/// Serves a connection to its end, or until it is upgraded.
pub(super) async fn serve<M: MakeConnectionService>(
    mut stream: Stream,
    make: M,
    protocols: Arc<Protocols>,
    state: Arc<ConnectionState>,
) -> End {
    state.speaks_uwsgi();
    let mut packet = Vec::new();
    match poll_fn(|context| poll_packet(&mut stream, &state, &mut packet, context)).await {
        Packet::Whole { end } => match uwsgi::translate(&packet[HEADER..end]) {
            Ok(Translated { mut head, front }) => {
                head.extend_from_slice(&packet[end..]);
                drop(packet);
                stream.stand_in(head);
                let mut info = connection_info(front);
                info.recorded = state.roster().recorder.is_some();
                let info = Arc::new(info);
                let recorded = info.recorded.then(|| Arc::clone(&info));
                let service = Supervised::new(make.connect(info), Arc::clone(&state)).recorded(recorded);
                Driver::of_http1(stream, service, protocols, state).await
            }
            Err(refusal) => refuse(&state, refusal),
        },
        Packet::Refused(refusal) => refuse(&state, refusal),
        Packet::None(end) => end,
    }
}

/// Tells a peer that its packets are not read.
pub(super) fn turn_away(state: &ConnectionState) -> End {
    let text = "This peer is not among those that may speak uwsgi here.\n";
    refuse(state, Refusal { status: StatusCode::FORBIDDEN, text })
}

fn connection_info(front: Front) -> ConnectionInfo {
    let mut info = ConnectionInfo::new(front.client, front.reached);
    info.secure = front.secure;
    info.script_name = front.script_name;
    info
}

/// Answers what is no request. Nothing has been written yet, so there is room for it.
fn refuse(state: &ConnectionState, Refusal { status, text }: Refusal) -> End {
    tracing::debug!(%status, text = text.trim_end(), "a packet of uwsgi is refused");
    let length = text.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{text}"
    );
    match state.socket().try_write(answer.as_bytes()) {
        Ok(_) => End::Unread,
        Err(_) => End::Plain,
    }
}

/// What was read before any request.
enum Packet {
    /// A packet, perhaps with the start of the body behind its `end`.
    Whole {
        end: usize,
    },
    Refused(Refusal),
    None(End),
}

/// Reads until `packet` is whole. What is kept grows with what has arrived, whatever length the packet claims.
fn poll_packet(
    stream: &mut Stream,
    state: &ConnectionState,
    packet: &mut Vec<u8>,
    context: &mut Context<'_>,
) -> Poll<Packet> {
    state.remember(context);
    match state.order() {
        Order::Linger => return Poll::Ready(Packet::None(End::Unread)),
        Order::Cut => return Poll::Ready(Packet::None(End::Plain)),
        Order::Close if packet.is_empty() => return Poll::Ready(Packet::None(End::Plain)),
        Order::Close | Order::Rest | Order::None => {}
    }
    loop {
        if let Some(header) = packet.first_chunk() {
            match uwsgi::block_length(*header) {
                Ok(length) if packet.len() >= HEADER + length => {
                    return Poll::Ready(Packet::Whole { end: HEADER + length });
                }
                Ok(_) => {}
                Err(refusal) => return Poll::Ready(Packet::Refused(refusal)),
            }
        }
        match ready!(poll_piece(stream, packet, context)) {
            Ok(1..) => {}
            // Nobody has asked for anything, and nobody is there to be told that.
            Ok(0) | Err(_) => return Poll::Ready(Packet::None(End::Plain)),
        }
    }
}

fn poll_piece(
    stream: &mut Stream,
    packet: &mut Vec<u8>,
    context: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    let mut room = [0; PIECE];
    let mut room = ReadBuf::new(&mut room);
    ready!(Pin::new(stream).poll_read(context, &mut room))?;
    packet.extend_from_slice(room.filled());
    Poll::Ready(Ok(room.filled().len()))
}
