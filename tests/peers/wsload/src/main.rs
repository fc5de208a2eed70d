//! A websocket load client on one thread. It frames by hand and reuses the bytes it sends, so that it costs less per
//! message than any server it measures. Every answer is parsed and its length and first byte are checked.
//!
//! wsload rtt     --port P --conns N --size S --secs T    one message in flight per connection
//! wsload flood   --port P --conns N --size S --secs T --window W    W messages in flight per connection
//! wsload connect --port P --conns N --secs T    connect, upgrade, one echo, close; N at a time
//! wsload idle    --port P --conns N --size S    open N, one echo each, hold until standard input ends
//!
//! `--messages M` (rtt and flood) ends after M echoes per connection instead of after a time.
//! One line of JSON on standard output tells the result.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::{TcpSocket, TcpStream};

/// The nonce and its answer are the worked example of RFC 6455, section 1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

struct Options {
    mode: String,
    addr: SocketAddr,
    path: String,
    conns: usize,
    size: usize,
    secs: f64,
    window: usize,
    messages: Option<u64>,
    text: bool,
}

impl Options {
    fn parse() -> Result<Options, String> {
        let mut args = std::env::args().skip(1);
        let mode = args.next().ok_or("which mode: rtt, flood, connect or idle?")?;
        let mut port = None;
        let mut o = Options {
            mode,
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            path: "/echo".into(),
            conns: 64,
            size: 32,
            secs: 3.0,
            window: 32,
            messages: None,
            text: false,
        };
        while let Some(flag) = args.next() {
            if flag == "--text" {
                o.text = true;
                continue;
            }
            let value = args.next().ok_or_else(|| format!("{flag} needs a value"))?;
            let bad = |_| format!("{flag}: not a number: {value}");
            match flag.as_str() {
                "--port" => port = Some(value.parse::<u16>().map_err(bad)?),
                "--path" => o.path = value,
                "--conns" => o.conns = value.parse().map_err(bad)?,
                "--size" => o.size = value.parse().map_err(bad)?,
                "--window" => o.window = value.parse().map_err(bad)?,
                "--messages" => o.messages = Some(value.parse().map_err(bad)?),
                "--secs" => o.secs = value.parse().map_err(|_| format!("--secs: not a number: {value}"))?,
                _ => return Err(format!("unknown option {flag}")),
            }
        }
        o.addr.set_port(port.ok_or("--port is required")?);
        Ok(o)
    }

    fn payload_byte(&self) -> u8 {
        b'a'
    }

    /// One masked client frame.
    fn frame(&self) -> Vec<u8> {
        let mut f = vec![if self.text { 0x81 } else { 0x82 }];
        match self.size {
            0..=125 => f.push(0x80 | self.size as u8),
            126..=0xffff => {
                f.push(0x80 | 126);
                f.extend_from_slice(&(self.size as u16).to_be_bytes());
            }
            _ => {
                f.push(0x80 | 127);
                f.extend_from_slice(&(self.size as u64).to_be_bytes());
            }
        }
        f.extend_from_slice(&MASK);
        f.extend((0..self.size).map(|i| self.payload_byte() ^ MASK[i % 4]));
        f
    }
}

fn broken(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

async fn open(o: &Options) -> io::Result<TcpStream> {
    let mut stream = TcpSocket::new_v4()?.connect(o.addr).await?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n",
        o.path, o.addr
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::with_capacity(512);
    while !head.windows(4).any(|w| w == b"\r\n\r\n") {
        if stream.read_buf(&mut head).await? == 0 {
            return Err(broken("closed during the handshake"));
        }
    }
    let head = String::from_utf8_lossy(&head);
    if !head.starts_with("HTTP/1.1 101") || !head.contains(ACCEPT) || !head.ends_with("\r\n\r\n") {
        return Err(broken(format!("not upgraded: {}", head.lines().next().unwrap_or(""))));
    }
    Ok(stream)
}

/// Takes bytes as they come and counts whole data messages.
struct Counter {
    head: Vec<u8>,
    payload_left: u64,
    message: u64,
    fin: bool,
    control: bool,
    first_seen: bool,
    size: u64,
    byte: u8,
}

impl Counter {
    fn new(o: &Options) -> Counter {
        Counter {
            head: Vec::with_capacity(16),
            payload_left: 0,
            message: 0,
            fin: false,
            control: false,
            first_seen: true,
            size: o.size as u64,
            byte: o.payload_byte(),
        }
    }

    fn feed(&mut self, mut bytes: &[u8]) -> io::Result<u64> {
        let mut done = 0;
        loop {
            if self.payload_left > 0 {
                let n = (bytes.len() as u64).min(self.payload_left) as usize;
                if n == 0 {
                    return Ok(done);
                }
                if !self.first_seen {
                    self.first_seen = true;
                    if bytes[0] != self.byte {
                        return Err(broken("wrong payload"));
                    }
                }
                bytes = &bytes[n..];
                self.payload_left -= n as u64;
                if self.payload_left > 0 {
                    return Ok(done);
                }
                done += self.end_of_frame()?;
            }
            let Some(&next) = bytes.first() else { return Ok(done) };
            self.head.push(next);
            bytes = &bytes[1..];
            let Some(length) = self.length()? else { continue };
            let first = self.head[0];
            self.head.clear();
            self.fin = first & 0x80 != 0;
            self.control = first & 0x08 != 0;
            if first & 0x0f == 8 {
                return Err(broken("server closed"));
            }
            self.first_seen = self.control;
            if !self.control {
                self.message += length;
            }
            self.payload_left = length;
            if length == 0 {
                done += self.end_of_frame()?;
            }
        }
    }

    fn length(&self) -> io::Result<Option<u64>> {
        let h = &self.head;
        if h.len() < 2 {
            return Ok(None);
        }
        if h[1] & 0x80 != 0 {
            return Err(broken("server frame is masked"));
        }
        Ok(match h[1] {
            126 if h.len() == 4 => Some(u64::from(u16::from_be_bytes([h[2], h[3]]))),
            127 if h.len() == 10 => Some(u64::from_be_bytes(h[2..10].try_into().unwrap())),
            126 | 127 => None,
            n => Some(u64::from(n)),
        })
    }

    fn end_of_frame(&mut self) -> io::Result<u64> {
        if self.control || !self.fin {
            return Ok(0);
        }
        let got = std::mem::take(&mut self.message);
        if got == self.size { Ok(1) } else { Err(broken(format!("{got} bytes echoed, {} sent", self.size))) }
    }
}

/// Microseconds in buckets of about 3 per cent.
#[derive(Default)]
struct Histogram {
    buckets: Vec<u64>,
    count: u64,
}

impl Histogram {
    fn add(&mut self, took: Duration) {
        let us = took.as_nanos() as f64 / 1000.0;
        let index = ((us.max(1.0)).ln() * 33.0) as usize;
        if index >= self.buckets.len() {
            self.buckets.resize(index + 1, 0);
        }
        self.buckets[index] += 1;
        self.count += 1;
    }

    fn quantile(&self, q: f64) -> f64 {
        let want = (self.count as f64 * q) as u64;
        let mut seen = 0;
        for (i, n) in self.buckets.iter().enumerate() {
            seen += n;
            if seen > want {
                return ((i as f64 + 0.5) / 33.0).exp();
            }
        }
        0.0
    }
}

#[derive(Default)]
struct Totals {
    messages: u64,
    errors: u64,
    first_error: String,
    rtt: Histogram,
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

async fn rtt(
    mut stream: TcpStream,
    o: Rc<Options>,
    until: Instant,
    totals: Rc<RefCell<Totals>>,
) -> io::Result<()> {
    let frame = o.frame();
    let mut counter = Counter::new(&o);
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
        t.rtt.add(start.elapsed());
    }
    Ok(())
}

async fn flood(
    stream: TcpStream,
    o: Rc<Options>,
    until: Instant,
    totals: Rc<RefCell<Totals>>,
) -> io::Result<()> {
    let frame = o.frame();
    let batch = frame.repeat(o.window);
    let mut counter = Counter::new(&o);
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

async fn connects(o: Rc<Options>, until: Instant, totals: Rc<RefCell<Totals>>) -> io::Result<()> {
    let frame = o.frame();
    let mut buf = vec![0; 16 * 1024];
    while Instant::now() < until {
        let mut stream = open(&o).await?;
        echo_once(&mut stream, &frame, &mut Counter::new(&o), &mut buf).await?;
        totals.borrow_mut().messages += 1;
        // Reset instead of closing in order, so that no port stays in TIME_WAIT.
        stream.set_zero_linger()?;
    }
    Ok(())
}

async fn idle(o: &Options) -> io::Result<()> {
    let frame = o.frame();
    let mut buf = vec![0; 64 * 1024];
    let mut held = Vec::with_capacity(o.conns);
    for _ in 0..o.conns {
        let mut stream = open(o).await?;
        echo_once(&mut stream, &frame, &mut Counter::new(o), &mut buf).await?;
        held.push(stream);
    }
    println!("{{\"mode\":\"idle\",\"conns\":{}}}", held.len());
    // A blocking read: nothing else runs on this thread any more.
    let mut line = String::new();
    while io::stdin().read_line(&mut line)? > 0 {}
    Ok(())
}

async fn run(o: Rc<Options>) -> io::Result<()> {
    if o.mode == "idle" {
        return idle(&o).await;
    }
    let totals = Rc::new(RefCell::new(Totals::default()));
    let mut streams = Vec::new();
    if o.mode != "connect" {
        for _ in 0..o.conns {
            streams.push(open(&o).await?);
        }
    }
    let start = Instant::now();
    let until = start + Duration::from_secs_f64(if o.messages.is_some() { 300.0 } else { o.secs });
    let mut tasks = tokio::task::JoinSet::new();
    match o.mode.as_str() {
        "rtt" => streams.into_iter().for_each(|s| {
            tasks.spawn_local(rtt(s, o.clone(), until, totals.clone()));
        }),
        "flood" => streams.into_iter().for_each(|s| {
            tasks.spawn_local(flood(s, o.clone(), until, totals.clone()));
        }),
        "connect" => (0..o.conns).for_each(|_| {
            tasks.spawn_local(connects(o.clone(), until, totals.clone()));
        }),
        other => return Err(broken(format!("unknown mode {other}"))),
    }
    while let Some(done) = tasks.join_next().await {
        if let Err(e) = done.map_err(io::Error::other)? {
            let mut t = totals.borrow_mut();
            t.errors += 1;
            if t.first_error.is_empty() {
                t.first_error = e.to_string();
            }
        }
    }
    let secs = start.elapsed().as_secs_f64();
    let t = totals.borrow();
    println!(
        "{{\"mode\":\"{}\",\"count\":{},\"secs\":{:.4},\"per_sec\":{:.1},\"p50_us\":{:.1},\"p99_us\":{:.1},\"errors\":{},\"first_error\":{:?}}}",
        o.mode,
        t.messages,
        secs,
        t.messages as f64 / secs,
        t.rtt.quantile(0.5),
        t.rtt.quantile(0.99),
        t.errors,
        t.first_error
    );
    Ok(())
}

fn main() {
    let options = match Options::parse() {
        Ok(options) => options,
        Err(why) => {
            eprintln!("wsload: {why}");
            std::process::exit(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outcome = tokio::task::LocalSet::new().block_on(&runtime, run(Rc::new(options)));
    if let Err(e) = outcome {
        eprintln!("wsload: {e}");
        std::process::exit(1);
    }
}
