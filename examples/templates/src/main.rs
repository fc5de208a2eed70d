//! A page from a template that extends another one; both are checked against the types that they are rendered with.
//!
//! Run with `cargo run -p templates`, look at <http://127.0.0.1:6543/shelves/1>, change `templates/shelf.jinja2`, look again.

use aiopyramid::TemplateContext;
use aiopyramid::prelude::*;
use serde::Serialize;

#[derive(Serialize, TemplateContext)]
struct Book {
    title: &'static str,
    year: Option<u16>,
}

#[derive(Serialize, TemplateContext)]
struct Shelf {
    number: u32,
    books: Vec<Book>,
}

#[view_config(route = "/shelves/{number}", renderer = "templates/shelf.jinja2")]
async fn shelf(number: u32) -> Result<Shelf> {
    let books = match number {
        1 => vec![
            Book { title: "Moby-Dick; or, The Whale", year: Some(1851) },
            Book { title: "Bouvard & Pécuchet", year: None },
        ],
        2 => Vec::new(),
        _ => return Err(HttpException::not_found().with_detail("there are two shelves").into()),
    };
    Ok(Shelf { number, books })
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.scan();
    Ok(())
}

#[cfg(test)]
mod tests {
    use aiopyramid::testing::Client;

    #[aiopyramid::test]
    async fn the_page_shows_what_is_on_the_shelf(client: Client) {
        let page = client.get("/shelves/1").await;
        assert_eq!(page.header("content-type"), "text/html; charset=UTF-8");
        assert!(page.text().contains("<h1>Shelf 1</h1>"), "{}", page.text());
        assert!(page.text().contains("<li>Bouvard &amp; Pécuchet</li>"), "{}", page.text());
        assert!(page.text().contains("(1851)"), "{}", page.text());
    }

    #[aiopyramid::test]
    async fn a_view_with_a_template_may_fail(client: Client) {
        assert_eq!(client.get("/shelves/3").await.status(), 404);
    }
}
