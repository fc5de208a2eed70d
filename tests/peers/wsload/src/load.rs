//! What one connection does, mode by mode.

use crate::frame::{Counter, broken, masked};
use crate::options::Options;
use crate::totals::Totals;
use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::{TcpSocket, TcpStream};

/// The nonce and its answer are the worked example of RFC 6455, section 1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// A connection upgraded at `/echo`.
pub(crate) async fn open(addr: SocketAddr) -> io::Result<TcpStream> {
    match upgraded(addr, "/echo").await? {
        (stream, unread) if unread.is_empty() => Ok(stream),
        _ => Err(broken("a message before any was sent")),
    }
}

/// A connection upgraded at this path, and what came behind the head of the answer.
async fn upgraded(addr: SocketAddr, path: &str) -> io::Result<(TcpStream, Vec<u8>)> {
    let mut stream = TcpSocket::new_v4()?.connect(addr).await?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::with_capacity(512);
    let end = loop {
        if let Some(end) = head.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut head).await? == 0 {
            return Err(broken("closed during the handshake"));
        }
    };
    let unread = head.split_off(end);
    let head = String::from_utf8_lossy(&head);
    if !head.starts_with("HTTP/1.1 101") || !head.contains(ACCEPT) {
        return Err(broken(format!("not upgraded: {}", head.lines().next().unwrap_or(""))));
    }
    Ok((stream, unread))
}

async fn read_some(stream: &mut TcpStream, buf: &mut [u8]) -> io::Result<usize> {
    match stream.read(buf).await? {
        0 => Err(broken("closed")),
        n => Ok(n),
    }
}

async fn echo_once(
    stream: &mut TcpStream,
    frame: &[u8],
    counter: &mut Counter,
    buf: &mut [u8],
) -> io::Result<()> {
    stream.write_all(frame).await?;
    loop {
        let n = read_some(stream, buf).await?;
        if counter.feed(&buf[..n])? > 0 {
            return Ok(());
        }
    }
}

/// One message after the other, each timed.
pub(crate) async fn rtt(
    mut stream: TcpStream,
    o: Rc<Options>,
    until: Instant,
    totals: Rc<RefCell<Totals>>,
) -> io::Result<()> {
    let frame = masked(o.size, o.text);
    let mut counter = Counter::new(o.size);
    let mut buf = vec![0; 16 * 1024];
    let mut left = o.messages.unwrap_or(u64::MAX);
    while left > 0 {
        let start = Instant::now();
        if start >= until {
            break;
        }
        echo_once(&mut stream, &frame, &mut counter, &mut buf).await?;
        left -= 1;
        let mut t = totals.borrow_mut();
        t.messages += 1;
        t.round_trips.add(start.elapsed());
    }
    Ok(())
}

/// As many messages under way as the window holds.
pub(crate) async fn flood(
    stream: TcpStream,
    o: Rc<Options>,
    until: Instant,
    totals: Rc<RefCell<Totals>>,
) -> io::Result<()> {
    let frame = masked(o.size, o.text);
    let batch = frame.repeat(o.window);
    let mut counter = Counter::new(o.size);
    let mut buf = vec![0; 128 * 1024];
    let limit = o.messages.unwrap_or(u64::MAX);
    // Bytes are counted rather than frames, since a write may end inside one.
    let (mut sent_bytes, mut granted, mut echoed) = (0u64, 0u64, 0u64);
    let frame_len = frame.len() as u64;
    loop {
        if echoed >= limit || Instant::now() >= until {
            return Ok(());
        }
        // Refill when half the window is free, so that writes stay large.
        if granted - echoed <= (o.window / 2) as u64 {
            granted = (echoed + o.window as u64).min(limit);
        }
        let pending = granted * frame_len - sent_bytes;
        let interest = if pending > 0 { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
        let ready = stream.ready(interest).await?;
        if ready.is_writable() && pending > 0 {
            let at = (sent_bytes % frame_len) as usize;
            let n = (pending as usize).min(batch.len() - at);
            match stream.try_write(&batch[at..at + n]) {
                Ok(n) => sent_bytes += n as u64,
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Err(e),
            }
        }
        if ready.is_readable() {
            match stream.try_read(&mut buf) {
                Ok(0) => return Err(broken("closed")),
                Ok(n) => {
                    let done = counter.feed(&buf[..n])?;
                    echoed += done;
                    totals.borrow_mut().messages += done;
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Err(e),
            }
        }
    }
}

/// Connections one after the other, an echo on each.
pub(crate) async fn connects(o: Rc<Options>, until: Instant, totals: Rc<RefCell<Totals>>) -> io::Result<()> {
    let frame = masked(o.size, o.text);
    let mut buf = vec![0; 16 * 1024];
    while Instant::now() < until {
        let mut stream = open(o.addr).await?;
        echo_once(&mut stream, &frame, &mut Counter::new(o.size), &mut buf).await?;
        totals.borrow_mut().messages += 1;
        // Reset instead of closing in order, so that no port stays in TIME_WAIT.
        stream.set_zero_linger()?;
    }
    Ok(())
}

/// Many connections in one room, each of which was told that it has come in.
pub(crate) async fn enter_room(o: &Options) -> io::Result<Vec<TcpStream>> {
    let mut buf = [0; 64];
    let mut members = Vec::with_capacity(o.connections);
    for _ in 0..o.connections {
        let (mut stream, unread) = upgraded(o.addr, "/room").await?;
        let mut greeting = Counter::new(1);
        let mut told = greeting.feed(&unread)?;
        while told == 0 {
            let n = read_some(&mut stream, &mut buf).await?;
            told = greeting.feed(&buf[..n])?;
        }
        members.push(stream);
    }
    Ok(members)
}

/// The first in the room says something; when all have heard it, again.
pub(crate) async fn room(
    mut members: Vec<TcpStream>,
    o: Rc<Options>,
    until: Instant,
    totals: Rc<RefCell<Totals>>,
) -> io::Result<()> {
    let frame = masked(o.size, o.text);
    let mut buf = vec![0; 16 * 1024];
    let mut left = o.messages.unwrap_or(u64::MAX);
    while left > 0 {
        let start = Instant::now();
        if start >= until {
            break;
        }
        members[0].write_all(&frame).await?;
        for member in &mut members {
            let mut counter = Counter::new(o.size);
            let mut heard = 0;
            while heard == 0 {
                let n = read_some(member, &mut buf).await?;
                heard = counter.feed(&buf[..n])?;
            }
        }
        left -= 1;
        let mut t = totals.borrow_mut();
        t.messages += 1;
        t.round_trips.add(start.elapsed());
    }
    Ok(())
}

/// Many connections at once, an echo on each, then nothing until standard input ends.
pub(crate) async fn idle(o: &Options) -> io::Result<()> {
    let frame = masked(o.size, o.text);
    let mut buf = vec![0; 64 * 1024];
    let mut held = Vec::with_capacity(o.connections);
    for _ in 0..o.connections {
        let mut stream = open(o.addr).await?;
        echo_once(&mut stream, &frame, &mut Counter::new(o.size), &mut buf).await?;
        held.push(stream);
    }
    println!("{{\"mode\":\"idle\",\"conns\":{}}}", held.len());
    // A blocking read: nothing else runs on this thread any more.
    let mut line = String::new();
    while io::stdin().read_line(&mut line)? > 0 {}
    Ok(())
}
