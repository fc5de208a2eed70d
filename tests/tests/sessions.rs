//! Sessions: what is remembered of a client, for how long, and where.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aiopyramid::executor::synchronize;
use aiopyramid::prelude::*;
use aiopyramid::session::{
    SameSite, SessionFactory, SessionLife, SessionRecord, SessionStore, SignedCookieSessionFactory,
    StoredSessionFactory,
};
use aiopyramid::testing::Client;
use support::App;

mod support;

const PROGRAM: &str = env!("CARGO_BIN_EXE_session-app");

const SECRET: &str = "a secret that nobody can guess, of 46 letters.";
const OTHER: &str = "another secret that nobody can guess either, no";

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

async fn count(session: Session) -> Result<String> {
    let count = session.get::<u32>("count")?.unwrap_or(0) + 1;
    session.insert("count", &count)?;
    Ok(count.to_string())
}

fn count_blocking(session: Session) -> Result<String> {
    session.update("count", |count: &mut u32| {
        *count += 1;
        count.to_string()
    })
}

async fn look(session: Session) -> Result<String> {
    Ok(format!("{:?} {}", session.get::<u32>("count")?, session.is_new()))
}

async fn untouched(_session: Session, _request: Request) -> &'static str {
    "untouched"
}

async fn forget(session: Session) -> &'static str {
    session.invalidate();
    "forgotten"
}

async fn wrong_type(session: Session) -> Result<String> {
    session.insert("count", "many")?;
    Ok(session.get::<u32>("count")?.unwrap_or(0).to_string())
}

async fn large(session: Session) -> Result<&'static str> {
    session.insert("small", &1)?;
    session.insert("large", &"x".repeat(4000))?;
    Ok("large")
}

async fn refuse(session: Session) -> Result<String> {
    session.insert("refused", &true)?;
    Err(HttpException::conflict("no"))?
}

async fn fail(session: Session) -> Result<String> {
    session.insert("failed", &true)?;
    Err(Error::msg("no"))
}

async fn keys(session: Session) -> String {
    session.keys().join(" ")
}

fn configure(config: &mut Configurator) {
    for (name, path) in [
        ("count", "/count"),
        ("count_blocking", "/count-blocking"),
        ("look", "/look"),
        ("untouched", "/untouched"),
        ("forget", "/forget"),
        ("wrong_type", "/wrong-type"),
        ("large", "/large"),
        ("refuse", "/refuse"),
        ("fail", "/fail"),
        ("keys", "/keys"),
    ] {
        config.add_route(name, path);
    }
    config.add_view(count).route("count");
    config.add_view(count_blocking).route("count_blocking");
    config.add_view(look).route("look");
    config.add_view(untouched).route("untouched");
    config.add_view(forget).route("forget");
    config.add_view(wrong_type).route("wrong_type");
    config.add_view(large).route("large");
    config.add_view(refuse).route("refuse");
    config.add_view(fail).route("fail");
    config.add_view(keys).route("keys");
}

fn client(factory: impl SessionFactory) -> Client {
    Client::configured(|config| {
        configure(config);
        config.set_session_factory(factory);
        Ok(())
    })
    .unwrap()
}

fn cookies() -> SignedCookieSessionFactory {
    SignedCookieSessionFactory::new(SECRET)
}

fn fault(factory: impl SessionFactory) -> aiopyramid::Fault {
    let mut config = Configurator::new();
    config.set_session_factory(factory);
    let error = config.make_app().expect_err("a fault");
    let [fault] = error.faults() else { panic!("{error}") };
    assert!(fault.places()[0].file.ends_with("sessions.rs"), "{fault}");
    fault.clone()
}

#[test]
fn views_of_both_kinds_remember_their_client() {
    let client = client(cookies());
    run(async {
        assert_eq!(client.get("/look").await.text(), "None true");
        assert_eq!(client.get("/count").await.text(), "1");
        assert_eq!(client.get("/count-blocking").await.text(), "2");
        assert_eq!(client.get("/count").await.text(), "3");
        assert_eq!(client.get("/look").await.text(), "Some(3) false");
        client.get("/forget").await;
        assert_eq!(client.get("/look").await.text(), "None false");
    });
}

#[test]
fn a_request_that_leaves_its_session_alone_sets_no_cookie() {
    let client = client(cookies());
    run(async {
        for path in ["/untouched", "/look", "/no-such-page"] {
            assert_eq!(client.get(path).await.header("set-cookie"), "", "{path}");
        }
        client.get("/count").await;
        assert_eq!(client.get("/untouched").await.header("set-cookie"), "");
    });
}

#[test]
fn the_cookie_is_safe_unless_it_is_told_otherwise() {
    run(async {
        let cookie = client(cookies()).get("/count").await.header("set-cookie").to_owned();
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/"), "{cookie}");
        let factory = cookies()
            .cookie_name("s")
            .secure(true)
            .http_only(false)
            .same_site(SameSite::Strict)
            .path("/app")
            .domain("example.com")
            .max_age(Duration::from_mins(1));
        let cookie = client(factory).get("/count").await.header("set-cookie").to_owned();
        let (value, attributes) = cookie.split_once("; ").unwrap();
        assert!(value.starts_with("s="), "{cookie}");
        assert_eq!(attributes, "SameSite=Strict; Secure; Path=/app; Domain=example.com; Max-Age=60");
    });
}

#[test]
fn what_somebody_else_has_written_is_no_session() {
    let ours = client(cookies());
    run(async {
        ours.get("/count").await;
        let cookie = ours.cookie("session").unwrap();
        let altered = format!("{}A", &cookie[..cookie.len() - 1]);
        for cookie in [altered.as_str(), "", "junk", &cookie[1..], &"x".repeat(5000)] {
            let answer = ours.get("/look").header("cookie", &format!("session={cookie}")).await;
            assert_eq!(answer.text(), "None true");
        }
        // Nor is one that was signed for another purpose, or with another secret.
        for factory in [cookies().salt("other"), SignedCookieSessionFactory::new(OTHER)] {
            let answer = client(factory).get("/look").header("cookie", &format!("session={cookie}")).await;
            assert_eq!(answer.text(), "None true");
        }
    });
}

#[test]
fn an_older_secret_is_believed_while_a_new_one_signs() {
    run(async {
        let old = client(SignedCookieSessionFactory::new(OTHER));
        old.get("/count").await;
        let cookie = format!("session={}", old.cookie("session").unwrap());
        let new = client(cookies().older_secret(OTHER));
        assert_eq!(new.get("/count").header("cookie", &cookie).await.text(), "2");
        let signed_anew = format!("session={}", new.cookie("session").unwrap());
        assert_eq!(
            client(cookies()).get("/look").header("cookie", &signed_anew).await.text(),
            "Some(2) false"
        );
    });
}

#[test]
fn a_session_that_nobody_uses_ends() {
    let client = client(cookies().timeout(Duration::ZERO));
    run(async {
        client.get("/count").await;
        // The time of its last use is a whole number of seconds.
        assert_eq!(client.get("/look").await.text(), "None false");
    });
}

#[test]
fn a_value_of_another_type_is_an_error_and_no_default() {
    let client = client(cookies());
    run(async { assert_eq!(client.get("/wrong-type").await.status(), 500) });
}

#[test]
fn a_session_that_no_cookie_can_hold_is_an_error_that_names_what_is_large() {
    let client = client(cookies());
    run(async {
        let answer = client.get("/large").accept("text/plain").await;
        assert_eq!(answer.status(), 500);
        assert_eq!(answer.header("set-cookie"), "");
        assert!(answer.text().contains("the largest value is `large` with 4002 bytes"), "{}", answer.text());
    });
}

#[test]
fn a_session_is_kept_where_an_exception_was_answered_unless_it_is_not_to_be() {
    run(async {
        let kept = client(cookies());
        assert_eq!(kept.get("/refuse").await.status(), 409);
        assert_eq!(kept.get("/keys").await.text(), "refused");
        let not_kept = client(cookies().set_on_exception(false));
        assert_eq!(not_kept.get("/refuse").await.status(), 409);
        assert_eq!(not_kept.get("/keys").await.text(), "");
        // And never where there was no answer.
        assert_eq!(kept.get("/fail").await.status(), 500);
        assert_eq!(kept.get("/keys").await.text(), "refused");
    });
}

async fn around(request: Request, next: Next) -> Result<Response> {
    request.add_response_callback(|request, _| {
        let request = request.clone();
        // A callback that was added before the session was asked for still changes it in time.
        if let Some(session) = request.extension::<Session>() {
            session.insert("callback", &true)?;
        }
        Ok(())
    });
    let session = request.session().await?;
    request.set_extension(session.clone());
    session.insert("before", &true)?;
    let response = next.run(request).await?;
    session.insert("after", &true)?;
    Ok(response)
}

fn around_blocking(request: Request, next: BlockingNext) -> Result<Response> {
    let session = synchronize(request.session())??;
    let response = next.run(request)?;
    session.insert("blocking", &true)?;
    Ok(response)
}

async fn missing(request: Request) -> Result<String> {
    Ok(request.session().await?.keys().join(" "))
}

#[test]
fn tweens_callbacks_and_exception_views_have_the_same_session() {
    let client = Client::configured(|config| {
        configure(config);
        config.add_notfound_view(missing);
        config.add_tween(around);
        config.add_tween(around_blocking);
        config.set_session_factory(cookies());
        Ok(())
    })
    .unwrap();
    run(async {
        assert_eq!(client.get("/no-such-page").await.text(), "before");
        assert_eq!(client.get("/keys").await.text(), "before after blocking callback");
    });
}

/// Sessions in a map, each with a name.
#[derive(Default)]
struct ByName(Mutex<HashMap<String, String>>);

impl SessionFactory for ByName {
    async fn load(&self, request: &Request) -> Result<Session> {
        tokio::task::yield_now().await;
        let known = request.cookie("sid").and_then(|id| self.0.lock().unwrap().get(&id).cloned());
        Ok(match known {
            Some(text) => Session::resume(SessionRecord::from_json(&text)?, SessionLife::default()),
            None => Session::begin(SessionLife::default()),
        })
    }

    async fn save(&self, _: &Request, session: &Session, response: &mut Response) -> Result<()> {
        tokio::task::yield_now().await;
        self.0.lock().unwrap().insert("7".to_owned(), session.record().to_json()?);
        *response = std::mem::take(response).with_header("set-cookie", "sid=7")?;
        Ok(())
    }
}

#[test]
fn a_factory_of_ones_own_may_wait_for_where_sessions_are_kept() {
    let client = client(ByName::default());
    run(async {
        assert_eq!(client.get("/count").await.text(), "1");
        assert_eq!(client.get("/count-blocking").await.text(), "2");
        assert_eq!(client.cookie("sid").as_deref(), Some("7"));
    });
}

#[test]
fn what_sessions_need_is_found_when_the_application_starts() {
    let mut config = Configurator::new();
    config.add_route("look", "/look");
    config.add_view(look).route("look");
    let error = config.make_app().unwrap_err();
    let missing = &error.faults()[0];
    assert_eq!(missing.message(), "`sessions::look` asks for `Session`, but no session factory is set");
    assert!(missing.help().unwrap().contains("set_session_factory"), "{missing}");

    let short = fault(SignedCookieSessionFactory::new("seekrit"));
    assert!(short.message().starts_with("a secret of 7 bytes can be guessed"), "{short}");
    let unset = fault(SignedCookieSessionFactory::from_settings());
    assert!(unset.message().contains("`session_secret`, which is not set"), "{unset}");
    assert!(unset.help().unwrap().contains("openssl rand"), "{unset}");
    let refused = fault(cookies().same_site(SameSite::None).secure(false));
    assert!(refused.message().contains("goes with `Secure`"), "{refused}");
    let name = fault(cookies().cookie_name("a session"));
    assert!(name.message().contains("is no name of a cookie"), "{name}");
}

#[cfg(unix)]
#[test]
fn a_server_keeps_a_session_over_its_restarts() {
    let setting = &*format!("session_secret={}", "x".repeat(40));
    let app = App::of(PROGRAM, &[setting]);
    let reply = app.get("/visits");
    let cookie = reply.field("set-cookie").expect("a cookie").split(';').next().unwrap().to_owned();
    assert_eq!(app.get("/untouched").field("set-cookie"), None);
    drop(app);

    let app = App::of(PROGRAM, &[setting]);
    let field = format!("cookie: {cookie}");
    let reply = app.connect().ask("GET", "/visits/blocking", &[&field], b"").reply();
    assert_eq!(reply.text(), "2\n");
    // A flash message is there once.
    let reply = app.connect().ask("POST", "/notes", &[&field], b"").reply();
    let cookie = reply.field("set-cookie").expect("a cookie").split(';').next().unwrap();
    let field = format!("cookie: {cookie}");
    let reply = app.connect().ask("GET", "/notes", &[&field], b"").reply();
    assert_eq!(reply.text(), "Your note was saved.\n");
    let cookie = reply.field("set-cookie").expect("a cookie").split(';').next().unwrap();
    let field = format!("cookie: {cookie}");
    assert_eq!(app.connect().ask("GET", "/notes", &[&field], b"").reply().text(), "\n");
}

#[websocket(route = "/greet")]
async fn greet(mut ws: WebSocket, session: Session) -> Result<()> {
    ws.send(format!("{:?}", session.get::<u32>("count")?)).await
}

#[test]
fn a_socket_has_the_session_of_its_handshake() {
    let client = Client::configured(|config| {
        configure(config);
        config.scan();
        config.set_session_factory(cookies());
        Ok(())
    })
    .unwrap();
    run(async {
        client.get("/count").await;
        let mut socket = client.websocket("/greet").await.unwrap();
        assert_eq!(socket.recv_text().await, "Some(1)");
    });
}

/// A store in memory that notes what it is asked.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Shelved>>);

#[derive(Default)]
struct Shelved {
    records: HashMap<String, String>,
    asked: Vec<String>,
}

impl Shelf {
    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().records.keys().cloned().collect()
    }

    fn asked(&self) -> String {
        std::mem::take(&mut self.0.lock().unwrap().asked).join(" ")
    }
}

impl SessionStore for Shelf {
    async fn load(&self, name: &str) -> Result<Option<String>> {
        tokio::task::yield_now().await;
        let mut shelved = self.0.lock().unwrap();
        shelved.asked.push("load".to_owned());
        Ok(shelved.records.get(name).cloned())
    }

    async fn save(&self, name: &str, record: &str, keep: Option<Duration>) -> Result<()> {
        tokio::task::yield_now().await;
        let mut shelved = self.0.lock().unwrap();
        shelved.asked.push(format!("save {}s", keep.unwrap_or_default().as_secs()));
        shelved.records.insert(name.to_owned(), record.to_owned());
        Ok(())
    }

    async fn delete(&self, name: &str) -> Result<()> {
        let mut shelved = self.0.lock().unwrap();
        shelved.asked.push("delete".to_owned());
        shelved.records.remove(name);
        Ok(())
    }
}

async fn log_in(session: Session) -> Result<&'static str> {
    session.invalidate();
    session.insert("user", "ann")?;
    Ok("welcome")
}

fn shelved(shelf: &Shelf) -> Client {
    Client::configured(|config| {
        configure(config);
        config.add_route("log_in", "/log-in");
        config.add_view(log_in).route("log_in");
        config.set_session_factory(StoredSessionFactory::new(shelf.clone()));
        Ok(())
    })
    .unwrap()
}

#[test]
fn a_store_keeps_large_sessions_of_which_the_client_has_the_name_alone() {
    let shelf = Shelf::default();
    let client = shelved(&shelf);
    run(async {
        assert_eq!(client.get("/look").await.text(), "None true");
        assert_eq!(shelf.asked(), "", "nobody asks for what cannot be there");
        assert_eq!(client.get("/count").await.text(), "1");
        let ticket = client.cookie("session").unwrap();
        assert_eq!(ticket.len(), 40);
        assert!(!shelf.names().contains(&ticket), "who reads the store cannot take a session over");
        assert_eq!(client.get("/large").await.text(), "large");
        let answer = client.get("/count-blocking").await;
        assert_eq!((answer.text(), answer.header("set-cookie")), ("2", ""));
        assert_eq!(shelf.asked(), "save 1200s load save 1200s load save 1200s");
    });
}

#[test]
fn a_session_that_was_invalidated_is_gone_from_the_store_and_a_login_gets_another_name() {
    let shelf = Shelf::default();
    let client = shelved(&shelf);
    run(async {
        client.get("/count").await;
        let before = client.cookie("session").unwrap();
        client.get("/log-in").await;
        let after = client.cookie("session").unwrap();
        assert_ne!(before, after);
        assert_eq!(shelf.names().len(), 1);
        let old = client.get("/keys").header("cookie", &format!("session={before}")).await;
        assert_eq!(old.text(), "");
        assert_eq!(client.get("/keys").await.text(), "user");
        client.get("/forget").await;
        assert_eq!((client.cookie("session"), shelf.names().len()), (None, 0));
    });
}

#[test]
fn a_name_that_somebody_else_has_made_up_is_not_taken_up() {
    let shelf = Shelf::default();
    let client = shelved(&shelf);
    run(async {
        for made_up in ["0123456789abcdef0123456789abcdef01234567", "short", "../../etc/passwd"] {
            let cookie = format!("session={made_up}");
            let answer = client.get("/count").header("cookie", &cookie).await;
            assert_eq!(answer.text(), "1");
            assert!(!answer.header("set-cookie").contains(made_up), "{}", answer.header("set-cookie"));
        }
    });
}
