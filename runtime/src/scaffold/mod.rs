//! New projects: what the program `aiopyramid` does.
//!
//! ```text
//! aiopyramid new -s aio_starter shop       # writes a project into the folder `shop`
//! aiopyramid scaffolds                     # what else there is than `aio_starter`
//! ```
//!
//! A scaffold is a folder of files beside this one. They are part of the program, which needs nothing else.

mod arguments;
mod catalogue;
mod framework;
mod package_name;
mod project;
mod workspace;

use std::io::{self, Write};
use std::process::ExitCode;

use arguments::{Arguments, Command, Wanted};
use catalogue::SCAFFOLDS;
use framework::Framework;
use project::{Failure, Project};

/// Does what the command line of the process asks for.
///
/// The exit status is 0 when that went well, 1 when it did not, and 2 when the command line cannot be understood.
pub fn run() -> ExitCode {
    let command = match Arguments::of_process() {
        Ok(command) => command,
        Err(complaint) => return complain(&complaint, 2),
    };
    match command {
        Command::Help => print(&arguments::help()),
        Command::Version => print(&format!("aiopyramid {}\n", env!("CARGO_PKG_VERSION"))),
        Command::Scaffolds => print(&catalogue::list()),
        Command::New(wanted) => match create(&wanted, &mut io::stdout().lock()) {
            Ok(()) => ExitCode::SUCCESS,
            // Whoever reads that has enough of it; the project is removed all the same.
            Err(Failure::Unheard(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
            Err(failure) => complain(&failure.to_string(), 1),
        },
    }
}

/// Writes a project, and tells of each file, and of what to do next.
fn create(wanted: &Wanted, out: &mut impl Write) -> Result<(), Failure> {
    let framework = match &wanted.framework {
        Some(path) => Framework::at(path).map_err(Failure::Refused)?,
        None => Framework::found(),
    };
    let project = Project::plan(wanted.scaffold, &wanted.path, &framework).map_err(Failure::Refused)?;
    project.write(out)
}

fn print(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        // `aiopyramid scaffolds | head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => complain(&format!("cannot write: {error}"), 1),
    }
}

fn complain(complaint: &str, status: u8) -> ExitCode {
    eprintln!("error: {complaint}");
    ExitCode::from(status)
}
