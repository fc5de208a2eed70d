//! From text to sections and their entries, each with its line.

use std::fmt;

/// The section whose entries hold in all the others.
const DEFAULT: &str = "DEFAULT";

/// The sections of a file, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Document {
    /// The entries of `[DEFAULT]`.
    pub(crate) defaults: Vec<Entry>,
    /// All others.
    pub(crate) sections: Vec<Section>,
}

/// `[name]`, and what stands below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) name: String,
    /// Its line, counted from 1.
    pub(crate) line: usize,
    pub(crate) entries: Vec<Entry>,
}

/// `name = value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    /// As it was written, its lines joined by line feeds.
    pub(crate) value: String,
    /// The line of the name, counted from 1.
    pub(crate) line: usize,
}

/// A line that is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadLine {
    pub(crate) line: usize,
    pub(crate) what: What,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// It belongs to no section.
    NoSection,
    /// Neither `[section]` nor `name = value`.
    NoEntry(String),
    /// The same name has stood before.
    Twice { name: String, first: usize },
    /// The same section has stood before.
    SectionTwice { name: String, first: usize },
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::NoSection => write!(f, "this stands in no section; write `[app:main]` above it"),
            What::NoEntry(text) => {
                write!(
                    f,
                    "`{text}` is neither a `[section]` nor `name = value`, nor indented to go on with a value"
                )
            }
            What::Twice { name, first } => write!(f, "`{name}` stands here twice, first in line {first}"),
            What::SectionTwice { name, first } => {
                write!(f, "the section `[{name}]` stands here twice, first in line {first}")
            }
        }
    }
}

impl Document {
    /// Reads all of `text`, with every line that is not understood.
    ///
    /// In the sections of `repeatable` a name may stand several times: uWSGI reads its own section so.
    pub(crate) fn parse(text: &str, repeatable: &[&str]) -> (Self, Vec<BadLine>) {
        let mut reader = Reader {
            repeatable,
            document: Self::default(),
            faults: Vec::new(),
            place: Place::Nowhere,
            open: false,
        };
        let mut indent = 0;
        let mut headless = false;
        for (index, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
            let (line, number) = (line.trim_end(), index + 1);
            let content = line.trim_start();
            if content.starts_with(['#', ';']) {
                continue;
            }
            if content.is_empty() {
                reader.go_on("");
                continue;
            }
            let depth = line.chars().take_while(|character| character.is_whitespace()).count();
            if depth > indent && reader.go_on(content) {
                continue;
            }
            indent = depth;
            if let Some(name) = header(content) {
                reader.section(name, number);
            } else if matches!(reader.place, Place::Nowhere) {
                // One mistake, however many lines it costs.
                if !headless {
                    reader.faults.push(BadLine { line: number, what: What::NoSection });
                }
                headless = true;
            } else {
                reader.entry(content, number);
            }
        }
        reader.finish()
    }

    /// The section of this name.
    pub(crate) fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }
}

impl Section {
    /// The last entry of this name.
    pub(crate) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.name == name)
    }
}

/// The name in `[name]`. As in Python, what follows the last bracket is no matter.
fn header(content: &str) -> Option<&str> {
    let inside = content.strip_prefix('[')?;
    let end = inside.rfind(']')?;
    (end > 0).then(|| &inside[..end])
}

/// Where the next entry goes.
#[derive(Clone, Copy)]
enum Place {
    Nowhere,
    Defaults,
    /// The last section, or an earlier one which stands there again.
    Section(usize),
}

struct Reader<'a> {
    repeatable: &'a [&'a str],
    document: Document,
    faults: Vec<BadLine>,
    place: Place,
    /// Whether the section has an entry that may go on.
    open: bool,
}

impl Reader<'_> {
    fn entries(&mut self) -> Option<&mut Vec<Entry>> {
        match self.place {
            Place::Nowhere => None,
            Place::Defaults => Some(&mut self.document.defaults),
            Place::Section(index) => Some(&mut self.document.sections[index].entries),
        }
    }

    /// Continues the value of the last entry; false where there is none in this section.
    fn go_on(&mut self, content: &str) -> bool {
        let open = self.open;
        let last = self.entries().and_then(|entries| entries.last_mut());
        let Some(entry) = last.filter(|_| open) else { return false };
        entry.value.push('\n');
        entry.value.push_str(content);
        true
    }

    fn section(&mut self, name: &str, line: usize) {
        self.open = false;
        if name == DEFAULT {
            self.place = Place::Defaults;
            return;
        }
        if let Some(first) = self.document.section(name).map(|section| section.line) {
            self.faults.push(BadLine { line, what: What::SectionTwice { name: name.to_owned(), first } });
        }
        self.place = Place::Section(self.document.sections.len());
        self.document.sections.push(Section { name: name.to_owned(), line, entries: Vec::new() });
    }

    fn entry(&mut self, content: &str, line: usize) {
        let repeatable = match self.place {
            Place::Section(index) => self.repeatable.contains(&self.document.sections[index].name.as_str()),
            _ => false,
        };
        let split =
            content.find(['=', ':']).map(|at| (content[..at].trim_end(), content[at + 1..].trim_start()));
        let Some((name, value)) = split.filter(|(name, _)| !name.is_empty()) else {
            self.faults.push(BadLine { line, what: What::NoEntry(content.to_owned()) });
            return;
        };
        let Some(entries) = self.entries() else { return };
        let first = entries.iter().find(|entry| entry.name == name).map(|entry| entry.line);
        entries.push(Entry { name: name.to_owned(), value: value.to_owned(), line });
        self.open = true;
        if let Some(first) = first.filter(|_| !repeatable) {
            self.faults.push(BadLine { line, what: What::Twice { name: name.to_owned(), first } });
        }
    }

    fn finish(mut self) -> (Document, Vec<BadLine>) {
        let sections = self.document.sections.iter_mut().flat_map(|section| &mut section.entries);
        for entry in self.document.defaults.iter_mut().chain(sections) {
            entry.value.truncate(entry.value.trim_end().len());
        }
        (self.document, self.faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Document {
        let (document, faults) = Document::parse(text, &[]);
        assert_eq!(faults, []);
        document
    }

    fn faults(text: &str) -> Vec<String> {
        let (_, faults) = Document::parse(text, &[]);
        faults.iter().map(|fault| format!("{}: {fault}", fault.line)).collect()
    }

    #[test]
    fn every_entry_knows_its_line() {
        let document =
            parsed("# first\n[DEFAULT]\na = 1\n\n[app:main]\nUse: egg:x\nlist =\n    one\n    two\nb=c=d\n");
        assert_eq!(document.defaults, [Entry { name: "a".into(), value: "1".into(), line: 3 }]);
        let main = document.section("app:main").unwrap();
        let entries: Vec<_> = main
            .entries
            .iter()
            .map(|entry| (entry.name.as_str(), entry.value.as_str(), entry.line))
            .collect();
        assert_eq!(main.line, 5);
        assert_eq!(entries, [("Use", "egg:x", 6), ("list", "\none\ntwo", 7), ("b", "c=d", 10)]);
    }

    #[test]
    fn all_lines_that_are_not_understood_are_found_at_once() {
        assert_eq!(
            faults("a = 1\nb = 2\n[x]\nnothing\n= y\nc = 1\nc = 2\n[x]\n"),
            [
                "1: this stands in no section; write `[app:main]` above it",
                "4: `nothing` is neither a `[section]` nor `name = value`, nor indented to go on with a value",
                "5: `= y` is neither a `[section]` nor `name = value`, nor indented to go on with a value",
                "7: `c` stands here twice, first in line 6",
                "8: the section `[x]` stands here twice, first in line 3",
            ]
        );
    }

    #[test]
    fn a_section_that_allows_it_may_repeat_a_name() {
        let (document, faults) = Document::parse("[uwsgi]\nsocket = a\nsocket = b\n", &["uwsgi"]);
        assert_eq!(faults, []);
        assert_eq!(document.section("uwsgi").unwrap().entries.len(), 2);
    }

    #[test]
    fn a_mark_of_the_byte_order_is_no_text() {
        assert_eq!(parsed("\u{feff}[x]\r\na = 1\r\n").section("x").unwrap().entry("a").unwrap().value, "1");
    }
}
