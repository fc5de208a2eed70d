//! The pools of threads that the program and the settings ask for.

use super::configurator::Configurator;
use super::fault::Fault;
use crate::app::executor::{Executor, PoolConfig};
use crate::app::origin::Origin;
use crate::app::settings::BadSetting;

/// Makes the pools. A setting for a pool that neither the program configures nor a view (`wanted`) runs in is a slip of the pen.
pub(super) fn executor(config: &Configurator, wanted: &[&str], faults: &mut Vec<Fault>) -> Executor {
    let mut pools: Vec<(PoolConfig, Option<Origin>)> = vec![(PoolConfig::default(), None)];
    for (pool, origin) in &config.pools {
        match pools.iter_mut().find(|(known, _)| known.name == pool.name) {
            Some((known, place @ None)) => (*known, *place) = (pool.clone(), Some(*origin)),
            Some((_, Some(there))) => {
                faults.push(Fault::new(
                    format!("the pool `{}` is configured twice", pool.name),
                    [*there, *origin],
                ));
            }
            None => pools.push((pool.clone(), Some(*origin))),
        }
    }
    for (setting, _) in config.settings.iter() {
        let Some(rest) = setting.strip_prefix("executor.") else { continue };
        let (name, what) = rest.rsplit_once('.').unwrap_or(("default", rest));
        if !pools.iter().any(|(known, _)| known.name == name) {
            if !wanted.contains(&name) {
                let known = pools.iter().map(|(pool, _)| pool.name.as_str()).chain(wanted.iter().copied());
                let near =
                    known.min_by_key(|known| strsim::damerau_levenshtein(known, name)).unwrap_or("default");
                let message = format!("setting `{setting}` is for the pool `{name}`, which there is not");
                faults.push(Fault::new(message, []).with_help(format!("did you mean `{near}`?")));
                continue;
            }
            pools.push((PoolConfig::new(name), None));
        }
        let Some((pool, _)) = pools.iter_mut().find(|(known, _)| known.name == name) else { continue };
        let bad = match (what, config.settings.parse::<usize>(setting)) {
            ("threads", Ok(Some(size))) if size > 0 => {
                pool.threads = size;
                continue;
            }
            ("queue", Ok(Some(size))) => {
                pool.queue = size;
                continue;
            }
            ("threads" | "queue", Err(error)) => error,
            ("threads", _) => BadSetting::new(&config.settings, setting, "one thread at least"),
            _ => BadSetting::new(
                &config.settings,
                setting,
                "named `executor.threads`, `executor.queue` or `executor.POOL.threads`",
            ),
        };
        faults.push(Fault::new(bad.to_string(), []));
    }
    let (default, _) = pools.remove(0);
    let named = pools.into_iter().map(|(pool, _)| pool);
    Executor::with_pools(default, named).expect("each name stands in the list once")
}
