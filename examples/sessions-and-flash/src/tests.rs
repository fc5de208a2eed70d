use aiopyramid::prelude::*;
use aiopyramid::testing::{Client, TestResponse};

fn configure(config: &mut Configurator) -> Result<()> {
    config.set_default("session_secret", "a-secret-for-the-tests-of-this-example");
    config.include(super::includeme)?;
    Ok(())
}

/// The token in the first form of a page.
fn token(page: &TestResponse) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("name=\"csrf_token\" value=\"").expect("a form with a token");
    rest.split('"').next().expect("a text").to_owned()
}

async fn add(client: &Client, item: &str, token: &str) -> TestResponse {
    client.post("/items").form(&[("item", item), ("csrf_token", token)]).await
}

#[aiopyramid::test(configure = configure)]
async fn what_was_added_is_on_the_list_and_is_told_once(client: Client) {
    let page = client.get("/").await;
    assert!(page.text().contains("There is nothing on your list yet."));
    let answer = add(&client, "Bread & butter", &token(&page)).await;
    assert_eq!((answer.status().as_u16(), answer.header("location")), (303, "/"));
    let page = client.get("/").await;
    assert!(
        page.text().contains("<p class=\"message\" role=\"status\">Bread &amp; butter is on your list.</p>")
    );
    assert!(page.text().contains("<li>Bread &amp; butter</li>"));
    assert!(!client.get("/").await.text().contains("is on your list."));
}

#[aiopyramid::test(configure = configure)]
async fn a_form_of_another_site_changes_nothing(client: Client) {
    let page = client.get("/").await;
    for wrong in ["", "0123456789abcdef0123456789abcdef01234567"] {
        let answer = add(&client, "Bread", wrong).await;
        assert_eq!(answer.status(), 400);
        assert!(answer.text().contains("Nothing was changed."));
    }
    assert!(client.get("/").await.text().contains("There is nothing on your list yet."));
    add(&client, "Bread", &token(&page)).await;
    assert_eq!(client.post("/forget").await.status(), 400);
    client.post("/forget").form(&[("csrf_token", token(&client.get("/").await))]).await;
    assert!(client.get("/").await.text().contains("Your list is empty again."));
}

#[aiopyramid::test(configure = configure)]
async fn a_list_is_short(client: Client) {
    let token = token(&client.get("/").await);
    for number in 1..=11 {
        add(&client, &"😀".repeat(20), &token).await;
        // As a browser does, which follows the redirect.
        let page = client.get("/").await;
        assert_eq!(page.text().matches("<li>").count(), number.min(10));
        assert_eq!(page.text().contains("A list has up to 10 things"), number > 10);
    }
}
