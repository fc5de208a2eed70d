//! The name of a package for a folder of any name.

use unicode_ident::{is_xid_continue, is_xid_start};

/// More letters make names of files that some systems do not take.
const LONGEST: usize = 64;

/// Words that a package cannot be called, or that mean something else in its code. (The Rust reference, "Keywords"; Cargo's
/// names of folders in `target`; what Windows keeps for devices.)
const RESERVED: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "aux",
    "await",
    "become",
    "box",
    "break",
    "build",
    "con",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "nul",
    "override",
    "priv",
    "prn",
    "proc-macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// The name of the package in the folder `folder`: letters, digits and hyphens, as in `my-app` for `My App`. None of `taken`, which
/// are the packages that it depends on.
pub(super) fn package_name(folder: &str, taken: &[&str]) -> Result<String, String> {
    let mut name = String::new();
    for character in folder.chars().flat_map(char::to_lowercase) {
        if is_xid_continue(character) && character != '_' {
            name.push(character);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let end = name.char_indices().nth(LONGEST).map_or(name.len(), |(end, _)| end);
    let name = name[..end].trim_end_matches('-');
    match name.chars().next() {
        None => Err(format!(
            "`{folder}` has no letter in it, so that a package cannot be called like it; how about `my-app`?"
        )),
        Some(first) if !is_xid_start(first) => Ok(format!("app-{name}")),
        Some(_) if is_device(name) || RESERVED.contains(&name) || taken.contains(&name) => {
            Ok(format!("{name}-app"))
        }
        Some(_) => Ok(name.to_owned()),
    }
}

/// `com1`, `lpt9`
fn is_device(name: &str) -> bool {
    let number = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt"));
    number.is_some_and(|number| number.len() == 1 && number.chars().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_has_a_package_of_a_similar_name() {
        for (folder, name) in [
            ("shop", "shop"),
            ("My-App 2", "my-app-2"),
            ("my__app", "my-app"),
            ("www.example.org", "www-example-org"),
            ("_private_", "private"),
            ("2048", "app-2048"),
            ("Größe", "größe"),
            ("日本語", "日本語"),
            ("a\u{1f600}b", "a-b"),
            ("test", "test-app"),
            ("Self", "self-app"),
            ("async", "async-app"),
            ("proc_macro", "proc-macro-app"),
            ("COM1", "com1-app"),
            ("company", "company"),
            ("aiopyramid", "aiopyramid-app"),
        ] {
            assert_eq!(package_name(folder, &["aiopyramid"]).as_deref(), Ok(name), "{folder}");
        }
        assert_eq!(package_name(&"x".repeat(300), &[]).unwrap().len(), LONGEST);
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn a_folder_without_letters_is_refused_with_a_name_that_could_be() {
        for folder in ["---", "\u{1f600}", " "] {
            let refused = package_name(folder, &[]).unwrap_err();
            assert!(refused.ends_with("how about `my-app`?"), "{refused}");
        }
    }
}
