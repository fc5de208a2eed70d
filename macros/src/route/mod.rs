//! `#[route]`: a struct whose fields are the placeholders of a pattern.

use aiopyramid_pattern::Pattern;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, Ident, ItemStruct, LitInt, LitStr};

use crate::syntax::arguments::{self, Argument, Value};
use crate::syntax::errors::Errors;
use crate::syntax::names::{of_trait, plain_name, private};
use crate::syntax::predicate::{Owner, Predicates, Requirements};
use crate::syntax::{pattern, suggestion};

mod tree;

use tree::Tree;

/// The whole macro. The struct stays what it was.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let route = read(attribute, &item, &mut errors);
    match errors.finish(route) {
        Ok(route) => {
            let expansion = route.map(|route| route.expand());
            quote!(#item #expansion)
        }
        Err(errors) => {
            // Views that refer to the route would each complain that it is none: it is one, with a mistake in it.
            let stub = syn::parse2::<ItemStruct>(item.clone()).ok().map(|item| stub(&item));
            quote!(#item #errors #stub)
        }
    }
}

struct Route {
    item: ItemStruct,
    text: LitStr,
    pattern: Pattern,
    name: String,
    order: Option<LitInt>,
    requirements: Requirements,
    tree: Tree,
}

fn read(attribute: TokenStream, item: &TokenStream, errors: &mut Errors) -> Option<Route> {
    let mut pieces = arguments::pieces(attribute).into_iter();
    let text = match pieces.next().map(syn::parse2::<LitStr>) {
        Some(Ok(text)) => Some(text),
        Some(Err(error)) => {
            errors.add(syn::Error::new(
                error.span(),
                "the first argument is the pattern\nhelp: `#[route(\"/users/{id}\")]`",
            ));
            None
        }
        None => {
            errors.push_with_help(item, "the route has no pattern", "`#[route(\"/users/{id}\")]`");
            None
        }
    };
    let rest: Vec<Argument> = pieces.filter_map(|piece| errors.take(syn::parse2(piece))).collect();
    let own = &["name", "order", "factory", "traverse", "use_global_views", "not"];
    let rest = arguments::known(rest, &[own, Owner::Route.known()].concat(), errors);
    let Ok(item) = syn::parse2::<ItemStruct>(item.clone()) else {
        errors.push_with_help(
            item,
            "`#[route]` is put on a struct",
            "`#[route(\"/users/{id}\")] struct User { id: u64 }`",
        );
        return None;
    };
    if let Some(parameter) = item.generics.params.first() {
        errors.push_with_help(
            parameter,
            "a route cannot be generic: its fields are parsed into one type each",
            "name the type, such as `String`",
        );
    }
    let pattern = text.as_ref().and_then(|text| pattern::read(text, errors));
    if let Some(pattern) = &pattern {
        compare(&item, pattern, errors);
    }
    let mut name = snake_case(&item.ident.to_string());
    let mut order = None;
    let mut predicates = Predicates::default();
    let mut tree = Tree::default();
    for argument in rest {
        match argument.key.to_string().as_str() {
            "name" => match &argument.value {
                Value::Text(text) if !text.value().is_empty() => name = text.value(),
                other => {
                    let what = if other.text().is_some() { "a route has a name" } else { "`name` is a text" };
                    errors.push_with_help(other, what, format_args!("`name = \"{name}\"`"));
                }
            },
            "order" => match &argument.value {
                Value::Number(number)
                    if number.suffix().is_empty() && number.base10_parse::<i32>().is_ok() =>
                {
                    order = Some(number.clone());
                }
                other => errors.push_with_help(
                    other,
                    "`order` is a whole number that fits an `i32`",
                    "`order = 1`",
                ),
            },
            "factory" | "traverse" | "use_global_views" => tree.read(&argument, pattern.as_ref(), errors),
            "not" => predicates.add_negated(argument, Owner::Route, errors),
            _ => predicates.add(argument, errors),
        }
    }
    let requirements = predicates.check(Owner::Route, pattern.as_ref(), errors);
    Some(Route { item, text: text?, pattern: pattern?, name, order, requirements, tree })
}

/// Notes every field that is no placeholder, and every placeholder that is no field.
fn compare(item: &ItemStruct, pattern: &Pattern, errors: &mut Errors) {
    let fields: Vec<&Ident> = match &item.fields {
        Fields::Named(named) => named.named.iter().filter_map(|field| field.ident.as_ref()).collect(),
        Fields::Unit => Vec::new(),
        Fields::Unnamed(unnamed) => {
            errors.push_with_help(
                unnamed,
                "the fields of a route have the names of its placeholders",
                format_args!("`struct {} {{ {} }}`", item.ident, example(pattern)),
            );
            return;
        }
    };
    let placeholders: Vec<&str> = pattern.placeholders().collect();
    let missing: Vec<&str> = placeholders
        .iter()
        .copied()
        .filter(|name| !fields.iter().any(|field| plain_name(field) == *name))
        .collect();
    let mut explained = Vec::new();
    for field in fields.iter().filter(|field| !placeholders.contains(&plain_name(field).as_str())) {
        let written = plain_name(field);
        let message = format!("`{written}` is no placeholder of `{}`", pattern.as_str());
        match suggestion::nearest(&written, missing.iter().copied()) {
            Some(near) => {
                explained.push(near);
                errors.push_with_help(field, message, format_args!("did you mean `{near}`?"));
            }
            None => errors.push_with_help(
                field,
                message,
                format_args!("remove the field, or add `{{{written}}}` to the pattern"),
            ),
        }
    }
    for name in missing.iter().filter(|name| !explained.contains(name)) {
        let ty = if pattern.rest() == Some(name) { "Vec<String>" } else { "String" };
        errors.push_with_help(
            &item.ident,
            format_args!("the placeholder `{name}` of `{}` has no field", pattern.as_str()),
            format_args!("add `{name}: {ty}`"),
        );
    }
}

fn example(pattern: &Pattern) -> String {
    pattern.placeholders().map(|name| format!("{name}: String")).collect::<Vec<_>>().join(", ")
}

/// `BlogPost` as `blog_post`.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let letters: Vec<char> = name.trim_start_matches("r#").chars().collect();
    for (place, letter) in letters.iter().enumerate() {
        let begins = letter.is_uppercase()
            && place > 0
            && (letters[place - 1].is_lowercase()
                || letters[place - 1].is_ascii_digit()
                || letters.get(place + 1).is_some_and(|next| next.is_lowercase()));
        if begins {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

impl Route {
    fn expand(&self) -> TokenStream {
        let private = private();
        let Self { item, text, pattern, name, order, requirements, tree } = self;
        let order = order.as_ref().map(|order| quote!(.order(#order)));
        let (requirements, tree) = (requirements.expand(), tree.expand());
        let ident = &item.ident;
        let placeholders = pattern.placeholders().map(|name| {
            let rest = pattern.rest() == Some(name);
            quote!(#private::PlaceholderDeclaration { name: #name, rest: #rest })
        });
        let values = item.fields.iter().filter_map(|field| {
            let name = field.ident.as_ref()?;
            let written = name.to_string();
            let written = written.strip_prefix("r#").unwrap_or(&written);
            let convert = if pattern.rest() == Some(written) {
                of_trait(&field.ty, &quote!(ToRest), "to_rest")
            } else {
                of_trait(&field.ty, &quote!(ToSegment), "to_segment")
            };
            Some(quote!(#written => ::core::option::Option::Some(#convert(&self.#name))))
        });
        quote! {
            const _: () = {
                impl #private::Route for #ident {
                    const DECLARATION: &'static #private::RouteDeclaration =
                        &#private::RouteDeclaration::new(#name, #text, #private::origin!()) #order #requirements #tree;
                    const PLACEHOLDERS: &'static [#private::PlaceholderDeclaration] = &[#(#placeholders),*];
                }
                impl #private::PathValues for #ident {
                    fn path_value(&self, __name: &str) -> ::core::option::Option<#private::PathValue<'_>> {
                        match __name {
                            #(#values,)*
                            _ => ::core::option::Option::None,
                        }
                    }
                }
                #private::inventory::submit! { #private::Declaration::Route(<#ident as #private::Route>::DECLARATION) }
            };
        }
    }
}

/// A route without placeholders, so that whatever refers to it still compiles.
fn stub(item: &ItemStruct) -> TokenStream {
    let private = private();
    let ident = &item.ident;
    let (generics, arguments, condition) = item.generics.split_for_impl();
    let placeholders = item.fields.iter().filter_map(|field| {
        let name = plain_name(field.ident.as_ref()?);
        Some(quote!(#private::PlaceholderDeclaration { name: #name, rest: false }))
    });
    quote! {
        impl #generics #private::Route for #ident #arguments #condition {
            const DECLARATION: &'static #private::RouteDeclaration =
                &#private::RouteDeclaration::new("", "", #private::origin!());
            const PLACEHOLDERS: &'static [#private::PlaceholderDeclaration] = &[#(#placeholders),*];
        }
        impl #generics #private::PathValues for #ident #arguments #condition {
            fn path_value(&self, _: &str) -> ::core::option::Option<#private::PathValue<'_>> {
                ::core::option::Option::None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn the_name_of_a_route_is_that_of_its_struct_in_snake_case() {
        for (camel, snake) in [
            ("Home", "home"),
            ("BlogPost", "blog_post"),
            ("HTTPStatus", "http_status"),
            ("Page2Edit", "page2_edit"),
        ] {
            assert_eq!(snake_case(camel), snake);
        }
    }
}
