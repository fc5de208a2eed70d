//! Templates: `renderer = "templates/home.jinja2"`.
//!
//! A template, and whatever it extends, includes and imports, was parsed while the program was compiled and is part of it. In
//! development it is read from its file again for each answer, so that a change shows at once.

#[cfg(feature = "templates")]
mod engine;
#[cfg(feature = "templates")]
pub mod shape;

#[cfg(feature = "templates")]
pub(crate) use engine::{TemplateRenderer, Templates};
#[cfg(feature = "templates")]
pub use shape::TemplateContext;

/// The template of a view, with all the files that it is made of.
#[derive(Debug)]
pub struct TemplateDeclaration {
    /// Its name: `package:templates/home.jinja2`.
    pub name: &'static str,
    /// The files, its own one included.
    pub files: &'static [TemplateFile],
}

/// One file of a template.
#[derive(Debug)]
pub struct TemplateFile {
    /// Its name: `package:templates/layout.jinja2`.
    pub name: &'static str,
    /// Where it was when the program was compiled.
    pub file: &'static str,
    /// What stood in it then.
    pub source: &'static str,
}
