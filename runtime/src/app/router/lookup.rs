//! From a request to the view that answers it: route, tree, context, view.

use std::any::TypeId;

use http::HeaderValue;
use smallvec::SmallVec;

use super::call::{call, is_mismatch};
use super::declined;
use super::recorded;
use super::running::Running;
use crate::app::application::{Application, RegisteredRoute, RequestExt, Selection, ViewSet, allow};
use crate::app::event::{BeforeTraversal, ContextFound, NewRequest};
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::route::{UrlBase, UrlOptions};
use crate::app::security::Principals;
use crate::app::traversal::{Made, Resource, ResourcePath, TraversalPath, Traversed, traverse};
use crate::app::type_key::TypeKey;
use crate::app::view::ViewFuture;
use crate::app::view::predicate::{Needs, Parameters, Verdict};
use crate::error::Result;
use crate::protocol::pattern::{Match, PathValue};

/// Answers a request: everything that stands inside of the tweens.
pub(super) fn answer(request: Request) -> ViewFuture {
    let application = request.application();
    if application.subscribers.want::<NewRequest>() || application.route_needs != Needs::default() {
        return Box::pin(async move {
            let application = request.application();
            if application.subscribers.want::<NewRequest>() {
                application.subscribers.notify(NewRequest::new(request.clone())).await?;
            }
            let route = find_route(&request, application).await?;
            answer_from(&request, route).await
        });
    }
    let route = route(&request, application);
    if let Some(route) = route
        && application.routes[route].plain
        && let Some(views) = application.routes[route].views.plain()
        && let Selection::View(place) = views.select(&request, 0)
    {
        return Box::pin(Running::new(request, route, place));
    }
    Box::pin(async move { answer_from(&request, route).await })
}

/// Finds the route, after what its predicates cannot wait for.
pub(super) async fn find_route(request: &Request, application: &Application) -> Result<Option<usize>> {
    prepare(request, application.route_needs).await?;
    Ok(route(request, application))
}

/// The route: that which was found before, or the first that matches the path and whose predicates hold.
fn route(request: &Request, application: &Application) -> Option<usize> {
    if let Some(matched) = request.matched() {
        return Some(matched.route());
    }
    let routes = &application.routes;
    let (place, values) = application.table.find(request.path(), |place, _| {
        routes[place].predicates.is_empty() || routes[place].predicates.verdict(request) == Verdict::Holds
    })?;
    // What is in the table has one.
    if let Some(matcher) = &routes[place].matcher {
        request.set_matched(Match::new(matcher.clone(), place, values));
    }
    recorded::route(request, application, place);
    Some(place)
}

/// Answers a request whose route is known: everything after that.
pub(super) async fn answer_from(request: &Request, route: Option<usize>) -> Result<Response> {
    let application = request.application();
    let route = route.map(|place| &application.routes[place]);
    let traversed =
        if walks(application, route) { Some(walk(request, application, route).await?) } else { None };
    choose(request, application, route, traversed.as_ref()).await
}

/// Whether it must be known where the path leads.
pub(super) fn walks(application: &Application, route: Option<&RegisteredRoute>) -> bool {
    match route {
        Some(route) => route.walks || !route.views.is_unnamed() || route.use_global_views,
        None => !application.views.is_empty(),
    }
}

/// Walks the tree, and keeps on the request where that led.
pub(super) async fn walk(
    request: &Request,
    application: &Application,
    route: Option<&RegisteredRoute>,
) -> Result<Traversed> {
    if application.subscribers.want::<BeforeTraversal>() {
        Box::pin(application.subscribers.notify(BeforeTraversal::new(request.clone()))).await?;
    }
    let factory = route.and_then(|route| route.factory.as_ref()).unwrap_or(&application.root_factory);
    let root = match factory.make(request) {
        Made::Ready(root) => root?,
        Made::Waiting(root) => root.await?,
    };
    let traversed = traverse(root, path(request, application, route)?).await?;
    request.set_traversed(&traversed);
    if application.subscribers.want::<ContextFound>() {
        Box::pin(application.subscribers.notify(ContextFound::new(request.clone()))).await?;
    }
    Ok(traversed)
}

/// What is to be walked: the request's path, or what the route makes of it.
fn path(
    request: &Request,
    application: &Application,
    route: Option<&RegisteredRoute>,
) -> Result<TraversalPath> {
    let virtual_root = application.virtual_root.as_ref().and_then(|name| request.header(name));
    let made = route.and_then(|route| route.traverse.as_ref()).zip(request.matched());
    let Some((pattern, matched)) = made else {
        return Ok(TraversalPath::of_request(request, virtual_root));
    };
    let values: Vec<(&str, PathValue<'_>)> =
        matched.iter(request.path()).map(|(name, value)| (name, PathValue::from(value))).collect();
    let base = UrlBase { scheme: "", host: "", script_name: "" };
    let text = pattern.path(values.as_slice(), &base, &UrlOptions::default())?;
    // A slash inside a value is a part of a name, so what was made is cut before it is decoded.
    let (_, path) = text.to_path()?;
    Ok(match request.match_value("subpath") {
        Some(subpath) => path.with_subpath(subpath),
        None => path,
    })
}

/// The sets of views among which a request chooses, in the order in which they are asked: those of its route before those
/// without one, and in each those for the closest type of context first.
pub(super) fn candidates<'a>(
    application: &'a Application,
    route: Option<&'a RegisteredRoute>,
    traversed: Option<&Traversed>,
) -> SmallVec<[&'a ViewSet; 4]> {
    let contexts: SmallVec<[TypeId; 4]> = match traversed {
        Some(traversed) => traversed.context().contexts().collect(),
        None => SmallVec::from_iter([TypeKey::of::<dyn Resource>().id()]),
    };
    let name = traversed.map_or("", Traversed::view_name);
    let own = route.map(|route| &route.views);
    let global = Some(&application.views).filter(|_| route.is_none_or(|route| route.use_global_views));
    let mut sets = SmallVec::new();
    for table in [own, global].into_iter().flatten().filter(|table| !table.is_empty()) {
        sets.extend(contexts.iter().filter_map(|context| table.get(*context, name)));
    }
    sets
}

/// Calls the first view whose predicates hold and that is for this request.
async fn choose(
    request: &Request,
    application: &Application,
    route: Option<&RegisteredRoute>,
    traversed: Option<&Traversed>,
) -> Result<Response> {
    let sets = candidates(application, route, traversed);
    let needs = sets.iter().fold(Needs::default(), |needs, set| needs.and(set.needs()));
    if needs != Needs::default() {
        Box::pin(prepare(request, needs)).await?;
    }
    let mut wrong_method = false;
    for set in &sets {
        for place in set.order(request) {
            let view = set.at(place);
            match view.predicates.verdict(request) {
                Verdict::Holds => match call(view, request).await {
                    Err(error) if is_mismatch(&error) => {}
                    outcome => return outcome,
                },
                Verdict::WrongMethod => wrong_method = true,
                Verdict::Fails => {}
            }
        }
    }
    declined::note(request, application, &sets);
    // Where one answers this method and something else was wrong, `Allow` would name the very method that it refuses.
    let wrong_method = wrong_method && !sets.iter().any(|set| set.admits(request.method()));
    Err(refusal(application, wrong_method.then(|| allow(sets.iter().flat_map(|set| set.iter())))).into())
}

/// What to answer where no view fits: 404, or 405 where the method alone was wrong.
pub(super) fn refusal(application: &Application, allowed: Option<HeaderValue>) -> HttpException {
    match allowed {
        Some(allowed) if application.method_not_allowed => HttpException::method_not_allowed(allowed),
        _ => HttpException::not_found(),
    }
}

/// Finds out what predicates cannot wait for.
pub(super) async fn prepare(request: &Request, needs: Needs) -> Result<()> {
    if needs.parameters {
        Parameters::of(request).await?;
    }
    if needs.principals && request.extension::<Principals>().is_none() {
        let principals = match &request.application().policy {
            Some(policy) => {
                let known = policy.authenticated_userid(request).await?.is_some();
                Principals::new(known, policy.effective_principals(request).await?)
            }
            None => Principals::default(),
        };
        request.set_extension(principals);
    }
    Ok(())
}
