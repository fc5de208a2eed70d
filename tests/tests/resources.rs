//! Trees of annotated resources, from inside of an application.

use std::sync::Arc;

use aiopyramid::HttpException;
use aiopyramid::prelude::*;
use aiopyramid::route::UrlOptions;
use aiopyramid::testing::Client;

struct Library {
    poems: Arc<Shelf>,
}

struct Shelf {
    titles: Vec<&'static str>,
}

trait Titled: Resource {
    fn title(&self) -> String;
}

#[resource(provides = dyn Titled)]
struct Book {
    title: &'static str,
}

impl Titled for Book {
    fn title(&self) -> String {
        self.title.to_owned()
    }
}

/// Plain: it is in memory.
#[resource]
impl Library {
    fn getitem(&self, name: &str) -> Option<Arc<Shelf>> {
        (name == "poems").then(|| Arc::clone(&self.poems))
    }
}

/// It waits for a thread that may block.
#[resource]
impl Shelf {
    async fn getitem(&self, name: &str) -> Result<Option<Book>> {
        if name == "locked" {
            return Err(HttpException::forbidden().into());
        }
        find(self.titles.clone(), name.to_owned()).await
    }
}

#[use_executor]
fn find(titles: Vec<&'static str>, name: String) -> Result<Option<Book>> {
    let title = titles.into_iter().find(|title| **title == name);
    Ok(title.map(|title| Book { title }))
}

fn library() -> Library {
    Library { poems: Arc::new(Shelf { titles: vec!["odes", "a/b"] }) }
}

/// Tells where the path has led.
async fn told(request: Request) -> Result<String> {
    let book = match <Context<dyn Titled>>::from_request(&request).await {
        Ok(book) => book.title(),
        Err(_) => "no book".to_owned(),
    };
    let context = request.context().expect("it was walked");
    let found = [
        book,
        context.resource_path(&[]),
        request.view_name(),
        request.subpath().join("+"),
        request.resource_path(&context),
        request.resource_url_with(&context, &UrlOptions::default().element("edit")),
        request.resource_path_by_route(&context, "tree", &(), &UrlOptions::default())?,
    ];
    Ok(found.join(" "))
}

fn client() -> Client {
    Client::configured(|config| {
        config.add_route("tree", "/tree*traverse");
        for name in ["", "edit", "none"] {
            config.add_view(told).route("tree").name(name);
        }
        config.set_root_factory(|_| library());
        config.add_route("rest", "/rest/*subpath");
        config.add_view(rest).route("rest");
        Ok(())
    })
    .unwrap()
}

async fn rest(subpath: Subpath) -> String {
    subpath.join("+")
}

#[tokio::test]
async fn a_tree_of_plain_and_awaited_children_is_walked() {
    let client = client();
    for (path, found) in [
        ("/tree", "no book /   / http://example.com/edit /tree"),
        ("/tree/poems", "no book /poems   /poems/ http://example.com/poems/edit /tree/poems/"),
        (
            "/tree/poems/odes/edit/page/7",
            "odes /poems/odes edit page+7 /poems/odes/ http://example.com/poems/odes/edit /tree/poems/odes/",
        ),
        ("/tree/poems/none", "no book /poems none  /poems/ http://example.com/poems/edit /tree/poems/"),
    ] {
        let response = client.get(path).await;
        assert_eq!(response.text(), found, "{path}");
    }
}

#[tokio::test]
async fn an_error_of_a_resource_is_the_answer() {
    assert_eq!(client().get("/tree/poems/locked").await.status(), 403);
}

#[tokio::test]
async fn the_subpath_of_a_route_needs_no_walk() {
    assert_eq!(client().get("/rest/a/./b/../c").await.text(), "a+c");
}

#[tokio::test]
async fn what_is_found_from_inside_is_a_place_in_the_same_tree() -> Result<()> {
    let library = Located::new(library());
    let odes = library.find_resource("/poems/odes").await?.expect("it is there");
    assert!(odes.inside(&library));
    assert!(odes.find_interface::<Shelf>().is_some_and(|shelf| shelf.titles.len() == 2));
    let slashed = odes.parent().expect("a shelf").child("a/b", Book { title: "a/b" });
    let found = library.find_resource(slashed.resource_path(&[])).await?;
    assert_eq!(found.and_then(|found| found.downcast::<Book>()).map(|book| book.title), Some("a/b"));
    Ok(())
}
