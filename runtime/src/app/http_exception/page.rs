//! What is on the page of an exception that nobody else answers.

use super::{HttpException, escaped};

impl HttpException {
    pub(super) fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Unknown status")
    }

    /// A sentence for whoever sees the page. A redirect says in its detail where to.
    pub(super) fn explanation(&self) -> &'static str {
        match self.status.as_u16() {
            300 => "There are several things to choose from here.",
            305 => "This can only be reached through a proxy.",
            400 => {
                "The server could not comply with the request since it is either malformed or otherwise incorrect."
            }
            401 => {
                "This server could not verify that you are authorized to access the document you requested."
            }
            402 => "This has to be paid for first.",
            403 => "Access was denied to this resource.",
            404 => "The resource could not be found.",
            405 => "The method is not allowed for this resource.",
            406 => "The resource is not there in any form that your client accepts.",
            407 => "The proxy wants to know who you are first.",
            408 => "The server has waited for the rest of the request long enough.",
            409 => "The request does not fit the present state of the resource.",
            410 => "The resource was here, is not any more, and has left no address.",
            411 => "The request has to say how long its body is.",
            412 => "The resource is not in the state that the request is made for.",
            413 => "The body of your request was too large for this server.",
            414 => "The address that was asked for is too long for this server.",
            415 => "The type of the request's body is not supported here.",
            416 => "The part that was asked for lies outside of the resource.",
            417 => "The server cannot do what the request expects of it.",
            418 => "This is a teapot.",
            421 => "The request was sent to a server that does not answer for this address.",
            422 => "The request could be read, but what it says cannot be done.",
            423 => "The resource is locked.",
            424 => "Another request has failed that this one depends on.",
            425 => "The request came too early to be sure that it is no copy of another one.",
            426 => "This can only be had over another protocol.",
            428 => "The request has to say which state of the resource it is made for.",
            429 => "There were too many requests in too short a time. Please try again later.",
            431 => "The header fields of the request are too large for this server.",
            451 => "The resource may not be shown for reasons of law.",
            500 => "The server has encountered an unexpected condition and could not answer the request.",
            501 => "The server does not know how to do what was asked of it.",
            502 => "A server behind this one gave an answer that cannot be used.",
            503 => "The server is currently unavailable. Please try again at a later time.",
            504 => "A server behind this one did not answer in time.",
            505 => "The server does not speak the version of HTTP that the request is in.",
            507 => "The server has no room left to do what was asked of it.",
            511 => "The network wants to know who you are first.",
            _ => "",
        }
    }

    pub(super) fn html(&self) -> String {
        let (status, title) = (self.status.as_u16(), self.title());
        let paragraphs = [self.explanation(), &*escaped(&self.detail)].map(|text| match text {
            "" => String::new(),
            text => format!("  <p>{text}</p>\n"),
        });
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n <head>\n  <meta charset=\"utf-8\">\n  <title>{status} {title}</title>\n \
             </head>\n <body>\n  <h1>{status} {title}</h1>\n{} </body>\n</html>\n",
            paragraphs.concat(),
        )
    }

    pub(super) fn json(&self) -> String {
        let message = if self.detail.is_empty() { self.explanation() } else { &self.detail };
        serde_json::json!({
            "message": message,
            "code": format!("{} {}", self.status.as_u16(), self.title()),
            "title": self.title(),
        })
        .to_string()
    }

    pub(super) fn text(&self) -> String {
        let mut text = format!("{} {}\n\n{}\n", self.status.as_u16(), self.title(), self.explanation());
        if !self.detail.is_empty() {
            text.push('\n');
            text.push_str(&self.detail);
            text.push('\n');
        }
        text
    }
}
