//! Which part of the framework may name which. See `runtime/src/app/mod.rs` and the module docs of each floor.
//!
//! The sources are read, not compiled, so what counts is what is written: `use` declarations and paths, also those inside of
//! macro calls. What a doc comment links to is no reference.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use names::{Names, Reference};

mod names;

/// The height and the name of a part. A part may name itself and what is lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    /// The floor, and for what is inside `app` the landing.
    height: (u8, u8),
    name: &'static str,
    /// Whether parts of the same height must not name each other.
    alone: bool,
}

impl Part {
    const fn floor(floor: u8, name: &'static str) -> Self {
        Self { height: (floor, 0), name, alone: false }
    }

    const fn landing(landing: u8, name: &'static str) -> Self {
        Self { height: (3, landing), name, alone: false }
    }

    const fn room(floor: u8, name: &'static str) -> Self {
        Self { height: (floor, 0), name, alone: true }
    }

    fn may_name(self, other: Self) -> bool {
        let beside = self.height == other.height && !(self.alone && other.alone && self.name != other.name);
        beside || other.height < self.height
    }
}

/// A crate whose parts are in order.
struct House {
    sources: &'static str,
    /// The parts, by the path of their module. The longest path that fits counts.
    plan: &'static [(&'static [&'static str], Part)],
    /// What may be named against the order: who, whom, and why.
    doors: &'static [(&'static str, &'static str, &'static str)],
    /// Crates, or modules, that a part must do without though they are lower.
    without: &'static [(&'static str, &'static [&'static str])],
    /// Macros whose tokens are the code of somebody else.
    quoting: &'static [&'static str],
}

const EXPANSIONS: &str =
    "`#[main]` and `#[test]` expand to calls of these, and an expansion names nothing but `__private`";

const RUNTIME: House = House {
    sources: "../runtime/src",
    plan: &[
        (&["error"], Part::floor(0, "0 error")),
        (&["suggestion"], Part::floor(0, "0 suggestion")),
        (&["protocol"], Part::floor(1, "1 protocol")),
        (&["server"], Part::floor(2, "2 server")),
        (&["app", "request"], Part::landing(0, "3a app, words")),
        (&["app", "response"], Part::landing(0, "3a app, words")),
        (&["app", "http_exception"], Part::landing(0, "3a app, words")),
        (&["app", "settings"], Part::landing(0, "3a app, words")),
        (&["app", "limits"], Part::landing(0, "3a app, words")),
        (&["app", "origin"], Part::landing(0, "3a app, words")),
        (&["app", "type_key"], Part::landing(0, "3a app, words")),
        (&["app", "executor"], Part::landing(1, "3b app, executor")),
        (&["app", "view"], Part::landing(2, "3c app, contracts")),
        (&["app", "extract"], Part::landing(2, "3c app, contracts")),
        (&["app", "security"], Part::landing(2, "3c app, contracts")),
        (&["app", "csrf"], Part::landing(2, "3c app, contracts")),
        (&["app", "session"], Part::landing(2, "3c app, contracts")),
        (&["app", "traversal"], Part::landing(2, "3c app, contracts")),
        (&["app", "asset"], Part::landing(2, "3c app, contracts")),
        (&["app", "route"], Part::landing(2, "3c app, contracts")),
        (&["app", "tween"], Part::landing(2, "3c app, contracts")),
        (&["app", "callback"], Part::landing(2, "3c app, contracts")),
        (&["app", "event"], Part::landing(2, "3c app, contracts")),
        (&["app", "websocket"], Part::landing(2, "3c app, contracts")),
        (&["app", "application"], Part::landing(3, "3d app, model")),
        (&["app", "deriver"], Part::landing(3, "3d app, model")),
        (&["app", "router"], Part::landing(4, "3e app, pipeline")),
        // Between the applications, and a server that they share: it knows of an application no more than rooms.
        (&["broker"], Part::landing(6, "3f broker")),
        (&["registry"], Part::floor(4, "4 registry")),
        (&["command"], Part::room(5, "5 command")),
        (&["testing"], Part::room(5, "5 testing")),
        (&["scaffold"], Part::room(5, "5 scaffold")),
        (&["toolbar"], Part::room(5, "5 toolbar")),
        (&["prelude"], Part::room(5, "5 prelude")),
        (&["__private"], Part::room(5, "5 __private")),
        (&["guide"], Part::room(5, "5 guide")),
        // The modules that only declare and re-export.
        (&["app"], Part::landing(5, "3 app, whole")),
        (&[], Part::floor(6, "5 lib")),
        // A user of all that.
        (&["bin"], Part::floor(7, "6 programs")),
    ],
    doors: &[
        ("5 __private", "5 command", EXPANSIONS),
        ("5 __private", "5 testing", EXPANSIONS),
        ("5 command", "5 toolbar", "a line in `development.ini` includes it, and a file is read here"),
    ],
    without: &[
        ("0 suggestion", &["tokio", "hyper", "hyper_util", "socket2", "inventory"]),
        ("0 error", &["tokio", "hyper", "hyper_util", "socket2", "inventory"]),
        ("1 protocol", &["tokio", "hyper_util", "socket2", "inventory"]),
        ("2 server", &["inventory"]),
        ("3", &["tokio::net", "socket2", "inventory"]),
        ("4 registry", &["crate::server", "tokio::net", "socket2"]),
    ],
    quoting: &[],
};

const MACROS: House = House {
    sources: "../macros/src",
    plan: &[
        (&["syntax"], Part::floor(0, "0 syntax")),
        (&["route"], Part::room(1, "1 route")),
        (&["view_config"], Part::room(1, "1 view_config")),
        (&["view_defaults"], Part::room(1, "1 view_defaults")),
        (&["exception_view"], Part::room(1, "1 exception_view")),
        (&["websocket"], Part::room(1, "1 websocket")),
        (&["bridge"], Part::room(1, "1 bridge")),
        (&["embedded"], Part::room(1, "1 embedded")),
        (&["template"], Part::room(1, "1 template")),
        (&["template_context"], Part::room(1, "1 template_context")),
        (&["resource"], Part::room(1, "1 resource")),
        (&["tween"], Part::room(1, "1 tween")),
        (&["subscriber"], Part::room(1, "1 subscriber")),
        (&["entry"], Part::room(1, "1 entry")),
        (&[], Part::floor(2, "2 lib")),
    ],
    doors: &[
        (
            "1 view_defaults",
            "1 view_config",
            "it fills in the arguments of the views in an `impl` block, and those are `view_config`'s to read, check and expand",
        ),
        ("1 exception_view", "1 view_config", "a view of what went wrong is a view with another purpose"),
        (
            "1 websocket",
            "1 view_config",
            "a websocket is a view, found and guarded as all are, that answers its handshake",
        ),
    ],
    without: &[],
    quoting: &["quote", "quote_spanned", "parse_quote", "parse_quote_spanned"],
};

/// Names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc"];

/// A file with more lines usually holds two ideas.
const LONGEST: usize = 450;

/// The longer ones, each with the reason.
const LONG_FILES: &[(&str, &str)] = &[
    ("macros/src/entry/package/tests.rs", "one table of packages and what is to be said of each"),
    ("runtime/src/server/connection/state.rs", "one state machine, which is read as a whole"),
];

/// Something that is not in order.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    file: String,
    line: usize,
    what: String,
}

impl House {
    fn part(&self, module: &[String]) -> Option<Part> {
        let fitting = self.plan.iter().filter(|(path, _)| {
            path.len() <= module.len() && path.iter().zip(module).all(|(part, segment)| part == segment)
        });
        let (path, part) = fitting.max_by_key(|(path, _)| path.len())?;
        // What only declares has no room that is not in the plan.
        let declares = matches!(path, [] | ["app"]);
        (!declares || path.len() == module.len()).then_some(*part)
    }

    /// What is wrong in one file.
    fn check(&self, names: &Names, file: &str, source: &str) -> Vec<Fault> {
        let module = module_of(file);
        let fault = |line, what| Fault { file: format!("{}/{file}", self.sources), line, what };
        let Some(from) = self.part(&module) else {
            return vec![fault(
                1,
                format!("`{}` lives on no floor: put it into the plan", module.join("::")),
            )];
        };
        let mut faults = Vec::new();
        if let Some(name) = module.iter().find(|name| EMPTY_NAMES.contains(&name.as_str())) {
            faults.push(fault(1, format!("`{name}` says nothing of what is inside")));
        }
        let found = names.in_file(&module, source, self.quoting);
        for (line, name) in found.modules {
            if EMPTY_NAMES.contains(&name.as_str()) {
                faults.push(fault(line, format!("`{name}` says nothing of what is inside")));
            }
        }
        let without = self.without.iter().filter(|(part, _)| from.name.starts_with(part));
        let without: Vec<_> = without.flat_map(|(_, paths)| *paths).collect();
        for Reference { line, path, .. } in found.own.iter().chain(&found.foreign) {
            if without.iter().any(|refused| {
                path.strip_prefix(**refused).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            }) {
                faults.push(fault(*line, format!("`{}` names `{path}`, which is not for it", from.name)));
            }
        }
        for Reference { line, path, module } in found.own {
            match self.part(&module) {
                Some(to) if from.may_name(to) || self.door(from, to) => {}
                Some(to) => {
                    faults.push(fault(line, format!("`{}` names `{path}` of `{}`", from.name, to.name)));
                }
                None => {
                    faults.push(fault(line, format!("`{path}` lives on no floor: put it into the plan")));
                }
            }
        }
        faults
    }

    fn door(&self, from: Part, to: Part) -> bool {
        self.doors.iter().any(|(who, whom, _)| (*who, *whom) == (from.name, to.name))
    }

    fn names(&self) -> Names {
        Names::of(&modules(&files(self.sources)))
    }

    fn faults(&self) -> Vec<Fault> {
        let files = files(self.sources);
        assert!(files.contains_key("lib.rs"), "{} is no crate", self.sources);
        let names = Names::of(&modules(&files));
        files.iter().flat_map(|(file, source)| self.check(&names, file, source)).collect()
    }
}

/// All files, by their path below the sources.
fn files(sources: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(sources);
    let mut files = BTreeMap::new();
    let mut directories = vec![root.clone()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // The sources of a scaffold are those of another package.
                if !path.join("Cargo.toml.template").exists() {
                    directories.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    files
}

/// The path of the module in `file`.
fn module_of(file: &str) -> Vec<String> {
    let file = file.strip_suffix(".rs").unwrap();
    let mut module: Vec<String> = file.split('/').map(str::to_owned).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib")) {
        module.pop();
    }
    module
}

fn modules(files: &BTreeMap<String, String>) -> Vec<(Vec<String>, &str)> {
    files.iter().map(|(file, source)| (module_of(file), &**source)).collect()
}

fn assert_none(faults: &[Fault]) {
    let lines: Vec<_> =
        faults.iter().map(|Fault { file, line, what }| format!("{file}:{line}: {what}")).collect();
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

#[test]
fn the_runtime_names_only_what_is_below() {
    assert_none(&RUNTIME.faults());
}

/// The toolbar shows what an extension of anybody's can be made of.
#[test]
fn the_toolbar_names_only_what_everybody_can() {
    let root = &files(RUNTIME.sources)["lib.rs"];
    let mut public = BTreeSet::new();
    for (_, shown) in root.split(';').filter_map(|item| item.split_once("\npub ")) {
        // The last word of a path, or all that are in braces.
        let names = match shown.split_once('{') {
            Some((_, names)) => names.trim_end_matches('}'),
            None => shown.rsplit([':', ' ']).next().unwrap(),
        };
        public.extend(names.split(',').map(|name| name.trim().to_owned()));
    }
    assert!(public.contains("Configurator") && public.contains("tween") && !public.contains("registry"));
    let named = regex::Regex::new(r"crate::(?:\{([^}]*)\}|(\w+))").unwrap();
    for (file, source) in files(RUNTIME.sources) {
        if !file.starts_with("toolbar/") {
            continue;
        }
        for found in named.captures_iter(&source) {
            let group = found.get(1).or_else(|| found.get(2)).unwrap().as_str();
            for name in group.split(',').map(|name| name.split("::").next().unwrap().trim()) {
                let known = name.is_empty() || name == "toolbar" || name == "guide" || public.contains(name);
                assert!(known, "runtime/src/{file} names `crate::{name}`, which is not public");
            }
        }
    }
}

#[test]
fn the_macros_name_only_their_syntax() {
    assert_none(&MACROS.faults());
}

#[test]
fn no_file_holds_two_ideas() {
    let mut faults = Vec::new();
    let mut long = Vec::new();
    for sources in [RUNTIME.sources, MACROS.sources, "../macros/pattern/src"] {
        for (file, source) in files(sources) {
            let file = format!("{sources}/{file}").split_off("../".len());
            let lines = source.lines().count();
            let listed = LONG_FILES.iter().any(|(known, _)| *known == file);
            if lines > LONGEST && !listed {
                faults.push(format!("{file} has {lines} lines, of {LONGEST}"));
            }
            long.extend((lines > LONGEST).then_some(file));
        }
    }
    for (listed, _) in LONG_FILES {
        if !long.iter().any(|file| file == listed) {
            faults.push(format!("{listed} is listed as long, and is not"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// What is found in `source`, if it were the file `file`.
fn found(house: &House, names: &Names, file: &str, source: &str) -> Vec<String> {
    let faults = house.check(names, file, source);
    faults.into_iter().map(|fault| format!("{}: {}", fault.line, fault.what)).collect()
}

#[test]
fn a_higher_floor_is_found_however_it_is_named() {
    let names = RUNTIME.names();
    for (source, line) in [
        ("use crate::registry::Configurator;", 1),
        ("use crate::{\n    error::Error,\n    registry::{Configurator},\n};", 3),
        ("use super::super::registry::Configurator as C;", 1),
        ("fn f() {\n    let _ = crate::registry::Configurator {};\n}", 2),
        ("mod tests {\n    fn f(_: &super::super::super::registry::Configurator) {}\n}", 2),
        ("fn f() {\n    assert!(matches!(g(), Some(\n        crate::registry::Configurator { .. })));\n}", 3),
        ("macro_rules! m { () => { $crate::registry::Configurator } }", 1),
        // The root shows it too, which does not make it lower.
        ("use crate::Configurator;", 1),
    ] {
        assert_eq!(
            found(&RUNTIME, &names, "protocol/url/mod.rs", source),
            [format!("{line}: `1 protocol` names `crate::registry::Configurator` of `4 registry`")],
            "{source}"
        );
    }
}

#[test]
fn what_is_below_or_no_reference_is_left_alone() {
    let source = "
        //! [`Configurator`](crate::registry::Configurator)
        use crate::error::Error;
        use crate::{HeaderMap, Response};
        pub(in crate::app) fn f(_: self::inner::A) { let _ = std::mem::take(&mut crate::protocol::url::x()); }
        mod inner { pub(in super::super) struct A; }
    ";
    assert_eq!(found(&RUNTIME, &RUNTIME.names(), "app/view/made_up.rs", source), [""; 0]);
}

#[test]
fn a_sibling_a_landing_and_a_strange_crate_are_found() {
    let (runtime, macros) = (RUNTIME.names(), MACROS.names());
    for (house, names, file, source, expected) in [
        (
            &RUNTIME,
            &runtime,
            "command/serve.rs",
            "use crate::testing::Client;",
            "1: `5 command` names `crate::testing::Client` of `5 testing`",
        ),
        (
            &RUNTIME,
            &runtime,
            "app/executor/pool/mod.rs",
            "use crate::app::view::View;",
            "1: `3b app, executor` names `crate::app::view::View` of `3c app, contracts`",
        ),
        (
            &RUNTIME,
            &runtime,
            "app/view/made_up.rs",
            "use crate::app;",
            "1: `3c app, contracts` names `crate::app` of `3 app, whole`",
        ),
        (
            &RUNTIME,
            &runtime,
            "app/made_up.rs",
            "",
            "1: `app::made_up` lives on no floor: put it into the plan",
        ),
        (
            &RUNTIME,
            &runtime,
            "app/router/mod.rs",
            "fn f() { inventory::iter::<D>(); }",
            "1: `3e app, pipeline` names `inventory::iter`, which is not for it",
        ),
        (
            &RUNTIME,
            &runtime,
            "registry/commit.rs",
            "fn f(_: crate::server::Server) {}",
            "1: `4 registry` names `crate::server::Server`, which is not for it",
        ),
        (&RUNTIME, &runtime, "server/helpers.rs", "", "1: `helpers` says nothing of what is inside"),
        (&RUNTIME, &runtime, "server/mod.rs", "mod misc {}", "1: `misc` says nothing of what is inside"),
        (
            &MACROS,
            &macros,
            "view_config/expand.rs",
            "use crate::view_defaults::expand;",
            "1: `1 view_config` names `crate::view_defaults::expand` of `1 view_defaults`",
        ),
        (
            &MACROS,
            &macros,
            "syntax/errors.rs",
            "fn f() { quote!(crate::entry::x); g(format!(\"{}\", crate::entry::x())) }",
            "1: `0 syntax` names `crate::entry::x` of `1 entry`",
        ),
    ] {
        assert_eq!(found(house, names, file, source), [expected], "{source}");
    }
}

#[test]
fn every_door_is_used() {
    for house in [RUNTIME, MACROS] {
        let shut = House { doors: &[], ..house };
        let faults = shut.faults();
        for (who, whom, reason) in house.doors {
            assert!(
                faults.iter().any(|fault| fault.what.starts_with(&format!("`{who}` names"))
                    && fault.what.ends_with(&format!("of `{whom}`"))),
                "the door from `{who}` to `{whom}` may be shut: {reason}"
            );
        }
    }
}
