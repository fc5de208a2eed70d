//! A struct whose methods are called with what happens on a socket.

use super::{CloseFrame, FromMessage, Message, WebSocket};
use crate::error::Result;

/// What happens on one socket, as methods. [`macro@websocket`](macro@crate::websocket) makes a view of a struct that implements
/// it, whose fields are filled from the handshake.
///
/// ```
/// use aiopyramid::prelude::*;
///
/// #[websocket(route = "/echo/{name}")]
/// struct Echo { name: String }
///
/// impl WebSocketView for Echo {
///     async fn on_message(&mut self, ws: &mut WebSocket, message: Message) -> Result<()> {
///         ws.send(message).await
///     }
/// }
/// ```
///
/// The type of the messages can be another than [`Message`], [`Json`](crate::Json) for instance:
/// `impl WebSocketView<Json<Command>> for Echo`.
///
/// A method that may block is a plain `fn` in an `impl` block that bears `#[websocket]`: then it runs in the executor, and uses
/// [`blocking_send`](WebSocket::blocking_send). A method is called when the one before has ended, whatever kind they are.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what happens on its socket",
    label = "needs `impl WebSocketView for {Self}`",
    note = "write `impl WebSocketView for {Self} {{ async fn on_message(&mut self, ws: &mut WebSocket, message: Message) -> Result<()> {{ .. }} }}`"
)]
pub trait WebSocketView<M: FromMessage = Message>: Sized + Send + 'static {
    /// The socket is open.
    fn on_open(&mut self, ws: &mut WebSocket) -> impl Callback {
        let _ = ws;
        async { Ok(()) }
    }

    /// A message has come.
    fn on_message(&mut self, ws: &mut WebSocket, message: M) -> impl Callback;

    /// The socket is closed: by the client with this frame, or without a word, or by [`close`](WebSocket::close). Called once,
    /// also after another method has failed.
    fn on_close(&mut self, close: Option<CloseFrame>) -> impl Future<Output = ()> + Send {
        let _ = close;
        async {}
    }

    /// The methods that are plain functions, which `#[websocket]` on the `impl` block fills in.
    #[doc(hidden)]
    const PLAIN: PlainCallbacks<Self, M> = PlainCallbacks::NONE;
}

/// What a method of a [`WebSocketView`] returns: a future of a `Result<()>`, as every `async fn` does.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a method of a `WebSocketView` returns",
    label = "not a future of `Result<()>`",
    note = "make it an `async fn` that returns `aiopyramid::Result<()>`",
    note = "for one that may block: write `#[websocket]` above the `impl` block, and it runs in the executor"
)]
pub trait Callback: Future<Output = Result<()>> + Send {}

#[diagnostic::do_not_recommend]
impl<F: Future<Output = Result<()>> + Send> Callback for F {}

type PlainOpen<V> = fn(&mut V, &mut WebSocket) -> Result<()>;
type PlainMessage<V, M> = fn(&mut V, &mut WebSocket, M) -> Result<()>;
type PlainClose<V> = fn(&mut V, Option<CloseFrame>);

/// The methods of a view that are plain functions, and run in the executor.
#[doc(hidden)]
#[derive(Debug)]
pub struct PlainCallbacks<V, M> {
    /// `on_open`
    pub on_open: Option<PlainOpen<V>>,
    /// `on_message`
    pub on_message: Option<PlainMessage<V, M>>,
    /// `on_close`
    pub on_close: Option<PlainClose<V>>,
}

impl<V, M> PlainCallbacks<V, M> {
    /// All are coroutines.
    pub const NONE: Self = Self { on_open: None, on_message: None, on_close: None };
}

/// Calls the methods of `view` with what happens on the socket, until it closes.
pub(crate) async fn run<V: WebSocketView<M>, M: FromMessage>(view: V, mut ws: WebSocket) -> Result<()> {
    let mut view = Running { view: Some(view), messages: std::marker::PhantomData };
    let result = view.converse(&mut ws).await;
    let close = ws.close_frame();
    match V::PLAIN.on_close {
        None => view.at_rest().on_close(close).await,
        Some(on_close) => {
            view.in_executor(&ws, move |view, _| {
                on_close(view, close);
                Ok(())
            })
            .await?;
        }
    }
    result
}

/// A view between two calls; `None` while a thread of the executor has it, and for good where that panicked.
struct Running<V, M> {
    view: Option<V>,
    messages: std::marker::PhantomData<fn(M)>,
}

impl<V: WebSocketView<M>, M: FromMessage> Running<V, M> {
    async fn converse(&mut self, ws: &mut WebSocket) -> Result<()> {
        match V::PLAIN.on_open {
            None => self.at_rest().on_open(ws).await?,
            Some(on_open) => self.in_executor(ws, on_open).await?,
        }
        while let Some(message) = ws.recv_as::<M>().await? {
            match V::PLAIN.on_message {
                None => self.at_rest().on_message(ws, message).await?,
                Some(on_message) => {
                    self.in_executor(ws, move |view, ws| on_message(view, ws, message)).await?;
                }
            }
        }
        Ok(())
    }

    fn at_rest(&mut self) -> &mut V {
        self.view.as_mut().expect("a thread gives it back, or its panic ends the socket")
    }

    async fn in_executor(
        &mut self,
        ws: &WebSocket,
        call: impl FnOnce(&mut V, &mut WebSocket) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let Some(mut view) = self.view.take() else { return Ok(()) };
        let mut ws = ws.again();
        let (view, result) = crate::app::executor::use_executor(move || {
            let result = call(&mut view, &mut ws);
            (view, result)
        })
        .await;
        self.view = Some(view);
        result
    }
}
