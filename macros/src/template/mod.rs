//! `template!("templates/mail.txt.jinja2")`: a template that a view renders itself.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::LitStr;

use crate::syntax::errors::Errors;
use crate::syntax::names::{private, private_at};
use crate::syntax::template::{self, Template};

/// How the template is given.
const SHAPE: &str = "`template!(\"templates/mail.txt.jinja2\")`";

/// The template as a value, which is also known to the application from its start on.
pub(crate) fn expand(name: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let template = read(name, &mut errors);
    match errors.finish(template) {
        Ok(template) => template.map(|(template, text)| value(&template, &text)).unwrap_or_default(),
        // A block, because several errors are not one expression.
        Err(errors) => quote!({ #errors }),
    }
}

fn read(name: TokenStream, errors: &mut Errors) -> Option<(Template, LitStr)> {
    if name.is_empty() {
        errors.push_with_help(name, "the template is missing", SHAPE);
        return None;
    }
    let Ok(text) = syn::parse2::<LitStr>(name.clone()) else {
        errors.push_with_help(name, "the template is given as one text, relative to the package", SHAPE);
        return None;
    };
    match template::read(&text.value(), text.span()) {
        Ok(template) => Some((template, text)),
        Err(faults) => {
            for (message, help) in faults {
                errors.push_with_help(&text, message, help);
            }
            None
        }
    }
}

/// Its type is found by the compiler: that of the place where it is put.
fn value(template: &Template, text: &LitStr) -> TokenStream {
    let private = private();
    let declaration = template.declaration();
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let (templates, accesses) = template.accesses();
    let at = private_at(text.span());
    let checked =
        quote_spanned!(text.span()=> const { #at::checked_template(&__TEMPLATE, #templates, #accesses) });
    quote! {{
        static __TEMPLATE: #private::TemplateDeclaration = #declaration;
        #private::inventory::submit! {
            #private::Declaration::Template(
                &__TEMPLATE,
                #private::Origin::here(#package, ::core::module_path!()),
            )
        }
        #checked
    }}
}
