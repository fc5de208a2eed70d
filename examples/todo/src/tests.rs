//! The whole application, in the process: with a file of `SQLite`, and with `PostgreSQL` where that is installed.

use std::path::PathBuf;

use aiopyramid::prelude::*;
use aiopyramid::testing::{Client, TestResponse, TestSocket, run_test};
use futures_util::future::join_all;

#[path = "../../../tests/tests/support/peer.rs"]
mod peer;
#[path = "../../../tests/tests/support/postgresql.rs"]
mod postgresql;

/// A folder for a database, which is removed in the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs a test with a client of the application, whose list is kept there.
fn with_database<F: Future<Output = ()>>(database: &str, test: impl FnOnce(Client) -> F) {
    let configure = |config: &mut Configurator| {
        config.set_default("todo.database", database);
        config.include(crate::includeme)?;
        Ok(())
    };
    run_test(configure, test);
}

/// Runs a test with a client of the application, which has a file of its own.
fn with_client<F: Future<Output = ()>>(name: &str, test: impl FnOnce(Client) -> F) {
    let folder = std::env::temp_dir().join(format!("aiopyramid-todo-{name}-{}", std::process::id()));
    let folder = Folder(folder);
    std::fs::create_dir_all(&folder.0).expect("a folder");
    // With characters that mean something in a URL.
    with_database(&folder.0.join("to do?#1.sqlite").display().to_string(), test);
}

async fn add(client: &Client, title: &str) -> TestResponse {
    client.post("/").form(&[("title", title)]).await
}

async fn mark(client: &Client, id: i64, done: bool) -> TestResponse {
    client.post(&format!("/tasks/{id}/mark")).form(&[("done", done)]).await
}

async fn post(client: &Client, path: &str) -> TestResponse {
    client.post(path).await
}

/// The form was accepted: the browser is sent to the page.
fn accepted(answer: &TestResponse) {
    assert_eq!((answer.status().as_u16(), answer.header("location")), (303, "/"), "{}", answer.text());
}

/// The tasks in a piece of HTML, in order: number, title, and whether it is done.
fn tasks(html: &str) -> Vec<(i64, &str, bool)> {
    let marks = html.split(r#"<button id="mark-"#).skip(1);
    let tasks = marks.map(|mark| {
        let (attributes, rest) = mark.split_once('>')?;
        let id = attributes.split_once('"')?.0.parse().ok()?;
        Some((id, rest.split_once('<')?.0, attributes.contains(r#"aria-checked="true""#)))
    });
    tasks.collect::<Option<_>>().expect("buttons as the template writes them")
}

/// How many changes the list has seen.
fn revision(html: &str) -> i64 {
    let revision = html.split_once(r#"data-revision=""#).and_then(|(_, rest)| rest.split_once('"'));
    revision.and_then(|(revision, _)| revision.parse().ok()).expect("a list")
}

async fn open(client: &Client) -> TestSocket {
    client.websocket("/live").await.unwrap_or_else(|refused| panic!("refused: {refused:?}"))
}

/// What there is to be kept: the same in every database.
async fn a_list_is_kept(client: Client) {
    for title in ["Buy milk", "Café — «Ω» 🥛", "'); DROP TABLE tasks; --"] {
        accepted(&add(&client, title).await);
    }
    let page = client.get("/").await;
    let titles = ["Buy milk", "Café — «Ω» 🥛", "&#39;); DROP TABLE tasks; --"];
    let [first, second, third] = tasks(page.text())[..] else { panic!("{}", page.text()) };
    assert_eq!([first.1, second.1, third.1], titles);
    assert!(page.text().contains("<b>3</b> of 3 still to do"), "{}", page.text());
    assert_eq!(revision(page.text()), 3);

    accepted(&mark(&client, first.0, true).await);
    accepted(&mark(&client, second.0, true).await);
    accepted(&mark(&client, second.0, false).await);
    accepted(&post(&client, &format!("/tasks/{}/remove", third.0)).await);
    let page = client.get("/").await;
    assert_eq!(tasks(page.text()), [(first.0, titles[0], true), (second.0, titles[1], false)]);

    // The number of what was removed is not given to something else.
    accepted(&add(&client, "Sleep").await);
    assert!(tasks(client.get("/").await.text())[2].0 > third.0);

    accepted(&post(&client, "/clear").await);
    assert_eq!(tasks(client.get("/").await.text()).len(), 2);
    // Where there is nothing to be removed, nothing is wrong.
    accepted(&post(&client, "/clear").await);
    assert_eq!(revision(client.get("/").await.text()), 9);
}

/// Changes that are made at the same time are made one after the other, and the last thing that is shown is all of them.
async fn nothing_is_lost_among_many(client: Client) {
    let mut socket = open(&client).await;
    join_all((0..20).map(async |number| accepted(&add(&client, &format!("task {number}")).await))).await;
    let page = client.get("/").await;
    assert_eq!((tasks(page.text()).len(), revision(page.text())), (20, 20));
    loop {
        let list = socket.recv_text().await;
        // Whatever comes in whatever order: a list with so many changes has so many tasks.
        assert_eq!(i64::try_from(tasks(&list).len()), Ok(revision(&list)));
        if revision(&list) == 20 {
            break;
        }
    }
}

#[test]
fn a_list_is_kept_in_sqlite() {
    with_client("kept", a_list_is_kept);
}

#[test]
fn nothing_is_lost_among_many_in_sqlite() {
    with_client("many", nothing_is_lost_among_many);
}

#[test]
fn a_list_is_kept_in_postgresql() {
    let Some(server) = postgresql::Postgresql::start("kept") else { return };
    with_database(&server.url(), a_list_is_kept);
}

#[test]
fn nothing_is_lost_among_many_in_postgresql() {
    let Some(server) = postgresql::Postgresql::start("many") else { return };
    with_database(&server.url(), nothing_is_lost_among_many);
}

#[test]
fn what_somebody_does_is_shown_to_all_who_look() {
    with_client("live", async |client| {
        accepted(&add(&client, "Buy milk").await);
        let (mut ann, mut bob) = (open(&client).await, open(&client).await);
        let mut shown = [&mut ann, &mut bob];
        for socket in &mut shown {
            let list = socket.recv_text().await;
            assert!(list.starts_with(r#"<section id="list" data-revision="1""#), "{list}");
            assert_eq!(tasks(&list), [(1, "Buy milk", false)]);
        }
        accepted(&add(&client, "<script>alert(1)</script>").await);
        for socket in &mut shown {
            let list = socket.recv_text().await;
            let escaped = "&lt;script&gt;alert(1)&lt;/script&gt;";
            assert_eq!(tasks(&list), [(1, "Buy milk", false), (2, escaped, false)]);
        }
        accepted(&mark(&client, 1, true).await);
        accepted(&post(&client, "/tasks/2/remove").await);
        for socket in &mut shown {
            assert_eq!(tasks(&socket.recv_text().await)[0], (1, "Buy milk", true));
            assert_eq!(tasks(&socket.recv_text().await), [(1, "Buy milk", true)]);
        }
    });
}

#[test]
fn who_is_refused_reads_why_and_what_was_typed() {
    with_client("refused", async |client| {
        let long = "x".repeat(201);
        for (typed, reason) in [
            ("", "Say what is to be done."),
            (" \t", "Say what is to be done."),
            (&*long, "Say it shorter: 200 characters at most."),
            ("one\ntwo", "Say it on one line."),
            ("\0", "Say it on one line."),
        ] {
            let page = add(&client, typed).await;
            assert_eq!(page.status(), 422, "{typed:?}");
            assert!(page.text().contains(&format!(r#"role="alert">{reason}<"#)), "{}", page.text());
            assert!(page.text().contains(r#"aria-invalid="true" aria-describedby="error""#));
        }
        assert!(add(&client, &long).await.text().contains(&format!(r#"value="{long}""#)));
        let quoted = format!(r#""><b>{long}"#);
        assert!(add(&client, &quoted).await.text().contains(&format!(r#"value="&#34;&gt;&lt;b&gt;{long}""#)));
        accepted(&add(&client, &"🥛".repeat(200)).await);
        assert_eq!(client.post("/").form(&[("name", "x")]).await.status(), 400);
        assert_eq!(client.post("/").json(&"x").await.status(), 415);
    });
}

#[test]
fn a_list_that_is_full_takes_no_more() {
    with_client("full", async |client| {
        for number in 0..crate::store::MOST_TASKS {
            accepted(&add(&client, &format!("task {number}")).await);
        }
        let page = add(&client, "one more").await;
        assert_eq!(page.status(), 422);
        assert!(page.text().contains("The list is full"), "{}", page.text());
        assert!(page.text().contains(r#"value="one more""#), "{}", page.text());
        accepted(&post(&client, "/tasks/1/remove").await);
        accepted(&add(&client, "one more").await);
    });
}

#[test]
fn what_is_not_there_cannot_be_changed() {
    with_client("missing", async |client| {
        for answer in [
            mark(&client, 7, true).await,
            post(&client, "/tasks/7/remove").await,
            post(&client, "/tasks/seven/remove").await,
            client.get("/elsewhere").await,
        ] {
            assert_eq!(answer.status(), 404);
            assert!(answer.text().contains(r#"<a href="/">Back to the list</a>"#), "{}", answer.text());
        }
        assert_eq!(client.get("/tasks/7/remove").await.status(), 405);
        assert_eq!(revision(client.get("/").await.text()), 0);
        // A page only listens.
        let refused = client.get("/live").await;
        assert_eq!(refused.status(), 426);
    });
}

#[test]
fn the_page_has_all_that_it_needs() {
    with_client("page", async |client| {
        let page = client.get("/").await;
        assert_eq!(page.header("content-type"), "text/html; charset=UTF-8");
        assert!(page.text().contains("Nothing is to be done."), "{}", page.text());
        assert!(!page.text().contains("://"), "something of another site: {}", page.text());
        for file in page.text().split('"').filter(|text| text.starts_with("/static/")) {
            assert_eq!(client.get(file).await.status(), 200, "{file}");
        }
    });
}

#[test]
fn a_database_that_is_none_is_refused_before_anything_is_served() {
    let configured = Client::configured(|config| {
        config.set_default("todo.database", "mysql://localhost/todo");
        config.include(crate::includeme)?;
        Ok(())
    });
    let refused = configured.expect_err("MySQL is not spoken").to_string();
    assert!(refused.contains("todo.database") && refused.contains("postgres://"), "{refused}");
}
