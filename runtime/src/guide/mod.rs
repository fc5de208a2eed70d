//! The guide: how to build an application, a chapter a topic.
//!
//! | chapter | what is in it |
//! |---|---|
//! | [`quick_start`] | from an empty folder to a program that answers |
//! | [`tutorial`] | an application in twelve steps: a notice board that people read, write on, and watch |
//! | [`views`] | what a view may ask for, return and fail with; classes of views |
//! | [`templates`] | templates that are checked, what they know, the URLs that they make; rendering inside of a view |
//! | [`routes`] | patterns, the order in which they are tried, URLs |
//! | [`traversal`] | resources, where they are, views by what a path leads to; routes with a tree; virtual roots |
//! | [`blocking_code`] | event loop and executor, mappers, pools, the two ways across, clients that leave |
//! | [`websockets`] | functions and structs over a socket, typed messages, limits, rooms of one process and of several |
//! | [`tweens`] | what stands around everything: functions of both kinds, layers of tower's; events and callbacks |
//! | [`security`] | who a client is, permissions, access control lists, what becomes of a refusal |
//! | [`sessions`] | what is remembered of a client; messages for the next page; forms that no other site can send |
//! | [`static_files`] | folders of files, their URLs, cache busters; other services below a path |
//! | [`configuring`] | scan, include, conflicts, settings, limits |
//! | [`reloading`] | `serve --reload`: the program is built and started anew while you write it |
//! | [`configuration`] | configuration files: `development.ini` as Pyramid has it, TOML, the log |
//! | [`serving`] | what the server promises, all limits and time-outs, signals, how it stops |
//! | [`debug_toolbar`] | what each request did, in the browser; errors with their sources; panels of one's own |
//! | [`observing`] | the access log, health and readiness, metrics, spans |
//! | [`behind_nginx`] | nginx in front, over the uwsgi protocol or HTTP |
//! | [`behind_uwsgi`] | uWSGI's router in front, uWSGI as a keeper |
//! | [`deployment`] | worker processes, signals, privileges, TLS, systemd, containers |
//! | [`testing`] | tests without a port |
//! | [`for_pyramid_users`] | every concept of Pyramid: its form here, what differs, what is not there |
//! | [`for_axum_users`] | the same for axum, shorter |
//!
//! The examples are compiled with the framework, and most are run. A line that an example does not need to be understood is
//! hidden.

#[doc = include_str!("quick_start.md")]
pub mod quick_start {}

#[doc = include_str!("tutorial.md")]
pub mod tutorial {}

#[doc = include_str!("views.md")]
pub mod views {}

#[cfg(feature = "templates")]
#[doc = include_str!("templates.md")]
pub mod templates {}

#[doc = include_str!("routes.md")]
pub mod routes {}

#[doc = include_str!("traversal.md")]
pub mod traversal {}

#[doc = include_str!("blocking_code.md")]
pub mod blocking_code {}

#[cfg(feature = "websocket")]
#[doc = include_str!("websockets.md")]
pub mod websockets {}

#[doc = include_str!("tweens.md")]
pub mod tweens {}

#[doc = include_str!("security.md")]
pub mod security {}

#[doc = include_str!("sessions.md")]
pub mod sessions {}

#[cfg(all(feature = "static", feature = "tower"))]
#[doc = include_str!("static_files.md")]
pub mod static_files {}

#[doc = include_str!("configuring.md")]
pub mod configuring {}

#[doc = include_str!("configuration.md")]
pub mod configuration {}

#[doc = include_str!("reloading.md")]
pub mod reloading {}

#[cfg(feature = "toolbar")]
#[doc = include_str!("debug_toolbar.md")]
pub mod debug_toolbar {}

#[doc = include_str!("serving.md")]
pub mod serving {}

#[doc = include_str!("observing.md")]
pub mod observing {}

#[doc = include_str!("behind_nginx.md")]
pub mod behind_nginx {}

#[doc = include_str!("behind_uwsgi.md")]
pub mod behind_uwsgi {}

#[doc = include_str!("deployment.md")]
pub mod deployment {}

#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("for_pyramid_users.md")]
pub mod for_pyramid_users {}

#[doc = include_str!("for_axum_users.md")]
pub mod for_axum_users {}
