//! Templates that a view renders itself.

use serde::Serialize;

use super::engine::media_type;
use crate::app::application::RequestExt;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::template::Template;
use crate::error::Result;

/// Rendering something that is not the answer, or an answer that is to be changed.
impl Request {
    /// Renders a template: a mail, a piece of a page. Pyramid's `render`. It finds the same as the template of a view does.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    /// use aiopyramid::{Template, TemplateContext, template};
    /// use serde::Serialize;
    ///
    /// #[derive(Serialize, TemplateContext)]
    /// struct Greeting { name: String, shelves: Vec<String> }
    ///
    /// static GREETING: Template<Greeting> = template!("src/guide/greeting.jinja2");
    ///
    /// #[view_config(route = "/greetings/{name}", renderer = "json")]
    /// async fn greet(name: String, request: &Request) -> Result<Vec<String>> {
    ///     Ok(vec![request.render(&GREETING, &Greeting { name, shelves: Vec::new() })?])
    /// }
    /// ```
    ///
    /// # Errors
    /// Where the value cannot be serialized, or the template asks for something that is not there.
    pub fn render<T: Serialize>(&self, template: &Template<T>, value: &T) -> Result<String> {
        self.application().templates.render(template.declaration(), value, self)
    }

    /// The same as a response, with the type that the template's name says: to be given another status or a header, say. Pyramid's
    /// `render_to_response`.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn render_to_response<T: Serialize>(&self, template: &Template<T>, value: &T) -> Result<Response> {
        let name = template.declaration().name;
        Ok(Response::with_type(media_type(name), self.render(template, value)?))
    }
}
