//! The names in a file of Rust: which modules and crates it refers to.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// The modules of a crate, and what its root shows under another name.
pub(crate) struct Names {
    modules: BTreeSet<Vec<String>>,
    /// Also those of other crates, and the macros that every module can give to the root.
    shown: BTreeMap<String, Vec<String>>,
}

/// What a file refers to.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) own: Vec<Reference>,
    pub(crate) foreign: Vec<Reference>,
    /// The modules that are written in the file itself.
    pub(crate) modules: Vec<(usize, String)>,
}

/// A path in a file.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) line: usize,
    /// As it is meant: from the root of the crate, or with the name of another.
    pub(crate) path: String,
    /// The module that has it, or the module that it is. Empty for the root, and in another crate.
    pub(crate) module: Vec<String>,
}

impl Names {
    /// The names of a crate with these modules and their sources.
    pub(crate) fn of(files: &[(Vec<String>, &str)]) -> Self {
        let mut shown = BTreeMap::new();
        for (module, source) in files {
            for item in parse(module, source).items {
                match item {
                    syn::Item::Use(item) if module.is_empty() => {
                        walk(&item.tree, &mut Vec::new(), &mut |name, path, _| {
                            shown.insert(name.to_owned(), path.to_vec());
                        });
                    }
                    syn::Item::Macro(item)
                        if item.attrs.iter().any(|a| a.path().is_ident("macro_export")) =>
                    {
                        let name = item.ident.unwrap().to_string();
                        shown.insert(name.clone(), [module.as_slice(), &[name]].concat());
                    }
                    _ => {}
                }
            }
        }
        Self { modules: files.iter().map(|(module, _)| module.clone()).collect(), shown }
    }

    /// What the file of `module` refers to. The tokens of the macros in `quoting` are not looked at.
    pub(crate) fn in_file(&self, module: &[String], source: &str, quoting: &[&str]) -> Found {
        let file = parse(module, source);
        let mut reader = Reader { names: self, module: module.to_vec(), quoting, found: Found::default() };
        reader.visit_file(&file);
        reader.found
    }

    /// Where the item at `path` really is: the root shows what others have.
    fn follow(&self, mut path: Vec<String>) -> Vec<String> {
        if let Some(first) = path.first()
            && !self.modules.contains(&path[..1])
            && let Some(shown) = self.shown.get(first)
        {
            path.splice(..1, shown.iter().cloned());
        }
        path
    }

    /// The module of the item at `path`, or the module that it is.
    fn module<'p>(&self, path: &'p [String]) -> &'p [String] {
        let mut starts = (0..=path.len()).rev().map(|length| &path[..length]);
        starts.find(|start| self.modules.contains(*start)).unwrap_or_default()
    }
}

fn parse(module: &[String], source: &str) -> syn::File {
    syn::parse_file(source).unwrap_or_else(|error| panic!("{}: {error}", module.join("::")))
}

/// Shows every path of a `use` declaration, with the name that it gets and the line.
fn walk(tree: &syn::UseTree, path: &mut Vec<String>, show: &mut impl FnMut(&str, &[String], usize)) {
    match tree {
        syn::UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            walk(&tree.tree, path, show);
            path.pop();
        }
        syn::UseTree::Name(tree) if tree.ident == "self" => {
            show(path.last().map_or("self", String::as_str), path, line(&tree.ident));
        }
        syn::UseTree::Name(tree) => {
            path.push(tree.ident.to_string());
            show(&tree.ident.to_string(), path, line(&tree.ident));
            path.pop();
        }
        syn::UseTree::Rename(tree) => {
            let itself = tree.ident == "self";
            path.extend((!itself).then(|| tree.ident.to_string()));
            show(&tree.rename.to_string(), path, line(&tree.ident));
            path.truncate(path.len() - usize::from(!itself));
        }
        syn::UseTree::Glob(tree) => show("*", path, line(tree)),
        syn::UseTree::Group(tree) => tree.items.iter().for_each(|item| walk(item, path, show)),
    }
}

fn line(what: &impl Spanned) -> usize {
    what.span().start().line
}

struct Reader<'a> {
    names: &'a Names,
    module: Vec<String>,
    quoting: &'a [&'a str],
    found: Found,
}

impl Reader<'_> {
    fn add(&mut self, path: &[String], line: usize) {
        let mut from = match path.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("self" | "super") => self.module.clone(),
            _ => return self.add_foreign(path, line),
        };
        for segment in path {
            match segment.as_str() {
                "crate" | "self" => {}
                "super" => drop(from.pop()),
                name => from.push(name.to_owned()),
            }
        }
        let real = self.names.follow(from.clone());
        let module = self.names.module(&real).to_vec();
        if module.is_empty() && real != from {
            return self.add_foreign(&real, line);
        }
        let path = [&["crate".to_owned()], real.as_slice()].concat().join("::");
        self.found.own.push(Reference { line, path, module });
    }

    fn add_foreign(&mut self, path: &[String], line: usize) {
        self.found.foreign.push(Reference { line, path: path.join("::"), module: Vec::new() });
    }

    /// The paths in the tokens of a macro, which may be anything.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut start = 0;
        let mut colons = 0;
        for token in tokens {
            match &token {
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(ident) if colons == 2 => path.push(ident.to_string()),
                _ => {
                    self.add_if_long(&path, start);
                    path.clear();
                    if let TokenTree::Ident(ident) = &token {
                        path.push(ident.to_string());
                        start = line(ident);
                    }
                }
            }
            colons = 0;
            if let TokenTree::Group(group) = token {
                self.add_tokens(group.stream());
            }
        }
        self.add_if_long(&path, start);
    }

    fn add_if_long(&mut self, path: &[String], line: usize) {
        if path.len() > 1 {
            self.add(path, line);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.found.modules.push((line(&item.ident), item.ident.to_string()));
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let mut paths = Vec::new();
        walk(&item.tree, &mut Vec::new(), &mut |_, path, line| paths.push((path.to_vec(), line)));
        for (path, line) in paths {
            self.add(&path, line);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add_if_long(&segments, line(path));
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.visit_path(&called.path);
        let name = called.path.segments.last().unwrap().ident.to_string();
        if !self.quoting.contains(&name.as_str()) {
            self.add_tokens(called.tokens.clone());
        }
    }

    /// Who may see something is no reference to whoever that is.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}
}
