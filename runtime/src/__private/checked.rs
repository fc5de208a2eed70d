//! A template against the type that it is rendered with, while the program is compiled.
//!
//! The view's macro knows what the template asks for, the type knows what it gives; a constant brings the two together, as for
//! parameters. What is asked for comes as one text, because the compiler takes a text in at once, and a list of structs not.

use std::marker::PhantomData;

use super::text::{Sentence, same, slips};
use crate::app::view::template::shape::{Depth, Field, HasShape, Shape, Start, TemplateContext};
use crate::app::view::template::system::SYSTEM;
use crate::app::view::template::{Template, TemplateDeclaration};

/// Gives the shape of `T`: an inherent constant hides that of [`NoShape`], but exists only for a type that tells it.
#[derive(Debug)]
pub struct ShapeProbe<T: ?Sized, N>(PhantomData<N>, PhantomData<T>);

impl<T: TemplateContext + ?Sized, N: Depth> ShapeProbe<T, N> {
    /// The shape.
    pub const SHAPE: &'static Shape = <T::At<N> as HasShape>::SHAPE;
    /// What the application adds for templates that are rendered with it.
    pub const SYSTEM_VALUES: &'static Shape = T::SYSTEM_VALUES;
}

/// What is rendered is never the `Result`.
impl<T: TemplateContext, E, N: Depth> ShapeProbe<Result<T, E>, N> {
    /// The shape.
    pub const SHAPE: &'static Shape = <T::At<N> as HasShape>::SHAPE;
    /// What the application adds for templates that are rendered with it.
    pub const SYSTEM_VALUES: &'static Shape = T::SYSTEM_VALUES;
}

/// See [`ShapeProbe`].
pub trait NoShape {
    /// Unknown.
    const SHAPE: &'static Shape = &Shape::Opaque;
    /// Without meaning.
    const SYSTEM_VALUES: &'static Shape = Shape::NOTHING;
}

impl<T: ?Sized, N> NoShape for ShapeProbe<T, N> {}

/// Room for a handful of mistakes. What does not fit is said when these are mended.
const ROOM: usize = 4_096;

/// The template as a value, checked like that of a view.
///
/// # Panics
/// As [`check_template`].
#[track_caller]
pub const fn checked_template<T: TemplateContext>(
    declaration: &'static TemplateDeclaration,
    templates: &[&str],
    accesses: &str,
) -> Template<T> {
    check_template(<T::At<Start> as HasShape>::SHAPE, T::SYSTEM_VALUES, templates, accesses);
    Template::new(declaration)
}

/// Checks all that templates ask for: of the value that they are rendered with, and of what is there besides.
///
/// `accesses` has one line for each: the place of its template in `templates`, a space, the line in it, a space, and the path,
/// whose steps are separated by `.`; a step is a name, or `*` for an element.
///
/// # Panics
/// While the program is compiled: where the type does not have what a template asks for. All of it is said at once.
#[track_caller]
pub const fn check_template(
    root: &'static Shape,
    system_values: &'static Shape,
    templates: &[&str],
    accesses: &str,
) {
    if matches!(root, Shape::Opaque) {
        return;
    }
    let accesses = accesses.as_bytes();
    let mut refusal = Sentence::<ROOM>::new();
    let known = [root, system_values, SYSTEM];
    let mut place = 0;
    while place < accesses.len() {
        let (template, after) = number(accesses, place);
        let (line, start) = number(accesses, after);
        let mut end = start;
        while accesses[end] != b'\n' {
            end += 1;
        }
        if let Some(mistake) = follow(known, accesses, start, end) {
            mistake.explain(&mut refusal, templates[template], line);
        }
        place = end + 1;
    }
    assert!(refusal.is_empty(), "{}", refusal.as_str());
}

/// A number, and the place behind the space behind it.
const fn number(text: &[u8], mut place: usize) -> (usize, usize) {
    let mut number = 0;
    while text[place] != b' ' {
        number = number * 10 + (text[place] - b'0') as usize;
        place += 1;
    }
    (number, place + 1)
}

/// The last step of a path, where it leads nowhere.
struct Mistake<'a> {
    /// What does not have it; at the start the value that is rendered, and what is there besides.
    shape: &'static Shape,
    besides: [&'static Shape; 2],
    /// The way there; empty where it starts.
    before: &'a [u8],
    name: &'a [u8],
}

/// Follows a path from the first of `known` that has its beginning. Only its last step can be a mistake: those before it are the
/// last ones of other paths.
const fn follow<'a>(
    known: [&'static Shape; 3],
    text: &'a [u8],
    start: usize,
    end: usize,
) -> Option<Mistake<'a>> {
    let [root, system_values, system] = known;
    let mut shape = root;
    let mut step = start;
    while step < end {
        let mut step_end = step;
        while step_end < end && text[step_end] != b'.' {
            step_end += 1;
        }
        let name = between(text, step, step_end);
        let mut next = if same(name, b"*") { Some(element(shape)) } else { inside(shape, name) };
        if step == start && next.is_none() {
            next = inside(system_values, name);
            if next.is_none() {
                next = inside(system, name);
            }
        }
        shape = match next {
            Some(next) => next,
            None if step == start && is_known(name) => return None,
            None if step_end == end => {
                let (before_end, besides) = if step == start {
                    (start, [system_values, system])
                } else {
                    (step - 1, [Shape::NOTHING, Shape::NOTHING])
                };
                return Some(Mistake { shape, besides, before: between(text, start, before_end), name });
            }
            None => return None,
        };
        if matches!(shape, Shape::Opaque) {
            return None;
        }
        step = step_end + 1;
    }
    None
}

/// The names that a template knows without the view's doing.
const KNOWN: &[&str] = &["self", "super", "loop", "caller", "range", "dict", "namespace", "debug"];

const fn is_known(name: &[u8]) -> bool {
    let mut place = 0;
    while place < KNOWN.len() {
        if same(KNOWN[place].as_bytes(), name) {
            return true;
        }
        place += 1;
    }
    false
}

const fn between(text: &[u8], start: usize, end: usize) -> &[u8] {
    text.split_at(end).0.split_at(start).1
}

/// What a loop over it goes through, or an index leads to.
const fn element(shape: &'static Shape) -> &'static Shape {
    match shape {
        Shape::List(element) | Shape::Map(element) => element,
        Shape::Opaque | Shape::Scalar | Shape::Record { .. } => &Shape::Opaque,
    }
}

/// What is under a name in it.
const fn inside(shape: &'static Shape, name: &[u8]) -> Option<&'static Shape> {
    match shape {
        Shape::Opaque => Some(&Shape::Opaque),
        // A map has no methods.
        Shape::Map(_) if is_call(name) => None,
        Shape::Map(value) => Some(value),
        Shape::Scalar | Shape::List(_) => None,
        Shape::Record { fields, .. } => field(fields, name),
    }
}

const fn field(fields: &'static [Field], name: &[u8]) -> Option<&'static Shape> {
    let mut place = 0;
    while place < fields.len() {
        let Field { name: known, shape } = &fields[place];
        if known.is_empty() {
            if let Some(found) = inside(shape, name) {
                return Some(found);
            }
        } else if same(known.as_bytes(), name) {
            return Some(shape);
        }
        place += 1;
    }
    None
}

/// Whether a step is the call of a method.
const fn is_call(name: &[u8]) -> bool {
    matches!(name, [.., b'(', b')'])
}

/// The field that a name could be with a slip of the pen, and in how many letters the two differ.
const fn nearest(shape: &'static Shape, name: &[u8]) -> Option<(&'static str, usize)> {
    let Shape::Record { fields, .. } = shape else { return None };
    let mut best: Option<(&'static str, usize)> = None;
    let mut place = 0;
    while place < fields.len() {
        let Field { name: known, shape } = &fields[place];
        let candidate = if known.is_empty() {
            nearest(shape, name)
        } else {
            let letters = if known.len() > name.len() { known.len() } else { name.len() };
            let bound = if letters / 3 > 1 { letters / 3 } else { 1 };
            let slips = slips(name, known.as_bytes());
            if slips <= bound { Some((*known, slips)) } else { None }
        };
        if let Some(candidate) = candidate {
            let better = match best {
                Some(best) => candidate.1 < best.1,
                None => true,
            };
            if better {
                best = Some(candidate);
            }
        }
        place += 1;
    }
    best
}

impl Mistake<'_> {
    const fn explain(&self, refusal: &mut Sentence<ROOM>, template: &str, line: usize) {
        let (before, name) = (text(self.before), text(self.name));
        if !refusal.is_empty() {
            refusal.push("\n");
        }
        refusal.push("`");
        refusal.push(template);
        refusal.push("`, line ");
        refusal.push_number(line);
        refusal.push(": ");
        match self.shape {
            Shape::Record { name: record, .. } => {
                refusal.push("`");
                refusal.push(record);
                refusal.push(if is_call(self.name) { "` has no method `" } else { "` has no field `" });
                refusal.push(name);
                refusal.push("`");
            }
            Shape::Map(_) => {
                way(refusal, before);
                refusal.push(" is a map, and has no method `");
                refusal.push(name);
                refusal.push("`");
            }
            Shape::List(_) => {
                way(refusal, before);
                refusal.push(" is a list, and has no `");
                refusal.push(name);
                refusal.push("`");
            }
            _ => {
                way(refusal, before);
                refusal.push(" is a single value, and has no `");
                refusal.push(name);
                refusal.push("`");
            }
        }
        refusal.push("\nhelp: ");
        let mut near = nearest(self.shape, self.name);
        let mut place = 0;
        while near.is_none() && place < self.besides.len() {
            near = nearest(self.besides[place], self.name);
            place += 1;
        }
        if let Some((near, _)) = near {
            refusal.push("did you mean `");
            refusal.push(near);
            refusal.push("`?");
            return;
        }
        match self.shape {
            Shape::Record { name: record, fields } => {
                // What is not the user's is called as templates call it; types begin with a capital.
                let ours = matches!(record.as_bytes(), [b'a'..=b'z', ..]);
                if is_call(self.name) || ours {
                    refusal.push("there are ");
                } else {
                    refusal.push("add a field to `");
                    refusal.push(record);
                    refusal.push("`, which has ");
                }
                list(refusal, fields);
            }
            Shape::Map(_) => refusal.push("use a filter: `|items`, `|length`"),
            Shape::List(_) => {
                refusal.push("go through it with `{% for .. in .. %}`, or take one: `[0]`, `|first`");
            }
            _ => refusal.push("leave it away, or use a filter: `|length`, `|upper`"),
        }
    }
}

const fn list(refusal: &mut Sentence<ROOM>, fields: &[Field]) {
    let mut place = 0;
    while place < fields.len() {
        if place > 0 {
            refusal.push(", ");
        }
        refusal.push("`");
        refusal.push(if fields[place].name.is_empty() { "..." } else { fields[place].name });
        refusal.push("`");
        place += 1;
    }
    if fields.is_empty() {
        refusal.push("none");
    }
}

/// A path as templates write it, or words for the value that they begin with.
const fn way(refusal: &mut Sentence<ROOM>, path: &str) {
    if path.is_empty() {
        refusal.push("what the view returns");
    } else {
        refusal.push("`");
        refusal.push(path);
        refusal.push("`");
    }
}

const fn text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}
