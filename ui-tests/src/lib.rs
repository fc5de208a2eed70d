//! What the compiler says about mistakes in annotations, and what it must accept.
//!
//! A folder for each macro: `fail` has one file for each mistake, named for it, beside what the compiler says about it;
//! `pass` has one file for each promise of the macro's documentation. `cargo test -p aiopyramid-ui-tests` compiles them all.
//!
//! After a message was changed on purpose, `TRYBUILD=overwrite cargo test -p aiopyramid-ui-tests` writes it down anew. Read
//! what it wrote as somebody would who has never seen this source: one error for one mistake, at the token that is wrong, with
//! a line that can be pasted.
