//! How much of anything one request may bring.

/// How much of anything one request may bring. Set through the [settings](crate::Settings) of the same names.
///
/// The size of the head is the server's business: see [`ServerConfig`](crate::server::ServerConfig).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// `max_body`: bytes of a body. 1 MiB by default.
    pub body: usize,
    /// `max_form_fields`: fields of a form or a query string. 1,000 by default.
    pub form_fields: usize,
    /// `max_multipart_parts`: parts of a multipart body. 100 by default.
    pub multipart_parts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 1 << 20, form_fields: 1_000, multipart_parts: 100 }
    }
}
