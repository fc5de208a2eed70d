//! Functions of an application's own that a policy asks.

use std::pin::Pin;
use std::sync::Arc;

use crate::app::executor::use_executor;
use crate::app::request::Request;
use crate::error::{Error, Result};

/// What a function that was asked is to answer in the end.
type Answering<V> = Pin<Box<dyn Future<Output = Result<V>> + Send>>;

/// A function that can be asked.
pub(super) type Asked<Q, V> = Box<dyn Fn(Q, Request) -> Answering<V> + Send + Sync>;

/// A function that a policy asks, over a question and the [`Request`]: an `async fn`, or a plain one, which may block and so runs in
/// the executor. It answers with an `Option` or a `bool`, or a `Result` of these. `M` is found by the compiler.
#[diagnostic::on_unimplemented(
    message = "a security policy cannot ask this function",
    label = "not a function over a `{Q}` and the `Request`",
    note = "it is an `async fn(question: {Q}, request: Request)` or a plain `fn` of the same, which runs in the executor",
    note = "it returns an `Option` of a user or of groups, or a `bool`, where that is asked; or a `Result` of these"
)]
pub trait Lookup<Q, M> {
    /// What it answers.
    type Value;

    #[doc(hidden)]
    fn into_asked(self) -> Box<dyn Fn(Q, Request) -> Answering<Self::Value> + Send + Sync>;
}

/// What a function that is asked may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no answer for a security policy",
    label = "not an answer",
    note = "return an `Option` of a user or of groups, or a `bool`, where that is asked; or a `Result` of these"
)]
pub trait LookupAnswer {
    /// What it is in the end.
    type Value: Send + 'static;

    /// The answer.
    ///
    /// # Errors
    /// What the function failed with.
    fn into_answer(self) -> Result<Self::Value>;
}

impl<T: Send + 'static> LookupAnswer for Option<T> {
    type Value = Self;

    fn into_answer(self) -> Result<Self> {
        Ok(self)
    }
}

impl LookupAnswer for bool {
    type Value = Self;

    fn into_answer(self) -> Result<Self> {
        Ok(self)
    }
}

impl<A: LookupAnswer, E: Into<Error>> LookupAnswer for Result<A, E> {
    type Value = A::Value;

    fn into_answer(self) -> Result<A::Value> {
        self.map_err(Into::into)?.into_answer()
    }
}

/// Marks an `async fn`.
#[derive(Debug)]
pub struct AsCoroutine;

/// Marks a plain function.
#[derive(Debug)]
pub struct AsPlain;

impl<Q, F, T> Lookup<Q, (AsCoroutine, T)> for F
where
    F: Fn(Q, Request) -> T + Send + Sync + 'static,
    T: Future<Output: LookupAnswer> + Send + 'static,
{
    type Value = <T::Output as LookupAnswer>::Value;

    fn into_asked(self) -> Asked<Q, Self::Value> {
        Box::new(move |question, request| {
            let answer = self(question, request);
            Box::pin(async move { answer.await.into_answer() })
        })
    }
}

impl<Q, F, A> Lookup<Q, (AsPlain, A)> for F
where
    Q: Send + 'static,
    F: Fn(Q, Request) -> A + Send + Sync + 'static,
    A: LookupAnswer,
{
    type Value = A::Value;

    fn into_asked(self) -> Asked<Q, Self::Value> {
        let ask = Arc::new(self);
        Box::new(move |question, request| {
            let ask = Arc::clone(&ask);
            Box::pin(use_executor(move || ask(question, request).into_answer()))
        })
    }
}
