//! JSON for pages of other origins, wrapped into a call of a function that the client names.

use std::borrow::Cow;

use http::HeaderValue;
use http::header::X_CONTENT_TYPE_OPTIONS;
use serde::Serialize;

use super::rendering::{JsonRenderer, Renderer};
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::error::Result;
use crate::protocol::url;

/// `renderer = "jsonp"`: a script that calls the function that the query's `callback` names with the value; plain JSON where it
/// names none.
///
/// A script of this kind can be read by every page of every origin. The name must be one in JavaScript: `show`, `shelves.show`,
/// `shelves[0].show`; everything else is answered with 400.
///
/// A renderer with another parameter is a value that views name by its path:
///
/// ```standalone_crate
/// use aiopyramid::prelude::*;
/// use aiopyramid::view::JsonpRenderer;
///
/// static JSONP: JsonpRenderer = JsonpRenderer::with_parameter("jsonp");
///
/// #[view_config(route = "/shelves", renderer = JSONP)]
/// async fn shelves() -> Vec<&'static str> {
///     vec!["poetry"]
/// }
/// #
/// # aiopyramid::testing::run_test(|config| { config.scan(); Ok(()) }, |client| async move {
/// #     assert_eq!(client.get("/shelves?jsonp=show").await.text(), "/**/show([\"poetry\"]);");
/// #     assert_eq!(client.get("/shelves").await.text(), "[\"poetry\"]");
/// # });
/// ```
#[derive(Debug, Clone, Copy)]
pub struct JsonpRenderer {
    parameter: &'static str,
}

impl JsonpRenderer {
    /// With the function in the parameter `callback`.
    pub const fn new() -> Self {
        Self::with_parameter("callback")
    }

    /// With the function in the parameter `parameter`.
    pub const fn with_parameter(parameter: &'static str) -> Self {
        Self { parameter }
    }
}

impl Default for JsonpRenderer {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Serialize> Renderer<T> for JsonpRenderer {
    fn render(&self, value: T, request: &Request) -> Result<Response> {
        let named =
            url::form_pairs(request.query_string()).into_iter().find(|(name, _)| name == self.parameter);
        let Some((_, callback)) = named else {
            let mut response = JsonRenderer.render(value, request)?;
            forbid_guessing(&mut response);
            return Ok(response);
        };
        if !is_function(&callback) {
            let detail = format!("the parameter `{}` is no name of a function", self.parameter);
            return Err(HttpException::bad_request(detail).into());
        }
        let document = serde_json::to_string(&value)?;
        // Before the callback, so that it is not the client who says with what the answer begins.
        let script = format!("/**/{callback}({});", for_javascript(&document));
        let mut response = Response::with_type("application/javascript", script);
        forbid_guessing(&mut response);
        Ok(response)
    }
}

/// A browser that guesses types could take what a client says for a document.
fn forbid_guessing(response: &mut Response) {
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// Names with dots between them, each perhaps with numbers in brackets behind it.
fn is_function(name: &str) -> bool {
    !name.is_empty() && name.split('.').all(is_member)
}

fn is_member(text: &str) -> bool {
    let name_end = text.find('[').unwrap_or(text.len());
    let (name, mut brackets) = text.split_at(name_end);
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$';
    if name.is_empty() || name.as_bytes()[0].is_ascii_digit() || !name.bytes().all(is_letter) {
        return false;
    }
    while let Some(inner) = brackets.strip_prefix('[') {
        match inner.split_once(']') {
            Some((number, rest))
                if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                brackets = rest;
            }
            _ => return false,
        }
    }
    brackets.is_empty()
}

/// Two letters may stand in a text in JSON and ended a line in JavaScript before 2019.
fn for_javascript(document: &str) -> Cow<'_, str> {
    if document.contains(['\u{2028}', '\u{2029}']) {
        Cow::Owned(document.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
    } else {
        Cow::Borrowed(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_names_a_function_is_called() {
        for name in ["a", "$", "_", "cb", "a.b", "jQuery1_2", "a[0]", "a[0][12].b$"] {
            assert!(is_function(name), "{name}");
        }
        for name in [
            "", "1a", "a(", "ab<", "a.", ".a", "a..b", "a[", "a[]", "a[b]", "a[0", "a[0]b", "a b", "a;b",
            "ü", "a\n",
        ] {
            assert!(!is_function(name), "{name}");
        }
    }

    #[test]
    fn what_ends_a_line_in_javascript_is_escaped() {
        assert_eq!(for_javascript("\"a\u{2028}b\u{2029}\""), r#""a\u2028b\u2029""#);
        assert!(matches!(for_javascript("\"a\""), Cow::Borrowed(_)));
    }
}
