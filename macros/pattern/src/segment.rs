//! What stands between the slashes of a pattern.

use crate::pattern::Piece;
use crate::placeholder::Placeholder;

/// What stands between two slashes of a pattern.
#[derive(Debug, Clone)]
pub struct Segment<'p> {
    pieces: Vec<SegmentPiece<'p>>,
}

/// A piece of a [`Segment`].
#[derive(Debug, Clone, Copy)]
pub enum SegmentPiece<'p> {
    /// Text without a slash. Never empty.
    Literal(&'p str),
    /// A placeholder; its regular expression may match slashes.
    Placeholder(&'p Placeholder),
    /// The name of what takes the rest of the path.
    Rest(&'p str),
}

impl<'p> Segment<'p> {
    /// Its pieces; none for what is between two slashes that touch.
    pub fn pieces(&self) -> &[SegmentPiece<'p>] {
        &self.pieces
    }

    /// Its text, where it is nothing else.
    pub fn literal(&self) -> Option<&'p str> {
        match *self.pieces {
            [] => Some(""),
            [SegmentPiece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The text that it begins with.
    pub fn prefix(&self) -> &'p str {
        match self.pieces.first() {
            Some(SegmentPiece::Literal(text)) => text,
            _ => "",
        }
    }

    /// The text that it ends with.
    pub fn suffix(&self) -> &'p str {
        match self.pieces.last() {
            Some(SegmentPiece::Literal(text)) => text,
            _ => "",
        }
    }

    /// Whether it may match more than one segment of a path: it takes the rest, or a regular expression in it may match a
    /// slash.
    pub fn may_contain_slash(&self) -> bool {
        self.pieces.iter().any(|piece| match piece {
            SegmentPiece::Literal(_) => false,
            SegmentPiece::Placeholder(placeholder) => placeholder.may_contain_slash(),
            SegmentPiece::Rest(_) => true,
        })
    }
}

pub(crate) fn of(pieces: &[Piece]) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let mut current = Segment { pieces: Vec::new() };
    for (place, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal(text) => {
                let mut parts = text.split('/');
                let first = parts.next().filter(|first| !first.is_empty());
                current.pieces.extend(first.map(SegmentPiece::Literal));
                // The slash that every pattern begins with ends no segment.
                let mut opening = place == 0;
                for part in parts {
                    let pieces = if part.is_empty() { Vec::new() } else { vec![SegmentPiece::Literal(part)] };
                    let ended = std::mem::replace(&mut current, Segment { pieces });
                    if !std::mem::take(&mut opening) {
                        segments.push(ended);
                    }
                }
            }
            Piece::Placeholder(placeholder) => current.pieces.push(SegmentPiece::Placeholder(placeholder)),
            Piece::Rest(name) => current.pieces.push(SegmentPiece::Rest(name)),
        }
    }
    segments.push(current);
    segments
}
