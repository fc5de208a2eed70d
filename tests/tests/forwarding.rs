//! Servers in front: who is believed, and in what.
#![cfg(unix)]

use support::{App, Client, Folder, program};

mod support;

const PROGRAM: &str = env!("CARGO_BIN_EXE_worker-app");

/// Asks who it is, with these fields; the status and the text.
fn who(app: &App, fields: &[&str]) -> (u16, String) {
    let reply = app.connect().ask("GET", "/who", fields, b"").reply();
    (reply.status, reply.text().to_owned())
}

#[test]
fn nobody_is_believed_unless_listed() {
    for settings in [&[][..], &["trusted_proxies=192.0.2.0/24"]] {
        let app = App::of(PROGRAM, settings);
        let (status, text) =
            who(&app, &["x-forwarded-for: 198.51.100.1", "x-forwarded-proto: https", "forwarded: nonsense"]);
        assert_eq!(status, 200);
        assert!(text.starts_with("127.0.0.1:") && text.contains(" http://example.com/who "), "{text}");
    }
}

#[test]
fn a_listed_server_names_its_client_and_the_scheme() {
    let app = App::of(PROGRAM, &["trusted_proxies=127.0.0.1,10.0.0.0/8"]);
    let fields = [
        "x-forwarded-for: 9.9.9.9, 198.51.100.1, 10.0.0.7",
        "x-forwarded-proto: https",
        "x-forwarded-host: evil.example",
    ];
    assert_eq!(who(&app, &fields), (200, "198.51.100.1:0 https://example.com/who HTTP/1.1".to_owned()));
    // On one connection each request has a client of its own.
    let mut client = app.connect();
    for number in 1..3 {
        let field = format!("x-forwarded-for: 198.51.100.{number}");
        let reply = client.ask("GET", "/who", &[&field], b"").reply();
        assert!(reply.text().starts_with(&format!("198.51.100.{number}:0 http://")), "{}", reply.text());
    }
    assert!(client.get("/who").text().starts_with("127.0.0.1:"));
}

#[test]
fn what_contradicts_itself_is_400() {
    let app = App::of(PROGRAM, &["trusted_proxies=127.0.0.1"]);
    let fields = ["x-forwarded-proto: https", "x-forwarded-proto: http"];
    let (status, text) = who(&app, &fields);
    assert_eq!(status, 400, "{text}");
    assert_eq!(who(&app, &["x-forwarded-proto: gopher"]).0, 400);
}

#[test]
fn host_port_and_prefix_are_believed_where_that_is_said() {
    let believed = "proxy_headers=x-forwarded-host, x-forwarded-port, x-forwarded-prefix, script_name, x-forwarded-proto";
    let app = App::of(PROGRAM, &["trusted_proxies=*", believed]);
    let (_, text) = who(
        &app,
        &[
            "x-forwarded-host: shop.example",
            "x-forwarded-port: 8443",
            "x-forwarded-proto: https",
            "x-forwarded-prefix: /app/",
        ],
    );
    assert!(text.contains(" https://shop.example:8443/app/who "), "{text}");
    assert_eq!(who(&app, &["x-forwarded-host: a b"]).0, 400);
    let reply = app.connect().ask("GET", "/app/who", &["script_name: /app"], b"").reply();
    assert!(reply.text().contains(" http://example.com/app/who "), "{}", reply.text());
    assert_eq!(who(&app, &["script_name: /other"]).0, 400);
}

#[test]
fn forwarded_is_read_where_it_is_believed() {
    let app = App::of(PROGRAM, &["trusted_proxies=127.0.0.1", "proxy_headers=forwarded"]);
    let field = "forwarded: for=\"[2001:db8::7]:4711\";proto=https;host=\"shop.example\"";
    assert_eq!(who(&app, &[field]).1, "[2001:db8::7]:4711 https://shop.example/who HTTP/1.1");
    assert_eq!(who(&app, &["forwarded: for"]).0, 400);
}

#[test]
fn a_peer_on_a_unix_socket_is_believed_where_anybody_is() {
    let folder = Folder::new("front");
    let socket = folder.file("app.sock");
    let listen = format!("listen=unix:{}", socket.display());
    for (settings, expected) in [(&[][..], "nobody "), (&["trusted_proxies=127.0.0.1"], "198.51.100.1:0 ")] {
        let mut command = program(PROGRAM);
        command.args(["serve", &listen]).args(settings);
        let app = App::started_by(command);
        let reply =
            Client::connect_unix(&socket).ask("GET", "/who", &["x-forwarded-for: 198.51.100.1"], b"").reply();
        assert!(reply.text().starts_with(expected), "{}", reply.text());
        app.signal("TERM");
        app.end();
    }
}

/// A connection that begins with these bytes, with a request behind them, in pieces or at once.
fn passed_on(app: &App, header: &[u8], pieces: bool) -> String {
    let request = b"GET /who HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let mut client = app.connect();
    if pieces {
        for byte in header {
            client.say([*byte]);
        }
        client.say(request);
    } else {
        client.say([header, request].concat());
    }
    client.rest()
}

#[test]
fn the_proxy_protocol_says_whose_a_connection_is() {
    let app = App::of(PROGRAM, &["trusted_proxies=127.0.0.1", "proxy_protocol=true"]);
    let second = [
        &b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x14"[..],
        &[198, 51, 100, 2, 192, 0, 2, 1, 0x12, 0x67, 0x01, 0xbb],
        // The client speaks TLS to the server in front.
        &[0x20, 0, 5, 1, 0, 0, 0, 0],
    ]
    .concat();
    for pieces in [false, true] {
        let said = passed_on(&app, b"PROXY TCP4 198.51.100.1 192.0.2.1 4711 443\r\n", pieces);
        assert!(said.contains("198.51.100.1:4711 http://a/who"), "{said}");
        let said = passed_on(&app, b"PROXY TCP6 2001:db8::1 2001:db8::2 4711 443\r\n", pieces);
        assert!(said.contains("[2001:db8::1]:4711 "), "{said}");
        let said = passed_on(&app, b"PROXY UNKNOWN\r\n", pieces);
        assert!(said.contains("127.0.0.1:"), "{said}");
        // A health check of the server in front.
        let said = passed_on(&app, b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", pieces);
        assert!(said.contains("127.0.0.1:"), "{said}");
        let said = passed_on(&app, &second, pieces);
        assert!(said.contains("198.51.100.2:4711 https://a/who"), "{said}");
    }
    // Without it, and with nonsense, there is no word.
    for header in [&b""[..], b"PROXY TCP4 1.2.3.4\r\n", b"PROXY nonsense\r\n"] {
        assert_eq!(passed_on(&app, header, false), "");
    }
}

#[test]
fn the_proxy_protocol_of_strangers_is_not_read() {
    let app = App::of(PROGRAM, &["trusted_proxies=192.0.2.1", "proxy_protocol=true"]);
    let mut client = app.connect();
    assert_eq!(client.rest(), "");
    let ended = support::run(PROGRAM, &["serve", "proxy_protocol=true"], &[]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.complaint.contains("set along with `trusted_proxies`"), "{}", ended.complaint);
}
