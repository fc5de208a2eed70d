//! A file or a folder that is named and is not there.

use std::fs;
use std::path::Path;

use super::suggestion;

/// That there is no `what` at `path`, which was written as `written`, and what to write instead: the name nearest to it that is
/// beside, among those that fit. `shown` says where it was looked for.
pub(crate) fn missing(
    what: &str,
    written: &str,
    path: &Path,
    shown: &str,
    fits: fn(&Path) -> bool,
) -> (String, String) {
    let entries = path.parent().and_then(|folder| fs::read_dir(folder).ok());
    let others: Vec<String> = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            if fits(&entry.path()) { entry.file_name().into_string().ok() } else { None }
        })
        .collect();
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let help = match suggestion::nearest(name, others.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{}`?", written.replace(name, near)),
        None => format!("it was looked for {shown}"),
    };
    (format!("there is no {what} `{written}`"), help)
}
