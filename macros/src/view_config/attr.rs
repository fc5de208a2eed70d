//! What stands in `#[view_config(...)]`.

use proc_macro2::{TokenStream, TokenTree};

use super::validate::websocket;
use crate::syntax::arguments::{self, Argument};
use crate::syntax::errors::Errors;
use crate::syntax::predicate::{Owner, Predicates};
use crate::syntax::suggestion;

/// What a view is for, which the name of its attribute says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `#[view_config]`: requests.
    Requests,
    /// `#[notfound_view_config]`: requests for which there is nothing.
    NotFound,
    /// `#[forbidden_view_config]`: requests that are not permitted.
    Forbidden,
    /// `#[exception_view_config]`: requests that ended in an error.
    Exception,
    /// `#[websocket]`: handshakes.
    WebSocket,
}

impl Purpose {
    /// The attribute.
    pub(crate) const fn attribute(self) -> &'static str {
        match self {
            Self::Requests => "view_config",
            Self::NotFound => "notfound_view_config",
            Self::Forbidden => "forbidden_view_config",
            Self::Exception => "exception_view_config",
            Self::WebSocket => "websocket",
        }
    }

    /// Whether it answers what went wrong.
    pub(crate) const fn is_of_errors(self) -> bool {
        matches!(self, Self::NotFound | Self::Forbidden | Self::Exception)
    }

    /// That of the attribute with this path.
    pub(crate) fn of(path: &syn::Path) -> Option<Self> {
        let last = &path.segments.last()?.ident;
        [Self::Requests, Self::NotFound, Self::Forbidden, Self::Exception, Self::WebSocket]
            .into_iter()
            .find(|purpose| last == purpose.attribute())
    }

    /// The arguments besides predicates.
    const fn own(self) -> &'static [&'static str] {
        match self {
            Self::Requests => &[
                "route",
                "name",
                "context",
                "mapper",
                "renderer",
                "permission",
                "require_csrf",
                "http_cache",
                "decorator",
                "on_disconnect",
            ],
            Self::NotFound => &[
                "route",
                "append_slash",
                "mapper",
                "renderer",
                "require_csrf",
                "http_cache",
                "decorator",
                "on_disconnect",
            ],
            Self::Forbidden => {
                &["route", "mapper", "renderer", "require_csrf", "http_cache", "decorator", "on_disconnect"]
            }
            Self::Exception => &[
                "route",
                "context",
                "mapper",
                "renderer",
                "require_csrf",
                "http_cache",
                "decorator",
                "on_disconnect",
            ],
            Self::WebSocket => &["route", "name", "context", "permission", "decorator", "on_disconnect"],
        }
    }

    /// What to say of an argument that there is not, where a list of those that there are, or the nearest, would not help.
    fn instead(self, key: &str) -> Option<&'static str> {
        match (self, key) {
            (_, "wrapper") => Some("what stands around a view is a function: `decorator = path`"),
            (Self::NotFound | Self::Forbidden, "context") => {
                Some("such a view is given the error as a parameter: `error: &HttpException`")
            }
            (Self::NotFound | Self::Forbidden | Self::Exception, "permission") => {
                Some("remove it: whoever got an error may see it")
            }
            (Self::NotFound | Self::Forbidden | Self::Exception, "name") => {
                Some("remove it: no path leads to such a view")
            }
            (Self::WebSocket, "mapper") => Some("remove it: what the attribute says is the mapper"),
            (Self::WebSocket, key) => websocket::refused(key),
            _ => None,
        }
    }
}

/// The arguments as they were written, keys known and each there once.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) route: Option<Argument>,
    pub(crate) name: Option<Argument>,
    pub(crate) context: Option<Argument>,
    pub(crate) append_slash: Option<Argument>,
    pub(crate) mapper: Option<Argument>,
    pub(crate) renderer: Option<Argument>,
    pub(crate) permission: Option<Argument>,
    pub(crate) require_csrf: Option<Argument>,
    pub(crate) http_cache: Option<Argument>,
    pub(crate) decorator: Option<Argument>,
    pub(crate) on_disconnect: Option<Argument>,
    pub(crate) predicates: Predicates,
    /// What only a websocket has.
    pub(crate) socket: Vec<Argument>,
    /// Whether a route was meant to be there, however it is written.
    pub(crate) route_meant: bool,
}

impl Arguments {
    pub(crate) fn read(purpose: Purpose, attribute: TokenStream, errors: &mut Errors) -> Self {
        let mut read = Self { route_meant: mentions_route(attribute.clone()), ..Self::default() };
        let mut written = arguments::read(attribute, errors);
        written.retain(|argument| {
            let instead = purpose.instead(&argument.key.to_string());
            if let Some(help) = instead {
                errors.push_with_help(
                    &argument.key,
                    format_args!("`#[{}]` has no argument `{}`", purpose.attribute(), argument.key),
                    help,
                );
            }
            instead.is_none()
        });
        let is_websocket = purpose == Purpose::WebSocket
            || written
                .iter()
                .any(|argument| argument.key == "mapper" && websocket::is_mapper(&argument.value));
        let mut known = purpose.own().to_vec();
        if is_websocket {
            known.extend(websocket::OPTIONS);
        }
        known.extend(Owner::View.known());
        known.push("not");
        // Elsewhere they are no unknown words: what they are for is said when the mapper is known.
        let (options, written): (Vec<_>, Vec<_>) = written.into_iter().partition(|argument| {
            purpose == Purpose::Requests && websocket::OPTIONS.iter().any(|option| argument.key == option)
        });
        read.socket = arguments::known(options, websocket::OPTIONS, errors);
        for argument in arguments::known(written, &known, errors) {
            let place = match argument.key.to_string().as_str() {
                "route" => &mut read.route,
                "name" => &mut read.name,
                "context" => &mut read.context,
                "append_slash" => &mut read.append_slash,
                "mapper" => &mut read.mapper,
                "renderer" => &mut read.renderer,
                "permission" => &mut read.permission,
                "require_csrf" => &mut read.require_csrf,
                "http_cache" => &mut read.http_cache,
                "decorator" => &mut read.decorator,
                "on_disconnect" => &mut read.on_disconnect,
                "not" => {
                    read.predicates.add_negated(argument, Owner::View, errors);
                    continue;
                }
                key if websocket::OPTIONS.contains(&key) => {
                    read.socket.push(argument);
                    continue;
                }
                _ => {
                    read.predicates.add(argument, errors);
                    continue;
                }
            };
            *place = Some(argument);
        }
        read
    }

    /// Takes from `defaults` what is not said here, argument by argument. What only a view for requests has is no default of
    /// one for errors.
    pub(crate) fn with_defaults(mut self, purpose: Purpose, mut defaults: Self) -> Self {
        self.route = self.route.or(defaults.route);
        if purpose == Purpose::WebSocket || self.is_websocket() {
            // What it cannot have is meant for the other views.
            defaults.predicates.remove("request_method");
        } else {
            self.mapper = self.mapper.or(defaults.mapper);
            self.renderer = self.renderer.or(defaults.renderer);
            self.http_cache = self.http_cache.or(defaults.http_cache);
        }
        self.decorator = self.decorator.or(defaults.decorator);
        self.on_disconnect = self.on_disconnect.or(defaults.on_disconnect);
        if !purpose.is_of_errors() {
            self.name = self.name.or(defaults.name);
            self.context = self.context.or(defaults.context);
            self.permission = self.permission.or(defaults.permission);
            if !self.is_websocket() && purpose != Purpose::WebSocket {
                self.require_csrf = self.require_csrf.or(defaults.require_csrf);
            }
        }
        self.route_meant |= defaults.route_meant;
        self.predicates.fill(defaults.predicates);
        self
    }

    /// Whether the mapper is that of websockets.
    pub(crate) fn is_websocket(&self) -> bool {
        self.mapper.as_ref().is_some_and(|argument| websocket::is_mapper(&argument.value))
    }
}

/// Whether `route` stands somewhere, or nearly, or a text that looks like a pattern without a name.
fn mentions_route(attribute: TokenStream) -> bool {
    attribute.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "route" || suggestion::is_near(&word.to_string(), "route"),
        TokenTree::Literal(text) => text.to_string().starts_with("\"/"),
        TokenTree::Group(group) => mentions_route(group.stream()),
        TokenTree::Punct(_) => false,
    })
}
