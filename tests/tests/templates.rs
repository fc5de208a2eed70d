//! What templates find besides the values that they are rendered with, and the URLs that they make.

use std::sync::Arc;

use aiopyramid::event::NewRequest;
use aiopyramid::prelude::*;
use aiopyramid::testing::run_test;
use aiopyramid::{StatusCode, Template, TemplateContext, template};
use serde::Serialize;

/// An application whose templates are right.
mod sound {
    use bytes::Bytes;

    use super::*;

    #[route("/books/{number}")]
    struct Book {
        #[allow(dead_code, reason = "only templates make URLs of it")]
        number: u32,
    }

    #[route("/files/*path")]
    struct Files {
        #[allow(dead_code, reason = "only templates make URLs of it")]
        path: Vec<String>,
    }

    #[route("/{language}/tree*traverse")]
    struct Tree {
        #[allow(dead_code, reason = "only templates make URLs of it")]
        language: String,
        #[allow(dead_code, reason = "only templates make URLs of it")]
        traverse: Vec<String>,
    }

    #[derive(Serialize, TemplateContext)]
    struct Site {
        motto: String,
    }

    #[derive(Serialize, TemplateContext)]
    #[template_context(system_values = Site)]
    struct Urls {
        anchor: &'static str,
    }

    #[view_config(route = "/urls/{number}", renderer = "templates/urls.jinja2")]
    async fn urls() -> Urls {
        Urls { anchor: "a b" }
    }

    #[derive(Serialize, TemplateContext)]
    struct Nothing {}

    #[view_config(route = Book, renderer = "templates/request.txt.jinja2")]
    async fn book() -> Nothing {
        Nothing {}
    }

    #[view_config(route = Book, request_method = "POST", renderer = "templates/request.txt.jinja2")]
    fn posted(_body: Bytes) -> Nothing {
        Nothing {}
    }

    #[resource]
    pub(super) struct Leaf;

    pub(super) struct Branch;

    #[resource]
    #[allow(clippy::unused_self, reason = "the trait's method has it")]
    impl Branch {
        fn getitem(&self, name: &str) -> Option<Arc<Leaf>> {
            (name == "a b").then(|| Arc::new(Leaf))
        }
    }

    #[view_config(context = Leaf, name = "show", renderer = "templates/resource.txt.jinja2")]
    async fn leaf() -> Nothing {
        Nothing {}
    }

    #[derive(Serialize, TemplateContext)]
    #[template_context(system_values = Site)]
    struct Mail<'a> {
        name: &'a str,
    }

    static MAIL: Template<Mail<'static>> = template!("templates/mail.txt.jinja2");

    #[view_config(route = "/mail/{name}")]
    async fn mail(name: String, request: &Request) -> Result<String> {
        request.add_system_value("motto", "read more");
        request.render(&MAIL, &Mail { name: &name })
    }

    /// What is rendered in a thread of the executor is the same.
    #[view_config(route = "/fragment/{name}")]
    fn fragment(name: String, request: &Request) -> Result<Response> {
        static FRAGMENT: Template<Mail<'static>> = template!("./../templates/fragment.jinja2");
        let response = request.render_to_response(&FRAGMENT, &Mail { name: &name })?;
        Ok(response.with_status(StatusCode::UNPROCESSABLE_ENTITY))
    }

    #[derive(Serialize)]
    struct Named {
        name: String,
    }

    #[view_config(route = "/named/{name}", renderer = "templates/named.jinja2")]
    async fn named(name: String) -> Named {
        Named { name }
    }

    #[subscriber]
    fn add_motto(event: &NewRequest) {
        if event.request.path().starts_with("/urls") {
            event.request.add_system_value("motto", "Read & write");
        }
    }

    pub(super) fn configure(config: &mut Configurator) -> Result<()> {
        config.scan_module(module_path!());
        config.set_root_factory(|_: Request| Branch);
        config.add_static_view("static", "templates");
        Ok(())
    }
}

/// One whose template makes URLs that cannot be made.
mod broken {
    use super::*;

    #[route("/books/{number}", name = "book")]
    struct Tome {
        #[allow(dead_code, reason = "only templates make URLs of it")]
        number: u32,
    }

    #[route("/files/*path", name = "files")]
    struct Papers {
        #[allow(dead_code, reason = "only templates make URLs of it")]
        path: Vec<String>,
    }

    #[derive(Serialize)]
    struct Values {
        values: Vec<u32>,
    }

    #[view_config(route = "/broken", renderer = "templates/broken.jinja2")]
    async fn broken() -> Values {
        Values { values: Vec::new() }
    }

    pub(super) fn configure(config: &mut Configurator) {
        config.scan_module(module_path!());
        config.add_static_view("static", "templates");
    }
}

#[test]
fn urls_of_routes_and_files_are_made_by_name() {
    run_test(sound::configure, |client| async move {
        let page = client.get("/urls/5?page=3&x=%26").await;
        assert_eq!(page.status(), 200, "{}", page.text());
        let base = "http://example.com";
        let lines: Vec<&str> = page.text().lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(
            lines,
            [
                "<title>Read &amp; write</title>",
                &format!("{base}/books/7"),
                "/books/x%20y/a%2Fb?empty=&amp;page=2&amp;tag=a&amp;tag=b%26c#top",
                "https://example.org:8443/books/7",
                "https://cdn.example.org/shop/books/7",
                "/files/a%20b/c",
                "/urls/5?page=3&amp;x=%26",
                "/urls/8",
                &format!("{base}/books/5?page=3&amp;x=%26"),
                "/books/9#a%20b",
                "/static/urls.jinja2?v=1",
                &format!("{base}/static/urls.jinja2"),
                "<a href=\"/books/3\">GET</a>",
                "&lt;it&#39;s &#34;here&#34; &amp; there&gt; <b> 1.5 [1, &#x27;a&amp;b&#x27;]",
            ]
        );
    });
}

#[test]
fn a_template_sees_the_request_but_no_secrets() {
    run_test(sound::configure, |client| async move {
        let page = client
            .get("/books/7?page=1&page=2")
            .header("x-shown", "yes")
            .header("cookie", "token=secret")
            .header("authorization", "Basic c2VjcmV0")
            .await;
        assert_eq!(page.status(), 200, "{}", page.text());
        assert!(!page.text().contains("secret") && !page.text().contains("c2VjcmV0"), "{}", page.text());
        let lines: Vec<&str> = page.text().lines().collect();
        assert_eq!(lines[0], "GET http example.com /books/7 page=1&page=2");
        assert_eq!(
            lines[1],
            "http://example.com/books/7?page=1&page=2 http://example.com/books/7 http://example.com False"
        );
        assert_eq!(lines[2], "7 book /books/{number}");
        assert_eq!(lines[3], "2 2 none none");
        assert!(lines[4].starts_with("yes hidden hidden "), "{}", lines[4]);
        assert!(!lines[4].contains("cookie") && !lines[4].contains("authorization"), "{}", lines[4]);
        assert_eq!(lines[5], "templates/request.txt.jinja2 . None no motto");
    });
}

#[test]
fn the_parameters_are_those_of_the_form_too_and_the_query_goes_before_it() {
    run_test(sound::configure, |client| async move {
        let page = client
            .post("/books/7?page=1")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-shown", "yes")
            .body("page=9&word=a+b")
            .await;
        assert_eq!(page.text().lines().nth(3), Some("1 1 a b none"), "{}", page.text());
    });
}

#[test]
fn a_template_sees_where_the_context_is_and_makes_urls_of_it() {
    run_test(sound::configure, |client| async move {
        let page = client.get("/a%20b/show/x/y").await;
        let lines: Vec<&str> = page.text().lines().collect();
        assert_eq!(lines.first(), Some(&"a b /a%20b / / /a%20b;/; show x+y"), "{}", page.text());
        assert_eq!(lines[1], "/a%20b/ http://example.com/a%20b/edit?a=1#b /");
        assert_eq!(lines[2], "/en/tree/a%20b/");
    });
}

#[test]
fn a_view_renders_a_template_itself() {
    run_test(sound::configure, |client| async move {
        let mail = client.get("/mail/A%26B").await;
        assert_eq!(mail.text(), "Dear A&B, see http://example.com/books/1 & read more.");
        let fragment = client.get("/fragment/A%26B").await;
        assert_eq!(fragment.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(fragment.header("content-type"), "text/html; charset=UTF-8");
        assert_eq!(fragment.text().trim(), "<b>A&amp;B</b>");
    });
}

#[test]
fn a_template_that_is_rendered_needs_no_scan() {
    static PLAIN: Template<Only> = template!("templates/fragment.jinja2");
    #[derive(Serialize, TemplateContext)]
    struct Only {
        name: u32,
    }
    let configure = |config: &mut Configurator| {
        config.add_route("home", "/");
        config
            .add_view(|request: Request| async move { request.render(&PLAIN, &Only { name: 7 }) })
            .route("home");
        Ok(())
    };
    run_test(configure, |client| async move {
        assert_eq!(client.get("/").await.text().trim(), "<b>7</b>");
    });
}

#[test]
fn a_route_that_is_named_by_a_value_is_an_error_of_that_page() {
    run_test(sound::configure, |client| async move {
        assert_eq!(client.get("/named/book").await.text(), "/books/1");
        let refused = client.get("/named/boook").header("accept", "text/plain").await;
        assert_eq!(refused.status(), 500);
        let said = "there is no route named `boook`; did you mean `book`?";
        assert!(refused.text().contains(said), "{}", refused.text());
    });
}

#[test]
fn a_folder_that_is_not_there_is_one_fault_and_the_urls_of_its_files_are_none() {
    let mut config = Configurator::new();
    broken::configure(&mut config);
    config.add_static_view("more", "teplates");
    let faults = config.make_app().unwrap_err();
    let about: Vec<_> = faults
        .faults()
        .iter()
        .map(aiopyramid::Fault::message)
        .filter(|said| said.contains("teplates"))
        .collect();
    assert_eq!(about, ["the folder `teplates` is not there"]);
}

#[test]
fn urls_that_can_never_be_made_keep_the_application_from_starting() {
    let mut config = Configurator::new();
    broken::configure(&mut config);
    let faults = config.make_app().unwrap_err();
    let said: Vec<(String, u32, &str)> = faults
        .faults()
        .iter()
        .map(|fault| {
            let place = fault.places()[0];
            assert!(place.file.ends_with("tests/templates/broken.jinja2"), "{}", place.file);
            (fault.message().to_owned(), place.line, fault.help().unwrap_or_default())
        })
        .collect();
    let template = "`templates/broken.jinja2`";
    assert_eq!(
        said,
        [
            (
                format!("{template} makes a URL of the route `bok`, which there is not"),
                1,
                "did you mean `book`?"
            ),
            (
                format!(
                    "{template} gives the route `book` a value for `numbr`, which is none of its placeholders"
                ),
                3,
                "did you mean `number`?"
            ),
            (
                format!("{template} makes a URL of the route `book` without a value for `number`"),
                4,
                "`route_path('book', number=...)`"
            ),
            (
                format!("{template} makes a URL of the file `teplates/x.css`, which no static view has"),
                5,
                "there are static views for `templates`"
            ),
            (
                format!(
                    "{template} gives the route `files` a value for `colour`, which is none of its placeholders"
                ),
                6,
                "its placeholders are `path`"
            ),
        ]
    );
}
