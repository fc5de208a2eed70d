//! From a checked view to what it expands to.
//!
//! ```text
//! #[view_config(route = "/users/{id}")]          inventory::submit! {
//! async fn user(id: u64, db: State<Db>)              Declaration::View(ViewDeclaration::new(
//!     -> Result<String> { .. }               =>          "user", "/users/{id}", |request| answering(async move {
//!                                                            let a = segment::<u64>(&request, 0)?;
//!                                                            let b = extract::<State<Db>>(&request).await?;
//!                                                            respond(user(a, b).await)
//!                                                        }), ..
//!                                                    ).needs(..))
//!                                                }
//! ```

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, LitStr};

use super::validate::{
    Bound, Cache, Kind, Mapper, Permission, Receiver, Route, Source, View, is_plain_value,
};
use super::{rendering, websocket};
use crate::syntax::function::Nature;
use crate::syntax::names::{ends, of_trait, private, private_at, private_path, resource_key};

/// What stands beside the function. Of everything that an application has, this is there most often, and the compiler takes
/// it through all its passes on every edit: so it is one item, and says what is not at its default only.
pub(crate) fn declaration(view: &View) -> TokenStream {
    let private = private();
    let (templates, references) = rendering::templates(view.renderer.as_ref(), view.returned.as_ref());
    let record = record(view, &references);
    let submit = quote!(#private::inventory::submit! { #private::Declaration::View(#record) });
    if templates.is_empty() {
        return submit;
    }
    quote! {
        const _: () = {
            #templates
            #submit
        };
    }
}

fn record(view: &View, templates: &[TokenStream]) -> TokenStream {
    let private = private();
    let name = &view.name;
    let route = match &view.route {
        Route::Inline(pattern) => quote!(#private::RouteReference::Inline(#pattern)),
        Route::Declared(path) => {
            // Spanned at the path, so that a type that is no route is blamed there.
            let declaration = of_trait(path, &quote!(Route), "DECLARATION");
            quote!(#private::RouteReference::Declared(#declaration))
        }
        Route::Traversal => quote!(#private::RouteReference::Traversal),
    };
    let callable = callable(view);
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let mut record = quote! {
        #private::ViewDeclaration::new(#name, #route, #callable, #package, ::core::module_path!())
    };
    record.extend(kind(view).map(|kind| quote!(.kind(#kind))));
    record.extend(view.named.as_ref().map(|name| quote!(.named(#name))));
    record.extend(view.context.as_ref().map(|ty| {
        let key = resource_key(ty);
        quote!(.context(#key))
    }));
    record.extend(view.requirements.expand());
    record.extend(around(view));
    if let Some(mapper) = mapper(&view.mapper) {
        record.extend(quote!(.mapper(#private::MapperDeclaration::#mapper)));
    }
    if view.finish_on_disconnect && !matches!(view.mapper, Mapper::WebSocket) {
        record.extend(quote!(.finishing()));
    }
    let mut needs = extracted(&view.parameters)
        .filter(|bound| may_need(bound))
        // A type that cannot be extracted is blamed where it is extracted, and so only once.
        .map(|Bound { ty, .. }| quote!(<#private::Probe<#ty>>::NEED))
        .peekable();
    if needs.peek().is_some() {
        record.extend(quote! {
            .needs({
                #[allow(unused_imports)]
                use #private::NoExtractor as _;
                &[#(#needs),*]
            })
        });
    }
    if !templates.is_empty() {
        record.extend(quote!(.templates(&[#(#templates),*])));
    }
    record
}

/// The variant of `ViewKind`, where the view is for something other than requests.
fn kind(view: &View) -> Option<TokenStream> {
    let private = private();
    Some(match &view.kind {
        Kind::Requests => return None,
        Kind::NotFound { append_slash } => {
            quote!(#private::ViewKind::NotFound { append_slash: #append_slash })
        }
        Kind::Forbidden => quote!(#private::ViewKind::Forbidden),
        Kind::Exception(named) => {
            let taken = view.parameters.iter().find(|bound| matches!(bound.source, Source::Error));
            let key = match (taken, named.as_deref()) {
                (Some(Bound { ty, .. }), Some(named)) => of_trait(ty, &quote!(Answers<#named>), "KEY"),
                (Some(Bound { ty, .. }), None) | (None, Some(ty)) => {
                    of_trait(ty, &quote!(FromException), "KEY")
                }
                (None, None) => unreachable!("a view for errors says for which"),
            };
            quote!(#private::ViewKind::Exception(#key))
        }
    })
}

/// What is called on the record for what stands around the view.
fn around(view: &View) -> TokenStream {
    let private = private();
    let mut calls = TokenStream::new();
    match &view.permission {
        None => {}
        Some(Permission::Text(text)) => calls.extend(quote!(.permission(#text))),
        Some(Permission::Path(path)) => calls.extend(quote!(.permission(#path))),
    }
    if let Some(require) = view.require_csrf {
        calls.extend(quote!(.require_csrf(#require)));
    }
    if let Some(Cache { seconds, directives }) = &view.http_cache {
        let cache = match (seconds, directives) {
            (Some(seconds), None) => quote!(seconds(#seconds)),
            (Some(seconds), Some(directives)) => quote!(seconds(#seconds).with(#directives)),
            (None, directives) => quote!(directives(#directives)),
        };
        calls.extend(quote!(.http_cache(#private::HttpCache::#cache)));
    }
    if !view.decorators.is_empty() {
        let decorators = &view.decorators;
        calls.extend(quote!(.decorators(&[#(#decorators),*])));
    }
    calls
}

/// The variant of `MapperDeclaration`, where it is not the default.
fn mapper(mapper: &Mapper) -> Option<TokenStream> {
    Some(match mapper {
        Mapper::Default => return None,
        Mapper::Coroutine => quote!(Coroutine),
        Mapper::Executor(None) => quote!(Executor(::core::option::Option::None)),
        Mapper::Executor(Some(pool)) => quote!(Executor(::core::option::Option::Some(#pool))),
        Mapper::Inline => quote!(Inline),
        Mapper::WebSocket => quote!(WebSocket),
        Mapper::Own(path) => {
            let private_there = private_at(path.span());
            let make = quote_spanned!(path.span()=> #private_there::own_mapper::<#path>);
            quote!(Own(#make))
        }
    })
}

/// The parameters that are taken from the request by their type, those of a constructor included; with a route that is declared
/// elsewhere also those that may be, which only the compiler can tell.
fn extracted(parameters: &[Bound]) -> Box<dyn Iterator<Item = &Bound> + '_> {
    Box::new(parameters.iter().flat_map(|bound| -> Box<dyn Iterator<Item = &Bound>> {
        match &bound.source {
            Source::Extractor | Source::Named(_) => Box::new(std::iter::once(bound)),
            Source::Receiver(Receiver { new: Some(new), .. }) => extracted(&new.parameters),
            _ => Box::new(std::iter::empty()),
        }
    }))
}

/// Only types with parameters, such as `State<Db>`, and types of the user's own can need something.
fn may_need(bound: &Bound) -> bool {
    !is_plain_value(&bound.ty)
        && matches!(&bound.ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| {
            !matches!(last.ident.to_string().as_str(), "Request" | "Json" | "Form" | "Query" | "Multipart" | "Matchdict" | "String" | "Bytes")
        }))
}

/// How many parameters a view can have for which no closure is written.
const MOST_DIRECT: usize = 4;

/// A view whose arguments are all in the path: the function itself, how each argument is taken, and what makes the response.
/// The compiler takes half as long for it as for closures around the call. Neither the trait of a parameter nor that of the
/// answer is a bound of ours; each is named at the type that must have it, and so is blamed there in the words of that trait.
fn direct(view: &View) -> Option<TokenStream> {
    let place = view.ident.span();
    let private = private_at(place);
    let kind = Ident::new(
        match view.nature {
            Nature::Coroutine => "Awaited",
            Nature::Plain => "Called",
            Nature::ByType => return None,
        },
        place,
    );
    if view.renderer.is_some() || view.parameters.len() > MOST_DIRECT {
        return None;
    }
    let takes = view.parameters.iter().map(|Bound { ty, source }| match source {
        Source::Segment(index) => {
            let take = of_trait(ty, &quote!(FromSegment), "take");
            Some(quote_spanned!(place=> #private::Segment(#take, #index)))
        }
        Source::Rest => {
            let take = of_trait(ty, &quote!(FromRest), "take");
            Some(quote_spanned!(place=> #private::Rest(#take)))
        }
        _ => None,
    });
    let takes = takes.collect::<Option<Vec<_>>>()?;
    let call = &view.call;
    let answer = private_path(view.output, "IntoResponse::into_response");
    Some(quote_spanned! {place=>
        #private::CallableDeclaration::Direct(&#private::#kind(#call, (#(#takes,)*), #answer))
    })
}

fn callable(view: &View) -> TokenStream {
    if let Mapper::WebSocket = view.mapper {
        return websocket::callable(view);
    }
    if let Some(direct) = direct(view) {
        return direct;
    }
    let (arguments, names) = arguments(view);
    let call = &view.call;
    let place = view.ident.span();
    let call = quote_spanned!(place=> #call(#(#names),*));
    let private = private_at(place);
    let coroutine_answer = respond(view, &quote_spanned!(view.output.1=> #call.await));
    let blocking_answer = respond(view, &call);
    match view.nature {
        Nature::Coroutine => quote_spanned! {place=>
            #private::CallableDeclaration::Coroutine(|__request| #private::answering(async move {
                #arguments
                #coroutine_answer
            }))
        },
        Nature::ByType if view.renderer.is_none() => {
            let by_type = match view.mapper {
                Mapper::Coroutine => "ReturnedFuture::callable",
                Mapper::Executor(_) | Mapper::Inline => "ReturnedAnswer::callable",
                Mapper::Default | Mapper::Own(_) | Mapper::WebSocket => "Returned::callable",
            };
            let by_type = private_path(view.output, by_type);
            quote_spanned! {place=>
                #private::CallableDeclaration::ByType(|| #by_type(|__request| async move {
                    #arguments
                    ::core::result::Result::Ok(move || #call)
                }))
            }
        }
        Nature::Plain | Nature::ByType => quote_spanned! {place=>
            #private::CallableDeclaration::Blocking(|__request| #private::preparing(async move {
                #arguments
                ::core::result::Result::Ok(move || #blocking_answer)
            }))
        },
    }
}

/// The response that is made of what the function returns; blamed at its return type.
fn respond(view: &View, returned: &TokenStream) -> TokenStream {
    // What a function is called with is blamed before the function, so it is something that can stand at the return type:
    // two tokens, at its beginning and at its end.
    let (first, last) = view.output;
    let (answer, place) = (Ident::new("__answer", first), view.ident.span());
    let whole = quote_spanned!(last=> #answer.0);
    let Some(renderer) = &view.renderer else {
        let respond = private_path(view.output, "IntoResponse::into_response");
        return quote_spanned!(place=> { let #answer = (#returned,); #respond(#whole) });
    };
    // A `Result` is taken apart before it is rendered: serde could render it as well.
    let failure = view.fallible.then(|| {
        let into_error = private_path(view.output, "IntoError::into_error");
        quote_spanned!(last=> .map_err(#into_error)?)
    });
    let render = private_path(view.output, rendering::of_returned(renderer));
    let renderer = rendering::value(renderer);
    quote_spanned!(place=> { let #answer = (#returned,); #render(#whole #failure, #renderer, &__request) })
}

/// Statements that take the arguments from the request, and what to call the function with.
pub(super) fn arguments(view: &View) -> (TokenStream, Vec<TokenStream>) {
    let mut statements = TokenStream::new();
    let names = take(view, &view.parameters, "__argument", &mut statements);
    (statements, names)
}

fn take(view: &View, parameters: &[Bound], prefix: &str, statements: &mut TokenStream) -> Vec<TokenStream> {
    let mut names = Vec::with_capacity(parameters.len());
    for (place, bound) in parameters.iter().enumerate() {
        let name = format_ident!("{prefix}_{place}", span = bound.ty.span());
        let ty = &bound.ty;
        // A call is blamed from its first token to its last, so its parentheses stand at the end of the type.
        let (last, _) = ends(ty);
        let value = match &bound.source {
            Source::BorrowedRequest => {
                names.push(quote!(&__request));
                continue;
            }
            Source::WebSocket => {
                names.push(quote!(__socket));
                continue;
            }
            Source::Error => {
                let (statement, name) = error(view, ty);
                statements.extend(statement);
                names.push(name);
                continue;
            }
            Source::Segment(index) => {
                let segment = of_trait(ty, &quote!(FromSegment), "take");
                quote_spanned!(last=> #segment(&__request, #index)?)
            }
            Source::Rest => {
                let rest = of_trait(ty, &quote!(FromRest), "take");
                quote_spanned!(last=> #rest(&__request)?)
            }
            Source::Extractor => {
                let extract = of_trait(ty, &quote!(FromRequest), "from_request");
                quote_spanned!(last=> #extract(&__request).await?)
            }
            Source::Named(parameter) => named(view, parameter, ty),
            Source::Receiver(receiver) => {
                let value = construct(view, receiver, ty, statements);
                let instance = of_trait(ty, &receiver.instance, "value");
                statements.extend(quote!(let #name: #ty = #value;));
                statements.extend(quote_spanned!(last=> let #name = #instance(#name);));
                names.push(if receiver.owned { quote!(#name) } else { quote!(&#name) });
                continue;
            }
        };
        statements.extend(quote!(let #name = #value;));
        names.push(quote!(#name));
    }
    names
}

/// The error that is answered: a statement that takes it from the request, and what borrows it in the call.
fn error(view: &View, ty: &syn::Type) -> (TokenStream, TokenStream) {
    let private = private();
    let answered = match &view.kind {
        Kind::NotFound { .. } | Kind::Forbidden => Some(quote!(#private::HttpException)),
        Kind::Exception(named) => named.as_ref().map(|named| quote!(#named)),
        Kind::Requests => None,
    };
    let (_, last) = ends(ty);
    let borrow = if let Some(answered) = answered {
        let take = of_trait(ty, &quote!(Answers<#answered>), "take");
        quote_spanned!(last=> #take(&__error))
    } else {
        let take = private_path(ends(ty), "exception_as");
        quote_spanned!(last=> #take::<#ty>(&__error))
    };
    let taken = quote!(let __error = #private::exception(&__request)?;);
    if view.nature == Nature::ByType && view.renderer.is_none() {
        // Where it is called, nothing may fail any more.
        return (quote!(#taken #borrow?;), quote!(#borrow.expect("it was the same a moment ago")));
    }
    (taken, quote!(#borrow?))
}

/// The value that a method is called on.
fn construct(view: &View, receiver: &Receiver, ty: &syn::Type, statements: &mut TokenStream) -> TokenStream {
    let at = ty.span();
    let Some(new) = &receiver.new else {
        return quote_spanned!(at=> <#ty as ::core::default::Default>::default());
    };
    let names = take(view, &new.parameters, "__field", statements);
    let wait = new.asynchronous.then(|| quote!(.await));
    let made = Ident::new("__made", new.output.0);
    statements.extend(quote!(let #made = <#ty>::new(#(#names),*) #wait;));
    if new.fallible {
        let into_error = private_path(new.output, "IntoError::into_error");
        quote_spanned!(new.output.1=> #made.map_err(#into_error)?)
    } else {
        quote!(#made)
    }
}

/// A parameter of a view whose route is declared elsewhere: what it is, the compiler finds out from the route.
fn named(view: &View, parameter: &Ident, ty: &syn::Type) -> TokenStream {
    let Route::Declared(route) = &view.route else { unreachable!("an inline pattern is known") };
    let written = parameter.to_string();
    let written = LitStr::new(written.strip_prefix("r#").unwrap_or(&written), parameter.span());
    let declaration = of_trait(route, &quote!(Route), "DECLARATION");
    let placeholders = of_trait(route, &quote!(Route), "PLACEHOLDERS");
    let plain = is_plain_value(ty);
    let private = private_at(parameter.span());
    // One that is neither is refused by `kind`, which is therefore called at the parameter.
    let kind = quote_spanned! {parameter.span()=>
        #private::kind(#declaration, #placeholders, #written, #plain, <#private::Probe<#ty>>::IS_EXTRACTOR)
    };
    let index = quote!(#private::index(#placeholders, #written));
    let (first, _) = ends(ty);
    let last = first;
    let parameter = quote_spanned! {first=>
        Parameter<{
            #[allow(unused_imports)]
            use #private::NoExtractor as _;
            #kind
        }>
    };
    let take = of_trait(ty, &parameter, "take");
    quote_spanned!(last=> #take(&__request, const { #index }).await?)
}
