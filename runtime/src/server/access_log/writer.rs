//! The thread that writes lines, and the room in which they wait for it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::AccessLogDestination;
use crate::server::{LOG, ServerError};

/// Bytes that may wait. Lines beyond that are lost, and counted: to wait for a disk would stop an event loop.
const ROOM: usize = 4 * 1024 * 1024;

/// How long lines are gathered before they are written, unless there are as many bytes as this.
const GATHERING: Duration = Duration::from_millis(20);
const ENOUGH: usize = 64 * 1024;

/// The most that is written at once to what is no file. So much goes into a pipe in one piece, whoever else writes to it
/// (`PIPE_BUF` of Linux; POSIX promises 512).
const PIPE: usize = 4096;

/// The longest time that the end of a server waits for what is left.
const PATIENCE: Duration = Duration::from_secs(2);

/// In this time, one line at the most tells of trouble.
const QUIET: Duration = Duration::from_mins(1);

/// Lines on their way to a file.
#[derive(Debug)]
pub(super) struct Writer {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    ended: Condvar,
    destination: Mutex<Destination>,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: Vec<u8>,
    lost: u64,
    reopen: bool,
    closing: bool,
    /// Whether there is a thread that writes.
    running: bool,
}

impl Writer {
    pub(super) fn new(destination: Destination) -> Self {
        Self {
            waiting: Mutex::default(),
            changed: Condvar::new(),
            ended: Condvar::new(),
            destination: Mutex::new(destination),
        }
    }

    /// Starts the thread.
    ///
    /// # Errors
    /// Where the system has none.
    pub(super) fn start(writer: &Arc<Self>) -> io::Result<()> {
        let held = Arc::clone(writer);
        writer.waiting().running = true;
        let started = thread::Builder::new().name("aiopyramid-access".to_owned()).spawn(move || held.work());
        writer.waiting().running = started.is_ok();
        started.map(drop)
    }

    /// Leaves a line for the thread. It is copied, nothing more.
    pub(super) fn push(&self, line: &[u8]) {
        let mut waiting = self.waiting();
        let before = waiting.lines.len();
        if before + line.len() > ROOM {
            waiting.lost += 1;
            return;
        }
        waiting.lines.extend_from_slice(line);
        let after = waiting.lines.len();
        drop(waiting);
        if before == 0 || (before < ENOUGH && after >= ENOUGH) {
            self.changed.notify_one();
        }
    }

    pub(super) fn reopen(&self) {
        self.waiting().reopen = true;
        self.changed.notify_one();
    }

    pub(super) fn close(&self) {
        let mut waiting = self.waiting();
        waiting.closing = true;
        self.changed.notify_one();
        let deadline = Instant::now() + PATIENCE;
        while waiting.running {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let lost = lines(&waiting.lines) + waiting.lost;
                tracing::error!(target: LOG, "the access log hangs: {lost} lines at the least are lost");
                return;
            }
            let waited = self.ended.wait_timeout(waiting, left);
            waiting = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the thread does.
    fn work(&self) {
        let mut destination = self.destination.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = Vec::new();
        let mut trouble = Trouble::default();
        loop {
            let (reopen, closing) = self.take(&mut taken, &mut trouble);
            if let Err(error) = destination.write(&taken) {
                trouble.lost += lines(&taken);
                trouble.cause = Some(error);
            }
            taken.clear();
            // A flood leaves no lasting trace in memory.
            taken.shrink_to(ENOUGH * 2);
            trouble.say(&destination, closing);
            if reopen {
                destination.reopen();
            }
            if closing {
                break;
            }
        }
        self.waiting().running = false;
        self.ended.notify_all();
    }

    /// Waits for lines and takes them; and what else is to be done.
    fn take(&self, taken: &mut Vec<u8>, trouble: &mut Trouble) -> (bool, bool) {
        let mut waiting = self.waiting();
        while waiting.lines.is_empty() && waiting.lost == 0 && !waiting.reopen && !waiting.closing {
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        let gathered = |waiting: &mut Waiting| {
            waiting.lines.len() < ENOUGH && waiting.lost == 0 && !waiting.reopen && !waiting.closing
        };
        let waited = self.changed.wait_timeout_while(waiting, GATHERING, gathered);
        waiting = waited.unwrap_or_else(PoisonError::into_inner).0;
        std::mem::swap(&mut waiting.lines, taken);
        trouble.lost += std::mem::take(&mut waiting.lost);
        (std::mem::take(&mut waiting.reopen), waiting.closing)
    }
}

fn lines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

/// Lines that were lost, of which the log is told now and then.
#[derive(Debug, Default)]
struct Trouble {
    lost: u64,
    cause: Option<io::Error>,
    told: Option<Instant>,
}

impl Trouble {
    fn say(&mut self, destination: &Destination, last: bool) {
        if self.lost == 0 || !(last || self.told.is_none_or(|told| told.elapsed() > QUIET)) {
            return;
        }
        let lost = std::mem::take(&mut self.lost);
        let why = self.cause.take().map_or_else(|| "it is too slow".to_owned(), |error| error.to_string());
        tracing::error!(target: LOG, "the access log {destination} cannot be written, {lost} lines are lost: {why}");
        self.told = Some(Instant::now());
    }
}

/// What is written to.
#[derive(Debug)]
pub(super) enum Destination {
    Stdout,
    File {
        path: PathBuf,
        file: File,
        /// The most that is written at once: what is taken in one piece, so that other processes' lines do not end up in ours.
        piece: usize,
    },
}

impl Destination {
    pub(super) fn open(destination: &AccessLogDestination) -> Result<Self, ServerError> {
        match destination {
            AccessLogDestination::Stdout => Ok(Self::Stdout),
            AccessLogDestination::File(path) => match append(path) {
                Ok((file, piece)) => Ok(Self::File { path: path.clone(), file, piece }),
                Err(source) => Err(ServerError::AccessLog { path: path.clone(), source }),
            },
        }
    }

    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        match self {
            Self::Stdout => {
                let mut stdout = io::stdout().lock();
                pieces(lines, PIPE).try_for_each(|piece| {
                    stdout.write_all(piece)?;
                    stdout.flush()
                })
            }
            Self::File { file, piece, .. } => {
                pieces(lines, *piece).try_for_each(|piece| file.write_all(piece))
            }
        }
    }

    /// A file that does not open goes on as it is.
    fn reopen(&mut self) {
        let Self::File { path, file, piece } = self else { return };
        match append(path) {
            Ok(opened) => {
                (*file, *piece) = opened;
                tracing::info!(target: LOG, "the access log {} was opened again", path.display());
            }
            Err(error) => {
                tracing::error!(
                    target: LOG, "the access log {} could not be opened again: {error}", path.display()
                );
            }
        }
    }
}

impl std::fmt::Display for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stdout => f.write_str("on standard output"),
            Self::File { path, .. } => write!(f, "{}", path.display()),
        }
    }
}

/// Opens a file to be written to at its end, wherever that is at the moment: so each piece is added as a whole.
fn append(path: &Path) -> io::Result<(File, usize)> {
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    let piece = if file.metadata()?.is_file() { usize::MAX } else { PIPE };
    Ok((file, piece))
}

/// Pieces of whole lines, none longer than `most` where its lines let it.
fn pieces(mut lines: &[u8], most: usize) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        if lines.is_empty() {
            return None;
        }
        let fitting = &lines[..lines.len().min(most)];
        let end = fitting
            .iter()
            .rposition(|byte| *byte == b'\n')
            .or_else(|| lines.iter().position(|byte| *byte == b'\n'))
            .map_or(lines.len(), |end| end + 1);
        let (piece, rest) = lines.split_at(end);
        lines = rest;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_whole_lines_and_no_longer_than_it_may_be() {
        let lines = b"one\ntwo\nthree\nfour is longer\nfive\n";
        let found: Vec<_> = pieces(lines, 8).collect();
        assert_eq!(found, [&b"one\ntwo\n"[..], b"three\n", b"four is longer\n", b"five\n"]);
        assert_eq!(pieces(lines, usize::MAX).collect::<Vec<_>>(), [&lines[..]]);
    }

    #[test]
    fn what_does_not_find_room_is_counted_and_nobody_waits() {
        // Nobody writes: there is no thread.
        let writer = Writer::new(Destination::Stdout);
        let line = [b'x'; 1024];
        for _ in 0..ROOM / line.len() + 7 {
            writer.push(&line);
        }
        assert_eq!(writer.waiting().lost, 7);
        assert_eq!(writer.waiting().lines.len(), ROOM);
    }

    #[test]
    fn what_waits_is_written_before_the_file_is_opened_again_and_before_the_end() {
        let folder = std::env::temp_dir().join(format!("aiopyramid-access-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (path, moved) = (folder.join("access.log"), folder.join("access.log.1"));
        let destination = Destination::open(&AccessLogDestination::File(path.clone())).unwrap();
        let writer = Arc::new(Writer::new(destination));
        writer.push(b"before\n");
        std::fs::rename(&path, &moved).unwrap();
        writer.reopen();
        Writer::start(&writer).unwrap();
        while !path.exists() {
            thread::yield_now();
        }
        writer.push(b"after\n");
        writer.close();
        assert_eq!(std::fs::read(moved).unwrap(), b"before\n");
        assert_eq!(std::fs::read(path).unwrap(), b"after\n");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
