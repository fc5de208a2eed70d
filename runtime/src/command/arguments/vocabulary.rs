//! The commands and the options that there are, in one table: the command line, `help` and completions know them from it.

/// What a program can be asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    Serve,
    Routes,
    Views,
    Tweens,
    Request,
    Settings,
    Check,
    Completions,
    Help,
}

/// A command as `help` explains it.
#[derive(Debug)]
pub(crate) struct CommandEntry {
    pub(crate) command: Command,
    pub(crate) name: &'static str,
    /// What stands behind the name, apart from what stands behind every name.
    pub(crate) operands: &'static str,
    /// One line.
    pub(crate) meaning: &'static str,
    /// What else there is to know.
    pub(crate) details: &'static str,
    /// Command lines, without the name of the program.
    pub(crate) examples: &'static [&'static str],
}

/// In the order of `help`.
pub(crate) const COMMANDS: &[CommandEntry] = &[
    CommandEntry {
        command: Command::Serve,
        name: "serve",
        operands: "",
        meaning: "Serve the application (the default)",
        details: "\
Serves until a signal says otherwise: TERM lets running requests finish, HUP starts anew without losing one. With `--reload`,
`cargo run -- serve --reload`, a change of a source or of FILE needs no signal, and Ctrl-C ends everything at once.",
        examples: &[
            "serve",
            "serve --reload development.ini",
            "serve listen=127.0.0.1:8000 loops=2",
            "serve production.ini",
        ],
    },
    CommandEntry {
        command: Command::Routes,
        name: "routes",
        operands: "",
        meaning: "Print the routes in matching order, with their views",
        details: "A row for each view. A route without one has `<unknown>`; one that no method can reach has `<route mismatch>`.",
        examples: &["routes", "routes --glob 'api_*'", "routes --format name,method,where", "routes --json"],
    },
    CommandEntry {
        command: Command::Views,
        name: "views",
        operands: "[METHOD] PATH",
        meaning: "Print the views that a request chooses among, and why those decline that do not answer it",
        details: "Nothing is called but what finds the views: root factories, resources, policies. The exit status is 1 where no view answers.",
        examples: &["views /", "views POST /articles/3", "views development.ini '/?page=2'"],
    },
    CommandEntry {
        command: Command::Tweens,
        name: "tweens",
        operands: "",
        meaning: "Print what stands around the application, the outermost first",
        details: "",
        examples: &["tweens"],
    },
    CommandEntry {
        command: Command::Request,
        name: "request",
        operands: "[METHOD] PATH",
        meaning: "Send the application a request, without a server, and print the answer",
        details: "\
The body of a POST, PUT, PATCH or DELETE is read from the standard input, unless that is a terminal; it is taken for a form
where no Content-Type is given. The exit status is 0 for an answer below 400, 4 for one of 4xx, 5 for one of 5xx.",
        examples: &[
            "request /",
            "request --display-headers /articles/3",
            "request POST /articles --header Content-Type:application/json < article.json",
        ],
    },
    CommandEntry {
        command: Command::Settings,
        name: "settings",
        operands: "",
        meaning: "Print every setting with its value, and where that comes from",
        details: "Values that look like secrets are not shown.",
        examples: &["settings", "settings production.ini"],
    },
    CommandEntry {
        command: Command::Check,
        name: "check",
        operands: "",
        meaning: "Make the application, and say everything that is wrong with it",
        details: "\
Finds all at once: conflicts, views and routes that nothing reaches, states that nobody manages, templates and files that are
not there, packages that are not linked, bad settings. The exit status is 1 where there is a fault.",
        examples: &["check", "check production.ini", "check --json"],
    },
    CommandEntry {
        command: Command::Completions,
        name: "completions",
        operands: "bash|zsh|fish",
        meaning: "Print what makes a shell complete the command line of this program",
        details: "",
        examples: &[
            "completions bash > ~/.local/share/bash-completion/completions/PROGRAM",
            "completions zsh > ~/.zfunc/_PROGRAM",
            "completions fish > ~/.config/fish/completions/PROGRAM.fish",
        ],
    },
    CommandEntry {
        command: Command::Help,
        name: "help",
        operands: "[COMMAND]",
        meaning: "Print this, or what there is to know of a command",
        details: "",
        examples: &["help", "help request"],
    },
];

impl Command {
    pub(crate) fn named(name: &str) -> Option<Self> {
        COMMANDS.iter().find(|entry| entry.name == name).map(|entry| entry.command)
    }

    /// # Panics
    /// Never: every command is in the table, as a test says.
    pub(crate) fn entry(self) -> &'static CommandEntry {
        COMMANDS.iter().find(|entry| entry.command == self).expect("every command is in the table")
    }

    /// Whether a request is described behind it.
    pub(super) fn has_target(self) -> bool {
        matches!(self, Self::Views | Self::Request)
    }
}

/// An option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    AppName,
    ServerName,
    Reload,
    Json,
    Glob,
    Format,
    Header,
    Login,
    DisplayHeaders,
}

/// An option as `help` explains it.
#[derive(Debug)]
pub(crate) struct OptionEntry {
    pub(crate) choice: Choice,
    /// With its two hyphens.
    pub(crate) long: &'static str,
    /// With its hyphen.
    pub(crate) short: Option<&'static str>,
    /// What its value is called, where it has one.
    pub(crate) value: Option<&'static str>,
    pub(crate) meaning: &'static str,
    /// What it can stand behind.
    pub(crate) commands: &'static [Command],
}

const WITH_FILE: &[Command] = &[
    Command::Serve,
    Command::Routes,
    Command::Views,
    Command::Tweens,
    Command::Request,
    Command::Settings,
    Command::Check,
];

/// In the order of `help`.
pub(crate) const OPTIONS: &[OptionEntry] = &[
    OptionEntry {
        choice: Choice::AppName,
        long: "--app-name",
        short: Some("-n"),
        value: Some("NAME"),
        meaning: "Take `[app:NAME]` of the file instead of `[app:main]`",
        commands: WITH_FILE,
    },
    OptionEntry {
        choice: Choice::ServerName,
        long: "--server-name",
        short: None,
        value: Some("NAME"),
        meaning: "Take `[server:NAME]` instead of `[server:main]`; `uwsgi` is `[uwsgi]`",
        commands: WITH_FILE,
    },
    OptionEntry {
        choice: Choice::Reload,
        long: "--reload",
        short: None,
        value: None,
        meaning: "Build and start anew when a source changes, without a refused request; refresh the pages that are open",
        commands: &[Command::Serve],
    },
    OptionEntry {
        choice: Choice::Json,
        long: "--json",
        short: None,
        value: None,
        meaning: "Print JSON, for programs",
        commands: &[
            Command::Routes,
            Command::Views,
            Command::Tweens,
            Command::Request,
            Command::Settings,
            Command::Check,
        ],
    },
    OptionEntry {
        choice: Choice::Glob,
        long: "--glob",
        short: Some("-g"),
        value: Some("GLOB"),
        meaning: "Only the routes whose name or pattern is like this; `*` is any text, `?` one character",
        commands: &[Command::Routes],
    },
    OptionEntry {
        choice: Choice::Format,
        long: "--format",
        short: Some("-f"),
        value: Some("COLUMNS"),
        meaning: "Which columns, with commas between: name, pattern, view, method, mapper, permission, where",
        commands: &[Command::Routes],
    },
    OptionEntry {
        choice: Choice::Header,
        long: "--header",
        short: Some("-H"),
        value: Some("NAME:VALUE"),
        meaning: "Send this header; may be given several times",
        commands: &[Command::Request],
    },
    OptionEntry {
        choice: Choice::Login,
        long: "--login",
        short: Some("-l"),
        value: Some("USER:PASSWORD"),
        meaning: "Send this login (HTTP Basic, RFC 7617)",
        commands: &[Command::Request],
    },
    OptionEntry {
        choice: Choice::DisplayHeaders,
        long: "--display-headers",
        short: Some("-d"),
        value: None,
        meaning: "Print the status and the headers before the body",
        commands: &[Command::Request],
    },
];

impl OptionEntry {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        OPTIONS.iter().find(|entry| entry.long == name || entry.short == Some(name))
    }

    /// The options that may stand behind a command.
    pub(crate) fn of(command: Command) -> impl Iterator<Item = &'static Self> {
        OPTIONS.iter().filter(move |entry| entry.commands.contains(&command))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_the_table_once_with_an_example_that_begins_with_its_name() {
        for entry in COMMANDS {
            assert_eq!(entry.command.entry().name, entry.name);
            assert!(entry.examples.iter().all(|example| example.starts_with(entry.name)), "{}", entry.name);
        }
    }
}
