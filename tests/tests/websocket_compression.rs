//! What is agreed on of compression (RFC 7692), by what clients offer and by what the settings say.

mod support;

use support::{App, run};

const ECHO: &str = env!("CARGO_BIN_EXE_echo-app");

/// The extension in the answer to a handshake with this offer.
fn agreed(app: &App, offer: &str) -> Option<String> {
    let offer = format!("sec-websocket-extensions: {offer}");
    let fields = [
        "connection: upgrade",
        "upgrade: websocket",
        "sec-websocket-version: 13",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
        &offer,
    ];
    let answer = app.connect().ask("GET", "/", &fields, b"").head();
    assert_eq!(answer.status, 101, "{answer:?}");
    answer.field("sec-websocket-extensions").map(str::to_owned)
}

/// What browsers, Python's `websockets`, Node's `ws` and plain clients offer.
const OFFERS: [&str; 4] = [
    "permessage-deflate; client_max_window_bits",
    "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12",
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; \
     client_max_window_bits",
    "permessage-deflate",
];

#[test]
fn by_default_nothing_is_remembered() {
    let app = App::of(ECHO, &[]);
    let none = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    for (offer, windows) in OFFERS.into_iter().zip([
        "; client_max_window_bits=12",
        "; server_max_window_bits=12; client_max_window_bits=12",
        "; server_max_window_bits=10; client_max_window_bits=12",
        "",
    ]) {
        assert_eq!(agreed(&app, offer), Some(format!("{none}{windows}")), "{offer}");
    }
    assert_eq!(agreed(&app, "permessage-brotli"), None);
}

#[test]
fn the_settings_leave_more_to_the_client_or_nothing() {
    let app = App::of(ECHO, &["websocket_context_takeover=both", "websocket_window_bits=15"]);
    assert_eq!(agreed(&app, OFFERS[0]).as_deref(), Some("permessage-deflate; client_max_window_bits=15"));
    let app = App::of(ECHO, &["websocket_context_takeover=client"]);
    assert_eq!(agreed(&app, OFFERS[3]).as_deref(), Some("permessage-deflate; server_no_context_takeover"));
    let app = App::of(ECHO, &["websocket_compression=false"]);
    assert_eq!(agreed(&app, OFFERS[0]), None);
}

#[test]
fn a_setting_that_cannot_be_is_said_at_the_start() {
    for setting in [
        "websocket_window_bits=8",
        "websocket_window_bits=16",
        "websocket_compression_level=10",
        "websocket_compression_smallest=few",
        "websocket_context_takeover=yes",
    ] {
        let ended = run(ECHO, &["serve", "listen=127.0.0.1:0", setting], &[]);
        let name = setting.split('=').next().unwrap();
        assert!(!ended.status.success() && ended.complaint.contains(name), "{}", ended.complaint);
    }
}
