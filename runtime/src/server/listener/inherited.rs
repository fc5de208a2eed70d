//! Sockets that were open before this process was: systemd's, and descriptors by number.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd, RawFd};

use rustix::io::{FdFlags, fcntl_getfd, fcntl_setfd};
use socket2::{Domain, SockRef, Socket, Type};

/// The sockets that systemd hands over (`LISTEN_FDS`, if `LISTEN_PID` is this process), with the names of their units'
/// `FileDescriptorName=`.
///
/// # Errors
/// Where the variables are there and cannot be read.
pub(super) fn of_systemd() -> io::Result<Vec<(RawFd, String)>> {
    Ok(sd_notify::listen_fds_with_names()?.collect())
}

/// The listening socket behind the descriptor of this number.
///
/// # Errors
/// Where nothing is open under that number, or no stream socket that listens.
pub(super) fn listening(number: RawFd) -> io::Result<Socket> {
    let socket = Socket::from(duplicate(number)?);
    let wrong = |what| io::Error::new(io::ErrorKind::InvalidInput, format!("descriptor {number} is {what}"));
    // What is no socket has no type.
    match SockRef::from(&socket).r#type() {
        Ok(Type::STREAM) => {}
        Ok(_) => return Err(wrong("a socket, but not one for streams")),
        Err(_) => return Err(wrong("no socket")),
    }
    #[cfg(target_os = "linux")]
    if !socket.is_listener()? {
        return Err(wrong("a socket that does not listen"));
    }
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// Whether a socket is one of a path.
pub(super) fn is_unix(socket: &Socket) -> io::Result<bool> {
    Ok(socket.local_addr()?.domain() == Domain::UNIX)
}

/// Another descriptor for what is open under this number; the first one is kept from programs that this one starts.
#[allow(unsafe_code, reason = "nothing else makes a descriptor out of its number")]
fn duplicate(number: RawFd) -> io::Result<OwnedFd> {
    if number < 0 {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    // SAFETY: the descriptor is borrowed for the two calls below, which ask the system whether it is open at all. Nothing in
    // this program owns it: the caller got the number from outside. It is never closed here.
    let borrowed = unsafe { BorrowedFd::borrow_raw(number) };
    let flags = fcntl_getfd(borrowed)
        .map_err(|_| io::Error::new(io::ErrorKind::NotFound, format!("descriptor {number} is not open")))?;
    let own = borrowed.try_clone_to_owned()?;
    fcntl_setfd(borrowed, flags | FdFlags::CLOEXEC)?;
    Ok(own)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::net::{TcpListener, TcpStream};
    use std::os::fd::AsRawFd;

    use super::*;

    #[test]
    fn a_listening_socket_is_taken_over_by_number() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let taken = listening(listener.as_raw_fd()).unwrap();
        assert!(!is_unix(&taken).unwrap());
        assert_eq!(taken.local_addr().unwrap().as_socket().unwrap(), listener.local_addr().unwrap());
    }

    #[test]
    fn anything_else_is_refused_with_what_it_is() {
        let file = File::open("Cargo.toml").unwrap();
        let said = |number| listening(number).unwrap_err().to_string();
        assert!(said(file.as_raw_fd()).contains("no socket"));
        assert!(said(1_000_000).contains("not open"));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        assert!(!cfg!(target_os = "linux") || said(stream.as_raw_fd()).contains("does not listen"));
    }
}
