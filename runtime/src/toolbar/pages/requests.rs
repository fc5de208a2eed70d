//! The list of requests: as it stands in a page, and for the script that keeps it up to date.

use std::fmt::Write;

use serde_json::json;

use super::address;
use crate::toolbar::Toolbar;
use crate::{Request, Response, StatusCode, escaped};

/// The list, with the one of this number marked.
pub(super) fn list(toolbar: &Toolbar, request: &Request, current: Option<u64>) -> String {
    // Before the list, so that nothing that comes meanwhile is missed.
    let revision = toolbar.history.revision();
    let mut html = format!(
        "<nav id=\"requests\" aria-label=\"Requests\" data-base=\"{}\" data-revision=\"{revision}\" data-current=\"{}\">\n",
        escaped(&address(toolbar, request, "")),
        current.map(|number| number.to_string()).unwrap_or_default(),
    );
    for exchange in toolbar.history.newest(toolbar.options.max_visible_requests) {
        let state = exchange.state();
        let mark = if current == Some(exchange.number) { " aria-current=\"page\"" } else { "" };
        // Writing into a string cannot fail.
        let _ = writeln!(
            html,
            "<a href=\"{}\"{mark}><span class=\"status {}\">{}</span> <span class=\"what\">{} {}</span> \
             <span class=\"time\">{}</span></a>",
            escaped(&address(toolbar, request, &format!("request/{}", exchange.number))),
            state.class(),
            state.status(),
            exchange.method,
            escaped(&exchange.path),
            state.time(),
        );
    }
    html.push_str("</nav>\n");
    html
}

/// The same for the script: 204 where it is what the script has already.
pub(super) fn document(toolbar: &Toolbar, request: &Request) -> Response {
    let revision = toolbar.history.revision();
    if request.query_string() == format!("revision={revision}") {
        return Response::default().with_status(StatusCode::NO_CONTENT);
    }
    let requests: Vec<_> = toolbar
        .history
        .newest(toolbar.options.max_visible_requests)
        .iter()
        .map(|exchange| {
            let state = exchange.state();
            json!({
                "number": exchange.number,
                "class": state.class(),
                "status": state.status(),
                "what": format!("{} {}", exchange.method, exchange.path),
                "time": state.time(),
            })
        })
        .collect();
    Response::with_type("application/json", json!({"revision": revision, "requests": requests}).to_string())
}
