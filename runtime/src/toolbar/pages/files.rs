//! Styles and the script, which are in the program.

use crate::Response;

/// The file of this name.
pub(super) fn file(name: &str) -> Option<Response> {
    let (media_type, text) = match name {
        "toolbar.css" => ("text/css; charset=UTF-8", include_str!("../files/toolbar.css")),
        "button.css" => ("text/css; charset=UTF-8", include_str!("../files/button.css")),
        "toolbar.js" => ("text/javascript; charset=UTF-8", include_str!("../files/toolbar.js")),
        _ => return None,
    };
    // The address has the token of this process in it, so it is good for as long as that lives.
    Response::with_type(media_type, text).with_header("cache-control", "private, max-age=3600").ok()
}
