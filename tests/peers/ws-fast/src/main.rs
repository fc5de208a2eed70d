//! An echo on fastwebsockets behind a hyper upgrade.
//! `WS_UNWRAP=1` takes the TCP stream back out of hyper's upgraded box, which saves a virtual call per read and write.

use bytes::Bytes;
use fastwebsockets::{FragmentCollector, OpCode, Role, WebSocket, upgrade};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

async fn echo<S: AsyncRead + AsyncWrite + Unpin>(ws: WebSocket<S>) {
    let mut ws = FragmentCollector::new(ws);
    while let Ok(frame) = ws.read_frame().await {
        let echoed = match frame.opcode {
            OpCode::Close => return,
            OpCode::Text | OpCode::Binary => ws.write_frame(frame).await,
            _ => Ok(()),
        };
        if echoed.is_err() {
            return;
        }
    }
}

async fn handle(
    mut req: Request<Incoming>,
) -> Result<Response<Empty<Bytes>>, fastwebsockets::WebSocketError> {
    let unwrap = contract::env_flag("WS_UNWRAP");
    if unwrap {
        let on_upgrade = hyper::upgrade::on(&mut req);
        let (response, _) = upgrade::upgrade(&mut req)?;
        tokio::spawn(async move {
            let Ok(upgraded) = on_upgrade.await else { return };
            let Ok(parts) = upgraded.downcast::<TokioIo<TcpStream>>() else { return };
            echo(WebSocket::after_handshake(parts.io.into_inner(), Role::Server)).await;
        });
        return Ok(response);
    }
    let (response, upgraded) = upgrade::upgrade(&mut req)?;
    tokio::spawn(async move {
        if let Ok(ws) = upgraded.await {
            echo(ws).await;
        }
    });
    Ok(response)
}

fn main() {
    let settings = contract::settings();
    contract::rt::run(settings.addr, settings.workers, |listener| async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let connection = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service_fn(handle))
                .with_upgrades();
            tokio::spawn(async move {
                let _ = connection.await;
            });
        }
    });
}
