//! Views of which the compiler makes no closure: a function, how its arguments are taken from the path, and what makes the
//! response.

use super::callable::{Blocking, Callable, Job, View};
use crate::app::request::Request;
use crate::app::response::Response;
use crate::error::Result;

/// A function with how its arguments are taken and its answer is made, of which a view can be made without a closure.
pub trait Direct: Sync {
    /// Makes the view.
    fn callable(&self) -> Callable;
}

/// An `async fn`: the function, its arguments, and what makes the response of what it returns. The last is a pointer, because
/// of a bound on it the compiler would complain again where the return type is no answer.
#[derive(Debug)]
pub struct Awaited<F, P, R>(pub F, pub P, pub fn(R) -> Result<Response>);

/// A plain `fn`, likewise.
#[derive(Debug)]
pub struct Called<F, P, R>(pub F, pub P, pub fn(R) -> Result<Response>);

/// An argument that is taken from the path.
pub trait FromPath: Copy + Send + Sync + 'static {
    /// Its type.
    type Value;

    /// Takes it.
    ///
    /// # Errors
    /// Where the text is no such value.
    fn take(self, request: &Request) -> Result<Self::Value>;
}

/// The value of the placeholder at a place. The function is that of the trait, so that the compiler blames the parameter's
/// type where it does not have it.
#[derive(Debug)]
pub struct Segment<T>(pub fn(&Request, usize) -> Result<T>, pub usize);

/// The value of the final `*name`.
#[derive(Debug)]
pub struct Rest<T>(pub fn(&Request) -> Result<T>);

impl<T> Clone for Segment<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Segment<T> {}

impl<T> Clone for Rest<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Rest<T> {}

impl<T: 'static> FromPath for Segment<T> {
    type Value = T;

    fn take(self, request: &Request) -> Result<T> {
        (self.0)(request, self.1)
    }
}

impl<T: 'static> FromPath for Rest<T> {
    type Value = T;

    fn take(self, request: &Request) -> Result<T> {
        (self.0)(request)
    }
}

macro_rules! direct {
    ($($parameter:ident)*) => {
        impl<F, T, R, $($parameter: FromPath,)*> Direct for Awaited<F, ($($parameter,)*), R>
        where
            F: Fn($($parameter::Value),*) -> T + Copy + Send + Sync + 'static,
            T: Future<Output = R> + Send + 'static,
            R: 'static,
        {
            #[allow(non_snake_case, reason = "one name for the type and the value")]
            fn callable(&self) -> Callable {
                let Self(function, ($($parameter,)*), answer) = *self;
                // A statement of its own: no argument is then held over the await.
                #[allow(unused_variables, reason = "nothing is taken without parameters")]
                let call = move |request: &Request| -> Result<T> { Ok(function($($parameter.take(request)?),*)) };
                Callable::Coroutine(View::new(move |request| {
                    Box::pin(async move {
                        // The request is kept to the end, also where nothing is taken from it.
                        let called = call(&request)?;
                        answer(called.await)
                    })
                }))
            }
        }

        impl<F, R, $($parameter: FromPath,)*> Direct for Called<F, ($($parameter,)*), R>
        where
            F: Fn($($parameter::Value),*) -> R + Copy + Send + Sync + 'static,
            R: 'static,
            $($parameter::Value: Send + 'static,)*
        {
            #[allow(non_snake_case, unused_variables, reason = "one name for the type and the value; nothing is used without parameters")]
            fn callable(&self) -> Callable {
                let Self(function, ($($parameter,)*), answer) = *self;
                Callable::Blocking(Blocking::new(move |request| {
                    Box::pin(async move {
                        $(let $parameter = $parameter.take(&request)?;)*
                        Ok(Box::new(move || answer(function($($parameter),*))) as Job)
                    })
                }))
            }
        }
    };
}

direct!();
direct!(A1);
direct!(A1 A2);
direct!(A1 A2 A3);
direct!(A1 A2 A3 A4);
