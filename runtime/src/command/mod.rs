//! What the binary of an application does: `serve`, `routes`, `tweens`, `check`.

mod arguments;
mod linked;
mod log;
mod routes;
mod serve;
mod tweens;

use std::io::{self, Write};
use std::process::ExitCode;

use crate::app::router::App;
use crate::app::settings::Settings;
use crate::error::{Error, Result};
use crate::registry::Configurator;

use arguments::{Arguments, Command};
pub use linked::ExpectedPackage;

/// What `#[aiopyramid::main]` expands to: does what the command line asks for with the application that `configure` makes.
///
/// The exit status is 0 when that went well, 1 when it did not, and 2 when the command line cannot be understood.
pub fn run(configure: fn(&mut Configurator) -> Result<()>, expected: &[ExpectedPackage]) -> ExitCode {
    let arguments = match Arguments::of_process() {
        Ok(arguments) => arguments,
        Err(complaint) => {
            eprintln!("error: {complaint}");
            return ExitCode::from(2);
        }
    };
    if let Command::Help = arguments.command {
        return exit(say(arguments::HELP));
    }
    exit(act(&arguments, configure, expected))
}

fn exit(outcome: Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = format!("{error:?}");
            eprintln!("{}{text}", if text.starts_with("error: ") { "" } else { "error: " });
            ExitCode::FAILURE
        }
    }
}

/// Prints what was asked for. A reader that has had enough, such as `head`, is no error.
fn say(text: &str) -> Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn act(
    arguments: &Arguments,
    configure: fn(&mut Configurator) -> Result<()>,
    expected: &[ExpectedPackage],
) -> Result<()> {
    let app = make_app(arguments.settings()?, configure, expected)?;
    match arguments.command {
        Command::Serve => serve::serve(app),
        Command::Routes => say(&routes::table(app.application())),
        Command::Tweens => say(&tweens::chains(app.application())),
        Command::Check => {
            serve::server_config(app.application().settings())?;
            say(&format!("{} routes, no fault found\n", app.application().routes().len()))
        }
        Command::Help => Ok(()),
    }
}

fn make_app(
    settings: Settings,
    configure: fn(&mut Configurator) -> Result<()>,
    expected: &[ExpectedPackage],
) -> Result<App> {
    let mut config = Configurator::with_settings(settings);
    configure(&mut config)?;
    log::start(config.settings())?;
    linked::refuse_missing(expected, &mut config);
    config.make_app().map_err(Error::from)
}
