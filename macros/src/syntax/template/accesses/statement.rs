//! Statements: which names they make, and where.

use minijinja::machinery::ast;

use super::scope::Scopes;
use super::{Lowering, Path};

/// Filters that make pairs of a map.
const PAIRING: &[&str] = &["items", "dictsort"];

impl<'a> Lowering<'a> {
    pub(super) fn statements(&mut self, statements: &'a [ast::Stmt<'a>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn scoped(&mut self, statements: &'a [ast::Stmt<'a>]) {
        self.scopes.push();
        self.statements(statements);
        self.scopes.pop();
    }

    fn statement(&mut self, statement: &'a ast::Stmt<'a>) {
        match statement {
            ast::Stmt::Template(template) => self.statements(&template.children),
            ast::Stmt::EmitExpr(emit) => {
                self.expression(&emit.expr);
            }
            ast::Stmt::ForLoop(each) => self.for_loop(each),
            ast::Stmt::IfCond(condition) => self.condition(condition),
            ast::Stmt::WithBlock(with) => {
                self.scopes.push();
                for (target, value) in &with.assignments {
                    let path = self.expression(value);
                    self.bind(target, path, Scopes::bind);
                }
                self.statements(&with.body);
                self.scopes.pop();
            }
            ast::Stmt::Set(set) => {
                let path = self.expression(&set.expr);
                self.bind(&set.target, path, Scopes::set);
            }
            ast::Stmt::SetBlock(set) => {
                if let Some(filter) = &set.filter {
                    self.expression(filter);
                }
                self.scoped(&set.body);
                self.bind(&set.target, None, Scopes::set);
            }
            ast::Stmt::AutoEscape(escape) => {
                self.expression(&escape.enabled);
                self.scoped(&escape.body);
            }
            ast::Stmt::FilterBlock(filter) => {
                self.expression(&filter.filter);
                self.scoped(&filter.body);
            }
            ast::Stmt::Block(block) => self.block(block.name),
            ast::Stmt::Import(import) => {
                self.import(&import.expr);
                self.bind(&import.name, None, Scopes::bind);
            }
            ast::Stmt::FromImport(import) => {
                self.import(&import.expr);
                for (name, alias) in &import.names {
                    self.bind(alias.as_ref().unwrap_or(name), None, Scopes::bind);
                }
            }
            ast::Stmt::Include(include) => {
                // What it sets may stay, so it gets no scope of its own.
                if let Some(name) = self.referred(&include.name) {
                    self.enter_apart(name);
                } else {
                    self.links.meet_unknown_template();
                    self.expression(&include.name);
                }
            }
            ast::Stmt::Macro(defined) => self.defined(defined),
            ast::Stmt::CallBlock(call) => {
                self.call(&call.call);
                self.defined(&call.macro_decl);
            }
            ast::Stmt::Do(done) => {
                self.call(&done.call);
            }
            // The name of an extended template is no value; anything else has nothing inside.
            _ => {}
        }
    }

    fn for_loop(&mut self, each: &'a ast::ForLoop<'a>) {
        let path = self.expression(&each.iter);
        self.scopes.push();
        self.scopes.bind("loop", None);
        match &each.target {
            // A loop that calls itself goes through something else there.
            target if each.recursive => self.bind(target, None, Scopes::bind),
            ast::Expr::Var(name) => {
                let element = path.filter(|_| !is_pairing(&each.iter)).map(|path| format!("{path}.*"));
                self.scopes.bind(name.id, element);
            }
            target => {
                let value = path.filter(|_| is_pairing(&each.iter)).map(|path| format!("{path}.*"));
                match names(target).as_slice() {
                    [key, name] if value.is_some() => {
                        self.bind(key, None, Scopes::bind);
                        self.bind(name, value, Scopes::bind);
                    }
                    _ => self.bind(target, None, Scopes::bind),
                }
            }
        }
        if let Some(filter) = &each.filter_expr {
            self.expression(filter);
        }
        self.statements(&each.body);
        self.scopes.pop();
        self.scoped(&each.else_body);
    }

    fn condition(&mut self, condition: &'a ast::IfCond<'a>) {
        let guards = self.guards.len();
        self.guard(&condition.expr);
        self.expression(&condition.expr);
        self.scopes.push_condition();
        self.statements(&condition.true_body);
        self.statements(&condition.false_body);
        self.scopes.pop_condition();
        self.guards.truncate(guards);
    }

    /// A macro. What it is called with is known to its callers alone.
    fn defined(&mut self, defined: &'a ast::Macro<'a>) {
        self.scopes.bind(defined.name, None);
        for default in &defined.defaults {
            self.expression(default);
        }
        self.scopes.push();
        for name in ["caller", "varargs", "kwargs"] {
            self.scopes.bind(name, None);
        }
        for argument in &defined.args {
            self.bind(argument, None, Scopes::bind);
        }
        self.statements(&defined.body);
        self.scopes.pop();
    }

    /// A template that is imported knows none of the names that were made here.
    fn import(&mut self, expression: &'a ast::Expr<'a>) {
        let Some(name) = self.referred(expression) else {
            self.expression(expression);
            return;
        };
        let scopes = std::mem::replace(&mut self.scopes, Scopes::new());
        let guards = std::mem::take(&mut self.guards);
        self.enter_apart(name);
        self.guards = guards;
        let inner = std::mem::replace(&mut self.scopes, scopes);
        self.scopes.take_made(inner);
    }

    fn bind(
        &mut self,
        target: &'a ast::Expr<'a>,
        path: Option<Path>,
        bind: fn(&mut Scopes<'a>, &'a str, Option<Path>),
    ) {
        match target {
            ast::Expr::Var(name) => bind(&mut self.scopes, name.id, path),
            // One of several elements, of which nobody knows more.
            target => {
                for name in names(target) {
                    self.bind(name, None, bind);
                }
            }
        }
    }
}

/// The targets that a value is taken apart into.
fn names<'a>(target: &'a ast::Expr<'a>) -> Vec<&'a ast::Expr<'a>> {
    match target {
        ast::Expr::List(list) => list.items.iter().collect(),
        ast::Expr::Tuple(tuple) => tuple.items.iter().collect(),
        // The attribute of a namespace is no name.
        _ => Vec::new(),
    }
}

fn is_pairing(expression: &ast::Expr<'_>) -> bool {
    matches!(expression, ast::Expr::Filter(filter) if PAIRING.contains(&filter.name))
}
