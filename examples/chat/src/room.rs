//! A room: its page, and the socket of everybody who is in it.

use std::time::Duration;

use aiopyramid::TemplateContext;
use aiopyramid::prelude::*;
use aiopyramid::websocket::{Room, Rooms};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::lobby::{Lobby, Site};
use crate::message::{Answer, LONGEST_NAME, LONGEST_TEXT, Name, Request as Said};
use crate::store::Store;

#[route("/rooms/{room:[a-z0-9-]{1,32}}")]
pub(crate) struct RoomPage {
    pub(crate) room: String,
}

#[route("/rooms/{room:[a-z0-9-]{1,32}}/socket")]
struct RoomSocket {
    room: String,
}

#[derive(Serialize, TemplateContext)]
struct RoomContext {
    site: Site,
    room: String,
    lobby: String,
    script: String,
    longest_name: usize,
    longest_text: usize,
}

#[view_config(route = RoomPage, renderer = "templates/room.jinja2")]
async fn page(room: String, request: &Request) -> Result<RoomContext> {
    Ok(RoomContext {
        site: Site::of(request)?,
        room,
        lobby: request.route_path(&Lobby)?,
        script: request.static_path("static/chat.js")?,
        longest_name: LONGEST_NAME,
        longest_text: LONGEST_TEXT,
    })
}

/// Who comes.
#[derive(Deserialize)]
struct Visitor {
    name: Name,
    /// The last message that it has; one that comes back is only shown what it has missed.
    #[serde(default)]
    after: i64,
}

/// How often everybody is told who is there, whether or not somebody came or went: a process that was killed says no goodbye.
const ROUNDS: Duration = Duration::from_secs(10);

#[websocket(route = RoomSocket, message_size = 16 * 1024, slow_reader = close)]
async fn talk(
    mut ws: WebSocket,
    room: String,
    visitor: Query<Visitor>,
    rooms: Rooms,
    store: State<Store>,
) -> Result<()> {
    let room = rooms.room(&room);
    // First in the room, then what was said before: so nothing is missed. The page takes a message that comes twice once.
    let member = room.join_as(&ws, visitor.name.as_str()).await?;
    let outcome = converse(&mut ws, &room, &visitor, &store).await;
    member.leave();
    outcome.and(announce(&room).await)
}

async fn converse(ws: &mut WebSocket, room: &Room, visitor: &Visitor, store: &Store) -> Result<()> {
    ws.send(Json(Answer::History { messages: store.history(room.name(), visitor.after).await? })).await?;
    announce(room).await?;
    let mut rounds = interval_at(Instant::now() + ROUNDS, ROUNDS);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            said = ws.recv_as::<Json<Said>>() => match said? {
                None => return Ok(()),
                Some(Json(Said::Say { text })) => match complaint_about(&text) {
                    None => {
                        let text = text.trim().to_owned();
                        let message = store.keep(room.name(), visitor.name.as_str(), text).await?;
                        room.broadcast(Json(Answer::Said(message))).await?;
                    }
                    Some(reason) => ws.send(Json(Answer::Refused { reason })).await?,
                },
            },
            _ = rounds.tick() => ws.send(Json(Answer::Present { names: room.names().await? })).await?,
        }
    }
}

/// Tells everybody who is there.
async fn announce(room: &Room) -> Result<()> {
    let names = room.names().await?;
    room.broadcast(Json(Answer::Present { names })).await
}

/// Why this cannot be said.
fn complaint_about(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return Some("There is nothing in it.".to_owned());
    }
    (text.chars().count() > LONGEST_TEXT).then(|| format!("That is more than {LONGEST_TEXT} characters."))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use aiopyramid::prelude::*;
    use aiopyramid::testing::{Client, TestSocket, run_test};

    use crate::message::{Answer, Message, Request as Said};

    /// A folder for a database, which is removed in the end.
    struct Folder(PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    /// Runs a test with a client of the application, which has a database of its own.
    fn with_client<F: Future<Output = ()>>(name: &str, test: impl FnOnce(Client) -> F) {
        let folder =
            Folder(std::env::temp_dir().join(format!("aiopyramid-chat-{name}-{}", std::process::id())));
        std::fs::create_dir_all(&folder.0).expect("a folder");
        let configure = |config: &mut Configurator| {
            config.set_default("chat.database", folder.0.join("chat.sqlite").display());
            config.include(crate::includeme)?;
            Ok(())
        };
        run_test(configure, test);
    }

    async fn open(client: &Client, target: &str) -> TestSocket {
        client.websocket(target).await.unwrap_or_else(|refused| panic!("refused: {refused:?}"))
    }

    /// The next message that is no list of who is there.
    async fn heard(socket: &mut TestSocket) -> Answer {
        loop {
            match socket.recv_json().await {
                Answer::Present { .. } => {}
                other => return other,
            }
        }
    }

    /// Waits until these are there.
    async fn present(socket: &mut TestSocket, wanted: &[&str]) {
        while socket.recv_json::<Answer>().await
            != (Answer::Present { names: wanted.iter().map(|name| (*name).to_owned()).collect() })
        {}
    }

    async fn say(socket: &mut TestSocket, text: &str) {
        socket.send(Json(Said::Say { text: text.to_owned() })).await;
    }

    #[test]
    fn what_somebody_says_all_hear_who_are_in_the_room() {
        with_client("said", async |client| {
            let mut ann = open(&client, "/rooms/red/socket?name=Ann").await;
            let mut bob = open(&client, "/rooms/red/socket?name=Bob").await;
            let mut eve = open(&client, "/rooms/blue/socket?name=Eve").await;
            present(&mut ann, &["Ann", "Bob"]).await;
            say(&mut ann, " hello ").await;
            for socket in [&mut ann, &mut bob] {
                loop {
                    if let Answer::Said(Message { name, text, .. }) = heard(socket).await {
                        assert_eq!((name.as_str(), text.as_str()), ("Ann", "hello"));
                        break;
                    }
                }
            }
            assert_eq!(heard(&mut eve).await, Answer::History { messages: Vec::new() });
            say(&mut eve, "alone").await;
            assert!(matches!(heard(&mut eve).await, Answer::Said(message) if message.text == "alone"));
        });
    }

    #[test]
    fn who_comes_hears_what_was_said_and_who_comes_back_what_was_missed() {
        with_client("history", async |client| {
            let mut ann = open(&client, "/rooms/red/socket?name=Ann").await;
            assert_eq!(heard(&mut ann).await, Answer::History { messages: Vec::new() });
            let mut said = Vec::new();
            for text in ["one", "two"] {
                say(&mut ann, text).await;
                let Answer::Said(message) = heard(&mut ann).await else { panic!("something else") };
                said.push(message);
            }
            let mut bob = open(&client, "/rooms/red/socket?name=Bob").await;
            assert_eq!(heard(&mut bob).await, Answer::History { messages: said.clone() });
            let after = format!("/rooms/red/socket?name=Bob&after={}", said[0].id);
            let mut again = open(&client, &after).await;
            assert_eq!(heard(&mut again).await, Answer::History { messages: said[1..].to_vec() });
        });
    }

    #[test]
    fn who_leaves_is_not_there_any_more() {
        with_client("presence", async |client| {
            let mut ann = open(&client, "/rooms/red/socket?name=Ann").await;
            let mut bob = open(&client, "/rooms/red/socket?name=Bob").await;
            present(&mut ann, &["Ann", "Bob"]).await;
            bob.close(1000, "").await;
            present(&mut ann, &["Ann"]).await;
        });
    }

    #[test]
    fn nobody_comes_in_without_a_name_and_nothing_empty_is_said() {
        with_client("refused", async |client| {
            for name in ["", "%20", "a%0Ab", "1234567890123456789012345"] {
                let refused = client.websocket(&format!("/rooms/red/socket?name={name}")).await;
                assert_eq!(refused.err().map(|refused| refused.status().as_u16()), Some(400), "{name}");
            }
            let mut ann = open(&client, "/rooms/red/socket?name=Ann").await;
            heard(&mut ann).await;
            for text in ["  ".to_owned(), "x".repeat(2001)] {
                say(&mut ann, &text).await;
                assert!(matches!(heard(&mut ann).await, Answer::Refused { .. }));
            }
        });
    }

    #[test]
    fn the_lobby_leads_to_rooms() {
        with_client("lobby", async |client| {
            assert!(client.get("/").await.text().contains("/rooms/lounge"));
            let sent = client.get("/enter?room=Tea+%26+Talk").await;
            assert_eq!((sent.status().as_u16(), sent.header("location")), (303, "/rooms/tea-talk"));
            assert!(client.get("/rooms/tea-talk").await.text().contains("</body>"));
            assert_eq!(client.get("/rooms/No_Room").await.status(), 404);
        });
    }
}
