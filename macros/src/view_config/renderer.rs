//! `renderer = ...`: what makes a response of what the function returns.

use syn::{LitStr, Path};

use crate::syntax::arguments::{Argument, Value};
use crate::syntax::errors::Errors;
use crate::syntax::suggestion;
#[cfg(feature = "templates")]
use crate::syntax::template::{self, Template};

#[derive(Debug)]
pub(crate) enum Renderer {
    Json,
    Jsonp,
    Text,
    /// A value of the user's own.
    Own(Path),
    /// With the text that names it.
    #[cfg(feature = "templates")]
    Template(Template, LitStr),
    /// Whichever the client accepts.
    ByAccept(Vec<Renderer>),
}

/// The names of the renderers that are there without anybody's doing.
const RENDERERS: &[&str] = &["json", "jsonp", "string"];

/// As many as the framework can choose from.
const MOST: usize = 5;

impl Renderer {
    /// Reads the argument.
    pub(crate) fn read(argument: &Argument, errors: &mut Errors) -> Option<Self> {
        match &argument.value {
            Value::Text(text) => named(text, errors),
            Value::Texts(texts, _) if !texts.is_empty() => by_accept(argument, texts, errors),
            Value::Path(path) => match argument.value.word() {
                Some(word) if RENDERERS.contains(&word.as_str()) => {
                    errors.push_with_help(
                        path,
                        format_args!("`{word}` is a text here"),
                        format_args!("`renderer = \"{word}\"`"),
                    );
                    None
                }
                _ => Some(Self::Own(path.clone())),
            },
            other => {
                errors.push_with_help(
                    other,
                    "`renderer` is a text, a list of texts, or the path to a value",
                    "`renderer = \"json\"`",
                );
                None
            }
        }
    }

    /// What it makes, as far as that is known before it is made.
    pub(crate) fn media_type(&self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application", "json"),
            Self::Jsonp => ("application", "javascript"),
            Self::Text => ("text", "plain"),
            #[cfg(feature = "templates")]
            Self::Template(template, _) => template.media_type(),
            Self::Own(_) | Self::ByAccept(_) => ("*", "*"),
        }
    }

    /// The renderers that it consists of.
    #[cfg(feature = "templates")]
    pub(crate) fn each(&self) -> &[Self] {
        match self {
            Self::ByAccept(renderers) => renderers,
            one => std::slice::from_ref(one),
        }
    }
}

fn by_accept(argument: &Argument, texts: &[LitStr], errors: &mut Errors) -> Option<Renderer> {
    if texts.len() > MOST {
        errors.push_with_help(
            &argument.value,
            format_args!("a view has {MOST} renderers at most"),
            "give some of them to another view with the same route and the predicate `header`",
        );
        return None;
    }
    let mut renderers: Vec<Renderer> = Vec::with_capacity(texts.len());
    let mut sound = true;
    for text in texts {
        let Some(renderer) = named(text, errors) else {
            sound = false;
            continue;
        };
        let made = renderer.media_type();
        if renderers.iter().any(|earlier| earlier.media_type() == made) {
            errors.push_with_help(
                text,
                format_args!("two renderers make `{}/{}`, so that this one is never chosen", made.0, made.1),
                "remove one of them",
            );
            sound = false;
        }
        renderers.push(renderer);
    }
    if !sound {
        return None;
    }
    if renderers.len() == 1 { renderers.pop() } else { Some(Renderer::ByAccept(renderers)) }
}

fn named(text: &LitStr, errors: &mut Errors) -> Option<Renderer> {
    match text.value().as_str() {
        "json" => Some(Renderer::Json),
        "jsonp" => Some(Renderer::Jsonp),
        "string" => Some(Renderer::Text),
        #[cfg(feature = "templates")]
        path if path.contains('.') => match template::read(path, text.span()) {
            Ok(template) => Some(Renderer::Template(template, text.clone())),
            Err(faults) => {
                for (message, help) in faults {
                    errors.push_with_help(text, message, help);
                }
                None
            }
        },
        other => {
            let help = match suggestion::nearest(other, RENDERERS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "the renderers are {}, a template by its file, such as `templates/{other}.jinja2`, and values of your own by their paths, without quotes",
                    suggestion::list(RENDERERS.iter().copied())
                ),
            };
            errors.push_with_help(text, format_args!("there is no renderer `{other}`"), help);
            None
        }
    }
}
