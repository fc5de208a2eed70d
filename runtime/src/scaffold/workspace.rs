//! The workspace that a new project may lie in.

use std::path::Path;
use std::{fs, iter};

/// Whether Cargo would take a package in `folder` for a part of a workspace above it that does not know it, and refuse to build
/// it. Then the package says itself that it is a workspace of its own.
///
/// (The Cargo book, "Workspaces": the root is looked for upwards; `members` may have globs; `exclude` goes before.)
pub(super) fn must_stand_alone(folder: &Path) -> bool {
    let Some(parent) = folder.parent() else { return false };
    for above in parent.ancestors() {
        let Ok(manifest) = fs::read_to_string(above.join("Cargo.toml")) else { continue };
        // What cannot be read is Cargo's to complain of.
        let Ok(manifest) = manifest.parse::<toml::Table>() else { return false };
        let Some(workspace) = manifest.get("workspace") else {
            // A package, whose workspace may be further up.
            continue;
        };
        let paths = |key: &str| {
            let listed = workspace.get(key).and_then(|list| list.as_array()).cloned().unwrap_or_default();
            listed.into_iter().filter_map(|path| path.as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        let Ok(inside) = folder.strip_prefix(above) else { return false };
        let excluded = paths("exclude").iter().any(|path| inside.starts_with(path));
        return !excluded && !paths("members").iter().any(|pattern| matches(pattern, inside));
    }
    false
}

/// Whether a pattern such as `crates/*` means this path.
fn matches(pattern: &str, path: &Path) -> bool {
    let pattern: Vec<_> = pattern.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let path: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    pattern.len() == path.len() && iter::zip(pattern, path).all(|(pattern, part)| fits(pattern, &part))
}

/// `*` is any text, `?` any character.
fn fits(pattern: &str, part: &str) -> bool {
    let mut rest = part.chars();
    let mut signs = pattern.chars();
    match signs.next() {
        None => part.is_empty(),
        Some('*') => {
            let after = signs.as_str();
            part.char_indices()
                .map(|(start, _)| start)
                .chain([part.len()])
                .any(|start| fits(after, &part[start..]))
        }
        Some('?') => rest.next().is_some() && fits(signs.as_str(), rest.as_str()),
        Some(sign) => rest.next() == Some(sign) && fits(signs.as_str(), rest.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_the_folders_that_it_fits() {
        for (pattern, path) in
            [("shop", "shop"), ("crates/*", "crates/shop"), ("./a?p/s*p", "app/shop"), ("*", "x")]
        {
            assert!(matches(pattern, Path::new(path)), "{pattern} {path}");
        }
        for (pattern, path) in [("shop", "shops"), ("crates/*", "crates"), ("*", "a/b"), ("s*x", "shop")] {
            assert!(!matches(pattern, Path::new(path)), "{pattern} {path}");
        }
    }

    #[test]
    fn a_project_inside_of_a_workspace_that_does_not_know_it_stands_alone() {
        let folder = std::env::temp_dir().join(format!("aiopyramid-workspace-{}", std::process::id()));
        fs::create_dir_all(folder.join("package")).expect("a folder");
        let text = "[workspace]\nmembers = [\"crates/*\", \"package\"]\nexclude = [\"old\"]\n";
        fs::write(folder.join("Cargo.toml"), text).expect("a file");
        fs::write(folder.join("package/Cargo.toml"), "[package]\nname = \"package\"\n").expect("a file");
        let alone = |path: &str| must_stand_alone(&folder.join(path));
        let found = ["shop", "crates/shop", "crates/deep/shop", "old/shop", "package/shop"].map(alone);
        fs::remove_dir_all(&folder).expect("it is there");
        assert_eq!(found, [true, false, true, false, true]);
        assert!(!must_stand_alone(&folder.join("shop")), "nothing is above it");
    }
}
