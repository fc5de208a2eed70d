//! What stands in one segment of a pattern besides plain text.

use aiopyramid_pattern::{Placeholder, SegmentPiece};
use regex::{Regex, RegexBuilder};

use super::char_set::Run;
use super::values::Values;

/// A segment with placeholders, or the last part of a pattern, which may reach over several segments of a path.
///
/// Each of these finds its values in one pass, and finds what a backtracking expression would find first.
#[derive(Debug)]
pub(super) struct Field {
    prefix: Box<str>,
    holes: Holes,
    /// What follows the last placeholder.
    suffix: Box<str>,
    /// Whether more may follow: a `*name` stands behind.
    open: bool,
}

#[derive(Debug)]
enum Holes {
    /// No placeholder: only text before a `*name`.
    None,
    /// Plain placeholders, with the text between each two. They are greedy, so the places of these texts are the last ones
    /// possible, and those are found from the right.
    Plain(Box<[Box<str>]>),
    /// Runs that the text behind them ends, since it begins with what is not in their set; so from the left there is one
    /// place for each. Then one more placeholder of any kind that takes what is left.
    Runs(Box<[(Run, Box<str>)]>, Last),
    /// Such runs, of which the last has no text behind it before the rest of the path: it takes all that it can.
    OpenRuns(Box<[(Run, Box<str>)]>, Run),
}

/// The last placeholder of a field, which must match all that is left to it.
#[derive(Debug)]
enum Last {
    Plain,
    Run(Run),
    Regex(Regex),
}

impl Last {
    fn new(placeholder: &Placeholder) -> Result<Option<Self>, regex::Error> {
        let Some(regex) = placeholder.regex() else { return Ok(Some(Self::Plain)) };
        if let Some(run) = placeholder.char_run() {
            return Ok(Some(Self::Run(Run::new(&run))));
        }
        // Whole it would be the same, but with groups it has values of its own, and with assertions what stands around it
        // counts.
        if placeholder.looks_around() || !placeholder.groups().is_empty() {
            return Ok(None);
        }
        Ok(Some(Self::Regex(whole(regex)?)))
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Plain => !text.is_empty(),
            Self::Run(run) => run.matches(text),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// How large an expression may become, in bytes. The `regex` crate's own limit is meant for expressions of strangers, and one
/// is soon there: `\w{1,300}` is. Ours are the program's.
const LARGEST: usize = 64 << 20;

/// `regex`, to match all of a text and not only a part of it.
pub(super) fn whole(regex: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&format!(r"\A(?:{regex})\z")).size_limit(LARGEST).build()
}

impl Field {
    /// The field of these pieces and of the text behind them; `None` where no single pass can do it.
    ///
    /// # Errors
    /// Where a regular expression is too large.
    pub(super) fn new(pieces: &[SegmentPiece<'_>], trailing: &str) -> Result<Option<Self>, regex::Error> {
        let mut prefix = Box::default();
        let mut holes: Vec<(&Placeholder, Box<str>)> = Vec::new();
        let mut open = false;
        for piece in pieces {
            match (*piece, holes.last_mut()) {
                (SegmentPiece::Literal(text), None) => prefix = text.into(),
                (SegmentPiece::Literal(text), Some((_, after))) => *after = text.into(),
                (SegmentPiece::Placeholder(placeholder), _) => holes.push((placeholder, Box::default())),
                (SegmentPiece::Rest(_), _) => open = true,
            }
        }
        let Some((last, suffix)) = holes.pop() else {
            return Ok(Some(Self { prefix, holes: Holes::None, suffix: Box::default(), open }));
        };
        let suffix: Box<str> = format!("{suffix}{trailing}").into();
        let plain = |placeholder: &Placeholder| placeholder.regex().is_none();
        let holes = if plain(last) && holes.iter().all(|(placeholder, _)| plain(placeholder)) {
            Holes::Plain(holes.into_iter().map(|(_, after)| after).collect())
        } else {
            let Some(before) =
                holes.into_iter().map(|(placeholder, after)| ended_run(placeholder, after)).collect()
            else {
                return Ok(None);
            };
            if !open {
                let Some(last) = Last::new(last)? else { return Ok(None) };
                Holes::Runs(before, last)
            } else if last.may_contain_slash() {
                return Ok(None);
            } else {
                let Some(run) = last.char_run().map(|run| Run::new(&run)) else { return Ok(None) };
                if suffix.chars().next().is_some_and(|next| run.contains(next)) {
                    return Ok(None);
                }
                Holes::OpenRuns(before, run)
            }
        };
        Ok(Some(Self { prefix, holes, suffix, open }))
    }

    /// Whether more may follow, that is, whether [`find`](Self::find) may end before the text does.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Matches `path[start..end]`, adds the values, and says where the match ended. May leave values behind where it fails.
    pub(super) fn find(&self, path: &str, start: usize, end: usize, values: &mut Values) -> Option<usize> {
        let text = &path[start..end];
        text.strip_prefix(&*self.prefix)?;
        let start = start + self.prefix.len();
        match &self.holes {
            Holes::None => Some(start),
            Holes::Plain(between) => self.find_plain(path, start, end, between, values),
            Holes::Runs(before, last) => {
                let start = find_runs(path, start, end, before, values)?;
                let text = path[start..end].strip_suffix(&*self.suffix)?;
                values.push(start, start + text.len());
                last.matches(text).then_some(end)
            }
            Holes::OpenRuns(before, last) => {
                let start = find_runs(path, start, end, before, values)?;
                let text = &path[start..end];
                let length = if self.suffix.is_empty() { last.most_of(text)? } else { last.all_of(text)? };
                values.push(start, start + length);
                text[length..].starts_with(&*self.suffix).then(|| start + length + self.suffix.len())
            }
        }
    }

    fn find_plain(
        &self,
        path: &str,
        start: usize,
        end: usize,
        between: &[Box<str>],
        values: &mut Values,
    ) -> Option<usize> {
        let text = &path[start..end];
        let first = values.len();
        let mut stop =
            if self.open { rfind(text, &self.suffix)? } else { text.strip_suffix(&*self.suffix)?.len() };
        let after = start + stop + self.suffix.len();
        for separator in between.iter().rev() {
            // At least one character is left to the placeholder behind the separator.
            let (last, _) = text[..stop].char_indices().next_back()?;
            let at = rfind(&text[..last], separator)?;
            values.push(start + at + separator.len(), start + stop);
            stop = at;
        }
        if stop == 0 {
            return None;
        }
        values.push(start, start + stop);
        values.reverse_from(first);
        Some(after)
    }
}

/// A run that ends where the text behind it begins, if it is one.
fn ended_run(placeholder: &Placeholder, after: Box<str>) -> Option<(Run, Box<str>)> {
    let run = Run::new(&placeholder.char_run()?);
    let next = after.chars().next()?;
    (!placeholder.may_contain_slash() && !run.contains(next)).then_some((run, after))
}

fn find_runs(
    path: &str,
    mut start: usize,
    end: usize,
    runs: &[(Run, Box<str>)],
    values: &mut Values,
) -> Option<usize> {
    for (run, after) in runs {
        let length = run.all_of(&path[start..end])?;
        values.push(start, start + length);
        start += length;
        path[start..end].strip_prefix(&**after)?;
        start += after.len();
    }
    Some(start)
}

/// Where `needle` stands last in `text`. For one byte, the usual separator, without the preparations of the search for a
/// longer one.
fn rfind(text: &str, needle: &str) -> Option<usize> {
    match needle.as_bytes() {
        [] => Some(text.len()),
        [byte] => text.as_bytes().iter().rposition(|candidate| candidate == byte),
        _ => text.rfind(needle),
    }
}
