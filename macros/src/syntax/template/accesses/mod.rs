//! What a template asks for.
//!
//! ```text
//! {% for book in books %}{{ book.title|upper }}{% endfor %}  =>  books, books.*.title
//! ```
//!
//! Paths begin at what the view returns. What is not found out (values of macros' parameters, results of functions and most
//! filters) has no path, and nothing is said about what is asked of it. So a path that is noted is one that the template
//! certainly takes, wherever it gets there.

mod attribute;
mod expression;
pub(super) mod scope;
mod statement;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

use minijinja::machinery::ast;

use self::scope::Scopes;
use super::links::Links;
use super::reading::{Fault, Template};

/// A way from the value that is rendered: names with dots between them, `*` for an element.
type Path = String;

/// What a template, with all that it extends, includes and imports, asks for. The paths are one text, because the
/// compiler takes in one literal faster than hundreds of structs.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// The files, as they are called in messages. The accesses refer to their places in this list.
    pub(crate) templates: Vec<String>,
    /// A line for each path: `template line path`.
    pub(crate) accesses: String,
    /// The URLs that it makes of what is named by a text: see [`links`](super::links).
    pub(crate) links: String,
    /// What is wrong with its calls, whatever it is rendered with.
    pub(crate) faults: Vec<Fault>,
}

/// Finds out what `template` asks for; `parsed` has all its files by their names.
pub(super) fn of(template: &Template, parsed: &BTreeMap<String, ast::Stmt<'_>>) -> Asked {
    let mut lowering = Lowering {
        template,
        parsed,
        asked: Asked::default(),
        noted: HashSet::new(),
        scopes: Scopes::new(),
        guards: Vec::new(),
        inheritance: Inheritance::default(),
        current: &template.name,
        entered: Vec::new(),
        links: Links::default(),
    };
    lowering.enter(&template.name);
    let Lowering { mut asked, links, scopes, .. } = lowering;
    links.finish(&scopes, &mut asked);
    asked
}

/// How a template is called in messages: by its path in the package.
pub(super) fn shown(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, path)| path)
}

struct Lowering<'a> {
    template: &'a Template,
    parsed: &'a BTreeMap<String, ast::Stmt<'a>>,
    asked: Asked,
    /// What was noted already, each file for itself.
    noted: HashSet<(usize, String)>,
    scopes: Scopes<'a>,
    /// Paths that need not lead anywhere here, because it was asked whether they do.
    guards: Vec<Path>,
    inheritance: Inheritance<'a>,
    /// The template that is being looked at.
    current: &'a str,
    /// The templates that led here.
    entered: Vec<&'a str>,
    /// What is called.
    links: Links<'a>,
}

/// A template with those that it extends.
#[derive(Default)]
struct Inheritance<'a> {
    /// The blocks, with all bodies that they have.
    blocks: HashMap<&'a str, Vec<(&'a str, &'a [ast::Stmt<'a>])>>,
    /// Whether the template that is being looked at extends another one: then its blocks stand where that one has them.
    extending: bool,
    /// The blocks that led here.
    entered: Vec<&'a str>,
}

impl<'a> Lowering<'a> {
    /// The place of the current template among those that are named in messages.
    fn place(&mut self) -> usize {
        let shown = shown(self.current);
        let known = self.asked.templates.iter().position(|template| template == shown);
        known.unwrap_or_else(|| {
            self.asked.templates.push(shown.to_owned());
            self.asked.templates.len() - 1
        })
    }

    /// Notes that `path` is asked for in `line`.
    fn access(&mut self, path: &str, line: u16) {
        let guarded = |guard: &Path| {
            path.strip_prefix(guard.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if self.guards.iter().any(guarded) {
            return;
        }
        let place = self.place();
        if self.noted.insert((place, path.to_owned())) {
            let _ = writeln!(self.asked.accesses, "{place} {line} {path}");
        }
    }

    /// The template that is named by a text, if it is one of those that are known.
    fn referred(&self, expression: &ast::Expr<'_>) -> Option<&'a str> {
        let ast::Expr::Const(text) = expression else { return None };
        let reference = (self.current.to_owned(), text.value.as_str()?.to_owned());
        self.template.references.get(&reference).map(String::as_str)
    }

    /// Looks at a template, and at those that it extends.
    fn enter(&mut self, name: &'a str) {
        let Some(ast::Stmt::Template(template)) = self.parsed.get(name) else { return };
        if self.entered.contains(&name) {
            return;
        }
        let before = std::mem::replace(&mut self.current, name);
        self.entered.push(name);
        let children = &template.children;
        self.collect_blocks(children);
        let parent = children.iter().find_map(|child| match child {
            ast::Stmt::Extends(extends) => Some(&extends.name),
            _ => None,
        });
        let parent_name = parent.and_then(|parent| self.referred(parent));
        if parent.is_some() && parent_name.is_none() {
            self.links.meet_unknown_template();
        }
        self.inheritance.extending = parent.is_some();
        self.statements(children);
        self.inheritance.extending = false;
        if let Some(parent) = parent_name {
            self.enter(parent);
        }
        self.entered.pop();
        self.current = before;
    }

    /// Looks at a template that stands for itself: one that is included or imported.
    fn enter_apart(&mut self, name: &'a str) {
        let before = std::mem::take(&mut self.inheritance);
        self.enter(name);
        self.inheritance = before;
    }

    fn collect_blocks(&mut self, statements: &'a [ast::Stmt<'a>]) {
        for statement in statements {
            match statement {
                ast::Stmt::Block(block) => {
                    let bodies = self.inheritance.blocks.entry(block.name).or_default();
                    bodies.push((self.current, &block.body));
                    self.collect_blocks(&block.body);
                }
                ast::Stmt::ForLoop(each) => {
                    self.collect_blocks(&each.body);
                    self.collect_blocks(&each.else_body);
                }
                ast::Stmt::IfCond(condition) => {
                    self.collect_blocks(&condition.true_body);
                    self.collect_blocks(&condition.false_body);
                }
                ast::Stmt::WithBlock(inner) => self.collect_blocks(&inner.body),
                ast::Stmt::AutoEscape(inner) => self.collect_blocks(&inner.body),
                ast::Stmt::FilterBlock(inner) => self.collect_blocks(&inner.body),
                ast::Stmt::SetBlock(inner) => self.collect_blocks(&inner.body),
                _ => {}
            }
        }
    }

    /// A block, where the outermost template has it: all its bodies, since each may call the one below with `super()`.
    fn block(&mut self, name: &'a str) {
        if self.inheritance.extending || self.inheritance.entered.contains(&name) {
            return;
        }
        self.inheritance.entered.push(name);
        for (template, body) in self.inheritance.blocks.get(name).cloned().unwrap_or_default() {
            let before = std::mem::replace(&mut self.current, template);
            self.scopes.push();
            self.statements(body);
            self.scopes.pop();
            self.current = before;
        }
        self.inheritance.entered.pop();
    }
}
