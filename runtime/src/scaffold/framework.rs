//! What a project depends on: a checkout of the framework, or a published version.

use std::fs;
use std::path::{Path, PathBuf};

/// Where the framework of a new project comes from.
#[derive(Debug)]
pub(super) enum Framework {
    /// A folder with its sources.
    Checkout(PathBuf),
    /// The version of this program, from the registry.
    Published,
}

impl Framework {
    /// The checkout in that folder, which must be one.
    pub(super) fn at(folder: &Path) -> Result<Self, String> {
        let folder =
            folder.canonicalize().map_err(|error| format!("the checkout `{}`: {error}", folder.display()))?;
        if !is_checkout(&folder) {
            return Err(format!(
                "`{}` is no checkout of the framework: there is no package `aiopyramid` in `{}`",
                folder.display(),
                folder.join("runtime/Cargo.toml").display()
            ));
        }
        Ok(Self::Checkout(folder))
    }

    /// The checkout that this program was built in, if it was and that is still there.
    pub(super) fn found() -> Self {
        // One that was published was built in a folder of Cargo's, alone.
        let checkout =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().and_then(|parent| parent.canonicalize().ok());
        match checkout {
            Some(folder) if is_checkout(&folder) => Self::Checkout(folder),
            _ => Self::Published,
        }
    }

    /// What stands behind `aiopyramid = ` in a manifest.
    pub(super) fn dependency(&self) -> String {
        match self {
            Self::Checkout(folder) => {
                // A text of JSON is one of TOML.
                let path = serde_json::Value::from(folder.join("runtime").display().to_string());
                format!("{{ path = {path} }}")
            }
            Self::Published => format!("\"{}\"", env!("CARGO_PKG_VERSION")),
        }
    }

    /// The versions of everything that the framework was tested with, where it is known.
    pub(super) fn lock(&self) -> Option<String> {
        match self {
            Self::Checkout(folder) => fs::read_to_string(folder.join("Cargo.lock")).ok(),
            Self::Published => None,
        }
    }
}

fn is_checkout(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("runtime/Cargo.toml")).unwrap_or_default();
    let manifest: toml::Table = manifest.parse().unwrap_or_default();
    manifest.get("package").and_then(|package| package.get("name")?.as_str()) == Some("aiopyramid")
        && folder.join("Cargo.toml").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_is_a_checkout_and_the_folder_of_a_package_is_none() {
        let Framework::Checkout(folder) = Framework::found() else { panic!("this is a checkout") };
        assert!(Framework::at(&folder).is_ok());
        assert!(Framework::at(&folder).unwrap().lock().unwrap().contains("name = \"aiopyramid\""));
        let complaint = Framework::at(&folder.join("runtime")).unwrap_err();
        assert!(complaint.contains("is no checkout of the framework"), "{complaint}");
        let complaint = Framework::at(&folder.join("nowhere")).unwrap_err();
        assert!(complaint.contains("No such file or directory"), "{complaint}");
    }

    #[test]
    fn a_dependency_is_written_as_toml() {
        let odd = Framework::Checkout("/tmp/a \"b\" \\ ö".into()).dependency();
        let manifest: toml::Table = format!("aiopyramid = {odd}").parse().unwrap();
        assert_eq!(manifest["aiopyramid"]["path"].as_str(), Some("/tmp/a \"b\" \\ ö/runtime"));
        assert_eq!(Framework::Published.dependency(), format!("\"{}\"", env!("CARGO_PKG_VERSION")));
    }
}
