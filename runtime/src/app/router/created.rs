//! The event of an application that is ready.

use std::panic::resume_unwind;

use super::App;
use crate::app::event::Event;
use crate::app::executor;
use crate::error::Result;

/// The application is made, and takes no request yet. Pyramid's `ApplicationCreated`.
///
/// A subscriber that fails keeps the application from starting.
///
/// ```
/// use aiopyramid::ApplicationCreated;
/// use aiopyramid::prelude::*;
///
/// #[subscriber]
/// async fn ready(event: &ApplicationCreated) {
///     println!("{} routes", event.app.application().routes().len());
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct ApplicationCreated {
    /// The application.
    pub app: App,
}

impl Event for ApplicationCreated {}

impl App {
    /// Tells subscribers that the application is ready, and waits for them.
    ///
    /// # Errors
    /// That of the first subscriber that fails.
    pub(crate) fn tell_created(&self) -> Result<()> {
        let application = self.application();
        if !application.subscribers.want::<ApplicationCreated>() {
            return Ok(());
        }
        let event = ApplicationCreated { app: self.clone() };
        // In a thread of its own, because whoever makes an application may be on an event loop, where waiting is not allowed.
        std::thread::scope(|scope| {
            let told = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                runtime.block_on(async {
                    let mut told = std::pin::pin!(application.subscribers.notify(event));
                    std::future::poll_fn(|cx| {
                        executor::enter(&application.executor, || told.as_mut().poll(cx))
                    })
                    .await
                })
            });
            told.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }
}
