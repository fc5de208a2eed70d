//! What the binary of an application does: `serve`, `routes`, `views`, `tweens`, `request`, `settings`, `check`.

mod arguments;
mod built_from;
mod check;
mod completions;
mod deployment;
mod help;
mod includes;
#[cfg(test)]
mod limits;
mod linked;
mod log;
#[cfg_attr(not(all(unix, feature = "reload")), path = "no_reload.rs")]
mod reload;
mod request;
mod routes;
mod serve;
mod setting_table;
mod settings;
mod tweens;
mod views;

use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::Value;

use crate::app::settings::{BadSetting, Settings};
use crate::error::{Error, Result};
use crate::registry::Configurator;

use arguments::{Arguments, Choice, Command};
pub use built_from::BuiltFrom;
use deployment::Deployment;
pub use linked::ExpectedPackage;

/// What `#[aiopyramid::main]` expands to: does what the command line asks for with the application that `configure` makes.
///
/// The exit status is 0 when that went well, 1 when it did not, and 2 when the command line cannot be understood; `request` has
/// 4 and 5 for answers of 4xx and 5xx.
pub fn run(
    configure: fn(&mut Configurator) -> Result<()>,
    expected: &[ExpectedPackage],
    built_from: Option<BuiltFrom>,
) -> ExitCode {
    let arguments = match Arguments::of_process() {
        Ok(arguments) => arguments,
        Err(complaint) => return misunderstood(&complaint),
    };
    // These say nothing of the application, and are there for one that would not start.
    let subject = arguments.subject.as_deref();
    match arguments.command {
        Command::Help => {
            return match subject.map(|name| (name, Command::named(name))) {
                None => exit(done(say(help::all(&program())))),
                Some((_, Some(command))) => exit(done(say(help::of(&program(), command)))),
                Some((name, None)) => misunderstood(&arguments::unknown_command(name)),
            };
        }
        Command::Completions => {
            return match subject.and_then(|shell| completions::script(shell, &program())) {
                Some(script) => exit(done(say(&script))),
                None => misunderstood(&format!(
                    "`completions` needs a shell behind it: {}",
                    completions::SHELLS.join(", ")
                )),
            };
        }
        _ => {}
    }
    let settings = arguments.deployment().map(|deployment| {
        let settings = arguments.settings(&deployment);
        (deployment, settings)
    });
    match settings {
        Ok((deployment, Ok(settings)))
            if arguments.command == Command::Serve && reload::is_asked_for(&settings) =>
        {
            exit(done(reload::supervise(&arguments, &deployment, &settings, built_from)))
        }
        Ok((deployment, Ok(settings))) => exit(act(&arguments, &deployment, settings, configure, expected)),
        Ok((_, Err(complaint))) => misunderstood(&complaint),
        Err(faults) => exit(check::refused(&arguments, &faults)),
    }
}

fn misunderstood(complaint: &str) -> ExitCode {
    eprintln!("error: {complaint}");
    ExitCode::from(2)
}

/// The name that the program was called by.
fn program() -> String {
    let path = std::env::args_os().next().map(std::path::PathBuf::from).unwrap_or_default();
    path.file_name().map_or_else(|| "APPLICATION".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn exit(outcome: Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        let text = format!("{error:?}");
        eprintln!("{}{text}", if text.starts_with("error: ") { "" } else { "error: " });
        ExitCode::FAILURE
    })
}

fn done(outcome: Result<()>) -> Result<ExitCode> {
    outcome.map(|()| ExitCode::SUCCESS)
}

/// Prints what was asked for. A reader that has had enough, such as `head`, is no error.
fn say(text: impl AsRef<[u8]>) -> Result<()> {
    match io::stdout().lock().write_all(text.as_ref()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints what was asked for, as people read it or as programs do.
fn print(
    arguments: &Arguments,
    text: impl FnOnce() -> String,
    document: impl FnOnce() -> Value,
) -> Result<()> {
    if arguments.has(Choice::Json) { say(format!("{:#}\n", document())) } else { say(text()) }
}

fn act(
    arguments: &Arguments,
    deployment: &Deployment,
    settings: Settings,
    configure: fn(&mut Configurator) -> Result<()>,
    expected: &[ExpectedPackage],
) -> Result<ExitCode> {
    let mut config = Configurator::with_settings(settings);
    configure(&mut config)?;
    includes::include(&mut config)?;
    if let Command::Settings = arguments.command {
        let settings = config.settings();
        return done(print(arguments, || settings::table(settings), || settings::document(settings)));
    }
    let request = match arguments.command {
        Command::Request => match request::described(arguments) {
            Ok(request) => Some(request),
            Err(complaint) => return Ok(misunderstood(&complaint)),
        },
        _ => None,
    };
    let server = match arguments.command {
        Command::Serve | Command::Check => refused(serve::server_config(config.settings()), &mut config),
        _ => None,
    };
    if let Some(plan) = refused(log::plan(config.settings(), deployment.log.as_ref()), &mut config) {
        // Files are for what the server says: what a command says is for whoever gave it.
        let plan = if let Command::Serve = arguments.command { plan } else { plan.for_people() };
        log::start(plan, config.take_log_layers())?;
        tell(&deployment.notes);
    }
    settings::refuse_slips(&mut config);
    linked::refuse_missing(expected, &mut config);
    let made = config.make_app();
    if let Command::Check = arguments.command {
        return check::told(arguments, made);
    }
    let app = made.map_err(Error::from)?;
    let application = app.application();
    match (arguments.command, server, request) {
        (Command::Serve, Some(server), _) => done(serve::serve(app, server, arguments.source.is_some())),
        (Command::Routes, ..) => routes::printed(arguments, application),
        (Command::Views, ..) => views::printed(arguments, &app),
        (Command::Tweens, ..) => {
            done(print(arguments, || tweens::chains(application), || tweens::document(application)))
        }
        (Command::Request, _, Some(request)) => request::sent(&app, request, arguments),
        // The others have been done.
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// What was read, where it could be; otherwise the application has a fault for each setting that could not.
fn refused<T>(read: Result<T, Vec<BadSetting>>, config: &mut Configurator) -> Option<T> {
    read.map_err(|bad| {
        for bad in &bad {
            config.refuse(bad.to_string(), "");
        }
    })
    .ok()
}

/// Says what is remarkable about a configuration file.
fn tell(notes: &[String]) {
    for note in notes {
        tracing::info!("{note}");
    }
}
