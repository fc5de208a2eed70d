//! What a panel shows.

use std::fmt::{Display, Write};

use crate::escaped;

/// What a panel shows: headings, tables, texts, in their order. All text is text: what means something in HTML is escaped.
///
/// ```
/// use aiopyramid::toolbar::Content;
///
/// let content = Content::new()
///     .heading("Cache")
///     .pairs([("hits", 7), ("misses", 2)])
///     .note("Only what the catalogue asks for is counted.");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content(String);

impl Content {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A heading.
    #[must_use]
    pub fn heading(self, text: &str) -> Self {
        self.element("h3", "", text)
    }

    /// A sentence about what is shown.
    #[must_use]
    pub fn note(self, text: &str) -> Self {
        self.element("p", "note", text)
    }

    /// A text in which every blank counts.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.element("pre", "", text)
    }

    /// A table of names and values; nothing where there are none.
    #[must_use]
    pub fn pairs<N: Display, V: Display>(mut self, pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let mut rows = String::new();
        for (name, value) in pairs {
            let (name, value) = (escaped(&name.to_string()), escaped(&value.to_string()));
            // Writing into a string cannot fail.
            let _ = writeln!(rows, "<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>");
        }
        if !rows.is_empty() {
            self.add(format_args!("<div class=\"wide\"><table class=\"pairs\">\n{rows}</table></div>\n"));
        }
        self
    }

    /// A table with a name for each column; nothing where there are no rows.
    #[must_use]
    pub fn table<const N: usize>(
        self,
        names: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Self {
        self.table_of(names, rows.into_iter().map(|row| ("", row)))
    }

    /// The same where each row has a class for its looks.
    #[must_use]
    pub(super) fn table_of<const N: usize>(
        mut self,
        names: [&str; N],
        rows: impl IntoIterator<Item = (&'static str, [String; N])>,
    ) -> Self {
        let mut body = String::new();
        for (class, row) in rows {
            let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
            let _ = write!(body, "<tr{class}>");
            push_cells(&mut body, "td", row.iter().map(String::as_str));
            body.push_str("</tr>\n");
        }
        if !body.is_empty() {
            let mut head = String::new();
            push_cells(&mut head, "th", names.into_iter());
            self.add(format_args!(
                "<div class=\"wide\"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n"
            ));
        }
        self
    }

    /// Markup of the toolbar's own.
    #[must_use]
    pub(super) fn markup(mut self, html: &str) -> Self {
        self.0.push_str(html);
        self
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn html(&self) -> &str {
        &self.0
    }

    fn element(mut self, tag: &str, class: &str, text: &str) -> Self {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        self.add(format_args!("<{tag}{class}>{}</{tag}>\n", escaped(text)));
        self
    }

    fn add(&mut self, html: std::fmt::Arguments<'_>) {
        // Writing into a string cannot fail.
        let _ = self.0.write_fmt(html);
    }
}

fn push_cells<'a>(html: &mut String, tag: &str, texts: impl Iterator<Item = &'a str>) {
    for text in texts {
        let _ = write!(html, "<{tag}>{}</{tag}>", escaped(text));
    }
}

/// What stands beside the title of a panel: a count, and whether it is worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Badge {
    /// A word or a number.
    pub text: String,
    /// How much it stands out.
    pub weight: Weight,
}

/// How much something stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It is there.
    Plain,
    /// It may be worth a look.
    Warning,
    /// Something is wrong.
    Error,
}

impl Badge {
    /// One that is only there.
    pub fn plain(text: impl Display) -> Self {
        Self { text: text.to_string(), weight: Weight::Plain }
    }

    /// One that may be worth a look.
    pub fn warning(text: impl Display) -> Self {
        Self { text: text.to_string(), weight: Weight::Warning }
    }

    /// One that says that something is wrong.
    pub fn error(text: impl Display) -> Self {
        Self { text: text.to_string(), weight: Weight::Error }
    }

    pub(super) fn html(&self) -> String {
        let class = match self.weight {
            Weight::Plain => "",
            Weight::Warning => " doubtful",
            Weight::Error => " bad",
        };
        format!(" <span class=\"badge{class}\">{}</span>", escaped(&self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_shown_is_text() {
        let content = Content::new()
            .heading("<h>")
            .note("<n>")
            .text("<t>")
            .pairs([("<a>", "<b>")])
            .table(["<c>"], [["<d>".to_owned()]]);
        for letter in ["h", "n", "t", "a", "b", "c", "d"] {
            assert!(content.html().contains(&format!("&lt;{letter}&gt;")), "{content:?}");
        }
        assert!(Badge::error("<x>").html().contains("&lt;x&gt;"));
        assert!(Content::new().pairs(Vec::<(&str, &str)>::new()).is_empty());
    }
}
