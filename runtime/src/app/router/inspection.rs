//! Which views a request would choose among, without calling any.

use std::any::Any;
use std::fmt::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use super::App;
use super::lookup::{candidates, find_route, prepare, walk, walks};
use crate::app::application::{RegisteredRoute, RegisteredView, RequestExt};
use crate::app::request::{Request, Surroundings};
use crate::app::traversal::Traversed;
use crate::app::view::predicate::Needs;
use crate::error::{Error, Result};
use crate::protocol::body::Body;
use crate::protocol::connection_info::ConnectionInfo;
use crate::protocol::url;

/// Which views a request would choose among, and why those that would not answer decline. Displayed as Pyramid's `pviews` does.
#[derive(Serialize)]
pub(crate) struct Inspection {
    #[serde(rename = "url")]
    target: String,
    route: Option<Route>,
    context: Option<String>,
    view_name: String,
    subpath: String,
    /// In the order in which they are tried.
    views: Vec<Candidate>,
}

#[derive(Serialize)]
struct Route {
    name: String,
    pattern: String,
    predicates: String,
}

#[derive(Serialize)]
struct Candidate {
    name: String,
    #[serde(rename = "where")]
    origin: String,
    permission: Option<String>,
    requires_csrf: bool,
    predicates: String,
    #[serde(rename = "declines")]
    declined: Option<String>,
}

impl App {
    /// Looks for the views of a request as if it had come. Subscribers hear of it as they do of any other; tweens do not.
    ///
    /// # Errors
    /// Where the way to the views fails: a root factory, a resource, a policy.
    pub(crate) async fn inspect(&self, request: http::Request<Body>) -> Result<Inspection> {
        let target = request.uri().to_string();
        let (head, body) = request.into_parts();
        let path = url::decode_path(head.uri.path())
            .map_err(|_| Error::msg("the path is not text in UTF-8"))?
            .into_owned();
        let around = Surroundings {
            decoded_path: Some(path.into_boxed_str()),
            matched: None,
            connection: Arc::new(ConnectionInfo::default()),
            limits: self.0.limits,
            application: Arc::clone(&self.0) as Arc<dyn Any + Send + Sync>,
        };
        let request = Request::new(head, body, around);
        let application = request.application();
        let route = find_route(&request, application).await?.map(|place| &application.routes[place]);
        let traversed =
            if walks(application, route) { Some(walk(&request, application, route).await?) } else { None };
        let sets = candidates(application, route, traversed.as_ref());
        let needs = sets.iter().fold(Needs::default(), |needs, set| needs.and(set.needs()));
        prepare(&request, needs).await?;
        let views = sets.iter().flat_map(|set| set.order(&request).map(|place| set.at(place)));
        Ok(Inspection {
            target,
            route: route.map(Route::of),
            context: traversed.as_ref().map(|traversed| traversed.context().resource_path(&[])),
            view_name: traversed.as_ref().map_or("", Traversed::view_name).to_owned(),
            subpath: traversed.iter().flat_map(Traversed::subpath).collect::<Vec<_>>().join("/"),
            views: views.map(|view| Candidate::of(view, &request)).collect(),
        })
    }
}

impl Route {
    fn of(route: &RegisteredRoute) -> Self {
        Self {
            name: route.name.clone(),
            pattern: route.pattern.clone(),
            predicates: route.predicates.text().to_owned(),
        }
    }
}

impl Candidate {
    fn of(view: &RegisteredView, request: &Request) -> Self {
        Self {
            name: view.name.clone(),
            origin: view.origin.to_string(),
            permission: view.permission.clone(),
            requires_csrf: view.requires_csrf,
            predicates: view.predicates.text().to_owned(),
            declined: view.declines(request),
        }
    }
}

impl Inspection {
    /// Whether some view may answer. One whose parameters do not fit the request may decline still.
    pub(crate) fn is_found(&self) -> bool {
        self.views.iter().any(|view| view.declined.is_none())
    }
}

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nURL = {}\n", self.target)?;
        if self.views.is_empty() {
            return writeln!(f, "    Not found.\n");
        }
        writeln!(f, "    context: {}", self.context.as_deref().unwrap_or("none is looked for"))?;
        writeln!(f, "    view name: {}\n", self.view_name)?;
        let mut indent = "    ";
        if let Some(Route { name, pattern, predicates }) = &self.route {
            writeln!(f, "    Route:\n    ------\n    route name: {name}\n    route pattern: {pattern}")?;
            writeln!(f, "    subpath: {}", self.subpath)?;
            if !predicates.is_empty() {
                writeln!(f, "    route predicates ({predicates})")?;
            }
            f.write_char('\n')?;
            indent = "        ";
        }
        for view in &self.views {
            writeln!(f, "{indent}View:\n{indent}-----\n{indent}{}\n{indent}{}", view.name, view.origin)?;
            if let Some(permission) = &view.permission {
                writeln!(f, "{indent}required permission = {permission}")?;
            }
            if view.requires_csrf {
                writeln!(f, "{indent}requires a CSRF token")?;
            }
            if !view.predicates.is_empty() {
                writeln!(f, "{indent}view predicates ({})", view.predicates)?;
            }
            if let Some(reason) = &view.declined {
                writeln!(f, "{indent}declines: {reason}")?;
            }
            f.write_char('\n')?;
        }
        Ok(())
    }
}
