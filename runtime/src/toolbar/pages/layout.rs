//! What all pages have in common.

use std::fmt::Write;

use super::{address, workers};
use crate::toolbar::Toolbar;
use crate::{Request, Response, escaped};

/// The parts of the toolbar, with their addresses.
const PARTS: [(&str, &str); 3] = [("History", ""), ("Global", "global/routes"), ("Settings", "settings")];

/// A page of one of the parts. `body` is markup.
pub(super) fn page(toolbar: &Toolbar, request: &Request, part: &str, body: &str) -> Response {
    let at = |rest: &str| escaped(&address(toolbar, request, rest));
    let parts = tabs(PARTS.iter().map(|(name, rest)| (at(rest), (*name).to_owned(), *name == part)));
    let warning = workers(request).map_or_else(String::new, |workers| {
        format!(
            "<p class=\"warning\">{workers} processes answer requests, and each knows only its own: this is process {}. \
             With <code>workers = 1</code>, or none, all are seen.</p>\n",
            std::process::id()
        )
    });
    Response::html(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{part} – debug toolbar</title>\n\
         <link rel=\"stylesheet\" href=\"{}\">\n<script src=\"{}\" defer></script>\n</head>\n<body>\n\
         <header><strong>aiopyramid</strong>\n<nav>\n{parts}</nav></header>\n{warning}{body}</body>\n</html>\n",
        at("files/toolbar.css"),
        at("files/toolbar.js"),
    ))
}

/// Links beside each other: the address, what is said (both markup), and whether it is the one that is shown.
pub(super) fn tabs(links: impl Iterator<Item = (String, String, bool)>) -> String {
    let mut html = String::new();
    for (address, said, is_current) in links {
        let mark = if is_current { " aria-current=\"page\"" } else { "" };
        // Writing into a string cannot fail.
        let _ = writeln!(html, "<a href=\"{address}\"{mark}>{said}</a>");
    }
    html
}
