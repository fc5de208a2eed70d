//! What is needed of an application that it may not have.

use super::configurator::Configurator;
use super::fault::Fault;
use crate::app::extract::Need;
use crate::app::origin::Origin;

/// Refuses what somebody asks for, a view by its name or the policy, and the application does not have.
pub(super) fn refuse_unmet(
    (who, origin): (&str, Origin),
    needs: &[Need],
    config: &Configurator,
    faults: &mut Vec<Fault>,
) {
    let policy = config.policy.as_ref();
    for need in needs {
        let unmet = match *need {
            Need::State(wanted) if !config.states.satisfies(wanted) => {
                let name = wanted.name();
                let message = format!("{who} asks for `State<{name}>`, which nobody manages");
                Fault::new(message, [origin])
                    .with_help(format!("give the application one: `config.manage({name} {{ .. }})`"))
            }
            Need::Policy | Need::Identity(_) if policy.is_none() => {
                let asks = match need {
                    Need::Identity(wanted) => format!("Identity<{}>", wanted.name()),
                    _ => "AuthenticatedUserid".to_owned(),
                };
                let message = format!("{who} asks for `{asks}`, but no security policy is set");
                Fault::new(message, [origin])
                    .with_help("give the application one: `config.set_security_policy(..)`")
            }
            Need::Identity(wanted) => match policy {
                Some((policy, there)) if policy.identity_type() != wanted => {
                    let (wanted, real) = (wanted.name(), policy.identity_type().name());
                    let message = format!(
                        "{who} asks for `Identity<{wanted}>`, but the identities of the security policy are `{real}`"
                    );
                    Fault::new(message, [origin, *there]).with_help(format!("take an `Identity<{real}>`"))
                }
                _ => continue,
            },
            Need::Session if config.sessions.is_none() => {
                let message = format!("{who} asks for `Session`, but no session factory is set");
                Fault::new(message, [origin]).with_help(
                    "give the application one: `config.set_session_factory(SignedCookieSessionFactory::from_settings())`",
                )
            }
            Need::State(_) | Need::Policy | Need::Context(_) | Need::Session => continue,
        };
        faults.push(unmet);
    }
}
