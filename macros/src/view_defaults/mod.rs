//! `#[view_defaults]`: a class of views, the methods of an `impl` block.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, Token, Type};

use crate::syntax::errors::Errors;
use crate::syntax::function::{Function, members};
use crate::view_config::{Arguments, Block, Purpose, declaration, validate};

/// The whole macro: the block without the attributes of its views, and beside it what they declare.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let class = match syn::parse2::<Class>(item.clone()) {
        Ok(class) => class,
        Err(error) => {
            // What is no `impl` at all needs no further reason.
            let error = match error.to_string() {
                reason if reason == "expected `impl`" => String::new(),
                reason => format!(": {reason}"),
            };
            errors.push_with_help(
                &item,
                format_args!("`#[view_defaults]` is put on the `impl` block of a type{error}"),
                "write it above `impl MyViews { ... }`",
            );
            let errors = errors.finish(()).unwrap_err();
            return quote!(#item #errors);
        }
    };
    // Read once for its own mistakes, and once more for each view that it is the default of.
    Arguments::read(Purpose::Requests, attribute.clone(), &mut errors);
    if let Some(parameter) = class.generics.type_params().next() {
        errors.push_with_help(
            parameter,
            "a class of views cannot be generic: nobody could say for which type it is made",
            "name the type, as in `impl Users<Database>`",
        );
    }
    let new = class.methods.iter().find(|method| method.function.name() == "new" && method.views.is_empty());
    let mut declarations = TokenStream::new();
    for method in &class.methods {
        let views = method.views.iter().filter_map(|view| {
            let purpose = Purpose::of(view.path())?;
            let defaults = Arguments::read(Purpose::Requests, attribute.clone(), &mut Errors::ignored());
            let arguments = match &view.meta {
                syn::Meta::List(list) => Arguments::read(purpose, list.tokens.clone(), &mut errors),
                _ => Arguments::default(),
            };
            let arguments = arguments.with_defaults(purpose, defaults);
            let block = Block { ty: &class.ty, new: new.map(|new| &new.function) };
            validate(purpose, &arguments, &method.function, Some(block), &mut errors)
        });
        for view in views.collect::<Vec<_>>() {
            declarations.extend(declaration(&view));
        }
    }
    if class.methods.iter().all(|method| method.views.is_empty()) {
        errors.push_with_help(
            &class.ty,
            "no method of this block is a view",
            "write `#[view_config(...)]` above those that are",
        );
    }
    let class = class.without_views();
    match errors.finish(declarations) {
        Ok(declarations) => quote!(#class #declarations),
        Err(errors) => quote!(#class #errors),
    }
}

/// An `impl` block whose methods' bodies were not looked at.
struct Class {
    attributes: Vec<Attribute>,
    generics: Generics,
    ty: Type,
    methods: Vec<Method>,
    /// Constants and the like.
    others: Vec<TokenStream>,
}

struct Method {
    function: Function,
    views: Vec<Attribute>,
}

impl Method {
    /// With the attributes that make views of it apart.
    fn of(mut function: Function) -> Self {
        let (views, attributes) =
            function.attributes.into_iter().partition(|attribute| Purpose::of(attribute.path()).is_some());
        function.attributes = attributes;
        Self { function, views }
    }
}

impl Parse for Class {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Token![impl]>()?;
        let mut generics: Generics = input.parse()?;
        let ty: Type = input.parse()?;
        if input.peek(Token![for]) {
            return Err(input.error("this one is of a trait"));
        }
        generics.where_clause = input.parse()?;
        let inner;
        syn::braced!(inner in input);
        let (functions, others) = members(&inner)?;
        let methods = functions.into_iter().map(Method::of).collect();
        Ok(Self { attributes, generics, ty, methods, others })
    }
}

impl Class {
    fn without_views(&self) -> TokenStream {
        let Self { attributes, generics, ty, methods, others } = self;
        let (generics, _, condition) = generics.split_for_impl();
        let methods = methods.iter().map(|method| &method.function);
        quote!(#(#attributes)* impl #generics #ty #condition { #(#others)* #(#methods)* })
    }
}
