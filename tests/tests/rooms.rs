//! Rooms of several processes, over a real Redis server.

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use support::{App, EVENTUALLY, Redis};

mod support;

const SOCKETS: &str = env!("CARGO_BIN_EXE_socket-app");

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A process whose rooms are those of all that know this server, and who vanish from there soon.
fn start(redis: &Redis) -> App {
    App::of(SOCKETS, &[&format!("websocket_rooms={}", redis.url()), "websocket_rooms_timeout=2"])
}

/// Runs a conversation.
fn converse<T>(conversation: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("an event loop");
    runtime.block_on(async {
        tokio::time::timeout(EVENTUALLY, conversation).await.expect("the conversation ends in time")
    })
}

async fn open(app: &App, target: &str) -> Socket {
    let (socket, _) = tokio_tungstenite::connect_async(format!("ws://{}{target}", app.address()))
        .await
        .expect("an open socket");
    socket
}

/// Goes into a room under a name.
async fn join(app: &App, room: &str, name: &str) -> Socket {
    let mut socket = open(app, &format!("/rooms/{room}/{name}")).await;
    assert_eq!(said(&mut socket).await, "joined");
    socket
}

async fn say(socket: &mut Socket, text: &str) {
    socket.send(Message::text(text)).await.expect("an open socket");
}

async fn said(socket: &mut Socket) -> String {
    match socket.next().await {
        Some(Ok(Message::Text(text))) => text.as_str().to_owned(),
        other => panic!("no text, but {other:?}"),
    }
}

/// The code that the server closes with.
async fn closed(socket: &mut Socket) -> Option<u16> {
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Close(frame) = message {
            return frame.map(|frame| frame.code.into());
        }
    }
    None
}

/// Who is in a room, as a process has it.
fn present(app: &App, room: &str) -> String {
    let reply = app.get(&format!("/rooms/{room}"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.text().to_owned()
}

/// Waits until these are there.
fn wait_for_presence(app: &App, room: &str, wanted: &str) {
    let deadline = std::time::Instant::now() + EVENTUALLY;
    loop {
        let now = present(app, room);
        if now == wanted {
            return;
        }
        assert!(std::time::Instant::now() < deadline, "{now} and not {wanted}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn what_is_said_in_one_process_is_heard_in_the_other() {
    let Some(redis) = Redis::start() else { return };
    let (here, there) = (start(&redis), start(&redis));
    converse(async {
        let mut ann = join(&here, "red", "ann").await;
        let mut bob = join(&there, "red", "bob").await;
        let mut eve = join(&there, "blue", "eve").await;
        say(&mut ann, "hello").await;
        assert_eq!((said(&mut ann).await, said(&mut bob).await), ("hello".to_owned(), "hello".to_owned()));
        say(&mut ann, "bob: only you").await;
        say(&mut bob, "ann: and you").await;
        assert_eq!(
            (said(&mut bob).await, said(&mut ann).await),
            ("only you".to_owned(), "and you".to_owned())
        );
        say(&mut eve, "alone").await;
        assert_eq!(said(&mut eve).await, "alone");
        // In the order in which it was said, and each once.
        for number in (0..60).step_by(3) {
            for text in number..number + 3 {
                say(&mut ann, &text.to_string()).await;
            }
            for text in number..number + 3 {
                assert_eq!(said(&mut bob).await, text.to_string());
                assert_eq!(said(&mut ann).await, text.to_string());
            }
        }
    });
}

#[test]
fn who_is_there_is_known_in_all_processes() {
    let Some(redis) = Redis::start() else { return };
    let (here, there) = (start(&redis), start(&redis));
    converse(async {
        let ann = join(&here, "red", "ann").await;
        let _again = join(&there, "red", "ann").await;
        let _bob = join(&there, "red", "bob").await;
        for app in [&here, &there] {
            assert_eq!(present(app, "red"), r#"[3,["ann","bob"]]"#);
        }
        drop(ann);
        wait_for_presence(&there, "red", r#"[2,["ann","bob"]]"#);
        // Whoever stays is still there when the time of those is over who say nothing.
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        assert_eq!(present(&here, "red"), r#"[2,["ann","bob"]]"#);
    });
}

#[test]
fn who_was_in_a_process_that_was_killed_vanishes() {
    let Some(redis) = Redis::start() else { return };
    let (here, there) = (start(&redis), start(&redis));
    converse(async {
        let _ann = join(&here, "red", "ann").await;
        let _bob = join(&there, "red", "bob").await;
        assert_eq!(present(&there, "red"), r#"[2,["ann","bob"]]"#);
        here.signal("KILL");
        here.end();
        wait_for_presence(&there, "red", r#"[1,["bob"]]"#);
    });
}

#[test]
fn when_the_server_of_the_rooms_is_started_again_everything_goes_on() {
    let Some(mut redis) = Redis::start() else { return };
    let (here, there) = (start(&redis), start(&redis));
    converse(async {
        let mut ann = join(&here, "red", "ann").await;
        let mut bob = join(&there, "red", "bob").await;
        redis.kill();
        for app in [&here, &there] {
            app.logged("the server of the rooms is lost");
        }
        redis.start_again();
        for app in [&here, &there] {
            app.logged("the server of the rooms is there again");
        }
        // The same sockets, in the same rooms, and the server has forgotten all of it.
        assert_eq!(present(&here, "red"), r#"[2,["ann","bob"]]"#);
        say(&mut ann, "still here?").await;
        assert_eq!(said(&mut bob).await, "still here?");
        assert_eq!(said(&mut ann).await, "still here?");
    });
}

#[test]
fn without_the_server_of_the_rooms_nobody_joins_one_until_it_is_there() {
    let Some(mut redis) = Redis::start() else { return };
    redis.kill();
    let app = start(&redis);
    app.logged("the server of the rooms cannot be reached");
    assert_eq!(app.get("/").status, 200);
    let refused = app.get("/rooms/red");
    assert_eq!((refused.status, refused.field("retry-after")), (503, Some("2")));
    converse(async {
        let mut early = open(&app, "/rooms/red/early").await;
        assert_eq!(closed(&mut early).await, Some(1013));
        redis.start_again();
        app.logged("the server of the rooms is there again");
        let mut ann = join(&app, "red", "ann").await;
        say(&mut ann, "at last").await;
        assert_eq!(said(&mut ann).await, "at last");
        assert_eq!(present(&app, "red"), r#"[1,["ann"]]"#);
    });
}

#[test]
fn a_server_whose_url_is_none_keeps_the_application_from_starting() {
    let ended = support::run(SOCKETS, &["serve", "websocket_rooms=redis://:secret@127.0.0.1/first"], &[]);
    assert!(!ended.status.success());
    assert!(ended.complaint.contains("`websocket_rooms`"), "{}", ended.complaint);
    assert!(!ended.complaint.contains("secret"), "{}", ended.complaint);
}
