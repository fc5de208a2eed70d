//! Figures of several processes, added up: the text form of Prometheus, read and written.

use std::collections::HashMap;
use std::fmt::Write as _;

/// What ends a text of this kind.
const END: &str = "# EOF";

/// Figures that can be added to.
///
/// All of them can be added up: counters, the buckets of histograms, and what is there at the moment, such as connections.
#[derive(Debug, Default, Clone)]
pub(super) struct Exposition {
    families: Vec<Family>,
}

/// A figure with its explanation, and what it is for each set of labels, in order.
#[derive(Debug, Default, Clone)]
struct Family {
    name: String,
    head: String,
    samples: Vec<(String, f64)>,
    places: HashMap<String, usize>,
}

impl Exposition {
    /// Adds what a text says. `only` says of which names; others are left alone.
    pub(super) fn add(&mut self, text: &str, only: impl Fn(&str) -> bool) {
        let mut place = None;
        for line in text.lines() {
            if line.is_empty() || line == END {
                continue;
            }
            if let Some(rest) = line.strip_prefix("# ") {
                let name = rest.split(' ').nth(1).unwrap_or_default();
                place = only(name).then(|| self.family(name));
                if let Some(place) = place {
                    self.families[place].explain(line);
                }
            } else if let Some(place) = place
                && let Some((series, value)) = line.rsplit_once(' ')
                && let Ok(value) = value.parse()
            {
                self.families[place].add(series, value);
            }
        }
    }

    fn family(&mut self, name: &str) -> usize {
        let found = self.families.iter().position(|family| family.name == name);
        found.unwrap_or_else(|| {
            self.families.push(Family { name: name.to_owned(), ..Family::default() });
            self.families.len() - 1
        })
    }

    /// The text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for Family { head, samples, .. } in &self.families {
            text.push_str(head);
            for (series, value) in samples {
                // Into a string this cannot fail.
                let _ = writeln!(text, "{series} {value}");
            }
        }
        text.push_str(END);
        text.push('\n');
        text
    }
}

impl Family {
    /// Takes a line of its head, once.
    fn explain(&mut self, line: &str) {
        if !self.head.lines().any(|known| known == line) {
            self.head.push_str(line);
            self.head.push('\n');
        }
    }

    fn add(&mut self, series: &str, value: f64) {
        if let Some(place) = self.places.get(series) {
            self.samples[*place].1 += value;
        } else {
            self.places.insert(series.to_owned(), self.samples.len());
            self.samples.push((series.to_owned(), value));
        }
    }
}

/// Whether a figure, by its text's `# TYPE`, is of what has happened, and stays true when its process is gone.
pub(super) fn lasting(text: &str) -> impl Fn(&str) -> bool {
    let of_type = |line: &str| {
        let (name, kind) = line.strip_prefix("# TYPE ")?.split_once(' ')?;
        matches!(kind, "counter" | "histogram").then(|| name.to_owned())
    };
    let names: Vec<String> = text.lines().filter_map(of_type).collect();
    move |name| names.iter().any(|known| known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "# HELP a Some.\n# TYPE a counter\na_total{x=\"1 2\"} 3\na_total{x=\"b\"} 1\n# HELP g Now.\n# TYPE g gauge\ng 2\n# EOF\n";
    const OTHER: &str =
        "# HELP a Some.\n# TYPE a counter\na_total{x=\"b\"} 4\n# HELP g Now.\n# TYPE g gauge\ng 1.5\n# EOF\n";

    #[test]
    fn figures_with_the_same_labels_are_added_up() {
        let mut sum = Exposition::default();
        sum.add(ONE, |_| true);
        sum.add(OTHER, |_| true);
        let expected = "# HELP a Some.\n# TYPE a counter\na_total{x=\"1 2\"} 3\na_total{x=\"b\"} 5\n# HELP g Now.\n# TYPE g gauge\ng 3.5\n# EOF\n";
        assert_eq!(sum.text(), expected);
    }

    #[test]
    fn what_a_process_had_at_the_moment_goes_with_it() {
        let mut sum = Exposition::default();
        sum.add(ONE, lasting(ONE));
        sum.add(OTHER, |_| true);
        let text = sum.text();
        assert!(text.contains("a_total{x=\"b\"} 5\n"), "{text}");
        assert!(text.contains("g 1.5\n"), "{text}");
    }
}
