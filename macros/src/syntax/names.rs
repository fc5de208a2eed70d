//! Every path that an expansion may name.

use proc_macro2::TokenStream;
use quote::quote;

/// The one module that expansions refer to.
pub(crate) fn private() -> TokenStream {
    quote!(::aiopyramid::__private)
}
