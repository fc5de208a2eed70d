//! An application behind nginx, over uwsgi and HTTP, and behind uWSGI's router, each as the guide sets it up.
//!
//! Both come with Debian, as `nginx-light` and `uwsgi-core`. Where one is missing its tests say so and pass, unless the environment
//! says that it must be there.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use support::peer::peer;
use support::{App, Client, EVENTUALLY, run, signal};

mod support;

const NGINX: &str = include_str!("../../runtime/src/guide/behind_nginx.md");
const UWSGI: &str = include_str!("../../runtime/src/guide/behind_uwsgi.md");

/// The block of a chapter in a language that says this.
fn block(guide: &'static str, language: &str, says: &str) -> &'static str {
    let blocks = guide
        .split("```")
        .skip(1)
        .step_by(2)
        .filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'));
    let mut found = blocks.filter(|block| block.contains(says));
    found.next().unwrap_or_else(|| panic!("no block in `{language}` says `{says}`"))
}

/// Puts an address of this test in the place of one of the guide.
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the guide says nothing of `{from}`: {text}");
    text.replace(from, to)
}

/// A folder that is removed when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("aiopyramid-front-{}-{count}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A server in front, and the application behind it.
struct Front {
    child: Child,
    address: SocketAddr,
    app: App,
    _folder: Folder,
}

/// How the server in front reaches the application.
#[derive(Debug, Clone, Copy)]
enum By {
    Tcp,
    Unix,
}

/// Where an application is to listen.
fn place(by: By, folder: &Folder) -> String {
    match by {
        By::Tcp => "127.0.0.1:0".to_owned(),
        By::Unix => format!("unix:{}", folder.0.join("app.sock").display()),
    }
}

/// The application, and its address as a server in front has to name it.
fn application(by: By, folder: &Folder) -> (App, String) {
    let app = App::start(&["max_body=4194304", &format!("uwsgi_socket={}", place(by, folder))]);
    let line = app.logged("listening at uwsgi://");
    let (_, address) = line.rsplit_once("uwsgi://").expect("it has just been found");
    let address = address.to_owned();
    (app, address)
}

/// The same over HTTP, started as the guide says. There is a port for the test, too.
fn proxied(by: By, folder: &Folder) -> (App, String) {
    let line = block(NGINX, "sh", "trusted_proxies").replace("\\\n", "");
    let settings = line.strip_prefix("my-app serve listen=127.0.0.1:6543 ").expect("a command line");
    let listen = format!("listen=127.0.0.1:0,{}", place(by, folder));
    let settings: Vec<&str> =
        settings.split_ascii_whitespace().chain(["max_body=4194304", &listen]).collect();
    let app = App::start(&settings);
    let address = match by {
        By::Tcp => app.address().to_string(),
        By::Unix => place(by, folder),
    };
    (app, address)
}

impl Front {
    /// Starts a server at a port that is free, and waits until it says that it is there.
    fn start(
        mut command: impl FnMut(&Folder, SocketAddr) -> Command,
        ready: &str,
        app: App,
        folder: Folder,
    ) -> Self {
        let mut told = String::new();
        // Somebody else may take the port before the server does.
        for _ in 0..5 {
            let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
            let address = free.expect("a free port");
            let mut command = command(&folder, address);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
            let mut child = command.spawn().expect("a program that can be started");
            let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
            let (tell, lines) = mpsc::channel();
            // Read to its end, or the server would wait for that.
            thread::spawn(move || {
                stderr.lines().map_while(Result::ok).for_each(|line| drop(tell.send(line)));
            });
            while let Ok(line) = lines.recv_timeout(EVENTUALLY) {
                told.push_str(&line);
                told.push('\n');
                if line.contains(ready) {
                    return Self { child, address, app, _folder: folder };
                }
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        panic!("the server in front did not start:\n{told}");
    }

    fn nginx(by: By) -> Option<Self> {
        let folder = Folder::new();
        let text = block(NGINX, "nginx", "uwsgi_buffering");
        let program = peer("nginx")?;
        let (app, address) = application(by, &folder);
        let text = replaced(text, "uwsgi_pass 127.0.0.1:9000;", &format!("uwsgi_pass {address};"));
        Some(Self::start(nginx(program, text), "start worker process ", app, folder))
    }

    /// The same over HTTP.
    fn nginx_over_http(by: By) -> Option<Self> {
        let program = peer("nginx")?;
        let folder = Folder::new();
        let (app, address) = proxied(by, &folder);
        let text = block(NGINX, "nginx", "proxy_pass");
        let text = replaced(text, "server 127.0.0.1:6543;", &format!("server {address};"));
        Some(Self::start(nginx(program, text), "start worker process ", app, folder))
    }

    /// The same with an application below a path.
    fn nginx_with_a_shop() -> Option<Self> {
        let program = peer("nginx")?;
        let folder = Folder::new();
        let (app, address) = application(By::Tcp, &folder);
        let text = block(NGINX, "nginx", "location /shop/");
        let text = replaced(text, "uwsgi_pass 127.0.0.1:9000;", &format!("uwsgi_pass {address};"));
        let text = format!("server {{ listen 80; {text} }}");
        Some(Self::start(nginx(program, text), "start worker process ", app, folder))
    }

    fn router(by: By) -> Option<Self> {
        let program = peer("uwsgi")?;
        let folder = Folder::new();
        let (app, address) = application(by, &folder);
        let address = address.trim_start_matches("unix:").to_owned();
        let command = |folder: &Folder, front: SocketAddr| {
            let config = replaced(router_file(), "http = 127.0.0.1:8080", &format!("http = {front}"));
            let config = replaced(&config, "http-to = 127.0.0.1:9000", &format!("http-to = {address}"));
            let mut command = Command::new(&program);
            command.arg("--ini").arg(folder.write("router.ini", &config));
            command
        };
        Some(Self::start(command, "spawned uWSGI http 1", app, folder))
    }

    fn connect(&self) -> Client {
        Client::connect(self.address)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        // Killed, it would leave its workers behind.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

/// nginx with this for its servers, at an address of the test's.
fn nginx(program: PathBuf, servers: String) -> impl FnMut(&Folder, SocketAddr) -> Command {
    move |folder, front| {
        let servers = replaced(&servers, "listen 80;", &format!("listen {front};"));
        let path = folder.0.display();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {path}/{name};\n"))
            .concat();
        let config = format!(
            "daemon off;\npid {path}/nginx.pid;\nerror_log stderr notice;\nevents {{}}\n\
             http {{\naccess_log off;\n{temporary}{servers}}}\n"
        );
        let config = folder.write("nginx.conf", &config);
        let tested =
            Command::new(&program).arg("-t").arg("-p").arg(&folder.0).arg("-c").arg(&config).output();
        let tested = tested.expect("a program that can be started");
        assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stderr));
        let mut command = Command::new(&program);
        command.arg("-p").arg(&folder.0).arg("-e").arg("stderr").arg("-c").arg(config);
        command
    }
}

/// The first file of the chapter on uWSGI, which has the router alone.
fn router_file() -> &'static str {
    block(UWSGI, "ini", "http-to")
}

/// The servers that are there, each by TCP and by a unix socket.
fn fronts() -> impl Iterator<Item = (String, Front)> {
    type Start = fn(By) -> Option<Front>;
    let starts: [(&str, Start); 3] =
        [("nginx", Front::nginx), ("nginx over HTTP", Front::nginx_over_http), ("uWSGI", Front::router)];
    starts.into_iter().flat_map(|(name, start)| {
        [By::Tcp, By::Unix].into_iter().filter_map(move |by| Some((format!("{name}, {by:?}"), start(by)?)))
    })
}

/// Reads an answer whatever delimits its body; the client has asked for the end of the connection.
fn body_of(client: &mut Client) -> (u16, String) {
    let head = client.head();
    if head.field("transfer-encoding") == Some("chunked") {
        let mut body = Vec::new();
        while let Some(chunk) = client.chunk() {
            body.extend(chunk);
        }
        return (head.status, String::from_utf8(body).expect("text"));
    }
    (head.status, client.rest())
}

#[test]
fn requests_pass_as_they_were_sent() {
    for (name, front) in fronts() {
        let mut client = front.connect();
        client.ask("GET", "/about?x=1&y=%2F", &["connection: close"], b"");
        let (status, body) = body_of(&mut client);
        assert_eq!(status, 200, "{name}: {body}");
        let about: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        for (key, value) in [
            ("client", "127.0.0.1"),
            ("scheme", "http"),
            ("script_name", ""),
            ("host", "example.com"),
            ("method", "GET"),
            ("path", "/about"),
            ("query", "x=1&y=%2F"),
            ("version", "HTTP/1.1"),
        ] {
            assert_eq!(about[key], value, "{name}: {key}");
        }
        let mut client = front.connect();
        client.ask("GET", "/files/a%2Fb/caf%C3%A9%20+", &["connection: close"], b"");
        assert_eq!(body_of(&mut client), (200, "a/b/caf\u{e9} +\n".to_owned()), "{name}");
        let mut client = front.connect();
        client.ask("GET", "/shelves/7", &["connection: close"], b"");
        assert_eq!(body_of(&mut client).1, "7 at http://example.com/shelves/7\n", "{name}");
        // The same application answers HTTP at the same time.
        assert_eq!(front.app.get("/shelves/7").text(), "7 at http://example.com/shelves/7\n");
    }
}

#[test]
fn bodies_pass_whole_and_those_in_chunks_too() {
    let body = vec![b'x'; 3 * 1024 * 1024];
    let digest = format!("{} {}", body.len(), body.len() * usize::from(b'x'));
    for (name, front) in fronts() {
        for view in ["/body", "/body/coroutine"] {
            let mut client = front.connect();
            client.ask("POST", view, &["connection: close"], &body);
            assert_eq!(body_of(&mut client), (200, digest.clone()), "{name}: {view}");
        }
        let mut client = front.connect();
        client.say("POST /body HTTP/1.1\r\nhost: example.com\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n");
        for piece in body.chunks(100_000) {
            client.say(format!("{:x}\r\n", piece.len())).say(piece).say("\r\n");
        }
        client.say("0\r\n\r\n");
        assert_eq!(body_of(&mut client), (200, digest.clone()), "{name}: in chunks");
    }
}

#[test]
fn a_streamed_answer_arrives_as_it_is_made() {
    for (name, front) in fronts() {
        let mut client = front.connect();
        client.ask("GET", "/stream/gate", &["connection: close"], b"");
        let head = client.head();
        let chunked = head.field("transfer-encoding") == Some("chunked");
        let mut piece = || if chunked { client.chunk().unwrap_or_default() } else { client.take_line() };
        assert_eq!(piece(), b"first\n", "{name}");
        front.app.open("gate");
        assert_eq!(piece(), b"second\n", "{name}");
        assert_eq!(piece(), b"", "{name}");
    }
}

#[test]
fn answers_without_a_body_and_errors_pass() {
    for (name, front) in fronts() {
        for (method, target, status) in [
            ("HEAD", "/files/index", 200),
            ("GET", "/nothing", 204),
            ("GET", "/there-is-no-such-path", 404),
            ("DELETE", "/shelves/7", 405),
            ("GET", "/panic/coroutine", 500),
        ] {
            let mut client = front.connect();
            client.ask(method, target, &["connection: close"], b"");
            let (seen, body) = body_of(&mut client);
            assert_eq!(seen, status, "{name}: {method} {target}");
            assert!(status >= 400 || body.is_empty(), "{name}: {method} {target}: {body}");
        }
    }
}

#[test]
fn a_client_that_leaves_has_its_view_cancelled() {
    for (_, front) in fronts() {
        let mut client = front.connect();
        client.ask("GET", "/linger/gate", &[], b"");
        front.app.wait("gate lingers", 1);
        drop(client);
        front.app.wait("gate dropped", 1);
    }
}

/// A text frame of a client (RFC 6455 section 5.2), with a mask that changes nothing.
fn frame(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("a short text");
    [&[0x81, 0x80 | length, 0, 0, 0, 0], text.as_bytes()].concat()
}

#[test]
fn a_websocket_goes_both_ways() {
    for (name, front) in fronts() {
        let mut client = front.connect();
        let fields = [
            "connection: keep-alive, Upgrade",
            "upgrade: websocket",
            "sec-websocket-version: 13",
            "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
        ];
        let head = client.ask("GET", "/echo", &fields, b"").head();
        assert_eq!(head.status, 101, "{name}: {head:?}");
        // The example of RFC 6455, section 1.3.
        assert_eq!(head.field("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{name}");
        for text in ["hello", "and again"] {
            client.say(frame(text));
            let mut expected = vec![0x81, u8::try_from(text.len()).expect("a short text")];
            expected.extend(text.as_bytes());
            assert_eq!(client.bytes(expected.len()), expected, "{name}");
        }
    }
}

#[test]
fn addresses_and_peers_that_are_none_are_named_at_the_start() {
    let tested = env!("CARGO_BIN_EXE_tested-app");
    for (setting, said) in [
        ("uwsgi_socket=9000", "9000"),
        ("uwsgi_socket=unix:", "path of a socket"),
        ("uwsgi_allow_from=localhost", "10.0.0.0/8"),
    ] {
        let ended = run(tested, &["serve", "uwsgi_socket=127.0.0.1:0", setting], &[]);
        assert!(!ended.status.success());
        assert!(ended.complaint.contains(said), "{setting}: {}", ended.complaint);
    }
}

/// nginx leaves the path as it is, and names what stands before it.
#[test]
fn an_application_below_a_path_makes_urls_that_begin_with_it() {
    let folder = Folder::new();
    let (app, address) = application(By::Tcp, &folder);
    let mut block = Vec::new();
    for (name, value) in [
        ("REQUEST_METHOD", "GET"),
        ("REQUEST_URI", "/shop/shelves/7"),
        ("PATH_INFO", "/shop/shelves/7"),
        ("SCRIPT_NAME", "/shop"),
        ("SERVER_PROTOCOL", "HTTP/1.1"),
        ("HTTP_HOST", "example.com"),
        ("HTTPS", "on"),
    ] {
        for text in [name, value] {
            block.extend(u16::try_from(text.len()).expect("a short text").to_le_bytes());
            block.extend(text.as_bytes());
        }
    }
    let [low, high] = u16::try_from(block.len()).expect("a short block").to_le_bytes();
    let mut client = Client::connect(address.parse().expect("an address"));
    client.say([0, low, high, 0]).say(&block);
    assert!(client.rest().ends_with("\r\n\r\n7 at https://example.com/shop/shelves/7\n"));
    drop(app);
}

#[test]
fn the_application_below_a_path_of_nginx_makes_urls_that_begin_with_it() {
    let Some(front) = Front::nginx_with_a_shop() else { return };
    let mut client = front.connect();
    client.ask("GET", "/shop/shelves/7", &["connection: close"], b"");
    assert_eq!(body_of(&mut client), (200, "7 at http://example.com/shop/shelves/7\n".to_owned()));
}

/// Waits until something is there.
fn eventually<T>(what: &str, mut find: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + EVENTUALLY;
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(Instant::now() < deadline, "never: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// The process that a front's application answers from.
fn answering(address: SocketAddr) -> Option<u32> {
    let mut stream = TcpStream::connect(address).ok()?;
    // Where nobody is behind it yet, the router lets its client wait for a minute.
    stream.set_read_timeout(Some(Duration::from_secs(1))).ok()?;
    stream.write_all(b"GET /process HTTP/1.0\r\nhost: a\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.rsplit_once("\r\n\r\n")?.1.split(' ').next()?.parse().ok()
}

#[test]
fn uwsgi_keeps_the_application_running_and_ends_it() {
    let Some(program) = peer("uwsgi") else { return };
    let folder = Folder::new();
    let free =
        || TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port");
    let (front, behind) = (free(), free());
    let text = block(UWSGI, "ini", "attach-daemon2");
    let text = replaced(text, "http = 127.0.0.1:8080", &format!("http = {front}"));
    let text = replaced(&text, "http-to = 127.0.0.1:9000", &format!("http-to = {behind}"));
    let text = replaced(&text, "/usr/local/bin/my-app", env!("CARGO_BIN_EXE_worker-app"));
    let text = replaced(&text, "uwsgi_socket=127.0.0.1:9000", &format!("uwsgi_socket={behind}"));
    let mut keeper = Command::new(program)
        .arg("--ini")
        .arg(folder.write("keeper.ini", &text))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a program that can be started");
    let first = eventually("the application answers", || answering(front));
    signal(first, "KILL");
    let second = eventually("another one answers", || answering(front).filter(|process| *process != first));
    signal(keeper.id(), "TERM");
    keeper.wait().expect("its end");
    eventually("the application is gone", || {
        (!PathBuf::from(format!("/proc/{second}")).exists()).then_some(())
    });
}
