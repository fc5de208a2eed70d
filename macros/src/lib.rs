//! The attribute macros of aiopyramid. They are documented and re-exported by the `aiopyramid` crate, which is what an
//! application depends on.
//!
//! Every macro has a module of its own: `attr` reads what stands in the attribute, `validate` checks it against the item
//! below, `expand` writes the expansion, which can no longer fail. A macro collects all mistakes before it gives up, and gives
//! the item back unchanged, so that one mistake is one error.

use proc_macro::TokenStream;

mod bridge;
#[cfg(feature = "embed")]
mod embedded;
mod entry;
mod exception_view;
mod resource;
mod route;
mod subscriber;
mod syntax;
#[cfg(feature = "templates")]
mod template;
mod template_context;
mod tween;
mod view_config;
mod view_defaults;
#[cfg(feature = "websocket")]
mod websocket;

#[doc = include_str!("route/doc.md")]
#[proc_macro_attribute]
pub fn route(attribute: TokenStream, item: TokenStream) -> TokenStream {
    route::expand(attribute.into(), item.into()).into()
}

#[doc = include_str!("resource/doc.md")]
#[proc_macro_attribute]
pub fn resource(attribute: TokenStream, item: TokenStream) -> TokenStream {
    resource::expand(attribute.into(), item.into()).into()
}

#[doc = include_str!("view_config/doc.md")]
#[proc_macro_attribute]
pub fn view_config(attribute: TokenStream, item: TokenStream) -> TokenStream {
    view_config::expand(view_config::Purpose::Requests, attribute.into(), item.into()).into()
}

#[doc = include_str!("exception_view/notfound.md")]
#[proc_macro_attribute]
pub fn notfound_view_config(attribute: TokenStream, item: TokenStream) -> TokenStream {
    exception_view::notfound(attribute.into(), item.into()).into()
}

#[doc = include_str!("exception_view/forbidden.md")]
#[proc_macro_attribute]
pub fn forbidden_view_config(attribute: TokenStream, item: TokenStream) -> TokenStream {
    exception_view::forbidden(attribute.into(), item.into()).into()
}

#[doc = include_str!("exception_view/exception.md")]
#[proc_macro_attribute]
pub fn exception_view_config(attribute: TokenStream, item: TokenStream) -> TokenStream {
    exception_view::exception(attribute.into(), item.into()).into()
}

#[doc = include_str!("view_defaults/doc.md")]
#[proc_macro_attribute]
pub fn view_defaults(attribute: TokenStream, item: TokenStream) -> TokenStream {
    view_defaults::expand(attribute.into(), item.into()).into()
}

#[cfg(feature = "websocket")]
#[doc = include_str!("websocket/doc.md")]
#[proc_macro_attribute]
pub fn websocket(attribute: TokenStream, item: TokenStream) -> TokenStream {
    websocket::expand(attribute.into(), item.into()).into()
}

#[doc = include_str!("subscriber/doc.md")]
#[proc_macro_attribute]
pub fn subscriber(attribute: TokenStream, item: TokenStream) -> TokenStream {
    subscriber::expand(attribute.into(), item.into()).into()
}

#[doc = include_str!("tween/doc.md")]
#[proc_macro_attribute]
pub fn tween(attribute: TokenStream, item: TokenStream) -> TokenStream {
    tween::expand(attribute.into(), item.into()).into()
}

#[doc = include_str!("bridge/use_executor.md")]
#[proc_macro_attribute]
pub fn use_executor(attribute: TokenStream, item: TokenStream) -> TokenStream {
    bridge::use_executor(attribute.into(), item.into()).into()
}

#[doc = include_str!("bridge/synchronize.md")]
#[proc_macro_attribute]
pub fn synchronize(attribute: TokenStream, item: TokenStream) -> TokenStream {
    bridge::synchronize(attribute.into(), item.into()).into()
}

#[doc = include_str!("entry/main.md")]
#[proc_macro_attribute]
pub fn main(attribute: TokenStream, item: TokenStream) -> TokenStream {
    entry::main(attribute.into(), item.into()).into()
}

#[doc = include_str!("entry/test.md")]
#[proc_macro_attribute]
pub fn test(attribute: TokenStream, item: TokenStream) -> TokenStream {
    entry::test(attribute.into(), item.into()).into()
}

#[cfg(feature = "embed")]
#[doc = include_str!("embedded/doc.md")]
#[proc_macro]
pub fn embedded(folder: TokenStream) -> TokenStream {
    embedded::expand(folder.into()).into()
}

#[doc = include_str!("template_context/doc.md")]
#[proc_macro_derive(TemplateContext, attributes(template_context))]
pub fn template_context(item: TokenStream) -> TokenStream {
    template_context::expand(item.into()).into()
}

#[cfg(feature = "templates")]
#[doc = include_str!("template/doc.md")]
#[proc_macro]
pub fn template(name: TokenStream) -> TokenStream {
    template::expand(name.into()).into()
}
