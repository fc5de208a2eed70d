//! How Cargo has built this program, and how it does so again.

use std::collections::{BTreeMap, VecDeque};
use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::command::built_from::BuiltFrom;

/// What Cargo has set for the program that it runs, which is not for another Cargo.
const OWN: [&str; 4] = ["CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "OUT_DIR"];

/// The program of this process as Cargo sees it.
#[derive(Debug)]
pub(super) struct Project {
    cargo: OsString,
    /// The file of the program.
    pub(super) program: PathBuf,
    manifest: PathBuf,
    package: String,
    features: Option<&'static [&'static str]>,
    target: Target,
    /// Where Cargo builds.
    pub(super) target_folder: PathBuf,
    /// The folder of the workspace, or of the package where there is none.
    pub(super) root: PathBuf,
    /// The program's package and those that it depends on by a path.
    pub(super) packages: Vec<Folder>,
}

/// Where below the target folder a program is, which says how it was built.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    name: String,
    is_example: bool,
    /// `dev`, `release` or one of the user's own.
    profile: String,
    /// Of the machine that it was built for, where that was said.
    triple: Option<String>,
}

/// The folder of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Folder {
    pub(super) root: PathBuf,
    /// The folders that hold the sources of its targets.
    pub(super) sources: Vec<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
    targets: Vec<BuildTarget>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    path: Option<PathBuf>,
    kind: Option<String>,
}

#[derive(Debug, Deserialize)]
struct BuildTarget {
    name: String,
    kind: Vec<String>,
    src_path: PathBuf,
}

impl Project {
    /// That of this process.
    ///
    /// # Errors
    /// Where Cargo is missing, or has not built this program; in one line.
    pub(super) fn of_process(built_from: Option<BuiltFrom>) -> Result<Self, String> {
        let program = env::current_exe().and_then(|path| path.canonicalize());
        let program = program.map_err(|error| format!("`--reload` cannot find its own program: {error}"))?;
        let cargo = env::var_os("CARGO").filter(|path| Path::new(path).is_file());
        let cargo = cargo.unwrap_or_else(|| "cargo".into());
        let manifest = built_from.map(|from| Path::new(from.folder).join("Cargo.toml"));
        if let Some(manifest) = manifest.as_ref().filter(|manifest| !manifest.is_file()) {
            return Err(format!(
                "`--reload` builds the program anew, and what it was built from is not there: {}",
                manifest.display()
            ));
        }
        let metadata = metadata(&cargo, manifest.as_deref())?;
        let target_folder = real(&metadata.target_directory);
        let target = Target::of(&program, &target_folder).ok_or_else(|| {
            format!(
                "`--reload` builds the program anew, and {} is not where Cargo builds it: {}",
                program.display(),
                target_folder.display()
            )
        })?;
        let kind = if target.is_example { "example" } else { "bin" };
        let has_target = |package: &&Package| {
            package
                .targets
                .iter()
                .any(|known| known.name == target.name && known.kind.iter().any(|k| k == kind))
        };
        let own = match built_from {
            Some(from) => metadata.packages.iter().find(|package| package.name == from.package),
            None => metadata.packages.iter().find(has_target),
        };
        let own = own.filter(has_target).ok_or_else(|| {
            format!("`--reload` builds the program anew, and Cargo knows of no {kind} `{}`", target.name)
        })?;
        Ok(Self {
            manifest: own.manifest_path.clone(),
            package: own.name.clone(),
            features: built_from.and_then(|from| from.features),
            packages: folders(own, &metadata.packages, target.is_example.then_some(target.name.as_str())),
            root: real(&metadata.workspace_root),
            cargo,
            program,
            target,
            target_folder,
        })
    }

    /// Reads again which packages there are. What Cargo does not tell stays as it was: the next build says why.
    pub(super) fn refresh(&mut self) {
        let Ok(metadata) = metadata(&self.cargo, Some(&self.manifest)) else { return };
        if let Some(own) = metadata.packages.iter().find(|package| package.name == self.package) {
            let example = self.target.is_example.then_some(self.target.name.as_str());
            self.packages = folders(own, &metadata.packages, example);
        }
    }

    /// The command that builds the program as it was built before, and tells what it does in JSON.
    pub(super) fn build(&self) -> Command {
        let mut command = cargo(&self.cargo);
        command
            .arg("build")
            .arg("--message-format=json-diagnostic-rendered-ansi")
            .arg("--manifest-path")
            .arg(&self.manifest)
            .args(["--package", &self.package])
            .args([if self.target.is_example { "--example" } else { "--bin" }, &self.target.name])
            .args(["--profile", &self.target.profile]);
        if let Some(triple) = &self.target.triple {
            command.args(["--target", triple]);
        }
        if let Some(features) = self.features {
            command.args(["--no-default-features", "--features", &features.join(",")]);
        }
        command
    }

    /// The name of the program among the targets of its package, and its kind.
    pub(super) fn target(&self) -> (&str, &'static str) {
        (&self.target.name, if self.target.is_example { "example" } else { "bin" })
    }
}

impl Target {
    /// `[TRIPLE/]PROFILE/[examples/]NAME`, below the folder where Cargo builds.
    fn of(program: &Path, folder: &Path) -> Option<Self> {
        let below = program.strip_prefix(folder).ok()?;
        let mut parts: Vec<&str> = below.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
        let name = parts.pop()?;
        let is_example = parts.last() == Some(&"examples");
        if is_example {
            parts.pop();
        }
        let (profile, triple) = match parts[..] {
            [profile] => (profile, None),
            [triple, profile] => (profile, Some(triple.to_owned())),
            _ => return None,
        };
        let profile = if profile == "debug" { "dev" } else { profile };
        let name = name.strip_suffix(env::consts::EXE_SUFFIX).unwrap_or(name);
        Some(Self { name: name.to_owned(), is_example, profile: profile.to_owned(), triple })
    }
}

/// A Cargo that knows nothing of the one that may have started this program.
fn cargo(program: &OsString) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let is_of_package = text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_");
        if is_of_package || OWN.contains(&&*text) || text.starts_with("_AIOPYRAMID_") {
            command.env_remove(&name);
        }
    }
    command.stdin(Stdio::null());
    command
}

fn metadata(program: &OsString, manifest: Option<&Path>) -> Result<Metadata, String> {
    let mut command = cargo(program);
    command.args(["metadata", "--format-version=1", "--no-deps", "--quiet", "--color=never"]);
    if let Some(manifest) = manifest {
        command.arg("--manifest-path").arg(manifest);
    }
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            "`--reload` builds the program anew, and there is no `cargo` on the PATH".to_owned()
        }
        _ => format!("`--reload` builds the program anew, and `cargo` cannot be started: {error}"),
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said =
            said.trim().strip_prefix("error: ").unwrap_or(said.trim()).lines().next().unwrap_or_default();
        return Err(format!("`--reload` builds the program anew, and Cargo says: {said}"));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("`--reload` does not understand what `cargo metadata` says: {error}"))
}

/// The folders of a package and of those that it depends on by a path, tests aside, and examples but for the one that runs.
fn folders(own: &Package, members: &[Package], example: Option<&str>) -> Vec<Folder> {
    let members: BTreeMap<PathBuf, &Package> =
        members.iter().filter_map(|member| Some((real(member.manifest_path.parent()?), member))).collect();
    let mut found: Vec<Folder> = Vec::new();
    let mut waiting: VecDeque<PathBuf> = own.manifest_path.parent().map(real).into_iter().collect();
    while let Some(root) = waiting.pop_front() {
        if found.iter().any(|folder| folder.root == root) {
            continue;
        }
        let Some(member) = members.get(&root) else {
            // It belongs to no workspace or to another one; where its sources are, nearly all packages agree.
            found.push(Folder { sources: vec![root.join("src")], root });
            continue;
        };
        let is_built = |target: &&BuildTarget| {
            target.kind.iter().all(|kind| !matches!(kind.as_str(), "test" | "bench" | "example"))
                || example == Some(&target.name) && member.name == own.name
        };
        let mut sources: Vec<PathBuf> = member
            .targets
            .iter()
            .filter(is_built)
            .filter_map(|target| target.src_path.parent().map(real))
            .filter(|folder| *folder != root)
            .collect();
        sources.sort();
        sources.dedup();
        waiting.extend(
            member
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind.as_deref() != Some("dev"))
                .filter_map(|dependency| dependency.path.as_deref().map(real)),
        );
        found.push(Folder { root, sources });
    }
    found
}

/// Without links, where that can be said: it is what the system names in events.
pub(super) fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        // One that is not there yet, or no more.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        match (path.parent().map(Path::canonicalize), path.file_name()) {
            (Some(Ok(folder)), Some(name)) => folder.join(name),
            _ => path,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(program: &str) -> Option<(String, bool, String, Option<String>)> {
        let target = Target::of(Path::new(program), Path::new("/t"))?;
        Some((target.name, target.is_example, target.profile, target.triple))
    }

    #[test]
    fn where_a_program_is_says_how_it_was_built() {
        let own = |text: &str| text.to_owned();
        assert_eq!(target("/t/debug/app"), Some((own("app"), false, own("dev"), None)));
        assert_eq!(target("/t/release/app"), Some((own("app"), false, own("release"), None)));
        assert_eq!(target("/t/debug/examples/chat"), Some((own("chat"), true, own("dev"), None)));
        let triple = Some(own("x86_64-unknown-linux-musl"));
        assert_eq!(
            target("/t/x86_64-unknown-linux-musl/fast/app"),
            Some((own("app"), false, own("fast"), triple))
        );
        for elsewhere in ["/usr/bin/app", "/t/app", "/t/a/b/c/app"] {
            assert_eq!(target(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn packages_are_followed_by_their_paths() {
        let metadata = serde_json::json!([
            {
                "name": "shop", "manifest_path": "/w/shop/Cargo.toml",
                "dependencies": [
                    { "name": "goods", "path": "/w/goods", "kind": null },
                    { "name": "far", "path": "/elsewhere/far", "kind": "build" },
                    { "name": "only-for-tests", "path": "/w/tests", "kind": "dev" },
                    { "name": "serde", "kind": null },
                ],
                "targets": [
                    { "name": "shop", "kind": ["bin"], "src_path": "/w/shop/src/main.rs" },
                    { "name": "build-script-build", "kind": ["custom-build"], "src_path": "/w/shop/build.rs" },
                    { "name": "it", "kind": ["test"], "src_path": "/w/shop/tests/it.rs" },
                ],
            },
            {
                "name": "goods", "manifest_path": "/w/goods/Cargo.toml",
                "dependencies": [{ "name": "shop", "path": "/w/shop", "kind": null }],
                "targets": [{ "name": "goods", "kind": ["lib"], "src_path": "/w/goods/code/lib.rs" }],
            },
        ]);
        let members: Vec<Package> = serde_json::from_value(metadata).unwrap();
        let folder = |root: &str, sources: &str| Folder { root: root.into(), sources: vec![sources.into()] };
        assert_eq!(
            folders(&members[0], &members, None),
            [
                folder("/w/shop", "/w/shop/src"),
                folder("/w/goods", "/w/goods/code"),
                folder("/elsewhere/far", "/elsewhere/far/src"),
            ]
        );
    }
}
