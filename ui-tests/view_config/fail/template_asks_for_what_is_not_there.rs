use aiopyramid::TemplateContext;
use aiopyramid::prelude::*;
use serde::Serialize;

#[derive(Serialize, TemplateContext)]
struct Author {
    name: String,
}

#[derive(Serialize, TemplateContext)]
struct Book {
    title: String,
    author: Author,
}

#[derive(Serialize, TemplateContext)]
struct Shelf {
    heading: String,
    notes: Vec<String>,
    books: Vec<Book>,
}

#[view_config(route = "/shelf", renderer = "./../templates/checked/misspelt.jinja2")]
async fn shelf() -> Result<Shelf> {
    Ok(Shelf { heading: String::new(), notes: Vec::new(), books: Vec::new() })
}

fn main() {}
