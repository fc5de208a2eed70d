//! A wiki: pages that everybody may read, and those who log in add and change. `cargo run -- serve
//! development.ini` serves it, `cargo run -- help` tells what else it can do.

mod login;
mod password;
mod store;
mod text;
mod users;
mod views;

#[cfg(test)]
mod tests;

use aiopyramid::ApplicationCreated;
use aiopyramid::csrf::{CsrfCookie, CsrfOptions};
use aiopyramid::prelude::*;
use aiopyramid::security::{AclPolicy, AuthTktCookieHelper};

use crate::store::Store;

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.set_default("wiki.database", "wiki.sqlite");
    let file = config.settings().get("wiki.database").unwrap_or_default();
    // Nothing is opened before it is needed.
    let store = Store::open(file);
    configure(config, store)
}

/// Makes the application over a database.
fn configure(config: &mut Configurator, store: Store) -> Result<()> {
    config.manage(store.clone());
    // Whoever logs in gets a ticket, signed by the setting `auth_secret`.
    let tickets = AuthTktCookieHelper::from_settings();
    config.set_security_policy(AclPolicy::new(tickets, users::by_ticket));
    // What is sent by POST brings a token along that no other site knows.
    config.set_csrf_cookie(CsrfCookie::new());
    config.set_default_csrf_options(CsrfOptions::new());
    // The tables are there before the first request is taken.
    config.add_subscriber(move |_: &ApplicationCreated| {
        let store = store.clone();
        async move { store.prepare().await }
    });
    config.scan();
    Ok(())
}
