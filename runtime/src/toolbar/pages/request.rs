//! One request, panel by panel.

use std::fmt::Write;
use std::sync::Arc;

use super::address;
use super::layout::{self, page};
use super::requests::list;
use crate::toolbar::Toolbar;
use crate::toolbar::exchange::{Exchange, Failure};
use crate::toolbar::panels::{TRACEBACK, traceback_text};
use crate::{Request, Response, escaped};

/// The newest request, if there is one.
pub(super) fn newest(toolbar: &Toolbar, request: &Request) -> Response {
    if let Some(exchange) = toolbar.history.newest(1).first() {
        return shown(toolbar, request, exchange, None);
    }
    let list = list(toolbar, request, None);
    let main = "<main><p class=\"note\">No request was seen yet.</p></main>";
    page(toolbar, request, "History", &format!("<div class=\"columns\">\n{list}{main}</div>\n"))
}

/// The request with this number, if it is remembered.
pub(super) fn of(toolbar: &Toolbar, request: &Request, number: u64, panel: Option<&str>) -> Option<Response> {
    let exchange = toolbar.history.find(number)?;
    if panel.is_some_and(|name| !toolbar.panels().iter().any(|shown| shown.panel.name() == name)) {
        return None;
    }
    Some(shown(toolbar, request, &exchange, panel))
}

/// Its traceback as text.
pub(super) fn traceback(toolbar: &Toolbar, number: u64) -> Option<Response> {
    let exchange = toolbar.history.find(number)?;
    let place = toolbar.panels().iter().position(|shown| shown.panel.name() == TRACEBACK)?;
    let kept = exchange.kept(place)?;
    Some(Response::text(traceback_text(kept.downcast_ref::<Failure>()?)))
}

fn shown(toolbar: &Toolbar, request: &Request, exchange: &Arc<Exchange>, panel: Option<&str>) -> Response {
    let state = exchange.state();
    let list = list(toolbar, request, Some(exchange.number));
    let (tabs, content) = panels_of(toolbar, request, exchange, panel);
    let body = format!(
        "<div class=\"columns\">\n{list}<main>\n<h1><span class=\"status {}\">{}</span> {} {}</h1>\n\
         <p class=\"note\">{} at {}</p>\n<nav class=\"tabs\" aria-label=\"Panels\">\n{tabs}</nav>\n{content}</main>\n</div>\n",
        state.class(),
        state.status(),
        exchange.method,
        escaped(&exchange.path),
        state.time(),
        exchange.clock,
    );
    page(toolbar, request, "History", &body)
}

/// The tabs of the panels, and what the chosen one shows: the one that is asked for, else an error if there is one, else the first.
fn panels_of(
    toolbar: &Toolbar,
    request: &Request,
    exchange: &Exchange,
    asked: Option<&str>,
) -> (String, String) {
    let panels = toolbar.panels();
    let kept: Vec<_> = (0..panels.len()).map(|place| exchange.kept(place)).collect();
    let named = |name: &str| {
        panels.iter().zip(&kept).position(|(shown, kept)| shown.panel.name() == name && kept.is_some())
    };
    let chosen = match asked {
        Some(asked) => named(asked),
        None => named(TRACEBACK).or_else(|| kept.iter().position(Option::is_some)),
    };
    let mut tabs = String::new();
    for (place, (shown, kept)) in panels.iter().zip(&kept).enumerate() {
        let title = escaped(shown.panel.title());
        // Writing into a string cannot fail.
        let _ = match kept {
            None if shown.active => writeln!(tabs, "<span>{title}</span>"),
            None => writeln!(
                tabs,
                "<span title=\"debugtoolbar.active_panels does not name it\">{title} (off)</span>"
            ),
            Some(kept) => {
                let badge = shown.panel.badge(&**kept).map(|badge| badge.html()).unwrap_or_default();
                let rest = format!("request/{}/{}", exchange.number, shown.panel.name());
                let address = escaped(&address(toolbar, request, &rest));
                tabs.push_str(&layout::tabs(
                    [(address, format!("{title}{badge}"), chosen == Some(place))].into_iter(),
                ));
                Ok(())
            }
        };
    }
    let content = chosen.and_then(|place| Some(panels[place].panel.render(&**kept[place].as_ref()?)));
    let content = match content {
        Some(content) => format!("<section>\n{}</section>\n", content.html()),
        None => "<p class=\"note\">Nothing is known of it yet.</p>\n".to_owned(),
    };
    (tabs, content)
}
