//! What the binary of an application does: `serve`, `routes`, `check`.

mod arguments;
mod linked;
mod log;
mod routes;
mod serve;

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
        print!("{}", arguments::HELP);
        return ExitCode::SUCCESS;
    }
    match act(&arguments, configure, expected) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = format!("{error:?}");
            eprintln!("{}{text}", if text.starts_with("error: ") { "" } else { "error: " });
            ExitCode::FAILURE
        }
    }
}

fn act(
    arguments: &Arguments,
    configure: fn(&mut Configurator) -> Result<()>,
    expected: &[ExpectedPackage],
) -> Result<()> {
    let settings = arguments.settings()?;
    log::start(&settings)?;
    let app = make_app(settings, configure, expected)?;
    match arguments.command {
        Command::Serve => serve::serve(app),
        Command::Routes => {
            print!("{}", routes::table(app.application()));
            Ok(())
        }
        Command::Check => {
            println!("{} routes, no fault found", app.application().routes().len());
            Ok(())
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
    linked::refuse_missing(expected, &mut config);
    config.make_app().map_err(Error::from)
}
