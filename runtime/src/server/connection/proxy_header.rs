//! The line by which a server in front says whose connection it passes on: the PROXY protocol, version 1 and 2.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Poll, ready};

use bytes::Bytes;
use ppp::{HeaderResult, PartialResult, v1, v2};
use tokio::io::{AsyncRead, ReadBuf};

use super::super::socket::ReadHalf;
use super::state::{ConnectionState, Order};
use crate::protocol::connection_info::ConnectionInfo;

/// The most bytes of a header, with whatever extensions a server in front adds.
const LONGEST: usize = 4096;

/// How a header of version 1 begins.
const VERSION_1: &[u8] = b"PROXY ";

/// The type of the extension that says whether the client speaks TLS, and the bit in its first byte that says yes.
const SSL: u8 = 0x20;
const CLIENT_SSL: u8 = 1;

/// Reads the header, and puts down in `info` what it says. What was read beyond it is given back.
///
/// `None` where the connection does not begin with one; nothing else is to be said to whoever is there.
pub(super) async fn read(
    socket: &mut ReadHalf,
    state: &ConnectionState,
    info: &mut ConnectionInfo,
) -> Option<Bytes> {
    let mut read: Vec<u8> = Vec::new();
    loop {
        let arrived = poll_fn(|context| {
            state.remember(context);
            if matches!(state.order(), Order::Cut | Order::Close | Order::Linger) {
                return Poll::Ready(None);
            }
            let mut room = [0; 1024];
            let mut room = ReadBuf::new(&mut room);
            let polled = ready!(Pin::new(&mut *socket).poll_read(context, &mut room));
            Poll::Ready(polled.ok().map(|()| room.filled().to_vec()))
        });
        let arrived = arrived.await.filter(|arrived| !arrived.is_empty())?;
        read.extend_from_slice(&arrived);
        // The parser takes some beginnings of a line for a whole one with a fault in it.
        let header = if is_part_of_line(&read) { None } else { Some(HeaderResult::parse(&read)) };
        let Some(header) = header.filter(|header| !header.is_incomplete()) else {
            if read.len() > LONGEST {
                return None;
            }
            continue;
        };
        let length = match header {
            HeaderResult::V1(header) => take_v1(&header.ok()?, info),
            HeaderResult::V2(header) => take_v2(&header.ok()?, info),
        };
        return Some(Bytes::copy_from_slice(read.get(length..)?));
    }
}

/// Whether this is the beginning of a header of version 1, which is a line.
fn is_part_of_line(read: &[u8]) -> bool {
    let length = read.len().min(VERSION_1.len());
    read[..length] == VERSION_1[..length] && !read.windows(2).any(|end| end == b"\r\n")
}

fn take_v1(header: &v1::Header<'_>, info: &mut ConnectionInfo) -> usize {
    match header.addresses {
        v1::Addresses::Tcp4(pair) => {
            info.remote = Some(SocketAddr::new(pair.source_address.into(), pair.source_port));
            info.local = Some(SocketAddr::new(pair.destination_address.into(), pair.destination_port));
        }
        v1::Addresses::Tcp6(pair) => {
            info.remote = Some(SocketAddr::new(pair.source_address.into(), pair.source_port));
            info.local = Some(SocketAddr::new(pair.destination_address.into(), pair.destination_port));
        }
        v1::Addresses::Unknown => {}
    }
    header.header.len()
}

fn take_v2(header: &v2::Header<'_>, info: &mut ConnectionInfo) -> usize {
    // A server in front that asks on its own behalf, for instance whether this one lives.
    if header.command == v2::Command::Proxy {
        match header.addresses {
            v2::Addresses::IPv4(pair) => {
                info.remote = Some(SocketAddr::new(pair.source_address.into(), pair.source_port));
                info.local = Some(SocketAddr::new(pair.destination_address.into(), pair.destination_port));
            }
            v2::Addresses::IPv6(pair) => {
                info.remote = Some(SocketAddr::new(pair.source_address.into(), pair.source_port));
                info.local = Some(SocketAddr::new(pair.destination_address.into(), pair.destination_port));
            }
            v2::Addresses::Unix(_) | v2::Addresses::Unspecified => {}
        }
        let is_secure = |value: &v2::TypeLengthValue<'_>| {
            value.kind == SSL && value.value.first().is_some_and(|bits| bits & CLIENT_SSL != 0)
        };
        if header.tlvs().filter_map(Result::ok).any(|value| is_secure(&value)) {
            info.secure = true;
        }
    }
    header.as_bytes().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_looked_at_when_it_is_whole() {
        let line = b"PROXY TCP4 198.51.100.1 192.0.2.1 4711 443\r\n";
        for length in 0..line.len() {
            let part = &line[..length];
            assert!(is_part_of_line(part) || HeaderResult::parse(part).is_incomplete(), "{length}");
        }
        assert!(!is_part_of_line(line));
        assert!(!is_part_of_line(b"\r\n\r\n\0"));
        assert!(!is_part_of_line(b"GET"));
    }
}
