//! The wiki as a browser meets it: the whole of it, in this process, without a port, over a
//! database in memory.

use std::collections::BTreeMap;

use aiopyramid::prelude::*;
use aiopyramid::testing::{Client, TestResponse};

use crate::store::Store;

pub(crate) fn configure(config: &mut Configurator) -> Result<()> {
    config.set_default("auth_secret", "a-secret-that-only-these-tests-know");
    crate::configure(config, Store::in_memory())
}

/// Sends the form of the login.
async fn try_log_in(client: &Client, name: &str, password: &str, next: &str) -> TestResponse {
    let token = token(client).await;
    let typed = [
        ("login", name),
        ("password", password),
        ("next", next),
        ("csrf_token", &token),
    ];
    client.post("/login").form(&BTreeMap::from(typed)).await
}

/// Where those go on who came from nowhere.
const FRONT: &str = "http://example.com/";

/// Lets a user in whose password is the name.
async fn log_in(client: &Client, name: &str) {
    let answer = try_log_in(client, name, name, "/").await;
    assert_eq!(answer.status(), 303, "{}", answer.text());
}

async fn log_out(client: &Client) -> TestResponse {
    let typed = [("csrf_token", token(client).await)];
    client.post("/logout").form(&BTreeMap::from(typed)).await
}

/// Somebody else in front of the same wiki.
fn somebody_else(client: &Client) -> Client {
    Client::new(client.app().clone())
}

/// Where somebody is sent, with the status that does so.
fn sent_to(answer: &TestResponse) -> (u16, &str) {
    (answer.status().as_u16(), answer.header("location"))
}

/// The token of a client, which has seen a form.
async fn token(client: &Client) -> String {
    client.get("/login").await;
    client.cookie("csrf_token").expect("a token")
}

/// Sends the form of a page.
async fn save(client: &Client, path: &str, text: &str) -> TestResponse {
    let typed = [("text", text), ("csrf_token", &token(client).await)];
    client.post(path).form(&BTreeMap::from(typed)).await
}

#[track_caller]
fn has(page: &TestResponse, text: &str) {
    let page = page.text();
    assert!(page.contains(text), "`{text}` is missing in {page}");
}

#[track_caller]
fn lacks(page: &TestResponse, text: &str) {
    let page = page.text();
    assert!(!page.contains(text), "`{text}` is in {page}");
}

#[aiopyramid::test(configure = configure)]
async fn the_root_leads_to_the_front_page(client: Client) {
    let answer = client.get("/").await;
    assert_eq!(sent_to(&answer), (303, "/FrontPage"));
    let page = client.get("/FrontPage").await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.header("content-type"), "text/html; charset=UTF-8");
    has(&page, "<h1>FrontPage</h1>");
    has(&page, "</body>");
}

#[aiopyramid::test(configure = configure)]
async fn a_page_that_is_not_there_is_not_found_and_can_be_added(client: Client) {
    log_in(&client, "editor").await;
    let page = client.get("/NoSuchPage").await;
    assert_eq!(page.status(), 404);
    has(&page, "There is no such page.");
    has(&page, r#"href="/add_page/NoSuchPage""#);
    assert_eq!(client.get("/NoSuchPage/edit_page").await.status(), 404);
    for text in ["a text", ""] {
        assert_eq!(
            save(&client, "/NoSuchPage/edit_page", text).await.status(),
            404,
            "{text}"
        );
    }
    let page = client.get("/there/is/nothing").await;
    assert_eq!(page.status(), 404);
    has(&page, "There is nothing here.");
}

#[aiopyramid::test(configure = configure)]
async fn a_page_is_added_by_its_form(client: Client) {
    log_in(&client, "editor").await;
    let form = client.get("/add_page/NewPage").await;
    assert_eq!(form.status(), 200);
    has(&form, r#"action="/add_page/NewPage""#);
    let saved = save(&client, "/add_page/NewPage", "Something new.").await;
    assert_eq!(sent_to(&saved), (303, "/NewPage"));
    has(&client.get("/NewPage").await, "<p>Something new.</p>");
}

#[aiopyramid::test(configure = configure)]
async fn a_page_that_is_there_is_not_added_again(client: Client) {
    log_in(&client, "editor").await;
    let answer = client.get("/add_page/FrontPage").await;
    assert_eq!(sent_to(&answer), (303, "/FrontPage/edit_page"));
    let refused = save(&client, "/add_page/FrontPage", "Mine!").await;
    assert_eq!(refused.status(), 422);
    has(&refused, "in the meantime");
    // What was typed is not lost, and can be saved now.
    has(&refused, "Mine!</textarea>");
    has(&refused, r#"action="/FrontPage/edit_page""#);
    has(&client.get("/FrontPage").await, "This is the front page");
}

#[aiopyramid::test(configure = configure)]
async fn a_page_is_changed_by_its_form(client: Client) {
    log_in(&client, "editor").await;
    let form = client.get("/FrontPage/edit_page").await;
    has(&form, "This is the front page");
    has(&form, r#"action="/FrontPage/edit_page""#);
    let saved = save(&client, "/FrontPage/edit_page", "One.\r\n\r\nTwo.").await;
    assert_eq!(sent_to(&saved), (303, "/FrontPage"));
    has(&client.get("/FrontPage").await, "<p>One.</p>\n<p>Two.</p>");
}

#[aiopyramid::test(configure = configure)]
async fn a_wiki_word_leads_to_its_page_or_to_the_form_that_adds_it(client: Client) {
    log_in(&client, "editor").await;
    save(
        &client,
        "/FrontPage/edit_page",
        "See FrontPage, or OtherPage.",
    )
    .await;
    has(
        &client.get("/FrontPage").await,
        r#"<p>See <a href="/FrontPage">FrontPage</a>, or <a class="missing" href="/add_page/OtherPage">OtherPage</a>.</p>"#,
    );
    save(&client, "/add_page/OtherPage", "Here.").await;
    has(
        &client.get("/FrontPage").await,
        r#"<a href="/OtherPage">OtherPage</a>"#,
    );
}

#[aiopyramid::test(configure = configure)]
async fn a_text_that_cannot_be_is_refused_with_the_form(client: Client) {
    log_in(&client, "editor").await;
    let long = "x".repeat(100_001);
    for (text, complaint) in [
        ("", "A page has a text."),
        (" \r\n", "A page has a text."),
        (&long, "too long"),
    ] {
        for path in ["/add_page/NewPage", "/FrontPage/edit_page"] {
            let refused = save(&client, path, text).await;
            assert_eq!(refused.status(), 422, "{path}");
            has(&refused, complaint);
            has(&refused, &format!(r#"action="{path}""#));
        }
    }
    assert_eq!(client.get("/NewPage").await.status(), 404);
}

#[aiopyramid::test(configure = configure)]
async fn what_was_typed_is_shown_and_never_obeyed(client: Client) {
    log_in(&client, "editor").await;
    let text = "</textarea><script>alert(\"x\")</script> & 'more'";
    save(&client, "/FrontPage/edit_page", text).await;
    for path in ["/FrontPage", "/FrontPage/edit_page"] {
        let page = client.get(path).await;
        assert!(!page.text().contains("<script>"), "{}", page.text());
        has(&page, "&lt;script&gt;");
    }
}

#[aiopyramid::test(configure = configure)]
async fn a_page_is_called_by_a_wiki_word(client: Client) {
    log_in(&client, "editor").await;
    for name in ["page", "Frontpage", "New%20Page", "New%3CPage"] {
        let refused = client.get(&format!("/add_page/{name}")).await;
        assert_eq!(refused.status(), 404, "{name}");
        has(&refused, "a word of several capitals");
        assert_eq!(
            save(&client, &format!("/add_page/{name}"), "text")
                .await
                .status(),
            404,
            "{name}"
        );
    }
}

#[aiopyramid::test(configure = configure)]
async fn all_pages_are_listed(client: Client) {
    log_in(&client, "editor").await;
    save(&client, "/add_page/AnotherPage", "Here.").await;
    let page = client.get("/all_pages").await;
    has(&page, r#"<a href="/AnotherPage">AnotherPage</a></li>"#);
    has(&page, r#"<a href="/FrontPage">FrontPage</a></li>"#);
}

#[aiopyramid::test(configure = configure)]
async fn a_form_is_sent_by_post(client: Client) {
    log_in(&client, "editor").await;
    for path in ["/add_page/NewPage", "/FrontPage/edit_page"] {
        assert_eq!(client.put(path).await.status(), 405, "{path}");
    }
}

#[aiopyramid::test(configure = configure)]
async fn who_logs_in_goes_on_where_they_were(client: Client) {
    for name in ["editor", "basic"] {
        let next = "http://example.com/all_pages?a=1";
        let form = client
            .get("/login?next=http%3A%2F%2Fexample.com%2Fall_pages%3Fa%3D1")
            .await;
        has(&form, &format!(r#"name="next" value="{next}""#));
        let answer = try_log_in(&client, name, name, next).await;
        assert_eq!(sent_to(&answer), (303, next));
        has(&client.get("/FrontPage").await, name);
    }
    let answer = try_log_in(&client, "basic", "basic", "").await;
    assert_eq!(sent_to(&answer), (303, FRONT));
}

#[aiopyramid::test(configure = configure)]
async fn nobody_is_sent_to_another_site(client: Client) {
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/all_pages",
        "http://example.com.evil.example/",
        "http://example.com@evil.example/",
        // Once more the form.
        "http://example.com/login",
    ] {
        let answer = try_log_in(&client, "editor", "editor", next).await;
        assert_eq!(sent_to(&answer), (303, FRONT), "{next}");
        log_out(&client).await;
        let form = client.get(&format!("/login?next={next}")).await;
        has(&form, &format!(r#"name="next" value="{FRONT}""#));
    }
}

#[aiopyramid::test(configure = configure)]
async fn a_wrong_password_and_a_wrong_name_are_refused_alike(client: Client) {
    for (name, password) in [("editor", "wrong"), ("nobody", "nobody"), ("", "")] {
        let refused = try_log_in(&client, name, password, "http://example.com/all_pages").await;
        assert_eq!(refused.status(), 400);
        has(&refused, "Name or password is wrong.");
        has(
            &refused,
            r#"name="next" value="http://example.com/all_pages""#,
        );
        assert_eq!(client.cookie("auth_tkt"), None);
    }
    lacks(&client.get("/FrontPage").await, "Log out");
}

#[aiopyramid::test(configure = configure)]
async fn who_has_logged_in_can_log_out(client: Client) {
    let page = client.get("/FrontPage").await;
    let link = "/login?next=http%3A%2F%2Fexample.com%2FFrontPage";
    has(&page, &format!(r#"<a href="{link}">Log in</a>"#));
    log_in(&client, "editor").await;
    let page = client.get("/FrontPage").await;
    has(&page, "Log out");
    lacks(&page, "Log in");
    // A link from elsewhere does not do it.
    assert_eq!(sent_to(&client.get("/logout").await), (303, "/"));
    has(&client.get("/FrontPage").await, "Log out");
    assert_eq!(sent_to(&log_out(&client).await), (303, "/"));
    lacks(&client.get("/FrontPage").await, "Log out");
    assert_eq!(client.cookie("auth_tkt"), None);
}

#[aiopyramid::test(configure = configure)]
async fn who_has_not_logged_in_may_look_and_is_asked_to_log_in_for_more(client: Client) {
    let page = client.get("/FrontPage").await;
    assert_eq!(page.status(), 200);
    lacks(&page, "Edit this page");
    for path in ["/FrontPage/edit_page", "/add_page/NewPage"] {
        let next = format!("http://example.com{path}").replace(':', "%3A");
        let wanted = format!("/login?next={}", next.replace('/', "%2F"));
        assert_eq!(sent_to(&client.get(path).await), (303, &*wanted));
        assert_eq!(
            sent_to(&save(&client, path, "Mine!").await),
            (303, &*wanted)
        );
    }
    assert_eq!(client.get("/NewPage").await.status(), 404);
    has(&client.get("/FrontPage").await, "This is the front page");
}

#[aiopyramid::test(configure = configure)]
async fn a_basic_user_adds_pages_and_changes_those_alone(client: Client) {
    log_in(&client, "basic").await;
    for refused in [
        client.get("/FrontPage/edit_page").await,
        save(&client, "/FrontPage/edit_page", "Mine!").await,
    ] {
        assert_eq!(refused.status(), 403);
        has(&refused, "You may not do this");
    }
    assert_eq!(client.get("/add_page/NewPage").await.status(), 200);
    save(&client, "/add_page/NewPage", "Something new.").await;
    has(&client.get("/NewPage").await, "Edit this page");
    has(&client.get("/NewPage/edit_page").await, "Something new.");
    save(&client, "/NewPage/edit_page", "Something else.").await;
    has(&client.get("/NewPage").await, "Something else.");
    lacks(&client.get("/FrontPage").await, "Edit this page");
}

#[aiopyramid::test(configure = configure)]
async fn an_editor_changes_the_pages_of_everybody(client: Client) {
    let editor = somebody_else(&client);
    log_in(&client, "basic").await;
    log_in(&editor, "editor").await;
    save(&client, "/add_page/NewPage", "Something new.").await;
    has(&editor.get("/NewPage").await, "Edit this page");
    save(&editor, "/NewPage/edit_page", "Something better.").await;
    has(&client.get("/NewPage").await, "Something better.");
    // It is still the page of whoever has added it.
    assert_eq!(client.get("/NewPage/edit_page").await.status(), 200);
}

#[aiopyramid::test(configure = configure)]
async fn a_ticket_that_was_made_up_lets_nobody_in(client: Client) {
    log_in(&client, "basic").await;
    let ticket = client.cookie("auth_tkt").expect("a ticket");
    // Of another user, and of somebody who is not there.
    for forged in [ticket.replace("Mg%3D%3D", "MQ%3D%3D"), "x".to_owned()] {
        assert_ne!(forged, ticket);
        let page = somebody_else(&client).get("/FrontPage");
        let page = page.header("cookie", &format!("auth_tkt={forged}")).await;
        has(&page, "Log in");
    }
}

#[aiopyramid::test(configure = configure)]
async fn the_form_of_another_site_changes_nothing(client: Client) {
    log_in(&client, "editor").await;
    let old = client.cookie("csrf_token").expect("a token");
    log_in(&client, "editor").await;
    for token in ["", "0123456789abcdef0123456789abcdef01234567", &old] {
        for path in ["/FrontPage/edit_page", "/add_page/NewPage", "/logout"] {
            let typed = BTreeMap::from([("text", "Mine!"), ("csrf_token", token)]);
            assert_eq!(client.post(path).form(&typed).await.status(), 400, "{path}");
        }
    }
    let page = client.get("/FrontPage").await;
    has(&page, "This is the front page");
    has(&page, "Log out");
}
