//! The wiki as a browser meets it: the whole of it, in this process, without a port, over a
//! database in memory.

use std::collections::BTreeMap;

use aiopyramid::prelude::*;
use aiopyramid::testing::{Client, TestResponse};

use crate::store::Store;

fn configure(config: &mut Configurator) -> Result<()> {
    crate::configure(config, Store::in_memory())
}

/// Sends the form of a page.
async fn save(client: &Client, path: &str, text: &str) -> TestResponse {
    client
        .post(path)
        .form(&BTreeMap::from([("text", text)]))
        .await
}

#[track_caller]
fn has(page: &TestResponse, text: &str) {
    assert!(
        page.text().contains(text),
        "`{text}` is missing in {}",
        page.text()
    );
}

#[aiopyramid::test(configure = configure)]
async fn the_root_leads_to_the_front_page(client: Client) {
    let answer = client.get("/").await;
    assert_eq!(
        (answer.status().as_u16(), answer.header("location")),
        (303, "/FrontPage")
    );
    let page = client.get("/FrontPage").await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.header("content-type"), "text/html; charset=UTF-8");
    has(&page, "<h1>FrontPage</h1>");
    has(&page, r#"<a class="button" href="/FrontPage/edit_page">"#);
    has(&page, "</body>");
}

#[aiopyramid::test(configure = configure)]
async fn a_page_that_is_not_there_is_not_found_and_can_be_added(client: Client) {
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
    let form = client.get("/add_page/NewPage").await;
    assert_eq!(form.status(), 200);
    has(&form, r#"action="/add_page/NewPage""#);
    let saved = save(&client, "/add_page/NewPage", "Something new.").await;
    assert_eq!(
        (saved.status().as_u16(), saved.header("location")),
        (303, "/NewPage")
    );
    has(&client.get("/NewPage").await, "<p>Something new.</p>");
}

#[aiopyramid::test(configure = configure)]
async fn a_page_that_is_there_is_not_added_again(client: Client) {
    let answer = client.get("/add_page/FrontPage").await;
    assert_eq!(
        (answer.status().as_u16(), answer.header("location")),
        (303, "/FrontPage/edit_page")
    );
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
    let form = client.get("/FrontPage/edit_page").await;
    has(&form, "This is the front page");
    has(&form, r#"action="/FrontPage/edit_page""#);
    let saved = save(&client, "/FrontPage/edit_page", "One.\r\n\r\nTwo.").await;
    assert_eq!(
        (saved.status().as_u16(), saved.header("location")),
        (303, "/FrontPage")
    );
    has(&client.get("/FrontPage").await, "<p>One.</p>\n<p>Two.</p>");
}

#[aiopyramid::test(configure = configure)]
async fn a_wiki_word_leads_to_its_page_or_to_the_form_that_adds_it(client: Client) {
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
    save(&client, "/add_page/AnotherPage", "Here.").await;
    let page = client.get("/all_pages").await;
    has(&page, r#"<a href="/AnotherPage">AnotherPage</a></li>"#);
    has(&page, r#"<a href="/FrontPage">FrontPage</a></li>"#);
}

#[aiopyramid::test(configure = configure)]
async fn a_form_is_sent_by_post(client: Client) {
    for path in ["/add_page/NewPage", "/FrontPage/edit_page"] {
        assert_eq!(client.put(path).await.status(), 405, "{path}");
    }
}
