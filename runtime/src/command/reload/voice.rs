//! What a worker says on its standard error: it is shown, and the end of it is kept for who asks what went wrong.

use std::collections::VecDeque;
use std::io::{self, PipeReader, Read, Write};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::watch;

/// How much of it is kept.
const KEPT: usize = 32 * 1024;

/// How long the end of it is waited for when the process is gone: something that it has started may go on.
const PATIENCE: Duration = Duration::from_millis(500);

/// The voice of one worker.
#[derive(Debug)]
pub(super) struct Voice {
    tail: Arc<Mutex<VecDeque<u8>>>,
    /// Its sender is gone when the worker says nothing more.
    speaks: watch::Receiver<()>,
}

impl Voice {
    /// What is to be the standard error of the worker, and its voice.
    ///
    /// # Errors
    /// Where the system gives no pipe or no thread.
    pub(super) fn of_worker() -> io::Result<(Stdio, Self)> {
        let (reader, writer) = io::pipe()?;
        let tail = Arc::new(Mutex::new(VecDeque::new()));
        let (ends, speaks) = watch::channel(());
        let kept = Arc::clone(&tail);
        thread::Builder::new().name("aiopyramid-reload".to_owned()).spawn(move || {
            repeat(reader, &kept);
            drop(ends);
        })?;
        Ok((writer.into(), Self { tail, speaks }))
    }

    /// What a worker that is gone has said last.
    pub(super) async fn last_words(mut self) -> String {
        let _ = tokio::time::timeout(PATIENCE, async { while self.speaks.changed().await.is_ok() {} }).await;
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: &[u8] = tail.make_contiguous();
        // Not from the middle of a line.
        let start =
            if bytes.len() < KEPT { 0 } else { bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0) };
        plain(&String::from_utf8_lossy(&bytes[start..])).trim().to_owned()
    }
}

fn repeat(mut reader: PipeReader, kept: &Mutex<VecDeque<u8>>) {
    let mut room = [0; 4096];
    loop {
        let read = match reader.read(&mut room) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        // Where nobody sees it any more it is read all the same, so that the worker can go on.
        let _ = io::stderr().write_all(&room[..read]);
        let mut tail = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let there = tail.len();
        tail.drain(..(there + read).saturating_sub(KEPT).min(there));
        tail.extend(&room[..read]);
    }
}

/// `text` without the sequences that give it colours.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        out.push_str(before);
        // `ESC [` up to a letter (ECMA-48 section 5.4); what begins otherwise is one character long.
        rest = match after.strip_prefix('[') {
            Some(sequence) => sequence
                .find(|character: char| ('@'..='~').contains(&character))
                .map_or("", |end| &sequence[end + 1..]),
            None => after.char_indices().nth(1).map_or("", |(end, _)| &after[end..]),
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_left_away() {
        assert_eq!(plain("\u{1b}[1m\u{1b}[38;5;9merror\u{1b}[0m: no `x`"), "error: no `x`");
        assert_eq!(plain("nothing"), "nothing");
        assert_eq!(plain("cut \u{1b}[3"), "cut ");
        assert_eq!(plain("\u{1b}7kept\u{1b}"), "kept");
    }

    #[tokio::test]
    async fn the_last_words_are_the_end_of_what_was_said() {
        let (stderr, voice) = Voice::of_worker().unwrap();
        let mut command = std::process::Command::new("sh");
        let status = command.args(["-c", "printf 'one\\ntwo\\n' >&2"]).stderr(stderr).status().unwrap();
        // Its own descriptor of the pipe would keep it open.
        drop(command);
        assert!(status.success());
        assert_eq!(voice.last_words().await, "one\ntwo");
    }
}
