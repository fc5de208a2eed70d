//! New workers in place of old ones, or of the own event loops: `HUP`.

use super::super::link::{Orders, Role};
use super::super::member::Member;
use super::Master;
use crate::server::listener::{Listener, SocketFile};
use crate::server::{LOG, service_manager};

/// A change to new workers that is under way.
pub(super) struct Reload {
    pub(super) generation: u32,
    /// The first worker of the generation, whose settings are the new ones; `None` once they are known.
    pub(super) probe: Option<u32>,
    pub(super) orders: Option<Orders>,
    /// Where they name other addresses.
    pub(super) listeners: Option<Vec<Listener>>,
    pub(super) again: bool,
}

impl Master {
    pub(super) fn is_reloading(&self, generation: u32) -> bool {
        self.reload.as_ref().is_some_and(|reload| reload.generation == generation)
    }

    pub(super) fn start_reload(&mut self) {
        if let Some(reload) = &mut self.reload {
            tracing::info!(target: LOG, "received HUP while new workers start: once more after that");
            reload.again = true;
            return;
        }
        tracing::info!(target: LOG, "received HUP, starting new workers from {}", self.program.path().display());
        service_manager::reloading();
        self.latest += 1;
        let generation = self.latest;
        self.reload = Some(Reload { generation, probe: None, orders: None, listeners: None, again: false });
        match Member::start(&self.program, Role::Worker, generation, &self.listeners, &self.news) {
            Ok(member) => {
                if let Some(reload) = &mut self.reload {
                    reload.probe = Some(member.process);
                }
                self.members.push(member);
            }
            Err(error) => {
                self.give_up_reload(&format!("{} cannot be started: {error}", self.program.path().display()));
            }
        }
    }

    /// The first new worker serves: the settings are good, and these. The others follow.
    pub(super) fn raise(&mut self, orders: Orders) {
        let mut config = self.config.clone();
        orders.clone().give_to(&mut config);
        let target = target(&orders);
        let Some(reload) = &mut self.reload else { return };
        let probe = reload.probe.take();
        let generation = reload.generation;
        let mut wanted = target.saturating_sub(1);
        if orders.listen != self.config.listen {
            match Listener::open_again(&self.listeners, &config) {
                Ok(listeners) => reload.listeners = Some(listeners),
                Err(error) => return self.give_up_reload(&error.to_string()),
            }
            // It listens at the old addresses, and goes with those who do.
            if let Some(member) = self.members.iter_mut().find(|member| Some(member.process) == probe) {
                member.generation = self.generation;
                member.worn = true;
            }
            wanted = target;
        }
        reload.orders = Some(orders);
        for _ in 0..wanted {
            match self.reload {
                Some(_) => drop(self.start_worker(generation)),
                None => return,
            }
        }
    }

    /// Tells the old ones to leave, if all new ones serve.
    pub(super) fn finish_reload(&mut self) {
        let Some(reload) = &self.reload else { return };
        let Some(orders) = &reload.orders else { return };
        let (generation, target) = (reload.generation, target(orders));
        let is_new = |member: &&Member| member.generation == generation && member.is_serving();
        if self.members.iter().filter(is_new).count() < target {
            return;
        }
        let Some(reload) = self.reload.take() else { return };
        if let Some(orders) = reload.orders {
            let moved = orders.health_listen != self.config.health_listen;
            orders.give_to(&mut self.config);
            if moved {
                self.move_probes(&self.config.clone());
            }
        }
        if let Some(listeners) = reload.listeners {
            let old = std::mem::replace(&mut self.listeners, listeners);
            let kept = |file| self.listeners.iter().any(|listener| listener.file() == Some(file));
            old.iter().filter_map(Listener::file).filter(|file| !kept(file)).for_each(SocketFile::remove);
            for listener in &self.listeners {
                tracing::info!(target: LOG, "listening at {listener}");
            }
        }
        (self.generation, self.target) = (generation, target);
        for member in self.members.iter_mut().filter(|member| member.generation != generation) {
            member.drain();
        }
        if self.own.is_some() && !self.retired {
            self.retired = true;
            self.handle.shutdown();
        }
        tracing::info!(target: LOG, "reloaded: {target} new worker processes serve, the old ones finish");
        self.say_serving();
        if reload.again {
            self.start_reload();
        }
    }

    /// Tells the service manager that all is well.
    pub(super) fn say_serving(&self) {
        let places: Vec<String> = self.listeners.iter().map(ToString::to_string).collect();
        service_manager::ready(&format!("listening at {}", places.join(", ")));
    }

    pub(super) fn give_up_reload(&mut self, why: &str) {
        let Some(reload) = self.reload.take() else { return };
        tracing::error!(target: LOG, "not reloaded: {why}; the old ones go on");
        if let Some(listeners) = &reload.listeners {
            let known = |file| self.listeners.iter().any(|listener| listener.file() == Some(file));
            listeners
                .iter()
                .filter_map(Listener::file)
                .filter(|file| !known(file))
                .for_each(SocketFile::remove);
        }
        for member in self.members.iter_mut().filter(|member| member.generation == reload.generation) {
            member.drain();
        }
        self.say_serving();
        if reload.again {
            self.start_reload();
        }
    }
}

fn target(orders: &Orders) -> usize {
    orders.workers.unwrap_or(1).max(1)
}
