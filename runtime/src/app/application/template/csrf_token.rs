//! The token that a form brings back: `<input type="hidden" name="csrf_token" value="{{ get_csrf_token() }}">`.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use minijinja::value::{Object, ObjectRepr};
use minijinja::{Environment, Error, ErrorKind, State, Value};

use super::system::request_of;
use crate::app::request::Request;

/// The name, as the check while the program is compiled has it.
pub(super) const NAME: &str = "get_csrf_token";

/// Makes the function known to every template.
pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_global(NAME, Value::from_object(TokenFunction));
}

#[derive(Debug)]
struct TokenFunction;

impl Object for TokenFunction {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, arguments: &[Value]) -> Result<Value, Error> {
        of(&request_of(state)?, arguments)
    }
}

/// The token of a request. Rendering waits for nothing, so the session has to be there: a signed cookie always is, and any other was
/// looked for before the view, whose template is known to ask.
pub(super) fn of(request: &Request, arguments: &[Value]) -> Result<Value, Error> {
    let wrong = |message: String| Error::new(ErrorKind::InvalidOperation, message);
    if !arguments.is_empty() {
        return Err(wrong("get_csrf_token takes nothing".to_owned()));
    }
    match pin!(request.get_csrf_token()).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(token)) => Ok(token.into()),
        Poll::Ready(Err(error)) => Err(wrong(format!("there is no CSRF token: {error}"))),
        Poll::Pending => Err(wrong(
            "the session was not looked for yet: await `request.session()` before rendering".to_owned(),
        )),
    }
}
