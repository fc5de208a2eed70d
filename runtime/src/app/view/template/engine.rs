//! Rendering with `MiniJinja`.

use std::borrow::Cow;
use std::fmt;

use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use super::TemplateDeclaration;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::rendering::Renderer;
use crate::error::Result;

/// The templates of an application.
#[derive(Default)]
pub(crate) struct Templates {
    compiled: Environment<'static>,
    /// In development: render from the files as they are now.
    reload: bool,
}

impl Templates {
    pub(crate) fn new(declared: &[&'static TemplateDeclaration], reload: bool) -> Result<Self> {
        let mut compiled = environment();
        for file in declared.iter().flat_map(|template| template.files) {
            compiled.add_template(file.name, file.source)?;
        }
        Ok(Self { compiled, reload })
    }

    pub(crate) fn renderer(&self, declaration: &'static TemplateDeclaration) -> TemplateRenderer<'_> {
        TemplateRenderer { templates: self, declaration }
    }

    fn render(&self, declaration: &'static TemplateDeclaration, value: impl Serialize) -> Result<String> {
        let value = minijinja::Value::from(minijinja::value::Serde(value));
        if self.reload {
            return Ok(from_files(declaration).get_template(declaration.name)?.render(value)?);
        }
        Ok(self.compiled.get_template(declaration.name)?.render(value)?)
    }
}

/// An environment that reads each file when it is asked for; one that is gone is taken as it was.
fn from_files(declaration: &'static TemplateDeclaration) -> Environment<'static> {
    let mut environment = environment();
    environment.set_loader(|name| {
        let known = declaration.files.iter().find(|file| file.name == name);
        let source = match known {
            Some(known) => std::fs::read_to_string(known.file).unwrap_or_else(|_| known.source.to_owned()),
            // A reference that was written since: it is where the names say, beside a file that is known.
            None => match beside(declaration, name).map(std::fs::read_to_string) {
                Some(Ok(source)) => source,
                Some(Err(_)) | None => return Ok(None),
            },
        };
        Ok(Some(source))
    });
    environment
}

/// The file of the template `name`, found from the place of one that is known.
fn beside(declaration: &TemplateDeclaration, name: &str) -> Option<std::path::PathBuf> {
    let known = declaration.files.first()?;
    let (package, relative) = known.name.split_once(':')?;
    let root = known.file.strip_suffix(relative)?;
    let (other, relative) = name.split_once(':')?;
    (package == other).then(|| std::path::Path::new(root).join(relative))
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    // A name that is misspelt should be found, not be a blank on the page.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| match media_type(name) {
        "text/plain; charset=UTF-8" => AutoEscape::None,
        _ => AutoEscape::Html,
    });
    environment.set_path_join_callback(joined);
    environment
}

/// The name that `name` has in the template `parent`: relative to its folder, or with a `/` in front to its package.
fn joined<'a>(name: &'a str, parent: &str) -> Cow<'a, str> {
    let Some((package, path)) = parent.split_once(':') else { return Cow::Borrowed(name) };
    if name.contains(':') {
        return Cow::Borrowed(name);
    }
    let mut segments: Vec<&str> = match name.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => path.split('/').collect(),
    };
    segments.pop();
    for segment in name.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    Cow::Owned(format!("{package}:{}", segments.join("/")))
}

/// The type of what a template makes, from its name without the ending that says that it is a template.
fn media_type(name: &str) -> &'static str {
    let inner =
        [".jinja2", ".jinja", ".j2"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    match inner.rsplit_once('.').map(|(_, extension)| extension) {
        Some("txt" | "md" | "csv") => "text/plain; charset=UTF-8",
        Some("xml") => "application/xml",
        Some("svg") => "image/svg+xml",
        _ => "text/html; charset=UTF-8",
    }
}

/// Renders one template.
pub struct TemplateRenderer<'a> {
    templates: &'a Templates,
    declaration: &'static TemplateDeclaration,
}

impl<T: Serialize> Renderer<T> for TemplateRenderer<'_> {
    fn render(&self, value: T, _: &Request) -> Result<Response> {
        let Self { templates, declaration } = self;
        Ok(Response::with_type(media_type(declaration.name), templates.render(declaration, value)?))
    }
}

impl fmt::Debug for TemplateRenderer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TemplateRenderer").field(&self.declaration.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::view::template::TemplateFile;

    static PAGE: TemplateDeclaration = TemplateDeclaration {
        name: "shop:templates/page.jinja2",
        files: &[
            TemplateFile {
                name: "shop:templates/page.jinja2",
                file: "/nowhere/templates/page.jinja2",
                source: "{% extends '../layout.jinja2' %}{% block body %}{{ title }}{% endblock %}",
            },
            TemplateFile {
                name: "shop:layout.jinja2",
                file: "/nowhere/layout.jinja2",
                source: "<b>{% block body %}{% endblock %}</b>",
            },
        ],
    };

    #[derive(Serialize)]
    struct Page {
        title: &'static str,
    }

    #[test]
    fn what_is_rendered_is_escaped_and_inherited() {
        for reload in [false, true] {
            let templates = Templates::new(&[&PAGE], reload).unwrap();
            assert_eq!(templates.render(&PAGE, Page { title: "a < b" }).unwrap(), "<b>a &lt; b</b>");
        }
    }

    #[test]
    fn a_name_that_the_value_does_not_have_is_an_error() {
        let templates = Templates::new(&[&PAGE], false).unwrap();
        assert!(templates.render(&PAGE, ()).is_err());
    }

    #[test]
    fn names_are_relative_to_the_template_that_says_them() {
        assert_eq!(joined("x.jinja2", "shop:a/b.jinja2"), "shop:a/x.jinja2");
        assert_eq!(joined("../x.jinja2", "shop:a/b.jinja2"), "shop:x.jinja2");
        assert_eq!(joined("/c/x.jinja2", "shop:a/b.jinja2"), "shop:c/x.jinja2");
        assert_eq!(joined("other:x.jinja2", "shop:a/b.jinja2"), "other:x.jinja2");
    }

    #[test]
    fn the_type_follows_from_the_name() {
        assert_eq!(media_type("shop:mail.txt.jinja2"), "text/plain; charset=UTF-8");
        assert_eq!(media_type("shop:page.jinja2"), "text/html; charset=UTF-8");
        assert_eq!(media_type("shop:feed.xml.j2"), "application/xml");
    }
}
