//! `aiopyramid new -s aio_starter NAME`: the program that makes new projects.

use std::process::ExitCode;

fn main() -> ExitCode {
    aiopyramid::scaffold::run()
}
