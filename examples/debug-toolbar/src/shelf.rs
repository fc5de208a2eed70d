//! A shelf of books, and the panel that shows how often a request has looked there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aiopyramid::prelude::*;
use aiopyramid::toolbar::{Answered, Badge, Content, Panel};

/// Books by their numbers.
#[derive(Debug)]
pub(crate) struct Shelf(Vec<&'static str>);

impl Default for Shelf {
    fn default() -> Self {
        Self(vec!["Moby-Dick", "Middlemarch", "Emma"])
    }
}

/// How often a request has looked, and found nothing. Kept on the request.
#[derive(Debug, Clone, Default)]
struct Looks {
    all: Arc<AtomicU32>,
    vain: Arc<AtomicU32>,
}

impl Shelf {
    /// The title of a book.
    pub(crate) fn title(&self, request: &Request, number: usize) -> Option<&'static str> {
        let title = number.checked_sub(1).and_then(|place| self.0.get(place)).copied();
        if let Some(looks) = request.extension::<Looks>() {
            looks.all.fetch_add(1, Ordering::Relaxed);
            looks.vain.fetch_add(u32::from(title.is_none()), Ordering::Relaxed);
        }
        title
    }
}

/// Shows it.
#[derive(Debug)]
pub(crate) struct ShelfPanel;

impl Panel for ShelfPanel {
    /// All looks, and those in vain.
    type Kept = (u32, u32);

    fn name(&self) -> &'static str {
        "shelf"
    }

    fn title(&self) -> &'static str {
        "Shelf"
    }

    fn before(&self, request: &Request) {
        request.set_extension(Looks::default());
    }

    fn after(&self, answered: &Answered<'_>) -> Option<Self::Kept> {
        let looks: Looks = answered.request.extension()?;
        Some((looks.all.load(Ordering::Relaxed), looks.vain.load(Ordering::Relaxed)))
    }

    fn badge(&self, (all, vain): &Self::Kept) -> Option<Badge> {
        match (all, vain) {
            (0, _) => None,
            (_, 0) => Some(Badge::plain(all)),
            _ => Some(Badge::warning(all)),
        }
    }

    fn render(&self, (all, vain): &Self::Kept) -> Content {
        Content::new().pairs([("looked", all), ("in vain", vain)])
    }
}
