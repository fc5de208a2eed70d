//! Paths walked, and URLs of resources made, as Python's Pyramid does it.
//!
//! The cases were made by running Pyramid 2.1. Another set of the same kind is tried by naming its directory in
//! `AIOPYRAMID_ORACLE`. Every case passes, or its departure from Pyramid is one of those listed here.

#[path = "support/oracle.rs"]
mod oracle;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use aiopyramid::pattern::{GenerateError, PathValue};
use aiopyramid::route::{Reverse, UrlBase, UrlError, UrlOptions};
use aiopyramid::traversal::{
    DefaultRoot, Getitem, Located, Resource, ResourceUrl, TraversalPath, Traversed, traverse,
};
use aiopyramid::url::{PathEncodingError, decode_path, path_segments};
use oracle::{Departure, compare, list, plain, text, url_options};
use serde_json::{Value, json};

/// A node of the trees in the cases.
struct Node {
    /// `None` where it has no children, nor can have any.
    items: Option<HashMap<String, Arc<dyn Resource>>>,
    /// Whether it lets others wait.
    slow: bool,
}

impl Node {
    fn tree(spec: &Value, slow: bool) -> Arc<dyn Resource> {
        let items = spec
            .as_object()
            .map(|items| items.iter().map(|(name, child)| (name.clone(), Self::tree(child, slow))).collect());
        Arc::new(Self { items, slow })
    }
}

impl Resource for Node {
    fn getitem<'a>(&'a self, name: &'a str) -> Getitem<'a> {
        let Some(items) = &self.items else { return Getitem::NoItems };
        let find = || Ok(items.get(name).cloned());
        if !self.slow {
            return Getitem::Ready(find());
        }
        Getitem::Waiting(Box::pin(async move {
            tokio::task::yield_now().await;
            find()
        }))
    }
}

const TRAVERSAL: &[Departure] = &[
    Departure {
        cases: "quirk:traversed",
        reason: "`traversed` has the names that were walked, and no more",
        ours: |_, pyramid, ours| {
            let corrected = ours["traversed"] == ours["context"];
            corrected && same_but(&["traversed"], pyramid, ours)
        },
    },
    Departure {
        cases: "vroot",
        reason: "`..` does not lead out of the virtual root",
        ours: |question, _, ours| {
            let climbs = question["path"].as_str().is_some_and(|path| {
                let mut depth = 0;
                path.split('/').filter(|name| !matches!(*name, "" | ".")).any(|name| {
                    depth += if name == ".." { -1 } else { 1 };
                    depth < 0
                })
            });
            climbs && is_inside_the_virtual_root(ours)
        },
    },
    Departure {
        cases: "matchdict",
        reason: "the last name of a virtual root and the first one behind it are two, also without a slash between them",
        ours: |question, _, ours| {
            let walked = question["matchdict"]["traverse"].as_str();
            walked.is_some_and(|walked| !walked.starts_with('/'))
                && question["vroot"].is_string()
                && is_inside_the_virtual_root(ours)
        },
    },
    Departure {
        cases: "traversal-a8ad36ddc068",
        reason: "text that is not encoded is what it is",
        ours: |_, pyramid, ours| pyramid["error"] == "not_ascii" && ours.get("error").is_none(),
    },
    Departure {
        cases: "quirk:crash",
        reason: "a name with a colon in it is no scheme",
        ours: |_, pyramid, ours| pyramid["error"] == "crash" && ours.get("error").is_none(),
    },
    Departure {
        cases: "traversal-0dd51fc82085",
        reason: "a name in a list may have a slash in it",
        ours: |question, _, ours| question["path"] == json!(["a/b"]) && ours["view_name"] == "a/b",
    },
];

fn is_inside_the_virtual_root(ours: &Value) -> bool {
    ours["virtual_root"].as_array().is_some_and(|inside| list(&ours["context"]).starts_with(inside))
}

/// Whether two answers differ in nothing but these fields.
fn same_but(fields: &[&str], one: &Value, other: &Value) -> bool {
    let (one, other) = (one.as_object().unwrap(), other.as_object().unwrap());
    one.len() == other.len()
        && one.iter().all(|(key, value)| fields.contains(&key.as_str()) || other.get(key) == Some(value))
}

#[test]
fn paths_are_walked_as_in_pyramid() {
    compare("traversal", TRAVERSAL, |question| walked(question, false));
}

#[test]
fn paths_are_walked_the_same_way_where_every_resource_is_waited_for() {
    compare("traversal", TRAVERSAL, |question| walked(question, true));
}

fn walked(question: &Value, slow: bool) -> Value {
    let root = Node::tree(&question["tree"], slow);
    match text(&question["op"]) {
        "request" => {
            let Some(path) = path(question) else { return json!({"error": "bad_path_encoding"}) };
            described(&finish(traverse(root, path)).unwrap())
        }
        "api" => called(question, &Located::new(root)),
        other => panic!("an operation {other}"),
    }
}

/// The path that a request asks for; `None` where it is no text.
fn path(question: &Value) -> Option<TraversalPath> {
    let (walked, subpath) = match &question["matchdict"] {
        Value::Null => {
            let target = text(&question["target"]);
            let decoded = decode_path(target.split_once('?').map_or(target, |(path, _)| path)).ok()?;
            (decoded.into_owned(), None)
        }
        matched => (joined(&matched["traverse"]).unwrap_or_default(), joined(&matched["subpath"])),
    };
    let path = match question["vroot"].as_str() {
        None => TraversalPath::new(&walked),
        Some(virtual_root) => TraversalPath::below(virtual_root, &walked),
    };
    Some(match subpath {
        None => path,
        Some(subpath) => path.with_subpath(&subpath),
    })
}

/// What a placeholder took. Where Pyramid has a list, it is of the segments of such a text.
fn joined(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Array(names) => Some(names.iter().map(text).collect::<Vec<_>>().join("/")),
        one => Some(text(one).to_owned()),
    }
}

fn called(question: &Value, root: &Located) -> Value {
    let start = finish(root.find_resource(names(&question["start"]))).unwrap().unwrap();
    let (traversed, found) = match &question["path"] {
        Value::String(path) => (finish(start.traverse(path)), finish(start.find_resource(path))),
        path => (finish(start.traverse(names(path))), finish(start.find_resource(names(path)))),
    };
    match (traversed, found) {
        (Ok(traversed), Ok(found)) => {
            let mut answer = described(&traversed);
            answer["find"] = json!(found.as_ref().map(Located::names));
            answer
        }
        (Err(error), Err(_)) if error.downcast_ref::<PathEncodingError>().is_some() => {
            json!({"error": "bad_path_encoding"})
        }
        (traversed, found) => panic!("{traversed:?} but {found:?}"),
    }
}

fn names(value: &Value) -> Vec<&str> {
    list(value).iter().map(text).collect()
}

fn described(traversed: &Traversed) -> Value {
    json!({
        "context": traversed.context().names(),
        "view_name": traversed.view_name(),
        "subpath": traversed.subpath().collect::<Vec<_>>(),
        "traversed": traversed.traversed().collect::<Vec<_>>(),
        "virtual_root": traversed.virtual_root().names(),
        "virtual_root_path": traversed.virtual_root_path().collect::<Vec<_>>(),
    })
}

fn finish<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

const RESOURCE_URL: &[Departure] = &[
    Departure {
        cases: "named-root",
        reason: "a root has no name",
        ours: |_, _, ours| ours.get("error").is_none(),
    },
    Departure {
        cases: "quirk",
        reason: "a virtual root is compared name by name with what is below it",
        ours: |question, pyramid, ours| {
            !question["vroot"].is_null() && same_but(&["url", "path", "virtual_path"], pyramid, ours)
        },
    },
];

#[test]
fn urls_of_resources_are_made_as_in_pyramid() {
    compare("resource_url", RESOURCE_URL, |question| {
        let mut resource = Located::new(DefaultRoot);
        for name in &list(&question["lineage"])[1..] {
            resource = resource.child(text(name), DefaultRoot);
        }
        let virtual_root = path_segments(question["vroot"].as_str().unwrap_or(""));
        let base = &question["base"];
        let base = UrlBase {
            scheme: text(&base["scheme"]),
            host: text(&base["host"]),
            script_name: text(&base["script_name"]),
        };
        let options = url_options(question);
        let found = ResourceUrl::below(&virtual_root, &resource);
        let made = match &question["route"] {
            Value::Null => Ok((found.url(&base, &options), found.path(&base, &options))),
            route => by_route(route, &found, &base, &options),
        };
        let (url, path) = match made {
            Ok(made) => made,
            Err(UrlError::Values { source: GenerateError::MissingValue { name }, .. }) => {
                return json!({"error": "missing_value", "name": name});
            }
            Err(other) => panic!("{other}"),
        };
        let elements: Vec<String> = list(&question["elements"]).iter().map(plain).collect();
        let elements: Vec<&str> = elements.iter().map(String::as_str).collect();
        let bare = UrlBase { script_name: "", ..base };
        json!({
            "url": url,
            "path": path,
            "physical_path": resource.resource_path(&elements),
            "physical_tuple": resource.resource_path_tuple(&elements),
            "virtual_path": found.path(&bare, &UrlOptions::default()),
        })
    });
}

fn by_route(
    route: &Value,
    found: &ResourceUrl<'_>,
    base: &UrlBase<'_>,
    options: &UrlOptions,
) -> Result<(String, String), UrlError> {
    let reverse = Reverse::new("r", text(&route["pattern"])).unwrap();
    let remainder = route["remainder_name"].as_str().unwrap_or("traverse");
    let values: BTreeMap<&str, PathValue<'_>> = match &route["kw"] {
        Value::Null => BTreeMap::new(),
        values => values
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.as_str(), plain(value).into()))
            .collect(),
    };
    Ok((
        found.url_by_route(&reverse, remainder, &values, base, options)?,
        found.path_by_route(&reverse, remainder, &values, base, options)?,
    ))
}
