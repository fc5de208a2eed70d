//! Nothing is lost in silence: real packages, compiled and linked by the real Cargo.
//!
//! The packages are written below the target directory, each test's in a workspace of its own, and share what they compile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What every manifest of a test begins with, up to its dependencies.
fn manifest(name: &str, dependencies: &str) -> String {
    let runtime =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime").canonicalize().expect("the framework");
    let framework = format!("aiopyramid = {{ path = '{}', default-features = false }}", runtime.display());
    let dependencies = dependencies.replace("FRAMEWORK", &framework);
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n"
    )
}

/// A program that names nothing but the framework.
const PROGRAM: &str = "\
#[aiopyramid::main]
fn main(config: &mut aiopyramid::Configurator) -> aiopyramid::Result<()> {
    config.scan();
    Ok(())
}
";

/// One handler for this route.
fn handler(route: &str) -> String {
    format!(
        "#[aiopyramid::view_config(route = \"{route}\")]\npub async fn show() -> &'static str {{\n    \"shown\"\n}}\n"
    )
}

/// A workspace.
struct Workspace {
    dir: PathBuf,
}

impl Workspace {
    fn new(name: &str, members: &[&str]) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("linking").join(name);
        // What an earlier run has left.
        let _ = fs::remove_dir_all(&dir);
        let workspace = Self { dir };
        workspace.write(
            "Cargo.toml",
            &format!(
                "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[profile.dev]\ndebug = false\n"
            ),
        );
        // The versions that are certainly at hand.
        let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock"));
        workspace.write("Cargo.lock", &lock.expect("the lock file of this workspace"));
        workspace
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
        self
    }

    fn target() -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("linking/target")
    }

    fn cargo(&self, command: &str, package: &str) -> Output {
        let mut cargo = Command::new(env!("CARGO"));
        // Those of the Cargo that runs this test are about this package.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_") && text != "CARGO_HOME" || text == "RUSTC_WORKSPACE_WRAPPER" {
                cargo.env_remove(&name);
            }
        }
        cargo
            .args([command, "--offline", "--package", package])
            .env("CARGO_TARGET_DIR", Self::target())
            .env("CARGO_TERM_COLOR", "never")
            .current_dir(&self.dir)
            .output()
            .expect("a Cargo that can be started")
    }

    /// Builds the program of a package, and runs it with a command.
    fn run(&self, package: &str, command: &str) -> Output {
        let built = self.cargo("build", package);
        assert!(built.status.success(), "{}", complaint(&built));
        Command::new(Self::target().join("debug").join(package))
            .arg(command)
            .current_dir(&self.dir)
            .output()
            .expect("a program that can be started")
    }

    /// The routes of the program of a package.
    fn routes(&self, package: &str) -> String {
        let output = self.run(package, "routes");
        assert!(output.status.success(), "{}", complaint(&output));
        String::from_utf8(output.stdout).expect("text")
    }
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_library_of_a_package_is_linked_though_its_program_never_names_it() {
    let workspace = Workspace::new("own-library", &["shop"]);
    workspace
        .write("shop/Cargo.toml", &manifest("shop", "FRAMEWORK"))
        .write("shop/src/lib.rs", "pub mod shelves;\n")
        .write("shop/src/shelves.rs", &handler("/shelves"))
        .write("shop/src/main.rs", PROGRAM);
    let routes = workspace.routes("shop");
    assert!(routes.contains("shop::shelves::show"), "{routes}");
}

#[test]
fn a_dependency_with_handlers_is_linked_though_nothing_names_it() {
    let workspace = Workspace::new("direct", &["blog", "comments"]);
    workspace
        .write("blog/Cargo.toml", &manifest("blog", "FRAMEWORK\ncomments = { path = '../comments' }"))
        .write("blog/src/main.rs", PROGRAM)
        .write("comments/Cargo.toml", &manifest("comments", "FRAMEWORK"))
        .write("comments/src/lib.rs", &handler("/comments"));
    let routes = workspace.routes("blog");
    assert!(routes.contains("comments::show"), "{routes}");
}

#[test]
fn a_package_further_down_is_refused_with_the_line_that_brings_it_in() {
    let workspace = Workspace::new("further-down", &["portal", "skin", "reviews"]);
    let portal = manifest("portal", "FRAMEWORK\nskin = { path = '../skin' }");
    workspace
        .write("portal/Cargo.toml", &portal)
        .write("portal/src/main.rs", PROGRAM)
        .write("skin/Cargo.toml", &manifest("skin", "reviews = { path = '../reviews' }"))
        .write("skin/src/lib.rs", "")
        .write("reviews/Cargo.toml", &manifest("reviews", "FRAMEWORK"))
        .write("reviews/src/lib.rs", &handler("/reviews"));

    let refused = workspace.run("portal", "check");
    let said = complaint(&refused);
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(
        said.starts_with(
            "error: the package `reviews` 0.1.0 (portal -> skin -> reviews) has handlers, but nothing of it is linked"
        ),
        "{said}"
    );
    let help =
        said.lines().find_map(|line| line.trim().strip_prefix("help: add this to the dependencies in "));
    let (file, line) = help.and_then(|help| help.split_once(": ")).expect("a file and a line");

    // As it says, to the letter.
    let text = fs::read_to_string(workspace.dir.join(file)).expect("the file that is named");
    assert_eq!(text, portal);
    workspace.write(file, &format!("{portal}{line}\n"));
    let routes = workspace.routes("portal");
    assert!(routes.contains("reviews::show"), "{routes}");

    workspace.write(file, &format!("{portal}\n[package.metadata.aiopyramid]\nunlinked = [\"reviews\"]\n"));
    let routes = workspace.routes("portal");
    assert!(!routes.contains("reviews"), "{routes}");
}

#[test]
fn a_package_further_down_is_linked_where_the_one_between_names_it() {
    let workspace = Workspace::new("named-between", &["portico", "veneer", "ratings"]);
    workspace
        .write("portico/Cargo.toml", &manifest("portico", "FRAMEWORK\nveneer = { path = '../veneer' }"))
        .write("portico/src/main.rs", &format!("use veneer as _;\n{PROGRAM}"))
        .write("veneer/Cargo.toml", &manifest("veneer", "ratings = { path = '../ratings' }"))
        .write("veneer/src/lib.rs", "pub use ratings::show;\n")
        .write("ratings/Cargo.toml", &manifest("ratings", "FRAMEWORK"))
        .write("ratings/src/lib.rs", &handler("/ratings"));
    let routes = workspace.routes("portico");
    assert!(routes.contains("ratings::show"), "{routes}");
}

#[test]
fn a_file_of_handlers_that_no_module_declares_is_an_error_of_the_compiler() {
    let workspace = Workspace::new("undeclared", &["diary"]);
    workspace
        .write("diary/Cargo.toml", &manifest("diary", "FRAMEWORK"))
        .write("diary/src/main.rs", PROGRAM)
        .write("diary/src/entries.rs", &handler("/entries"));
    let refused = workspace.cargo("build", "diary");
    let said = complaint(&refused);
    assert!(!refused.status.success(), "{said}");
    assert!(said.contains("entries.rs") && said.contains("`mod entries;`"), "{said}");

    workspace.write("diary/src/main.rs", &format!("mod entries;\n\n{PROGRAM}"));
    let accepted = workspace.cargo("build", "diary");
    assert!(accepted.status.success(), "{}", complaint(&accepted));
}

#[test]
fn two_versions_of_the_framework_in_one_program_are_refused_by_cargo() {
    let workspace = Workspace::new("two-versions", &["museum"]);
    let other = manifest("aiopyramid", "").replace("0.1.0", "99.0.0");
    let other = other.replace("edition =", "links = \"aiopyramid\"\nbuild = \"build.rs\"\nedition =");
    workspace
        .write("museum/Cargo.toml", &manifest("museum", "FRAMEWORK\nguide = { path = '../guide' }"))
        .write("museum/src/main.rs", PROGRAM)
        .write("guide/Cargo.toml", &manifest("guide", "aiopyramid = { path = '../other' }"))
        .write("guide/src/lib.rs", "")
        .write("other/Cargo.toml", &other)
        .write("other/build.rs", "fn main() {}\n")
        .write("other/src/lib.rs", "");
    let refused = workspace.cargo("check", "museum");
    let said = complaint(&refused);
    assert!(!refused.status.success(), "{said}");
    assert!(said.contains("links to the native library `aiopyramid`"), "{said}");
}
