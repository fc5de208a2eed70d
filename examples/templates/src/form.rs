//! A form: shown empty, and again with what is wrong beside each field; a book that is right goes on the shelf, and the browser to
//! that.

use aiopyramid::prelude::*;
use aiopyramid::{StatusCode, Template, TemplateContext, template};
use serde::{Deserialize, Serialize};

use crate::shelves::{Book, Shelves};
use crate::{ShelfPage, Site};

#[route("/shelves/{number}/add")]
struct AddBook {
    number: u32,
}

/// What was typed: texts, whatever they are. One that is not there is empty.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Typed {
    title: String,
    year: String,
}

/// A field with what was typed into it, and what is wrong with that.
#[derive(Serialize, TemplateContext, Default)]
struct Field {
    typed: String,
    error: Option<&'static str>,
}

#[derive(Serialize, TemplateContext, Default)]
#[template_context(system_values = Site)]
struct AddPage {
    number: u32,
    title: Field,
    year: Field,
}

/// The same template that shows the form empty.
static ADD_PAGE: Template<AddPage> = template!("templates/add.jinja2");

#[view_config(route = AddBook, request_method = "GET", renderer = "templates/add.jinja2")]
async fn show(number: u32, shelves: State<Shelves>) -> Result<AddPage> {
    shelves.books(number)?;
    Ok(AddPage { number, ..AddPage::default() })
}

#[view_config(route = AddBook, request_method = "POST")]
async fn add(
    number: u32,
    Form(typed): Form<Typed>,
    shelves: State<Shelves>,
    request: &Request,
) -> Result<Response> {
    let title = check_title(&typed.title);
    let year = check_year(&typed.year);
    let mut full = None;
    if let (Ok(title), Ok(year)) = (&title, year) {
        if shelves.put(number, Book { title: title.to_owned(), year })? {
            // See other: the browser asks for the shelf with GET, and a reload does not put the book there again.
            return Response::see_other(&request.route_path(&ShelfPage { number })?);
        }
        full = Some("the shelf is full");
    }
    let page = AddPage {
        number,
        title: Field { error: title.err().or(full), typed: typed.title },
        year: Field { error: year.err(), typed: typed.year },
    };
    Ok(request.render_to_response(&ADD_PAGE, &page)?.with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

fn check_title(typed: &str) -> Result<String, &'static str> {
    match typed.trim() {
        "" => Err("a book has a title"),
        title if title.chars().count() > 200 => Err("a title has 200 letters at most"),
        title => Ok(title.to_owned()),
    }
}

fn check_year(typed: &str) -> Result<Option<u16>, &'static str> {
    match typed.trim() {
        "" => Ok(None),
        year => match year.parse() {
            Ok(year @ 1450..=2100) => Ok(Some(year)),
            _ => Err("a year is a number from 1450 to 2100"),
        },
    }
}

#[cfg(test)]
mod tests {
    use aiopyramid::testing::Client;

    const FORM: &str = "application/x-www-form-urlencoded";

    #[aiopyramid::test(configure = crate::configure)]
    async fn the_form_is_shown_empty(client: Client) {
        let page = client.get("/shelves/2/add").await;
        assert_eq!(page.status(), 200);
        assert!(page.text().contains(r#"name="title" value="""#), "{}", page.text());
        assert!(!page.text().contains("aria-invalid=\"true\""), "{}", page.text());
        assert_eq!(client.get("/shelves/9/add").await.status(), 404);
    }

    #[aiopyramid::test(configure = crate::configure)]
    async fn what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(client: Client) {
        let sent = client.post("/shelves/2/add").header("content-type", FORM);
        let page = sent.body("title=+&year=%3Csoon%3E").await;
        assert_eq!(page.status(), 422);
        assert_eq!(page.header("content-type"), "text/html; charset=UTF-8");
        assert!(page.text().contains("a book has a title"), "{}", page.text());
        assert!(page.text().contains("a year is a number from 1450 to 2100"), "{}", page.text());
        assert!(page.text().contains(r#"value="&lt;soon&gt;""#), "{}", page.text());
        assert!(!client.get("/shelves/2").await.text().contains("<li>"));
    }

    #[aiopyramid::test(configure = crate::configure)]
    async fn a_book_that_is_right_goes_on_the_shelf(client: Client) {
        let sent = client.post("/shelves/2/add").header("content-type", FORM);
        let answer = sent.body("title=Effi+Briest&year=1895").await;
        assert_eq!(answer.status(), 303);
        assert_eq!(answer.header("location"), "/shelves/2");
        let shelf = client.get("/shelves/2").await;
        assert!(shelf.text().contains("Effi Briest") && shelf.text().contains("1895"), "{}", shelf.text());
    }

    #[aiopyramid::test(configure = crate::configure)]
    async fn a_shelf_has_an_end(client: Client) {
        for number in 0..101 {
            let sent = client.post("/shelves/2/add").header("content-type", FORM);
            let answer = sent.body(format!("title=Volume+{number}&year=")).await;
            assert_eq!(answer.status(), if number < 100 { 303 } else { 422 }, "{number}");
        }
    }
}
