//! An echo on tokio-tungstenite and a bare TCP listener.
//! `WS_READ_BUF` and `WS_WRITE_BUF` set its buffers in bytes; `WS_BATCH=1` flushes only when no further message is
//! ready instead of after each.

use contract::{env_flag, env_number};
use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

async fn each(mut ws: WebSocketStream<TcpStream>) {
    while let Some(Ok(message)) = ws.next().await {
        if (message.is_text() || message.is_binary()) && ws.send(message).await.is_err() {
            return;
        }
    }
}

async fn batched(mut ws: WebSocketStream<TcpStream>) {
    loop {
        let next = match ws.next().now_or_never() {
            Some(next) => next,
            None => {
                if ws.flush().await.is_err() {
                    return;
                }
                ws.next().await
            }
        };
        let Some(Ok(message)) = next else { return };
        if (message.is_text() || message.is_binary()) && ws.feed(message).await.is_err() {
            return;
        }
    }
}

fn main() {
    let settings = contract::settings();
    let mut config = WebSocketConfig::default();
    if let Some(size) = env_number("WS_READ_BUF") {
        config.read_buffer_size = size;
    }
    if let Some(size) = env_number("WS_WRITE_BUF") {
        config.write_buffer_size = size;
    }
    let batch = env_flag("WS_BATCH");
    contract::rt::run(settings.addr, settings.workers, move |listener| async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            tokio::spawn(async move {
                if let Ok(ws) = tokio_tungstenite::accept_async_with_config(stream, Some(config)).await {
                    if batch { batched(ws).await } else { each(ws).await }
                }
            });
        }
    });
}
