//! Listening sockets on their way to another process, over a unix socket (`SCM_RIGHTS`).

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::cmsg_space;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};

/// The most descriptors that the kernel takes in one message, and more than a server needs.
const MOST: usize = 253;

/// The most bytes of what is said along with them.
const LONGEST: usize = 256 * 1024;

/// Sends `sockets`, and `text`, which has no line break in it.
///
/// # Errors
/// Where there are too many of them; and what the system says.
pub(super) fn send(to: &UnixStream, text: &str, sockets: &[BorrowedFd<'_>]) -> io::Result<()> {
    if sockets.len() > MOST {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("more than {MOST} sockets")));
    }
    let mut room = vec![MaybeUninit::uninit(); cmsg_space!(ScmRights(MOST))];
    let mut rights = SendAncillaryBuffer::new(&mut room);
    if !rights.push(SendAncillaryMessage::ScmRights(sockets)) {
        return Err(io::ErrorKind::OutOfMemory.into());
    }
    let line = format!("{text}\n");
    // The sockets go with the first byte; what the kernel did not take at once follows.
    let sent = sendmsg(to.as_fd(), &[IoSlice::new(line.as_bytes())], &mut rights, SendFlags::empty())?;
    io::Write::write_all(&mut &*to, &line.as_bytes()[sent..])
}

/// Receives what [`send`] has sent.
///
/// # Errors
/// Where the other side is gone or says something else; and what the system says.
pub(super) fn receive(from: &UnixStream) -> io::Result<(String, Vec<OwnedFd>)> {
    let mut line = Vec::new();
    let mut sockets = Vec::new();
    while !line.ends_with(b"\n") {
        let mut bytes = [0; 4096];
        let mut room = vec![MaybeUninit::uninit(); cmsg_space!(ScmRights(MOST))];
        let mut rights = RecvAncillaryBuffer::new(&mut room);
        let received =
            recvmsg(from.as_fd(), &mut [IoSliceMut::new(&mut bytes)], &mut rights, RecvFlags::CMSG_CLOEXEC)?;
        for message in rights.drain() {
            if let RecvAncillaryMessage::ScmRights(received) = message {
                sockets.extend(received);
            }
        }
        if received.bytes == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        line.extend_from_slice(&bytes[..received.bytes]);
        if line.len() > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    line.pop();
    let line = String::from_utf8(line).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    Ok((line, sockets))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn sockets_arrive_in_order_and_with_what_is_said_of_them() {
        let (here, there) = UnixStream::pair().unwrap();
        let listeners: Vec<_> = (0..3).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let sockets: Vec<_> = listeners.iter().map(AsFd::as_fd).collect();
        let text = "x".repeat(10_000);
        send(&here, &text, &sockets).unwrap();
        let (said, received) = receive(&there).unwrap();
        assert_eq!(said, text);
        let addresses: Vec<_> =
            received.into_iter().map(|socket| TcpListener::from(socket).local_addr().unwrap()).collect();
        let sent: Vec<_> = listeners.iter().map(|listener| listener.local_addr().unwrap()).collect();
        assert_eq!(addresses, sent);
    }

    #[test]
    fn the_end_of_the_other_side_is_an_error() {
        let (here, there) = UnixStream::pair().unwrap();
        drop(here);
        assert!(receive(&there).is_err());
    }
}
