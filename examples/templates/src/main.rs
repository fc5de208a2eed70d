//! Pages from templates that extend another one, and a form. All of them are checked against the types that they are rendered with,
//! and the URLs in them against the routes.
//!
//! Run with `cargo run -p templates`, look at <http://127.0.0.1:6543>, put a book on a shelf; change `templates/layout.jinja2`, look
//! again.

mod form;
mod shelves;

use aiopyramid::TemplateContext;
use aiopyramid::event::NewRequest;
use aiopyramid::prelude::*;
use serde::Serialize;

use shelves::{Book, Shelves};

#[route("/")]
struct Home;

#[route("/shelves/{number}")]
struct ShelfPage {
    number: u32,
}

/// What every page shows, whichever view it is of.
#[derive(Serialize, TemplateContext)]
struct Site {
    motto: String,
}

#[subscriber]
fn add_motto(event: &NewRequest) {
    event.request.add_system_value("motto", "So many books, so little time");
}

#[derive(Serialize, TemplateContext)]
#[template_context(system_values = Site)]
struct Overview {
    /// The numbers of the shelves, and how many books are on them.
    shelves: Vec<(u32, usize)>,
}

#[view_config(route = Home, renderer = "templates/home.jinja2")]
async fn home(shelves: State<Shelves>) -> Overview {
    Overview { shelves: shelves.counted() }
}

#[derive(Serialize, TemplateContext)]
#[template_context(system_values = Site)]
struct Shelf {
    number: u32,
    books: Vec<Book>,
}

#[view_config(route = ShelfPage, renderer = "templates/shelf.jinja2")]
async fn shelf(number: u32, shelves: State<Shelves>) -> Result<Shelf> {
    Ok(Shelf { number, books: shelves.books(number)? })
}

fn configure(config: &mut Configurator) -> Result<()> {
    config.manage(Shelves::filled());
    config.scan();
    Ok(())
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    configure(config)
}

#[cfg(test)]
mod tests {
    use aiopyramid::testing::Client;

    #[aiopyramid::test(configure = crate::configure)]
    async fn the_page_shows_what_is_on_the_shelf(client: Client) {
        let page = client.get("/shelves/1").await;
        assert_eq!(page.header("content-type"), "text/html; charset=UTF-8");
        assert!(page.text().contains("<h1>Shelf 1</h1>"), "{}", page.text());
        assert!(page.text().contains("Bouvard &amp; Pécuchet"), "{}", page.text());
        assert!(page.text().contains("1851"), "{}", page.text());
    }

    #[aiopyramid::test(configure = crate::configure)]
    async fn a_view_with_a_template_may_fail(client: Client) {
        assert_eq!(client.get("/shelves/3").await.status(), 404);
    }

    #[aiopyramid::test(configure = crate::configure)]
    async fn pages_link_to_each_other(client: Client) {
        let home = client.get("/").await;
        assert!(home.text().contains(r#"href="/shelves/2""#), "{}", home.text());
        assert!(home.text().contains("So many books"), "{}", home.text());
        let shelf = client.get("/shelves/2").await;
        assert!(shelf.text().contains(r#"href="/shelves/2/add""#), "{}", shelf.text());
    }
}
