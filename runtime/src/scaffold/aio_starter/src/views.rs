//! The views, and what they ask for.

use std::time::Duration;

use aiopyramid::prelude::*;
use serde::Deserialize;

/// Greets after a while: `/` after a tenth of a second, `/?sleep=2` after two.
///
/// An `async fn` waits without a thread, so that thousands of clients can wait at once. A view that
/// blocks is a plain `fn`: it runs in a pool of threads, and nobody else waits for it.
#[view_config(route = "/")]
async fn home(pause: Pause) -> &'static str {
    tokio::time::sleep(pause.0).await;
    "Welcome to Aiopyramid for Rust.\n"
}

/// How long to wait: `sleep` of the query string, or of a form.
struct Pause(Duration);

impl FromRequest for Pause {
    async fn from_request(request: &Request) -> Result<Self> {
        let Query(mut parameters) = Query::<Parameters>::from_request(request).await?;
        let is_form = matches!(
            &*request.content_type(),
            "application/x-www-form-urlencoded" | "multipart/form-data"
        );
        if parameters.sleep.is_none() && is_form {
            Form(parameters) = Form::from_request(request).await?;
        }
        Ok(match parameters.sleep {
            Some(Seconds(duration)) => Self(duration),
            None => Self(Duration::from_millis(100)),
        })
    }
}

#[derive(Deserialize)]
struct Parameters {
    sleep: Option<Seconds>,
}

/// A number of seconds. One that is none is answered with 400 and the name of the parameter.
#[derive(Deserialize)]
#[serde(try_from = "f64")]
struct Seconds(Duration);

impl TryFrom<f64> for Seconds {
    type Error = &'static str;

    fn try_from(seconds: f64) -> Result<Self, Self::Error> {
        match Duration::try_from_secs_f64(seconds) {
            Ok(duration) if duration <= Duration::from_secs(60) => Ok(Self(duration)),
            _ => Err("expected a number of seconds from 0 to 60"),
        }
    }
}
