//! Forms of other sites, which a browser sends with our cookies, are told from our own (Pyramid's narrative chapter "Preventing
//! Cross-Site Request Forgery Attacks").
//!
//! A view that says `require_csrf = true`, or every view after
//! [`set_default_csrf_options`](crate::Configurator::set_default_csrf_options), answers a request that may change something only
//! where it brings a token that pages of ours alone know, and over https comes from such a page. Else it ends in
//! [`BadCsrfToken`] or [`BadCsrfOrigin`].

mod cookie;
mod options;
mod origin;
mod refusal;

pub use cookie::CsrfCookie;
pub(crate) use options::Csrf;
pub use options::CsrfOptions;
pub(crate) use origin::TrustedOrigin;
pub use refusal::{BadCsrfOrigin, BadCsrfToken};
