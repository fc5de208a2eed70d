//! An application that lets people in: by tickets, by sessions, or by names and passwords with every request.

mod pages;
mod people;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use aiopyramid::prelude::*;
use aiopyramid::security::{
    AUTHENTICATED, Acl, AclPolicy, AuthTktCookieHelper, HttpBasicAuthentication, SessionAuthenticationHelper,
};
use aiopyramid::session::SignedCookieSessionFactory;

/// Seconds by which the clock is fast.
#[derive(Clone, Default)]
struct Fast(Arc<AtomicU64>);

impl Fast {
    fn now(&self) -> SystemTime {
        SystemTime::now() + Duration::from_secs(self.0.load(Ordering::Relaxed))
    }
}

#[view_config(route = "/wait/{seconds}", request_method = "POST")]
async fn wait(seconds: u64, fast: State<Fast>) {
    fast.0.fetch_add(seconds, Ordering::Relaxed);
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    let fast = Fast::default();
    config.manage(fast.clone());
    let list = Acl::new().allow(AUTHENTICATED, "enter").allow("group:editors", "report");
    match config.settings().get("guarded.by") {
        Some("basic") => {
            let basic = HttpBasicAuthentication::new("the guarded application", people::is_right);
            config.set_security_policy(AclPolicy::new(basic, people::groups_that_block).acl(list));
        }
        Some("session") => {
            if config.settings().get("session_secret").is_some() {
                config.set_session_factory(SignedCookieSessionFactory::from_settings());
            }
            let sessions = SessionAuthenticationHelper::new();
            config.set_security_policy(AclPolicy::new(sessions, people::groups).acl(list));
        }
        _ => {
            let tickets = AuthTktCookieHelper::from_settings().clock(move || fast.now());
            config.set_security_policy(AclPolicy::new(tickets, people::groups).acl(list));
        }
    }
    config.set_root_factory(|_| pages::Site);
    config.scan();
    Ok(())
}
