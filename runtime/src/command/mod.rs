//! What the binary of an application does: `serve`, `routes`, `views`, `tweens`, `settings`, `check`.

mod arguments;
mod deployment;
mod linked;
mod log;
mod routes;
mod serve;
mod setting_table;
mod settings;
mod tweens;
mod views;

use std::io::{self, Write};
use std::process::ExitCode;

use crate::app::settings::{BadSetting, Settings};
use crate::error::{Error, Result};
use crate::registry::Configurator;

use arguments::{Arguments, Command};
use deployment::{Deployment, Note};
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
        return exit(say(&arguments::help()));
    }
    let deployment = match arguments.deployment() {
        Ok(deployment) => deployment,
        Err(faults) => {
            for fault in faults {
                eprintln!("error: {fault}");
            }
            return ExitCode::FAILURE;
        }
    };
    match arguments.settings(&deployment) {
        Ok(settings) => exit(act(&arguments, &deployment, settings, configure, expected)),
        Err(complaint) => {
            eprintln!("error: {complaint}");
            ExitCode::from(2)
        }
    }
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
    deployment: &Deployment,
    settings: Settings,
    configure: fn(&mut Configurator) -> Result<()>,
    expected: &[ExpectedPackage],
) -> Result<()> {
    let mut config = Configurator::with_settings(settings);
    configure(&mut config)?;
    if let Command::Settings = arguments.command {
        return say(&settings::table(config.settings()));
    }
    let server = match arguments.command {
        Command::Serve | Command::Check => refused(serve::server_config(config.settings()), &mut config),
        _ => None,
    };
    if let Some(plan) = refused(log::plan(config.settings(), deployment.log.as_ref()), &mut config) {
        // Files are for what the server says: what a command says is for whoever gave it.
        log::start(if let Command::Serve = arguments.command { plan } else { plan.for_people() })?;
        tell(&deployment.notes);
    }
    settings::refuse_slips(&mut config);
    linked::refuse_missing(expected, &mut config);
    let app = config.make_app().map_err(Error::from)?;
    match (arguments.command, server) {
        (Command::Serve, Some(server)) => serve::serve(app, server, arguments.source.is_some()),
        (Command::Routes, _) => say(&routes::table(app.application())),
        (Command::Views, _) => {
            let (text, found) = views::inspected(&app, &arguments.method, &arguments.target)?;
            say(&text)?;
            if found { Ok(()) } else { Err(Error::msg(format!("no view answers {}", arguments.target))) }
        }
        (Command::Tweens, _) => say(&tweens::chains(app.application())),
        (Command::Check, _) => say(&format!("{} routes, no fault found\n", app.application().routes().len())),
        _ => Ok(()),
    }
}

/// What was read, where it could be; otherwise the application has a fault for each setting that could not.
fn refused<T>(read: Result<T, Vec<BadSetting>>, config: &mut Configurator) -> Option<T> {
    read.map_err(|bad| bad.iter().for_each(|bad| config.refuse(bad.to_string(), ""))).ok()
}

/// Says what is remarkable about a configuration file.
fn tell(notes: &[Note]) {
    for note in notes {
        match note {
            Note::Info(text) => tracing::info!("{text}"),
            Note::Warning(text) => tracing::warn!("{text}"),
        }
    }
}
