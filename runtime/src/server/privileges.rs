//! Who the process is once it needs no privilege any more.
//!
//! A port below 1024, a key that only root may read and a folder for the pid file may need one; a request never does. So what
//! serves becomes another user when its sockets are open and its certificate is read. A master serves nobody, and stays who it is:
//! it has to open sockets again, and to start what takes its place.

use std::ffi::CString;
use std::io;

use nix::unistd::{Gid, Group, Uid, User, getegid, geteuid, initgroups, setgid, setgroups, setuid};

use super::{ServerConfig, ServerError};

/// A user and a group, of which one at least was asked for.
#[derive(Debug, Clone)]
pub(super) struct Privileges {
    user: Option<Account>,
    group: Gid,
}

/// A user. The system may know no more of it than its number, in a container for example.
#[derive(Debug, Clone)]
struct Account {
    uid: Uid,
    known: Option<(String, Gid)>,
}

impl Privileges {
    /// Those that `config` asks for, by name or by number; `None` where it asks for none.
    ///
    /// # Errors
    /// [`ServerError::Identity`] where there is no such user or group, or this process may not become it.
    pub(super) fn of(config: &ServerConfig) -> Result<Option<Self>, ServerError> {
        let user = config.user.as_deref().map(account).transpose()?;
        let group = config.group.as_deref().map(group).transpose()?;
        let group = match (&user, group) {
            (None, None) => return Ok(None),
            (_, Some(group)) => group,
            (Some(Account { known: Some((_, group)), .. }), None) => *group,
            (Some(Account { uid, known: None }), None) => {
                return Err(unknown(
                    "user",
                    &uid.to_string(),
                    "the system knows no group of it: set `group`, too",
                ));
            }
        };
        let wanted = Self { user, group };
        // Said before anything is opened, and not by each worker.
        if !geteuid().is_root() && !wanted.are_those_of_process() {
            let what = "only root can become somebody else".to_owned();
            return Err(ServerError::Identity { who: wanted.to_string(), what });
        }
        Ok(Some(wanted))
    }

    /// The numbers of the owner that files should have.
    pub(super) fn owner(&self) -> (Option<u32>, Option<u32>) {
        (self.user.as_ref().map(|user| user.uid.as_raw()), Some(self.group.as_raw()))
    }

    /// Becomes that user, for good, with all threads.
    ///
    /// # Errors
    /// [`ServerError::Identity`] with what the system says.
    pub(super) fn take(&self) -> Result<(), ServerError> {
        if self.are_those_of_process() {
            return Ok(());
        }
        let taken = self.become_it().map_err(io::Error::from);
        taken.map_err(|error| ServerError::Identity { who: self.to_string(), what: error.to_string() })?;
        tracing::info!(target: super::LOG, "process {} is {self} now", std::process::id());
        Ok(())
    }

    /// The groups first: who is no longer root may not change them.
    fn become_it(&self) -> nix::Result<()> {
        match self.user.as_ref().and_then(|user| user.known.as_ref()) {
            Some((name, _)) => {
                let name = CString::new(name.as_str()).map_err(|_| nix::Error::EINVAL)?;
                initgroups(&name, self.group)?;
            }
            None => setgroups(&[self.group])?,
        }
        setgid(self.group)?;
        self.user.as_ref().map_or(Ok(()), |user| setuid(user.uid))
    }

    fn are_those_of_process(&self) -> bool {
        getegid() == self.group && self.user.as_ref().is_none_or(|user| user.uid == geteuid())
    }
}

/// Sets the rights that new files do without, where `config` names any.
pub(super) fn set_umask(config: &ServerConfig) {
    if let Some(umask) = config.umask {
        rustix::process::umask(rustix::fs::Mode::from_bits_truncate(umask));
    }
}

impl std::fmt::Display for Privileges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.user {
            Some(Account { known: Some((name, _)), .. }) => write!(f, "user {name}, ")?,
            Some(Account { uid, .. }) => write!(f, "user {uid}, ")?,
            None => {}
        }
        match Group::from_gid(self.group) {
            Ok(Some(group)) => write!(f, "group {}", group.name),
            _ => write!(f, "group {}", self.group),
        }
    }
}

fn account(text: &str) -> Result<Account, ServerError> {
    let number = text.parse::<u32>().ok().map(Uid::from_raw);
    let found = number.map_or_else(|| User::from_name(text), User::from_uid);
    match (found, number) {
        (Ok(Some(user)), _) => Ok(Account { uid: user.uid, known: Some((user.name, user.gid)) }),
        (Ok(None), Some(uid)) => Ok(Account { uid, known: None }),
        (Ok(None), None) => Err(unknown("user", text, "there is none of that name")),
        (Err(error), _) => Err(unknown("user", text, error.desc())),
    }
}

fn group(text: &str) -> Result<Gid, ServerError> {
    if let Ok(number) = text.parse() {
        return Ok(Gid::from_raw(number));
    }
    match Group::from_name(text) {
        Ok(Some(group)) => Ok(group.gid),
        Ok(None) => Err(unknown("group", text, "there is none of that name")),
        Err(error) => Err(unknown("group", text, error.desc())),
    }
}

fn unknown(kind: &str, text: &str, what: &str) -> ServerError {
    ServerError::Identity { who: format!("{kind} {text}"), what: what.to_owned() }
}
