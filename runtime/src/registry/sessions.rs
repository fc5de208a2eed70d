//! What is remembered of clients, and how their requests are told from those that other sites make them send, when an application
//! starts.

use super::configurator::Configurator;
use super::fault::Fault;
use super::mapping::Pending;
use crate::app::csrf::{Csrf, CsrfOptions, TrustedOrigin};
use crate::app::origin::Origin;
use crate::app::settings::{BadSetting, Settings};

const TRUSTED: &str = "csrf_trusted_origins";

/// Lets the session factory get ready.
pub(super) fn prepare(config: &mut Configurator, faults: &mut Vec<Fault>) {
    if let Some((factory, origin)) = &mut config.sessions
        && let Err(error) = factory.prepare(&config.settings)
    {
        faults.push(Fault::of_error(&error, [*origin]));
    }
}

/// What was settled about tokens.
pub(super) fn csrf(config: &mut Configurator, views: &[Pending], faults: &mut Vec<Fault>) -> Csrf {
    let mut refuse = |(fault, origin)| faults.push(Fault::of_error(&fault, [origin]));
    let options = config.csrf_options.take();
    let cookie = config.csrf_cookie.take();
    options.iter().filter_map(|(options, origin)| Some((options.refused()?, *origin))).for_each(&mut refuse);
    cookie.iter().filter_map(|(cookie, origin)| Some((cookie.check().err()?, *origin))).for_each(&mut refuse);
    if cookie.is_none() && config.sessions.is_none() {
        let by_default = options.iter().filter(|(options, _)| options.require);
        let by_default = by_default.map(|(_, origin)| ("views require".to_owned(), *origin));
        let by_views = views.iter().filter(|view| view.require_csrf == Some(true));
        let by_views = by_views.map(|view| (format!("`{}` requires", view.name), view.origin));
        for (who, origin) in by_default.chain(by_views) {
            faults.push(nothing_kept(&format!("{who} a CSRF token"), origin));
        }
    }
    Csrf {
        options: options.map_or_else(|| CsrfOptions::new().require(false), |(options, _)| options),
        cookie: cookie.map(|(cookie, _)| cookie),
        trusted_origins: trusted_origins(&config.settings, faults),
    }
}

/// The fault of something that needs tokens where there is nothing to keep them in.
pub(super) fn nothing_kept(who: &str, origin: Origin) -> Fault {
    Fault::new(format!("{who}, but there is nothing that tokens are kept in"), [origin]).with_help(
        "give the application sessions, `config.set_session_factory(..)`, or a cookie for tokens, `config.set_csrf_cookie(CsrfCookie::new())`",
    )
}

fn trusted_origins(settings: &Settings, faults: &mut Vec<Fault>) -> Vec<TrustedOrigin> {
    let hosts = settings.get(TRUSTED).unwrap_or("").split([',', ' ', '\n']).map(str::trim);
    let mut trusted = Vec::new();
    for host in hosts.filter(|host| !host.is_empty()) {
        let Ok(origin) = TrustedOrigin::read(host) else {
            let expected = "hosts: `example.com`, or `.example.com` with all below it";
            faults.push(Fault::new(BadSetting::new(settings, TRUSTED, expected).to_string(), []));
            break;
        };
        trusted.push(origin);
    }
    trusted
}
