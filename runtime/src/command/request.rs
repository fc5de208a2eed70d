//! `request`: a request without a server, as Pyramid's `prequest` sends it.

use std::future::poll_fn;
use std::io::{self, IsTerminal, Read, Write};
use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use http_body::Body as _;
use serde_json::json;

use super::arguments::{Arguments, Choice};
use crate::app::router::App;
use crate::error::{Error, Result};
use crate::protocol::body::Body;
use crate::protocol::connection_info::ConnectionInfo;
use crate::server::MakeConnectionService as _;

/// Whoever types this wants to read the answer.
const ACCEPTED: &str = "text/plain;q=1.0, */*;q=0.1";

/// How long is waited for what an answer leaves behind.
const PATIENCE: Duration = Duration::from_secs(10);

/// The request that a method and a target on the command line are about, of which nothing else is said; or what is wrong with it.
pub(super) fn plain(arguments: &Arguments) -> Result<http::Request<()>, String> {
    let method = arguments.method.as_deref().unwrap_or("GET");
    http::Request::builder()
        .method(method)
        .uri(&arguments.target)
        .header(HOST, "localhost")
        .body(())
        .map_err(|error| format!("`{method} {}` is no request: {error}", arguments.target))
}

/// The request that the command line describes, without its body; or what is wrong with it.
pub(super) fn described(arguments: &Arguments) -> Result<http::Request<()>, String> {
    let mut request = plain(arguments)?;
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
    if let Some(login) = arguments.value(Choice::Login) {
        if !login.contains(':') {
            return Err(format!("`--login {login}` should be a name and a password with a colon between"));
        }
        let value = format!("Basic {}", BASE64_STANDARD.encode(login));
        headers.insert(AUTHORIZATION, HeaderValue::from_str(&value).map_err(|error| error.to_string())?);
    }
    let mut given = HeaderMap::new();
    for header in arguments.values(Choice::Header) {
        let (name, value) = read_header(header).ok_or_else(|| {
            format!("`--header {header}` should be a name and a value with a colon between")
        })?;
        given.append(name, value);
    }
    // What is said wins over what is assumed.
    headers.extend(given);
    Ok(request)
}

fn read_header(text: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = text.split_once(':')?;
    Some((name.trim().parse().ok()?, value.trim().parse().ok()?))
}

/// What is sent along: the standard input of a process that is not talked to by a person.
fn body_of(method: &Method) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    let takes = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method);
    if takes && !io::stdin().is_terminal() {
        io::stdin().lock().read_to_end(&mut body)?;
    }
    Ok(body)
}

/// Sends a request, and prints the answer as it comes. The exit status tells 4xx and 5xx.
///
/// # Errors
/// Where the input cannot be read, and where the answer breaks off.
pub(super) fn sent(app: &App, request: http::Request<()>, arguments: &Arguments) -> Result<ExitCode> {
    let body = body_of(request.method())?;
    let (mut head, ()) = request.into_parts();
    if !body.is_empty() {
        head.headers.insert(CONTENT_LENGTH, body.len().into());
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        head.headers.entry(CONTENT_TYPE).or_insert(form);
    }
    let is_head = head.method == Method::HEAD;
    let request = http::Request::from_parts(head, Body::from(body));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let status = runtime.block_on(async {
        let response = app.answer(request, &Arc::new(ConnectionInfo::default())).await;
        let (head, body) = response.into_http().into_parts();
        // The server leaves it away, and there is none here.
        let body = if is_head { Body::empty() } else { body };
        if arguments.has(Choice::Json) {
            let body = collected(body).await?;
            super::say(format!("{:#}\n", document(head.status, &head.headers, &body)))?;
        } else {
            if arguments.has(Choice::DisplayHeaders) {
                super::say(shown(head.status, &head.headers))?;
            }
            print(body).await?;
        }
        // What was begun for this request, such as a view that outlives its client, comes to its end.
        let _ = tokio::time::timeout(PATIENCE, app.settled()).await;
        Ok::<_, Error>(head.status)
    })?;
    super::serve::drain(app)?;
    Ok(ExitCode::from(match status.as_u16() {
        400..500 => 4,
        500.. => 5,
        _ => 0,
    }))
}

/// The status and the headers, and the empty line behind them.
fn shown(status: StatusCode, headers: &HeaderMap) -> Vec<u8> {
    let mut text = format!("{status}\n").into_bytes();
    for (name, value) in headers {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.push(b'\n');
    }
    text.push(b'\n');
    text
}

/// The answer for programs. What is no text is written in base64.
fn document(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> serde_json::Value {
    let field = |(name, value): (&HeaderName, &HeaderValue)| {
        json!([name.as_str(), String::from_utf8_lossy(value.as_bytes())])
    };
    let headers: Vec<_> = headers.iter().map(field).collect();
    let mut document =
        json!({"status": status.as_u16(), "reason": status.canonical_reason(), "headers": headers});
    match std::str::from_utf8(body) {
        Ok(text) => document["body"] = text.into(),
        Err(_) => document["body_base64"] = BASE64_STANDARD.encode(body).into(),
    }
    document
}

async fn next(body: &mut Pin<&mut Body>) -> Result<Option<Bytes>> {
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        if let Ok(data) = frame.map_err(Error::boxed)?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

async fn collected(body: Body) -> Result<Vec<u8>> {
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    while let Some(data) = next(&mut body).await? {
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// Prints a body, each piece when it is there. A person gets the last line ended.
async fn print(body: Body) -> Result<()> {
    let mut body = pin!(body);
    let mut last = None;
    while let Some(data) = next(&mut body).await? {
        super::say(&data)?;
        last = data.last().copied().or(last);
    }
    if io::stdout().is_terminal() && last.is_some_and(|byte| byte != b'\n') {
        super::say("\n")?;
    }
    io::stdout().flush().map_err(Error::from)
}
