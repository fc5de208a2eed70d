//! Who may see the toolbar.

use std::net::IpAddr;

use super::options::Options;
use crate::Request;

/// Whether the client may see the toolbar: by its address, and by the name that it knows this server by.
///
/// A page of somebody else's can have its own name lead to this machine (DNS rebinding) and would then be of one origin with the
/// toolbar; so a name that nobody has said to be ours does not do. An address cannot be made to lead elsewhere.
pub(super) fn is_admitted(options: &Options, request: &Request) -> bool {
    let Some(address) = request.remote_addr() else { return false };
    options.hosts.contains(address.ip()) && is_ours(request.host(), &options.server_names)
}

fn is_ours(host: &str, names: &[String]) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name.parse::<IpAddr>().is_ok()
        || name == "localhost"
        || name.ends_with(".localhost")
        || names.iter().any(|known| known.eq_ignore_ascii_case(&name))
}

/// What stands in the addresses of the toolbar: nobody guesses it, and it is another one each time the program starts.
///
/// # Errors
/// Where the system has no random numbers.
pub(super) fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_ours_by_address_as_localhost_or_by_a_name_that_is_known() {
        let names = ["dev.example.com".to_owned()];
        for host in
            ["localhost", "localhost:6543", "a.localhost", "127.0.0.1:80", "[::1]:80", "DEV.example.com:443"]
        {
            assert!(is_ours(host, &names), "{host}");
        }
        for host in ["", "example.com", "localhost.example.com", "127.0.0.1.example.com", "[evil]"] {
            assert!(!is_ours(host, &names), "{host}");
        }
    }

    #[test]
    fn no_two_tokens_are_the_same() {
        assert_ne!(token().unwrap(), token().unwrap());
    }
}
