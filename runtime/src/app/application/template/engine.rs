//! The engine, with the templates of an application.

use std::borrow::Cow;
use std::fmt;
use std::time::Instant;

use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior, Value, escape_formatter};
use serde::Serialize;

use super::csrf_token;
use super::system::Root;
use super::urls;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::rendering::Renderer;
use crate::app::view::template::TemplateDeclaration;
use crate::error::Result;

/// What is told of each template that was rendered, at the level `debug`, is called by.
const RENDERED: &str = "aiopyramid::template";

/// The templates of an application.
#[derive(Default)]
pub(crate) struct Templates {
    compiled: Environment<'static>,
    #[cfg(all(unix, feature = "reload"))]
    files: Vec<&'static str>,
    /// In development: render from the files as they are now.
    reload: bool,
}

impl Templates {
    pub(crate) fn new(declared: &[&'static TemplateDeclaration], reload: bool) -> Result<Self> {
        let mut compiled = environment();
        for file in declared.iter().flat_map(|template| template.files) {
            compiled.add_template(file.name, file.source)?;
        }
        #[cfg(all(unix, feature = "reload"))]
        let files = declared.iter().flat_map(|template| template.files).map(|file| file.file).collect();
        Ok(Self {
            compiled,
            #[cfg(all(unix, feature = "reload"))]
            files,
            reload,
        })
    }

    /// The files that are read again for each answer; nothing where none are.
    #[cfg(all(unix, feature = "reload"))]
    pub(crate) fn files_read(&self) -> &[&'static str] {
        if self.reload { &self.files } else { &[] }
    }

    pub(crate) fn renderer(&self, declaration: &'static TemplateDeclaration) -> TemplateRenderer<'_> {
        TemplateRenderer { templates: self, declaration }
    }

    pub(super) fn render(
        &self,
        declaration: &'static TemplateDeclaration,
        value: impl Serialize,
        request: &Request,
    ) -> Result<String> {
        // Whoever follows what templates cost asks for this target.
        let began = tracing::event_enabled!(target: RENDERED, tracing::Level::DEBUG).then(Instant::now);
        let value = Value::from(minijinja::value::Serde(value));
        let value = Root::value(value, request, declaration.name);
        let text = if self.reload {
            from_files(declaration).get_template(declaration.name)?.render(value)?
        } else {
            self.compiled.get_template(declaration.name)?.render(value)?
        };
        if let Some(began) = began {
            let elapsed_secs = began.elapsed().as_secs_f64();
            tracing::debug!(target: RENDERED, template = declaration.name, bytes = text.len(), elapsed_secs);
        }
        Ok(text)
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
    environment.set_formatter(write_escaped);
    environment.set_path_join_callback(joined);
    urls::add_to(&mut environment);
    csrf_token::add_to(&mut environment);
    environment
}

/// Writes a value as Jinja2 does. The engine's own way escapes `/` as well, of which every URL is full.
fn write_escaped(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> std::result::Result<(), minijinja::Error> {
    let text = value.as_str().filter(|_| !value.is_safe() && *state.auto_escape() == AutoEscape::Html);
    let Some(mut rest) = text else { return escape_formatter(out, state, value) };
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (before, from) = rest.split_at(at);
        out.write_str(before)?;
        out.write_str(match from.as_bytes()[0] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&#34;",
            _ => "&#39;",
        })?;
        rest = &from[1..];
    }
    Ok(out.write_str(rest)?)
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
pub(super) fn media_type(name: &str) -> &'static str {
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
    fn render(&self, value: T, request: &Request) -> Result<Response> {
        let Self { templates, declaration } = self;
        Ok(Response::with_type(media_type(declaration.name), templates.render(declaration, value, request)?))
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
