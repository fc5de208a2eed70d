//! Configuration files: what a `development.ini` of Pyramid's means, what is wrong with one, and what the log becomes.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use support::{App, Ended, run};

mod support;

const TESTED: &str = env!("CARGO_BIN_EXE_tested-app");

/// A folder of this test's own, which is removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("configuration-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    /// Writes a file, and gives its name.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path.to_str().expect("text").to_owned()
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("text")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs `check` with a file of this text, and gives what is complained of, without the folder.
fn faults(name: &str, file: &str, text: &str) -> Vec<String> {
    let folder = Folder::new(name);
    let ended = run(TESTED, &["check", &folder.file(file, text)], &[]);
    assert_eq!(ended.status.code(), Some(1), "{text}\n{ended:?}");
    let complaint = ended.complaint.replace(&format!("{}/", folder.path()), "");
    complaint.lines().map(str::to_owned).collect()
}

/// The settings that a file gives, with the places that they come from.
fn settings(ended: &Ended) -> BTreeMap<String, (String, String)> {
    assert!(ended.status.success(), "{ended:?}");
    let rows = ended.output.lines().map(|row| {
        let (name, rest) = row.split_once(" = ").expect("a name");
        let (value, source) = rest.rsplit_once("  (").expect("a source");
        (name.to_owned(), (value.to_owned(), source.trim_end_matches(')').to_owned()))
    });
    rows.collect()
}

/// The sections of an application and of its log, as Pyramid's scaffolds have them.
const APPLICATION: &str = "\
[app:main]
use = egg:tested_app

pyramid.reload_templates = true
pyramid.debug_authorization = false
pyramid.debug_notfound = false
pyramid.debug_routematch = false
pyramid.default_locale_name = en
pyramid.includes =
    aiopyramid

logging.config = %(here)s/development.ini
";

const LOG: &str = "
[loggers]
keys = root, asyncio, tested_app

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = INFO
handlers = console

[logger_asyncio]
level = WARN
handlers =
qualname = asyncio

[logger_tested_app]
level = DEBUG
handlers =
qualname = tested_app

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(asctime)s %(levelname)-5.5s [%(name)s:%(lineno)s][%(threadName)s] %(message)s
";

/// The section for gunicorn, as aiopyramid's own documentation has it.
const GUNICORN: &str = "
[server:main]
use = egg:gunicorn#main
host = 0.0.0.0
port = 6543
worker_class = aiopyramid.gunicorn.worker.AsyncGunicornWorker
";

/// The section for uWSGI, from the same place.
const UWSGI: &str = "
[uwsgi]
http-socket = 0.0.0.0:6543
workers = 1
plugins =
    asyncio = 50
    greenlet
";

#[test]
fn the_two_forms_of_aiopyramids_files_start_an_application() {
    for (name, server) in [("gunicorn", GUNICORN), ("uwsgi", UWSGI), ("both", &format!("{UWSGI}{GUNICORN}"))]
    {
        let folder = Folder::new(name);
        let file = folder.file("development.ini", &format!("{APPLICATION}{server}{LOG}"));
        let known = settings(&run(TESTED, &["settings", &file], &[]));
        assert_eq!(known["listen"].0, "0.0.0.0:6543", "{name}");
        assert_eq!(known["logging.config"].0, file, "{name}");
        // It listens at another port than it says, because the test must not depend on one.
        let app = App::start(&[&file]);
        assert_eq!(app.get("/about").status, 200, "{name}");
        let line = app.logged("listening at http://");
        let (time, rest) = line.split_once(" INFO  [aiopyramid.server:").expect("Python's form");
        assert_eq!(time.len(), "2026-11-23 17:11:51,107".len(), "{line}");
        assert!(rest.contains("][MainThread] listening at"), "{line}");
        app.logged("Starting server in PID ");
        app.logged(&format!("Serving on http://{}", app.address()));
        app.logged("`pyramid.includes` means nothing here");
        app.signal("TERM");
        assert!(app.end().status.success());
    }
}

#[test]
fn the_command_line_fills_in_what_the_file_leaves_open() {
    let folder = Folder::new("variables");
    let text = format!("{APPLICATION}\n[server:main]\nhost = 127.0.0.1\nport = %(http_port)s\n");
    let file = folder.file("development.ini", &text);
    let known = settings(&run(TESTED, &["settings", &file, "http_port=7"], &[]));
    assert_eq!(known["listen"], ("127.0.0.1:7".to_owned(), format!("{file}:16")));
    assert!(!known.contains_key("http_port"), "it is no setting");

    let ended = run(TESTED, &["serve", &file], &[]);
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(
        ended.complaint,
        format!(
            "error: {file}:16: in `port`: `%(http_port)s` has no value: give it one on the command line, `http_port=...`, \
             in this section or in `[DEFAULT]`\n"
        )
    );
    let ended = run(TESTED, &["serve", &file, "htp_port=7"], &[]);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert!(ended.complaint.contains("did you mean `%(htp_port)s`?"), "{}", ended.complaint);
    let ended = run(TESTED, &["serve", &file, "http_port=7", "htp_port=7"], &[]);
    assert_eq!(
        (ended.status.code(), ended.complaint),
        (
            Some(2),
            format!(
                "error: there is no setting `htp_port`; did you mean `http_port`? (and no `%(htp_port)s` in {file})\n"
            )
        )
    );
}

#[test]
fn the_command_line_wins_over_the_environment_and_that_over_the_file() {
    let folder = Folder::new("precedence");
    let file = folder.file(
        "development.ini",
        "[app:main]\nuse = egg:x\nmax_body = 1\nmax_form_fields = 1\nmax_multipart_parts = 1\ncolour = red\n[server:main]\nkeepalive = 3\n",
    );
    let environment = [("AIOPYRAMID_MAX_BODY", "2"), ("AIOPYRAMID_MAX_FORM_FIELDS", "2")];
    let known = settings(&run(TESTED, &["settings", &file, "max_body=3", "colour=blue"], &environment));
    let expected = [
        ("max_body", "3", "the command line".to_owned()),
        ("max_form_fields", "2", "the environment".to_owned()),
        ("max_multipart_parts", "1", format!("{file}:5")),
        ("keep_alive", "3", format!("{file}:8")),
        ("colour", "blue", "the command line".to_owned()),
        ("max_target", "8192", "the default".to_owned()),
    ];
    for (name, value, source) in expected {
        assert_eq!(known[name], (value.to_owned(), source), "{name}");
    }
}

#[derive(Deserialize)]
struct Oracle {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    files: BTreeMap<String, String>,
    app: Option<String>,
    variables: BTreeMap<String, String>,
    settings: Option<BTreeMap<String, String>>,
    departure: Option<String>,
    ours: Option<BTreeMap<String, String>>,
}

/// The cases were answered by `PasteDeploy`; see `made_with` in the file.
#[test]
fn settings_are_those_that_pastedeploy_reads() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/configuration.json");
    let oracle: Oracle = serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("cases");
    assert!(oracle.cases.len() > 70);
    for case in oracle.cases {
        let folder = Folder::new(&case.id);
        for (name, text) in &case.files {
            folder.file(name, text);
        }
        let mut arguments = vec!["settings".to_owned(), format!("{}/development.ini", folder.path())];
        arguments.extend(case.app.map(|name| format!("--app-name={name}")));
        arguments.extend(case.variables.iter().map(|(name, value)| format!("{name}={value}")));
        let ended = run(TESTED, &arguments.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
        let found = ended.status.success().then(|| {
            let rows = settings(&ended).into_iter();
            let own = rows.filter(|(_, (_, source))| source.starts_with(folder.path()));
            own.map(|(name, (value, _))| (name, value)).collect::<BTreeMap<_, _>>()
        });
        if let Some(reason) = &case.departure {
            assert_ne!(case.settings, case.ours, "{}: no departure is needed: {reason}", case.id);
        }
        let expected = if case.departure.is_some() { case.ours } else { case.settings };
        let expected = expected.map(|expected| {
            let rows = expected.into_iter();
            let shown = |value: String| value.replace("{folder}", folder.path()).replace('\n', "\\n");
            rows.map(|(name, value)| (name, shown(value))).collect()
        });
        assert_eq!(found, expected, "{}: {}", case.id, ended.complaint);
        // What PasteDeploy refuses, with a trace, is a line here, or several.
        if found.is_none() {
            assert_eq!(ended.status.code(), Some(1), "{}", case.id);
            for line in ended.complaint.lines() {
                assert!(line.starts_with(&format!("error: {}", folder.path())), "{}: {line}", case.id);
            }
        }
    }
}

#[test]
fn all_mistakes_of_a_file_are_said_at_once_with_their_lines() {
    let found = faults(
        "many",
        "development.ini",
        "\
[app:main]
use = egg:x
pyramid.debug_notfund = true
max_body = 10
nothing
backlog = 5

[server:main]
host = 127.0.0.1
prot = 6543
keepalve = 5
timeout = %(tme)s
daemon = true
max_body = 3
port = http

[servr:other]
[loger_x]
",
    );
    assert_eq!(
        found,
        [
            "error: development.ini:3: there is no `pyramid.debug_notfund` in `[app:main]`; did you mean `pyramid.debug_notfound`?",
            "error: development.ini:5: `nothing` is neither a `[section]` nor `name = value`, nor indented to go on with a value",
            "error: development.ini:6: `backlog` is the server's: it belongs into `[server:main]`",
            "error: development.ini:10: there is no `prot` in `[server:main]`; did you mean `port`?",
            "error: development.ini:11: there is no `keepalve` in `[server:main]`; did you mean `keepalive`?",
            "error: development.ini:12: in `timeout`: `%(tme)s` has no value: give it one on the command line, `tme=...`, in this section or in `[DEFAULT]`",
            "error: development.ini:13: `daemon` cannot be said here; let a supervisor such as systemd run the program",
            "error: development.ini:14: `max_body` is the application's: it belongs into `[app:main]`",
            "error: development.ini:15: `port` is `http`, but should be a port, 0 to 65535",
            "error: development.ini:17: there is no section `[servr:other]`; did you mean `[server:other]`?",
            "error: development.ini:18: there is no section `[loger_x]`; did you mean `[logger_x]`?",
        ]
    );
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of mistakes")]
fn each_mistake_is_a_line_that_says_what_to_write() {
    const SERVER: &str = "[app:main]\nuse = egg:x\n[server:main]\n";
    let logged = |text: &str| {
        format!("{SERVER}[loggers]\nkeys = root\n[logger_root]\nhandlers = c\n[handlers]\nkeys = c\n{text}")
    };
    let handler = |text: &str| logged(&format!("[handler_c]\n{text}"));
    for (name, text, expected) in [
        ("no-app", "[server:main]\nport = 1\n".to_owned(), "x.ini: there is no `[app:main]`"),
        (
            "other-app",
            "[app:mian]\nuse = egg:x\n".to_owned(),
            "x.ini: there is no `[app:main]`; there is `[app:mian]`",
        ),
        (
            "other-server",
            "[app:main]\n[server:mian]\n".to_owned(),
            "x.ini: there is no `[server:main]`; there is `[server:mian]`",
        ),
        (
            "pipeline",
            "[app:shop]\nuse = egg:x\n[pipeline:main]\npipeline = gzip shop\n".to_owned(),
            "x.ini:3: `[pipeline:main]` puts WSGI filters around the application, which this program cannot load; serve `x.ini#shop`, and write the filters as `#[tween]`s",
        ),
        (
            "composite",
            "[composite:main]\nuse = egg:Paste#urlmap\n/ = x\n".to_owned(),
            "x.ini:1: `[composite:main]` puts several WSGI applications under one server, which this program cannot load; call the application's section `[app:main]`, and write the others as services that are mounted, `config.mount`",
        ),
        (
            "filter-with",
            "[app:main]\nuse = egg:x\nfilter-with = f\n".to_owned(),
            "x.ini:3: `filter-with` puts a WSGI filter around the application, which this program cannot load; write it as a `#[tween]`",
        ),
        (
            "scheme",
            "[app:main]\nuse = eg:x\n".to_owned(),
            "x.ini:2: `use` knows `egg:`, `call:`, `config:` and the names of other sections, and no `eg:`",
        ),
        (
            "config",
            "[app:main]\nuse = config:nowhere.ini\n".to_owned(),
            "x.ini:2: `use = config:nowhere.ini`: nowhere.ini: there is no such file",
        ),
        (
            "circle",
            "[app:main]\nuse = b\n[app:b]\nuse = main\n".to_owned(),
            "x.ini:1: `[app:main]` uses itself, by way of x.ini:1, x.ini:3",
        ),
        (
            "twice",
            format!("{SERVER}keepalive = 1\nkeep_alive = 2\n"),
            "x.ini:5: `keep_alive` says again what `keepalive` in x.ini:4 says",
        ),
        (
            "bind-and-port",
            format!("{SERVER}bind = 127.0.0.1:0\nport = 2\n"),
            "x.ini:5: `port` says where to listen, and so does `bind` in x.ini:4; leave one of them out",
        ),
        (
            "value",
            format!("{SERVER}keepalive = soon\n"),
            "x.ini:4: `keepalive` is `soon`, but should be a number of seconds",
        ),
        (
            "comment",
            format!("{SERVER}backlog = 5 ; enough\n"),
            "x.ini:4: `backlog` is `5 ; enough`, but should be a whole number (a comment needs a line of its own)",
        ),
        (
            "app-value",
            "[app:main]\nuse = egg:x\nmax_body = big\n".to_owned(),
            "x.ini:3: `max_body` is `big`, but should be a whole number",
        ),
        (
            "slip",
            "[app:main]\nuse = egg:x\nmax_bdy = 3\n".to_owned(),
            "x.ini:3: there is no setting `max_bdy`; did you mean `max_body`?",
        ),
        (
            "uwsgi",
            "[app:main]\nuse = egg:x\n[uwsgi]\nhttp-sockt = :1\n".to_owned(),
            "x.ini:4: there is no `http-sockt` in `[uwsgi]`; did you mean `http-socket`?",
        ),
        (
            "handler-class",
            handler("class = handlers.RotatingFileHandler\n"),
            "x.ini:11: there is no `handlers.RotatingFileHandler`; write `FileHandler`, and let `logrotate` move the file and send USR1",
        ),
        (
            "handler-args",
            handler("class = StreamHandler\nargs = (open('x'),)\n"),
            "x.ini:12: `args` is `(open('x'),)`, but should be a tuple such as `(sys.stderr,)` or `('app.log', 'a')`",
        ),
        (
            "handler-level",
            handler("class = StreamHandler\nlevel = LOUD\n"),
            "x.ini:12: `level` is `LOUD`, but should be `DEBUG`, `INFO`, `WARN`, `ERROR`, `CRITICAL` or `NOTSET`",
        ),
        ("handler-missing", logged(""), "x.ini:9: `[handlers]` lists `c`, but there is no `[handler_c]`"),
        (
            "format",
            handler(
                "class = StreamHandler\nformatter = f\n[formatters]\nkeys = f\n[formatter_f]\nformat = %(mesage)s\n",
            ),
            "x.ini:16: a line in the log has no `%(mesage)s`; did you mean `%(message)s`?",
        ),
    ] {
        let found = faults(name, "x.ini", &text);
        // What is missing because of the mistake is no second one.
        assert!(found.contains(&format!("error: {expected}")), "{name}: {found:#?}");
        let other = found.iter().filter(|line| !line.ends_with("was not started")).count();
        let allowed = if name == "handler-missing" { 2 } else { 1 };
        assert!(other <= allowed, "{name}: {found:#?}");
    }
}

#[test]
fn a_file_that_is_not_there_or_is_none_is_one_line() {
    let folder = Folder::new("absent");
    let absent = format!("{}/nowhere.ini", folder.path());
    for (path, expected) in [(&*absent, "there is no such file"), (folder.path(), "found `")] {
        let ended = run(TESTED, &["serve", path], &[]);
        assert!(!ended.status.success());
        assert_eq!(ended.complaint.lines().count(), 1, "{}", ended.complaint);
        assert!(
            ended.complaint.contains(expected) || ended.complaint.contains("this is a folder"),
            "{}",
            ended.complaint
        );
    }
    let binary = folder.0.join("binary.ini");
    fs::write(&binary, b"[app:main]\n\xff\xfe = 1\n").expect("a file");
    let ended = run(TESTED, &["serve", binary.to_str().expect("text")], &[]);
    assert_eq!(ended.complaint, format!("error: {}: the file is no text in UTF-8\n", binary.display()));
    let ended = run(TESTED, &["development.ini"], &[]);
    assert_eq!(ended.status.code(), Some(2));
    assert_eq!(
        ended.complaint,
        "error: there is no command `development.ini`; did you mean `serve development.ini`?\n"
    );
}

#[test]
fn a_port_in_use_is_blamed_on_the_line_that_asks_for_it() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address");
    let folder = Folder::new("taken");
    let file = folder.file(
        "development.ini",
        &format!("[app:main]\nuse = egg:x\n[server:main]\nhost = 127.0.0.1\nport = {}\n", address.port()),
    );
    let ended = run(TESTED, &["serve", &file], &[]);
    assert_eq!(ended.status.code(), Some(1));
    let complaint = ended.complaint.lines().last().expect("a line");
    assert_eq!(
        complaint,
        format!(
            "error: {file}:5: cannot listen at {address}: another program, or another copy of this one, already does"
        )
    );
}

#[test]
fn toml_says_the_same_with_types() {
    let folder = Folder::new("toml");
    let file = folder.file(
        "production.toml",
        "\
[app]
max_body = 1_000
tweens = [\"EXCVIEW\"]

[app.shop]
currency = \"EUR\"
[app.shop.mail]
port = 25

[server]
listen = [\"127.0.0.1:0\", \"[::1]:0\"]
keepalive = 2.5

[logging]
format = \"json\"

[logging.loggers]
\"aiopyramid.server\" = \"warn\"
",
    );
    let known = settings(&run(TESTED, &["settings", &file], &[]));
    for (name, value, line) in [
        ("max_body", "1000", 2),
        ("tweens", "EXCVIEW", 3),
        ("shop.currency", "EUR", 6),
        ("shop.mail.port", "25", 8),
        ("listen", "127.0.0.1:0,[::1]:0", 11),
        ("keep_alive", "2.5", 12),
        ("log_format", "json", 15),
    ] {
        assert_eq!(known[name], (value.to_owned(), format!("{file}:{line}")), "{name}");
    }
    let found = faults(
        "toml-faults",
        "x.toml",
        "listen = 1\n[app]\nbacklog = 1\nlist = [[1]]\n[sever]\n[server]\nkeepalve = 1\n[logging]\nlevl = \"x\"\nloggers.x = \"loud\"\n",
    );
    assert_eq!(
        found,
        [
            "error: x.toml:1: `listen` stands in no table; write `[app]` or `[server]` above it",
            "error: x.toml:3: `backlog` is the server's: it belongs into `[server:main]`",
            "error: x.toml:4: `list` should be a list of single values",
            "error: x.toml:5: there is no table `[sever]`; did you mean `[server]`?",
            "error: x.toml:7: there is no `keepalve` in `[server:main]`; did you mean `keepalive`?",
            "error: x.toml:9: there is no `levl` in `[logging]`; did you mean `level`?",
            "error: x.toml:10: `loggers.x` is `loud`, but should be `error`, `warn`, `info`, `debug`, `trace` or `off`",
        ]
    );
    let found = faults("toml-syntax", "x.toml", "[app]\nname = \n");
    assert!(found[0].starts_with("error: x.toml:2: "), "{found:?}");
}

#[test]
fn every_logger_has_its_level_and_a_file_is_opened_again_at_usr1() {
    let folder = Folder::new("logs");
    let log = format!("{}/app.log", folder.path());
    let text = "[app:main]\nuse = egg:x\n[server:main]\nport = 0\n
[loggers]\nkeys = root, quiet
[handlers]\nkeys = file
[formatters]\nkeys = short
[logger_root]\nlevel = DEBUG\nhandlers = file
[logger_quiet]\nlevel = WARN\nhandlers =\nqualname = aiopyramid.server
[handler_file]\nclass = FileHandler\nargs = ('%(here)s/app.log', 'a')\nformatter = short
[formatter_short]\nformat = %(levelname)s %(name)s %(message)s\n";
    let app = App::quiet(TESTED, &["serve", &folder.file("development.ini", text)]);
    app.logged("Serving on http://");
    app.signal("USR1");
    let again = "the log ";
    wait_for(&log, again);
    let before = fs::read_to_string(&log).expect("a log");
    assert!(!before.contains("listening at"), "{before}");
    fs::rename(&log, format!("{log}.1")).expect("a file");
    app.signal("USR1");
    wait_for(&log, again);
    let line = fs::read_to_string(&log).expect("a log");
    assert_eq!(line, format!("INFO aiopyramid.command.log.file the log {log} was opened again\n"));
}

/// Waits until a file has this in it.
fn wait_for(path: &str, text: &str) {
    let deadline = std::time::Instant::now() + support::EVENTUALLY;
    while !fs::read_to_string(path).is_ok_and(|found| found.contains(text)) {
        assert!(std::time::Instant::now() < deadline, "{path} does not get `{text}`");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

#[test]
fn a_formatter_may_write_json() {
    let folder = Folder::new("json");
    let text = format!(
        "{APPLICATION}{}",
        LOG.replace("\nformat = ", "\nclass = pythonjsonlogger.jsonlogger.JsonFormatter\nformat = ")
    );
    let app = App::start(&[&folder.file("development.ini", &text)]);
    let line = app.logged("\"message\":\"listening at ");
    let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!((&line["level"], &line["target"]), (&"INFO".into(), &"aiopyramid::server".into()));
}
