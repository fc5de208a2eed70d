//! `#[aiopyramid::main]` and `#[aiopyramid::test]`: where a program, and a test of it, begin.

mod package;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Ident, ReturnType, Type};

use crate::syntax::arguments::{self, Value};
use crate::syntax::errors::Errors;
use crate::syntax::function::Function;
use crate::syntax::names::{ends, private};

/// What the function of `#[aiopyramid::main]` looks like.
const SHAPE: &str = "`fn main(config: &mut Configurator) -> Result<()>`";

/// The function that configures the application becomes a program that serves it.
pub(crate) fn main(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    if !attribute.is_empty() {
        errors.push_with_help(attribute, "`#[aiopyramid::main]` has no arguments", "`#[aiopyramid::main]`");
    }
    let Ok(function) = syn::parse2::<Function>(item.clone()) else {
        errors.push_with_help(&item, "`#[aiopyramid::main]` is put on a function", SHAPE);
        let errors = errors.finish(()).err();
        return quote!(#item #errors);
    };
    if let Some(asynchronous) = &function.signature.asyncness {
        errors.push_with_help(
            asynchronous,
            "the application is configured before there is an event loop",
            SHAPE,
        );
    }
    if function.signature.inputs.len() != 1 {
        errors.push_with_help(
            function.name(),
            "the function is given a `Configurator`, and nothing else",
            SHAPE,
        );
    }
    let parameter = match function.signature.inputs.first() {
        Some(FnArg::Typed(parameter)) => &parameter.ty,
        _ => &Type::Verbatim(quote!(_)),
    };
    if !matches!(parameter, Type::Verbatim(_)) && !is_mutable_reference(parameter) {
        errors.push_with_help(parameter, "the function is given a `&mut Configurator`", SHAPE);
    }
    if let ReturnType::Default = function.signature.output {
        errors.push_with_help(function.name(), "the function returns a `Result<()>`", SHAPE);
    }
    let package = package::Package::of_environment();
    for undeclared in &package.undeclared {
        errors.push(function.name(), undeclared);
    }
    let private = private();
    let mut configure = function.signature.clone();
    configure.ident = Ident::new("__configure", function.name().span());
    let Function { attributes, visibility, signature, body } = &function;
    let name = &signature.ident;
    // The parameter is blamed where it is wrong, and so is what is returned.
    let given = Ident::new("__config", ends(parameter).0);
    let done = Ident::new("__done", function.output_ends().0);
    let run = quote! {
        #private::run(|__config| { let #done = __configure(#given); #done }, __EXPECTED, __BUILT_FROM)
    };
    let built_from = built_from(&private);
    let expected = package.expected.iter().map(|expected| {
        let package::ExpectedCrate { package, version, chain, line_to_add, in_file, .. } = expected;
        quote! {
            #private::ExpectedPackage {
                name: #package,
                version: #version,
                chain: &[#(#chain),*],
                line_to_add: #line_to_add,
                in_file: #in_file,
            }
        }
    });
    let linked = &package.linked;
    // Cargo does not compile anew what only `[package.metadata]` has changed for; what a file includes it does watch.
    let manifest = package::manifest().map(|path| {
        quote!(
            const _: &[u8] = ::core::include_bytes!(#path);
        )
    });
    let expansion = quote! {
        #(#linked)*
        #manifest
        #(#attributes)*
        #visibility fn #name() -> ::std::process::ExitCode {
            #configure #body
            static __EXPECTED: &[#private::ExpectedPackage] = &[#(#expected),*];
            static __BUILT_FROM: ::core::option::Option<#private::BuiltFrom> = #built_from;
            #run
        }
    };
    errors.finish(expansion).unwrap_or_else(|errors| {
        // A `main` as it was written would be a second mistake to the compiler.
        quote! {
            #(#attributes)*
            #visibility fn #name() {
                #[allow(dead_code)]
                #configure #body
            }
            #errors
        }
    })
}

/// What Cargo builds the program from, as an expression.
fn built_from(private: &impl ToTokens) -> TokenStream {
    let Some(package::BuiltFrom { package, folder, features }) = package::BuiltFrom::of_environment() else {
        return quote!(::core::option::Option::None);
    };
    let features = features.map_or_else(
        || quote!(::core::option::Option::None),
        |features| quote!(::core::option::Option::Some(&[#(#features),*])),
    );
    quote! {
        ::core::option::Option::Some(#private::BuiltFrom { package: #package, folder: #folder, features: #features })
    }
}

fn is_mutable_reference(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if reference.mutability.is_some())
}

/// A function over a client, or over nothing, becomes a test on an event loop of its own.
pub(crate) fn test(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let written = arguments::read(attribute, &mut errors);
    let written = arguments::known(written, &["configure", "scan"], &mut errors);
    let Ok(function) = syn::parse2::<Function>(item.clone()) else {
        errors.push_with_help(
            &item,
            "`#[aiopyramid::test]` is put on a function",
            "write it above an `async fn`",
        );
        let errors = errors.finish(()).err();
        return quote!(#item #errors);
    };
    if function.signature.asyncness.is_none() {
        errors.push_with_help(
            function.signature.fn_token,
            "the test runs on an event loop",
            format_args!("`async fn {}`", function.name()),
        );
    }
    let client = match function.signature.inputs.len() {
        0 => false,
        1 => true,
        _ => {
            errors.push_with_help(
                &function.signature.inputs,
                "a test is given a client of the application, or nothing",
                format_args!("`async fn {}(client: Client)`", function.name()),
            );
            true
        }
    };
    let private = private();
    let mut configure = if client {
        quote!(|__config: &mut ::aiopyramid::Configurator| {
            __config.scan();
            ::core::result::Result::Ok(())
        })
    } else {
        quote!(|_: &mut ::aiopyramid::Configurator| ::core::result::Result::Ok(()))
    };
    for argument in &written {
        match (&argument.value, argument.key == "configure") {
            (Value::Path(path), true) => configure = quote!(#path),
            (Value::Text(module), false) => {
                let module = module.value();
                // `crate::views` is how a person names a module; `module_path!()` has the crate's own name.
                let module = if let Some(rest) = module.strip_prefix("crate") {
                    quote!(::std::format!("{}{}", env!("CARGO_CRATE_NAME"), #rest))
                } else {
                    quote!(#module)
                };
                configure = quote!(|__config: &mut ::aiopyramid::Configurator| {
                    __config.scan_module(#module);
                    ::core::result::Result::Ok(())
                });
            }
            (other, true) => errors.push_with_help(
                other,
                "`configure` is the path to a function over a `Configurator`",
                "`configure = includeme`",
            ),
            (other, false) => {
                errors.push_with_help(other, "`scan` is the path to a module", "`scan = \"crate::views\"`");
            }
        }
    }
    if let [one, other, ..] = written.as_slice() {
        errors.push_with_help(
            other,
            format_args!("`{}` and `{}` exclude each other", one.key, other.key),
            "keep one of them: a function that is configured can itself call `scan_module`",
        );
    }
    let Function { attributes, visibility, signature, body } = &function;
    let (name, output) = (&signature.ident, &signature.output);
    let mut inner = signature.clone();
    inner.ident = Ident::new("__test", name.span());
    let call = if client { quote!(__test) } else { quote!(|_| __test()) };
    let place = match output {
        ReturnType::Default => name.span(),
        ReturnType::Type(_, ty) => ty.span(),
    };
    let run = quote_spanned!(place=> #private::run_test(#configure, #call));
    let expansion = quote! {
        #[::core::prelude::v1::test]
        #(#attributes)*
        #visibility fn #name() #output {
            #inner #body
            #run
        }
    };
    errors.finish(expansion).unwrap_or_else(|errors| quote!(#item #errors))
}
