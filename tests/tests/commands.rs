//! What an application's program does besides serving: `routes`, `check`, `help`, and what it says to a mistake.

use std::fs;
use std::io::Write;
use std::iter;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use support::peer::peer;
use support::{Ended, Folder, program, run};

mod support;

const TESTED: &str = env!("CARGO_BIN_EXE_tested-app");
const FAULTY: &str = env!("CARGO_BIN_EXE_faulty-app");
const TREE: &str = env!("CARGO_BIN_EXE_tree-app");

/// The line on which this stands in the source of the application that is full of faults.
fn place(text: &str) -> String {
    let source = include_str!("../src/faulty-app/main.rs");
    let line = source.lines().position(|line| line == text).unwrap_or_else(|| panic!("no line `{text}`"));
    format!("src/faulty-app/main.rs:{}", line + 1)
}

#[test]
fn routes_are_printed_in_matching_order_with_a_row_for_each_view() {
    let ended = run(TESTED, &["routes"], &[]);
    assert!(ended.status.success(), "{ended:?}");
    let rows: Vec<Vec<&str>> =
        ended.output.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
    assert_eq!(rows[0], ["Name", "Pattern", "View", "Method"]);
    assert!(rows[1].iter().all(|cell| cell.bytes().all(|byte| byte == b'-')), "{:?}", rows[1]);
    let at = |row: [&str; 4]| {
        rows.iter().position(|known| *known == row).unwrap_or_else(|| panic!("no row {row:?} in {rows:#?}"))
    };
    let literal = at(["/files/index", "/files/index", "tested_app::methods::index", "*"]);
    let rest = at(["/files/*rest", "/files/*rest", "tested_app::methods::file", "*"]);
    assert!(literal < rest, "{rows:#?}");
    at(["shelf", "/shelves/{number}", "tested_app::methods::shelf", "GET"]);
    at(["shelf", "/shelves/{number}", "tested_app::methods::put_on_shelf", "PATCH,PUT"]);
    at(["/thread/method/plain", "/thread/method/plain", "tested_app::threads::Methods::plain", "*"]);
    // The columns stand under each other.
    let starts: Vec<Option<usize>> = ended.output.lines().map(|line| line.find("tested_app::")).collect();
    assert!(starts[2..].iter().all(|start| *start == starts[2]), "{}", ended.output);
}

#[test]
#[cfg(unix)]
fn a_reader_that_has_had_enough_is_no_error() {
    let mut child = Command::new(TESTED)
        .arg("routes")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a program that can be started");
    // Before anything is written, or just after: both are the reader's right.
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("an exit status");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn a_check_of_an_application_without_a_fault_says_so() {
    let ended = run(TESTED, &["check"], &[]);
    assert!(ended.status.success(), "{ended:?}");
    assert!(ended.output.ends_with(" routes, no fault found\n"), "{}", ended.output);
    assert_eq!(ended.complaint, "");
}

#[test]
fn a_check_says_everything_that_is_wrong_with_every_place() {
    let ended = run(FAULTY, &["check"], &[]);
    assert_eq!((ended.status.code(), &*ended.output), (Some(1), ""));
    let faults: Vec<&str> = ended.complaint.trim_end().split("\n\n").collect();
    let expected: [(&[&str], &[&str]); 7] = [
        (
            &["`faulty_app::accounts` and `faulty_app::accounts_again` both answer the route `/accounts`"],
            &["#[view_config(route = \"/accounts\")]"],
        ),
        (
            &["the routes `/customers/{id}` and `/customers/{name}` are equally specific", "help: "],
            &["#[view_config(route = \"/customers/{id}\")]", "#[view_config(route = \"/customers/{name}\")]"],
        ),
        (
            &[
                "`faulty_app::ledger` asks for `State<faulty_app::Ledger>`, which nobody manages",
                "config.manage",
            ],
            &["#[view_config(route = \"/ledger\")]"],
        ),
        (
            &["`faulty_app::archive` runs in the pool `archive`, which is not configured", "\n  help: "],
            &["#[view_config(route = \"/archive\", mapper = executor(\"archive\"))]"],
        ),
        (&["route `broken`: "], &["    config.add_route(\"broken\", \"/broken/{id:(}\");"]),
        (
            &["`faulty_app::lost` wants the route `nowhere`, which there is not"],
            &["    config.add_view(lost).route(\"nowhere\");"],
        ),
        (&["two values of type `u8` are managed"], &["    config.manage(1_u8).manage(2_u8);"]),
    ];
    for (texts, places) in expected {
        let fault = faults.iter().find(|fault| fault.starts_with(&format!("error: {}", texts[0])));
        let fault = fault.unwrap_or_else(|| panic!("nothing of {texts:?} in\n{}", ended.complaint));
        assert!(texts.iter().all(|text| fault.contains(text)), "{fault}");
        for text in places {
            assert!(fault.contains(&place(text)), "{} is missing in\n{fault}", place(text));
        }
    }
    assert_eq!(faults.last(), Some(&"the application has 7 faults and was not started"));
    assert_eq!(faults.len(), 8, "{}", ended.complaint);
}

#[test]
fn an_application_with_a_fault_is_not_served_and_its_routes_are_not_printed() {
    for command in ["serve", "routes"] {
        let ended = run(FAULTY, &[command], &[]);
        assert_eq!((ended.status.code(), &*ended.output), (Some(1), ""), "{command}");
        assert!(ended.complaint.contains("has 7 faults"), "{}", ended.complaint);
    }
}

#[test]
fn a_bad_setting_is_one_line_and_status_1_whatever_the_command_is() {
    for (setting, expected) in [
        ("loops=many", "a whole number"),
        ("loops=0", "one event loop at least"),
        ("max_body=-1", "a whole number"),
        ("executor.threads=0", "one thread at least"),
        ("executor.reports.queue=x", "a whole number"),
        ("development=perhaps", "`true` or `false`"),
        ("keep_alive=soon", "a number of seconds"),
        ("log=loud", "`error`, `warn`, `info`, `debug`, `trace` or `off`"),
    ] {
        let (name, value) = setting.split_once('=').expect("a name and a value");
        for command in ["serve", "check"] {
            let ended = run(TESTED, &[command, setting], &[]);
            assert_eq!(ended.status.code(), Some(1), "{command} {setting}");
            assert_eq!(
                ended.complaint,
                format!(
                    "error: setting `{name}` is `{value}` (from the command line), but should be {expected}\n"
                )
            );
        }
    }
}

#[test]
fn several_bad_settings_are_named_at_once_and_nothing_else_is_blamed() {
    let ended = run(
        TESTED,
        &["check", "executor.reports.threads=0", "max_body=x"],
        &[("AIOPYRAMID_METHOD_NOT_ALLOWED", "eh")],
    );
    assert_eq!(ended.status.code(), Some(1));
    let complaint = &ended.complaint;
    assert!(complaint.contains("setting `method_not_allowed` is `eh` (from the environment)"), "{complaint}");
    assert!(complaint.contains("setting `executor.reports.threads` is `0`"), "{complaint}");
    assert!(complaint.contains("setting `max_body` is `x`"), "{complaint}");
    assert!(complaint.contains("the application has 3 faults"), "{complaint}");
}

#[test]
fn static_files_have_settings_for_their_pool_and_for_cache_busters() {
    let folder = concat!("tested.folder=", env!("CARGO_MANIFEST_DIR"), "/embedded");
    let check = |settings: &[&str]| run(TESTED, &[&["check", folder], settings].concat(), &[]);
    let ended = check(&["executor.static.threads=2", "executor.static.queue=0", "prevent_cachebust=true"]);
    assert_eq!((ended.status.code(), &*ended.complaint), (Some(0), ""));
    let ended = check(&["executor.static.threads=0", "executor.static.queue=x", "prevent_cachebust=perhaps"]);
    assert_eq!(ended.status.code(), Some(1));
    for expected in [
        "setting `executor.static.threads` is `0` (from the command line), but should be one thread at least",
        "setting `executor.static.queue` is `x` (from the command line), but should be a whole number",
        "setting `prevent_cachebust` is `perhaps` (from the command line), but should be `true` or `false`",
    ] {
        assert!(ended.complaint.contains(expected), "{expected} is missing in\n{}", ended.complaint);
    }
    assert!(ended.complaint.contains("the application has 3 faults"), "{}", ended.complaint);
    // Without a folder to serve there is no such pool.
    let ended = run(TESTED, &["check", "executor.static.threads=2"], &[]);
    assert!(ended.complaint.contains("for the pool `static`, which there is not"), "{}", ended.complaint);
}

#[test]
fn what_is_not_understood_is_one_line_with_the_nearest_word_and_status_2() {
    for (arguments, complaint) in [
        (&["serve", "lisen=x"][..], "there is no setting `lisen`; did you mean `listen`?"),
        (&["max_bodi=1"], "there is no setting `max_bodi`; did you mean `max_body`?"),
        (&["colour=red"], "there is no setting `colour`; `help` lists them"),
        (&["rouets"], "there is no command `rouets`; did you mean `routes`?"),
        (&["routes", "check"], "expected a configuration file or `name=value`, found `check`"),
    ] {
        let ended = run(TESTED, arguments, &[]);
        assert_eq!((ended.status.code(), &*ended.output), (Some(2), ""), "{arguments:?}");
        assert_eq!(ended.complaint, format!("error: {complaint}\n"));
    }
    let ended = run(TESTED, &["check"], &[("AIOPYRAMID_LOPS", "1")]);
    assert_eq!(ended.status.code(), Some(2));
    assert_eq!(
        ended.complaint,
        "error: there is no setting `lops`; did you mean `loops`? (from the environment)\n"
    );
}

#[test]
fn help_names_the_commands_and_the_settings() {
    let ended = run(TESTED, &["help"], &[]);
    assert!(ended.status.success());
    for word in ["serve", "routes", "check", "help", "listen", "half_close_grace", "executor.POOL.threads"] {
        assert!(ended.output.contains(word), "{word} is missing in\n{}", ended.output);
    }
    assert_eq!(run(TESTED, &["--help"], &[]).output, ended.output);
    // An application that would not start can still be asked.
    let faulty = run(FAULTY, &["help"], &[]).output;
    assert!(faulty.replace("faulty-app", "tested-app") == ended.output, "{faulty}");
}

#[test]
fn help_of_a_command_has_its_options_and_examples_that_are_understood() {
    let ended = run(TESTED, &["help", "request"], &[]);
    for word in ["Usage: tested-app request [METHOD] PATH [OPTIONS]", "-H, --header NAME:VALUE", "Examples:"]
    {
        assert!(ended.output.contains(word), "{word} is missing in\n{}", ended.output);
    }
    assert_eq!(run(FAULTY, &["request", "--help"], &[]).output.replace("faulty", "tested"), ended.output);
    let unknown = run(TESTED, &["help", "rotes"], &[]);
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(unknown.complaint, "error: there is no command `rotes`; did you mean `routes`?\n");
}

/// What `request` does, given this on its standard input.
fn request(arguments: &[&str], input: &str) -> Ended {
    let mut child =
        program(TESTED).arg("request").args(arguments).stdin(Stdio::piped()).spawn().expect("a process");
    // One that does not read it has ended already.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("an end");
    Ended {
        status: output.status,
        output: String::from_utf8(output.stdout).expect("text"),
        complaint: String::from_utf8(output.stderr).expect("text"),
    }
}

#[test]
fn a_request_without_a_server_prints_the_body_of_a_coroutine_and_of_a_function() {
    for (arguments, input, body) in [
        (&["/query?name=x&count=2"][..], "", "2 x x []"),
        (&["POST", "/form"], "name=pen&count=3&tag=a&tag=b", "3 x pen [\"a\", \"b\"]"),
        (
            &["POST", "/json", "--header", "Content-Type: application/json"],
            "{\"name\": \"pen\", \"count\": 3}",
            "3 x pen []",
        ),
    ] {
        let ended = request(arguments, input);
        assert_eq!(
            (ended.status.code(), &*ended.output),
            (Some(0), body),
            "{arguments:?} {}",
            ended.complaint
        );
    }
}

#[test]
fn a_request_without_a_server_ends_with_the_class_of_its_status() {
    for (target, code) in [("/nowhere", 4), ("/query", 4), ("/panic/coroutine", 5)] {
        assert_eq!(request(&[target], "").status.code(), Some(code), "{target}");
    }
    let head = request(&["-d", "HEAD", "/query?name=x&count=2"], "");
    assert!(head.output.starts_with("200 OK\n"), "{}", head.output);
    assert!(head.output.contains("\ncontent-type: text/plain; charset=UTF-8\n"), "{}", head.output);
    assert!(head.output.ends_with("\n\n"), "{}", head.output);
}

#[test]
fn a_request_without_a_server_sends_headers_and_a_login_and_refuses_what_are_none() {
    let ended = request(
        &["/headers", "-H", "X-Twice:1", "-H", "X-Twice:2", "-l", "ann:se:cret", "-H", "Host: a.b"],
        "",
    );
    let sent: Value = serde_json::from_str(&ended.output).expect("JSON");
    assert_eq!(sent["x-twice"], "1,2");
    assert_eq!(sent["authorization"], "Basic YW5uOnNlOmNyZXQ=");
    assert_eq!(sent["host"], "a.b");
    assert_eq!(sent["accept"], "text/plain;q=1.0, */*;q=0.1");
    for (option, value, complaint) in [
        ("--header", "bad", "`--header bad` should be a name and a value with a colon between"),
        ("--login", "ann", "`--login ann` should be a name and a password with a colon between"),
    ] {
        let ended = request(&["/", option, value], "");
        assert_eq!((ended.status.code(), &*ended.complaint), (Some(2), &*format!("error: {complaint}\n")));
    }
}

fn document(program: &str, arguments: &[&str], status: i32) -> Value {
    let ended = run(program, arguments, &[]);
    assert_eq!(ended.status.code(), Some(status), "{arguments:?} {}", ended.complaint);
    serde_json::from_str(&ended.output).unwrap_or_else(|error| panic!("{error}: {}", ended.output))
}

#[test]
fn every_command_that_says_something_says_it_for_programs_too() {
    let routes = document(TESTED, &["routes", "--json", "--glob", "/form*"], 0);
    let routes = routes.as_array().expect("a list");
    assert_eq!(routes.len(), 2, "{routes:#?}");
    let form = routes.iter().find(|route| route["pattern"] == "/form").expect("the form");
    assert_eq!(form["views"][0]["view"], "tested_app::bodies::form");
    assert_eq!(
        (&form["views"][0]["method"], &form["views"][0]["mapper"]),
        (&json!("POST"), &json!("executor"))
    );

    let views = document(TREE, &["views", "--json", "/poems/odes/edit/3"], 0);
    assert_eq!((&views["context"], &views["view_name"]), (&json!("/poems/odes"), &json!("edit")));
    assert_eq!(views["views"][0]["permission"], "edit");
    assert_eq!(document(TREE, &["views", "/nowhere", "--json"], 1)["views"], json!([]));

    let tweens = document(TESTED, &["tweens", "--json"], 0);
    assert_eq!(tweens["explicit"], false);
    let names: Vec<_> =
        tweens["used"].as_array().expect("a list").iter().map(|tween| &tween["name"]).collect();
    assert!(names.contains(&&json!("EXCVIEW")), "{tweens:#}");

    let settings = document(TESTED, &["settings", "--json", "loops=2", "shop.secret=x"], 0);
    let named = |name: &str| {
        let all = settings.as_array().expect("a list");
        all.iter().find(|setting| setting["name"] == name).cloned().unwrap_or_else(|| panic!("no {name}"))
    };
    assert_eq!(named("loops"), json!({"name": "loops", "value": "2", "source": "the command line"}));
    assert_eq!(named("shop.secret")["value"], "******");

    let answer = document(TESTED, &["request", "--json", "/nowhere"], 4);
    assert_eq!((&answer["status"], &answer["reason"]), (&json!(404), &json!("Not Found")));
    assert!(answer["body"].as_str().expect("text").contains("404"), "{answer:#}");
}

#[test]
fn what_is_wrong_is_told_to_programs_with_its_places() {
    assert_eq!(document(TESTED, &["check", "--json"], 0)["faults"], json!([]));
    let told = document(FAULTY, &["check", "--json"], 1);
    let faults = told["faults"].as_array().expect("a list");
    assert_eq!(faults.len(), 7, "{told:#}");
    for fault in faults {
        let place = &fault["places"][0];
        assert!(place["line"].is_u64() && place["file"] == "tests/src/faulty-app/main.rs", "{fault:#}");
    }
    let told = document(TESTED, &["check", "--json", "missing.ini"], 1);
    assert!(told["faults"][0]["message"].as_str().expect("text").contains("missing.ini"), "{told:#}");
}

#[test]
fn routes_are_chosen_by_a_glob_and_columns_by_their_names() {
    let ended = run(TESTED, &["routes", "-g", "/form", "-f", "method,name,mapper,where"], &[]);
    let rows: Vec<Vec<&str>> = ended.output.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["Method", "Name", "Mapper", "Where"]);
    assert_eq!((rows.len(), rows[2][0], rows[2][2]), (3, "POST", "executor"), "{}", ended.output);
    assert!(rows[2][3].starts_with("tests/src/tested-app/bodies.rs:"), "{}", ended.output);
    let ended = run(TESTED, &["routes", "--format", "name,patern"], &[]);
    assert_eq!(ended.status.code(), Some(2));
    assert_eq!(
        ended.complaint,
        "error: there is no column `patern`; did you mean `pattern`? There are name, pattern, view, method, mapper, permission, where\n"
    );
}

/// What is at the prompt, and what the key for completion makes of it, in a folder with a `site.ini`.
const COMPLETED: &[(&str, &str)] = &[
    ("ro", "routes"),
    ("routes --gl", "routes --glob"),
    ("serve lis", "serve listen="),
    ("serve sit", "serve site.ini"),
    ("completions f", "completions fish"),
    ("help vi", "help views"),
];

/// Runs a shell that knows what `completions` prints for it, as `./completions`, and returns what it says.
fn in_shell(shell: &str, arguments: &[&str], asked: &str) -> Option<Vec<String>> {
    let program = peer(shell)?;
    let folder = Folder::new(&format!("completions-{shell}"));
    fs::write(folder.file("completions"), run(TESTED, &["completions", shell], &[]).output).expect("a file");
    fs::write(folder.file("site.ini"), "").expect("a file");
    let output = Command::new(program)
        .args(arguments)
        .arg(asked)
        .current_dir(folder.path())
        .env("HOME", folder.path())
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(
        String::from_utf8(output.stdout)
            .expect("text")
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect(),
    )
}

#[test]
fn bash_completes_commands_options_settings_and_files() {
    for (typed, completed) in COMPLETED {
        let words: Vec<_> = typed.split(' ').map(|word| format!("'{word}'")).collect();
        let asked = format!(
            "source ./completions; compopt() {{ :; }}; COMP_WORDS=(tested-app {}); COMP_CWORD={}; _tested_app; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words.join(" "),
            words.len()
        );
        let Some(found) = in_shell("bash", &["--norc", "-O", "extglob", "-c"], &asked) else { return };
        let last = completed.rsplit(' ').next().unwrap_or_default();
        assert_eq!(found, [last], "{typed}");
    }
}

#[test]
fn fish_completes_commands_options_settings_and_files() {
    for (typed, completed) in COMPLETED {
        let asked = format!("source ./completions; complete --do-complete 'tested-app {typed}'");
        let Some(found) = in_shell("fish", &["--no-config", "-c"], &asked) else { return };
        // Each stands before what it means.
        let found: Vec<_> = found.iter().filter_map(|line| line.split('\t').next()).collect();
        let last = completed.rsplit(' ').next().unwrap_or_default();
        assert_eq!(found, [last], "{typed}");
    }
}

#[test]
fn zsh_completes_commands_options_settings_and_files() {
    // A terminal of its own for a shell that thinks itself to be used, where the program says what it is started with.
    let begun = "zmodload zsh/zpty; zpty shell zsh -f -i; zpty -w shell 'PS1=; autoload -Uz compinit; compinit -u -D; \
                 source ./completions; tested-app() { print -r -- \"ran:$@\" }; print ready'; zpty -r shell said '*ready*ready*'";
    let typed = COMPLETED.iter().map(|(typed, _)| {
        format!("zpty -w shell $'tested-app {typed}\\t'; zpty -r shell said $'*ran:*\\n'; print -r -- ${{said##*ran:}}")
    });
    let asked = iter::once(begun.to_owned()).chain(typed).collect::<Vec<_>>().join("\n");
    let Some(found) = in_shell("zsh", &["-f", "-c"], &asked) else { return };
    let found: Vec<_> = found.iter().filter(|line| !line.is_empty()).collect();
    assert_eq!(found, COMPLETED.iter().map(|(_, completed)| completed).collect::<Vec<_>>());
}

#[test]
fn other_shells_are_refused() {
    assert_eq!(run(TESTED, &["completions", "csh"], &[]).status.code(), Some(2));
}

#[test]
fn tweens_are_printed_from_the_outermost_to_the_innermost() {
    let ended = run(TESTED, &["tweens"], &[]);
    assert!(ended.status.success(), "{ended:?}");
    let (head, rest) = ended.output.split_once("\n\n").expect("a blank line");
    assert_eq!(head, "\"tweens\" config value NOT set (implicitly ordered tweens used)");
    let rows: Vec<&str> = rest.lines().map(str::trim_end).collect();
    assert_eq!(
        rows[..5],
        ["Implicit Tween Chain", "", "Position    Name", "--------    ----", "-           INGRESS"]
    );
    assert!(rows.contains(&"0           EXCVIEW"), "{rows:#?}");
    assert_eq!(rows.last(), Some(&"-           MAIN"));
    // Every name has the same width, as in Pyramid.
    assert!(rest.lines().skip(2).all(|line| line.len() == 77), "{rest}");
}

#[test]
fn tweens_of_the_setting_are_printed_with_those_that_it_replaces() {
    let ended = run(TESTED, &["tweens", "tweens=EXCVIEW"], &[]);
    assert!(ended.status.success(), "{ended:?}");
    assert!(
        ended.output.starts_with(
            "\"tweens\" config value set (explicitly ordered tweens used)\n\nExplicit Tween Chain (used)\n\n"
        ),
        "{}",
        ended.output
    );
    assert!(ended.output.contains("\n\nImplicit Tween Chain (not used)\n\nPosition "), "{}", ended.output);
    let ended = run(TESTED, &["tweens", "tweens=EXCVEIW"], &[]);
    assert_eq!(
        ended.complaint,
        "error: setting `tweens` (from the command line) lists `EXCVEIW`, which is no tween\n  help: did you mean `EXCVIEW`?\n"
    );
    assert_eq!((ended.status.code(), &*ended.output), (Some(1), ""));
}

#[test]
fn views_are_printed_with_the_reason_why_each_declines() {
    let ended = run(TREE, &["views", "/poems/odes/edit/3"], &[]);
    assert!(ended.status.success(), "{}", ended.complaint);
    assert!(
        ended.output.contains("URL = /poems/odes/edit/3\n\n    context: /poems/odes\n    view name: edit\n")
    );
    assert!(ended.output.contains("    View:\n    -----\n    tree_app::library::edit\n"), "{}", ended.output);
    assert!(ended.output.contains("    required permission = edit\n"), "{}", ended.output);
    let nowhere = run(TREE, &["views", "/nowhere"], &[]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert_eq!(nowhere.output, "\nURL = /nowhere\n\n    Not found.\n\n");
    assert!(nowhere.complaint.ends_with("error: no view answers /nowhere\n"), "{}", nowhere.complaint);
    let without = run(TREE, &["views"], &[]);
    assert_eq!(without.status.code(), Some(2));
    assert_eq!(without.complaint, "error: `views` needs a path behind it, such as `/`\n");
}

#[test]
fn a_view_for_another_method_is_printed_as_one_that_declines() {
    let ended = run(TESTED, &["views", "PATCH", "/form"], &[]);
    assert!(ended.output.contains("        declines: not request_method = POST\n"), "{}", ended.output);
    assert_eq!(ended.status.code(), Some(1));
}
