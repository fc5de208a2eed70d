//! What the system tells of files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _, event::ModifyKind};
use tokio::time::Instant;

/// How long nothing must happen until what has happened is looked at: an editor writes a file in several steps.
const QUIET: Duration = Duration::from_millis(50);

/// How long it may go on happening before it is looked at all the same.
const LONGEST: Duration = Duration::from_secs(1);

/// The most paths that are kept. Where more has happened, the first ones say as well that something has.
const MOST: usize = 10_000;

/// Watches folders.
pub(super) struct Watcher {
    system: RecommendedWatcher,
    watched: BTreeMap<PathBuf, bool>,
    happened: Arc<Happened>,
}

#[derive(Default)]
struct Happened {
    paths: Mutex<BTreeSet<PathBuf>>,
    more: tokio::sync::Notify,
}

impl Happened {
    fn note(&self, event: Event) {
        let tells = match event.kind {
            EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
            EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) => true,
            EventKind::Other => event.need_rescan(),
        };
        if tells {
            let mut paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
            let room = MOST.saturating_sub(paths.len());
            paths.extend(event.paths.into_iter().take(room));
            self.more.notify_one();
        }
    }

    fn is_empty(&self) -> bool {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

impl Watcher {
    /// # Errors
    /// Where the system does not tell of files; in one line.
    pub(super) fn new() -> Result<Self, String> {
        let happened = Arc::new(Happened::default());
        let hears = Arc::clone(&happened);
        let system = notify::recommended_watcher(move |event: notify::Result<Event>| match event {
            Ok(event) => hears.note(event),
            Err(error) => tracing::warn!(target: super::LOG, "files cannot be watched: {error}"),
        });
        let system = system.map_err(|error| format!("`--reload` cannot watch files: {error}"))?;
        Ok(Self { system, watched: BTreeMap::new(), happened })
    }

    /// Watches these folders, and no others; with a folder, whether what is in its folders is watched too.
    ///
    /// # Errors
    /// What the system says, with the folder; the others are watched.
    pub(super) fn watch(&mut self, folders: BTreeMap<PathBuf, bool>) -> Result<(), String> {
        let mut outcome = Ok(());
        for (folder, whole) in &folders {
            if self.watched.get(folder) == Some(whole) {
                continue;
            }
            let mode = if *whole { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            if let Err(error) = self.system.watch(folder, mode) {
                outcome = Err(format!("{} cannot be watched: {error}", folder.display()));
            }
        }
        for folder in self.watched.keys().filter(|folder| !folders.contains_key(*folder)) {
            // One that is gone is not watched any more.
            let _ = self.system.unwatch(folder);
        }
        self.watched = folders;
        outcome
    }

    /// Waits until something has happened to files and is over for now. Loses nothing when it is not waited for to the end.
    pub(super) async fn happened(&self) -> BTreeSet<PathBuf> {
        while self.happened.is_empty() {
            self.happened.more.notified().await;
        }
        let deadline = Instant::now() + LONGEST;
        loop {
            let quiet = Instant::now() + QUIET;
            tokio::select! {
                () = self.happened.more.notified() => {}
                () = tokio::time::sleep_until(quiet.min(deadline)) => break,
            }
        }
        std::mem::take(&mut *self.happened.paths.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
