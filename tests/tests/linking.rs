//! Nothing is lost in silence: real packages, compiled and linked by the real Cargo.
//!
//! The packages are written below the target directory, each test's in a workspace of its own, and share what they compile.

#[path = "support/workspace.rs"]
mod workspace;

use std::fs;

use workspace::{Workspace, complaint, manifest};

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

#[test]
fn the_library_of_a_package_is_linked_though_its_program_never_names_it() {
    let workspace = Workspace::new("linking/own-library", &["shop"]);
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
    let workspace = Workspace::new("linking/direct", &["blog", "comments"]);
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
    let workspace = Workspace::new("linking/further-down", &["portal", "skin", "reviews"]);
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
    let text = fs::read_to_string(workspace.dir().join(file)).expect("the file that is named");
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
    let workspace = Workspace::new("linking/named-between", &["portico", "veneer", "ratings"]);
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
    let workspace = Workspace::new("linking/undeclared", &["diary"]);
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
    let workspace = Workspace::new("linking/two-versions", &["museum"]);
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
