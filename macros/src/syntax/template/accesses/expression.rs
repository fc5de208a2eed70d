//! Expressions: what they ask for, and the path of what they give.

use minijinja::machinery::ast;

use super::attribute;
use super::{Lowering, Path};

impl<'a> Lowering<'a> {
    /// Notes what `expression` asks for; gives the path of its value where it has one.
    pub(super) fn expression(&mut self, expression: &'a ast::Expr<'a>) -> Option<Path> {
        match expression {
            ast::Expr::Var(_) | ast::Expr::GetAttr(_) | ast::Expr::GetItem(_) => {
                self.inside(expression);
                let path = self.path(expression)?;
                self.access(&path, expression.span().start_line);
                Some(path)
            }
            ast::Expr::Const(_) => None,
            ast::Expr::Slice(slice) => {
                for bound in [&slice.start, &slice.stop, &slice.step].into_iter().flatten() {
                    self.expression(bound);
                }
                self.expression(&slice.expr)
            }
            ast::Expr::UnaryOp(operation) => {
                self.expression(&operation.expr);
                None
            }
            ast::Expr::BinOp(operation) => {
                // In `x is defined and x.y`, and in its opposite with `or`, the right side is asked only where `x` is there.
                let guards = self.guards.len();
                self.guard(&operation.left);
                self.expression(&operation.left);
                self.expression(&operation.right);
                self.guards.truncate(guards);
                None
            }
            ast::Expr::Compare(comparison) => {
                self.expression(&comparison.expr);
                for operand in &comparison.ops {
                    self.expression(&operand.expr);
                }
                None
            }
            ast::Expr::IfExpr(choice) => {
                let guards = self.guards.len();
                self.guard(&choice.test_expr);
                self.expression(&choice.test_expr);
                let path = self.expression(&choice.true_expr);
                let other = choice.false_expr.as_ref().map(|other| self.expression(other));
                self.guards.truncate(guards);
                path.filter(|path| other.is_none_or(|other| other.as_ref() == Some(path)))
            }
            ast::Expr::Filter(filter) => self.filter(filter),
            ast::Expr::Test(test) => {
                if is_question(test.name) {
                    self.inside(&test.expr);
                } else {
                    self.expression(&test.expr);
                }
                self.arguments(&test.args);
                None
            }
            ast::Expr::Call(call) => {
                self.call(call);
                None
            }
            ast::Expr::List(list) => self.each(&list.items),
            ast::Expr::Tuple(tuple) => self.each(&tuple.items),
            ast::Expr::Map(map) => {
                self.each(&map.keys);
                self.each(&map.values)
            }
        }
    }

    fn each(&mut self, expressions: &'a [ast::Expr<'a>]) -> Option<Path> {
        for expression in expressions {
            self.expression(expression);
        }
        None
    }

    pub(super) fn arguments(&mut self, arguments: &'a [ast::CallArg<'a>]) {
        for argument in arguments {
            self.expression(argument_value(argument));
        }
    }

    /// Notes what stands inside of something, but not that itself: it may be missing.
    fn inside(&mut self, expression: &'a ast::Expr<'a>) {
        match expression {
            ast::Expr::Var(_) => {}
            ast::Expr::GetAttr(attribute) => {
                self.expression(&attribute.expr);
            }
            ast::Expr::GetItem(item) => {
                self.expression(&item.expr);
                self.expression(&item.subscript_expr);
            }
            other => {
                self.expression(other);
            }
        }
    }

    /// The path of an expression that is a variable, perhaps with attributes; notes nothing.
    fn path(&self, expression: &ast::Expr<'_>) -> Option<Path> {
        match expression {
            ast::Expr::Var(name) => match self.scopes.get(name.id) {
                Some(known) => known.clone(),
                None => Some(name.id.to_owned()),
            },
            ast::Expr::GetAttr(attribute) => {
                let path = self.path(&attribute.expr)?;
                Some(format!("{path}.{}", attribute.name))
            }
            ast::Expr::GetItem(item) => {
                let path = self.path(&item.expr)?;
                match &item.subscript_expr {
                    ast::Expr::Const(key) => match key.value.as_str() {
                        Some(name) if attribute::is_name(name) => Some(format!("{path}.{name}")),
                        Some(_) => None,
                        None => Some(format!("{path}.*")),
                    },
                    _ => Some(format!("{path}.*")),
                }
            }
            ast::Expr::Filter(filter) => {
                let path = self.path(filter.expr.as_ref()?)?;
                attribute::filtered(filter.name, path)
            }
            _ => None,
        }
    }

    /// Takes up what `condition` asks for with `is defined`: it need not be there, and what is inside of it neither.
    pub(super) fn guard(&mut self, condition: &'a ast::Expr<'a>) {
        match condition {
            ast::Expr::Test(test) if is_question(test.name) => {
                if let Some(path) = self.path(&test.expr) {
                    self.guards.push(path);
                }
            }
            ast::Expr::UnaryOp(operation) => self.guard(&operation.expr),
            ast::Expr::BinOp(operation) => {
                self.guard(&operation.left);
                self.guard(&operation.right);
            }
            _ => {}
        }
    }

    fn filter(&mut self, filter: &'a ast::Spanned<ast::Filter<'a>>) -> Option<Path> {
        let line = filter.span().start_line;
        let path = match &filter.expr {
            // A block that is filtered has no value that is asked for.
            None => None,
            Some(operand) if matches!(filter.name, "default" | "d") => {
                self.inside(operand);
                None
            }
            Some(operand) => self.expression(operand),
        };
        self.arguments(&filter.args);
        let path = path?;
        if let Some(attribute) = attribute::named(filter.name, &filter.args) {
            let mut inside = format!("{path}.*");
            for name in attribute.split('.') {
                // The place of an element, as in `"0.title"`.
                let name = if name.bytes().all(|byte| byte.is_ascii_digit()) { "*" } else { name };
                inside = format!("{inside}.{name}");
                self.access(&inside, line);
            }
            if filter.name == "map" {
                return None;
            }
        }
        attribute::filtered(filter.name, path)
    }

    pub(super) fn call(&mut self, call: &'a ast::Spanned<ast::Call<'a>>) {
        let line = call.span().start_line;
        match &call.expr {
            // A value is never a function, so this is one of the engine's, or one that the template has made.
            ast::Expr::Var(name) => {
                if self.scopes.get(name.id).is_none() {
                    self.links.call(self.current, line, name.id, &call.args);
                }
            }
            ast::Expr::GetAttr(method) => {
                self.expression(&method.expr);
                if let Some(path) = self.path(&method.expr) {
                    self.access(&format!("{path}.{}()", method.name), line);
                    if matches!(&*path, "request" | "req") {
                        self.links.call_method(self.current, line, method.name, &call.args);
                    }
                }
            }
            other => self.inside(other),
        }
        self.arguments(&call.args);
    }
}

/// `is defined` and the like: nothing is wrong where the answer is no.
fn is_question(test: &str) -> bool {
    matches!(test, "defined" | "undefined")
}

fn argument_value<'a>(argument: &'a ast::CallArg<'a>) -> &'a ast::Expr<'a> {
    match argument {
        ast::CallArg::Pos(value)
        | ast::CallArg::Kwarg(_, value)
        | ast::CallArg::PosSplat(value)
        | ast::CallArg::KwargSplat(value) => value,
    }
}
