//! Static views: what is served of a folder and how, what is not, and the URLs of what is.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use aiopyramid::asset::{ManifestCacheBuster, QueryStringCacheBuster};
use aiopyramid::prelude::*;
use aiopyramid::route::UrlOptions;
use aiopyramid::testing::{Client, TestResponse};
use http::Method;
use support::App;

mod support;

/// A folder that lasts as long as this.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder =
            Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{number}", std::process::id())));
        fs::create_dir_all(&folder.0).unwrap();
        for (name, content) in files {
            folder.put(name, content);
        }
        folder
    }

    fn put(&self, name: &str, content: &[u8]) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const CSS: &[u8] = b"body { color: teal }\n";

fn site() -> Folder {
    Folder::new(&[
        ("css/site.css", CSS),
        ("css/index.html", b"<p>css"),
        ("empty/keep.bin", b""),
        ("a b/ü.txt", b"umlaut"),
        ("index.html", b"<p>home"),
        ("data.unheard-of", b"\0\x01"),
    ])
}

fn client(folder: &Folder) -> Client {
    Client::configured(|config| {
        config.add_static_view("static", folder.path());
        Ok(())
    })
    .unwrap()
}

/// Runs a test on an event loop of its own.
fn run<F: Future>(test: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}

#[test]
fn a_file_is_served_with_its_type_and_what_tells_its_states_apart() {
    let folder = site();
    run(async {
        let client = client(&folder);
        let css = client.get("/static/css/site.css").await;
        assert_eq!((css.status().as_u16(), &css.bytes()[..]), (200, CSS));
        assert_eq!(css.header("content-type"), "text/css; charset=UTF-8");
        assert_eq!(css.header("content-length"), CSS.len().to_string());
        assert_eq!(css.header("accept-ranges"), "bytes");
        assert!(css.header("etag").starts_with('"') && css.header("last-modified").ends_with("GMT"));
        for absent in ["cache-control", "expires", "vary", "content-encoding"] {
            assert_eq!(css.header(absent), "", "{absent}");
        }
        let other = client.get("/static/data.unheard-of").await;
        assert_eq!(other.header("content-type"), "application/octet-stream");
        assert_eq!(client.get("/static/a%20b/%C3%BC.txt").await.text(), "umlaut");
        let empty = client.get("/static/empty/keep.bin").await;
        assert_eq!((empty.status().as_u16(), empty.header("content-length")), (200, "0"));
    });
}

#[test]
fn a_client_that_has_the_file_is_told_so() {
    let folder = site();
    run(async {
        let client = client(&folder);
        let css = client.get("/static/css/site.css").await;
        let (tag, date) = (css.header("etag"), css.header("last-modified"));
        for (name, value, status) in [
            ("if-none-match", tag, 304),
            ("if-none-match", "\"x\"", 200),
            ("if-modified-since", date, 304),
            ("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT", 200),
            ("if-match", "\"x\"", 412),
            ("if-match", tag, 200),
            ("if-unmodified-since", "Sun, 06 Nov 1994 08:49:37 GMT", 412),
        ] {
            let reply = client.get("/static/css/site.css").header(name, value).await;
            assert_eq!(reply.status(), status, "{name}: {value}");
            if status == 304 {
                assert!(reply.bytes().is_empty());
                assert_eq!((reply.header("etag"), reply.header("content-type")), (tag, ""), "{name}");
            }
        }
        folder.put("css/site.css", b"body { color: red }");
        let reply = client.get("/static/css/site.css").header("if-none-match", tag).await;
        assert_eq!((reply.status().as_u16(), reply.text()), (200, "body { color: red }"));
    });
}

#[test]
fn a_part_of_a_file_is_served() {
    let folder = site();
    run(async {
        let client = client(&folder);
        let css = client.get("/static/css/site.css").await;
        let part = client.get("/static/css/site.css").header("range", "bytes=7-11").await;
        assert_eq!((part.status().as_u16(), part.text()), (206, "color"));
        assert_eq!(part.header("content-range"), "bytes 7-11/21");
        assert_eq!(part.header("content-length"), "5");
        assert_eq!(part.header("etag"), css.header("etag"));
        let last = client.get("/static/css/site.css").header("range", "bytes=-2").await;
        assert_eq!(last.text(), "}\n");
        let beyond = client.get("/static/css/site.css").header("range", "bytes=21-").await;
        assert_eq!((beyond.status().as_u16(), beyond.header("content-range")), (416, "bytes */21"));
        for (range, condition) in
            [("bytes=7-11", "\"x\""), ("bytes=11-7", ""), ("lines=1-2", ""), ("bytes=0-1,3-4", "")]
        {
            let whole = client.get("/static/css/site.css").header("range", range);
            let whole = if condition.is_empty() { whole } else { whole.header("if-range", condition) }.await;
            assert_eq!((whole.status().as_u16(), &whole.bytes()[..]), (200, CSS), "{range} {condition}");
        }
    });
}

#[test]
fn head_says_what_get_would_and_other_methods_are_refused() {
    let folder = site();
    run(async {
        let client = client(&folder);
        let get = client.get("/static/css/site.css").await;
        let head = client.request(Method::HEAD, "/static/css/site.css").header("range", "bytes=0-1").await;
        assert_eq!(head.status(), 200);
        assert!(head.bytes().is_empty());
        for name in ["content-type", "content-length", "etag", "last-modified", "accept-ranges"] {
            assert_eq!(head.header(name), get.header(name), "{name}");
        }
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let refused = client.request(method, "/static/css/site.css").await;
            assert_eq!((refused.status().as_u16(), refused.header("allow")), (405, "GET, HEAD"));
        }
    });
}

#[test]
fn a_folder_is_its_index_and_never_a_list() {
    let folder = site();
    run(async {
        let client = client(&folder);
        let moved = client.get("/static/css?a=1&b=%2F").await;
        assert_eq!((moved.status().as_u16(), moved.header("location")), (301, "/static/css/?a=1&b=%2F"));
        let escaped = client.get("/static/a%20b").await;
        assert_eq!(escaped.header("location"), "/static/a%20b/");
        let index = client.get("/static/css/").await;
        assert_eq!((index.status().as_u16(), index.text()), (200, "<p>css"));
        assert_eq!(index.header("content-type"), "text/html; charset=UTF-8");
        assert_eq!(client.get("/static/").await.text(), "<p>home");
        for nothing in
            ["/static/empty/", "/static/css/site.css/", "/static/missing", "/static/missing/", "/static"]
        {
            assert_eq!(client.get(nothing).await.status(), 404, "{nothing}");
        }
    });
}

#[test]
fn what_lies_beside_a_file_in_another_coding_is_served_where_that_was_asked_for() {
    let folder = site();
    folder.put("css/site.css.gz", b"gzipped-css");
    folder.put("css/site.css.br", b"br-css");
    run(async {
        let plain = client(&folder).get("/static/css/site.css").header("accept-encoding", "gzip, br").await;
        assert_eq!((&plain.bytes()[..], plain.header("vary")), (CSS, ""));
        let client = Client::configured(|config| {
            config.add_static_view("static", folder.path()).content_encodings(&["gzip", "br"]);
            Ok(())
        })
        .unwrap();
        let get = |accepted: &str| client.get("/static/css/site.css").header("accept-encoding", accepted);
        for (accepted, encoding, content) in [
            ("gzip, br", "br", &b"br-css"[..]),
            ("gzip", "gzip", b"gzipped-css"),
            ("*", "br", b"br-css"),
            ("br;q=0, gzip;q=0.1", "gzip", b"gzipped-css"),
            ("identity", "", CSS),
            ("", "", CSS),
        ] {
            let reply = get(accepted).await;
            assert_eq!(
                (&reply.bytes()[..], reply.header("content-encoding")),
                (content, encoding),
                "{accepted}"
            );
            assert_eq!(reply.header("content-type"), "text/css; charset=UTF-8");
            assert_eq!(reply.header("vary"), "Accept-Encoding", "{accepted}");
        }
        let (gzip, whole) = (get("gzip").await, get("").await);
        assert_ne!(gzip.header("etag"), whole.header("etag"));
        let unchanged = get("gzip").header("if-none-match", gzip.header("etag")).await;
        assert_eq!((unchanged.status().as_u16(), unchanged.header("vary")), (304, "Accept-Encoding"));
        assert_eq!(get("gzip").header("range", "bytes=0-3").await.text(), "gzip");
        let alone = client.get("/static/css/").header("accept-encoding", "gzip").await;
        assert_eq!(alone.header("vary"), "");
    });
}

#[test]
fn caches_may_keep_files_for_as_long_as_was_said() {
    let folder = site();
    run(async {
        let client = Client::configured(|config| {
            config.add_static_view("static", folder.path()).cache_max_age(3600);
            Ok(())
        })
        .unwrap();
        let css = client.get("/static/css/site.css").await;
        assert_eq!(css.header("cache-control"), "max-age=3600");
        assert!(css.header("expires").ends_with("GMT"));
        let same = client.get("/static/css/site.css").header("if-none-match", css.header("etag")).await;
        assert_eq!((same.status().as_u16(), same.header("cache-control")), (304, "max-age=3600"));
    });
}

/// What must not lead anywhere, as it is sent.
const HOSTILE: &[&str] = &[
    "/../secret.txt",
    "/css/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/%2E%2E%2Fsecret.txt",
    "/..%2fsecret.txt",
    "/css/..%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "/%5c..%5csecret.txt",
    "/.%2e/secret.txt",
    "/%252e%252e/secret.txt",
    "/..%252fsecret.txt",
    "/..;/secret.txt",
    "/css/./site.css",
    "/css/../css/site.css",
    "/./css/site.css",
    "//css/site.css",
    "/css//site.css",
    "/%2Fcss/site.css",
    "/%2Fetc/passwd",
    "//etc/passwd",
    "/etc/passwd",
    "/css/site.css%00",
    "/css/site.css%00.png",
    "/%00",
    "/C:/windows/win.ini",
    "/C%3A%5Cwindows%5Cwin.ini",
    "/file:%2F%2F%2Fetc/passwd",
    "/out/secret.txt",
    "/secret-link.txt",
    "/loop",
    "/loop/x",
    "/css/site.css/.",
    "/css/site.css/..",
    "/css/..",
    "/..",
    "/.",
    "/index.html/../index.html",
];

#[cfg(unix)]
#[test]
fn no_trick_leads_out_of_the_folder() {
    let outside = Folder::new(&[
        ("secret.txt", b"secret"),
        ("inside/css/site.css", CSS),
        ("inside/index.html", b"home"),
    ]);
    let inside = outside.0.join("inside");
    let link = |target: &Path, name: &str| std::os::unix::fs::symlink(target, inside.join(name)).unwrap();
    link(&outside.0, "out");
    link(&outside.0.join("secret.txt"), "secret-link.txt");
    link(Path::new("loop"), "loop");
    link(Path::new("css/site.css"), "theme.css");
    let long = format!("/{}", "a".repeat(300));
    let app = App::start(&[&format!("tested.folder={}", inside.display()), "development=false"]);
    for path in HOSTILE.iter().copied().chain([&*long]) {
        let reply = app.connect().get(&format!("/files{path}"));
        // Some are no target at all, which the server says.
        assert!(matches!(reply.status, 400 | 404), "{path}: {reply:?}");
        let shown = String::from_utf8_lossy(&reply.body).into_owned();
        assert!(!shown.contains("secret") && !shown.contains("teal"), "{path}: {shown}");
        assert!(!shown.contains(outside.path()), "{path}: {shown}");
    }
    let mut client = app.connect();
    assert_eq!(client.get("/files/theme.css").body, CSS);
    // It lives on, and one file has one address.
    assert_eq!(client.get("/files/css/site.css").body, CSS);
}

#[cfg(unix)]
#[test]
fn links_lead_out_where_that_is_allowed() {
    let outside = Folder::new(&[("shared/logo.svg", b"<svg/>"), ("inside/index.html", b"home")]);
    let inside = outside.0.join("inside");
    std::os::unix::fs::symlink(outside.0.join("shared"), inside.join("shared")).unwrap();
    run(async {
        for (follow, status) in [(true, 200), (false, 404)] {
            let client = Client::configured(|config| {
                config.add_static_view("static", inside.as_path()).follow_links(follow).cache_max_age(1);
                Ok(())
            })
            .unwrap();
            assert_eq!(client.get("/static/shared/logo.svg").await.status(), status);
        }
    });
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_folder_is_not_waited_for() {
    let folder = site();
    let made = std::process::Command::new("mkfifo").arg(folder.0.join("pipe")).status().unwrap();
    assert!(made.success());
    run(async { assert_eq!(client(&folder).get("/static/pipe").await.status(), 404) });
}

#[test]
fn a_large_file_arrives_whole_and_in_parts() {
    let content: Vec<u8> = (0..3_000_017_u32).map(|number| (number % 251) as u8).collect();
    let folder = Folder::new(&[("large.bin", &content)]);
    let app = App::start(&[&format!("tested.folder={}", folder.path())]);
    let mut client = app.connect();
    let whole = client.get("/files/large.bin");
    assert_eq!(whole.field("content-length"), Some("3000017"));
    assert!(whole.body == content);
    let part = client.ask("GET", "/files/large.bin", &["range: bytes=1000000-2999999"], b"").reply();
    assert_eq!((part.status, part.field("content-range")), (206, Some("bytes 1000000-2999999/3000017")));
    assert!(part.body == content[1_000_000..3_000_000]);
    let head = client.ask("HEAD", "/files/large.bin", &[], b"").head();
    assert_eq!(head.field("content-length"), Some("3000017"));
    // Nothing of a body came after the head, so this is the next answer.
    let unchanged = format!("if-none-match: {}", whole.field("etag").unwrap());
    assert_eq!(client.ask("GET", "/files/large.bin", &[&unchanged], b"").reply().status, 304);
    // One that leaves in the middle harms nobody.
    drop(app.connect().ask("GET", "/files/large.bin", &[], b"").head());
    assert!(client.get("/files/large.bin").body == content);
}

async fn answers_as_a_folder_does(client: &Client, inside: &str) {
    let get = |path: &str| client.get(&format!("/{inside}{path}"));
    let css = get("/css/site.css").await;
    assert_eq!((&css.bytes()[..], css.header("content-type")), (CSS, "text/css; charset=UTF-8"), "{inside}");
    assert_eq!(get("/css/site.css").header("if-none-match", css.header("etag")).await.status(), 304);
    let part = get("/css/site.css").header("range", "bytes=7-11").await;
    assert_eq!((part.status().as_u16(), part.text()), (206, "color"));
    assert_eq!(get("/css/site.css").header("range", "bytes=99-").await.status(), 416);
    assert_eq!(get("/css").await.header("location"), format!("/{inside}/css/"));
    assert!(get("/").await.text().contains("inside"));
    for nothing in ["/css/", "/css/site.css/", "/none", "/%2e%2e/Cargo.toml", "//css/site.css"] {
        assert_eq!(get(nothing).await.status(), 404, "{inside}{nothing}");
    }
    let head = client.request(Method::HEAD, &format!("/{inside}/css/site.css")).await;
    assert_eq!((head.header("content-length"), head.bytes().len()), ("21", 0));
    let long: TestResponse = get("/long.txt").header("accept-encoding", "gzip").await;
    assert_eq!((long.header("content-encoding"), long.header("vary")), ("gzip", "Accept-Encoding"));
    assert!(long.bytes().len() < 400);
    assert_eq!(get("/long.txt").await.bytes().len(), 400);
}

#[test]
fn what_is_inside_the_program_is_served_as_a_folder_is() {
    run(async {
        let client = Client::configured(|config| {
            config.add_static_view("in", aiopyramid::embedded!("embedded")).content_encodings(&["gzip"]);
            config.add_static_view("on", "embedded").content_encodings(&["gzip"]);
            Ok(())
        })
        .unwrap();
        answers_as_a_folder_does(&client, "in").await;
        answers_as_a_folder_does(&client, "on").await;
    });
}

async fn url(request: Request, wanted: Query<Wanted>) -> Result<String> {
    let options = UrlOptions::default().query([("a", "b c")]).anchor("top");
    Ok(match &*wanted.how {
        "url" => request.static_url(&wanted.path)?,
        "path" => request.static_path(&wanted.path)?,
        _ => request.static_url_with(&wanted.path, &options)?,
    })
}

#[derive(serde::Deserialize)]
struct Wanted {
    how: String,
    path: String,
}

fn with_urls(configure: impl FnOnce(&mut Configurator)) -> Client {
    Client::configured(|config| {
        config.add_route("url", "/url");
        config.add_view(url).route("url");
        configure(config);
        Ok(())
    })
    .unwrap()
}

async fn made(client: &Client, how: &str, path: &str) -> String {
    let reply = client.get(&format!("/url?how={how}&path={path}")).await;
    if reply.status() == 200 { reply.text().to_owned() } else { reply.status().to_string() }
}

#[test]
fn the_url_of_a_file_is_made_of_its_path() {
    run(async {
        let client = with_urls(|config| {
            config.add_static_view("s", "./embedded/");
            config.add_static_view("https://cdn.example.com/v1", "tests");
            config.add_static_view("//other.example.com/", "src");
        });
        for (how, path, expected) in [
            ("url", "embedded/css/site.css", "http://example.com/s/css/site.css"),
            ("path", "./embedded/css/a%20b.css", "/s/css/a%20b.css"),
            ("more", "embedded/x", "http://example.com/s/x?a=b+c#top"),
            ("url", "tests/a.js", "https://cdn.example.com/v1/a.js"),
            ("path", "tests/a%20b.js", "https://cdn.example.com/v1/a%20b.js"),
            ("more", "tests/a.js", "https://cdn.example.com/v1/a.js?a=b+c#top"),
            ("url", "src/a.js", "http://other.example.com/a.js"),
            ("url", "elsewhere/a.js", "500 Internal Server Error"),
            ("url", "embedded2/a.js", "500 Internal Server Error"),
        ] {
            assert_eq!(made(&client, how, path).await, expected, "{how} {path}");
        }
        assert_eq!(client.get("/s/css/site.css").await.status(), 200);
    });
}

#[test]
fn a_cache_buster_changes_the_url_with_the_file() {
    let folder = site();
    folder.put("manifest.json", br#"{"css/site.css": "css/site-1.css"}"#);
    let css = format!("{}/css/site.css", folder.path());
    run(async {
        let busted = |development: bool, add: &dyn Fn(&mut Configurator)| {
            with_urls(|config| {
                config.set_default("development", development);
                config.add_static_view("s", folder.path());
                add(config);
            })
        };
        let client = busted(false, &|config| {
            config.add_cache_buster(folder.path(), QueryStringCacheBuster::new("v7"));
        });
        assert_eq!(made(&client, "path", &css).await, "/s/css/site.css?x=v7");
        assert_eq!(made(&client, "more", &css).await, "http://example.com/s/css/site.css?a=b+c&x=v7#top");

        for development in [false, true] {
            let client = busted(development, &|config| {
                config.add_cache_buster(folder.path(), QueryStringCacheBuster::of_content().parameter("h"));
            });
            folder.put("css/site.css", CSS);
            let before = made(&client, "path", &css).await;
            assert!(before.starts_with("/s/css/site.css?h=") && before.len() == 34, "{before}");
            folder.put("css/site.css", b"another");
            assert_eq!(made(&client, "path", &css).await != before, development);
            folder.put("css/site.css", CSS);
            let missing = format!("{}/missing", folder.path());
            assert_eq!(made(&client, "path", &missing).await, "/s/missing");
        }

        let manifest = folder.0.join("manifest.json");
        for development in [false, true] {
            let client = busted(development, &|config| {
                config.add_cache_buster(folder.path(), ManifestCacheBuster::new(&manifest));
            });
            assert_eq!(made(&client, "path", &css).await, "/s/css/site-1.css");
            let index = format!("{}/index.html", folder.path());
            assert_eq!(made(&client, "path", &index).await, "/s/index.html");
            fs::write(&manifest, r#"{"css/site.css": "css/site-22.css"}"#).unwrap();
            fs::File::open(&manifest).unwrap().set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
            let later = if development { "/s/css/site-22.css" } else { "/s/css/site-1.css" };
            assert_eq!(made(&client, "path", &css).await, later);
            fs::write(&manifest, r#"{"css/site.css": "css/site-1.css"}"#).unwrap();
        }

        let client = busted(false, &|config| {
            config.set_default("prevent_cachebust", true);
            config.add_cache_buster(folder.path(), QueryStringCacheBuster::new("v7"));
        });
        assert_eq!(made(&client, "path", &css).await, "/s/css/site.css");
    });
}

#[test]
fn the_buster_of_the_longest_path_wins() {
    run(async {
        let client = with_urls(|config| {
            config.add_static_view("s", "embedded");
            config.add_cache_buster("embedded", QueryStringCacheBuster::new("all"));
            config.add_cache_buster("embedded/css/", QueryStringCacheBuster::new("css"));
        });
        assert_eq!(made(&client, "path", "embedded/css/site.css").await, "/s/css/site.css?x=css");
        assert_eq!(made(&client, "path", "embedded/index.html").await, "/s/index.html?x=all");
    });
}

/// What an application is refused for.
fn faults(configure: impl FnOnce(&mut Configurator) -> Result<()>) -> Vec<String> {
    let mut config = Configurator::new();
    configure(&mut config).unwrap();
    let faults = config.make_app().unwrap_err();
    faults
        .faults()
        .iter()
        .map(|fault| {
            assert!(fault.places().iter().all(|place| place.file.ends_with("assets.rs")), "{fault}");
            format!("{} [{}] {}", fault.message(), fault.places().len(), fault.help().unwrap_or(""))
        })
        .collect()
}

#[test]
fn mistakes_are_found_at_the_start_all_of_them_with_their_places() {
    let found = faults(|config| {
        config.set_default("development", false);
        config.add_static_view("a", "no-such-folder").cache_max_age(1);
        config.add_static_view("b", "Cargo.toml");
        config.add_static_view("c", "embedded").content_encodings(&["gzip", "rar"]);
        config.add_static_view("c", "embedded").follow_links(true);
        config.add_cache_buster("embedded", ManifestCacheBuster::new("no-manifest.json"));
        config.add_cache_buster("embedded", ManifestCacheBuster::new("Cargo.toml"));
        Ok(())
    });
    let package = env!("CARGO_MANIFEST_DIR");
    assert_eq!(found.len(), 6, "{found:#?}");
    assert_eq!(
        found[0],
        format!("the folder `no-such-folder` is not there [1] it was looked for at {package}/no-such-folder")
    );
    assert!(
        found[1].starts_with(&format!("the folder `{package}/Cargo.toml` cannot be served")),
        "{}",
        found[1]
    );
    assert_eq!(found[2], "`rar` is no content encoding [1] there are br, zstd, gzip, xz, bzip2, compress");
    assert_eq!(
        found[3],
        "two static views are at `c/` [2] give one of them another name, its first argument"
    );
    assert!(found[4].starts_with("the manifest `no-manifest.json` is not there [1]"), "{}", found[4]);
    assert!(found[5].contains("Cargo.toml: "), "{}", found[5]);
}

#[test]
fn an_application_overrides_the_static_view_of_what_it_includes() {
    fn part(config: &mut Configurator) -> Result<()> {
        config.add_static_view("s", "tests");
        config.add_static_view("other", "tests");
        Ok(())
    }
    run(async {
        let client = with_urls(|config| {
            config.add_static_view("s", "embedded");
            config
                .include_at("/part", |config| {
                    config.add_static_view("deep", "src");
                    Ok(())
                })
                .unwrap();
            config.include(part).unwrap();
        });
        assert_eq!(client.get("/s/css/site.css").await.status(), 200);
        assert_eq!(made(&client, "path", "tests/assets.rs").await, "/other/assets.rs");
        assert_eq!(made(&client, "path", "src/tested-app/main.rs").await, "/part/deep/tested-app/main.rs");
        assert_eq!(client.get("/part/deep/tested-app/main.rs").await.status(), 200);
    });
}

#[test]
fn a_static_view_is_a_route_in_the_order_added() {
    async fn dynamic() -> &'static str {
        "made"
    }
    run(async {
        for (first, expected) in [(true, "made"), (false, "body { color: teal }\n")] {
            let client = Client::configured(|config| {
                if first {
                    config.add_route("css", "/s/css/site.css");
                }
                config.add_static_view("s", "embedded");
                if !first {
                    config.add_route("css", "/s/css/site.css");
                }
                config.add_view(dynamic).route("css");
                Ok(())
            })
            .unwrap();
            assert_eq!(client.get("/s/css/site.css").await.text(), expected);
            let names: Vec<_> =
                client.app().application().routes().iter().map(|route| &*route.name).collect();
            assert!(names.contains(&"__s/"), "{names:?}");
        }
    });
}
