//! What a route says about the tree that is traversed once it has matched.

use aiopyramid_pattern::Pattern;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{LitStr, Path};

use crate::syntax::arguments::{Argument, Value};
use crate::syntax::errors::Errors;
use crate::syntax::names::{private, private_at};
use crate::syntax::{pattern, suggestion};

/// The root, the path through the tree, and who may be found there.
#[derive(Debug, Default)]
pub(super) struct Tree {
    factory: Option<Path>,
    traverse: Option<LitStr>,
    use_global_views: bool,
}

impl Tree {
    /// Reads one of the arguments; `route` is the pattern of the route, unless it is wrong.
    pub(super) fn read(&mut self, argument: &Argument, route: Option<&Pattern>, errors: &mut Errors) {
        match (argument.key.to_string().as_str(), &argument.value) {
            ("factory", Value::Path(path)) => self.factory = Some(path.clone()),
            ("factory", other) => errors.push_with_help(
                other,
                "`factory` is the path to a function that makes the root of a tree",
                "`factory = root`, with `fn root(request: Request) -> Root`",
            ),
            ("traverse", Value::Text(text)) => {
                check(argument, text, route, errors);
                self.traverse = Some(text.clone());
            }
            ("traverse", other) => errors.push_with_help(
                other,
                "`traverse` is a text: a path that is made of the placeholders",
                "`traverse = \"/users/{id}\"`",
            ),
            (_, Value::Switch(switch)) => self.use_global_views = switch.value,
            (_, other) => errors.push_with_help(
                other,
                "`use_global_views` is `true` or `false`, without quotes",
                "`use_global_views = true`",
            ),
        }
    }

    /// What is called on a declaration for it; what is not there is not written.
    pub(super) fn expand(&self) -> TokenStream {
        let mut calls = TokenStream::new();
        if let Some(path) = &self.factory {
            let place = path.span();
            let (private, private_there) = (private(), private_at(place));
            // The call stands at the path, which is what does not fit if it does not.
            let make = quote_spanned!(place=> #private_there::RootFactory::new(#path));
            calls.extend(quote!(.factory(|| -> #private::RootFactory { #make })));
        }
        if let Some(text) = &self.traverse {
            calls.extend(quote!(.traverse(#text)));
        }
        if self.use_global_views {
            calls.extend(quote!(.with_global_views()));
        }
        calls
    }
}

/// Notes what is wrong with the path through the tree: Pyramid would find out when a request comes.
fn check(argument: &Argument, text: &LitStr, route: Option<&Pattern>, errors: &mut Errors) {
    let Some(path) = pattern::read(text, errors) else { return };
    let Some(route) = route else { return };
    if route.rest() == Some("traverse") {
        errors.push_with_help(
            &argument.key,
            format_args!("`{}` says already what is traversed, with `*traverse`", route.as_str()),
            "remove one of them",
        );
        return;
    }
    for name in path.placeholders().filter(|name| !route.placeholders().any(|known| known == *name)) {
        let help = match suggestion::nearest(name, route.placeholders()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if route.placeholders().next().is_none() => format!("add `{{{name}}}` to the pattern"),
            None => format!("it has {}", suggestion::list(route.placeholders())),
        };
        errors.push_with_help(text, format_args!("`{name}` is no placeholder of `{}`", route.as_str()), help);
    }
}
