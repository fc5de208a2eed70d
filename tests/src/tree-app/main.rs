//! An application with everything that stands around views: a tree of resources, tweens of both kinds, exception views,
//! subscribers, callbacks and a security policy.

mod around;
mod foreign;
mod library;
mod policy;
mod wrong;

use aiopyramid::prelude::*;

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.set_root_factory(library::root);
    config.set_security_policy(policy::Cards);
    config.mount("/foreign", foreign::router());
    config.scan();
    Ok(())
}
