//! Where a function stands. No macro is told whether it is in an `impl` block, and what a view leaves beside its function cannot
//! stand in one; so the file is asked.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::Visibility;
use syn::spanned::Spanned;

use super::function::Function;

/// The names of functions in a file.
#[derive(Debug, Default)]
struct Names {
    in_impls: HashSet<String>,
    outside: HashSet<String>,
}

thread_local! {
    /// The files that were read, each once.
    static READ: RefCell<HashMap<PathBuf, Names>> = RefCell::default();
}

/// Whether a function stands in an `impl` block, as far as that can be found out.
pub(crate) fn is_in_impl(function: &Function) -> bool {
    // In a unit test there is no file.
    if !proc_macro::is_available() {
        return false;
    }
    let begin = match &function.visibility {
        Visibility::Inherited => function.keyword(),
        visibility => visibility.span(),
    };
    // Nearly every view begins its line, and needs no look at the file.
    let begin = begin.unwrap();
    let Some(file) = begin.local_file().filter(|_| begin.column() > 1) else { return false };
    let name = function.name().to_string();
    READ.with_borrow_mut(|read| {
        let names = read.entry(file).or_insert_with_key(|file| {
            let tokens = std::fs::read_to_string(file).ok().and_then(|source| source.parse().ok());
            let mut names = Names::default();
            names.read(tokens.unwrap_or_default(), false);
            names
        });
        names.in_impls.contains(&name) && !names.outside.contains(&name)
    })
}

/// What the next block in braces belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Function,
    Impl,
    Module,
    Other,
}

impl Names {
    fn read(&mut self, tokens: TokenStream, in_impl: bool) {
        let mut item = Item::Other;
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(word) if word == "fn" => {
                    item = Item::Function;
                    if let Some(TokenTree::Ident(name)) = tokens.peek() {
                        let names = if in_impl { &mut self.in_impls } else { &mut self.outside };
                        names.insert(name.to_string());
                    }
                }
                // Not the one in `fn all() -> impl Iterator`.
                TokenTree::Ident(word) if word == "impl" && item == Item::Other => item = Item::Impl,
                TokenTree::Ident(word) if word == "mod" => item = Item::Module,
                TokenTree::Punct(mark) if mark.as_char() == ';' => item = Item::Other,
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    match item {
                        Item::Impl => self.read(group.stream(), true),
                        Item::Module => self.read(group.stream(), false),
                        Item::Function | Item::Other => {}
                    }
                    item = Item::Other;
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn functions_in_impls_are_told_from_others() {
        let mut names = Names::default();
        let source = "
            use a::b;
            pub(crate) fn free() -> impl Iterator { fn inner() {} }
            struct A { call: fn(u8) -> u8 }
            trait T { fn provided(&self) {} }
            impl<X> A where X: Fn() -> u8 { const C: fn() = x; pub async fn method() { } fn other(&self) {} }
            mod m { unsafe impl T for A { fn deep() {} } fn shallow() {} }
        ";
        names.read(source.parse().unwrap(), false);
        let sorted = |names: std::collections::HashSet<String>| {
            let mut names = Vec::from_iter(names);
            names.sort();
            names
        };
        assert_eq!(sorted(names.in_impls), ["deep", "method", "other"]);
        assert_eq!(sorted(names.outside), ["free", "shallow"]);
    }
}
