//! Templates that are looked at while the program is compiled.
//!
//! `reading` takes up a template with whatever it extends, includes and imports; `accesses` finds out what they ask for;
//! `links` which URLs they make; `expansion` is what of it stands in the program.

mod accesses;
mod expansion;
mod links;
mod reading;

pub(crate) use reading::{Template, read};
