//! The text that says where to listen.

use std::io;
use std::path::{Path, PathBuf};

/// What is spoken at a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Speaks {
    /// HTTP/1.1 and HTTP/2, in the clear.
    Http,
    /// The same inside TLS.
    Https,
    /// uwsgi, by a server in front.
    Uwsgi,
    /// HTTP/1.1 of those who ask how the server is.
    Health,
}

impl Speaks {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Uwsgi => "uwsgi",
            Self::Health => "health",
        }
    }

    /// What the name that systemd gives a socket says of it.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        match name {
            "http" => Some(Self::Http),
            "https" => Some(Self::Https),
            "uwsgi" => Some(Self::Uwsgi),
            _ => None,
        }
    }
}

/// Where a listener comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) enum Place {
    /// `HOST:PORT`.
    Tcp(String),
    /// `unix:PATH`.
    Unix(PathBuf),
    /// `fd://NUMBER`.
    Descriptor(i32),
    /// `systemd`, or `systemd:NAME`.
    Systemd(Option<String>),
}

/// One entry of [`ServerConfig::listen`](crate::server::ServerConfig::listen), read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) struct Address {
    /// `None` where the text does not say: TLS then, where there is a certificate.
    pub(in crate::server) speaks: Option<Speaks>,
    pub(in crate::server) place: Place,
}

impl Address {
    /// Reads `[http://|https://|uwsgi://]HOST:PORT`, `unix:PATH`, `fd://NUMBER`, `systemd` or `systemd:NAME`.
    ///
    /// # Errors
    /// What is wrong, in the words of the form that the text comes nearest to. Whether a host exists is not asked here.
    pub(in crate::server) fn read(text: &str) -> io::Result<Self> {
        let (speaks, place) = if let Some(place) = text.strip_prefix("http://") {
            (Some(Speaks::Http), place)
        } else if let Some(place) = text.strip_prefix("https://") {
            (Some(Speaks::Https), place)
        } else if let Some(place) = text.strip_prefix("uwsgi://") {
            (Some(Speaks::Uwsgi), place)
        } else {
            (None, text)
        };
        Ok(Self { speaks, place: Place::read(place)? })
    }
}

impl Place {
    fn read(text: &str) -> io::Result<Self> {
        let wrong = |what: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        if let Some(path) = text.strip_prefix("unix:") {
            // `unix://path` is how others write it.
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.ends_with('/') {
                return wrong("the path of a socket is expected after `unix:`");
            }
            Ok(Self::Unix(Path::new(path).to_owned()))
        } else if let Some(number) = text.strip_prefix("fd://") {
            match number.parse() {
                Ok(number @ 0..) => Ok(Self::Descriptor(number)),
                _ => wrong("the number of a descriptor is expected after `fd://`"),
            }
        } else if let Some(rest) = text.strip_prefix("systemd") {
            match rest.strip_prefix(':') {
                _ if rest.is_empty() => Ok(Self::Systemd(None)),
                Some(name) if !name.is_empty() => Ok(Self::Systemd(Some(name.to_owned()))),
                _ => wrong("expected `systemd`, or `systemd:` and the name of a socket"),
            }
        } else if let Some((scheme, _)) = text.split_once("://") {
            wrong(&format!(
                "expected `HOST:PORT`, `unix:PATH`, `fd://NUMBER` or `systemd`, not `{scheme}://`"
            ))
        } else {
            Ok(Self::Tcp(text.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Address {
        Address::read(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn every_form_is_read() {
        let tcp = |text: &str| Place::Tcp(text.to_owned());
        assert_eq!(read("127.0.0.1:80"), Address { speaks: None, place: tcp("127.0.0.1:80") });
        assert_eq!(read("http://[::1]:80"), Address { speaks: Some(Speaks::Http), place: tcp("[::1]:80") });
        assert_eq!(read("https://localhost:443").speaks, Some(Speaks::Https));
        assert_eq!(read("unix:/run/app.sock").place, Place::Unix("/run/app.sock".into()));
        assert_eq!(read("unix:///run/app.sock").place, Place::Unix("/run/app.sock".into()));
        assert_eq!(read("unix:app.sock").place, Place::Unix("app.sock".into()));
        assert_eq!(read("https://unix:a").speaks, Some(Speaks::Https));
        assert_eq!(
            read("uwsgi://[::1]:9000"),
            Address { speaks: Some(Speaks::Uwsgi), place: tcp("[::1]:9000") }
        );
        assert_eq!(read("uwsgi://unix:a").place, Place::Unix("a".into()));
        assert_eq!(read("fd://3").place, Place::Descriptor(3));
        assert_eq!(read("systemd").place, Place::Systemd(None));
        assert_eq!(read("systemd:web").place, Place::Systemd(Some("web".to_owned())));
    }

    #[test]
    fn what_is_none_of_them_is_refused() {
        for text in ["unix:", "unix:/run/", "fd://", "fd://x", "fd://-1", "systemd:", "systemdx", "ftp://a:1"]
        {
            assert!(Address::read(text).is_err(), "{text}");
        }
    }
}
