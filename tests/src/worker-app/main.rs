//! An application that says which process answers.

use std::time::Duration;

use aiopyramid::prelude::*;

/// The process that answers, and the version that it was started as.
#[view_config(route = "/process")]
async fn process(request: &Request) -> String {
    format!("{} {}", std::process::id(), request.settings().get("demo.version").unwrap_or("1"))
}

#[view_config(route = "/slow/{millis}")]
async fn slow(millis: u64) -> String {
    tokio::time::sleep(Duration::from_millis(millis)).await;
    std::process::id().to_string()
}

/// What the application knows of its client and of itself.
#[view_config(route = "/who")]
async fn who(request: &Request) -> String {
    let remote = request.remote_addr().map_or_else(|| "nobody".to_owned(), |address| address.to_string());
    let url = format!("{}://{}{}{}", request.scheme(), request.host(), request.script_name(), request.path());
    format!("{remote} {url} {:?}", request.version())
}

/// More than a socket takes at once.
#[view_config(route = "/large")]
async fn large() -> String {
    "x".repeat(4 * 1024 * 1024)
}

/// Holds the event loop up.
#[view_config(route = "/hold/{millis}", mapper = inline)]
fn hold(millis: u64) -> &'static str {
    std::thread::sleep(Duration::from_millis(millis));
    "held"
}

/// Takes long where that is no harm.
#[view_config(route = "/block/{millis}")]
fn block(millis: u64) -> String {
    std::thread::sleep(Duration::from_millis(millis));
    std::process::id().to_string()
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.scan();
    Ok(())
}
