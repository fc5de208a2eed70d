//! An application that says which process answers.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use aiopyramid::Error;
use aiopyramid::prelude::*;
use aiopyramid::prometheus_client::metrics::counter::Counter;
use tracing::Subscriber;
use tracing::span::Id;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::Context as LayerContext;
use tracing_subscriber::registry::LookupSpan;

/// How often this process was asked which one it is.
static ASKED: LazyLock<Counter> = LazyLock::new(Counter::default);

/// The process that answers, and the version that it was started as.
#[view_config(route = "/process")]
async fn process(request: &Request) -> String {
    ASKED.inc();
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
    let down = config.settings().get("demo.down").map(PathBuf::from);
    config.add_readiness_check("plain", {
        let down = down.clone();
        move || match said(down.as_deref()) {
            Some(why) if why != "hang" => Err(Error::msg(why)),
            _ => Ok(()),
        }
    });
    config.add_readiness_check("awaited", move || {
        let hangs = said(down.as_deref()).is_some_and(|why| why == "hang");
        async move {
            if hangs {
                std::future::pending::<()>().await;
            }
            Ok::<(), Error>(())
        }
    });
    config.add_metrics(|registry| {
        registry.register("demo_processes_asked", "Questions for the process", ASKED.clone());
    });
    if config.settings().get("demo.spans").is_some() {
        let spans = Targets::new().with_target("aiopyramid::request", LevelFilter::DEBUG);
        config.add_log_layer(Closed.with_filter(spans));
    }
    config.scan();
    Ok(())
}

/// Why the application is not ready, which stands in a file while it is not.
fn said(down: Option<&Path>) -> Option<String> {
    std::fs::read_to_string(down?).ok()
}

/// Tells of each span when it is over.
struct Closed;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Closed {
    fn on_close(&self, id: Id, context: LayerContext<'_, S>) {
        if let Some(span) = context.span(&id) {
            let parent = span.parent().map_or("", |parent| parent.name());
            println!("closed {} inside of {parent:?}", span.name());
        }
    }
}

/// Logs something where it blocks.
#[view_config(route = "/tell/{word}")]
fn tell(word: String) -> Result<&'static str> {
    tracing::warn!("told {word}");
    Err(Error::msg("and then it failed"))
}
