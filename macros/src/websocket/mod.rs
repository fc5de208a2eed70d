//! `#[websocket]`: a function that is given an open socket, a struct whose methods are called with what happens on one, and the
//! `impl` block of these methods.

mod callbacks;
mod structure;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::syntax::errors::Errors;
use crate::view_config::{self, Purpose};

/// The whole macro: what it does depends on what it stands on.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    match Target::of(&item) {
        Target::Function => view_config::expand(Purpose::WebSocket, attribute, item),
        Target::Struct => structure::expand(attribute, item),
        Target::Impl => callbacks::expand(attribute, item),
        Target::Other => {
            let mut errors = Errors::new();
            errors.push_with_help(
                &item,
                "`#[websocket]` is put on a function, a struct, or the `impl` of a struct's methods",
                "write it above an `async fn` that takes a `WebSocket`, or above a struct with `impl WebSocketView`",
            );
            let errors = errors.finish(()).unwrap_err();
            quote!(#item #errors)
        }
    }
}

/// What the attribute stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Function,
    Struct,
    Impl,
    Other,
}

impl Target {
    /// As the first word after attributes and visibility says that tells.
    fn of(item: &TokenStream) -> Self {
        for token in item.clone() {
            let TokenTree::Ident(word) = token else { continue };
            match word.to_string().as_str() {
                "fn" | "async" | "extern" => return Self::Function,
                "struct" => return Self::Struct,
                "impl" => return Self::Impl,
                "pub" | "unsafe" | "const" | "default" => {}
                _ => return Self::Other,
            }
        }
        Self::Other
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn the_first_word_tells_what_an_item_is() {
        for (item, target) in [
            ("#[must_use] pub(in crate::x) async fn echo(ws: WebSocket) {}", Target::Function),
            ("/// text\n fn echo() {}", Target::Function),
            ("pub struct Room { name: String }", Target::Struct),
            ("unsafe impl A for B {}", Target::Impl),
            ("enum Room {}", Target::Other),
            ("mod chat {}", Target::Other),
            ("", Target::Other),
        ] {
            assert_eq!(Target::of(&item.parse().unwrap()), target, "{item}");
        }
    }
}
