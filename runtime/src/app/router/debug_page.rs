//! The page of an error in development: what went wrong, why, and what was asked.

use std::borrow::Cow;
use std::fmt::Write;

use http::StatusCode;
use http::header::ACCEPT;

use super::declined::Declined;
use crate::app::application::{Failed, RequestExt};
use crate::app::http_exception::answer_to;
use crate::app::request::{Request, SECRET_HEADERS};
use crate::app::response::Response;
use crate::error::Error;
use crate::protocol::markup::escaped;
use crate::protocol::negotiation::{PageType, page_type};

/// The response to an error that nobody has answered: for what was not found, what was tried; for what went wrong, the whole
/// story. Other answers, such as a 400 with its reason, are what they are in production.
pub(super) fn render(request: &Request, error: &Error) -> Response {
    let exception = answer_to(error);
    let accept = request.headers().get(ACCEPT);
    let status = exception.status();
    let tells = matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)
        || status == StatusCode::INTERNAL_SERVER_ERROR;
    if !tells {
        return exception.render(accept);
    }
    let mut response = exception.render(accept);
    let sections = sections(request, error);
    match page_type(accept) {
        PageType::Html => response.set_body(html(status, &sections)),
        PageType::Json => {
            let known = response.body().as_bytes().and_then(|body| serde_json::from_slice(body).ok());
            let mut document: serde_json::Map<String, serde_json::Value> = known.unwrap_or_default();
            for (title, text) in &sections {
                document.insert(title.to_ascii_lowercase(), (&**text).into());
            }
            response.set_body(serde_json::Value::from(document).to_string());
        }
        PageType::Text => {
            let mut text =
                response.body().as_bytes().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
            for (title, told) in &sections {
                // Writing into a string cannot fail.
                let _ = write!(text, "\n{title}\n\n{told}\n");
            }
            response.set_body(text);
        }
    }
    response
}

type Section = (&'static str, Cow<'static, str>);

fn sections(request: &Request, error: &Error) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    if let Some(Declined(told)) = request.extension() {
        sections.push(("Tried", told.to_string().into()));
    } else {
        let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        sections.push(("Error", causes.join("\ncaused by: ").into()));
    }
    if let Some(failed) = request.extension::<Failed>() {
        sections.push(("View", format!("{}\n{}", failed.name, failed.at).into()));
    }
    if let Some(route) = request.matched_route() {
        let mut text = format!("{}: {}", route.name, route.pattern);
        if let Some(matched) = request.matched() {
            for (name, value) in matched.iter(request.path()) {
                let _ = write!(text, "\n{name} = {value}");
            }
        }
        sections.push(("Route", text.into()));
    }
    let mut asked = format!("{} {}", request.method(), request.uri());
    for (name, value) in request.headers() {
        let shown = if SECRET_HEADERS.contains(name) {
            "(hidden)".into()
        } else {
            String::from_utf8_lossy(value.as_bytes())
        };
        let _ = write!(asked, "\n{name}: {shown}");
    }
    sections.push(("Request", asked.into()));
    sections
}

fn html(status: StatusCode, sections: &[Section]) -> String {
    let title = escaped(status.canonical_reason().unwrap_or("Error"));
    let code = status.as_u16();
    let mut body = String::new();
    for (title, text) in sections {
        let _ = write!(body, "<h2>{title}</h2>\n<pre>{}</pre>\n", escaped(text));
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{code} {title}</title>\n<style>\n\
         body {{ font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 60rem; padding: 0 1rem; color: #222 }}\n\
         h1 {{ font-size: 1.6rem; border-bottom: 3px solid #c0392b; padding-bottom: .3rem }}\n\
         h2 {{ font-size: 1rem; margin: 1.5rem 0 .3rem }}\n\
         pre {{ background: #f4f4f2; padding: .8rem 1rem; overflow-x: auto; white-space: pre-wrap }}\n\
         footer {{ color: #777; font-size: .85rem; margin-top: 2rem }}\n\
         </style>\n</head>\n<body>\n<h1>{code} {title}</h1>\n{body}<footer>This page is shown in development only \
         (<code>development = false</code> turns it off).</footer>\n</body>\n</html>\n"
    )
}
