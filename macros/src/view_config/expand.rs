//! From a checked view to what it expands to.
//!
//! ```text
//! #[view_config(route = "/users/{id}")]          const _: () = {
//! async fn user(id: u64, db: State<Db>)              static VIEW: ViewDeclaration = ViewDeclaration {
//!     -> Result<String> { .. }               =>          callable: || coroutine(|request| async move {
//!                                                            let a = segment::<u64>(&request, 0)?;
//!                                                            let b = extract::<State<Db>>(&request).await?;
//!                                                            respond(user(a, b).await)
//!                                                        }), ..
//!                                                    };
//!                                                    inventory::submit! { Declaration::View(&VIEW) }
//!                                                };
//! ```

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, LitStr};

use super::validate::{Bound, Mapper, Receiver, Renderer, Route, Source, View};
use crate::syntax::function::Nature;
use crate::syntax::names::private;

/// What stands beside the function.
pub(crate) fn declaration(view: &View) -> TokenStream {
    let private = private();
    let record = record(view);
    quote! {
        const _: () = {
            static __VIEW: #private::ViewDeclaration = #record;
            #private::inventory::submit! { #private::Declaration::View(&__VIEW) }
        };
    }
}

fn record(view: &View) -> TokenStream {
    let private = private();
    let name = &view.name;
    let route = match &view.route {
        Route::Inline(pattern) => quote!(#private::RouteReference::Inline(#pattern)),
        Route::Declared(path) => {
            // Spanned at the path, so that a type that is no route is blamed there.
            quote_spanned!(path.span()=> #private::RouteReference::Declared(#private::declaration_of::<#path>()))
        }
    };
    let predicates = view.predicates.iter().map(|(name, negated, values)| {
        quote!(#private::PredicateDeclaration { name: #name, negated: #negated, values: &[#(#values),*] })
    });
    let mapper = match &view.mapper {
        Mapper::Default => quote!(#private::MapperDeclaration::Default),
        Mapper::Coroutine => quote!(#private::MapperDeclaration::Coroutine),
        Mapper::Executor(None) => quote!(#private::MapperDeclaration::Executor(::core::option::Option::None)),
        Mapper::Executor(Some(pool)) => {
            quote!(#private::MapperDeclaration::Executor(::core::option::Option::Some(#pool)))
        }
        Mapper::Inline => quote!(#private::MapperDeclaration::Inline),
        Mapper::Own(path) => quote_spanned! {path.span()=>
            #private::MapperDeclaration::Own(#private::own_mapper::<#path>)
        },
    };
    let on_disconnect =
        Ident::new(if view.finish_on_disconnect { "Finish" } else { "Cancel" }, Span::call_site());
    let needs = extracted(&view.parameters).filter(|bound| may_need(bound)).map(|bound| {
        let ty = &bound.ty;
        // A type that cannot be extracted is blamed once, where it is extracted; this use has no place of its own.
        quote!(#private::need::<#ty>)
    });
    let callable = callable(view);
    quote! {
        #private::ViewDeclaration {
            name: #name,
            route: #route,
            predicates: &[#(#predicates),*],
            mapper: #mapper,
            on_disconnect: #private::OnDisconnect::#on_disconnect,
            needs: &[#(#needs),*],
            callable: || #callable,
            origin: #private::origin!(),
        }
    }
}

/// The parameters that are taken from the request by their type, those of a constructor included.
fn extracted(parameters: &[Bound]) -> Box<dyn Iterator<Item = &Bound> + '_> {
    Box::new(parameters.iter().flat_map(|bound| -> Box<dyn Iterator<Item = &Bound>> {
        match &bound.source {
            Source::Extractor => Box::new(std::iter::once(bound)),
            Source::Receiver(Receiver { new: Some(new), .. }) => extracted(&new.parameters),
            _ => Box::new(std::iter::empty()),
        }
    }))
}

/// Only types with parameters, such as `State<Db>`, and types of the user's own can need something.
fn may_need(bound: &Bound) -> bool {
    matches!(&bound.ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| {
        !matches!(last.ident.to_string().as_str(), "Request" | "Json" | "Form" | "Query" | "Multipart" | "Matchdict" | "String" | "Bytes")
    }))
}

fn callable(view: &View) -> TokenStream {
    let private = private();
    let (arguments, names) = arguments(view);
    let call = &view.call;
    let call = quote!(#call(#(#names),*));
    let respond = respond(view);
    let place = view.ident.span();
    match view.nature {
        Nature::Coroutine => quote_spanned! {place=>
            #private::coroutine(|__request| async move {
                #arguments
                #respond(#call.await)
            })
        },
        Nature::ByType if view.renderer.is_none() => {
            let by_type = match view.mapper {
                Mapper::Coroutine => quote_spanned!(view.output=> #private::coroutine_by_type),
                Mapper::Executor(_) | Mapper::Inline => {
                    quote_spanned!(view.output=> #private::blocking_by_type)
                }
                Mapper::Default | Mapper::Own(_) => quote_spanned!(view.output=> #private::by_type),
            };
            quote_spanned! {place=>
                #by_type(|__request| async move {
                    #arguments
                    ::core::result::Result::Ok(move || #call)
                })
            }
        }
        Nature::Plain | Nature::ByType => quote_spanned! {place=>
            #private::blocking(|__request| async move {
                #arguments
                ::core::result::Result::Ok(move || #respond(#call))
            })
        },
    }
}

/// The conversion of what the function returns, blamed at its return type.
fn respond(view: &View) -> TokenStream {
    let private = private();
    match view.renderer {
        None => quote_spanned!(view.output=> #private::respond),
        Some(Renderer::Json) => quote_spanned!(view.output=> #private::render_json),
        Some(Renderer::Text) => quote_spanned!(view.output=> #private::render_string),
    }
}

/// Statements that take the arguments from the request, and what to call the function with.
fn arguments(view: &View) -> (TokenStream, Vec<TokenStream>) {
    let mut statements = TokenStream::new();
    let names = take(view, &view.parameters, "__argument", &mut statements);
    (statements, names)
}

fn take(view: &View, parameters: &[Bound], prefix: &str, statements: &mut TokenStream) -> Vec<TokenStream> {
    let private = private();
    let mut names = Vec::with_capacity(parameters.len());
    for (place, bound) in parameters.iter().enumerate() {
        let name = format_ident!("{prefix}_{place}");
        let ty = &bound.ty;
        let at = ty.span();
        let value = match &bound.source {
            Source::BorrowedRequest => {
                names.push(quote!(&__request));
                continue;
            }
            Source::Segment(index) => quote_spanned!(at=> #private::segment::<#ty>(&__request, #index)?),
            Source::Rest => quote_spanned!(at=> #private::rest::<#ty>(&__request)?),
            Source::Extractor => quote_spanned!(at=> #private::extract::<#ty>(&__request).await?),
            Source::Named(parameter) => named(view, parameter, ty),
            Source::Receiver(receiver) => {
                let value = construct(view, receiver, ty, statements);
                statements.extend(quote!(let #name = #value;));
                names.push(if receiver.owned { quote!(#name) } else { quote!(&#name) });
                continue;
            }
        };
        statements.extend(quote!(let #name = #value;));
        names.push(quote!(#name));
    }
    names
}

/// The value that a method is called on.
fn construct(view: &View, receiver: &Receiver, ty: &syn::Type, statements: &mut TokenStream) -> TokenStream {
    let at = ty.span();
    let Some(new) = &receiver.new else {
        return quote_spanned!(at=> <#ty as ::core::default::Default>::default());
    };
    let names = take(view, &new.parameters, "__field", statements);
    let wait = new.asynchronous.then(|| quote!(.await));
    let call = quote_spanned!(at=> <#ty>::new(#(#names),*) #wait);
    if new.fallible {
        quote!((#call).map_err(::core::convert::Into::<::aiopyramid::Error>::into)?)
    } else {
        call
    }
}

/// A parameter of a view whose route is declared elsewhere: what it is, the compiler finds out from the route.
fn named(view: &View, parameter: &Ident, ty: &syn::Type) -> TokenStream {
    let private = private();
    let Route::Declared(route) = &view.route else { unreachable!("an inline pattern is known") };
    let written = parameter.to_string();
    let written = LitStr::new(written.strip_prefix("r#").unwrap_or(&written), parameter.span());
    let at = ty.span();
    let kind = quote_spanned! {parameter.span()=>
        #private::kind(<#route as #private::Route>::PLACEHOLDERS, #written, <#private::Probe<#ty>>::IS_EXTRACTOR)
    };
    let index = quote!(#private::index(<#route as #private::Route>::PLACEHOLDERS, #written));
    quote_spanned! {at=>
        <#ty as #private::Parameter<{
            #[allow(unused_imports)]
            use #private::NoExtractor as _;
            #kind
        }>>::take(&__request, const { #index }).await?
    }
}
