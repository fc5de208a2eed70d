//! What carries rooms over several processes: what the program has set, or what the settings say.

use std::sync::Arc;

use super::fault::Fault;
use crate::app::origin::Origin;
use crate::app::settings::{BadSetting, Settings};
use crate::app::websocket::Broker;

const ROOMS: &str = "websocket_rooms";

/// The broker; none where rooms are those of the process.
pub(super) fn broker(
    settings: &Settings,
    given: Option<(Arc<dyn Broker>, Origin)>,
    faults: &mut Vec<Fault>,
) -> Option<Arc<dyn Broker>> {
    let Some(text) = settings.get(ROOMS).map(str::trim) else { return given.map(|(broker, _)| broker) };
    if let Some((_, origin)) = given {
        let source = settings.source(ROOMS).unwrap_or_default();
        let message =
            format!("the program sets what carries rooms, and so does the setting `{ROOMS}` (from {source})");
        faults.push(Fault::new(message, [origin]).with_help(format!("leave out `set_broker`, or `{ROOMS}`")));
        return None;
    }
    match text {
        "process" => None,
        _ if text.starts_with("redis") => through_redis(settings, text, faults),
        _ => {
            let expected = "`process`, or the URL of a Redis server: `redis://HOST:PORT/DB`";
            faults.push(Fault::new(BadSetting::new(settings, ROOMS, expected).to_string(), []));
            None
        }
    }
}

#[cfg(feature = "redis")]
fn through_redis(settings: &Settings, url: &str, faults: &mut Vec<Fault>) -> Option<Arc<dyn Broker>> {
    use crate::broker::RedisBroker;

    let mut broker = match RedisBroker::new(url) {
        Ok(broker) => broker,
        Err(error) => {
            // Without the URL, which may have a password in it.
            let source = settings.source(ROOMS).unwrap_or_default();
            faults.push(Fault::new(format!("setting `{ROOMS}` (from {source}): {error}"), []));
            return None;
        }
    };
    if let Some(prefix) = settings.get("websocket_rooms_prefix") {
        broker = broker.prefix(prefix.trim());
    }
    match settings.seconds("websocket_rooms_timeout") {
        Ok(None) => {}
        Ok(Some(timeout)) if timeout.as_secs() >= 1 => broker = broker.presence_timeout(timeout),
        Ok(Some(_)) => {
            let bad = BadSetting::new(settings, "websocket_rooms_timeout", "one second at least");
            faults.push(Fault::new(bad.to_string(), []));
        }
        Err(bad) => faults.push(Fault::new(bad.to_string(), [])),
    }
    Some(Arc::new(broker))
}

#[cfg(not(feature = "redis"))]
fn through_redis(settings: &Settings, _: &str, faults: &mut Vec<Fault>) -> Option<Arc<dyn Broker>> {
    let source = settings.source(ROOMS).unwrap_or_default();
    let message =
        format!("setting `{ROOMS}` (from {source}) asks for Redis, which the program was built without");
    let help =
        concat!("aiopyramid = { version = \"", env!("CARGO_PKG_VERSION"), "\", features = [\"redis\"] }");
    faults.push(Fault::new(message, []).with_help(help));
    None
}

#[cfg(test)]
mod tests {
    use crate::registry::Configurator;

    /// What is said of an application with this setting.
    fn said(rooms: &str) -> String {
        let mut config = Configurator::new();
        config.set_default("websocket_rooms", rooms);
        config.make_app().map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn rooms_are_where_the_setting_says() {
        assert_eq!(said("process"), "");
        let nonsense = said("rabbit");
        assert!(nonsense.contains("`websocket_rooms` is `rabbit`"), "{nonsense}");
        assert!(nonsense.contains("`redis://HOST:PORT/DB`"), "{nonsense}");
    }

    #[test]
    #[cfg(feature = "redis")]
    fn a_bad_url_is_found_when_the_application_is_made_and_its_password_is_not_told() {
        assert_eq!(said("redis://127.0.0.1/1"), "", "nothing is connected yet");
        let bad = said("redis://:secret@127.0.0.1/first");
        assert!(bad.contains("`websocket_rooms`") && !bad.contains("secret"), "{bad}");
    }

    #[test]
    #[cfg(feature = "redis")]
    fn program_and_setting_cannot_both_say_what_carries_rooms() {
        let mut config = Configurator::new();
        config.set_default("websocket_rooms", "redis://127.0.0.1");
        config.set_broker(crate::broker::RedisBroker::new("redis://127.0.0.1").unwrap());
        let error = config.make_app().unwrap_err().to_string();
        assert!(error.contains("and so does the setting `websocket_rooms`"), "{error}");
    }

    #[test]
    #[cfg(not(feature = "redis"))]
    fn redis_without_the_feature_is_told_which_one_it_is() {
        let refused = said("redis://127.0.0.1");
        assert!(refused.contains("features = [\"redis\"]"), "{refused}");
    }
}
