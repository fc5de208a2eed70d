//! Checks the arguments against the function: what comes out can be expanded without a further look.

mod around;
mod error;
mod mapper;
mod route;
mod traversal;
pub(super) mod websocket;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Ident, LitStr, Path, ReceiverKind, Type};

use self::around::{decorators, http_cache as http_cache_of, permission, require_csrf};
use self::error::kind;
use self::mapper::{finishes, mapper};
use self::route::{Placeholders, bind, route};
use self::traversal::{context, view_name};
use self::websocket::SocketOption;
use super::attr::{Arguments, Purpose};
use super::renderer::Renderer;
use crate::syntax::errors::Errors;
use crate::syntax::function::{Borrowed, Function, Nature, written};
use crate::syntax::names::{ends, of_trait};
use crate::syntax::predicate::{Owner, Requirements};

pub(super) use self::around::{Cache, Permission};
pub(super) use self::error::Kind;
pub(super) use self::route::is_plain_value;

/// A view that can be expanded.
#[derive(Debug)]
pub(crate) struct View {
    /// How the function is called, without its arguments: `home`, `Users::list`.
    pub(crate) call: TokenStream,
    pub(crate) name: String,
    /// The name of the function, whose place errors about the view as a whole point at.
    pub(crate) ident: Ident,
    pub(crate) route: Route,
    pub(crate) kind: Kind,
    /// Its name for traversal.
    pub(crate) named: Option<LitStr>,
    pub(crate) context: Option<Type>,
    pub(crate) requirements: Requirements,
    pub(crate) permission: Option<Permission>,
    pub(crate) require_csrf: Option<bool>,
    pub(crate) http_cache: Option<Cache>,
    pub(crate) decorators: Vec<Path>,
    pub(crate) mapper: Mapper,
    pub(crate) renderer: Option<Renderer>,
    /// Whether it returns what is written as a `Result`.
    pub(crate) fallible: bool,
    pub(crate) finish_on_disconnect: bool,
    pub(crate) nature: Nature,
    pub(crate) parameters: Vec<Bound>,
    /// Where its return type begins and ends.
    pub(crate) output: (Span, Span),
    /// What it returns, where that type can be named outside of it.
    pub(crate) returned: Option<TokenStream>,
    /// What is settled for its sockets.
    pub(crate) socket: Vec<SocketOption>,
    /// The fields of the struct that it is, each with whether a parameter fills it or an expression.
    pub(crate) fields: Option<Vec<Field>>,
}

/// A field of a struct that is a websocket.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: Ident,
    /// What fills it, where that is no parameter.
    pub(crate) value: Option<TokenStream>,
}

#[derive(Debug, Clone)]
pub(crate) enum Route {
    Inline(LitStr),
    Declared(Path),
    /// None: it is found by traversal.
    Traversal,
}

#[derive(Debug)]
pub(crate) enum Mapper {
    Default,
    Coroutine,
    Executor(Option<LitStr>),
    Inline,
    Own(Path),
    WebSocket,
}

/// A parameter with where its value comes from.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) ty: Type,
    pub(crate) source: Source,
}

#[derive(Debug)]
pub(crate) enum Source {
    /// `&Request`
    BorrowedRequest,
    /// `&T`, of the error that is answered.
    Error,
    /// The placeholder at this place in the pattern.
    Segment(usize),
    /// The final `*name`.
    Rest,
    /// The open socket.
    WebSocket,
    /// By its type.
    Extractor,
    /// A placeholder if the declared route has one of this name, else by its type.
    Named(Ident),
    /// The receiver of a method.
    Receiver(Receiver),
}

/// What makes the value that a method is called on.
#[derive(Debug)]
pub(crate) struct Receiver {
    /// `fn new(...)`, where the type has one; else its `Default`.
    pub(crate) new: Option<Constructor>,
    /// Whether the method takes `self` and not `&self`.
    pub(crate) owned: bool,
    /// The trait that its type must have.
    pub(crate) instance: TokenStream,
}

#[derive(Debug)]
pub(crate) struct Constructor {
    pub(crate) parameters: Vec<Bound>,
    pub(crate) asynchronous: bool,
    pub(crate) fallible: bool,
    /// Where its return type begins and ends.
    pub(crate) output: (Span, Span),
}

/// The `impl` block that a method stands in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block<'a> {
    pub(crate) ty: &'a Type,
    pub(crate) new: Option<&'a Function>,
}

/// Checks everything; gives a view unless a mistake was noted.
pub(crate) fn validate(
    purpose: Purpose,
    arguments: &Arguments,
    function: &Function,
    block: Option<Block<'_>>,
    errors: &mut Errors,
) -> Option<View> {
    check(purpose, arguments, function, Form::Function(block), errors)
}

/// The same for a struct that is a websocket, whose fields are bound as the parameters of `function` would be.
#[cfg(feature = "websocket")]
pub(crate) fn validate_struct(
    arguments: &Arguments,
    function: &Function,
    fields: Vec<Field>,
    errors: &mut Errors,
) -> Option<View> {
    let view = check(Purpose::WebSocket, arguments, function, Form::Struct, errors)?;
    Some(View { fields: Some(fields), ..view })
}

/// What a view is made of.
#[derive(Clone, Copy)]
enum Form<'a> {
    Function(Option<Block<'a>>),
    /// With the head of a function whose parameters are the fields.
    #[cfg_attr(not(feature = "websocket"), expect(dead_code, reason = "it is a websocket"))]
    Struct,
}

fn check(
    purpose: Purpose,
    arguments: &Arguments,
    function: &Function,
    form: Form<'_>,
    errors: &mut Errors,
) -> Option<View> {
    let before = errors.count();
    let (block, is_struct) = match form {
        Form::Function(block) => (block, false),
        Form::Struct => (None, true),
    };
    let is_websocket = purpose == Purpose::WebSocket || arguments.is_websocket();
    if is_websocket {
        function.refuse_unfit_as("websocket", "websocket", errors);
    } else {
        function.refuse_unfit(errors);
    }
    let parameters = function.parameters(purpose.is_of_errors(), errors);
    if is_websocket && !is_struct && !purpose.is_of_errors() {
        websocket::check_function(function, &parameters, errors);
    } else {
        websocket::refuse_sockets(purpose, is_struct, &parameters, errors);
    }
    let error = parameters.iter().find(|parameter| parameter.borrowed == Borrowed::Error);
    let kind = kind(purpose, arguments, error.map(|error| &error.ty), function, errors);
    let (route, placeholders) = route(arguments, errors);
    let mut parameters: Vec<_> =
        parameters.into_iter().map(|parameter| bind(parameter, &placeholders, errors)).collect();
    if let Some(receiver) = block.and_then(|block| receiver(block, function, &placeholders, errors)) {
        parameters.insert(0, receiver);
    }
    let mapper = match &arguments.mapper {
        _ if purpose == Purpose::WebSocket => Mapper::WebSocket,
        None => Mapper::Default,
        Some(argument) => mapper(purpose, argument, function, errors),
    };
    let socket = if is_websocket {
        websocket::options(purpose, arguments, function, errors)
    } else {
        websocket::refuse_options(arguments, errors);
        Vec::new()
    };
    let renderer = arguments.renderer.as_ref().filter(|_| !is_websocket);
    let renderer = renderer.and_then(|argument| Renderer::read(argument, errors));
    let pattern = if let Placeholders::Known(pattern) = &placeholders { Some(pattern) } else { None };
    let requirements = arguments.predicates.check(Owner::View, pattern, errors);
    let named = arguments.name.as_ref().and_then(|argument| view_name(argument, errors));
    let wanted = arguments.context.as_ref().filter(|_| !purpose.is_of_errors());
    let context = wanted.and_then(|argument| context(argument, errors));
    let permission = arguments.permission.as_ref().and_then(|argument| permission(argument, errors));
    let require_csrf = arguments.require_csrf.as_ref().and_then(|argument| require_csrf(argument, errors));
    let http_cache = arguments.http_cache.as_ref().filter(|_| !is_websocket);
    let http_cache = http_cache.and_then(|argument| http_cache_of(argument, errors));
    let decorators = arguments.decorator.as_ref().map(|argument| decorators(argument, errors));
    let finish_on_disconnect =
        arguments.on_disconnect.as_ref().is_some_and(|argument| finishes(argument, errors));
    let name = function.name();
    (errors.count() == before).then_some(View {
        call: call(block, function),
        name: block.map_or_else(|| name.to_string(), |Block { ty, .. }| format!("{}::{name}", written(ty))),
        ident: name.clone(),
        route: route?,
        kind: kind?,
        named,
        context,
        requirements,
        permission,
        require_csrf,
        http_cache,
        decorators: decorators.unwrap_or_default(),
        mapper,
        renderer,
        fallible: function.returns_result(),
        finish_on_disconnect,
        nature: function.nature(),
        parameters,
        output: function.output_ends(),
        returned: function.returned(block.map(|block| block.ty)),
        socket,
        fields: None,
    })
}

/// How the function is called.
fn call(block: Option<Block<'_>>, function: &Function) -> TokenStream {
    let name = function.name();
    let Some(Block { ty, .. }) = block else { return name.to_token_stream() };
    if function.signature.receiver().is_none() {
        return quote!(<#ty>::#name);
    }
    let value = of_trait(ty, &instance(function), "Value");
    quote_spanned!(ends(ty).0=> <#value>::#name)
}

/// What the type of a class must be for this method. The type is named by way of this trait: of a value that cannot be sent
/// there is then no type, and the compiler does not go on to say the same of whatever holds it.
fn instance(method: &Function) -> TokenStream {
    let owned =
        method.signature.receiver().is_some_and(|receiver| matches!(receiver.kind, ReceiverKind::Value));
    if owned || method.nature() == Nature::Plain { quote!(Instance) } else { quote!(LentInstance) }
}

/// The value that a method is called on, as its first parameter.
fn receiver(
    block: Block<'_>,
    method: &Function,
    placeholders: &Placeholders,
    errors: &mut Errors,
) -> Option<Bound> {
    let receiver = method.signature.receiver()?;
    let owned = match &receiver.kind {
        ReceiverKind::Value => true,
        ReceiverKind::Reference(_, _, None) => false,
        ReceiverKind::Reference(_, _, Some(mutability)) => {
            errors.push_with_help(
                mutability,
                "a view takes `&self` or `self`",
                "take `mut self`: the value is made for this request alone",
            );
            return None;
        }
        _ => {
            errors.push_with_help(receiver, "a view takes `&self` or `self`", "take `&self`");
            return None;
        }
    };
    if let Some(receiver) = block.new.and_then(|new| new.signature.receiver()) {
        errors.push_with_help(
            receiver,
            "`new` makes the value that the views are called on, so it cannot be given one",
            "`fn new() -> Self`",
        );
    }
    let new = block.new.map(|new| Constructor {
        parameters: new
            .parameters(false, errors)
            .into_iter()
            .map(|parameter| bind(parameter, placeholders, errors))
            .collect(),
        asynchronous: new.signature.asyncness.is_some(),
        fallible: new.returns_result(),
        output: new.output_ends(),
    });
    Some(Bound {
        ty: block.ty.clone(),
        source: Source::Receiver(Receiver { new, owned, instance: instance(method) }),
    })
}
