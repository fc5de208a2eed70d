//! Clients in a closed loop, which count what becomes of their requests.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::EVENTUALLY;

/// What became of the requests.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) answered: usize,
    /// No connection, or one that ended without an answer to a request that it was opened for.
    pub(crate) lost: Vec<String>,
    /// A connection that was kept open had ended when the next request was sent on it; which was sent again on a new one, as
    /// every client does (RFC 9112 section 9.3.1).
    pub(crate) stale: usize,
    /// The bodies of the answers.
    pub(crate) bodies: BTreeSet<String>,
}

/// Clients that go on until they are [stopped](Self::stop).
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    clients: Vec<JoinHandle<Outcome>>,
}

impl Load {
    /// So many clients, each of which asks again as soon as it has its answer; on a connection that it keeps, or on a new one
    /// each time.
    pub(crate) fn start(address: SocketAddr, target: &'static str, clients: usize, keep: bool) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let answered = Arc::new(AtomicUsize::new(0));
        let client = |_| {
            let (stop, answered) = (Arc::clone(&stop), Arc::clone(&answered));
            thread::spawn(move || ask(address, target, keep, &stop, &answered))
        };
        let clients = (0..clients).map(client).collect();
        Self { stop, answered, clients }
    }

    /// Waits for so many more answers.
    pub(crate) fn wait(&self, more: usize) {
        let (wanted, deadline) = (self.answered.load(Relaxed) + more, Instant::now() + EVENTUALLY);
        while self.answered.load(Relaxed) < wanted {
            assert!(Instant::now() < deadline, "the clients get no answers");
            thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    pub(crate) fn stop(self) -> Outcome {
        self.stop.store(true, Relaxed);
        let mut all = Outcome::default();
        for client in self.clients {
            let outcome = client.join().expect("no panic");
            all.answered += outcome.answered;
            all.stale += outcome.stale;
            all.lost.extend(outcome.lost);
            all.bodies.extend(outcome.bodies);
        }
        println!("{} answered, {} lost, {} stale", all.answered, all.lost.len(), all.stale);
        all
    }
}

fn ask(address: SocketAddr, target: &str, keep: bool, stop: &AtomicBool, answered: &AtomicUsize) -> Outcome {
    let mut outcome = Outcome::default();
    let mut kept: Option<BufReader<TcpStream>> = None;
    while !stop.load(Relaxed) {
        let reused = kept.is_some();
        let connection = match kept.take() {
            Some(connection) => Ok(connection),
            None => TcpStream::connect(address).map(BufReader::new),
        };
        let exchanged = connection.and_then(|mut connection| {
            connection.get_ref().set_read_timeout(Some(EVENTUALLY))?;
            connection.get_ref().set_nodelay(true)?;
            let (body, close) = exchange(&mut connection, target, keep)?;
            Ok((connection, body, close))
        });
        match exchanged {
            Ok((connection, body, close)) => {
                outcome.answered += 1;
                answered.fetch_add(1, Relaxed);
                outcome.bodies.insert(body);
                kept = (keep && !close).then_some(connection);
            }
            Err(_) if reused => outcome.stale += 1,
            Err(error) => outcome.lost.push(error.to_string()),
        }
    }
    outcome
}

fn exchange(
    connection: &mut BufReader<TcpStream>,
    target: &str,
    keep: bool,
) -> std::io::Result<(String, bool)> {
    let wanted = if keep { "keep-alive" } else { "close" };
    let request = format!("GET {target} HTTP/1.1\r\nhost: a\r\nconnection: {wanted}\r\n\r\n");
    connection.get_mut().write_all(request.as_bytes())?;
    let (mut length, mut close, mut first) = (0, false, true);
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_ascii_lowercase();
        if first && !line.starts_with("http/1.1 200") {
            return Err(std::io::Error::other(line));
        }
        first = false;
        if line.is_empty() {
            break;
        } else if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().expect("a number");
        } else if line == "connection: close" {
            close = true;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    Ok((String::from_utf8_lossy(&body).into_owned(), close))
}
