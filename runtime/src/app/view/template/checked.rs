//! A template as a value that knows the type that it is for.

use std::fmt;
use std::marker::PhantomData;

use super::TemplateDeclaration;

/// A template that a view renders itself, with values of type `T`: what `template!` gives and
/// [`Request::render`](crate::Request::render) takes.
pub struct Template<T: ?Sized> {
    declaration: &'static TemplateDeclaration,
    of: PhantomData<fn() -> T>,
}

impl<T: ?Sized> Template<T> {
    pub(crate) const fn new(declaration: &'static TemplateDeclaration) -> Self {
        Self { declaration, of: PhantomData }
    }

    /// What it was made of.
    pub(crate) fn declaration(self) -> &'static TemplateDeclaration {
        self.declaration
    }
}

impl<T: ?Sized> Clone for Template<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Template<T> {}

impl<T: ?Sized> fmt::Debug for Template<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.declaration.name).finish()
    }
}
