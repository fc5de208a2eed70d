//! What a type gives to a template, known while the program is compiled.
//!
//! ```text
//! #[derive(TemplateContext)]                       Record { name: "Shelf", fields: [
//! struct Shelf { number: u32, books: Vec<Book> }  =>   number: Scalar, books: List(Record { name: "Book", .. }) ] }
//! ```
//!
//! Types may contain each other, and a constant must not need itself. So a shape is of a depth: what lies deeper than
//! [`Start`] is not looked at.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

/// A type that tells what templates find in it, so that a template that asks for something else is an error of the compiler.
///
/// Derived beside `serde::Serialize`, whose attributes it follows; a template still sees what is serialized. Numbers, texts,
/// lists, maps and pointers of types that tell it do so, too. What is in a field of any other type is not checked.
///
/// ```
/// use aiopyramid::TemplateContext;
/// use serde::Serialize;
///
/// #[derive(Serialize, TemplateContext)]
/// struct Book {
///     title: String,
///     year: Option<u16>,
/// }
///
/// #[derive(Serialize, TemplateContext)]
/// struct Shelf {
///     number: u32,
///     books: Vec<Book>,
/// }
/// ```
///
/// With a view that returns a `Shelf`, `{{ books[0].titel }}` in its template does not compile.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not tell what templates find in it",
    note = "derive `aiopyramid::TemplateContext` for it"
)]
pub trait TemplateContext {
    /// Its shape at depth `N`.
    type At<N: Depth>: HasShape;

    /// What a template finds besides where it is rendered with this: `#[template_context(system_values = Site)]`.
    const SYSTEM_VALUES: &'static Shape = Shape::NOTHING;
}

/// What templates find in a value.
#[derive(Debug)]
pub enum Shape {
    /// Nobody knows.
    Opaque,
    /// A text, a number or the like: nothing is inside.
    Scalar,
    /// Elements, each of this shape.
    List(&'static Shape),
    /// Values of this shape under any key.
    Map(&'static Shape),
    /// Named fields.
    Record {
        /// The name of the type.
        name: &'static str,
        /// The fields.
        fields: &'static [Field],
    },
}

impl Shape {
    /// A record without fields.
    pub const NOTHING: &'static Self = &Self::Record { name: "", fields: &[] };
}

/// A field of a record.
#[derive(Debug)]
pub struct Field {
    /// Its name as templates see it; empty where the fields of the value stand among those of the record itself.
    pub name: &'static str,
    /// What is in it.
    pub shape: &'static Shape,
}

/// A type that stands for a shape.
pub trait HasShape {
    /// The shape.
    const SHAPE: &'static Shape;
}

/// How much deeper shapes go.
pub trait Depth {
    /// One less.
    type Lower: Depth;
    /// `S`, unless this is the end.
    type Within<S: HasShape>: HasShape;
}

/// No deeper.
#[derive(Debug)]
pub struct Deepest;

/// One deeper than `N`.
#[derive(Debug)]
pub struct Deeper<N>(PhantomData<N>);

type Four<N> = Deeper<Deeper<Deeper<Deeper<N>>>>;

/// The depth to which records inside of each other are looked at.
pub type Start = Four<Four<Deepest>>;

impl Depth for Deepest {
    type Lower = Self;
    type Within<S: HasShape> = Opaque;
}

impl<N: Depth> Depth for Deeper<N> {
    type Lower = N;
    type Within<S: HasShape> = S;
}

/// [`Shape::Opaque`]
#[derive(Debug)]
pub struct Opaque;

impl HasShape for Opaque {
    const SHAPE: &'static Shape = &Shape::Opaque;
}

/// [`Shape::Scalar`]
#[derive(Debug)]
pub struct Scalar;

impl HasShape for Scalar {
    const SHAPE: &'static Shape = &Shape::Scalar;
}

/// [`Shape::List`]
#[derive(Debug)]
pub struct ListOf<S>(PhantomData<S>);

impl<S: HasShape> HasShape for ListOf<S> {
    const SHAPE: &'static Shape = &Shape::List(S::SHAPE);
}

/// [`Shape::Map`]
#[derive(Debug)]
pub struct MapOf<S>(PhantomData<S>);

impl<S: HasShape> HasShape for MapOf<S> {
    const SHAPE: &'static Shape = &Shape::Map(S::SHAPE);
}

macro_rules! scalars {
    ($($ty:ty)*) => {
        $(#[diagnostic::do_not_recommend]
        impl TemplateContext for $ty {
            type At<N: Depth> = Scalar;
        })*
    };
}

scalars!(bool char str String u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);

macro_rules! as_inside {
    ($($ty:ty)*) => {
        $(#[diagnostic::do_not_recommend]
        impl<T: TemplateContext + ?Sized> TemplateContext for $ty {
            type At<N: Depth> = T::At<N>;
            const SYSTEM_VALUES: &'static Shape = T::SYSTEM_VALUES;
        })*
    };
}

as_inside!(&T Box<T> Rc<T> Arc<T>);

// What is in a template is there or `none`; that it may be `none` is the template's business.
#[diagnostic::do_not_recommend]
impl<T: TemplateContext> TemplateContext for Option<T> {
    type At<N: Depth> = T::At<N>;
    const SYSTEM_VALUES: &'static Shape = T::SYSTEM_VALUES;
}

#[diagnostic::do_not_recommend]
impl<T: TemplateContext + ToOwned + ?Sized> TemplateContext for Cow<'_, T> {
    type At<N: Depth> = T::At<N>;
    const SYSTEM_VALUES: &'static Shape = T::SYSTEM_VALUES;
}

macro_rules! lists {
    ($($ty:ty)*) => {
        $(#[diagnostic::do_not_recommend]
        impl<T: TemplateContext> TemplateContext for $ty {
            type At<N: Depth> = ListOf<T::At<N>>;
        })*
    };
}

lists!([T] Vec<T> VecDeque<T> BTreeSet<T>);

#[diagnostic::do_not_recommend]
impl<T: TemplateContext, const LENGTH: usize> TemplateContext for [T; LENGTH] {
    type At<N: Depth> = ListOf<T::At<N>>;
}

#[diagnostic::do_not_recommend]
impl<T: TemplateContext, S> TemplateContext for HashSet<T, S> {
    type At<N: Depth> = ListOf<T::At<N>>;
}

#[diagnostic::do_not_recommend]
impl<K, T: TemplateContext> TemplateContext for BTreeMap<K, T> {
    type At<N: Depth> = MapOf<T::At<N>>;
}

#[diagnostic::do_not_recommend]
impl<K, T: TemplateContext, S> TemplateContext for HashMap<K, T, S> {
    type At<N: Depth> = MapOf<T::At<N>>;
}
