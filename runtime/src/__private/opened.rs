//! What an expansion asks of a struct that is a websocket.

use crate::app::application::websockets::serve_view;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::websocket::{FromMessage, WebSocketOptions, WebSocketView};
use crate::error::Result;

/// A struct whose methods are called with what happens on its socket. What is missing is said in the words of this trait,
/// because of a function over [`WebSocketView`] the compiler would explain the function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what happens on its socket",
    label = "needs `impl WebSocketView for {Self}`",
    note = "write `impl WebSocketView for {Self} {{ async fn on_message(&mut self, ws: &mut WebSocket, message: Message) -> Result<()> {{ .. }} }}`"
)]
pub trait Opened<M> {
    /// Answers the handshake.
    ///
    /// # Errors
    /// What is wrong with it.
    fn open(self, request: &Request, options: &'static WebSocketOptions) -> Result<Response>;
}

#[diagnostic::do_not_recommend]
impl<V: WebSocketView<M>, M: FromMessage> Opened<M> for V {
    fn open(self, request: &Request, options: &'static WebSocketOptions) -> Result<Response> {
        serve_view(request, options, self)
    }
}
