use std::collections::HashSet;

use quote::ToTokens;

use super::compilation::Compilation;
use super::fixture::Fixture;
use super::{LinkedCrate, Package, UndeclaredModule};

const VIEW: &str = "#[view_config(route = \"/\")]\nasync fn view() {}\n";

/// A lock file: name, version, source, dependencies.
fn lock(packages: &[(&str, &str, &str, &[&str])]) -> String {
    use std::fmt::Write;
    let mut text = String::from("version = 4\n");
    for (name, version, source, dependencies) in packages {
        let _ = write!(text, "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
        if !source.is_empty() {
            let _ = writeln!(text, "source = \"{source}\"");
        }
        if !dependencies.is_empty() {
            let list: Vec<String> = dependencies.iter().map(|name| format!(" \"{name}\",\n")).collect();
            let _ = writeln!(text, "dependencies = [\n{}]", list.concat());
        }
    }
    text
}

fn package(name: &str, rest: &str) -> String {
    format!("[package]\nname = '{name}'\nversion = '0.1.0'\n{rest}")
}

fn compilation(fixture: &Fixture, dir: &str) -> Compilation {
    let mut compilation = Compilation::new(fixture.path().join(dir), "app");
    compilation.binary = Some("app".to_owned());
    compilation.cargo_home = Some(fixture.path().join("home"));
    compilation
}

fn read(fixture: &Fixture, dir: &str) -> Package {
    Package::read(&compilation(fixture, dir))
}

fn linked(package: &Package) -> Vec<(&str, Option<&str>)> {
    package.linked.iter().map(|found| (found.name.as_str(), found.cfg.as_deref())).collect()
}

fn expected(package: &Package) -> Vec<(&str, String, &str)> {
    let found = package.expected.iter();
    found
        .map(|found| (found.crate_name.as_str(), found.chain.join(" > "), found.line_to_add.as_str()))
        .collect()
}

fn undeclared(package: &Package) -> Vec<(&str, &str, &str)> {
    let found = package.undeclared.iter();
    found.map(|found| (found.file.as_str(), found.line_to_add.as_str(), found.in_file.as_str())).collect()
}

/// A package alone with these sources.
fn sources(files: &[(&str, &str)]) -> Package {
    let fixture = Fixture::new(files);
    fixture.write("Cargo.toml", &package("app", ""));
    read(&fixture, "")
}

#[test]
fn nothing_is_found_where_nothing_can_be_read() {
    let fixture = Fixture::new(&[("broken/Cargo.toml", "[package"), ("broken/Cargo.lock", "[[")]);
    assert_eq!(read(&fixture, "absent"), Package::default());
    assert_eq!(read(&fixture, "broken"), Package::default());
    // A manifest and no lock file.
    let fixture = Fixture::new(&[("src/main.rs", "")]);
    fixture.write("Cargo.toml", &package("app", "[dependencies]\naiopyramid = '1'\nshop = '1'"));
    assert_eq!(read(&fixture, ""), Package::default());
}

#[test]
fn the_own_library_is_linked_unless_it_is_what_is_compiled() {
    let fixture = Fixture::new(&[("src/main.rs", ""), ("src/lib.rs", "")]);
    fixture.write("Cargo.toml", &package("app", ""));
    assert_eq!(linked(&read(&fixture, "")), [("app", None)]);
    let mut compilation = compilation(&fixture, "");
    compilation.binary = None;
    assert_eq!(linked(&Package::read(&compilation)), []);
    fixture.write("Cargo.toml", &package("app", "[lib]\ncrate-type = ['cdylib']"));
    assert_eq!(linked(&read(&fixture, "")), []);
}

/// `app` depends on everything; `shop`, `blog` and `umbrella` lead to the framework, `serde` does not.
fn dependencies() -> Fixture {
    let fixture = Fixture::new(&[
        ("app/src/main.rs", ""),
        ("shop/src/lib.rs", ""),
        ("blog-pkg/src/lib.rs", ""),
        ("umbrella/src/lib.rs", ""),
        ("tool/src/lib.rs", ""),
        ("proc/src/lib.rs", ""),
    ]);
    fixture.write(
        "Cargo.toml",
        "[workspace]\nmembers = ['*']\n[workspace.dependencies]\nshop = { path = 'shop' }\naiopyramid = '1'",
    );
    fixture.write(
        "app/Cargo.toml",
        &package(
            "app",
            "[dependencies]\naiopyramid.workspace = true\nshop.workspace = true\nserde = '1'
             renamed-blog = { path = '../blog-pkg', package = 'blog-pkg', optional = true }
             proc = { path = '../proc' }\nremote = '1'
             [target.'cfg(unix)'.dependencies]\numbrella = { path = '../umbrella' }
             [target.i686-pc-windows-msvc.dependencies]\ntool = { path = '../tool' }
             [features]\ndefault = ['blog']\nblog = ['dep:renamed-blog']",
        ),
    );
    let uses = "[dependencies]\naiopyramid.workspace = true";
    fixture.write("shop/Cargo.toml", &package("shop", &format!("{uses}\n[lib]\nname = 'shop_lib'")));
    fixture.write("blog-pkg/Cargo.toml", &package("blog-pkg", uses));
    fixture.write("tool/Cargo.toml", &package("tool", uses));
    fixture.write("proc/Cargo.toml", &package("proc", &format!("{uses}\n[lib]\nproc-macro = true")));
    fixture.write("umbrella/Cargo.toml", &package("umbrella", "[dependencies]\nshop.workspace = true"));
    let index = "registry+index";
    fixture.write(
        "Cargo.lock",
        &lock(&[
            ("aiopyramid", "1.0.0", index, &[]),
            (
                "app",
                "0.1.0",
                "",
                &["aiopyramid", "blog-pkg", "proc", "remote", "serde", "shop", "tool", "umbrella"],
            ),
            ("blog-pkg", "0.1.0", "", &["aiopyramid"]),
            ("proc", "0.1.0", "", &["aiopyramid"]),
            ("remote", "1.0.0", index, &["aiopyramid"]),
            ("serde", "1.0.0", index, &[]),
            ("shop", "0.1.0", "", &["aiopyramid"]),
            ("tool", "0.1.0", "", &["aiopyramid"]),
            ("umbrella", "0.1.0", "", &["shop"]),
        ]),
    );
    fixture
}

#[test]
fn dependencies_that_lead_to_the_framework_are_linked_as_the_manifest_allows() {
    let fixture = dependencies();
    // The sources of `remote` are nowhere, so its name in code would be a guess.
    assert_eq!(
        linked(&read(&fixture, "app")),
        [("renamed_blog", Some("feature = \"blog\"")), ("shop_lib", None), ("umbrella", Some("unix"))]
    );
}

#[test]
fn the_compilers_command_line_overrules_the_manifest() {
    let fixture = dependencies();
    let mut compilation = compilation(&fixture, "app");
    let externs = ["aiopyramid", "serde", "shop_lib", "remote", "tool"];
    compilation.externs = Some(HashSet::from(externs.map(str::to_owned)));
    assert_eq!(linked(&Package::read(&compilation)), [("remote", None), ("shop_lib", None), ("tool", None)]);
}

#[test]
fn a_package_may_leave_a_crate_unlinked() {
    let fixture = dependencies();
    let manifest = std::fs::read_to_string(fixture.path().join("app/Cargo.toml")).expect("a manifest");
    let option = "\n[package.metadata.aiopyramid]\nunlinked = ['shop', 'umbrella']";
    fixture.write("app/Cargo.toml", &(manifest + option));
    assert_eq!(linked(&read(&fixture, "app")), [("renamed_blog", Some("feature = \"blog\""))]);
}

#[test]
fn two_versions_of_a_package_are_linked_under_their_two_names() {
    let fixture = Fixture::new(&[("src/main.rs", "")]);
    let renames = "[dependencies]\naiopyramid = '1'\nold = { package = 'shop', version = '0.1' }
                   new = { package = 'shop', version = '0.2', optional = true }";
    fixture.write("Cargo.toml", &package("app", renames));
    let index = "registry+index";
    fixture.write(
        "Cargo.lock",
        &lock(&[
            ("aiopyramid", "1.0.0", index, &[]),
            ("app", "0.1.0", "", &["aiopyramid", "shop 0.1.7", "shop 0.2.3"]),
            ("shop", "0.1.7", index, &["aiopyramid"]),
            ("shop", "0.2.3", index, &["aiopyramid"]),
        ]),
    );
    assert_eq!(linked(&read(&fixture, "")), [("new", Some("feature = \"new\"")), ("old", None)]);
}

/// `app` > `outer` > `inner`, where the manifest of `outer` says `how` it depends on `inner`.
fn chain(how: &str, inner: &str) -> Package {
    chain_with("", how, inner)
}

/// The same with more in the manifest of `app`.
fn chain_with(app: &str, how: &str, inner: &str) -> Package {
    let fixture = Fixture::new(&[
        ("app/src/main.rs", ""),
        ("libs/outer/src/lib.rs", ""),
        ("libs/inner/src/lib.rs", "mod views;"),
        ("libs/inner/src/views.rs", inner),
        ("Cargo.toml", "[workspace]"),
    ]);
    let outer = "outer = { path = '../libs/outer', features = ['more'] }";
    fixture.write(
        "app/Cargo.toml",
        &package("app", &format!("[dependencies]\naiopyramid = '1'\n{outer}\n{app}")),
    );
    fixture.write("libs/outer/Cargo.toml", &package("outer", how));
    fixture.write("libs/inner/Cargo.toml", &package("inner", "[dependencies]\naiopyramid = '1'"));
    fixture.write(
        "Cargo.lock",
        &lock(&[
            ("aiopyramid", "1.0.0", "registry+index", &[]),
            ("app", "0.1.0", "", &["aiopyramid", "outer"]),
            ("inner", "0.1.0", "", &["aiopyramid"]),
            ("outer", "0.1.0", "", &["inner"]),
        ]),
    );
    read(&fixture, "app")
}

#[test]
fn a_package_further_down_with_handlers_is_expected() {
    let package = chain("[dependencies]\ninner = { path = '../inner' }", VIEW);
    assert_eq!(
        expected(&package),
        [("inner", "app > outer > inner".to_owned(), "inner = { path = \"../libs/inner\" }")]
    );
    assert_eq!(package.expected[0].in_file, "app/Cargo.toml");
    assert_eq!(linked(&package), [("outer", None)]);
}

#[test]
fn a_package_may_expect_less() {
    let option = "[package.metadata.aiopyramid]\nunlinked = ['inner']";
    let package = chain_with(option, "[dependencies]\ninner = { path = '../inner' }", VIEW);
    assert_eq!(expected(&package), []);
    assert_eq!(linked(&package), [("outer", None)]);
}

#[test]
fn features_reach_through_dependencies() {
    for (feature, is_certain) in [("middle/deep", true), ("middle?/deep", true), ("middle/other", false)] {
        let fixture = Fixture::new(&[
            ("app/src/lib.rs", ""),
            ("outer/src/lib.rs", ""),
            ("middle/src/lib.rs", ""),
            ("deep/src/lib.rs", VIEW),
            ("Cargo.toml", "[workspace]"),
        ]);
        let app = "[dependencies]\naiopyramid = '1'\nouter = { path = '../outer' }";
        let outer =
            format!("[dependencies]\nmiddle = {{ path = '../middle' }}\n[features]\ndefault = ['{feature}']");
        let middle = "[dependencies]\ndeep = { path = '../deep', optional = true }
                      [features]\nother = []\ndeep = ['dep:deep']";
        fixture.write("app/Cargo.toml", &package("app", app));
        fixture.write("outer/Cargo.toml", &package("outer", &outer));
        fixture.write("middle/Cargo.toml", &package("middle", middle));
        fixture.write("deep/Cargo.toml", &package("deep", "[dependencies]\naiopyramid = '1'"));
        fixture.write(
            "Cargo.lock",
            &lock(&[
                ("aiopyramid", "1.0.0", "registry+index", &[]),
                ("app", "0.1.0", "", &["aiopyramid", "outer"]),
                ("deep", "0.1.0", "", &["aiopyramid"]),
                ("middle", "0.1.0", "", &["deep"]),
                ("outer", "0.1.0", "", &["middle"]),
            ]),
        );
        assert_eq!(read(&fixture, "app").expected.len(), usize::from(is_certain), "{feature}");
    }
}

#[test]
fn a_package_that_may_not_be_there_or_registers_nothing_is_not_expected() {
    let inner = "inner = { path = '../inner' }";
    let optional = "[dependencies]\ninner = { path = '../inner', optional = true }\n[features]\n";
    for (how, views) in [
        (format!("[dependencies]\n{inner}"), "pub struct Renderer;"),
        (format!("[dependencies]\n{inner}"), "#[cfg(test)] mod tests { #[view_config] fn f() {} }"),
        (format!("[dev-dependencies]\n{inner}"), VIEW),
        (format!("[build-dependencies]\n{inner}"), VIEW),
        (format!("[target.'cfg(windows)'.dependencies]\n{inner}"), VIEW),
        (format!("{optional}other = ['dep:inner']"), VIEW),
        (format!("{optional}more = ['inner?/x']\nother = ['dep:inner']"), VIEW),
        (format!("[dependencies]\n{inner}\n[lib]\nproc-macro = true"), VIEW),
    ] {
        assert_eq!(expected(&chain(&how, views)), [], "{how} {views}");
    }
    for features in ["default = ['dep:inner']", "more = ['most']\nmost = ['inner']", "more = ['inner/x']"] {
        assert_eq!(expected(&chain(&format!("{optional}{features}"), VIEW)).len(), 1, "{features}");
    }
}

#[test]
fn an_unpacked_package_is_read_where_cargo_put_it() {
    let fixture = Fixture::new(&[("src/main.rs", "")]);
    let manifest = package("app", "[dependencies]\naiopyramid = '1'\nouter = '1'\ninner = '2'");
    fixture.write("Cargo.toml", &manifest);
    for (dir, name, rest) in [
        (
            "home/registry/src/index-0/outer-1.0.0",
            "outer",
            "[dependencies]\ninner = '1'\nprivate = { version = '1', registry-index = 'i' }\nforked = { git = 'g' }",
        ),
        ("home/registry/src/index-1/private-1.0.0+7", "private", "[dependencies]\naiopyramid = '1'"),
        (
            "home/registry/src/index-0/inner-1.4.2",
            "inner",
            "[dependencies]\npyramid = { version = '1', package = 'aiopyramid' }",
        ),
        ("home/registry/src/index-0/inner-2.0.0", "inner", "[dependencies]\naiopyramid = '1'"),
        ("home/git/checkouts/mono-0/abcdef0/forked", "forked", "[dependencies]\naiopyramid = '1'"),
    ] {
        fixture.write(&format!("{dir}/Cargo.toml"), &package(name, rest));
        fixture.write(
            &format!("{dir}/src/lib.rs"),
            "#[pyramid::tween] fn t() {}\n#[aiopyramid::tween] fn u() {}",
        );
    }
    let git = "git+https://example.org/mono.git?branch=main#abcdef0123";
    let index = "registry+index";
    fixture.write(
        "Cargo.lock",
        &lock(&[
            ("aiopyramid", "1.0.0", index, &[]),
            ("app", "0.1.0", "", &["aiopyramid", "inner 2.0.0", "outer"]),
            ("forked", "0.3.0", git, &["aiopyramid"]),
            ("inner", "1.4.2", index, &["aiopyramid"]),
            ("inner", "2.0.0", index, &["aiopyramid"]),
            ("outer", "1.0.0", index, &["forked", "inner 1.4.2", "private"]),
            ("private", "1.0.0+7", "registry+i", &["aiopyramid"]),
        ]),
    );
    let package = read(&fixture, "");
    assert_eq!(
        expected(&package),
        [
            (
                "forked",
                "app > outer > forked".to_owned(),
                "forked = { git = \"https://example.org/mono.git\", branch = \"main\" }"
            ),
            (
                "inner",
                "app > outer > inner".to_owned(),
                "inner-1 = { package = \"inner\", version = \"1.4.2\" }"
            ),
            (
                "private",
                "app > outer > private".to_owned(),
                "private = { version = \"1.0.0\", registry-index = \"i\" }"
            ),
        ]
    );
    assert_eq!(linked(&package), [("inner", None), ("outer", None)]);
}

#[test]
fn a_declared_file_is_no_fault() {
    let package = sources(&[
        ("src/main.rs", "mod views; #[cfg(feature = \"x\")] mod gated;"),
        ("src/lib.rs", "pub mod library;"),
        ("src/library.rs", VIEW),
        ("src/gated.rs", VIEW),
        ("src/views/mod.rs", "mod home;"),
        ("src/views/home.rs", VIEW),
        ("src/bin/other.rs", VIEW),
        ("src/bin/tool/main.rs", "mod parts;"),
        ("src/bin/tool/lost.rs", VIEW),
        ("src/nested/Cargo.toml", ""),
        ("src/nested/lost.rs", VIEW),
        ("src/unused.rs", "fn helper() {}"),
        ("src/a-template.rs", VIEW),
        ("tests/it.rs", VIEW),
    ]);
    assert_eq!(undeclared(&package), []);
}

#[test]
fn an_undeclared_file_is_reported_with_the_line_to_add() {
    let package = sources(&[
        ("src/main.rs", "mod views; mod shop;"),
        ("src/top.rs", VIEW),
        ("src/match.rs", VIEW),
        ("src/views/mod.rs", ""),
        ("src/views/home.rs", VIEW),
        ("src/shop.rs", "// mod cart;"),
        ("src/shop/cart.rs", VIEW),
    ]);
    assert_eq!(
        undeclared(&package),
        [
            ("src/match.rs", "mod r#match;", "src/main.rs"),
            ("src/shop/cart.rs", "mod cart;", "src/shop.rs"),
            ("src/top.rs", "mod top;", "src/main.rs"),
            ("src/views/home.rs", "mod home;", "src/views/mod.rs"),
        ]
    );
}

#[test]
fn modules_between_are_declared_too() {
    // No file stands between.
    let package = sources(&[
        ("src/main.rs", ""),
        ("src/views/admin/users.rs", VIEW),
        ("src/views/home.rs", VIEW),
        // One does, and does its part.
        ("src/shop/mod.rs", "mod cart;"),
        ("src/shop/cart.rs", VIEW),
        // One does, and does not.
        ("src/blog.rs", ""),
        ("src/blog/post.rs", VIEW),
    ]);
    let views = "mod views { mod admin { mod users; } mod home; }";
    assert_eq!(
        undeclared(&package),
        [
            ("src/blog/post.rs", "mod post;", "src/blog.rs"),
            ("src/blog/post.rs", "mod blog;", "src/main.rs"),
            ("src/shop/cart.rs", "mod shop;", "src/main.rs"),
            ("src/views/admin/users.rs", views, "src/main.rs"),
            ("src/views/home.rs", views, "src/main.rs"),
        ]
    );
}

#[test]
fn a_library_is_where_a_module_belongs_if_there_is_one() {
    let package = sources(&[("src/main.rs", ""), ("src/lib.rs", ""), ("src/home.rs", VIEW)]);
    assert_eq!(undeclared(&package), [("src/home.rs", "mod home;", "src/lib.rs")]);
}

#[test]
fn a_binary_or_example_is_checked_if_its_directory_is_its_own() {
    let fixture = Fixture::new(&[
        ("src/bin/tool/main.rs", ""),
        ("src/bin/tool/lost.rs", VIEW),
        ("examples/chat/main.rs", ""),
        ("examples/chat/lost.rs", VIEW),
        ("examples/demo.rs", ""),
        ("examples/data/lost.rs", VIEW),
    ]);
    fixture.write("Cargo.toml", &package("app", ""));
    let of = |binary: &str| {
        let mut compilation = compilation(&fixture, "");
        compilation.binary = Some(binary.to_owned());
        let package = Package::read(&compilation);
        package.undeclared.into_iter().map(|found| found.in_file).collect::<Vec<_>>()
    };
    assert_eq!(of("tool"), ["src/bin/tool/main.rs"]);
    assert_eq!(of("chat"), ["examples/chat/main.rs"]);
    assert_eq!(of("demo"), Vec::<String>::new());
}

#[test]
fn a_root_that_is_switched_off_is_no_module() {
    let fixture = Fixture::new(&[("src/main.rs", ""), ("src/lib.rs", VIEW)]);
    fixture.write("Cargo.toml", &package("app", "autolib = false"));
    assert_eq!(read(&fixture, ""), Package::default());
}

#[test]
fn a_file_that_a_macro_or_the_manifest_names_is_no_fault() {
    let package = sources(&[
        ("src/main.rs", "mod leaf; include!(\"part.rs\");"),
        ("src/leaf.rs", "#[path = \"../odd\"] mod elsewhere { mod leaf; }"),
        ("src/odd/leaf.rs", VIEW),
        ("src/part.rs", VIEW),
    ]);
    assert_eq!(undeclared(&package), []);

    let fixture = Fixture::new(&[
        ("src/main.rs", ""),
        ("src/drafts/a.rs", VIEW),
        ("src/made.rs", VIEW),
        ("src/lost.rs", VIEW),
    ]);
    let options = "build = 'src/made.rs'\n[package.metadata.aiopyramid]\nundeclared = ['src/drafts']";
    fixture.write("Cargo.toml", &self::package("app", options));
    assert_eq!(undeclared(&read(&fixture, "")), [("src/lost.rs", "mod lost;", "src/main.rs")]);
}

#[test]
fn files_of_a_linked_member_are_checked_and_shown_from_the_workspace() {
    let fixture = dependencies();
    fixture.write("app/src/lost.rs", VIEW);
    fixture.write("shop/src/cart.rs", VIEW);
    assert_eq!(
        undeclared(&read(&fixture, "app")),
        [
            ("app/src/lost.rs", "mod lost;", "app/src/main.rs"),
            ("shop/src/cart.rs", "mod cart;", "shop/src/lib.rs"),
        ]
    );
}

#[test]
fn files_of_another_workspace_are_its_own_affair() {
    let fixture =
        Fixture::new(&[("shop/src/lib.rs", ""), ("shop/src/cart.rs", VIEW), ("app/src/main.rs", "")]);
    let app = "[dependencies]\naiopyramid = '1'\nshop = { path = '../shop' }";
    fixture.write("app/Cargo.toml", &package("app", app));
    fixture.write("shop/Cargo.toml", &package("shop", "[dependencies]\naiopyramid = '1'"));
    fixture.write(
        "app/Cargo.lock",
        &lock(&[
            ("aiopyramid", "1.0.0", "registry+index", &[]),
            ("app", "0.1.0", "", &["aiopyramid", "shop"]),
            ("shop", "0.1.0", "", &["aiopyramid"]),
        ]),
    );
    let package = read(&fixture, "app");
    assert_eq!((linked(&package), undeclared(&package)), (vec![("shop", None)], vec![]));
}

#[test]
fn of_a_copy_that_nobody_can_mend_only_links_are_taken() {
    let fixture = Fixture::new(&[("src/main.rs", ""), ("src/lib.rs", ""), ("src/lost.rs", VIEW)]);
    fixture.write("Cargo.toml", &package("app", ""));
    assert_eq!(read(&fixture, "").undeclared.len(), 1);
    fixture.write("Cargo.toml.orig", "");
    let package = read(&fixture, "");
    assert_eq!((linked(&package), undeclared(&package)), (vec![("app", None)], vec![]));

    let fixture = Fixture::new(&[("home/src/main.rs", ""), ("home/src/lost.rs", VIEW)]);
    fixture.write("home/Cargo.toml", &self::package("app", ""));
    assert_eq!(read(&fixture, "home"), Package::default());
}

#[test]
fn a_linked_crate_is_an_item() {
    let item = |name: &str, cfg: Option<&str>| {
        let linked = LinkedCrate { name: name.to_owned(), cfg: cfg.map(str::to_owned) };
        linked.to_token_stream().to_string()
    };
    assert_eq!(item("shop", None), "use :: shop as _ ;");
    assert_eq!(item("shop", Some("feature = \"x\"")), "# [cfg (feature = \"x\")] use :: shop as _ ;");
    assert_eq!(item("async", None), "use :: r#async as _ ;");
}

#[test]
fn an_undeclared_file_is_described_with_what_to_write() {
    let found = UndeclaredModule {
        file: "src/home.rs".to_owned(),
        line_to_add: "mod home;".to_owned(),
        in_file: "src/main.rs".to_owned(),
    };
    assert_eq!(
        found.to_string(),
        "`src/home.rs` has handlers, but no module declares it: they would be lost\n\
         help: add `mod home;` to `src/main.rs`"
    );
}
