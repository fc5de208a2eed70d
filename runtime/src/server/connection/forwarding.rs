//! Requests of servers in front, taken for those of their clients.

use std::net::SocketAddr;
use std::sync::Arc;

use http::header::HOST;
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, StatusCode, Uri};

use super::super::{ServerConfig, TrustedPeers};
use super::examination::{Refusal, is_host};
use crate::protocol::connection_info::ConnectionInfo;
use crate::protocol::forwarding::{self, ProxyHeader};

/// Which servers in front are believed, and in what.
#[derive(Debug)]
pub(in crate::server) struct Forwarding {
    peers: TrustedPeers,
    /// `X-Forwarded-For` first, because the others are read by what it says.
    believed: Vec<ProxyHeader>,
    proxy_protocol: bool,
}

impl Forwarding {
    /// `None` where nobody is believed, which costs nothing then.
    pub(in crate::server) fn new(config: &ServerConfig) -> Option<Arc<Self>> {
        let peers = config.trusted_proxies.clone()?;
        let mut believed = config.proxy_headers.clone();
        believed.sort_by_key(|header| *header != ProxyHeader::XForwardedFor);
        Some(Arc::new(Self { peers, believed, proxy_protocol: config.proxy_protocol }))
    }

    /// Whether this peer is a server in front. Who may connect to a unix socket is said by its file's rights.
    pub(in crate::server) fn trusts(&self, peer: Option<SocketAddr>) -> bool {
        peer.is_none_or(|peer| self.peers.contains(peer.ip()))
    }

    /// Whether connections begin with a line that says whose they are.
    pub(in crate::server) const fn has_proxy_protocol(&self) -> bool {
        self.proxy_protocol
    }

    /// Makes of a request that came by the connection `info` what its client has sent.
    ///
    /// # Errors
    /// 400 where what the server in front says cannot be.
    pub(super) fn apply<B>(&self, request: &mut Request<B>, info: &ConnectionInfo) -> Result<(), Refusal> {
        let bad = |text| Refusal { status: StatusCode::BAD_REQUEST, text };
        let said =
            forwarding::read(request.headers(), &self.believed, |address| self.peers.contains(address));
        let said = said.map_err(bad)?;
        let mut info = info.clone();
        if said.client.is_some() {
            info.remote = said.client;
        }
        if let Some(secure) = said.secure {
            info.secure = secure;
        }
        if said.host.is_some() || said.port.is_some() {
            let host = match (said.host, request.headers().get(HOST)) {
                (Some(host), _) => host,
                (None, Some(host)) => String::from_utf8_lossy(host.as_bytes()).into_owned(),
                (None, None) => String::new(),
            };
            let host = with_port(host, said.port, info.secure);
            let value = HeaderValue::try_from(host).ok().filter(|host| is_host(host.as_bytes()));
            let value = value.ok_or(bad("The host that the server in front names is malformed.\n"))?;
            request.headers_mut().insert(HOST, value);
        }
        if let Some(prefix) = said.prefix {
            info.script_name = prefix;
        }
        if let Some(script_name) = said.script_name {
            let uri = without(request.uri(), &script_name);
            *request.uri_mut() = uri.ok_or(bad("The path does not begin with SCRIPT_NAME.\n"))?;
            info.script_name.push_str(&script_name);
        }
        request.extensions_mut().insert(Arc::new(info));
        Ok(())
    }
}

/// `host` with this port, unless it has one or the scheme implies it.
fn with_port(mut host: String, port: Option<u16>, secure: bool) -> String {
    let after_address = host.rfind(']').map_or(0, |end| end + 1);
    if let Some(port) = port
        && port != if secure { 443 } else { 80 }
        && !host[after_address..].contains(':')
    {
        host = format!("{host}:{port}");
    }
    host
}

/// `uri` without `prefix` in front of its path.
fn without(uri: &Uri, prefix: &str) -> Option<Uri> {
    let rest = uri.path_and_query()?.as_str().strip_prefix(prefix)?;
    let rest = match rest.chars().next() {
        Some('/') => rest.to_owned(),
        None | Some('?') => format!("/{rest}"),
        Some(_) => return None,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(rest).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_added_where_it_says_something() {
        let of = |host: &str, port, secure| with_port(host.to_owned(), port, secure);
        assert_eq!(of("a", Some(8443), true), "a:8443");
        assert_eq!(of("a", Some(443), true), "a");
        assert_eq!(of("a", Some(443), false), "a:443");
        assert_eq!(of("a:1", Some(8443), true), "a:1");
        assert_eq!(of("[::1]", Some(8443), true), "[::1]:8443");
        assert_eq!(of("a", None, true), "a");
    }

    #[test]
    fn the_script_name_is_taken_off_whole_segments() {
        let of = |uri: &str| without(&uri.parse().unwrap(), "/shop").map(|uri| uri.to_string());
        assert_eq!(of("/shop/cart?a=1").as_deref(), Some("/cart?a=1"));
        assert_eq!(of("/shop").as_deref(), Some("/"));
        assert_eq!(of("/shop?a").as_deref(), Some("/?a"));
        assert_eq!(of("/shopping"), None);
        assert_eq!(of("/"), None);
    }
}
