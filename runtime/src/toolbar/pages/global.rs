//! What is known of the application as a whole, and how the toolbar is set.

use super::address;
use super::layout::{page as laid_out, tabs};
use crate::toolbar::{Content, Toolbar};
use crate::{Application, RegisteredView, Request, RequestExt, Response, escaped};

/// The pages, in their order.
const PAGES: [(&str, &str); 5] = [
    ("routes", "Routes"),
    ("views", "Views"),
    ("tweens", "Tweens"),
    ("settings", "Settings"),
    ("versions", "Versions"),
];

/// The page of this name.
pub(super) fn page(toolbar: &Toolbar, request: &Request, name: &str) -> Option<Response> {
    let application = request.application();
    let content = match name {
        "routes" => routes(application),
        "views" => views(application),
        "tweens" => tweens(application),
        "settings" => settings_table(application),
        "versions" => versions(application),
        _ => return None,
    };
    let tabs = tabs(PAGES.iter().map(|(page, title)| {
        let address = address(toolbar, request, &format!("global/{page}"));
        (escaped(&address), (*title).to_owned(), *page == name)
    }));
    let body = format!(
        "<main class=\"whole\">\n<nav class=\"tabs\" aria-label=\"Pages\">\n{tabs}</nav>\n<section>\n{}</section>\n</main>\n",
        content.html()
    );
    Some(laid_out(toolbar, request, "Global", &body))
}

fn routes(application: &Application) -> Content {
    let rows = application.routes().iter().map(|route| {
        let views = route.views.iter().count().to_string();
        [
            route.name.clone(),
            route.pattern.clone(),
            route.predicates.text().to_owned(),
            views,
            route.origin.to_string(),
        ]
    });
    Content::new()
        .note("In the order in which they are tried.")
        .table(["Name", "Pattern", "Predicates", "Views", "Where"], rows)
}

fn views(application: &Application) -> Content {
    let of_routes = application
        .routes()
        .iter()
        .flat_map(|route| route.views.iter().map(move |view| row(&route.name, view)));
    let others = application.views().iter().map(|view| row("", view));
    let rows: Vec<_> = of_routes.chain(others).collect();
    Content::new()
        .table(["Route", "Name", "Context", "View", "Mapper", "Predicates", "Permission", "Where"], rows)
}

fn row(route: &str, view: &RegisteredView) -> [String; 8] {
    [
        route.to_owned(),
        view.view_name.clone(),
        view.context.map(|context| context.name().to_owned()).unwrap_or_default(),
        view.name.clone(),
        view.mapper.to_owned(),
        view.predicates.text().to_owned(),
        view.permission.clone().unwrap_or_default(),
        view.origin.to_string(),
    ]
}

fn tweens(application: &Application) -> Content {
    let rows = application.tweens().iter().map(|tween| {
        let origin = tween.origin.map_or_else(|| "built in".to_owned(), |origin| origin.to_string());
        [tween.name.clone(), origin]
    });
    let note = if application.tweens().is_explicit() {
        "The outermost first, as the setting `tweens` lists them."
    } else {
        "The outermost first, as `under` and `over` say."
    };
    Content::new().note(note).table(["Name", "Where"], rows)
}

fn settings_table(application: &Application) -> Content {
    let settings = application.settings();
    let rows = settings.iter().map(|(name, _)| {
        let source = settings.source(name).unwrap_or_default().to_owned();
        [name.to_owned(), settings.shown(name).unwrap_or_default(), source]
    });
    Content::new()
        .note("What was set. The command `settings` shows the defaults, too.")
        .table(["Name", "Value", "From"], rows)
}

fn versions(application: &Application) -> Content {
    let on = |is: bool| if is { "on" } else { "off" };
    let content = Content::new().pairs([
        ("aiopyramid", env!("CARGO_PKG_VERSION").to_owned()),
        ("System", format!("{} on {}", std::env::consts::OS, std::env::consts::ARCH)),
        ("Process", std::process::id().to_string()),
        ("Development", on(application.is_development()).to_owned()),
        ("Debug assertions", on(cfg!(debug_assertions)).to_owned()),
    ]);
    let pools = application.executor().pools().map(|pool| {
        [
            pool.name().to_owned(),
            pool.threads().to_string(),
            pool.running().to_string(),
            pool.queued().to_string(),
        ]
    });
    content.heading("Pools of threads").table(["Name", "Threads", "Running", "Waiting"], pools)
}

/// How the toolbar itself is set.
pub(super) fn settings(toolbar: &Toolbar, request: &Request) -> Response {
    let options = &toolbar.options;
    let words = |list: &[String]| if list.is_empty() { "none".to_owned() } else { list.join(" ") };
    let panels = toolbar.panels();
    let names = |shown: &dyn Fn(bool) -> bool| {
        let names = panels.iter().filter(|panel| shown(panel.active)).map(|panel| panel.panel.name());
        names.collect::<Vec<_>>().join(" ")
    };
    let content = Content::new()
        .note("They stand in the configuration file, each with `debugtoolbar.` before its name.")
        .pairs([
            ("hosts", options.hosts.to_string()),
            ("server_names", words(&options.server_names)),
            ("intercept_exc", options.intercept_exc.to_string()),
            ("intercept_redirects", options.intercept_redirects.to_string()),
            ("show_on_exc_only", options.show_on_exc_only.to_string()),
            ("exclude_prefixes", words(&options.exclude_prefixes)),
            ("panels", names(&|_| true)),
            ("active_panels", names(&|active| active)),
            ("max_request_history", options.max_request_history.to_string()),
            ("max_visible_requests", options.max_visible_requests.to_string()),
        ]);
    let body = format!("<main class=\"whole\">\n<section>\n{}</section>\n</main>\n", content.html());
    laid_out(toolbar, request, "Settings", &body)
}
