//! A project that is to be written.

use std::borrow::Cow;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{env, fmt};

use super::catalogue::Scaffold;
use super::framework::Framework;
use super::package_name::package_name;
use super::workspace::must_stand_alone;
use crate::protocol::random;

/// Why there is no project.
#[derive(Debug)]
pub(super) enum Failure {
    /// It cannot be, or should not.
    Refused(String),
    /// A file could not be written.
    Unwritten(PathBuf, io::Error),
    /// Nobody could be told of it.
    Unheard(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(reason) => f.write_str(reason),
            Self::Unwritten(path, error) => {
                write!(f, "cannot write `{}`: {error}; what was written before is removed", path.display())
            }
            Self::Unheard(error) => write!(f, "cannot print: {error}; the project is removed"),
        }
    }
}

/// What is to be written, and where.
#[derive(Debug)]
pub(super) struct Project {
    scaffold: &'static str,
    /// As it was said.
    shown: PathBuf,
    folder: PathBuf,
    package: String,
    framework: String,
    files: Vec<(&'static str, Cow<'static, str>)>,
}

impl Project {
    /// Looks whether the folder can be taken, and fills the files in.
    pub(super) fn plan(
        scaffold: &'static Scaffold,
        path: &Path,
        framework: &Framework,
    ) -> Result<Self, String> {
        let folder = whole(path).map_err(|error| format!("`{}`: {error}", path.display()))?;
        let name = folder.file_name().ok_or("the root of the file system is no place for a project")?;
        let name = name.to_str().ok_or_else(|| format!("`{}` is no text in UTF-8", name.display()))?;
        match fs::read_dir(&folder).map(|mut entries| entries.next().is_some()) {
            Ok(true) => {
                return Err(format!(
                    "the folder `{}` is not empty; a project gets one of its own",
                    path.display()
                ));
            }
            Ok(false) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(format!("`{}` is there, and no folder", path.display()));
            }
            Err(error) => return Err(format!("the folder `{}`: {error}", path.display())),
        }
        let package = package_name(name, &scaffold.dependencies())?;
        let crate_name = package.replace('-', "_");
        let dependency = framework.dependency();
        let workspace = if must_stand_alone(&folder) {
            "\n# The workspace around this folder does not know it.\n[workspace]\n"
        } else {
            ""
        };
        let values = [
            ("{{project}}", name),
            ("{{package}}", &package),
            ("{{crate}}", &crate_name),
            ("{{aiopyramid}}", &dependency),
            ("{{rust_version}}", env!("CARGO_PKG_RUST_VERSION")),
            ("{{development_secret}}", &secret()?),
            ("{{production_secret}}", &secret()?),
            ("{{workspace}}", workspace),
        ];
        let mut files: Vec<_> = scaffold
            .files
            .iter()
            .map(|file| {
                let text =
                    if file.is_template { filled(file.text, &values).into() } else { file.text.into() };
                (file.path, text)
            })
            .collect();
        // So that the first build takes what the framework was tested with.
        files.extend(framework.lock().map(|lock| ("Cargo.lock", lock.into())));
        Ok(Self {
            scaffold: scaffold.name,
            shown: path.to_owned(),
            folder,
            package,
            framework: dependency,
            files,
        })
    }

    /// Writes the files, and tells of each and of what to do next. What was written is removed where that fails.
    pub(super) fn write(&self, out: &mut impl Write) -> Result<(), Failure> {
        let mut written = Written::default();
        tell(
            out,
            format_args!(
                "Writing the package `{}` by the scaffold {} into {}",
                self.package,
                self.scaffold,
                self.shown.display()
            ),
        )?;
        for (path, text) in &self.files {
            let file = self.folder.join(path);
            written.write(&file, text).map_err(|error| Failure::Unwritten(file, error))?;
            tell(out, format_args!("  {path}"))?;
        }
        tell(out, format_args!("It depends on aiopyramid = {}\n\nNext:", self.framework))?;
        if self.shown != Path::new(".") {
            tell(out, format_args!("  cd {}", quoted(&self.shown)))?;
        }
        tell(
            out,
            format_args!(
                "  cargo test\n  cargo run -- serve development.ini\nand look at http://127.0.0.1:6543/. README.md says what is where."
            ),
        )?;
        out.flush().map_err(Failure::Unheard)?;
        written.keep();
        Ok(())
    }
}

/// What nobody else has: a project's own.
fn secret() -> Result<String, String> {
    random::token().map_err(|error| error.to_string())
}

fn tell(out: &mut impl Write, line: fmt::Arguments<'_>) -> Result<(), Failure> {
    writeln!(out, "{line}").map_err(Failure::Unheard)
}

/// The path from the root, also of a folder that is not there yet.
fn whole(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    let path = env::current_dir()?.join(path);
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => Ok(whole(parent)?.join(name)),
        // `not-there/..`
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "it leads through a folder that is not there")),
    }
}

/// The text with the values in place of their names.
fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    // One after the other, and not each in the whole text: a name of a folder may look like one of these.
    while let Some(start) = rest.find("{{") {
        filled.push_str(&rest[..start]);
        rest = &rest[start..];
        let (name, value) = values.iter().find(|(name, _)| rest.starts_with(name)).unwrap_or(&("{{", "{{"));
        filled.push_str(value);
        rest = &rest[name.len()..];
    }
    filled + rest
}

/// As a shell reads it as one word.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |character: char| character.is_alphanumeric() || "-_./".contains(character);
    if text.chars().all(is_plain) && !text.starts_with('-') {
        return text;
    }
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// What was written, which is removed again unless it is kept.
#[derive(Default)]
struct Written {
    files: Vec<PathBuf>,
    /// The outer ones first.
    folders: Vec<PathBuf>,
}

impl Written {
    fn write(&mut self, file: &Path, text: &str) -> io::Result<()> {
        self.make_folder(file.parent().unwrap_or(file))?;
        let mut opened = OpenOptions::new().write(true).create_new(true).open(file)?;
        self.files.push(file.to_owned());
        opened.write_all(text.as_bytes())
    }

    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        if let Some(parent) = folder.parent() {
            self.make_folder(parent)?;
        }
        fs::create_dir(folder)?;
        self.folders.push(folder.to_owned());
        Ok(())
    }

    fn keep(mut self) {
        self.files.clear();
        self.folders.clear();
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        // What cannot be removed stays; the error that is told is the one that led here.
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}
