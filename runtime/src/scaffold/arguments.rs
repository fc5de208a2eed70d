//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

use super::SCAFFOLDS;
use super::catalogue::{self, Scaffold};
use crate::suggestion::nearest;

/// What `help` prints.
pub(super) fn help() -> String {
    format!(
        "\
Makes new projects for aiopyramid, the web framework.

Usage: aiopyramid COMMAND

Commands:
  new [-s SCAFFOLD] PATH   Write a new project into a folder, which need not be there; its name becomes that of the project
  scaffolds                Print the scaffolds that there are
  help                     Print this

Options of `new`:
  -s, --scaffold SCAFFOLD  What kind of project; without it `aio_starter`
  --path CHECKOUT          Let the project depend on the framework in this folder, a checkout of its sources. Without it: on the
                           checkout that this program was built in, where that is still there, and else on version {version}
  -h, --help; -V, --version

Scaffolds:
{scaffolds}
From nothing to a page:
  aiopyramid new shop
  cd shop
  cargo run -- serve development.ini
  curl http://127.0.0.1:6543/

In the project:
  cargo test               Run its tests; they use no port
  cargo run -- serve --reload development.ini
                           Serve it, and build and start anew what is changed
  cargo run -- routes      Print what was registered; `cargo run -- help` lists the other commands
",
        version = env!("CARGO_PKG_VERSION"),
        scaffolds = catalogue::list(),
    )
}

const COMMANDS: &[&str] = &["new", "scaffolds", "help"];

/// The commands of applications, which somebody may look for here.
const OF_APPLICATIONS: &[&str] =
    &["serve", "routes", "views", "tweens", "settings", "check", "request", "completions"];

/// What the process was asked to do.
#[derive(Debug)]
pub(super) enum Command {
    New(Wanted),
    Scaffolds,
    Help,
    Version,
}

/// What project is to be made.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) scaffold: &'static Scaffold,
    /// The folder of the project.
    pub(super) path: PathBuf,
    /// A checkout of the framework.
    pub(super) framework: Option<PathBuf>,
}

/// The words of the command line.
pub(super) struct Arguments(lexopt::Parser);

impl Arguments {
    pub(super) fn of_process() -> Result<Command, String> {
        Self(lexopt::Parser::from_env()).read()
    }

    fn read(mut self) -> Result<Command, String> {
        match self.next()? {
            None => Err("there is no command; `aiopyramid help` tells what there is".to_owned()),
            Some(Short('h') | Long("help")) => Ok(Command::Help),
            Some(Short('V') | Long("version")) => Ok(Command::Version),
            Some(Value(word)) => {
                let word = text(word)?;
                match word.as_str() {
                    "new" => self.new_project(),
                    "scaffolds" => self.nothing_more(Command::Scaffolds),
                    "help" => Ok(Command::Help),
                    other => Err(unknown_command(other)),
                }
            }
            Some(option) => Err(strange(option)),
        }
    }

    fn next(&mut self) -> Result<Option<lexopt::Arg<'_>>, String> {
        self.0.next().map_err(|error| error.to_string())
    }

    fn new_project(mut self) -> Result<Command, String> {
        let (mut scaffold, mut path, mut framework) = (None, None, None);
        loop {
            match self.next()? {
                None => break,
                Some(Short('h') | Long("help")) => return Ok(Command::Help),
                Some(Short('s') | Long("scaffold")) => {
                    let name = text(self.value("-s", "the name of a scaffold")?)?;
                    scaffold = Some(catalogue::find(&name)?);
                }
                Some(Long("path")) => {
                    framework = Some(PathBuf::from(self.value("--path", "a checkout of the framework")?));
                }
                Some(Value(word)) => {
                    let word = PathBuf::from(word);
                    if let Some(first) = path.replace(word.clone()) {
                        return Err(format!(
                            "one project at a time, and not both `{}` and `{}`; a name with spaces stands in quotes",
                            first.display(),
                            word.display()
                        ));
                    }
                }
                Some(option) => return Err(strange(option)),
            }
        }
        let path: PathBuf =
            path.ok_or("`new` needs the name of a folder behind it: `aiopyramid new shop`")?;
        if path.as_os_str().is_empty() {
            return Err("the name of the folder is empty; `.` is the one where you are".to_owned());
        }
        Ok(Command::New(Wanted { scaffold: scaffold.unwrap_or(&SCAFFOLDS[0]), path, framework }))
    }

    fn value(&mut self, option: &str, what: &str) -> Result<OsString, String> {
        self.0.value().map_err(|_| format!("`{option}` needs {what} behind it"))
    }

    fn nothing_more(mut self, command: Command) -> Result<Command, String> {
        match self.next()? {
            None => Ok(command),
            Some(Value(word)) => Err(format!("nothing stands behind it, but `{}` does", word.display())),
            Some(option) => Err(strange(option)),
        }
    }
}

fn text(word: OsString) -> Result<String, String> {
    word.into_string().map_err(|word| format!("`{}` is no text in UTF-8", word.display()))
}

fn strange(option: lexopt::Arg<'_>) -> String {
    // Its own words are for any program.
    match option {
        Short(letter) => format!("there is no option `-{letter}`; `aiopyramid help` lists them"),
        Long(name) => {
            let near = nearest(name, ["scaffold", "path", "help", "version"]);
            let near = near.map_or("`aiopyramid help` lists them".to_owned(), |near| {
                format!("did you mean `--{near}`?")
            });
            format!("there is no option `--{name}`; {near}")
        }
        Value(word) => format!("unexpected `{}`", word.display()),
    }
}

fn unknown_command(word: &str) -> String {
    if OF_APPLICATIONS.contains(&word) {
        return format!(
            "`{word}` is a command of the application: write `cargo run -- {word}` in the folder of its project"
        );
    }
    match nearest(word, COMMANDS.iter().copied()) {
        Some(near) => format!("there is no command `{word}`; did you mean `{near}`?"),
        None => format!("there is no command `{word}`; `aiopyramid help` lists them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Command, String> {
        Arguments(lexopt::Parser::from_args(words)).read()
    }

    fn wanted(words: &[&str]) -> Wanted {
        match read(words) {
            Ok(Command::New(wanted)) => wanted,
            other => panic!("{words:?}: {other:?}"),
        }
    }

    #[test]
    fn a_project_is_named_by_its_folder() {
        let plain = wanted(&["new", "shop"]);
        assert_eq!((plain.scaffold.name, plain.path, plain.framework), ("aio_starter", "shop".into(), None));
        for words in [
            &["new", "-s", "wiki", "--path", "../pyramid", "a b"][..],
            &["new", "a b", "--scaffold=wiki", "--path=../pyramid"],
            &["new", "-swiki", "--path=../pyramid", "--", "a b"],
        ] {
            let full = wanted(words);
            assert_eq!((full.scaffold.name, full.path), ("wiki", "a b".into()), "{words:?}");
            assert_eq!(full.framework, Some("../pyramid".into()), "{words:?}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_refused_with_what_was_meant() {
        for (words, complaint) in [
            (&[][..], "there is no command; `aiopyramid help` tells what there is"),
            (&["ne", "shop"], "there is no command `ne`; did you mean `new`?"),
            (&["shop"], "there is no command `shop`; `aiopyramid help` lists them"),
            (
                &["serve"],
                "`serve` is a command of the application: write `cargo run -- serve` in the folder of its project",
            ),
            (&["new"], "`new` needs the name of a folder behind it: `aiopyramid new shop`"),
            (&["new", ""], "the name of the folder is empty; `.` is the one where you are"),
            (
                &["new", "my", "shop"],
                "one project at a time, and not both `my` and `shop`; a name with spaces stands in quotes",
            ),
            (&["new", "-s"], "`-s` needs the name of a scaffold behind it"),
            (&["new", "shop", "--paht", "x"], "there is no option `--paht`; did you mean `--path`?"),
            (&["new", "-x"], "there is no option `-x`; `aiopyramid help` lists them"),
            (&["scaffolds", "wiki"], "nothing stands behind it, but `wiki` does"),
        ] {
            assert_eq!(read(words).unwrap_err(), complaint);
        }
    }
}
