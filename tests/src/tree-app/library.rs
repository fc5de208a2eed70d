//! The tree: a library of shelves, some of which have to be waited for.

use std::sync::Arc;

use aiopyramid::prelude::*;
use aiopyramid::security::{Acl, EVERYONE, ResourceAcl};
use aiopyramid::traversal::Getitem;
use aiopyramid::{HttpException, StatusCode};

/// In memory: its children are there at once.
pub(crate) struct Library;

impl Resource for Library {
    fn getitem<'a>(&'a self, name: &'a str) -> Getitem<'a> {
        let shelf: Option<Arc<dyn Resource>> = match name {
            "poems" => Some(Arc::new(Shelf { subject: "poems" })),
            "cellar" => Some(Arc::new(Cellar)),
            _ => None,
        };
        Getitem::Ready(Ok(shelf))
    }

    fn acl(&self) -> ResourceAcl<'_> {
        ResourceAcl::Ready(Acl::new().allow(EVERYONE, "view").allow("group:editors", "edit"))
    }
}

pub(crate) trait Titled: Resource {
    fn title(&self) -> String;
}

struct Shelf {
    subject: &'static str,
}

#[resource(provides = dyn Titled)]
struct Book {
    title: String,
}

impl Titled for Book {
    fn title(&self) -> String {
        self.title.clone()
    }
}

/// Asks somebody else.
#[resource]
impl Shelf {
    async fn getitem(&self, name: &str) -> Result<Option<Book>> {
        tokio::task::yield_now().await;
        match name {
            "torn" => Err(HttpException::new(StatusCode::GONE).with_detail("it fell apart").into()),
            "damp" => Err(std::io::Error::other("the shelf is damp").into()),
            "odes" | "elegies" => Ok(Some(Book { title: name.to_owned() })),
            _ => Ok(None),
        }
    }
}

/// Nobody but editors may look at it, says a list that has to be waited for.
struct Cellar;

#[resource]
#[allow(clippy::unused_self, reason = "the trait's method has it")]
impl Cellar {
    fn getitem(&self, name: &str) -> Option<Crate> {
        matches!(name, "open" | "nailed" | "plain").then(|| Crate { lid: name.to_owned() })
    }

    async fn acl(&self) -> Result<Acl> {
        tokio::task::yield_now().await;
        Ok(Acl::new().allow("group:editors", "view").deny(EVERYONE, "view"))
    }
}

/// Has no children, and a list only if there is one for it.
struct Crate {
    lid: String,
}

#[resource]
impl Crate {
    fn acl(&self) -> Result<Option<Acl>> {
        match self.lid.as_str() {
            "open" => Ok(Some(Acl::new().allow(EVERYONE, "view"))),
            "nailed" => Err(std::io::Error::other("the crate is nailed up").into()),
            _ => Ok(None),
        }
    }
}

#[view_config(permission = "view")]
async fn inside(Context(opened): Context<Crate>) -> String {
    format!("a {} crate", opened.lid)
}

pub(crate) async fn root(_: Request) -> Library {
    Library
}

#[view_config(context = Library)]
async fn library() -> &'static str {
    "library"
}

#[view_config]
async fn shelf(Context(shelf): Context<Shelf>) -> String {
    format!("{} at {} in {}", shelf.subject, shelf.resource_path(&[]), shelf.lineage().count())
}

/// For anything with a title; runs in the executor.
#[view_config]
fn titled(thing: Context<dyn Titled>) -> String {
    thing.title()
}

#[view_config(name = "edit", permission = "edit")]
async fn edit(Context(book): Context<Book>, subpath: Subpath, request: &Request) -> String {
    format!("edit {} {} {}", book.title, subpath.join("+"), request.resource_url(&book))
}

#[view_config(name = "page", containment = Library)]
async fn page(request: &Request) -> String {
    format!("page of {}", request.context().map_or_else(String::new, |context| context.resource_path(&[])))
}

#[view_config(context = Cellar, permission = "view")]
async fn cellar() -> &'static str {
    "dusty"
}

#[route("/hybrid/*traverse")]
#[allow(dead_code, reason = "nobody makes its URL")]
struct Hybrid {
    traverse: Vec<String>,
}

#[view_config(route = Hybrid)]
async fn hybrid(Context(book): Context<Book>) -> String {
    format!("hybrid {}", book.title)
}

#[route("/by/{shelf}/{book}", traverse = "/{shelf}/{book}")]
#[allow(dead_code, reason = "nobody makes its URL")]
struct By {
    shelf: String,
    book: String,
}

#[view_config(route = By)]
async fn by(Context(book): Context<Book>) -> String {
    format!("by {}", book.title)
}
