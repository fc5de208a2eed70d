//! `check`: everything that is wrong with an application.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::arguments::{Arguments, Choice, Command};
use crate::app::router::App;
use crate::error::Result;
use crate::registry::{ConfigurationError, Fault};

/// Says what there is to say of an application.
///
/// # Errors
/// Everything that is wrong, unless programs are told of it.
pub(super) fn told(arguments: &Arguments, made: Result<App, ConfigurationError>) -> Result<ExitCode> {
    match made {
        Ok(app) => {
            let routes = app.application().routes().len();
            let text = || format!("{routes} routes, no fault found\n");
            super::print(arguments, text, || json!({"routes": routes, "faults": []}))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) if arguments.has(Choice::Json) => {
            let faults: Vec<_> = error.faults().iter().map(document).collect();
            super::say(format!("{:#}\n", json!({"faults": faults})))?;
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}

/// Says why a configuration file cannot be read.
///
/// # Errors
/// Where it cannot be said.
pub(super) fn refused(arguments: &Arguments, complaints: &[String]) -> Result<ExitCode> {
    if arguments.command == Command::Check && arguments.has(Choice::Json) {
        let faults: Vec<_> = complaints
            .iter()
            .map(|message| json!({"message": message, "places": [], "help": null}))
            .collect();
        super::say(format!("{:#}\n", json!({"faults": faults})))?;
    } else {
        for complaint in complaints {
            eprintln!("error: {complaint}");
        }
    }
    Ok(ExitCode::FAILURE)
}

fn document(fault: &Fault) -> Value {
    let place = |place: &crate::app::origin::Origin| json!({"file": place.file, "line": place.line, "module": place.module});
    let places: Vec<_> = fault.places().iter().map(place).collect();
    json!({"message": fault.message(), "places": places, "help": fault.help()})
}
