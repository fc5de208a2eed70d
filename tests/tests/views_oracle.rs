//! Views looked up, and chosen by what a client accepts, as Python's Pyramid does it.
//!
//! The cases were made by running Pyramid 2.1. Another set of the same kind is tried by naming its directory in
//! `AIOPYRAMID_ORACLE`. Every case passes, or its departure from Pyramid is one of those listed here.

#[path = "support/oracle.rs"]
mod oracle;

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use aiopyramid::prelude::*;
use aiopyramid::security::{Permits, SecurityPolicy};
use aiopyramid::testing::Client;
use aiopyramid::traversal::{Getitem, Interface};
use aiopyramid::{App, ConfigurationError, Method, TypeKey, Values, ViewDirective, not};
use oracle::{Departure, compare, list, text};
use serde_json::{Value, json};

/// The types of the cases, each a trait that the resources of the trees provide.
macro_rules! types {
    ($($name:ident)*) => {
        $(trait $name: Resource {})*

        /// What a resource of this type provides, in the order of Pyramid's classes.
        fn interface(name: &str) -> Interface {
            match name {
                // Nobody takes a context as one of these, so there is no way from the one to the other.
                $(stringify!($name) => Interface { key: TypeKey::of::<dyn $name>(), cast: |_, _| {} },)*
                other => panic!("there is no type {other}"),
            }
        }

        fn with_context(view: &mut ViewDirective<'_>, name: &str) {
            match name {
                $(stringify!($name) => view.context::<dyn $name>(),)*
                other => panic!("there is no type {other}"),
            };
        }

        fn with_containment(view: &mut ViewDirective<'_>, name: &str, negated: bool) {
            match (name, negated) {
                $(
                    (stringify!($name), false) => view.containment::<dyn $name>(),
                    (stringify!($name), true) => view.not_containment::<dyn $name>(),
                )*
                (other, _) => panic!("there is no type {other}"),
            };
        }
    };
}

types!(Container Folder Root Blog Gallery Node Content Page Post Photo ITagged IVersioned Mixin);

/// What each type is, as the head of the cases tells it.
fn lineage_of(name: &str) -> &'static [&'static str] {
    match name {
        "Container" => &["Container", "Node"],
        "Folder" => &["Folder", "Container", "Node"],
        "Root" => &["Root", "Folder", "Container", "Node"],
        "Blog" => &["Blog", "ITagged", "Folder", "Container", "Node"],
        "Gallery" => &["Gallery", "Folder", "Container", "Node", "Mixin"],
        "Node" => &["Node"],
        "Content" => &["Content", "Node"],
        "Page" => &["Page", "Content", "Node"],
        "Post" => &["Post", "IVersioned", "ITagged", "Page", "Content", "Node"],
        "Photo" => &["Photo", "ITagged", "Content", "Node", "Mixin"],
        other => panic!("there is no type {other}"),
    }
}

struct Item {
    provides: &'static [Interface],
    children: Option<HashMap<String, Arc<dyn Resource>>>,
}

impl Item {
    fn tree(spec: &Value) -> Arc<dyn Resource> {
        let interfaces: Vec<Interface> =
            lineage_of(text(&spec["type"])).iter().map(|name| interface(name)).collect();
        let children = spec
            .get("children")
            .and_then(Value::as_object)
            .map(|children| children.iter().map(|(name, child)| (name.clone(), Self::tree(child))).collect());
        Arc::new(Self { provides: interfaces.leak(), children })
    }
}

impl Resource for Item {
    fn getitem<'a>(&'a self, name: &'a str) -> Getitem<'a> {
        match &self.children {
            None => Getitem::NoItems,
            Some(children) => Getitem::Ready(Ok(children.get(name).cloned())),
        }
    }

    fn provides(&self) -> &'static [Interface] {
        self.provides
    }
}

/// Grants what the case says.
struct Granting(Vec<String>);

impl SecurityPolicy for Granting {
    type Identity = ();

    async fn identity(&self, _: &Request) -> Result<Option<()>> {
        Ok(None)
    }

    async fn authenticated_userid(&self, _: &Request) -> Result<Option<String>> {
        Ok(None)
    }

    async fn permits(&self, _: &Request, _: Option<&Located>, permission: &str) -> Result<Permits> {
        Ok(self.0.iter().any(|granted| granted == permission).into())
    }
}

type Told = Pin<Box<dyn Future<Output = String> + Send>>;

/// A view that tells its id.
fn telling(id: &str) -> impl Fn() -> Told + Clone + Send + Sync + 'static {
    let id = id.to_owned();
    move || {
        let id = id.clone();
        Box::pin(async move { id })
    }
}

/// A text or a list of texts, perhaps negated.
fn values(value: &Value, negated: bool) -> Values {
    let values: Values = match value {
        Value::Array(all) => all.iter().map(text).collect::<Vec<_>>().into(),
        Value::Bool(flag) => (*flag).into(),
        one => text(one).into(),
    };
    if negated { not(values) } else { values }
}

fn add_view(config: &mut Configurator, spec: &Value) {
    let mut view = config.add_view(telling(text(&spec["id"])));
    let negated = |name: &str| {
        spec.get("not").and_then(Value::as_array).is_some_and(|names| names.iter().any(|known| known == name))
    };
    for (key, value) in spec.as_object().unwrap() {
        match key.as_str() {
            "id" | "not" => {}
            "name" => drop(view.name(text(value))),
            "context" => with_context(&mut view, text(value)),
            "route" => drop(view.route(text(value))),
            "permission" => drop(view.permission(match text(value) {
                "NO_PERMISSION_REQUIRED" => aiopyramid::security::NO_PERMISSION_REQUIRED,
                other => other,
            })),
            "request_method" => drop(view.request_method(values(value, negated(key)))),
            "request_param" => drop(view.request_param(values(value, negated(key)))),
            "header" => drop(view.header(values(value, negated(key)))),
            "accept" => drop(view.accept(text(value))),
            "xhr" => drop(view.xhr(values(value, negated(key)))),
            "path_info" => drop(view.path_info(values(value, negated(key)))),
            "match_param" => drop(view.match_param(values(value, negated(key)))),
            "physical_path" => drop(view.physical_path(values(value, negated(key)))),
            "containment" => with_containment(&mut view, text(value), negated(key)),
            other => panic!("there is no {other}"),
        }
    }
}

/// What is wrong with an application, in the words of the cases.
fn config_error(error: &ConfigurationError) -> Value {
    let message = &error.faults()[0].to_string();
    let kinds = [
        ("both answer", "conflict"),
        ("which there is not", "no_such_route"),
        ("media type", "bad_media_type"),
        ("among those without", "bad_accept_order"),
        ("only within one type", "bad_accept_order"),
        ("has no place", "unsatisfied_order"),
        ("is to be preferred to the next", "cycle"),
    ];
    let kind =
        kinds.iter().find(|(text, _)| message.contains(text)).map_or("bad_predicate", |(_, kind)| kind);
    json!({ "config_error": kind })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// What the application answers, in the words of the cases.
fn ask(app: App, request: &Value) -> Value {
    let client = Client::new(app);
    let method = Method::from_bytes(text(&request["method"]).as_bytes()).unwrap();
    let mut pending = client.request(method, text(&request["target"]));
    for header in list(&request["headers"]) {
        pending = pending.header(text(&header[0]), text(&header[1]));
    }
    if let Some(body) = request.get("body").and_then(Value::as_str) {
        pending = pending.header("content-length", &body.len().to_string()).body(body.to_owned());
    }
    let answer = block_on(async { pending.await });
    match answer.status().as_u16() {
        200 => json!({ "view": answer.header("x-view") }),
        400 if answer.text().contains("the path") => json!({ "error": "bad_path_encoding" }),
        400 => json!({ "error": "bad_query_encoding" }),
        status => json!({ "status": status }),
    }
}

fn configurator() -> Configurator {
    let mut config = Configurator::new();
    config.set_default("method_not_allowed", false);
    // A response to HEAD has no body, so who answered stands in a header.
    config.add_tween(named);
    config
}

async fn named(request: Request, next: Next) -> Result<Response> {
    let mut response = next.run(request).await?;
    // The page of an HTTP exception has no view's name in it.
    if !response.status().is_success() {
        return Ok(response);
    }
    let name = response.body().as_bytes().map(<[u8]>::to_vec).unwrap_or_default();
    response.headers_mut().insert("x-view", aiopyramid::HeaderValue::from_bytes(&name)?);
    Ok(response)
}

fn view_lookup(question: &Value) -> Value {
    let mut config = configurator();
    let root = Item::tree(&question["tree"]);
    config.set_root_factory(move |_| Arc::clone(&root));
    let granted = question.get("granted").and_then(Value::as_array).into_iter().flatten();
    config.set_security_policy(Granting(granted.map(|name| text(name).to_owned()).collect()));
    for spec in question.get("routes").and_then(Value::as_array).into_iter().flatten() {
        let mut route = config.add_route(text(&spec["name"]), text(&spec["pattern"]));
        if let Some(methods) = spec.get("request_method") {
            route.request_method(values(methods, false));
        }
        if let Some(path) = spec.get("traverse") {
            route.traverse(text(path));
        }
        if spec.get("use_global_views") == Some(&json!(true)) {
            route.use_global_views();
        }
    }
    for view in list(&question["views"]) {
        add_view(&mut config, view);
    }
    match config.make_app() {
        Ok(app) => ask(app, &question["request"]),
        Err(error) => config_error(&error),
    }
}

fn accept(question: &Value) -> Value {
    let mut config = configurator();
    for placed in list(&question["accept_order"]) {
        let mut place = config.add_accept_view_order(text(&placed["value"]));
        let each = |key: &str| match placed.get(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(all)) => all.iter().map(text).collect(),
            Some(one) => vec![text(one)],
        };
        for more in each("more_than") {
            place.weighs_more_than(more);
        }
        for less in each("less_than") {
            place.weighs_less_than(less);
        }
    }
    let mut route = config.add_route("r", "/");
    if !question["route_accept"].is_null() {
        route.accept(values(&question["route_accept"], false));
    }
    for view in list(&question["views"]) {
        let mut view = view.clone();
        view["route"] = json!("r");
        add_view(&mut config, &view);
    }
    let headers = match &question["accept"] {
        Value::Null => json!([]),
        accept => json!([["accept", accept]]),
    };
    match config.make_app() {
        Ok(app) => ask(app, &json!({ "method": question["method"], "target": "/", "headers": headers })),
        Err(error) => config_error(&error),
    }
}

const VIEW_LOOKUP: &[Departure] = &[Departure {
    cases: "view_lookup-234c8aa185b0",
    reason: "`a` and `a=` are different predicates, the one for any value and the other for the empty one",
    ours: |_, pyramid, ours| *pyramid == json!({ "config_error": "conflict" }) && ours.get("view").is_some(),
}];

const ACCEPT: &[Departure] = &[];

#[test]
fn views_are_found_as_in_pyramid() {
    compare("view_lookup", VIEW_LOOKUP, view_lookup);
}

#[test]
fn views_are_chosen_by_what_a_client_accepts_as_in_pyramid() {
    compare("accept", ACCEPT, accept);
}
