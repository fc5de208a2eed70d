//! The guide's table of limits, against what the code does where nothing is set.

use std::collections::BTreeMap;

use super::setting_table::TABLE;
use crate::app::executor::PoolConfig;
use crate::app::limits::Limits;
use crate::server::ServerConfig;

/// Numbers that bound nothing.
const NO_LIMITS: &[&str] = &[
    "max_requests_jitter",
    "socket_mode",
    "websocket_compression_level",
    "websocket_compression_smallest",
    "websocket_window_bits",
];

/// The limits, as the code has them.
fn limits() -> BTreeMap<&'static str, f64> {
    let server = ServerConfig::default();
    let limits = Limits::default();
    #[allow(clippy::cast_precision_loss, reason = "no limit is that large")]
    let count = |number: usize| number as f64;
    #[cfg_attr(not(feature = "websocket"), expect(unused_mut, reason = "as with sockets"))]
    let mut all = BTreeMap::from([
        ("head_timeout", server.head.as_secs_f64()),
        ("keep_alive", server.keep_alive.as_secs_f64()),
        ("body_rate", server.body_rate.into()),
        ("body_patience", server.body_patience.as_secs_f64()),
        ("response_timeout", server.response.as_secs_f64()),
        ("half_close_grace", server.half_close_grace.as_secs_f64()),
        ("shutdown_timeout", server.shutdown.as_secs_f64()),
        ("worker_timeout", server.worker_timeout.as_secs_f64()),
        ("max_connections", count(server.connections)),
        ("backlog", server.backlog.into()),
        ("max_head", count(server.head_size)),
        ("max_target", count(server.target_size)),
        ("max_streams", server.streams.into()),
        ("max_header_list", server.header_list_size.into()),
        ("max_body", count(limits.body)),
        ("max_form_fields", count(limits.form_fields)),
        ("max_multipart_parts", count(limits.multipart_parts)),
        ("executor.queue", count(PoolConfig::default().queue)),
    ]);
    #[cfg(feature = "websocket")]
    {
        let websockets = crate::app::websocket::WebSocketSettings::default();
        all.extend([
            ("websocket_connections", count(websockets.connections)),
            ("websocket_handshake_timeout", websockets.handshake_timeout.as_secs_f64()),
            ("websocket_message_size", count(websockets.message_size)),
            ("websocket_heartbeat", websockets.heartbeat.as_secs_f64()),
            ("websocket_heartbeat_timeout", websockets.heartbeat_timeout.as_secs_f64()),
            ("websocket_close_timeout", websockets.close_timeout.as_secs_f64()),
            ("websocket_outbox", count(websockets.outbox)),
        ]);
    }
    all
}

/// The defaults in the guide, by setting.
fn guide() -> BTreeMap<&'static str, f64> {
    let (_, table) = include_str!("../guide/serving.md").split_once("| setting | what is bounded").unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let named = cells.filter(|cells| !cells[1].is_empty());
    named.map(|cells| (cells[1].trim_matches('`'), cells[3].parse().unwrap())).collect()
}

#[test]
fn the_guide_s_table_of_limits_has_the_defaults_of_the_code() {
    let guide = guide();
    for (name, limit) in limits() {
        let told = guide.get(name);
        assert!(
            told.is_some_and(|told| (told - limit).abs() < f64::EPSILON),
            "{name}: {limit}, not {told:?}"
        );
    }
}

#[test]
fn it_has_all_of_them_and_none_that_there_is_not() {
    let guide = guide();
    // Those of the toolbar are in its own chapter.
    for known in TABLE.iter().filter(|known| !known.name.starts_with("debugtoolbar.")) {
        let default: Result<f64, _> = known.default.parse();
        match (default, guide.get(known.name)) {
            (Ok(default), Some(told)) => assert!((told - default).abs() < f64::EPSILON, "{}", known.name),
            (Ok(_), None) => assert!(NO_LIMITS.contains(&known.name), "{} is not in the table", known.name),
            (Err(_), told) => assert!(told.is_none(), "{} has no number in `help`", known.name),
        }
    }
    for name in guide.keys() {
        assert!(TABLE.iter().any(|known| known.name == *name), "there is no {name}");
    }
}
