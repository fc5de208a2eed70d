//! Not an HTTP server: one epoll loop that answers every blank line with the same bytes. It shows what the kernel alone
//! takes for a request, so that the rest can be called the server's own. One thread, whatever `WORKERS` says.

use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 13\r\n\
    date: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\nHello, World!";

fn watch(epoll: BorrowedFd<'_>, socket: &(impl AsFd + AsRawFd), index: usize) {
    let flags = EventFlags::IN | EventFlags::RDHUP | EventFlags::ET;
    epoll::add(epoll, socket, EventData::new_u64(index as u64), flags).expect("epoll_ctl");
}

/// False where the connection is over.
fn serve(stream: &mut TcpStream, buffer: &mut [u8], out: &mut Vec<u8>) -> bool {
    match stream.read(buffer) {
        Ok(0) => false,
        Ok(n) => {
            let requests = buffer[..n].windows(4).filter(|w| w == b"\r\n\r\n").count();
            out.clear();
            (0..requests).for_each(|_| out.extend_from_slice(ANSWER));
            stream.write_all(out).is_ok()
        }
        Err(e) => e.kind() == ErrorKind::WouldBlock,
    }
}

fn main() {
    let settings = contract::settings();
    let listener = TcpListener::bind(settings.addr).expect("bind");
    listener.set_nonblocking(true).expect("nonblocking");
    let epoll = epoll::create(CreateFlags::CLOEXEC).expect("epoll_create1");
    // Streams by descriptor; the listener's own place stays empty.
    let mut streams: Vec<Option<TcpStream>> = Vec::new();
    let listening = listener.as_raw_fd() as usize;
    watch(epoll.as_fd(), &listener, listening);
    let mut events = [Event { flags: EventFlags::empty(), data: EventData::new_u64(0) }; 256];
    let (mut buffer, mut out) = (vec![0; 16 * 1024], Vec::new());
    loop {
        let ready = epoll::wait(&epoll, &mut events, None).unwrap_or_default();
        for event in &events[..ready] {
            let index = event.data.u64() as usize;
            if index == listening {
                while let Ok((stream, _)) = listener.accept() {
                    let _ = stream.set_nodelay(true);
                    let _ = stream.set_nonblocking(true);
                    let index = stream.as_raw_fd() as usize;
                    if streams.len() <= index {
                        streams.resize_with(index + 1, || None);
                    }
                    watch(epoll.as_fd(), &stream, index);
                    streams[index] = Some(stream);
                }
            } else if let Some(stream) = &mut streams[index]
                && !serve(stream, &mut buffer, &mut out)
            {
                streams[index] = None;
            }
        }
    }
}
