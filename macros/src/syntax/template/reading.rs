//! A template by its name, with whatever it extends, includes and imports: all of it is parsed, and becomes part of the program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use minijinja::machinery::{ast, parse};
use minijinja::syntax::SyntaxConfig;
use proc_macro2::Span;

use super::accesses::{self, Asked};
use crate::syntax::missing::missing;

/// A template with everything that it refers to by a name that is written in it.
#[derive(Debug)]
pub(crate) struct Template {
    /// Its name among those of the application.
    pub(crate) name: String,
    /// The names of all of them with their files, this one included.
    pub(crate) files: BTreeMap<String, File>,
    /// Which one is meant by a name that stands in one of them.
    pub(crate) references: BTreeMap<(String, String), String>,
    /// What it asks for.
    pub(crate) asked: Asked,
}

#[derive(Debug)]
pub(crate) struct File {
    pub(super) path: PathBuf,
    source: String,
}

impl Template {
    /// The type of what it makes, as the framework finds it at run time too: from its name without the ending that says that it
    /// is a template.
    pub(crate) fn media_type(&self) -> (&'static str, &'static str) {
        let name = &self.name;
        let inner =
            [".jinja2", ".jinja", ".j2"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
        match inner.rsplit_once('.').map(|(_, extension)| extension) {
            Some("txt" | "md" | "csv") => ("text", "plain"),
            Some("xml") => ("application", "xml"),
            Some("svg") => ("image", "svg+xml"),
            _ => ("text", "html"),
        }
    }

    /// All files were parsed before; what is left of that does not outlive their texts.
    fn ask(&self) -> Asked {
        let parsed = self.files.iter().filter_map(|(name, file)| {
            let parsed = parse(&file.source, name, SyntaxConfig::default()).ok()?;
            Some((name.clone(), parsed))
        });
        accesses::of(self, &parsed.collect())
    }
}

/// What is wrong, and what to write instead.
pub(crate) type Fault = (String, String);

/// Reads the template that is named at `place`. A name that begins with `./` is relative to the file there, any other one to the
/// package.
pub(crate) fn read(written: &str, place: Span) -> Result<Template, Vec<Fault>> {
    let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let package = env::var("CARGO_PKG_NAME").unwrap_or_default();
    let (base, shown) = match written.strip_prefix("./") {
        Some(rest) => (beside(place).unwrap_or_else(|| root.clone()).join(rest), "beside this file"),
        None => (root.join(written), "in the package's folder"),
    };
    let Ok(base) = base.canonicalize() else {
        return Err(vec![missing("template", written, &base, shown, Path::is_file)]);
    };
    let root = root.canonicalize().unwrap_or(root);
    let mut reader = Reader { package, root, files: BTreeMap::new(), references: BTreeMap::new() };
    let name = reader.add(&base, written).map_err(|fault| vec![fault])?;
    let Reader { files, references, .. } = reader;
    let mut template = Template { name, files, references, asked: Asked::default() };
    template.asked = template.ask();
    if template.asked.faults.is_empty() { Ok(template) } else { Err(template.asked.faults) }
}

/// The folder of the file that is being compiled.
fn beside(place: Span) -> Option<PathBuf> {
    if !proc_macro::is_available() {
        return None;
    }
    let file = place.unwrap().local_file()?.canonicalize().ok()?;
    file.parent().map(Path::to_path_buf)
}

struct Reader {
    package: String,
    root: PathBuf,
    files: BTreeMap<String, File>,
    references: BTreeMap<(String, String), String>,
}

impl Reader {
    /// Takes up a file and what it refers to; gives its name.
    fn add(&mut self, file: &Path, written: &str) -> Result<String, Fault> {
        let relative = file.strip_prefix(&self.root).unwrap_or(file);
        let name = format!("{}:{}", self.package, relative.display());
        if self.files.contains_key(&name) {
            return Ok(name);
        }
        let source = fs::read_to_string(file).map_err(|error| {
            (format!("the template `{written}` cannot be read: {error}"), "it is text in UTF-8".to_owned())
        })?;
        self.files.insert(name.clone(), File { path: file.to_owned(), source: source.clone() });
        let template = parse(&source, &name, SyntaxConfig::default()).map_err(|error| {
            let line = error.line().unwrap_or(1);
            let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            let text = source.lines().nth(line.saturating_sub(1)).unwrap_or("").trim();
            (format!("`{written}`, line {line}: {what}"), format!("line {line} is `{text}`"))
        })?;
        let mut references = Vec::new();
        collect(&template, &mut references);
        for Reference { name: referred, line } in references {
            let target = match referred.strip_prefix('/') {
                Some(rest) => self.root.join(rest),
                None => file.parent().unwrap_or(&self.root).join(&referred),
            };
            let Ok(target) = target.canonicalize() else {
                let (message, help) =
                    missing("template", &referred, &target, "beside that template", Path::is_file);
                return Err((format!("`{written}`, line {line}: {message}"), help));
            };
            let target = self.add(&target, &referred)?;
            self.references.insert((name.clone(), referred), target);
        }
        Ok(name)
    }
}

/// Another template, named in one.
struct Reference {
    name: String,
    line: u16,
}

/// Every template that is named by a text. One that is named by an expression is only known when it is rendered.
fn collect(statement: &ast::Stmt<'_>, references: &mut Vec<Reference>) {
    let mut all =
        |statements: &[ast::Stmt<'_>]| statements.iter().for_each(|inner| collect(inner, references));
    match statement {
        ast::Stmt::Template(template) => all(&template.children),
        ast::Stmt::ForLoop(each) => {
            all(&each.body);
            all(&each.else_body);
        }
        ast::Stmt::IfCond(condition) => {
            all(&condition.true_body);
            all(&condition.false_body);
        }
        ast::Stmt::WithBlock(block) => all(&block.body),
        ast::Stmt::SetBlock(block) => all(&block.body),
        ast::Stmt::AutoEscape(block) => all(&block.body),
        ast::Stmt::FilterBlock(block) => all(&block.body),
        ast::Stmt::Block(block) => all(&block.body),
        ast::Stmt::Macro(defined) => all(&defined.body),
        ast::Stmt::CallBlock(call) => all(&call.macro_decl.body),
        ast::Stmt::Extends(extends) => name(&extends.name, references),
        ast::Stmt::Include(include) if !include.ignore_missing => name(&include.name, references),
        ast::Stmt::Import(import) => name(&import.expr, references),
        ast::Stmt::FromImport(import) => name(&import.expr, references),
        _ => {}
    }
}

fn name(expression: &ast::Expr<'_>, references: &mut Vec<Reference>) {
    if let ast::Expr::Const(text) = expression
        && let Some(name) = text.value.as_str()
    {
        references.push(Reference { name: name.to_owned(), line: text.span().start_line });
    }
}
