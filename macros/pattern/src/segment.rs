//! What stands between the slashes of a pattern.

use crate::pattern::{Piece, Placeholder};

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
    let mut segments = vec![Segment { pieces: Vec::new() }];
    let mut push = |piece: Option<SegmentPiece<'_>>, starts: bool| todo_unused(piece, starts);
    let _ = &mut push;
    segments.clear();
    segments
}
