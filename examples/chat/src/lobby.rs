//! The first page: the rooms that there are, and a way into any other.

use aiopyramid::TemplateContext;
use aiopyramid::prelude::*;
use aiopyramid::websocket::Rooms;
use serde::{Deserialize, Serialize};

use crate::room::RoomPage;
use crate::store::Store;

#[route("/")]
pub(crate) struct Lobby;

#[route("/enter")]
struct Enter;

/// What every page has.
#[derive(Serialize, TemplateContext)]
pub(crate) struct Site {
    css: String,
}

impl Site {
    pub(crate) fn of(request: &Request) -> Result<Self> {
        Ok(Self { css: request.static_path("static/chat.css")? })
    }
}

#[derive(Serialize, TemplateContext)]
struct LobbyContext {
    site: Site,
    enter: String,
    rooms: Vec<Line>,
}

#[derive(Serialize, TemplateContext)]
struct Line {
    name: String,
    url: String,
    people: usize,
}

#[view_config(route = Lobby, renderer = "templates/lobby.jinja2")]
async fn lobby(rooms: Rooms, store: State<Store>, request: &Request) -> Result<LobbyContext> {
    let mut names = store.rooms().await?;
    if !names.iter().any(|name| name == "lounge") {
        names.push("lounge".to_owned());
    }
    let mut lines = Vec::new();
    for name in names {
        let people = rooms.room(&name).presence().await?;
        lines.push(Line { url: request.route_path(&RoomPage { room: name.clone() })?, name, people });
    }
    Ok(LobbyContext { site: Site::of(request)?, enter: request.route_path(&Enter)?, rooms: lines })
}

/// Where somebody wants to go.
#[derive(Deserialize)]
struct Wish {
    room: String,
}

/// Leads to the room of that name, written as it stands in addresses.
#[view_config(route = Enter)]
async fn enter(wish: Query<Wish>, request: &Request) -> Result<Response> {
    match address_of(&wish.room) {
        Some(room) => Response::see_other(&request.route_path(&RoomPage { room })?),
        None => Response::see_other(&request.route_path(&Lobby)?),
    }
}

/// `My Room!` as `my-room`; `None` where nothing is left of it.
fn address_of(room: &str) -> Option<String> {
    let mut address = String::new();
    for character in room.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_alphanumeric() {
            address.push(character);
        } else if !address.is_empty() && !address.ends_with('-') {
            address.push('-');
        }
        if address.len() == 32 {
            break;
        }
    }
    let address = address.trim_end_matches('-');
    (!address.is_empty()).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::address_of;

    #[test]
    fn a_room_has_an_address_that_can_be_typed() {
        assert_eq!(address_of("My Room!").as_deref(), Some("my-room"));
        assert_eq!(address_of("  Tea & talk, at 5 ").as_deref(), Some("tea-talk-at-5"));
        assert_eq!(address_of(&"x".repeat(50)).map(|address| address.len()), Some(32));
        assert_eq!(address_of("…"), None);
    }
}
