//! Templates: `renderer = "templates/home.jinja2"`.
//!
//! A template, and whatever it extends, includes and imports, was parsed while the program was compiled and is part of it. In
//! development it is read from its file again for each answer, so that a change shows at once.

#[cfg(feature = "templates")]
mod checked;
#[cfg(feature = "templates")]
pub mod shape;
#[cfg(feature = "templates")]
pub(crate) mod system;

#[cfg(feature = "templates")]
pub use checked::Template;
#[cfg(feature = "templates")]
pub use shape::TemplateContext;

/// The template of a view, with all the files that it is made of.
#[derive(Debug)]
pub struct TemplateDeclaration {
    /// Its name: `package:templates/home.jinja2`.
    pub name: &'static str,
    /// The files, its own one included.
    pub files: &'static [TemplateFile],
    /// The URLs that they make of routes and files that are named by a text. A line for each: the name of the template, the line,
    /// the function, the route or the file, and the keywords with commas between them, `**` for those from elsewhere; with tabs
    /// between these.
    pub links: &'static str,
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
