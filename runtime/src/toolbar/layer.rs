//! What follows requests through `tracing`: to each span that is inside of a request's, and to what is logged there.

use std::fmt::{self, Write};
use std::sync::Arc;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::trail::{LogRecord, TARGET, Trail};

/// The spans of requests and views that the framework makes.
const REQUESTS: &str = "aiopyramid::request";

/// The most bytes that are kept of one text.
const LONGEST: usize = 8 * 1024;

/// The most fields that are kept of one event.
const MOST_FIELDS: usize = 32;

/// The layer by which the toolbar sees what is logged. [`includeme`](super::includeme) adds it to the log that the program starts;
/// one that sets up a subscriber of its own before, in `main`, adds it there:
///
/// ```no_run
/// use tracing_subscriber::layer::SubscriberExt;
/// use tracing_subscriber::util::SubscriberInitExt;
///
/// tracing_subscriber::registry()
///     .with(tracing_subscriber::fmt::layer())
///     .with(aiopyramid::toolbar::log_layer())
///     .init();
/// ```
///
/// It takes events from `debug` up, whatever other layers take. Where there is none of it, the toolbar shows requests, but
/// neither what they have logged nor where they ran.
pub fn log_layer<S>() -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let is_followed =
        |metadata: &Metadata<'_>| metadata.target() == TARGET || *metadata.level() <= Level::DEBUG;
    TrailLayer.with_filter(filter_fn(is_followed).with_max_level_hint(Level::TRACE))
}

struct TrailLayer;

/// The trail of a span, kept on it.
struct Followed(Arc<Trail>);

impl<S> Layer<S> for TrailLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let metadata = attributes.metadata();
        let trail = if metadata.target() == TARGET {
            Trail::beginning()
        } else {
            span.parent().and_then(|parent| followed(&parent))
        };
        let Some(trail) = trail else { return };
        if metadata.target() == REQUESTS && metadata.name() == "view" {
            let mut told = Told::default();
            attributes.record(&mut told);
            trail.view(told.take("name"), told.take("mapper"));
        }
        span.extensions_mut().insert(Followed(trail));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(span) = context.event_span(event) else { return };
        let Some(trail) = followed(&span) else { return };
        let mut told = Told::default();
        event.record(&mut told);
        let metadata = event.metadata();
        trail.log(LogRecord {
            at: trail.elapsed(),
            level: *metadata.level(),
            target: metadata.target(),
            message: told.message,
            fields: told.fields,
            place: metadata.file().zip(metadata.line()),
        });
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if let Some(trail) = context.span(id).and_then(|span| followed(&span)) {
            trail.enter();
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        if let Some(trail) = context.span(id).and_then(|span| followed(&span)) {
            trail.exit();
        }
    }
}

fn followed<'a, S>(span: &tracing_subscriber::registry::SpanRef<'a, S>) -> Option<Arc<Trail>>
where
    S: LookupSpan<'a>,
{
    span.extensions().get::<Followed>().map(|Followed(trail)| Arc::clone(trail))
}

/// What an event or a span tells.
#[derive(Default)]
struct Told {
    message: String,
    fields: Vec<(&'static str, String)>,
}

impl Told {
    fn take(&mut self, name: &str) -> String {
        let place = self.fields.iter().position(|(known, _)| *known == name);
        place.map(|place| self.fields.swap_remove(place).1).unwrap_or_default()
    }

    fn keep(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        let mut text = Short(String::new());
        // It fails where there is no room left, and what was written until then is kept.
        let _ = text.write_fmt(value);
        if field.name() == "message" {
            self.message = text.0;
        } else if self.fields.len() < MOST_FIELDS {
            self.fields.push((field.name(), text.0));
        }
    }
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.keep(field, format_args!("{value:?}"));
    }
}

/// A text that does not grow for ever.
struct Short(String);

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = LONGEST - self.0.len().min(LONGEST);
        if text.len() <= room {
            self.0.push_str(text);
            return Ok(());
        }
        self.0.push_str(&text[..text.floor_char_boundary(room)]);
        self.0.push('…');
        Err(fmt::Error)
    }
}

impl fmt::Debug for TrailLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrailLayer")
    }
}
