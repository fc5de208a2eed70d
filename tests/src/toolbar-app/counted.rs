//! A panel of the application's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aiopyramid::prelude::*;
use aiopyramid::toolbar::{Answered, Badge, Content, Panel};
use aiopyramid::view::ViewFuture;

/// Counts requests, and how many of its hooks each has met.
#[derive(Default)]
pub(crate) struct CountedPanel(AtomicU32);

#[derive(Clone)]
struct Hooks(Arc<AtomicU32>);

impl Panel for CountedPanel {
    type Kept = (u32, u32);

    fn name(&self) -> &'static str {
        "counted"
    }

    fn title(&self) -> &'static str {
        "Counted"
    }

    fn before(&self, request: &Request) {
        request.set_extension(Hooks(Arc::new(AtomicU32::new(1))));
    }

    fn around(&self, request: Request, next: Next) -> ViewFuture {
        let hooks = request.extension::<Hooks>();
        Box::pin(async move {
            let answer = next.run(request).await;
            if let Some(Hooks(count)) = hooks {
                count.fetch_add(10, Ordering::Relaxed);
            }
            answer
        })
    }

    fn after(&self, answered: &Answered<'_>) -> Option<Self::Kept> {
        let Hooks(count) = answered.request.extension()?;
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        Some((number, count.load(Ordering::Relaxed) + 100))
    }

    fn badge(&self, (number, _): &Self::Kept) -> Option<Badge> {
        Some(Badge::plain(number))
    }

    fn render(&self, (number, hooks): &Self::Kept) -> Content {
        Content::new().pairs([("number", number), ("hooks", hooks)])
    }
}
