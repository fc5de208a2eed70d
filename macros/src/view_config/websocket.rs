//! A view that is a websocket: what answers its handshake.
//!
//! ```text
//! async fn echo(ws: WebSocket,        Coroutine(|request| answering(async move {
//!     id: u64) -> Result<()> { .. }       let a = segment::<u64>(&request, 0)?;
//!                               =>        static OPTIONS: WebSocketOptions = WebSocketOptions::new();
//!                                         serve(&request, &OPTIONS, move |socket| async move {
//!                                             echo(socket, a).await.into_outcome()
//!                                         })
//!                                     }))
//! ```

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};

use super::expand::arguments;
use super::validate::{Source, View};
use crate::syntax::names::{of_trait, private_at, private_path};

pub(super) fn callable(view: &View) -> TokenStream {
    let (arguments, names) = arguments(view);
    let place = view.ident.span();
    let private = private_at(place);
    let options = view.socket.iter().map(|option| {
        let (name, value) = (&option.name, &option.value);
        quote!(.#name(#value))
    });
    // Of the socket: its handshake is answered at once.
    let finishing = view.finish_on_disconnect.then(|| quote!(.finishing()));
    let options = quote! {
        static __OPTIONS: #private::websocket::WebSocketOptions =
            #private::websocket::WebSocketOptions::new() #(#options)* #finishing;
    };
    let answer = match &view.fields {
        Some(_) => view_of_struct(view, names),
        None => function(view, &names),
    };
    quote_spanned! {place=>
        #private::CallableDeclaration::Coroutine(|__request| #private::answering(async move {
            #arguments
            #options
            #answer
        }))
    }
}

/// A function that is given the socket.
fn function(view: &View, names: &[TokenStream]) -> TokenStream {
    let call = &view.call;
    let place = view.ident.span();
    let private = private_at(place);
    // Borrowed to answer the handshake, and beyond that by the function.
    let borrows = view.parameters.iter().any(|bound| matches!(bound.source, Source::BorrowedRequest));
    let (kept, moved) = if borrows {
        let kept = quote_spanned!(place=> let __handshake = ::core::clone::Clone::clone(&__request););
        (kept, quote_spanned!(place=> &__handshake))
    } else {
        (TokenStream::new(), quote_spanned!(place=> &__request))
    };
    let (first, last) = view.output;
    let returned = proc_macro2::Ident::new("__returned", first);
    let outcome = private_path((first, last), "websocket::IntoOutcome::into_outcome");
    let call = quote_spanned!(last=> #call(#(#names),*).await);
    let whole = quote_spanned!(last=> #returned.0);
    quote_spanned! {place=>
        #kept
        #private::websocket::serve(#moved, &__OPTIONS, move |__socket| async move {
            let #returned = (#call,);
            #outcome(#whole)
        })
    }
}

/// A struct whose methods are called.
fn view_of_struct(view: &View, names: Vec<TokenStream>) -> TokenStream {
    let ty = &view.call;
    let mut names = names.into_iter();
    let fields = view.fields.iter().flatten().map(|field| {
        let name = &field.name;
        let value = field.value.clone().or_else(|| names.next());
        quote!(#name: #value)
    });
    let fields = quote!(#(#fields),*);
    let serve = of_trait(ty.to_token_stream(), &quote!(Opened<_>), "open");
    let place = view.ident.span();
    quote_spanned!(place=> #serve(#ty { #fields }, &__request, &__OPTIONS))
}
