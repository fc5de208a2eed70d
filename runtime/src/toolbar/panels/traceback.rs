//! What went wrong, and how it came to it.

use std::fmt::Write;
use std::sync::Arc;

use super::TRACEBACK;
use crate::executor::{ExecutorError, Panicked};
use crate::toolbar::exchange::Failure;
use crate::toolbar::traceback::{Frame, Lines, frames};
use crate::toolbar::{Answered, Badge, Content, Panel};
use crate::{Error, HttpException, escaped};

/// The error of a request, answered or not.
#[derive(Debug)]
pub(super) struct TracebackPanel;

impl Panel for TracebackPanel {
    type Kept = Failure;

    fn name(&self) -> &'static str {
        TRACEBACK
    }

    fn title(&self) -> &'static str {
        "Traceback"
    }

    /// An [`HttpException`] is an answer, and no failure.
    fn after(&self, answered: &Answered<'_>) -> Option<Failure> {
        let error = answered.error?;
        let is_answer = error.downcast_ref::<HttpException>().is_some();
        let squashed = answered.response.is_some();
        (!is_answer).then(|| Failure { error: Arc::clone(error), squashed })
    }

    fn badge(&self, failure: &Failure) -> Option<Badge> {
        Some(if failure.squashed { Badge::warning("squashed") } else { Badge::error("!") })
    }

    fn render(&self, failure: &Failure) -> Content {
        content(failure)
    }
}

/// What it is: the type, where that is known, and what it says.
fn title(failure: &Failure) -> String {
    let error = &failure.error;
    let kind = if panicked(error).is_some() { "panic" } else { error.type_name() };
    let what = match (panicked(error), kind) {
        (Some(panic), _) => format!("panic: {}", panic.message()),
        (None, "") => error.to_string(),
        (None, kind) => format!("{kind}: {error}"),
    };
    if failure.squashed { format!("Squashed {what}") } else { what }
}

fn panicked(error: &Error) -> Option<&Panicked> {
    match error.downcast_ref() {
        // In a pool.
        Some(ExecutorError::Panicked(panic)) => Some(panic),
        _ => error.downcast_ref(),
    }
}

/// Where it was, unless that is somewhere in a library that only passes errors on.
fn place(error: &Error) -> Option<String> {
    match panicked(error) {
        Some(panic) => panic.location().map(str::to_owned),
        None => Some(error.location().to_string()).filter(|place| !place.contains("/rustc/")),
    }
}

fn calls(error: &Error) -> Vec<Frame> {
    let backtrace = match panicked(error) {
        Some(panic) => panic.backtrace(),
        None => error.backtrace(),
    };
    backtrace.map(frames).unwrap_or_default()
}

/// The error as a part of a page. Reads sources, and so may block.
pub(in crate::toolbar) fn content(failure: &Failure) -> Content {
    let error = &failure.error;
    let mut html = format!("<p class=\"error\">{}</p>\n", escaped(&title(failure)));
    for cause in error.chain().skip(1) {
        // Writing into a string cannot fail.
        let _ = writeln!(html, "<p class=\"cause\">caused by: {}</p>", escaped(&cause.to_string()));
    }
    if let Some(place) = place(error) {
        let _ = writeln!(html, "<p class=\"note\">at {}</p>", escaped(&place));
    }
    let frames = calls(error);
    if frames.is_empty() {
        html.push_str("<p class=\"note\">No backtrace was kept.</p>\n");
    }
    let mut opened = 0;
    for run in frames.chunk_by(|one, other| one.is_of_application() == other.is_of_application()) {
        if run[0].is_of_application() {
            for frame in run {
                opened += 1;
                // The first is what is looked for; the others are there at a click.
                push_own(&mut html, frame, opened <= 2);
            }
        } else {
            push_foreign(&mut html, run);
        }
    }
    Content::new().markup(&html)
}

fn push_own(html: &mut String, frame: &Frame, open: bool) {
    let open = if open { " open" } else { "" };
    let _ = writeln!(
        html,
        "<details class=\"frame own\"{open}><summary><code>{}</code> <span>{}</span></summary>",
        escaped(&frame.function),
        escaped(&shown_place(frame))
    );
    if let (Some(lines), Some((_, line))) = (frame.source(), &frame.place) {
        push_source(html, &lines, *line);
    }
    html.push_str("</details>\n");
}

fn push_source(html: &mut String, lines: &Lines, line: usize) {
    html.push_str("<pre class=\"source\">");
    for (number, text) in lines {
        let class = if *number == line { " class=\"here\"" } else { "" };
        // Each is a line by its style.
        let _ = write!(html, "<span{class}>{number:>5}  {}</span>", escaped(text));
    }
    html.push_str("</pre>\n");
}

/// Calls inside of libraries, together.
fn push_foreign(html: &mut String, run: &[Frame]) {
    let count = run.len();
    let calls = if count == 1 { "call" } else { "calls" };
    let _ = write!(
        html,
        "<details class=\"frame\"><summary>{count} {calls} inside of libraries</summary>\n<ol>\n"
    );
    for frame in run {
        let (function, place) = (escaped(&frame.function), escaped(&shown_place(frame)));
        let _ = writeln!(html, "<li><code>{function}</code> <span>{place}</span></li>");
    }
    html.push_str("</ol></details>\n");
}

fn shown_place(frame: &Frame) -> String {
    frame.place.as_ref().map(|(file, line)| format!("{file}:{line}")).unwrap_or_default()
}

/// The error as text, with the application's own calls. Reads sources, and so may block.
pub(in crate::toolbar) fn text(failure: &Failure) -> String {
    let error = &failure.error;
    let mut text = format!("{}\n", title(failure));
    for cause in error.chain().skip(1) {
        let _ = writeln!(text, "caused by: {cause}");
    }
    if let Some(place) = place(error) {
        let _ = writeln!(text, "at {place}");
    }
    let frames = calls(error);
    if !frames.is_empty() {
        text.push_str("\nThe application's calls, the innermost first:\n\n");
    }
    for run in frames.chunk_by(|one, other| one.is_of_application() == other.is_of_application()) {
        if !run[0].is_of_application() {
            let _ = writeln!(text, "  ({} inside of libraries)", run.len());
            continue;
        }
        for frame in run {
            let _ = writeln!(text, "> {}\n      {}", frame.function, shown_place(frame));
            let line = frame.place.as_ref().map(|(_, line)| *line);
            let source = frame.source().unwrap_or_default();
            if let Some((_, source)) = source.iter().find(|(number, _)| Some(*number) == line) {
                let _ = writeln!(text, "          {}", source.trim());
            }
        }
    }
    text
}
