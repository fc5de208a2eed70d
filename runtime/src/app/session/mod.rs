//! What is remembered of a client from one request to the next (Pyramid's narrative chapter "Sessions").
//!
//! An application has one [`SessionFactory`] or none, set with
//! [`set_session_factory`](crate::Configurator::set_session_factory). [`Session`] is a parameter of views; that there is no factory
//! is found when the application starts. [`SessionRecord`] is what of a session outlives a request.

mod clock;
mod csrf;
mod factory;
mod flash;
mod record;
#[allow(clippy::module_inception, reason = "a session is what the room is named after")]
mod session;
mod signed_cookie;
mod stored;
mod values;

pub use crate::protocol::cookie::SameSite;
pub use crate::protocol::signing::HashAlgorithm;
pub(crate) use factory::ErasedSessionFactory;
pub use factory::SessionFactory;
pub use record::SessionRecord;
pub use session::{Session, SessionLife};
pub use signed_cookie::SignedCookieSessionFactory;
pub use stored::{SessionStore, StoredSessionFactory};
