//! From one resource to the next.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::path::TraversalPath;
use super::place::Trail;
use super::resource::{Getitem, Resource};
use super::traversed::Traversed;
use crate::error::Result;

/// Walks from `root` as far as there are resources.
///
/// A name that begins with `@@` ends the walk and is, without the `@@`, the view's name. Where there is no child of a name, that
/// name is the view's. What follows is the subpath.
///
/// # Errors
/// Whatever a `getitem` fails with; `None` is no failure.
pub fn traverse(root: Arc<dyn Resource>, path: TraversalPath) -> Walk {
    Walk::begin(Trail::from_root(root, path))
}

/// A walk: a future of where it led to. It is ready when it is first polled unless a resource had to be waited for, and then it
/// has cost one small allocation for each step.
#[must_use = "a walk leads nowhere unless it is awaited"]
pub struct Walk(State);

enum State {
    Ready(Result<Traversed>),
    Waiting(Pin<Box<dyn Future<Output = Result<Traversed>> + Send>>),
    Taken,
}

impl Walk {
    pub(super) fn ready(result: Result<Traversed>) -> Self {
        Self(State::Ready(result))
    }

    /// Walks on until a resource has to be waited for.
    pub(super) fn begin(trail: Trail) -> Self {
        let mut walker = Walker(Arc::new(trail));
        loop {
            let found = match walker.ask() {
                Getitem::NoItems => Ok(None),
                Getitem::Ready(found) => found,
                // What was asked borrows from the walker, which has to move: it asks again from there.
                Getitem::Waiting(_) => break,
            };
            match found {
                Ok(Some(child)) => walker.enter(child),
                Ok(None) => return Self::ready(Ok(walker.end())),
                Err(error) => return Self::ready(Err(error)),
            }
        }
        Self(State::Waiting(Box::pin(walker.wait())))
    }
}

impl Future for Walk {
    type Output = Result<Traversed>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let State::Waiting(walk) = &mut self.0 {
            return walk.as_mut().poll(cx);
        }
        match mem::replace(&mut self.0, State::Taken) {
            State::Ready(result) => Poll::Ready(result),
            State::Waiting(_) | State::Taken => panic!("a walk was polled after it had ended"),
        }
    }
}

impl fmt::Debug for Walk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            State::Ready(_) => "Walk::Ready",
            State::Waiting(_) => "Walk::Waiting",
            State::Taken => "Walk::Taken",
        })
    }
}

/// Somebody under way, who alone knows the trail so far.
struct Walker(Arc<Trail>);

impl Walker {
    /// Asks the resource here for the next child.
    fn ask(&self) -> Getitem<'_> {
        match self.0.path().names.get(self.0.walked()) {
            Some(name) if !name.starts_with("@@") => self.0.last().getitem(name),
            _ => Getitem::NoItems,
        }
    }

    fn enter(&mut self, child: Arc<dyn Resource>) {
        Arc::get_mut(&mut self.0).expect("nobody else knows it").push(child);
    }

    async fn wait(mut self) -> Result<Traversed> {
        loop {
            let found = match self.ask() {
                Getitem::NoItems => None,
                Getitem::Ready(found) => found?,
                Getitem::Waiting(found) => found.await?,
            };
            match found {
                Some(child) => self.enter(child),
                None => return Ok(self.end()),
            }
        }
    }

    fn end(self) -> Traversed {
        Traversed::new(self.0)
    }
}
