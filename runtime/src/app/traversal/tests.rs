//! Walks, and the places that they lead to.

use std::any::{Any, TypeId};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use super::resource::cast_to;
use super::root::Made;
use super::{
    Context, DefaultRoot, Getitem, Interface, Located, Resource, RootFactory, TraversalPath, Traversed, Walk,
    traverse,
};
use crate::app::extract::{FromRequest, Need};
use crate::app::type_key::TypeKey;
use crate::error::{Error, Result};

/// Has children of every name but two.
#[derive(Default)]
struct Folder;

impl Resource for Folder {
    fn getitem<'a>(&'a self, name: &'a str) -> Getitem<'a> {
        match name {
            "nobody" => Getitem::Ready(Ok(None)),
            "broken" => Getitem::Ready(Err(Error::msg("broken"))),
            "page" => Getitem::Ready(Ok(Some(Arc::new(Page)))),
            "slow" => Getitem::Waiting(Box::pin(async {
                tokio::task::yield_now().await;
                Ok(Some(Arc::new(Self) as Arc<dyn Resource>))
            })),
            _ => Getitem::Ready(Ok(Some(Arc::new(Self)))),
        }
    }
}

trait Titled: Resource {
    fn title(&self) -> String;
}

struct Page;

impl Titled for Page {
    fn title(&self) -> String {
        "page".to_owned()
    }
}

impl Resource for Page {
    fn provides(&self) -> &'static [Interface] {
        const {
            &[Interface {
                key: TypeKey::of::<dyn Titled>(),
                cast: |resource, slot| cast_to::<Page, dyn Titled>(resource, slot, |page| page),
            }]
        }
    }
}

fn once(walk: Walk) -> Poll<Result<Traversed>> {
    pin!(walk).poll(&mut TaskContext::from_waker(Waker::noop()))
}

fn walk(path: &str) -> Traversed {
    match once(traverse(Arc::new(Folder), TraversalPath::new(path))) {
        Poll::Ready(traversed) => traversed.unwrap(),
        Poll::Pending => panic!("{path} was to be waited for"),
    }
}

#[test]
fn a_walk_is_ready_at_once_unless_somebody_waits() {
    assert_eq!(walk("/a/b/nobody/x").view_name(), "nobody");
    assert!(once(traverse(Arc::new(Folder), TraversalPath::new("/a/slow/b"))).is_pending());
    // A path that ends before the slow one does not ask for it.
    assert_eq!(walk("/a/@@slow").view_name(), "slow");
}

#[tokio::test]
async fn a_walk_goes_on_after_it_has_waited() {
    let path = TraversalPath::below("/slow/a", "/b/slow/nobody/x");
    let traversed = traverse(Arc::new(Folder), path).await.unwrap();
    assert_eq!(traversed.context().names(), ["slow", "a", "b", "slow"]);
    assert_eq!(traversed.virtual_root().names(), ["slow", "a"]);
    assert_eq!((traversed.view_name(), traversed.subpath().collect::<Vec<_>>()), ("nobody", vec!["x"]));
}

#[tokio::test]
async fn an_error_ends_the_walk_whether_or_not_it_has_waited() {
    for path in ["/a/broken/b", "/slow/broken"] {
        let error = traverse(Arc::new(Folder), TraversalPath::new(path)).await.unwrap_err();
        assert_eq!(error.to_string(), "broken");
    }
}

#[test]
fn a_lineage_leads_from_the_resource_to_the_root() {
    let page = walk("/a/b/page").context().downcast::<Page>().unwrap();
    let names: Vec<String> = page.lineage().map(|located| located.name().to_owned()).collect();
    assert_eq!(names, ["page", "b", "a", ""]);
    assert_eq!(page.parent().unwrap().names(), ["a", "b"]);
    assert!(page.root().parent().is_none());
    assert_eq!(page.resource_path_tuple(&["edit"]), ["", "a", "b", "page", "edit"]);
    assert_eq!(format!("{page:?}"), "Located(/a/b/page)");
}

#[test]
fn a_resource_is_what_its_type_says_and_what_it_provides() {
    let page = walk("/a/page").context().clone();
    assert_eq!(page.downcast::<dyn Titled>().unwrap().title(), "page");
    assert!(page.downcast::<Folder>().is_none());
    assert!(page.parent().unwrap().downcast::<dyn Titled>().is_none());
    assert!(page.downcast::<dyn Resource>().is_some());
    assert_eq!(page.find_interface::<dyn Titled>().unwrap().name(), "page");
    assert_eq!(page.find_interface::<Folder>().unwrap().name(), "a");
    assert_eq!(
        page.contexts().collect::<Vec<_>>(),
        [TypeId::of::<Page>(), TypeId::of::<dyn Titled>(), TypeId::of::<dyn Resource>()]
    );
}

#[test]
fn a_cast_of_another_type_leaves_its_slot_empty() {
    let [interface] = Page.provides() else { panic!("one interface") };
    let mut slot: Option<Arc<dyn Titled>> = None;
    (interface.cast)(Arc::new(Folder), &mut slot);
    assert!(slot.is_none());
    let mut strange = 7;
    (interface.cast)(Arc::new(Page), &mut strange as &mut dyn Any);
    assert_eq!(strange, 7);
}

#[test]
fn what_is_inside_is_told_by_the_resources_and_not_by_their_names() {
    let page = walk("/a/page").context().clone();
    let above = page.parent().unwrap();
    assert!(page.inside(&page) && page.inside(&above) && page.inside(&page.root()));
    assert!(!above.inside(&page));
    // The same path again, but of a tree that was made anew.
    assert!(!page.inside(walk("/a").context()));
}

#[tokio::test]
async fn a_path_leads_back_whatever_is_in_its_names() {
    let root = Located::new(Folder);
    for name in ["a/b", "é", "100%", "a b", "%2F", "a?b#c", "@"] {
        let there = root.child("x", Folder).child(name, Folder);
        let back = root.find_resource(there.resource_path(&[])).await.unwrap();
        assert_eq!(back.unwrap().names(), ["x", name]);
        let back = root.find_resource(there.resource_path_tuple(&[])).await.unwrap();
        assert_eq!(back.unwrap().names(), ["x", name]);
    }
}

#[tokio::test]
async fn a_path_is_absolute_or_begins_here() {
    let here = walk("/a/b").context().clone();
    for (path, found) in [("c", vec!["a", "b", "c"]), ("/c", vec!["c"]), ("", vec!["a", "b"]), ("/", vec![])]
    {
        assert_eq!(here.find_resource(path).await.unwrap().unwrap().names(), found, "{path}");
    }
    assert_eq!(here.find_resource(["", "c"]).await.unwrap().unwrap().names(), ["c"]);
    assert!(here.find_resource("page/more").await.unwrap().is_none());
    assert!(here.find_resource("/%FF").await.is_err());
    assert!(here.find_resource("/broken").await.is_err());
}

/// A chain of places is dropped link by link, not each inside the last.
#[test]
fn a_path_may_be_longer_than_a_stack_is_deep() {
    let path = "/a".repeat(200_000);
    let deep = walk(&path).context().clone();
    assert_eq!(deep.lineage().count(), 200_001);
    let shared = deep.parent();
    drop(deep);
    assert_eq!(shared.map(|parent| parent.names().len()), Some(199_999));
}

#[tokio::test]
async fn a_root_may_be_plain_or_shared_or_fail_or_be_waited_for() {
    fn made(factory: &RootFactory, request: &crate::Request) -> Made {
        factory.make(request)
    }
    let request = blank_request();
    for factory in [
        RootFactory::default(),
        RootFactory::new(|_| DefaultRoot),
        RootFactory::new(|_| Arc::new(DefaultRoot) as Arc<dyn Resource>),
        RootFactory::new(|_| Ok::<_, Error>(Arc::new(DefaultRoot))),
    ] {
        assert!(matches!(made(&factory, &request), Made::Ready(Ok(_))));
    }
    let failing = RootFactory::new(|_| Err::<DefaultRoot, _>(Error::msg("no root")));
    assert!(matches!(made(&failing, &request), Made::Ready(Err(_))));
    let slow = RootFactory::new(|request: crate::Request| async move {
        tokio::task::yield_now().await;
        if request.path() == "/" { Ok(DefaultRoot) } else { Err(Error::msg("another path")) }
    });
    match made(&slow, &request) {
        Made::Waiting(root) => assert!(root.await.is_ok()),
        Made::Ready(_) => panic!("it was to be waited for"),
    }
}

fn blank_request() -> crate::Request {
    let (head, body) = http::Request::new(crate::Body::empty()).into_parts();
    crate::Request::new(head, body, crate::app::request::Surroundings::none())
}

#[tokio::test]
async fn a_context_is_asked_for_by_its_type() {
    assert_eq!(<Context<Page>>::need(), Some(Need::Context(TypeKey::of::<Page>())));
    assert_eq!(<Context<dyn Titled>>::need(), Some(Need::Context(TypeKey::of::<dyn Titled>())));
    let request = blank_request();
    assert!(<Context<Page>>::from_request(&request).await.is_err(), "nobody has walked yet");
    request.set_traversed(&walk("/a/page/edit/7"));
    let Context(page) = <Context<Page>>::from_request(&request).await.unwrap();
    assert_eq!(page.resource_path(&[]), "/a/page");
    assert_eq!(<Context<dyn Titled>>::from_request(&request).await.unwrap().title(), "page");
    let another = <Context<Folder>>::from_request(&request).await.unwrap_err();
    assert!(another.downcast_ref::<crate::app::extract::Mismatch>().is_some());
    assert_eq!((request.view_name(), request.subpath()), ("edit".to_owned(), vec!["7".to_owned()]));
    assert_eq!(request.context().unwrap().names(), ["a", "page"]);
    assert!(request.root().unwrap().names().is_empty() && request.virtual_root().unwrap().names().is_empty());
}

#[tokio::test]
async fn a_place_outlives_its_walk_and_other_walks_begin_there() {
    let folder = walk("/a/b").context().parent().unwrap();
    let from_here = folder.traverse("c/page/edit").await.unwrap();
    assert_eq!(from_here.context().names(), ["a", "c", "page"]);
    assert_eq!((from_here.root().names(), from_here.virtual_root().names()), (vec!["a"], vec!["a"]));
    assert_eq!((from_here.view_name(), from_here.traversed().count()), ("edit", 2));
    let nowhere = folder.traverse(["nobody"]).await.unwrap();
    assert_eq!((nowhere.context().names(), nowhere.view_name()), (vec!["a"], "nobody"));
    assert!(from_here.context().inside(&folder) && !folder.inside(from_here.context()));
    assert_eq!(from_here.context().lineage().count(), 4);
    assert_eq!(from_here.context().find_interface::<DefaultRoot>().map(|root| root.names().len()), None);
    // A slash in a name that was not walked to is a part of it.
    assert_eq!(folder.child("d/e", DefaultRoot).resource_path(&["x"]), "/a/d%2Fe/x");
}

#[test]
fn a_path_longer_than_most_leads_as_far_as_any() {
    let names: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let traversed = walk(&names.join("/"));
    assert_eq!(traversed.context().names(), names);
    assert_eq!(traversed.context().lineage().count(), 101);
}

#[test]
fn places_below_each_other_are_let_go_one_by_one() {
    let deep = (0..200_000).fold(Located::new(DefaultRoot), |place, _| place.child("x", DefaultRoot));
    assert_eq!(deep.names().len(), 200_000);
}
