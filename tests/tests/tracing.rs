//! Spans around requests and views: in the log, and for a layer of the program's own.
#![cfg(unix)]

use serde_json::Value;
use support::{App, Folder};

mod support;

const PROGRAM: &str = env!("CARGO_BIN_EXE_worker-app");

/// The file of a log that asks for the spans.
fn with_spans(folder: &Folder, format: &str) -> App {
    let file = folder.file("a.toml");
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\n\n[logging]\nlevel = \"info\"\nformat = \"{format}\"\n\n\
         [logging.loggers]\n\"aiopyramid.request\" = \"debug\"\n"
    );
    std::fs::write(&file, text).expect("a file");
    let mut command = support::program(PROGRAM);
    command.arg("serve").arg(&file);
    App::started_by(command)
}

#[test]
fn what_a_blocking_view_logs_and_how_it_fails_is_inside_of_its_request() {
    let folder = Folder::new("spans");
    let app = with_spans(&folder, "json");
    assert_eq!(app.get("/tell/hello?secret=1").status, 500);
    for wanted in ["told hello", "and then it failed"] {
        let line = app.logged(wanted);
        assert!(!line.contains("secret"), "{line}");
        let object: Value = serde_json::from_str(&line).expect("an object");
        let spans = object["spans"].as_array().expect("the spans around it");
        let request = &spans[0];
        assert_eq!((&request["name"], &request["method"]), (&"request".into(), &"GET".into()), "{line}");
        assert_eq!((&request["path"], &request["route"]), (&"/tell/hello".into(), &"/tell/{word}".into()));
        assert_eq!(request["view"], "worker_app::tell");
    }
    let told: Value = serde_json::from_str(&app.logged("told hello")).expect("an object");
    assert_eq!(told["spans"][1]["name"], "view", "{told}");
}

#[test]
fn spans_are_there_only_where_somebody_asks_for_them() {
    let app = App::of(PROGRAM, &["log_format=json"]);
    assert_eq!(app.get("/tell/hello").status, 500);
    let object: Value = serde_json::from_str(&app.logged("told hello")).expect("an object");
    assert_eq!(object.get("spans"), None, "{object}");
}

#[test]
fn a_layer_of_the_program_s_own_sees_them() {
    let app = App::of(PROGRAM, &["demo.spans=1"]);
    assert_eq!(app.get("/process").status, 200);
    assert_eq!(app.get("/block/1").status, 200);
    app.signal("TERM");
    let ended = app.end();
    let lines: Vec<_> = ended.output.lines().collect();
    let once = ["closed view inside of \"request\"", "closed request inside of \"\""];
    assert_eq!(lines, [once, once].concat(), "{ended:?}");
}
