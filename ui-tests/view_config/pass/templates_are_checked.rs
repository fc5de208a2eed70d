#![deny(warnings)]

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use aiopyramid::TemplateContext;
use aiopyramid::prelude::*;
use serde::Serialize;

/// Tells nothing.
#[derive(Serialize)]
struct Extra {
    whatever: u32,
}

#[derive(Serialize, TemplateContext)]
struct Author<'a> {
    name: Cow<'a, str>,
}

#[derive(Serialize, TemplateContext)]
struct Book<'a> {
    title: &'a str,
    author: Box<Author<'a>>,
}

/// A type that contains itself, and another that contains it.
#[derive(Serialize, TemplateContext)]
struct Tree {
    name: Name,
    children: Vec<Tree>,
    parent: Option<Box<Branch>>,
}

#[derive(Serialize, TemplateContext)]
struct Branch {
    trees: Vec<Tree>,
}

#[derive(Serialize, TemplateContext)]
struct Name(String);

#[derive(Serialize, TemplateContext)]
#[serde(rename_all = "camelCase")]
struct Inner {
    first_name: Kind,
}

#[derive(Serialize, TemplateContext)]
enum Kind {
    Short,
    Long,
}

#[derive(Serialize, TemplateContext)]
struct Flat {
    flat: bool,
    #[serde(flatten)]
    inner: Inner,
}

#[derive(Serialize, TemplateContext)]
#[serde(rename_all = "kebab-case")]
struct Kebab {
    kebab_name: u32,
}

#[derive(Serialize, TemplateContext)]
struct Page<'a, T: Sync, const N: usize>
where
    T: Send,
{
    heading: &'a str,
    notes: Vec<&'static str>,
    #[serde(skip)]
    skipped: [u8; N],
    books: &'a [T],
    counts: HashMap<String, u32>,
    by_name: BTreeMap<&'a str, Book<'a>>,
    extra: Extra,
    tree: Tree,
    #[serde(flatten)]
    flat: Flat,
    this: Kebab,
}

type Answer = Result<Page<'static, Box<Book<'static>>, 2>>;

#[view_config(route = "/checked", renderer = "./../templates/checked/scopes.jinja2")]
async fn checked() -> Result<Page<'static, Box<Book<'static>>, 2>> {
    Err(HttpException::not_found().into())
}

#[view_config(route = "/checked/alias", renderer = ("./../templates/checked/scopes.jinja2", "json"))]
fn checked_through_an_alias() -> Answer {
    Err(HttpException::not_found().into())
}

/// Not checked: nobody knows what is in it.
#[view_config(route = "/unchecked", renderer = "./../templates/checked/misspelt.jinja2")]
async fn unchecked() -> Extra {
    Extra { whatever: 1 }
}

#[view_config(route = "/response", renderer = "./../templates/checked/misspelt.jinja2")]
async fn response() -> Response {
    Response::no_content()
}

#[view_config(route = "/impl", renderer = "./../templates/checked/misspelt.jinja2")]
async fn anything() -> impl Serialize {
    Extra { whatever: 1 }
}

#[derive(Serialize, TemplateContext)]
struct Own {
    heading: &'static str,
    notes: Vec<u8>,
}

#[view_defaults(renderer = "./../templates/checked/extending.jinja2")]
impl Own {
    fn new() -> Self {
        Self { heading: "", notes: Vec::new() }
    }

    #[view_config(route = "/own")]
    async fn own(self) -> Self {
        self
    }
}

fn main() {
    let skipped = |page: Page<'static, Box<Book<'static>>, 2>| page.skipped;
    let _ = (skipped, Kind::Short, Kind::Long, Branch { trees: Vec::new() });
}
