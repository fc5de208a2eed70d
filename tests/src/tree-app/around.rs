//! Tweens of both kinds, subscribers and callbacks. Each leaves its mark in the order in which it was passed.

use std::sync::{Arc, Mutex};

use aiopyramid::event::{ContextFound, NewRequest, NewResponse};
use aiopyramid::prelude::*;

/// The marks of one request.
#[derive(Clone, Default)]
struct Marks(Arc<Mutex<Vec<String>>>);

fn mark(request: &Request, text: &str) {
    let marks = request.extension::<Marks>().unwrap_or_else(|| {
        let marks = Marks::default();
        request.set_extension(marks.clone());
        marks
    });
    marks.0.lock().unwrap().push(text.to_owned());
}

#[tween(over = s3)]
async fn a2(request: Request, next: Next) -> Result<Response> {
    mark(&request, "A2");
    let response = next.run(request.clone()).await?;
    mark(&request, "/A2");
    Ok(response)
}

#[tween(over = a2)]
fn s1(request: Request, next: BlockingNext) -> Result<Response> {
    mark(&request, "S1");
    let mut response = next.run(request.clone())?;
    mark(&request, "/S1");
    response = response.with_header("x-outermost", "s1")?;
    Ok(response)
}

#[tween(over = a4)]
fn s3(request: Request, next: BlockingNext) -> Result<Response> {
    mark(&request, "S3");
    let response = next.run(request.clone())?;
    mark(&request, "/S3");
    Ok(response)
}

#[tween(over = EXCVIEW)]
async fn a4(request: Request, next: Next) -> Result<Response> {
    mark(&request, "A4");
    let response = next.run(request.clone()).await?;
    mark(&request, "/A4");
    Ok(response)
}

#[subscriber]
async fn begins(event: &NewRequest) {
    mark(&event.request, "new");
}

#[subscriber]
fn found(event: &ContextFound) {
    mark(&event.request, "found");
}

#[subscriber]
fn ends(event: &NewResponse) {
    let marks = event.request.extension::<Marks>().unwrap_or_default();
    let marks = marks.0.lock().unwrap().join(" ");
    event.with_response(|response| {
        if let Ok(marks) = marks.parse() {
            response.headers_mut().insert("x-marks", marks);
        }
    });
}

#[view_config(route = "/called-back")]
async fn called_back(request: &Request) -> &'static str {
    request.add_response_callback(|request, response| {
        mark(request, "callback");
        response.headers_mut().insert("x-callback", aiopyramid::HeaderValue::from_static("was here"));
        Ok(())
    });
    request.add_finished_callback(|request| tracing_line(request.path()));
    "called back"
}

/// Something that the log of the process shows.
fn tracing_line(path: &str) {
    eprintln!("finished {path}");
}

#[subscriber]
async fn made(event: &aiopyramid::ApplicationCreated) {
    tokio::task::yield_now().await;
    eprintln!("made with {} tweens", event.app.application().tweens().iter().len());
}
