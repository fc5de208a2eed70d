//! The application as a client meets it: the whole of it, in this process, without a port.

use aiopyramid::prelude::*;
use aiopyramid::testing::Client;

#[aiopyramid::test]
async fn the_page_is_a_whole_one_and_names_the_project(client: Client) {
    let page = client.get("/").await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.header("content-type"), "text/html; charset=UTF-8");
    let heading = format!("<h1>{}</h1>", env!("CARGO_PKG_NAME"));
    assert!(page.text().contains(&heading), "{}", page.text());
    assert!(page.text().contains("</body>"), "{}", page.text());
}

#[aiopyramid::test]
async fn what_is_said_comes_back(client: Client) {
    let mut socket = client.websocket("/echo").await.expect("an open socket");
    socket.send("hällo").await;
    assert_eq!(socket.recv().await, Some(Message::text("hällo")));
    socket.send(vec![0, 255]).await;
    assert_eq!(socket.recv().await, Some(Message::binary(vec![0, 255])));
    socket.close(1000, "").await;
    assert_eq!(socket.closed().await.0, 1000);
}

#[aiopyramid::test]
async fn who_does_not_want_a_socket_is_told_so(client: Client) {
    assert_eq!(client.get("/echo").await.status(), 426);
}
