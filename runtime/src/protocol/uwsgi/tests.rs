//! What the servers in front send, what they never should, and what nobody does.

use std::fmt::Write as _;

use super::*;

type Variable<'a> = (&'a str, &'a str);

fn block(variables: &[Variable<'_>]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in variables {
        for text in [name, value] {
            block.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
            block.extend(text.as_bytes());
        }
    }
    block
}

fn translated(variables: &[Variable<'_>]) -> (String, Front) {
    let Translated { head, front } = translate(&block(variables)).unwrap();
    (String::from_utf8(head).unwrap(), front)
}

/// A GET that differs from the shortest one in these variables.
fn with(variables: &[Variable<'_>]) -> Result<String, &'static str> {
    let mut all = vec![("REQUEST_METHOD", "GET"), ("SERVER_PROTOCOL", "HTTP/1.1"), ("HTTP_HOST", "a")];
    let named = |name: &str| variables.iter().any(|(given, _)| *given == name);
    all.retain(|(name, _)| !named(name));
    if !named("PATH_INFO") && !named("REQUEST_URI") {
        all.push(("PATH_INFO", "/"));
    }
    all.extend(variables);
    match translate(&block(&all)) {
        Ok(translated) => Ok(String::from_utf8(translated.head).unwrap()),
        Err(refusal) => Err(refusal.text),
    }
}

/// The target of that GET.
fn target(variables: &[Variable<'_>]) -> Result<String, &'static str> {
    with(variables).map(|head| head.split(' ').nth(1).unwrap().to_owned())
}

#[test]
fn a_request_of_nginx_becomes_one_of_http() {
    let (head, front) = translated(&[
        ("QUERY_STRING", "x=1&y=%2F"),
        ("REQUEST_METHOD", "POST"),
        ("CONTENT_TYPE", "text/plain"),
        ("CONTENT_LENGTH", "5"),
        ("REQUEST_URI", "/a%2Fb?x=1&y=%2F"),
        ("PATH_INFO", "/a/b"),
        ("DOCUMENT_ROOT", "/usr/share/nginx/html"),
        ("SERVER_PROTOCOL", "HTTP/2.0"),
        ("REQUEST_SCHEME", "https"),
        ("HTTPS", "on"),
        ("REMOTE_ADDR", "192.0.2.7"),
        ("REMOTE_PORT", "51697"),
        ("SERVER_PORT", "443"),
        ("SERVER_NAME", ""),
        ("HTTP_HOST", "example.com"),
        ("HTTP_TRANSFER_ENCODING", "chunked"),
        ("HTTP_CONTENT_LENGTH", "7"),
        ("HTTP_CONTENT_TYPE", "text/html"),
        ("HTTP_CONNECTION", "keep-alive"),
        ("HTTP_EXPECT", "100-continue"),
        ("HTTP_TE", "trailers"),
        ("HTTP_X_FORWARDED_FOR", "1.2.3.4"),
        ("HTTP_X_FORWARDED_FOR", "5.6.7.8"),
    ]);
    assert_eq!(
        head,
        "POST /a%2Fb?x=1&y=%2F HTTP/1.1\r\nhost: example.com\r\nx-forwarded-for: 1.2.3.4\r\n\
         x-forwarded-for: 5.6.7.8\r\ncontent-length: 5\r\ncontent-type: text/plain\r\n\r\n"
    );
    assert!(front.secure);
    assert_eq!(front.client, Some("192.0.2.7:51697".parse().unwrap()));
    assert_eq!((front.reached, front.script_name.as_str()), (None, ""));
}

#[test]
fn a_request_of_uwsgis_router_becomes_one_of_http() {
    let (head, front) = translated(&[
        ("REQUEST_METHOD", "GET"),
        ("PATH_INFO", "/a b"),
        ("REQUEST_URI", "/a%20b?q"),
        ("QUERY_STRING", "q"),
        ("SERVER_PROTOCOL", "HTTP/1.1"),
        ("SCRIPT_NAME", ""),
        ("SERVER_NAME", "machine"),
        ("SERVER_PORT", "8080"),
        ("UWSGI_ROUTER", "http"),
        ("REMOTE_ADDR", "::1"),
        ("REMOTE_PORT", "61897"),
        ("HTTP_HOST", "127.0.0.1:8080"),
        ("HTTP_TRANSFER_ENCODING", "chunked"),
    ]);
    assert_eq!(head, "GET /a%20b?q HTTP/1.1\r\nhost: 127.0.0.1:8080\r\ntransfer-encoding: chunked\r\n\r\n");
    // The router has the bytes of the port in the wrong order.
    assert_eq!(front, Front { client: Some("[::1]:0".parse().unwrap()), ..Front::default() });
}

#[test]
fn the_shortest_request_has_a_method_and_a_path() {
    let (head, front) = translated(&[("REQUEST_METHOD", "GET"), ("PATH_INFO", "/")]);
    assert_eq!(head, "GET / HTTP/1.0\r\n\r\n");
    assert_eq!(front, Front::default());
    assert!(translate(&block(&[("PATH_INFO", "/")])).is_err());
    assert!(translate(&block(&[("REQUEST_METHOD", "GET")])).is_err());
    assert!(translate(b"").is_err());
}

#[test]
fn who_speaks_http_1_0_and_names_no_host_is_given_the_servers() {
    let old = |variables: &[Variable<'_>]| {
        let mut all = vec![("REQUEST_METHOD", "GET"), ("PATH_INFO", "/"), ("SERVER_PROTOCOL", "HTTP/1.0")];
        all.extend(variables);
        translated(&all).0
    };
    assert_eq!(old(&[("SERVER_NAME", "a"), ("SERVER_PORT", "80")]), "GET / HTTP/1.0\r\nhost: a\r\n\r\n");
    assert_eq!(old(&[("SERVER_NAME", "a"), ("SERVER_PORT", "81")]), "GET / HTTP/1.0\r\nhost: a:81\r\n\r\n");
    assert_eq!(old(&[("SERVER_NAME", "a"), ("HTTP_HOST", "b")]), "GET / HTTP/1.0\r\nhost: b\r\n\r\n");
    assert_eq!(old(&[("SERVER_NAME", ""), ("HTTP_HOST", "")]), "GET / HTTP/1.0\r\n\r\n");
    let new = with(&[("HTTP_HOST", ""), ("SERVER_NAME", "a")]).unwrap();
    assert!(!new.contains("host"), "HTTP/1.1 without a host is for HTTP to refuse: {new}");
}

#[test]
fn the_path_is_what_the_server_in_front_understood() {
    for (sent, understood, expected) in [
        ("/a%2Fb", "/a/b", "/a%2Fb"),
        ("/caf%C3%A9", "/caf\u{e9}", "/caf%C3%A9"),
        ("/%7euser", "/~user", "/%7euser"),
        ("/a%20b+c", "/a b+c", "/a%20b+c"),
        ("/frag#x", "/frag", "/frag"),
        ("//x//y", "//x//y", "//x//y"),
        ("/100%", "/100%", "/100%"),
        // Merged, resolved, rewritten: then the path is made anew.
        ("//x//y", "/x/y", "/x/y"),
        ("/a/../b", "/b", "/b"),
        ("/old", "/new/50%/\u{e9}?", "/new/50%25/%C3%A9%3F"),
    ] {
        let variables = [("REQUEST_URI", sent), ("PATH_INFO", understood)];
        assert_eq!(target(&variables).as_deref(), Ok(expected), "{sent} {understood}");
    }
}

#[test]
fn a_star_is_a_target_of_options_only() {
    let star = [("REQUEST_METHOD", "OPTIONS"), ("REQUEST_URI", "*"), ("PATH_INFO", "*")];
    assert_eq!(target(&star).as_deref(), Ok("*"));
    assert!(target(&star[1..]).is_err());
}

#[test]
fn an_empty_target_is_the_root() {
    assert_eq!(target(&[("REQUEST_URI", "")]).as_deref(), Ok("/"));
    assert_eq!(target(&[("PATH_INFO", "")]).as_deref(), Ok("/"));
}

#[test]
fn a_url_as_target_stays_one() {
    let url = "http://abs.example/x";
    assert_eq!(target(&[("REQUEST_URI", url), ("PATH_INFO", url)]).as_deref(), Ok(url));
    assert_eq!(target(&[("REQUEST_URI", url), ("PATH_INFO", "/x")]).as_deref(), Ok("/x"));
}

#[test]
fn the_query_is_the_variable_or_else_that_of_the_target() {
    assert_eq!(target(&[("REQUEST_URI", "/q??a=b?c"), ("PATH_INFO", "/q")]).as_deref(), Ok("/q??a=b?c"));
    let rewritten = [("REQUEST_URI", "/q?a=b"), ("PATH_INFO", "/q"), ("QUERY_STRING", "c=d")];
    assert_eq!(target(&rewritten).as_deref(), Ok("/q?c=d"));
    let emptied = [("REQUEST_URI", "/q?a=b"), ("PATH_INFO", "/q"), ("QUERY_STRING", "")];
    assert_eq!(target(&emptied).as_deref(), Ok("/q"));
    assert_eq!(target(&[("REQUEST_URI", "/q?a=b")]).as_deref(), Ok("/q?a=b"));
}

#[test]
fn the_script_name_is_taken_off_where_it_is_still_there() {
    let below = |sent, understood| {
        target(&[("REQUEST_URI", sent), ("PATH_INFO", understood), ("SCRIPT_NAME", "/app")]).unwrap()
    };
    assert_eq!(below("/app/x%2Fy", "/x/y"), "/x%2Fy", "the server in front has taken it off");
    assert_eq!(below("/app/x%2Fy", "/app/x/y"), "/x%2Fy", "it has not");
    assert_eq!(below("/%61pp/x", "/app/x"), "/x");
    assert_eq!(below("/app/app/x", "/app/x"), "/app/x", "the application has such a path itself");
    assert_eq!(below("/app", "/app"), "/");
    assert_eq!(below("/app", ""), "/");
    assert_eq!(below("/apple", "/apple"), "/apple", "another path begins with the same letters");
    assert_eq!(below("/other", "/x"), "/x");
    let bare = [("REQUEST_URI", "/app/x"), ("SCRIPT_NAME", "/app/")];
    assert_eq!(target(&bare).as_deref(), Ok("/x"));
    let (_, front) = translated(&[("REQUEST_METHOD", "GET"), ("PATH_INFO", "/"), ("SCRIPT_NAME", "/app/")]);
    assert_eq!(front.script_name, "/app");
    for script_name in ["app", "//evil.example", "/\\evil.example"] {
        assert_eq!(with(&[("SCRIPT_NAME", script_name)]), Err("SCRIPT_NAME is no path.\n"), "{script_name}");
    }
}

#[test]
fn the_scheme_is_told_in_one_of_three_variables() {
    for (name, value, secure) in [
        ("HTTPS", "on", true),
        ("HTTPS", "1", true),
        ("HTTPS", "off", false),
        ("HTTPS", "", false),
        ("REQUEST_SCHEME", "https", true),
        ("REQUEST_SCHEME", "http", false),
        ("UWSGI_SCHEME", "https", true),
        ("HTTP_HTTPS", "on", false),
        ("HTTP_X_FORWARDED_PROTO", "https", false),
    ] {
        let (_, front) = translated(&[("REQUEST_METHOD", "GET"), ("PATH_INFO", "/"), (name, value)]);
        assert_eq!(front.secure, secure, "{name}={value}");
    }
}

#[test]
fn the_client_is_who_came_to_the_server_in_front() {
    let client = |variables: &[Variable<'_>]| {
        let mut all = vec![("REQUEST_METHOD", "GET"), ("PATH_INFO", "/")];
        all.extend(variables);
        translate(&block(&all)).map(|translated| translated.front)
    };
    assert_eq!(client(&[("REMOTE_ADDR", "unix:")]).unwrap().client, None);
    assert_eq!(client(&[("REMOTE_ADDR", "")]).unwrap().client, None);
    let alone = client(&[("REMOTE_ADDR", "192.0.2.1"), ("REMOTE_PORT", "99999")]).unwrap();
    assert_eq!(alone.client, Some("192.0.2.1:0".parse().unwrap()));
    assert!(client(&[("REMOTE_ADDR", "somebody")]).is_err());
    let reached = client(&[("SERVER_ADDR", "192.0.2.2"), ("SERVER_PORT", "443")]).unwrap().reached;
    assert_eq!(reached, Some("192.0.2.2:443".parse().unwrap()));
}

#[test]
fn an_upgrade_is_passed_on_only_where_it_is_asked_for() {
    let websocket = [
        ("HTTP_UPGRADE", "websocket"),
        ("HTTP_CONNECTION", "keep-alive, Upgrade"),
        ("HTTP_SEC_WEBSOCKET_VERSION", "13"),
    ];
    assert_eq!(
        with(&websocket).as_deref(),
        Ok(
            "GET / HTTP/1.1\r\nhost: a\r\nsec-websocket-version: 13\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"
        )
    );
    let plain = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    assert_eq!(with(&websocket[..1]).as_deref(), Ok(plain));
    assert_eq!(with(&[("HTTP_UPGRADE", "h2c"), ("HTTP_CONNECTION", "close")]).as_deref(), Ok(plain));
    let twice = [("HTTP_UPGRADE", "x"), ("HTTP_CONNECTION", "upgrade"), ("HTTP_CONNECTION", "close")];
    assert!(with(&twice).unwrap().ends_with("connection: upgrade\r\nupgrade: x\r\n\r\n"));
}

#[test]
fn a_body_has_one_length_and_in_digits() {
    for length in ["-5", "+5", "3, 5", "5 ", " 5", "0x5", "5\t", "\u{665}"] {
        assert_eq!(with(&[("CONTENT_LENGTH", length)]), Err("CONTENT_LENGTH is no length.\n"), "{length}");
    }
    let two = [("CONTENT_LENGTH", "5"), ("CONTENT_LENGTH", "6")];
    assert_eq!(with(&two), Err("A variable of the packet has two values.\n"));
    assert!(with(&[("CONTENT_LENGTH", "5"), ("CONTENT_LENGTH", "5")]).is_ok());
    assert!(with(&[("HTTP_CONTENT_LENGTH", "5")]).unwrap_err().contains("no CONTENT_LENGTH"));
    assert!(!with(&[("CONTENT_LENGTH", ""), ("HTTP_CONTENT_LENGTH", "5")]).unwrap().contains("length"));
    assert!(!with(&[("CONTENT_LENGTH", "")]).unwrap().contains("length"));
    let codings = [("HTTP_TRANSFER_ENCODING", "gzip"), ("HTTP_TRANSFER_ENCODING", "chunked")];
    assert!(with(&codings).is_err());
}

#[test]
fn the_media_type_has_two_names_and_one_meaning() {
    let of = |variables: &[Variable<'_>]| {
        let head = with(variables).unwrap();
        head.matches("content-type: text/plain\r\n").count()
    };
    assert_eq!(of(&[("CONTENT_TYPE", "text/plain")]), 1);
    assert_eq!(of(&[("CONTENT_TYPE", "text/plain"), ("HTTP_CONTENT_TYPE", "text/plain")]), 1);
    assert_eq!(of(&[("HTTP_CONTENT_TYPE", "text/plain")]), 1);
    assert_eq!(of(&[("CONTENT_TYPE", "")]), 0);
}

#[test]
fn what_would_make_a_second_request_of_one_is_refused() {
    for variable in [
        ("REQUEST_METHOD", "GET / HTTP/1.1\r\nx:"),
        ("REQUEST_METHOD", ""),
        ("REQUEST_METHOD", "G T"),
        ("PATH_INFO", "x"),
        ("PATH_INFO", "/\0"),
        ("PATH_INFO", "/ HTTP/1.1\r\n\r\n"),
        ("REQUEST_URI", "/ HTTP/1.1"),
        ("REQUEST_URI", "/\t"),
        ("REQUEST_URI", "x"),
        ("QUERY_STRING", "a b"),
        ("QUERY_STRING", "a\r\nb"),
        ("QUERY_STRING", "a\x7f"),
        ("HTTP_HOST", "a\r\nx-evil: 1"),
        ("HTTP_X_A", "a\nb"),
        ("HTTP_X_A", "a\rb"),
        ("HTTP_X_A", "a\0b"),
        ("HTTP_X_A ", "1"),
        ("HTTP_X:A", "1"),
        ("HTTP_X\r\nA", "1"),
        ("HTTP_", "1"),
        ("HTTP_UPGRADE", "a\r\nb"),
        ("HTTP_TRANSFER_ENCODING", "chunked\r\nx: y"),
        ("CONTENT_TYPE", "a\r\nb"),
        ("SERVER_NAME", "a\r\nb"),
    ] {
        assert!(with(&[variable]).is_err(), "{variable:?}");
    }
    let port = [("SERVER_PROTOCOL", ""), ("HTTP_HOST", ""), ("SERVER_NAME", "a"), ("SERVER_PORT", "8 0")];
    assert!(with(&port).is_err());
    // What nobody reads may hold anything.
    assert!(with(&[("SSL_CLIENT_CERT", "-----BEGIN\n\tx")]).is_ok());
}

/// Numbers that look like chance and are the same each time (xorshift64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % end
    }
}

/// Whatever comes in: it ends, what is written is in proportion to what was read, and is one head and no more.
fn assert_bounded(block: &[u8]) {
    let Ok(translated) = translate(block) else { return };
    let head = translated.head;
    assert!(head.len() <= 3 * block.len() + 64, "{} bytes of {}", head.len(), block.len());
    assert!(head.ends_with(b"\r\n\r\n"));
    let lines = head.windows(2).filter(|bytes| bytes == b"\r\n").count();
    let breaks = head.iter().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
    assert_eq!(breaks, 2 * lines, "a line break that ends no line");
    let first_empty = head.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    assert_eq!(first_empty, Some(head.len() - 4), "a second head");
    let line = head.split(|byte| *byte == b'\r').next().unwrap();
    assert_eq!(line.split(|byte| *byte == b' ').count(), 3, "{:?}", String::from_utf8_lossy(line));
    let lengths = head.windows(17).filter(|bytes| bytes == b"\r\ncontent-length:").count();
    let codings = head.windows(20).filter(|bytes| bytes == b"\r\ntransfer-encoding:").count();
    assert!(lengths + codings <= 1, "the body ends in two places");
}

#[test]
fn bytes_by_chance_make_no_panic_and_never_two_requests() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        let length = chance.below(64);
        let bytes: Vec<u8> = (0..length).map(|_| chance.below(256).try_into().unwrap()).collect();
        assert_bounded(&bytes);
    }
    let names = [
        "REQUEST_METHOD",
        "REQUEST_URI",
        "PATH_INFO",
        "QUERY_STRING",
        "SCRIPT_NAME",
        "SERVER_PROTOCOL",
        "CONTENT_LENGTH",
        "CONTENT_TYPE",
        "SERVER_NAME",
        "SERVER_PORT",
        "REMOTE_ADDR",
        "HTTP_HOST",
        "HTTP_CONTENT_LENGTH",
        "HTTP_TRANSFER_ENCODING",
        "HTTP_UPGRADE",
        "HTTP_CONNECTION",
        "HTTP_X",
        "X",
    ];
    let pieces =
        ["GET", "/", "a", "%2F", "%", " ", "\r", "\n", "\0", ":", "1", "chunked", "upgrade", "HTTP/1.1", "é"];
    let mut taken = 0;
    for _ in 0..20_000 {
        let mut variables = vec![("REQUEST_METHOD".to_owned(), "GET".to_owned())];
        variables.extend((chance.below(2) == 0).then(|| ("PATH_INFO".to_owned(), "/".to_owned())));
        for _ in 0..chance.below(6) {
            let mut value = String::new();
            for _ in 0..chance.below(4) {
                write!(value, "{}", pieces[chance.below(pieces.len())]).unwrap();
            }
            variables.push((names[chance.below(names.len())].to_owned(), value));
        }
        let variables: Vec<_> = variables.iter().map(|(name, value)| (&**name, &**value)).collect();
        let mut bytes = block(&variables);
        taken += usize::from(translate(&bytes).is_ok());
        assert_bounded(&bytes);
        let place = chance.below(bytes.len());
        bytes[place] = chance.below(256).try_into().unwrap();
        assert_bounded(&bytes);
    }
    assert!(taken > 500, "only {taken} of the requests were any");
}
