//! The debug toolbar, and a panel of the application's own.
//!
//! Run with `cargo run -p debug-toolbar -- serve examples/debug-toolbar/development.ini` and open <http://127.0.0.1:6543>.

mod shelf;

use std::time::Duration;

use aiopyramid::prelude::*;
use aiopyramid::toolbar::Panels;

use shelf::{Shelf, ShelfPanel};

/// A page with links to what is worth a look.
#[view_config(route = "/")]
async fn home() -> Response {
    let links = [
        ("/books/2", "a book"),
        ("/books/9", "one that is not there"),
        ("/report", "a blocking view"),
        ("/broken", "an error"),
    ];
    let links: Vec<_> =
        links.iter().map(|(path, what)| format!("<li><a href=\"{path}\">{what}</a></li>")).collect();
    page("Books", &format!("<ul>{}</ul>", links.concat()))
}

/// The panel counts what is asked of the shelf.
#[view_config(route = "/books/{number}")]
async fn book(number: usize, request: &Request, shelf: State<Shelf>) -> Result<Response> {
    let title = shelf.title(request, number).ok_or_else(HttpException::not_found)?;
    tracing::info!(number, "a book was found");
    Ok(page(title, "<p>It is on the shelf.</p>"))
}

/// Runs in a pool of threads: see the panel *Performance*.
#[view_config(route = "/report")]
fn report(request: &Request, shelf: State<Shelf>) -> Response {
    std::thread::sleep(Duration::from_millis(50));
    tracing::warn!("the report takes its time");
    let titles: Vec<_> = (1..=3).filter_map(|number| shelf.title(request, number)).collect();
    page("Report", &format!("<p>{}</p>", titles.join(", ")))
}

/// Fails, at the `?`.
#[view_config(route = "/broken")]
async fn broken() -> Result<Response> {
    let number: usize = "two".parse()?;
    Ok(page("Never seen", &number.to_string()))
}

fn page(title: &str, body: &str) -> Response {
    Response::html(format!("<!DOCTYPE html><title>{title}</title><body><h1>{title}</h1>{body}</body>"))
}

fn configure(config: &mut Configurator) {
    config.manage(Shelf::default());
    config.manage(Panels::new().with(ShelfPanel));
    config.scan();
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    configure(config);
    Ok(())
}

#[cfg(test)]
mod tests {
    use aiopyramid::testing::Client;

    use super::*;

    fn with_toolbar(config: &mut Configurator) -> Result<()> {
        configure(config);
        config.include(aiopyramid::toolbar::includeme)?;
        Ok(())
    }

    #[aiopyramid::test(configure = with_toolbar)]
    async fn who_is_nobody_in_particular_sees_no_toolbar(client: Client) {
        let book = client.get("/books/2").await;
        assert!(book.text().ends_with("<p>It is on the shelf.</p></body>"), "{}", book.text());
        assert_eq!(client.get("/books/9").await.status(), 404);
        assert_eq!(client.get("/broken").await.status(), 500);
    }
}
