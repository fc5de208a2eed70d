//! What stands around everything that answers requests: tweens.
//!
//! A tween sees each request before any view does, and each response after; it may change either, or answer itself. Where it
//! stands among the others says it with `under` (nearer to the application) and `over` (nearer to the client):
//! [`macro@tween`](macro@crate::tween) and [`Configurator::add_tween`](crate::Configurator::add_tween).
//!
//! An `async fn` is polled on the event loop. A plain function runs in a pool of threads and calls the next one as an
//! ordinary function; while it waits, its thread lends its place. Both kinds nest in any order, and neither can tell
//! which of them is inside. A [`tower_layer::Layer`](https://docs.rs/tower-layer) stands as a tween in a `LayerTween`.
//!
//! ```
//! use aiopyramid::prelude::*;
//! use aiopyramid::tween::Next;
//!
//! async fn stamped(request: Request, next: Next) -> Result<Response> {
//!     next.run(request).await?.with_header("x-stamp", "seen")
//! }
//!
//! let mut config = Configurator::new();
//! config.add_tween(stamped);
//! let app = config.make_app()?;
//! # Ok::<(), aiopyramid::Error>(())
//! ```

mod blocking;
mod callable;
mod chain;
#[cfg(feature = "tower")]
mod layer;
mod names;
mod next;

pub use blocking::BlockingNext;
pub use callable::{AsCoroutine, AsPlain, AsTween, IntoTween, TweenCallable, TweenKind};
pub use chain::{Chain, Tween};
#[cfg(feature = "tower")]
pub use layer::{InnerService, LayerTween};
pub use names::{EXCVIEW, INGRESS, IntoNames, MAIN, TweenReference, name_of};
pub use next::Next;
