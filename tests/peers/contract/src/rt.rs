//! Runtimes and listeners for the peers that bring none of their own.

use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// A listener that several threads can each open on the same port; the kernel spreads connections over them. On Linux
/// the accepted sockets inherit `TCP_NODELAY`, so that also the frameworks without a setting for it have it.
///
/// # Panics
///
/// Where the address cannot be listened on.
#[must_use]
pub fn reuseport(addr: SocketAddr) -> TcpListener {
    let open = || -> io::Result<TcpListener> {
        let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_reuse_address(true)?;
        socket.set_reuse_port(true)?;
        socket.set_tcp_nodelay(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&addr.into())?;
        socket.listen(4096)?;
        TcpListener::from_std(socket.into())
    };
    open().unwrap_or_else(|error| panic!("cannot listen on {addr}: {error}"))
}

/// Runs `serve` as `MODEL` asks: `mt` is one multi-thread runtime with `workers` threads; anything else is `workers`
/// threads, each with a current-thread runtime and a listener of its own.
///
/// # Panics
///
/// Where a runtime cannot be built, the address cannot be listened on, or `serve` panics.
pub fn run<F, Fut>(addr: SocketAddr, workers: usize, serve: F)
where
    F: Fn(TcpListener) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    if std::env::var("MODEL").is_ok_and(|model| model == "mt") {
        let runtime =
            Builder::new_multi_thread().worker_threads(workers).enable_all().build().expect("runtime");
        // Spawned, so that the accept loop runs on a worker and not on the thread that waits in block_on.
        runtime.block_on(
            async move { tokio::spawn(async move { serve(reuseport(addr)).await }).await.unwrap() },
        );
        return;
    }
    let serve = Arc::new(serve);
    let worker = move || {
        let runtime = Builder::new_current_thread().enable_all().build().expect("runtime");
        runtime.block_on(async { serve(reuseport(addr)).await });
    };
    let threads: Vec<_> = (1..workers).map(|_| std::thread::spawn(worker.clone())).collect();
    worker();
    for thread in threads {
        thread.join().unwrap();
    }
}
