#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

use std::sync::Arc;

struct Counter(usize);

impl Counter {
    #[use_executor]
    fn count(self, (more, _): (usize, &'static str)) -> usize {
        self.0 + more
    }

    #[use_executor]
    pub fn shared(self: Arc<Self>) -> usize {
        self.0
    }
}

#[use_executor]
fn lines(path: String) -> std::io::Result<usize> {
    let text = std::fs::read_to_string(path)?;
    Ok(text.lines().count())
}

#[use_executor]
fn nothing() {}

#[use_executor]
fn generic<T: Send + 'static>(value: T) -> T {
    value
}

#[view_config(route = "/")]
async fn home() -> Result<String> {
    nothing().await;
    let count = Counter(1).count((generic(1).await, "")).await + Arc::new(Counter(2)).shared().await;
    Ok(format!("{count} {}", lines("/etc/hostname".into()).await?))
}

fn main() {}
