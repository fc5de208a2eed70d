//! Requests that other sites' pages make a browser send.

use aiopyramid::StatusCode;
use aiopyramid::csrf::{BadCsrfOrigin, BadCsrfToken, CsrfCookie, CsrfOptions};
use aiopyramid::prelude::*;
use aiopyramid::security::{Permits, SecurityPolicy};
use aiopyramid::session::{SessionFactory, SessionLife, SignedCookieSessionFactory};
use aiopyramid::testing::{Client, TestResponse};
use aiopyramid::{Settings, TemplateContext};
use serde::{Deserialize, Serialize};
use support::App;

mod support;

const PROGRAM: &str = env!("CARGO_BIN_EXE_session-app");

const SECRET: &str = "a secret that nobody can guess, of 46 letters.";

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

async fn token(request: Request) -> Result<String> {
    request.get_csrf_token().await
}

async fn fresh_token(request: Request) -> Result<String> {
    request.new_csrf_token().await
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

async fn save(form: Form<Note>) -> String {
    format!("saved {}", form.text)
}

fn save_blocking(form: Form<Note>) -> String {
    format!("saved {}, and blocked", form.text)
}

async fn hook() -> &'static str {
    "called"
}

fn routes(config: &mut Configurator) {
    for (name, path) in [
        ("token", "/token"),
        ("fresh", "/fresh-token"),
        ("save", "/save"),
        ("blocking", "/save-blocking"),
        ("hook", "/hook"),
    ] {
        config.add_route(name, path);
    }
    config.add_view(token).route("token");
    config.add_view(fresh_token).route("fresh");
}

/// Two views that say that they are protected, and one that says that it is not.
fn configure(config: &mut Configurator) {
    routes(config);
    config.add_view(save).route("save").require_csrf(true);
    config.add_view(save_blocking).route("blocking").require_csrf(true);
    config.add_view(hook).route("hook").require_csrf(false);
}

fn client_of(configure: impl FnOnce(&mut Configurator)) -> Client {
    Client::configured(|config| {
        configure(config);
        Ok(())
    })
    .unwrap()
}

fn sessions(config: &mut Configurator) {
    config.set_session_factory(SignedCookieSessionFactory::new(SECRET));
}

async fn post(client: &Client, path: &str, token: &str) -> TestResponse {
    client.post(path).form(&[("text", "a note"), ("csrf_token", token)]).await
}

#[test]
fn a_form_brings_the_token_and_the_view_still_reads_the_form() {
    let client = client_of(|config| {
        configure(config);
        sessions(config);
    });
    run(async {
        let token = client.get("/token").await.text().to_owned();
        assert_eq!(token.len(), 40);
        assert_eq!(client.get("/token").await.text(), token);
        assert_eq!(post(&client, "/save", &token).await.text(), "saved a note");
        assert_eq!(post(&client, "/save-blocking", &token).await.text(), "saved a note, and blocked");
        for wrong in ["", "x", &token[1..], &token.to_uppercase()] {
            assert_eq!(post(&client, "/save", wrong).await.status(), 400, "{wrong}");
        }
        // One that is made anew makes the old one worthless.
        let fresh = client.get("/fresh-token").await.text().to_owned();
        assert_eq!(post(&client, "/save", &token).await.status(), 400);
        assert_eq!(post(&client, "/save", &fresh).await.status(), 200);
    });
}

#[test]
fn of_several_parts_one_brings_the_token() {
    let client = client_of(|config| {
        configure(config);
        sessions(config);
    });
    run(async {
        let token = client.get("/token").await.text().to_owned();
        let part = |name: &str, value: &str| {
            format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = format!("{}{}--b--\r\n", part("text", "a note"), part("csrf_token", &token));
        let request = client.post("/save").header("content-type", "multipart/form-data; boundary=b");
        assert_eq!(request.body(body).await.text(), "saved a note");
    });
}

#[test]
fn a_header_counts_before_the_form_and_a_query_never() {
    let client = client_of(|config| {
        configure(config);
        sessions(config);
    });
    run(async {
        let token = client.get("/token").await.text().to_owned();
        let form = [("text", "a note"), ("csrf_token", &*token)];
        let by_header = client.post("/save").header("x-csrf-token", &token).form(&[("text", "a note")]);
        assert_eq!(by_header.await.status(), 200);
        assert_eq!(client.post("/save").header("x-csrf-token", "wrong").form(&form).await.status(), 400);
        let target = format!("/save?csrf_token={token}");
        assert_eq!(client.post(&target).form(&[("text", "a note")]).await.status(), 400);
        // A token belongs to one client.
        let other = client_of(|config| {
            configure(config);
            sessions(config);
        });
        assert_eq!(post(&other, "/save", &token).await.status(), 400);
    });
}

#[test]
fn a_view_says_whether_it_is_protected_and_the_rest_is_as_the_default_says() {
    let with_default = |options: CsrfOptions| {
        client_of(|config| {
            routes(config);
            config.add_view(save).route("save");
            config.add_view(hook).route("hook").require_csrf(false);
            config.set_default_csrf_options(options);
            sessions(config);
        })
    };
    run(async {
        let client = with_default(CsrfOptions::new());
        assert_eq!(post(&client, "/save", "wrong").await.status(), 400);
        assert_eq!(client.post("/hook").await.text(), "called");
        let client = with_default(CsrfOptions::new().require(false));
        assert_eq!(post(&client, "/save", "wrong").await.status(), 200);
        let client = with_default(CsrfOptions::new().callback(|request| request.header("x-key").is_none()));
        assert_eq!(client.post("/save").header("x-key", "1").form(&[("text", "x")]).await.status(), 200);
        assert_eq!(post(&client, "/save", "wrong").await.status(), 400);
        let client = with_default(CsrfOptions::new().token("t").header("X-Token"));
        let token = client.get("/token").await.text().to_owned();
        assert_eq!(post(&client, "/save", &token).await.status(), 400);
        assert_eq!(client.post("/save").form(&[("text", "x"), ("t", &*token)]).await.status(), 200);
        let by_header = client.post("/save").header("x-token", &token).form(&[("text", "x")]);
        assert_eq!(by_header.await.status(), 200);
    });
}

/// Nobody may do anything.
struct Nobody;

impl SecurityPolicy for Nobody {
    type Identity = ();

    async fn identity(&self, _: &Request) -> Result<Option<()>> {
        Ok(None)
    }

    async fn authenticated_userid(&self, _: &Request) -> Result<Option<String>> {
        Ok(None)
    }

    async fn permits(&self, _: &Request, _: Option<&Located>, _: &str) -> Result<Permits> {
        Ok(false.into())
    }
}

#[test]
fn the_permission_is_asked_before_the_token() {
    let client = client_of(|config| {
        routes(config);
        config.add_view(save).route("save").require_csrf(true).permission("save");
        config.set_security_policy(Nobody);
        sessions(config);
    });
    run(async { assert_eq!(post(&client, "/save", "wrong").await.status(), 403) });
}

/// The status of the answer to a form that brings the token, and these headers.
async fn from(client: &Client, fields: &[(&str, &str)]) -> u16 {
    let token = client.get("/token").await.text().to_owned();
    let mut request = client.post("/save").header("x-csrf-token", &token);
    for (name, value) in fields {
        request = request.header(name, value);
    }
    request.form(&[("text", "x")]).await.status().as_u16()
}

#[test]
fn over_https_a_request_comes_from_a_page_of_this_site() {
    let with = |options: CsrfOptions| {
        let mut settings = Settings::new();
        settings.set("csrf_trusted_origins", "trusted.org, .example.net", "the test");
        let mut config = Configurator::with_settings(settings);
        configure(&mut config);
        config.set_default_csrf_options(options);
        sessions(&mut config);
        Client::new(config.make_app().unwrap()).https()
    };
    run(async {
        let client = with(CsrfOptions::new());
        for (status, fields) in [
            (200, [("origin", "https://example.com")]),
            (200, [("origin", "https://EXAMPLE.com:443")]),
            (200, [("referer", "https://example.com/a/page?b")]),
            (200, [("origin", "https://trusted.org")]),
            (200, [("origin", "https://a.example.net")]),
            (400, [("origin", "https://evil.example")]),
            (400, [("origin", "https://example.com.evil.example")]),
            (400, [("origin", "https://example.com:8443")]),
            (400, [("origin", "http://example.com")]),
            (400, [("origin", "null")]),
            (400, [("origin", "junk")]),
            (400, [("referer", "https://evil.example/?https://example.com")]),
            (400, [("x-nothing", "1")]),
        ] {
            assert_eq!(from(&client, &fields).await, status, "{fields:?}");
        }
        let client =
            with(CsrfOptions::new().allow_no_origin(true).trusted_origins(["null", "other.org:8443"]));
        for origin in ["null", "https://other.org:8443"] {
            assert_eq!(from(&client, &[("origin", origin)]).await, 200);
        }
        assert_eq!(from(&client, &[]).await, 200);
        let client = with(CsrfOptions::new().check_origin(false));
        assert_eq!(from(&client, &[("origin", "https://evil.example")]).await, 200);
    });
}

async fn token_page(error: Request) -> Response {
    let exception = error.exception().map(|error| error.to_string()).unwrap_or_default();
    Response::text(format!("too old: {exception}")).with_status(StatusCode::BAD_REQUEST)
}

async fn any_page() -> &'static str {
    "some answer"
}

async fn origin_page() -> &'static str {
    "from elsewhere"
}

#[test]
fn exception_views_answer_what_was_refused_by_its_type() {
    let client = client_of(|config| {
        configure(config);
        sessions(config);
        config.add_exception_view::<HttpException, _, _>(any_page);
        config.add_exception_view::<BadCsrfToken, _, _>(token_page);
        config.add_exception_view::<BadCsrfOrigin, _, _>(origin_page);
    });
    run(async {
        let answer = post(&client, "/save", "wrong").await;
        assert_eq!(answer.status(), 400);
        assert!(answer.text().starts_with("too old: 400 Bad Request"), "{}", answer.text());
        assert_eq!(client.get("/nowhere").await.text(), "some answer");
        assert_eq!(post(&client.https(), "/save", "wrong").await.text(), "from elsewhere");
    });
    // And without one there is a page that says what to do.
    let client = client_of(|config| {
        configure(config);
        sessions(config);
    });
    run(async {
        let answer = post(&client, "/save", "wrong").await;
        assert!(answer.text().contains("load the page again"), "{}", answer.text());
        assert_eq!(answer.header("set-cookie"), "", "a client that is refused gets no session");
    });
}

#[test]
fn a_cookie_of_its_own_keeps_the_token_where_there_are_no_sessions() {
    let client = client_of(|config| {
        configure(config);
        config.set_csrf_cookie(CsrfCookie::new().cookie_name("t").http_only(false));
    });
    run(async {
        assert_eq!(post(&client, "/save", "").await.status(), 400);
        let answer = client.get("/token").await;
        let token = answer.text();
        assert_eq!(answer.header("set-cookie"), format!("t={token}; SameSite=Lax; Path=/"));
        assert_eq!(client.get("/token").await.header("set-cookie"), "", "it is set when it is made");
        assert_eq!(post(&client, "/save", token).await.status(), 200);
        let fresh = client.get("/fresh-token").await.text().to_owned();
        assert_eq!(post(&client, "/save", token).await.status(), 400);
        assert_eq!(post(&client, "/save", &fresh).await.status(), 200);
        let foisted = client.get("/token").header("cookie", "t=<script>alert(1)</script>").await;
        assert_eq!(foisted.text().len(), 40, "what is no token is not shown");
    });
}

#[view_config(route = "/declared", request_method = "POST", require_csrf = true)]
async fn declared() -> &'static str {
    "declared"
}

struct Notes;

#[view_defaults(require_csrf = true, request_method = "POST")]
impl Notes {
    #[view_config(route = "/notes/add")]
    async fn add() -> &'static str {
        "added"
    }

    #[view_config(route = "/notes/hook", require_csrf = false)]
    async fn hook() -> &'static str {
        "called"
    }
}

#[test]
fn an_attribute_says_it_and_that_of_a_class_for_all_its_views() {
    let client = client_of(|config| {
        config.scan();
        sessions(config);
    });
    run(async {
        for (path, status) in [("/declared", 400), ("/notes/add", 400), ("/notes/hook", 200)] {
            assert_eq!(client.post(path).await.status(), status, "{path}");
        }
    });
}

mod pages {
    use super::*;

    #[derive(Serialize, TemplateContext)]
    struct Page {
        show: bool,
    }

    #[view_config(route = "/page/{show}", renderer = "templates/token.txt.jinja2")]
    async fn page(show: bool) -> Page {
        Page { show }
    }

    #[view_config(route = "/blocking-page", renderer = "templates/token.txt.jinja2")]
    fn blocking_page() -> Page {
        Page { show: true }
    }

    pub(super) fn includeme(config: &mut Configurator) -> Result<()> {
        config.scan_module(module_path!());
        Ok(())
    }
}

/// Sessions that have to be waited for.
struct Slow;

impl SessionFactory for Slow {
    async fn load(&self, _: &Request) -> Result<Session> {
        tokio::task::yield_now().await;
        Ok(Session::begin(SessionLife::default()))
    }

    async fn save(&self, _: &Request, session: &Session, response: &mut Response) -> Result<()> {
        tokio::task::yield_now().await;
        let saved = session.keys().join(" ").parse()?;
        response.headers_mut().insert("x-saved", saved);
        Ok(())
    }
}

fn slow_sessions(config: &mut Configurator) {
    config.set_session_factory(Slow);
}

fn tokens_in_a_cookie(config: &mut Configurator) {
    config.set_csrf_cookie(CsrfCookie::new());
}

fn is_token_twice(text: &str) -> bool {
    text.trim_end().split_once(' ').is_some_and(|(one, other)| one.len() == 40 && one == other)
}

#[test]
fn templates_ask_for_the_token_wherever_it_is_kept() {
    let with = |keep: fn(&mut Configurator)| {
        Client::configured(|config| {
            config.include(pages::includeme)?;
            keep(config);
            Ok(())
        })
        .unwrap()
    };
    run(async {
        for (keep, saved) in
            [(sessions as fn(&mut Configurator), ""), (slow_sessions, "_csrft_"), (tokens_in_a_cookie, "")]
        {
            let client = with(keep);
            for path in ["/page/true", "/blocking-page"] {
                let page = client.get(path).await;
                assert!(is_token_twice(page.text()), "{page:?}");
                assert_eq!(page.header("x-saved"), saved);
            }
            let without = client.get("/page/false").await;
            assert_eq!((without.text().trim(), without.header("x-saved")), ("", ""));
        }
    });
}

#[test]
fn a_template_that_asks_for_a_token_where_there_is_none_is_found_when_the_application_starts() {
    let mut config = Configurator::new();
    config.include(pages::includeme).unwrap();
    let error = config.make_app().unwrap_err();
    let fault = &error.faults()[0];
    assert!(fault.message().contains("`templates/token.txt.jinja2` asks for a CSRF token"), "{fault}");
    assert!(fault.places()[0].file.ends_with("templates/token.txt.jinja2"), "{fault}");
    assert_eq!(fault.places()[0].line, 1);
}

#[cfg(unix)]
#[test]
fn a_server_behind_another_one_knows_where_a_form_comes_from() {
    let secret = format!("session_secret={}", "x".repeat(40));
    let app = App::of(PROGRAM, &[&secret, "trusted_proxies=127.0.0.1"]);
    let reply = app.get("/token");
    let token = reply.text().trim().to_owned();
    let cookie =
        format!("cookie: {}", reply.field("set-cookie").expect("a cookie").split(';').next().unwrap());
    let post = |fields: &[&str], token: &str| {
        let body = format!("amount=7&csrf_token={token}");
        let fields = [&[&*cookie, "content-type: application/x-www-form-urlencoded"], fields].concat();
        let reply = app.connect().ask("POST", "/transfer", &fields, body.as_bytes()).reply();
        (reply.status, reply.text().to_owned())
    };
    let accepted = (200, "7 are on their way\n".to_owned());
    assert_eq!(post(&[], &token), accepted);
    let (status, page) = post(&[], "wrong");
    assert!(status == 400 && page.contains("the CSRF token is missing or wrong"), "{page}");
    let https = "x-forwarded-proto: https";
    assert_eq!(post(&[https, "origin: https://example.com"], &token), accepted);
    let (status, page) = post(&[https, "origin: https://evil.example"], &token);
    assert!(status == 400 && page.contains("does not come from a page of this site"), "{page}");
    assert_eq!(post(&[https], &token).0, 400);
}

#[cfg(unix)]
#[test]
fn views_tells_which_views_require_a_token() {
    let secret = format!("session_secret={}", "x".repeat(40));
    let told = support::run(PROGRAM, &["views", "/transfer", &secret], &[]);
    assert!(told.output.contains("requires a CSRF token"), "{}", told.output);
    let told = support::run(PROGRAM, &["views", "/token", &secret], &[]);
    assert!(!told.output.contains("requires a CSRF token"), "{}", told.output);
}

fn faults(configure: impl FnOnce(&mut Configurator)) -> Vec<String> {
    let mut config = Configurator::new();
    configure(&mut config);
    let error = config.make_app().expect_err("a fault");
    for fault in error.faults() {
        assert!(fault.places().iter().any(|place| place.file.ends_with("csrf.rs")), "{fault}");
        assert!(fault.help().is_some(), "{fault}");
    }
    error.faults().iter().map(|fault| fault.message().replace("csrf::", "")).collect()
}

#[test]
fn what_cannot_work_is_found_when_the_application_starts() {
    let found = faults(|config| {
        routes(config);
        config.add_view(save).route("save").require_csrf(true);
        config.add_view(hook).route("hook").require_csrf(false);
    });
    assert_eq!(found, ["`save` requires a CSRF token, but there is nothing that tokens are kept in"]);
    let found = faults(|config| {
        config.set_default_csrf_options(CsrfOptions::new());
    });
    assert_eq!(found, ["views require a CSRF token, but there is nothing that tokens are kept in"]);
    let found = faults(|config| {
        sessions(config);
        config.set_default_csrf_options(CsrfOptions::new().token(None).header(None));
    });
    assert_eq!(found, ["neither a field nor a header brings the token, so every request would be refused"]);
    let found = faults(|config| {
        sessions(config);
        config.set_default_csrf_options(CsrfOptions::new().trusted_origins(["https://example.com"]));
    });
    assert_eq!(found, ["`https://example.com` is no host that requests may come from"]);
    let mut settings = Settings::new();
    settings.set("csrf_trusted_origins", "example.org, https://example.com", "the test");
    let error = Configurator::with_settings(settings).make_app().unwrap_err();
    assert!(error.to_string().contains("`csrf_trusted_origins`"), "{error}");
}
