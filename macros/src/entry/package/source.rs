//! What one source file says about modules and handlers.

use super::lexer::{Lexer, Token};

/// The attributes that register something; helpers such as `use_executor` register nothing.
const HANDLERS: [&str; 9] = [
    "view_config",
    "view_defaults",
    "exception_view_config",
    "notfound_view_config",
    "forbidden_view_config",
    "websocket",
    "route",
    "tween",
    "subscriber",
];

/// Keywords before a `!` that is a negation, not a macro call.
const BEFORE_NOT: [&str; 6] = ["if", "while", "match", "return", "in", "else"];

/// A `mod name;` in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Declaration<'a> {
    /// The modules written inline around it, outermost first.
    pub(super) inside: Vec<Inline<'a>>,
    /// The name declared.
    pub(super) name: &'a str,
    /// Paths from `#[path = "..."]` or `#[cfg_attr(..., path = "...")]`.
    pub(super) paths: Vec<&'a str>,
    /// It, or something around it, stands under a `cfg` or comes out of a macro: it may not be compiled.
    pub(super) gated: bool,
}

/// A module with its body in the same file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inline<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// The directory that `#[path]` gives it.
    pub(super) path: Option<&'a str>,
}

/// What was found in one file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Source<'a> {
    /// Module declarations without a body, in order.
    pub(super) declarations: Vec<Declaration<'a>>,
    /// A handler stands here that no `cfg` takes away.
    pub(super) has_handlers: bool,
    /// Every string literal; a file named in one was not forgotten (`include!`, `include_str!`).
    pub(super) literals: Vec<&'a str>,
    /// Words inside macro calls that stand where items stand: they may declare modules in a way only the macro knows.
    pub(super) macro_words: Vec<&'a str>,
    /// String literals inside the same.
    pub(super) macro_literals: Vec<&'a str>,
}

/// One open bracket of any kind.
#[derive(Debug, Clone, Copy)]
struct Frame<'a> {
    /// What stands here may not be compiled.
    gated: bool,
    /// Items stand here: it is the file or a module.
    holds_items: bool,
    /// It is, or is inside, a macro call among items.
    in_macro: bool,
    module: Option<Inline<'a>>,
}

/// The outer attributes seen since the last item ended.
#[derive(Debug, Default)]
struct Pending<'a> {
    handler: bool,
    cfg: bool,
    paths: Vec<&'a str>,
}

#[derive(Debug)]
struct Scan<'a, 'f> {
    frameworks: &'f [String],
    source: Source<'a>,
    frames: Vec<Frame<'a>>,
    pending: Pending<'a>,
}

impl<'a> Source<'a> {
    /// Reads `text`. An attribute counts when it is written alone (`#[view_config]`) or behind one of the names of the
    /// framework in this package (`#[aiopyramid::view_config]`).
    pub(super) fn read(text: &'a str, frameworks: &[String]) -> Self {
        let outermost = Frame { gated: false, holds_items: true, in_macro: false, module: None };
        let mut scan = Scan {
            frameworks,
            source: Self::default(),
            frames: vec![outermost],
            pending: Pending::default(),
        };
        scan.run(text);
        scan.source
    }

    /// Whether [`Source::read`] could find a handler: a search that is cheaper than the scan.
    pub(super) fn may_have_handlers(text: &str) -> bool {
        // `view_config` is part of four of the names.
        ["view_config", "view_defaults", "websocket", "route", "tween", "subscriber"]
            .iter()
            .any(|name| text.contains(name))
    }
}

impl<'a> Scan<'a, '_> {
    fn run(&mut self, text: &'a str) {
        let mut tokens = Lexer::new(text).peekable();
        // The word before the current token, and the one before a `!` that may make it a macro call.
        let mut word = None;
        let mut called = None;
        while let Some(token) = tokens.next() {
            let before = word.take();
            let call = called.take();
            match token {
                Token::Mark(b'#') => {
                    let inner = tokens.next_if_eq(&Token::Mark(b'!')).is_some();
                    if tokens.next_if_eq(&Token::Mark(b'[')).is_some() {
                        self.attribute(&mut tokens, inner);
                    }
                }
                Token::Mark(b'!') => called = before.filter(|word| !BEFORE_NOT.contains(word)),
                Token::Word(_) if call == Some("macro_rules") => called = call,
                // Inside a macro call too: `cfg_if!` and its like pass it on.
                Token::Word("mod") => {
                    if let Some(Token::Word(name)) = tokens.peek().copied() {
                        tokens.next();
                        match tokens.next() {
                            Some(Token::Mark(b';')) => self.declare(name),
                            Some(Token::Mark(b'{')) => self.open_module(name),
                            _ => {}
                        }
                    }
                }
                Token::Word(name) => {
                    if self.innermost().in_macro {
                        self.source.macro_words.push(name);
                    }
                    word = Some(name);
                }
                Token::Literal(literal) => {
                    self.source.literals.push(literal);
                    if self.innermost().in_macro {
                        self.source.macro_literals.push(literal);
                    }
                }
                Token::Mark(b'{') => self.open(call, true),
                Token::Mark(b'(' | b'[') => self.open(call, false),
                Token::Mark(mark @ (b'}' | b')' | b']')) => {
                    if self.frames.len() > 1 {
                        self.frames.pop();
                    }
                    if mark == b'}' {
                        self.settle();
                    }
                }
                Token::Mark(b';') => {
                    self.settle();
                }
                Token::Mark(_) => {}
            }
        }
    }

    fn innermost(&self) -> Frame<'a> {
        self.frames[self.frames.len() - 1]
    }

    /// The item that the pending attributes belong to is known: judge and forget them.
    fn settle(&mut self) -> Pending<'a> {
        let pending = std::mem::take(&mut self.pending);
        let frame = self.innermost();
        if pending.handler && !pending.cfg && !frame.gated {
            self.source.has_handlers = true;
        }
        pending
    }

    fn open(&mut self, call: Option<&str>, body: bool) {
        let outer = self.innermost();
        let cfg = body && self.settle().cfg;
        self.frames.push(Frame {
            gated: outer.gated || cfg || call.is_some(),
            holds_items: false,
            in_macro: outer.in_macro || (outer.holds_items && call.is_some_and(|name| name != "macro_rules")),
            module: None,
        });
    }

    fn open_module(&mut self, name: &'a str) {
        let outer = self.innermost();
        let pending = self.settle();
        let module = Some(Inline { name, path: pending.paths.first().copied() });
        self.frames.push(Frame { gated: outer.gated || pending.cfg, module, ..outer });
    }

    fn declare(&mut self, name: &'a str) {
        let gated = self.innermost().gated;
        let pending = self.settle();
        self.source.declarations.push(Declaration {
            inside: self.frames.iter().filter_map(|frame| frame.module).collect(),
            name,
            paths: pending.paths,
            gated: gated || pending.cfg,
        });
    }

    /// Stands behind `#[` or `#![` and reads to the matching bracket.
    fn attribute(&mut self, tokens: &mut impl Iterator<Item = Token<'a>>, inner: bool) {
        let mut depth = 1;
        let mut path = Vec::new();
        let mut path_ended = false;
        let mut key = None;
        for token in tokens {
            match token {
                Token::Mark(b'[' | b'(' | b'{') => depth += 1,
                Token::Mark(b']' | b')' | b'}') => depth -= 1,
                Token::Word(word) => {
                    if !path_ended {
                        path.push(word);
                    }
                    key = Some(word);
                    continue;
                }
                Token::Literal(literal) => {
                    if key == Some("path") && matches!(path[..], ["path" | "cfg_attr"]) {
                        self.pending.paths.push(literal);
                    }
                    self.source.literals.push(literal);
                }
                Token::Mark(b':') if !path_ended => continue,
                Token::Mark(b'=') => {
                    path_ended = true;
                    continue;
                }
                Token::Mark(_) => {}
            }
            path_ended = true;
            key = None;
            if depth == 0 {
                break;
            }
        }
        let cfg = path == ["cfg"];
        if inner {
            if cfg && let Some(frame) = self.frames.last_mut() {
                frame.gated = true;
            }
            return;
        }
        self.pending.cfg |= cfg;
        self.pending.handler |= match path[..] {
            [name] => HANDLERS.contains(&name),
            [krate, name] => HANDLERS.contains(&name) && self.frameworks.iter().any(|known| known == krate),
            _ => false,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    fn read(text: &str) -> Source<'_> {
        Source::read(text, &["aiopyramid".to_owned(), "web".to_owned()])
    }

    #[test]
    fn every_handler_attribute_is_seen_alone_and_behind_the_framework() {
        for name in super::HANDLERS {
            for text in [
                format!("#[{name}]\nfn f() {{}}"),
                format!("#[aiopyramid::{name}(\n  renderer = \"json\",\n)]\nasync fn f() {{}}"),
                format!("mod a {{ impl V {{ # [ web :: {name} (route = \"/\") ] fn f(&self) {{}} }} }}"),
                format!("#[{name}(\"/\")] struct Unit;"),
            ] {
                assert!(read(&text).has_handlers, "{text}");
                assert!(Source::may_have_handlers(&text), "{text}");
            }
        }
    }

    #[test]
    fn what_only_looks_like_a_handler_is_none() {
        for text in [
            "// #[view_config]\nfn f() {}",
            "/* #[view_config] */ fn f() {}",
            "/// ```\n/// #[view_config]\n/// ```\nfn f() {}",
            "const T: &str = \"\n#[view_config]\nfn f() {}\";",
            "const T: &str = r#\"\n#[view_config]\nfn f() {}\"#;",
            "#[rocket::route(GET)] fn f() {}",
            "#[doc = \"#[view_config]\"] fn f() {}",
            "#[allow(view_config)] fn f() {}",
            "macro_rules! v { ($n:ident) => { #[view_config] fn $n() {} } }",
            "quote! { #[view_config] fn f() {} }",
            "use aiopyramid::view_config;",
        ] {
            assert!(!read(text).has_handlers, "{text}");
        }
    }

    #[test]
    fn a_handler_under_cfg_is_not_counted_upon() {
        for text in [
            "#[cfg(test)] mod tests { #[view_config] fn f() {} }",
            "#[cfg(feature = \"x\")] #[view_config] fn f() {}",
            "#[view_config] #[cfg(feature = \"x\")] pub(crate) fn f() {}",
            "#![cfg(unix)]\n#[view_config] fn f() {}",
            "mod a { #![cfg(unix)]\n#[view_config] fn f() {} }",
        ] {
            assert!(!read(text).has_handlers, "{text}");
        }
        assert!(read("#[cfg(test)] mod tests { fn g() {} } #[view_config] fn f() {}").has_handlers);
        assert!(read("#[cfg(test)] use a::b; #[view_config] fn f() {}").has_handlers);
    }

    #[test]
    fn declarations_carry_what_stands_around_them() {
        let source = read(
            "mod a; pub mod b;\n#[cfg(test)]\nmod c;\npub(in crate::x) mod r#match;
             mod outer { #[path = \"elsewhere\"] mod inner { pub mod d; } mod e; }
             #[path = \"odd.rs\"] mod f;
             #[cfg_attr(unix, path = \"unix.rs\")] mod g; mod h {}",
        );
        let seen: Vec<String> = source
            .declarations
            .iter()
            .map(|found| {
                let inside: Vec<_> =
                    found.inside.iter().map(|module| module.path.unwrap_or(module.name)).collect();
                format!("{}/{} {:?} {}", inside.join("/"), found.name, found.paths, found.gated)
            })
            .collect();
        assert_eq!(
            seen,
            [
                "/a [] false",
                "/b [] false",
                "/c [] true",
                "/match [] false",
                "outer/elsewhere/d [] false",
                "outer/e [] false",
                "/f [\"odd.rs\"] false",
                "/g [\"unix.rs\"] false",
            ]
        );
    }

    #[test]
    fn a_declaration_inside_a_macro_call_counts_but_is_uncertain() {
        let source = read("cfg_if! { if #[cfg(unix)] { mod a; } else { mod b; } }\nmodules!(c, d); mod e;");
        let seen: Vec<_> = source.declarations.iter().map(|found| (found.name, found.gated)).collect();
        assert_eq!(seen, [("a", true), ("b", true), ("e", false)]);
        assert!(source.macro_words.contains(&"c") && source.macro_words.contains(&"d"));
    }

    #[test]
    fn only_macro_calls_among_items_may_declare_by_other_means() {
        let source = read(
            "mod a { automod::dir!(\"src/a\"); } fn f() { if !x { y!(\"no\", z) } } macro_rules! m { () => { w } }",
        );
        assert_eq!(source.macro_literals, ["src/a"]);
        assert!(source.macro_words.is_empty());
    }

    #[test]
    fn brackets_too_many_or_too_few_do_no_harm() {
        assert_eq!(read("} ) mod a; ] } mod b; ( [ {").declarations.len(), 2);
    }

    #[test]
    fn literals_are_kept_for_files_that_are_included() {
        assert_eq!(read("include!(\"parts/home.rs\");").literals, ["parts/home.rs"]);
    }
}
