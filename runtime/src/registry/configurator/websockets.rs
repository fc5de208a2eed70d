//! Websockets that are added by a call.

use std::any::type_name;

use super::{Configurator, ViewDirective};
use crate::app::application::websockets::serve;
use crate::app::request::Request;
use crate::app::view::{Callable, View};
use crate::app::websocket::{IntoOutcome, WebSocket, WebSocketOptions};
use crate::registry::declaration::MapperDeclaration;
use crate::registry::directive::AddedView;
use crate::registry::mapping::Mapper;

impl Configurator {
    /// Adds a function, or a closure, as a websocket without a macro: it is given the open socket, and when its future ends the
    /// socket is closed. What takes more from the handshake is annotated with [`macro@websocket`](macro@crate::websocket).
    ///
    /// What the returned value is told narrows it down as it does a [view](Self::add_view): one without a
    /// [route](ViewDirective::route) is found by traversal.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// async fn echo(mut ws: WebSocket) -> Result<()> {
    ///     while let Some(message) = ws.recv().await? {
    ///         ws.send(message).await?;
    ///     }
    ///     Ok(())
    /// }
    ///
    /// let mut config = Configurator::new();
    /// config.add_route("echo", "/echo");
    /// config.add_websocket(echo).route("echo").permission("talk");
    /// # config.make_app()?;
    /// # Ok::<(), aiopyramid::Error>(())
    /// ```
    #[track_caller]
    pub fn add_websocket<F, T>(&mut self, function: F) -> ViewDirective<'_>
    where
        F: Fn(WebSocket) -> T + Clone + Send + Sync + 'static,
        T: Future<Output: IntoOutcome> + Send + 'static,
    {
        static DEFAULTS: WebSocketOptions = WebSocketOptions::new();
        self.add_websocket_with(&DEFAULTS, function)
    }

    /// As [`add_websocket`](Self::add_websocket), with what is settled for its sockets.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use aiopyramid::prelude::*;
    /// use aiopyramid::websocket::WebSocketOptions;
    ///
    /// static PATIENT: WebSocketOptions = WebSocketOptions::new().heartbeat(Duration::from_secs(120));
    ///
    /// let mut config = Configurator::new();
    /// config.add_route("clock", "/clock");
    /// config.add_websocket_with(&PATIENT, async |mut ws: WebSocket| ws.send("tick").await).route("clock");
    /// # config.make_app()?;
    /// # Ok::<(), aiopyramid::Error>(())
    /// ```
    #[track_caller]
    pub fn add_websocket_with<F, T>(
        &mut self,
        options: &'static WebSocketOptions,
        function: F,
    ) -> ViewDirective<'_>
    where
        F: Fn(WebSocket) -> T + Clone + Send + Sync + 'static,
        T: Future<Output: IntoOutcome> + Send + 'static,
    {
        let view = View::new(move |request: Request| {
            let function = function.clone();
            let answer =
                serve(&request, options, |socket| async move { function(socket).await.into_outcome() });
            Box::pin(std::future::ready(answer))
        });
        self.say_view(AddedView {
            mapper: Mapper::Declared(MapperDeclaration::WebSocket),
            ..AddedView::new(type_name::<F>(), Callable::Coroutine(view))
        })
    }
}
