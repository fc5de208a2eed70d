//! What makes a response of what a view returns.

use super::Renderer;
use crate::syntax::arguments::{Argument, Value};
use crate::syntax::errors::Errors;
use crate::syntax::suggestion;
#[cfg(feature = "templates")]
use crate::view_config::template;

pub(super) fn renderer(argument: &Argument, errors: &mut Errors) -> Option<Renderer> {
    const RENDERERS: &[&str] = &["json", "string"];
    let Value::Text(text) = &argument.value else {
        errors.push_with_help(&argument.value, "`renderer` is a text", "`renderer = \"json\"`");
        return None;
    };
    match text.value().as_str() {
        "json" => Some(Renderer::Json),
        "string" => Some(Renderer::Text),
        #[cfg(feature = "templates")]
        path if path.contains('.') => match template::read(path, text.span()) {
            Ok(template) => Some(Renderer::Template(template)),
            Err((message, help)) => {
                errors.push_with_help(text, message, help);
                None
            }
        },
        other => {
            let help = match suggestion::nearest(other, RENDERERS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "the renderers are {}, and a template by its file, such as `templates/{other}.jinja2`",
                    suggestion::list(RENDERERS.iter().copied())
                ),
            };
            errors.push_with_help(text, format_args!("there is no renderer `{other}`"), help);
            None
        }
    }
}
