//! Somebody logs in, and what that one may is asked of a database, without a thread that waits.
//!
//! Run with `cargo run -p auth-async -- serve examples/auth-async/development.ini`, look at <http://127.0.0.1:6543/>, and log in as
//! `ann` with the password `wonderland`, who may write, or as `bob` with `builder`, who may not.

mod login;
mod news;
mod people;

#[cfg(test)]
mod tests;

use aiopyramid::ApplicationCreated;
use aiopyramid::csrf::{CsrfCookie, CsrfOptions};
use aiopyramid::prelude::*;
use aiopyramid::security::{AUTHENTICATED, Acl, AclPolicy, AuthTktCookieHelper};

use crate::people::People;

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.set_default("news.database", "news.sqlite");
    // Nothing is opened before it is needed.
    let people = People::open(config.settings().get("news.database").unwrap_or_default());
    configure(config, people)
}

fn configure(config: &mut Configurator, people: People) -> Result<()> {
    config.manage(people.clone());
    // Who one is stands in a ticket, signed by the setting `auth_secret`; what one counts as, in the database; and what those may
    // that count as something, in a list.
    let list = Acl::new().allow("group:writers", "write").allow(AUTHENTICATED, "read");
    config
        .set_security_policy(AclPolicy::new(AuthTktCookieHelper::from_settings(), people::groups).acl(list));
    // What is sent by POST brings a token along that no other site knows.
    config.set_csrf_cookie(CsrfCookie::new());
    config.set_default_csrf_options(CsrfOptions::new());
    config.add_subscriber(move |_: &ApplicationCreated| {
        let people = people.clone();
        async move { people.prepare().await }
    });
    config.scan();
    Ok(())
}
