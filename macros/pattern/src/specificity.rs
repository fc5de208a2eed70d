//! Which of two patterns should be tried first.

use crate::pattern::Pattern;
use crate::segment::{Segment, SegmentPiece};

/// How specific a pattern is: the lesser is the more specific, and is tried first.
///
/// Patterns are compared segment by segment, and a segment that is
/// 1. text comes before
/// 2. text around regular expressions, which comes before
/// 3. regular expressions, before
/// 4. text around plain placeholders, before
/// 5. plain placeholders, before
/// 6. a regular expression that may match slashes, before
/// 7. the rest of the path.
///
/// Within 2, 4, 6 and 7 more pieces of text come before fewer: `{a}.{b}` before `{a}`, so that `{name}.html` is not taken
/// for a `{name}`. What a text is, and how long, makes no difference: such patterns do not compete, or if they do
/// (`{a}-x` and `x-{a}`) there is no saying which one is meant.
///
/// ```
/// use aiopyramid_pattern::Pattern;
///
/// let order = ["/users/new", r"/users/{id:\d+}", "/users/{name}.vcf", "/users/{name}", "/users/{p:.*}", "/users/*p", "/*p"];
/// let keys: Vec<_> = order.iter().map(|text| Pattern::parse(text).unwrap().specificity()).collect();
/// assert!(keys.is_sorted());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Specificity(Vec<(Class, Texts)>);

/// In the order of the list above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Class {
    Text,
    TextAndRegex,
    Regex,
    TextAndPlain,
    Plain,
    Slashes,
    Rest,
}

/// Pieces of text, where more come first.
type Texts = std::cmp::Reverse<usize>;

impl Specificity {
    pub(crate) fn of(pattern: &Pattern) -> Self {
        Self(pattern.segments().iter().map(rank).collect())
    }
}

fn rank(segment: &Segment<'_>) -> (Class, Texts) {
    let pieces = segment.pieces();
    let texts = pieces.iter().filter(|piece| matches!(piece, SegmentPiece::Literal(_))).count();
    let regex = pieces.iter().any(|piece| match piece {
        SegmentPiece::Placeholder(placeholder) => placeholder.regex().is_some(),
        _ => false,
    });
    let class = match (pieces.last(), texts) {
        _ if segment.literal().is_some() => return (Class::Text, std::cmp::Reverse(0)),
        (Some(SegmentPiece::Rest(_)), _) => Class::Rest,
        _ if segment.may_contain_slash() => Class::Slashes,
        (_, 0) if regex => Class::Regex,
        _ if regex => Class::TextAndRegex,
        (_, 0) => Class::Plain,
        _ => Class::TextAndPlain,
    };
    (class, std::cmp::Reverse(texts))
}
