//! What the compiler is doing while the macro runs.

use std::collections::HashSet;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The crate that is being compiled, as Cargo and the compiler describe it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Compilation {
    /// The directory of the package's `Cargo.toml`.
    pub(crate) manifest_dir: PathBuf,
    /// The name of the crate, `-` written as `_`.
    pub(crate) crate_name: String,
    /// The name of the binary or example, if it is one: a binary may bear the name of the package's library, so that the
    /// crate's name alone does not tell which of the two is compiled.
    pub(crate) binary: Option<String>,
    /// It is an integration test or a benchmark.
    pub(crate) is_test: bool,
    /// The crates that may be named, if the compiler's command line could be read.
    pub(crate) externs: Option<HashSet<String>>,
    /// The features of the package that are on, if the compiler's command line could be read.
    pub(crate) features: HashSet<String>,
    /// Cargo's own directory, where the sources of published packages lie.
    pub(crate) cargo_home: Option<PathBuf>,
}

impl Compilation {
    /// Reads the environment; `None` when it is not Cargo that compiles.
    pub(crate) fn of_environment() -> Option<Self> {
        let mut compilation =
            Self::new(env::var_os("CARGO_MANIFEST_DIR")?, &env::var("CARGO_CRATE_NAME").ok()?);
        compilation.binary = env::var("CARGO_BIN_NAME").ok();
        compilation.is_test = env::var_os("CARGO_TARGET_TMPDIR").is_some();
        compilation.cargo_home = env::var_os("CARGO_HOME")
            .map(PathBuf::from)
            .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
            .filter(|home| home.is_absolute());
        compilation.read_arguments(env::args_os());
        Some(compilation)
    }

    /// A compilation of which nothing is known but where it is and what the crate is called.
    pub(crate) fn new(manifest_dir: impl Into<PathBuf>, crate_name: &str) -> Self {
        Self { manifest_dir: manifest_dir.into(), crate_name: crate_name.to_owned(), ..Self::default() }
    }

    /// Takes the crates and the features from the command line of the process, when it is a compiler's that compiles this
    /// crate. The macro runs inside of that process. In an editor's macro server, or where a library cannot see the
    /// command line of its process, nothing is taken, and the manifest has to do.
    pub(crate) fn read_arguments(&mut self, arguments: impl IntoIterator<Item = OsString>) {
        let mut externs = HashSet::new();
        let mut features = HashSet::new();
        let mut is_this_crate = false;
        let mut arguments = arguments.into_iter().map(|argument| argument.to_string_lossy().into_owned());
        while let Some(argument) = arguments.next() {
            let (key, value) = match argument.split_once('=') {
                Some((key, value)) if key.starts_with("--") => (key, Some(value.to_owned())),
                _ => (argument.as_str(), None),
            };
            if !matches!(key, "--crate-name" | "--extern" | "--cfg") {
                continue;
            }
            let Some(value) = value.or_else(|| arguments.next()) else { break };
            match key {
                "--crate-name" => is_this_crate = value == self.crate_name,
                // `options:name=path`
                "--extern" => {
                    let name = value.split('=').next().unwrap_or_default();
                    externs.insert(name.rsplit(':').next().unwrap_or_default().to_owned());
                }
                _ => {
                    let feature = value.strip_prefix("feature=").map(|feature| feature.trim_matches('"'));
                    features.extend(feature.map(str::to_owned));
                }
            }
        }
        if is_this_crate && !externs.is_empty() {
            self.externs = Some(externs);
            self.features = features;
        }
    }

    /// Whether the package is a copy that its author cannot mend: unpacked from a registry, checked out by Cargo, or
    /// unpacked by `cargo package` to see whether it builds. `cargo install` does not heed the lock file in it either.
    pub(super) fn is_of_a_copy(&self) -> bool {
        self.manifest_dir.join("Cargo.toml.orig").exists()
            || self.cargo_home.as_deref().is_some_and(|home| self.manifest_dir.starts_with(home))
    }

    /// Whether it is the package's own library, which is called `library`, that is compiled.
    pub(super) fn is_library(&self, library: &str) -> bool {
        self.binary.is_none() && !self.is_test && self.crate_name == library
    }

    /// Whether `root`, the root file of the binary or example `name`, is what is compiled.
    pub(super) fn is_binary(&self, name: &str, root: &Path) -> bool {
        match &self.binary {
            Some(binary) => binary == name,
            None => self.crate_name == name.replace('-', "_") && root.is_file(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Compilation;

    fn after(arguments: &[&str]) -> Compilation {
        let mut compilation = Compilation::new("/app", "app");
        compilation.read_arguments(arguments.iter().map(Into::into));
        compilation
    }

    #[test]
    fn the_command_line_tells_crates_and_features() {
        let compilation = after(&[
            "rustc",
            "--crate-name",
            "app",
            "--edition=2024",
            "--cfg",
            "feature=\"admin\"",
            "--cfg=feature=\"default\"",
            "--check-cfg",
            "cfg(feature, values(\"other\"))",
            "--extern",
            "shop=/t/libshop-1.rlib",
            "--extern=priv:blog=/t/libblog-1.rlib",
            "--extern",
            "proc_macro",
        ]);
        let mut externs: Vec<_> = compilation.externs.into_iter().flatten().collect();
        externs.sort();
        assert_eq!(externs, ["blog", "proc_macro", "shop"]);
        let mut features: Vec<_> = compilation.features.into_iter().collect();
        features.sort();
        assert_eq!(features, ["admin", "default"]);
    }

    #[test]
    fn the_command_line_of_another_process_tells_nothing() {
        for arguments in [
            &["proc-macro-srv"][..],
            &["rustc", "--crate-name", "other", "--extern", "shop=x"],
            &["rustc", "--crate-name", "app"],
            &["rustc", "--crate-name"],
            &[],
        ] {
            assert_eq!(after(arguments).externs, None, "{arguments:?}");
        }
    }

    #[test]
    fn a_binary_of_the_librarys_name_is_not_the_library() {
        let mut compilation = Compilation::new("/app", "app");
        assert!(compilation.is_library("app") && !compilation.is_library("other"));
        compilation.binary = Some("app".to_owned());
        assert!(!compilation.is_library("app"));
        compilation.binary = None;
        compilation.is_test = true;
        assert!(!compilation.is_library("app"));
    }
}
