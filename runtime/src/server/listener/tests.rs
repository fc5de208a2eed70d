use super::*;

fn open(text: &str) -> Result<Vec<Listener>, ServerError> {
    Listener::open_all(&ServerConfig::default().listen(text))
}

#[test]
fn port_zero_becomes_a_real_port() {
    let listeners = open("127.0.0.1:0").unwrap();
    assert_eq!(listeners.len(), 1);
    assert_ne!(listeners[0].address().unwrap().port(), 0);
}

#[test]
fn a_port_in_use_is_named_in_one_line() {
    let held = open("127.0.0.1:0").unwrap();
    let address = held[0].address().unwrap().to_string();
    let said = open(&address).unwrap_err().to_string();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(&address) && said.contains("already"), "{said}");
}

#[test]
#[cfg(unix)]
fn a_port_can_be_shared_where_both_say_so() {
    let shared =
        |address: &str| Listener::open_all(&ServerConfig::default().listen(address).reuse_port(true));
    let held = shared("127.0.0.1:0").unwrap();
    let address = held[0].address().unwrap().to_string();
    assert!(shared(&address).is_ok());
    assert!(open(&address).is_err());
}

#[test]
fn text_that_is_no_address_is_named() {
    for text in ["6543", "127.0.0.1", "127.0.0.1:port", "tcp://127.0.0.1:80", "fd://one"] {
        let error = open(text).unwrap_err();
        assert!(matches!(error, ServerError::Address { .. }), "{text}: {error}");
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn both_families_can_share_a_port() {
    let four = open("0.0.0.0:0").unwrap();
    let six = open(&format!("[::]:{}", four[0].address().unwrap().port()));
    // A machine without IPv6 cannot show it.
    if let Err(ServerError::Listen { source, .. }) = &six {
        assert_ne!(source.kind(), io::ErrorKind::AddrInUse);
    }
}

#[test]
#[cfg(unix)]
fn systemd_is_named_where_it_has_handed_over_nothing() {
    let said = open("systemd:web").unwrap_err().to_string();
    assert!(said.contains("systemd:web") && said.contains("LISTEN_FDS"), "{said}");
}

#[test]
#[cfg(unix)]
fn an_address_says_whether_it_is_encrypted() {
    let speaks = |text| open(text).unwrap()[0].speaks();
    assert_eq!(speaks("http://127.0.0.1:0"), Speaks::Http);
    assert_eq!(speaks("127.0.0.1:0"), Speaks::Http);
    assert_eq!(open("http://127.0.0.1:0").unwrap()[0].to_string()[..17], *"http://127.0.0.1:");
}
