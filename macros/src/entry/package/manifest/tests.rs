use std::collections::HashSet;
use std::path::Path;

use super::super::condition::Condition;
use super::super::fixture::Fixture;
use super::{Library, Manifest, lexical};

fn manifest(text: &str) -> (Fixture, Manifest) {
    let fixture = Fixture::new(&[("Cargo.toml", text)]);
    let manifest = Manifest::read(fixture.path()).expect("a manifest");
    (fixture, manifest)
}

#[test]
fn an_unreadable_manifest_is_none() {
    let fixture = Fixture::new(&[("bad/Cargo.toml", "[package\nname")]);
    assert!(Manifest::read(&fixture.path().join("bad")).is_none());
    assert!(Manifest::read(&fixture.path().join("absent")).is_none());
}

#[test]
fn dependencies_are_read_in_every_form() {
    let (fixture, manifest) = manifest(
        "[package]\nname = 'app'\n[dependencies]\nplain = '1'\nrenamed = { package = 'real-name', path = '../real' }
         optional = { version = '2.1', optional = true, default-features = false, features = ['a'] }
         tool = { version = '1', artifact = 'bin' }
         [dev-dependencies]\ndev = '1'\n[build-dependencies]\nbuild = '1'
         [target.'cfg(unix)'.dependencies]\nunixy = '1'\n[target.x86_64-unknown-linux-gnu.dependencies]\nexact = '1'",
    );
    let found = manifest.dependencies(None);
    let keys: Vec<_> = found.iter().map(|dependency| dependency.key.as_str()).collect();
    assert_eq!(keys, ["optional", "plain", "renamed", "unixy", "exact"]);
    assert!(found[0].optional && !found[0].default_features);
    assert_eq!(
        (found[0].requirement.as_deref(), &found[0].features[..]),
        (Some("2.1"), &["a".to_owned()][..])
    );
    assert_eq!(found[1].requirement.as_deref(), Some("1"));
    assert_eq!(found[2].package, "real-name");
    assert_eq!(found[2].path.as_deref(), Some(lexical(&fixture.path().join("../real")).as_path()));
    assert_eq!(found[3].target, Condition::When("unix".to_owned()));
    assert_eq!(found[4].target, Condition::Unknown);
}

#[test]
fn a_workspace_gives_path_package_and_features() {
    let fixture = Fixture::new(&[
        (
            "Cargo.toml",
            "[workspace.dependencies]\nshop = { package = 'the-shop', path = 'crates/shop', features = ['x'], default-features = false }",
        ),
        (
            "app/Cargo.toml",
            "[package]\nname = 'app'\n[dependencies]\nshop = { workspace = true, features = ['y'] }\ngone.workspace = true",
        ),
    ]);
    let workspace = Manifest::read(fixture.path()).expect("a workspace");
    let app = Manifest::read(&fixture.path().join("app")).expect("a manifest");
    let found = app.dependencies(Some(&workspace));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].package, "the-shop");
    assert_eq!(found[0].path.as_deref(), Some(fixture.path().join("crates/shop").as_path()));
    assert_eq!(found[0].features, ["y", "x"]);
    assert!(!found[0].default_features);
    fixture.write("app/Cargo.toml", "[dependencies]\nshop = { workspace = true, default-features = true }");
    let app = Manifest::read(&fixture.path().join("app")).expect("a manifest");
    assert!(app.dependencies(Some(&workspace))[0].default_features);
    assert!(app.dependencies(None).is_empty());
}

#[test]
fn a_feature_brings_in_an_optional_dependency() {
    let optional = |features: &str| {
        manifest(&format!(
            "[package]\nname = 'app'\n[dependencies]\nshop = {{ version = '1', optional = true }}\n[features]\n{features}"
        ))
    };
    for (features, expected) in [
        ("", &["shop"][..]),
        ("sell = ['shop']", &["sell", "shop"]),
        ("sell = ['dep:shop']", &["sell"]),
        ("shop = ['dep:shop']", &["shop"]),
        ("shop = ['dep:shop']\nsell = ['shop']", &["shop"]),
        ("sell = ['shop/fast']\nbuy = ['dep:shop']", &["buy", "sell"]),
        ("fast = ['shop?/fast']\nsell = ['dep:shop']", &["sell"]),
    ] {
        let (_fixture, manifest) = optional(features);
        assert_eq!(manifest.features_bringing_in("shop"), expected, "{features}");
    }
}

#[test]
fn features_are_followed_to_what_they_turn_on() {
    let (_fixture, manifest) = manifest(
        "[package]\nname = 'app'\n[dependencies]\nshop = { version = '1', optional = true }
         blog = { version = '1', optional = true }\n[features]\ndefault = ['all']\nall = ['sell']\nsell = ['dep:shop', 'blog?/x']",
    );
    let mut features = HashSet::from(["default".to_owned()]);
    manifest.close_features(&mut features);
    assert!(manifest.is_activated("shop", &features));
    assert!(!manifest.is_activated("blog", &features));
    assert!(!manifest.is_activated("shop", &HashSet::from(["all".to_owned()])));
    assert!(manifest.is_activated("blog", &HashSet::from(["blog".to_owned()])));
}

#[test]
fn the_library_is_found_or_written() {
    let library = |text: &str, file: &str| {
        let fixture = Fixture::new(&[("Cargo.toml", text), (file, "")]);
        let library = Manifest::read(fixture.path()).expect("a manifest").library();
        library.map(|Library { name, linkable, proc_macro, .. }| (name, linkable, proc_macro))
    };
    let app = "[package]\nname = 'my-app'\n";
    let found = |name: &str, linkable, proc_macro| Some((name.to_owned(), linkable, proc_macro));
    assert_eq!(library(app, "src/lib.rs"), found("my_app", true, false));
    assert_eq!(library(app, "src/main.rs"), None);
    assert_eq!(library("[package]\nname = 'my-app'\nautolib = false", "src/lib.rs"), None);
    assert_eq!(
        library(&format!("{app}[lib]\nname = 'other'\npath = 'code/root.rs'"), "code/root.rs"),
        found("other", true, false)
    );
    assert_eq!(
        library(&format!("{app}[lib]\ncrate-type = ['cdylib']"), "src/lib.rs"),
        found("my_app", false, false)
    );
    assert_eq!(
        library(&format!("{app}[lib]\ncrate_type = ['cdylib', 'rlib']"), "src/lib.rs"),
        found("my_app", true, false)
    );
    assert_eq!(library(&format!("{app}[lib]\nproc-macro = true"), "src/lib.rs"), found("my_app", true, true));
}

#[test]
fn a_path_is_cleaned_without_asking_the_disk() {
    assert_eq!(lexical(Path::new("/a/./b/../../c")), Path::new("/c"));
    assert_eq!(lexical(Path::new("../a/../b")), Path::new("../b"));
}
