//! The codec as a whole.

mod rules;
