//! The application as a client meets it: the whole of it, in this process, without a port.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use aiopyramid::testing::Client;
use tokio::task::JoinSet;

#[aiopyramid::test]
async fn everybody_is_greeted(client: Client) {
    let asked = Instant::now();
    let answer = client.get("/").await;
    assert!(asked.elapsed() >= Duration::from_millis(100));
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("content-type"), "text/plain; charset=UTF-8");
    assert_eq!(answer.text(), "Welcome to Aiopyramid for Rust.\n");
}

#[aiopyramid::test]
async fn who_says_how_long_waits_so_long(client: Client) {
    assert_eq!(client.get("/?sleep=0").await.status(), 200);
    let asked = Instant::now();
    let answer = client
        .post("/")
        .form(&BTreeMap::from([("sleep", "0.25")]))
        .await;
    assert!(asked.elapsed() >= Duration::from_millis(250));
    assert_eq!(answer.status(), 200);
}

#[aiopyramid::test]
async fn nobody_waits_for_somebody_else(client: Client) {
    let asked = Instant::now();
    let mut answers = JoinSet::new();
    for _ in 0..50 {
        answers.spawn(client.get("/").into_future());
    }
    for answer in answers.join_all().await {
        assert_eq!(answer.status(), 200);
    }
    // One after the other would have taken five seconds.
    assert!(asked.elapsed() < Duration::from_secs(4));
}

#[aiopyramid::test]
async fn what_is_no_number_of_seconds_is_refused_with_a_reason(client: Client) {
    for sleep in ["abc", "", "-1", "NaN", "1e9"] {
        let answer = client.get(&format!("/?sleep={sleep}")).await;
        assert_eq!(answer.status(), 400, "{sleep}");
        assert!(
            answer.text().contains("parameter `sleep`"),
            "{}",
            answer.text()
        );
    }
    let answer = client
        .post("/")
        .form(&BTreeMap::from([("sleep", "soon")]))
        .await;
    assert_eq!(answer.status(), 400);
    assert!(answer.text().contains("field `sleep`"), "{}", answer.text());
}

#[aiopyramid::test]
async fn there_is_nothing_else(client: Client) {
    assert_eq!(client.get("/nothing").await.status(), 404);
}
