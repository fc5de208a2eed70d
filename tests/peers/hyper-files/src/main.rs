//! hyper with tower-http's `ServeDir` and nothing around it: the folder that `FILES` names, below `/files/`, and no other
//! scenario. A package of its own, since a body of another type would cost `hyper-raw` a part of what it is the measure of.

use hyper::body::Incoming;
use hyper::http::uri::PathAndQuery;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use tower_http::services::ServeDir;

/// The request as it is below `/files`; any other path stays, and is not found in the folder.
fn below_files(mut request: Request<Incoming>) -> Request<Incoming> {
    let below = request.uri().path_and_query().and_then(|path| path.as_str().strip_prefix("/files"));
    if let Some(below) = below.and_then(|below| below.parse::<PathAndQuery>().ok()) {
        *request.uri_mut() = Uri::from(below);
    }
    request
}

fn main() {
    let settings = contract::settings();
    let files = ServeDir::new(contract::files().expect("FILES must be set"));
    contract::rt::run(settings.addr, settings.workers, move |listener| {
        let files = files.clone();
        async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                let files = files.clone();
                let service = service_fn(move |request| files.clone().try_call(below_files(request)));
                let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(async move {
                    let _ = connection.await;
                });
            }
        }
    });
}
