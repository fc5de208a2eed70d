//! Rendering with `MiniJinja`: a value of the view's, and besides it what every template finds.
//!
//! `engine` renders; `system` are the names that are always there, of which `request` and `context` have files of their own;
//! `urls` and `csrf_token` the functions; `rendering` is how a view renders something itself.

mod context;
mod csrf_token;
mod engine;
mod rendering;
mod request;
mod system;
mod urls;

pub(crate) use engine::{TemplateRenderer, Templates};
