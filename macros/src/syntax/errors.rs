//! All mistakes of one item, collected before the macro gives up.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// Mistakes, each at the token that is wrong.
///
/// Dropping a collection with mistakes in it that nobody has looked at is a mistake of the macro itself.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    found: Vec<syn::Error>,
    /// Whether the same tokens are looked at a second time, and what is wrong with them has been said.
    said: bool,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// For tokens whose mistakes have been noted by an earlier look at them.
    pub(crate) fn ignored() -> Self {
        Self { found: Vec::new(), said: true }
    }

    /// A mistake at `place`.
    pub(crate) fn push(&mut self, place: impl ToTokens, message: impl std::fmt::Display) {
        self.add(syn::Error::new_spanned(place, message));
    }

    /// A mistake with a line that says what to write instead.
    pub(crate) fn push_with_help(
        &mut self,
        place: impl ToTokens,
        message: impl std::fmt::Display,
        help: impl std::fmt::Display,
    ) {
        self.push(place, format_args!("{message}\nhelp: {help}"));
    }

    pub(crate) fn add(&mut self, error: syn::Error) {
        self.found.push(error);
    }

    /// The value, where it could be had; else the mistake is noted.
    pub(crate) fn take<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Gives `value` if there is no mistake, else the tokens that show them all.
    pub(crate) fn finish<T>(mut self, value: T) -> Result<T, TokenStream> {
        let errors = std::mem::take(&mut self.found);
        if errors.is_empty() {
            return Ok(value);
        }
        let errors = errors.iter().map(syn::Error::to_compile_error);
        Err(quote!(#(#errors)*))
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if !self.said && !std::thread::panicking() {
            assert!(self.found.is_empty(), "mistakes were collected and not reported");
        }
    }
}
