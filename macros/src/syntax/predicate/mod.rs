//! Predicates: what a request must be for a view or a route to have it.

use aiopyramid_pattern::Pattern;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{LitStr, Path, Type};

use super::arguments::{self, Argument, Value};
use super::errors::Errors;
use super::function::written;
use super::names::{private, resource_key};
use super::suggestion;

mod value;

pub(crate) use value::is_token;

/// Whose predicates they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    View,
    Route,
}

impl Owner {
    /// The names of those that it may have.
    pub(crate) const fn known(self) -> &'static [&'static str] {
        match self {
            Self::View => &[
                "request_method",
                "request_param",
                "header",
                "accept",
                "xhr",
                "path_info",
                "match_param",
                "containment",
                "physical_path",
                "is_authenticated",
                "effective_principals",
                "predicate",
            ],
            Self::Route => &[
                "request_method",
                "request_param",
                "header",
                "accept",
                "xhr",
                "path_info",
                "is_authenticated",
                "effective_principals",
                "predicate",
            ],
        }
    }
}

/// A predicate as it was written, negated where it stood in a `not(...)`.
#[derive(Debug)]
struct Predicate {
    argument: Argument,
    negated: bool,
}

/// All that were written, each there once.
#[derive(Debug, Default)]
pub(crate) struct Predicates(Vec<Predicate>);

impl Predicates {
    /// One that is not in a `not(...)`.
    pub(crate) fn add(&mut self, argument: Argument, errors: &mut Errors) {
        self.put(argument, false, errors);
    }

    /// Those in a `not(...)`.
    pub(crate) fn add_negated(&mut self, argument: Argument, owner: Owner, errors: &mut Errors) {
        let Value::Inner(inner) = &argument.value else {
            errors.push_with_help(
                &argument.value,
                "`not` is put around a predicate",
                "`not(request_method = \"GET\")`",
            );
            return;
        };
        let written = arguments::read(inner.clone(), errors);
        if inner.is_empty() {
            errors.push_with_help(
                &argument,
                "there is no predicate in `not()`",
                "`not(request_method = \"GET\")`",
            );
        }
        let known = owner.known();
        for argument in written {
            let key = argument.key.to_string();
            if known.contains(&key.as_str()) {
                self.put(argument, true, errors);
            } else {
                let help = match suggestion::nearest(&key, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the predicates are {}", suggestion::list(known.iter().copied())),
                };
                errors.push_with_help(&argument.key, format_args!("`{key}` is no predicate"), help);
            }
        }
    }

    fn put(&mut self, argument: Argument, negated: bool, errors: &mut Errors) {
        if self.has(&argument) {
            errors.push_with_help(
                &argument.key,
                format_args!("`{}` is given twice", argument.key),
                "remove one of them",
            );
        } else {
            self.0.push(Predicate { argument, negated });
        }
    }

    /// Takes from `defaults` those that are not here.
    pub(crate) fn fill(&mut self, defaults: Self) {
        for predicate in defaults.0 {
            if !self.has(&predicate.argument) {
                self.0.push(predicate);
            }
        }
    }

    /// The one of this name, if it was written.
    pub(crate) fn of(&self, name: &str) -> Option<&Argument> {
        self.0.iter().map(|predicate| &predicate.argument).find(|argument| argument.key == name)
    }

    /// Forgets the one of this name.
    pub(crate) fn remove(&mut self, name: &str) {
        self.0.retain(|predicate| predicate.argument.key != name);
    }

    fn has(&self, argument: &Argument) -> bool {
        self.0.iter().any(|own| own.argument.key == argument.key)
    }

    /// Checks the values, each as far as it can be; `pattern` is that of the route, where it is known.
    pub(crate) fn check(&self, owner: Owner, pattern: Option<&Pattern>, errors: &mut Errors) -> Requirements {
        let mut checked = Requirements::default();
        for Predicate { argument, negated } in &self.0 {
            match argument.key.to_string().as_str() {
                "containment" => match argument.value.ty() {
                    Some(ty) => checked.containment = Some((ty, *negated)),
                    None => refuse_type(argument, errors),
                },
                "predicate" => match argument.value.paths() {
                    Ok(paths) => checked.custom.extend(paths.into_iter().map(|path| (path, *negated))),
                    Err(other) => errors.push_with_help(
                        other,
                        "`predicate` is the path to a `fn(&Request) -> bool`, or a list of paths",
                        "`predicate = is_weekend`",
                    ),
                },
                key => {
                    if let Some(values) = value::check(argument, *negated, owner, pattern, errors) {
                        checked.declared.push((key.to_owned(), *negated, values));
                    }
                }
            }
        }
        checked
    }
}

/// Notes a `context` or `containment` that is no type.
pub(crate) fn refuse_type(argument: &Argument, errors: &mut Errors) {
    let key = &argument.key;
    let meant = meant_type(argument, "Folder");
    errors.push_with_help(
        &argument.value,
        format_args!("`{key}` is a type, or a trait with `dyn` before it"),
        format_args!("`{key} = {meant}` or `{key} = dyn Trait`"),
    );
}

/// The type that was meant where it stands in quotes, or an example.
pub(crate) fn meant_type(argument: &Argument, example: &str) -> String {
    let meant = argument.value.text().and_then(|text| text.parse::<Path>().ok());
    meant.map_or_else(|| example.to_owned(), |path| written(&path))
}

/// Predicates whose values are in order.
#[derive(Debug, Default)]
pub(crate) struct Requirements {
    declared: Vec<(String, bool, Vec<LitStr>)>,
    custom: Vec<(Path, bool)>,
    containment: Option<(Type, bool)>,
}

impl Requirements {
    /// What is called on a declaration to add them; what there is not, is not written.
    pub(crate) fn expand(&self) -> TokenStream {
        let private = private();
        let mut calls = TokenStream::new();
        if !self.declared.is_empty() {
            let predicates = self.declared.iter().map(|(name, negated, values)| {
                quote!(#private::PredicateDeclaration { name: #name, negated: #negated, values: &[#(#values),*] })
            });
            calls.extend(quote!(.predicates(&[#(#predicates),*])));
        }
        if !self.custom.is_empty() {
            let custom = self.custom.iter().map(|(path, negated)| {
                let name = written(path);
                quote!(#private::CustomPredicate { name: #name, negated: #negated, holds: #path })
            });
            calls.extend(quote!(.custom(&[#(#custom),*])));
        }
        if let Some((ty, negated)) = &self.containment {
            let key = resource_key(ty);
            calls.extend(quote!(.containment(#key, #negated)));
        }
        calls
    }
}
