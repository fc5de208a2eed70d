//! The set of paths that a pattern matches, as an automaton, and whether two such sets meet.
//!
//! Two patterns overlap where the product of their automata has a way to its end. The automata are non-deterministic and
//! work on characters, not bytes, which keeps them as small as the patterns are: the usual product has some dozens of pairs,
//! and is built in microseconds even without optimisation.

use std::collections::HashSet;
use std::rc::Rc;

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::pattern::Piece;
use crate::placeholder::NO_SLASH;

/// More states than any pattern has that was written by hand, few enough for the product to end soon.
const MOST_STATES: usize = 4_000;
const MOST_PAIRS: usize = 200_000;

/// What `*name` takes: Python's `.`.
const NO_LINE_BREAK: &[(char, char)] = &[('\0', '\t'), ('\u{B}', char::MAX)];

pub(crate) struct Automaton {
    states: Vec<State>,
    start: usize,
}

enum State {
    End,
    Take(Set, usize),
    Fork(usize, usize),
}

/// Ranges of characters, in ascending order.
enum Set {
    One([(char, char); 1]),
    Fixed(&'static [(char, char)]),
    Class(Rc<[(char, char)]>),
}

impl Set {
    fn ranges(&self) -> &[(char, char)] {
        match self {
            Self::One(range) => range,
            Self::Fixed(ranges) => ranges,
            Self::Class(ranges) => ranges,
        }
    }

    fn meets(&self, other: &Self) -> bool {
        let (mut ours, mut theirs) = (self.ranges(), other.ranges());
        while let ([one, rest_ours @ ..], [two, rest_theirs @ ..]) = (ours, theirs) {
            if one.1 < two.0 {
                ours = rest_ours;
            } else if two.1 < one.0 {
                theirs = rest_theirs;
            } else {
                return true;
            }
        }
        false
    }
}

/// The automaton would become too large, or matches bytes that are no text.
struct Unwieldy;

impl Automaton {
    /// The automaton of a pattern; `None` where it would be too large.
    pub(crate) fn of(pieces: &[Piece]) -> Option<Self> {
        let mut automaton = Self { states: vec![State::End], start: 0 };
        // From the back, so that every state knows what comes after it.
        for piece in pieces.iter().rev() {
            let next = automaton.start;
            automaton.start = automaton.piece(piece, next).ok()?;
        }
        Some(automaton)
    }

    fn piece(&mut self, piece: &Piece, next: usize) -> Result<usize, Unwieldy> {
        match piece {
            Piece::Literal(text) => self.text(text, next),
            Piece::Placeholder(placeholder) => {
                if let Some(expression) = placeholder.expression() {
                    return self.expression(expression.hir(), next);
                }
                let again = self.push(State::End)?;
                let take = self.push(State::Take(Set::Fixed(NO_SLASH), again))?;
                self.states[again] = State::Fork(take, next);
                Ok(take)
            }
            Piece::Rest(_) => {
                let fork = self.push(State::End)?;
                let take = self.push(State::Take(Set::Fixed(NO_LINE_BREAK), fork))?;
                self.states[fork] = State::Fork(take, next);
                Ok(fork)
            }
        }
    }

    fn push(&mut self, state: State) -> Result<usize, Unwieldy> {
        if self.states.len() == MOST_STATES {
            return Err(Unwieldy);
        }
        self.states.push(state);
        Ok(self.states.len() - 1)
    }

    fn text(&mut self, text: &str, next: usize) -> Result<usize, Unwieldy> {
        text.chars().rev().try_fold(next, |next, c| self.push(State::Take(Set::One([(c, c)]), next)))
    }

    fn expression(&mut self, hir: &Hir, next: usize) -> Result<usize, Unwieldy> {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Ok(next),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).map_err(|_| Unwieldy)?;
                self.text(text, next)
            }
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.iter().map(|range| (range.start(), range.end())).collect();
                self.push(State::Take(Set::Class(ranges), next))
            }
            HirKind::Class(Class::Bytes(class)) => {
                let ranges = class.iter().map(|range| (range.start().into(), range.end().into())).collect();
                self.push(State::Take(Set::Class(ranges), next))
            }
            HirKind::Capture(capture) => self.expression(&capture.sub, next),
            HirKind::Concat(parts) => {
                parts.iter().rev().try_fold(next, |next, part| self.expression(part, next))
            }
            HirKind::Alternation(parts) => {
                let mut ways = parts.iter();
                let Some(first) = ways.next() else { return Ok(next) };
                let first = self.expression(first, next)?;
                ways.try_fold(first, |known, way| {
                    let way = self.expression(way, next)?;
                    self.push(State::Fork(way, known))
                })
            }
            HirKind::Repetition(repetition) => {
                let mut start = next;
                match repetition.max {
                    None => {
                        let fork = self.push(State::End)?;
                        let body = self.expression(&repetition.sub, fork)?;
                        self.states[fork] = State::Fork(body, next);
                        start = fork;
                    }
                    Some(max) => {
                        for _ in repetition.min..max {
                            let body = self.expression(&repetition.sub, start)?;
                            start = self.push(State::Fork(body, next))?;
                        }
                    }
                }
                (0..repetition.min).try_fold(start, |next, _| self.expression(&repetition.sub, next))
            }
        }
    }

    /// Whether there is a text that both match. `true` where the search becomes too long.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let mut open = vec![(self.start, other.start)];
        let mut seen: HashSet<(usize, usize)> = open.iter().copied().collect();
        while let Some((ours, theirs)) = open.pop() {
            if seen.len() > MOST_PAIRS {
                return true;
            }
            let next = match (&self.states[ours], &other.states[theirs]) {
                (State::End, State::End) => return true,
                (State::Fork(one, two), _) => [Some((*one, theirs)), Some((*two, theirs))],
                (_, State::Fork(one, two)) => [Some((ours, *one)), Some((ours, *two))],
                (State::Take(set, one), State::Take(other_set, two)) if set.meets(other_set) => {
                    [Some((*one, *two)), None]
                }
                _ => [None, None],
            };
            open.extend(next.into_iter().flatten().filter(|pair| seen.insert(*pair)));
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use crate::Pattern;

    fn overlap(one: &str, two: &str) -> bool {
        let (one, two) = (Pattern::parse(one).unwrap(), Pattern::parse(two).unwrap());
        assert_eq!(one.overlaps(&two), two.overlaps(&one), "{one} and {two}");
        one.overlaps(&two)
    }

    #[test]
    fn patterns_that_one_path_can_match_overlap() {
        for (one, two) in [
            ("/a", "a"),
            ("/{x}", "/{y}"),
            ("/{x}/b", "/a/{y}"),
            ("/{x}.html", "/index.{y}"),
            ("/x-{a}", "/{a}-x"),
            ("/*rest", "/a/{x}/"),
            ("/a*rest", "/ab/c"),
            (r"/{a:\d+}", "/{a:[0-9a-f]{8}}"),
            (r"/{a:\w+}", "/{a:été|hiver}"),
            ("/{a:.*}", "/x/y/{z}"),
            ("/{a:.*}/z", "/x/{y}/z"),
            (r"/{a:(?:ab)*}", "/{b:a.{0,5}b}"),
        ] {
            assert!(overlap(one, two), "{one} and {two}");
        }
    }

    #[test]
    fn patterns_without_a_common_path_do_not_overlap() {
        for (one, two) in [
            ("/a", "/a/"),
            ("/a", "/b"),
            ("/{x}", "/{x}/"),
            ("/a/{x}", "/b/{x}"),
            ("/{x}.html", "/{x}.txt"),
            ("/{x}", "/{y}/{z}"),
            ("/foo/*rest", "/foo"),
            (r"/{a:\d+}", "/{a:[a-z]+}"),
            (r"/{a:\d{4}}", r"/{a:\d{3}}"),
            (r"/{a:\d+}-{b}", "/{a:[a-f]+}-{b}"),
            ("/{a:en|fr}", "/{a:de|it}"),
            ("/{a:(?:ab)+}", "/{a:(?:ab)*a}"),
            ("/{a:[^x]*}", "/x*rest"),
        ] {
            assert!(!overlap(one, two), "{one} and {two}");
        }
    }

    #[test]
    fn what_would_take_long_is_taken_for_an_overlap() {
        assert!(overlap(r"/{a:(?:\w{90}){90}}", r"/{a:\d{9000}}"));
        assert!(overlap(r"/{a:[ab]*a[ab]{1500}}x", r"/{a:[ab]*b[ab]{1500}}y"));
    }

    #[test]
    fn assertions_are_taken_as_fulfilled() {
        assert!(overlap(r"/{a:\bx}", "/x"));
        assert!(overlap("/{a:^x}", "/x"));
    }
}
