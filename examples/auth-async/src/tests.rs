//! The application without a port, over a database in memory.

use std::collections::BTreeMap;

use aiopyramid::prelude::*;
use aiopyramid::testing::{Client, TestResponse};

use crate::people::People;

fn configure(config: &mut Configurator) -> Result<()> {
    configure_over(config, People::in_memory())
}

fn configure_over(config: &mut Configurator, people: People) -> Result<()> {
    config.set_default("auth_secret", "a-secret-that-only-these-tests-know");
    crate::configure(config, people)
}

/// Sends a form, with the token of a client that has seen one.
async fn send<const COUNT: usize>(client: &Client, path: &str, typed: [(&str, &str); COUNT]) -> TestResponse {
    client.get("/login").await;
    let token = client.cookie("csrf_token").expect("a token");
    let mut typed = BTreeMap::from(typed);
    typed.insert("csrf_token", &token);
    client.post(path).form(&typed).await
}

async fn log_in(client: &Client, name: &str, password: &str) -> TestResponse {
    send(client, "/login", [("name", name), ("password", password)]).await
}

async fn write(client: &Client, text: &str) -> u16 {
    send(client, "/", [("text", text)]).await.status().as_u16()
}

#[aiopyramid::test(configure = configure)]
async fn a_writer_writes_and_others_read(client: Client) {
    assert_eq!(log_in(&client, "ann", "wonderland").await.header("location"), "/");
    assert_eq!(write(&client, "It is <raining>.").await, 303);
    let page = client.get("/").await;
    assert!(page.text().contains("It is &lt;raining&gt;."), "{page:?}");
    assert!(page.text().contains("<textarea"), "{page:?}");
    assert_eq!(client.get("/card").await.text(), "ann is in group:writers");

    let bob = Client::new(client.app().clone());
    log_in(&bob, "bob", "builder").await;
    let page = bob.get("/").await;
    assert!(page.text().contains("It is &lt;raining&gt;."), "{page:?}");
    assert!(!page.text().contains("<textarea"), "{page:?}");
    assert_eq!(write(&bob, "Mine!").await, 403);
    assert_eq!(bob.get("/card").await.text(), "bob is in nothing");
}

#[aiopyramid::test(configure = configure)]
async fn who_has_not_logged_in_sees_nothing_and_is_asked_to(client: Client) {
    let page = client.get("/").await;
    assert!(page.text().contains("Log in"), "{page:?}");
    assert_eq!(client.get("/card").await.header("location"), "/login");
    assert_eq!(write(&client, "Mine!").await, 303);
    for (name, password) in [("ann", "wrong"), ("nobody", "wonderland")] {
        let refused = log_in(&client, name, password).await;
        assert_eq!(refused.status(), 422);
        assert!(refused.text().contains("is wrong"), "{refused:?}");
        assert_eq!(client.cookie("auth_tkt"), None);
    }
}

#[aiopyramid::test(configure = configure)]
async fn who_logs_out_or_is_not_there_any_more_is_nobody(client: Client) {
    log_in(&client, "bob", "builder").await;
    assert_eq!(client.post("/logout").await.status(), 400, "of another site");
    assert_eq!(client.get("/card").await.status(), 200);
    send(&client, "/logout", []).await;
    assert_eq!(client.get("/card").await.status(), 303);

    let people = People::in_memory();
    let client = Client::configured(|config| configure_over(config, people.clone())).unwrap();
    log_in(&client, "bob", "builder").await;
    assert_eq!(client.get("/card").await.status(), 200);
    // The ticket is good for twelve hours; the user is not there any more.
    sqlx::query("DELETE FROM people WHERE name = 'bob'").execute(&people.0).await.unwrap();
    assert_eq!(client.get("/card").await.header("location"), "/login");
}
