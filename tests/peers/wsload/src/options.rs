//! The command line.

use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;

#[derive(Clone, Copy)]
pub(crate) enum Mode {
    RoundTrip,
    Flood,
    Connect,
    Idle,
    Room,
}

pub(crate) struct Options {
    pub(crate) mode: Mode,
    pub(crate) addr: SocketAddr,
    pub(crate) connections: usize,
    /// Bytes of each message.
    pub(crate) size: usize,
    pub(crate) secs: f64,
    /// Messages in flight per connection.
    pub(crate) window: usize,
    /// Where set, the end after so many echoes per connection, whatever `secs` says.
    pub(crate) messages: Option<u64>,
    pub(crate) text: bool,
}

impl Options {
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Options, String> {
        let mut arguments = arguments.into_iter();
        let mode = match arguments.next().as_deref() {
            Some("rtt") => Mode::RoundTrip,
            Some("flood") => Mode::Flood,
            Some("connect") => Mode::Connect,
            Some("idle") => Mode::Idle,
            Some("room") => Mode::Room,
            _ => return Err("which mode: rtt, flood, connect, idle or room?".into()),
        };
        let mut port = None;
        let mut options = Options {
            mode,
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            connections: 64,
            size: 32,
            secs: 3.0,
            window: 32,
            messages: None,
            text: false,
        };
        while let Some(flag) = arguments.next() {
            if flag == "--text" {
                options.text = true;
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("{flag} needs a value"))?;
            match flag.as_str() {
                "--port" => port = Some(number(&flag, &value)?),
                "--conns" => options.connections = number(&flag, &value)?,
                "--size" => options.size = number(&flag, &value)?,
                "--window" => options.window = number(&flag, &value)?,
                "--messages" => options.messages = Some(number(&flag, &value)?),
                "--secs" => options.secs = number(&flag, &value)?,
                _ => return Err(format!("unknown option {flag}")),
            }
        }
        options.addr.set_port(port.ok_or("--port is required")?);
        Ok(options)
    }
}

fn number<T: FromStr>(flag: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{flag}: not a number: {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn flags_may_follow_in_any_order() {
        let options = parse("flood --text --size 128 --port 8000").ok().unwrap();
        assert_eq!((options.addr.port(), options.size, options.window, options.text), (8000, 128, 32, true));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        assert!(parse("spin").err().unwrap().contains("which mode"));
        assert_eq!(parse("rtt").err().unwrap(), "--port is required");
        assert_eq!(parse("rtt --port x").err().unwrap(), "--port: not a number: x");
        assert_eq!(parse("rtt --port").err().unwrap(), "--port needs a value");
    }
}
