//! TLS: certificates in files, HTTP/2 by ALPN, a new certificate by HUP.
#![cfg(unix)]

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use support::{App, Client, EVENTUALLY, Folder, lacks, run};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

mod support;

const PROGRAM: &str = env!("CARGO_BIN_EXE_worker-app");

/// A certificate for `localhost` that signs itself, in files.
struct Certificate {
    folder: Folder,
    der: CertificateDer<'static>,
}

impl Certificate {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let der = write(&folder);
        Self { folder, der }
    }

    /// Another one in the same files.
    fn renew(&mut self) {
        self.der = write(&self.folder);
    }

    fn settings(&self) -> [String; 2] {
        let file = |name| self.folder.file(name).display().to_string();
        [format!("tls_certificate={}", file("cert.pem")), format!("tls_key={}", file("key.pem"))]
    }
}

fn write(folder: &Folder) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    fs::write(folder.file("cert.pem"), made.cert.pem()).expect("a file");
    fs::write(folder.file("key.pem"), made.signing_key.serialize_pem()).expect("a file");
    made.cert.der().clone()
}

async fn connect(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
    alpn: &str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("a certificate");
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    let stream = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config))
        .connect(ServerName::try_from("localhost").expect("a name"), stream)
        .await
}

#[tokio::test]
async fn http_1_and_http_2_are_spoken_as_the_client_asks() {
    let certificate = Certificate::new("tls");
    let [cert, key] = certificate.settings();
    let app = App::of(PROGRAM, &[&cert, &key]);
    app.logged("listening at https://");

    let mut stream = connect(app.address(), &certificate.der, "http/1.1").await.expect("a handshake");
    for _ in 0..2 {
        stream.write_all(b"GET /who HTTP/1.1\r\nhost: a\r\n\r\n").await.expect("written");
        let mut text = String::new();
        while !text.ends_with(" HTTP/1.1") {
            let mut room = [0; 1024];
            let read = stream.read(&mut room).await.expect("an answer");
            assert_ne!(read, 0, "{text}");
            text.push_str(std::str::from_utf8(&room[..read]).expect("text"));
        }
        assert!(text.contains(" https://a/who "), "{text}");
        // Long enough to be put to rest in between.
        tokio::time::sleep(Duration::from_millis(400)).await;
    }

    let stream = connect(app.address(), &certificate.der, "h2").await.expect("a handshake");
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut send, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .expect("HTTP/2");
    tokio::spawn(connection);
    let request =
        hyper::Request::get("https://localhost/who").body(Empty::<Bytes>::new()).expect("a request");
    let response = send.send_request(request).await.expect("an answer");
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    assert!(String::from_utf8_lossy(&body).contains("https://localhost/who HTTP/2"), "{body:?}");
}

#[tokio::test]
async fn a_large_answer_arrives_whole() {
    let certificate = Certificate::new("tls-large");
    let [cert, key] = certificate.settings();
    let app = App::of(PROGRAM, &[&cert, &key]);
    let mut stream = connect(app.address(), &certificate.der, "http/1.1").await.expect("a handshake");
    stream.write_all(b"GET /large HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.expect("written");
    // Slower than the server writes.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an end that TLS has announced");
    let body = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("a head") + 4;
    assert_eq!(answer.len() - body, 4 * 1024 * 1024);
}

#[tokio::test]
async fn a_reload_takes_a_new_certificate_and_open_connections_go_on() {
    let mut certificate = Certificate::new("tls-renewed");
    let [cert, key] = certificate.settings();
    let app = App::of(PROGRAM, &[&cert, &key, "workers=1"]);
    let old = certificate.der.clone();
    let mut stream = connect(app.address(), &old, "http/1.1").await.expect("a handshake");
    stream.write_all(b"GET /slow/1500 HTTP/1.1\r\nhost: a\r\n\r\n").await.expect("written");
    certificate.renew();
    app.signal("HUP");
    app.logged("reloaded: ");
    let mut room = [0; 64];
    let read = stream.read(&mut room).await.expect("an answer");
    assert!(room[..read].starts_with(b"HTTP/1.1 200 "), "{:?}", String::from_utf8_lossy(&room[..read]));
    let deadline = Instant::now() + EVENTUALLY;
    while connect(app.address(), &certificate.der, "http/1.1").await.is_err() {
        assert!(Instant::now() < deadline, "the new certificate is not used");
    }
    assert!(connect(app.address(), &old, "http/1.1").await.is_err());
}

/// Without workers the process that serves reads no certificate again: a worker that it starts does.
#[tokio::test]
async fn one_process_takes_a_new_certificate_and_refuses_a_broken_one() {
    let mut certificate = Certificate::new("tls-alone");
    let [cert, key] = certificate.settings();
    let app = App::of(PROGRAM, &[&cert, &key, "loops=1"]);
    let old = certificate.der.clone();
    let mut kept = connect(app.address(), &old, "http/1.1").await.expect("a handshake");
    kept.write_all(b"GET /slow/3000 HTTP/1.1\r\nhost: a\r\n\r\n").await.expect("written");

    fs::write(certificate.folder.file("cert.pem"), "no certificate\n").expect("a file");
    app.signal("HUP");
    let line = app.logged("not reloaded: worker ");
    assert!(line.contains("the old ones go on"), "{line}");
    assert_eq!(app.log_lines("there is no certificate in PEM").len(), 1);
    drop(connect(app.address(), &old, "http/1.1").await.expect("the old certificate is used"));

    certificate.renew();
    app.signal("HUP");
    app.logged("reloaded: 1 new worker process");
    let deadline = Instant::now() + EVENTUALLY;
    while connect(app.address(), &certificate.der, "http/1.1").await.is_err() {
        assert!(Instant::now() < deadline, "the new certificate is not used");
    }
    let mut room = [0; 64];
    let read = kept.read(&mut room).await.expect("an answer");
    assert!(room[..read].starts_with(b"HTTP/1.1 200 "), "{:?}", String::from_utf8_lossy(&room[..read]));
}

/// What another implementation of TLS makes of it.
#[test]
fn openssl_agrees_on_both_versions_and_on_the_protocols() {
    let certificate = Certificate::new("tls-openssl");
    let [cert, key] = certificate.settings();
    let app = App::of(PROGRAM, &[&cert, &key]);
    let file = certificate.folder.file("cert.pem").display().to_string();
    let address = app.address().to_string();
    for (asked, said) in [
        (&["-tls1_2", "-alpn", "h2,http/1.1"][..], &["TLSv1.2", "ALPN protocol: h2"][..]),
        (&["-tls1_3", "-alpn", "http/1.1"], &["TLSv1.3", "ALPN protocol: http/1.1"]),
        (&["-tls1_3"], &["TLSv1.3", "No ALPN negotiated"]),
    ] {
        let mut command = support::program("openssl");
        command
            .args(["s_client", "-connect", &address, "-servername", "localhost", "-CAfile", &file])
            .args(asked);
        let Ok(output) = command.output() else { return lacks("`openssl` is not installed") };
        let text = String::from_utf8_lossy(&output.stdout);
        for said in said.iter().chain(&["Verify return code: 0 (ok)"]) {
            assert!(text.contains(said), "{asked:?}: {said}: {text}");
        }
    }
    let mut old = support::program("openssl");
    old.args(["s_client", "-connect", &address, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]);
    assert!(!old.output().expect("it ran before").status.success(), "TLS 1.1 is not spoken");
}

#[test]
fn a_client_that_does_not_speak_tls_is_closed_and_gets_nothing_in_the_clear() {
    let certificate = Certificate::new("tls-plain");
    let [cert, key] = certificate.settings();
    let app = App::of(PROGRAM, &[&cert, &key, "head_timeout=0.5"]);
    let mut client = Client::connect(app.address());
    client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    assert!(!client.rest().contains("HTTP"));
    // One that says nothing is closed after the limit of a head.
    assert_eq!(Client::connect(app.address()).rest(), "");
}

#[test]
fn bad_certificates_and_encryption_without_one_are_one_line() {
    let certificate = Certificate::new("tls-bad");
    let [cert, key] = certificate.settings();
    let other = Certificate::new("tls-other");
    let empty = certificate.folder.file("empty.pem");
    fs::write(&empty, "nothing\n").expect("a file");
    let empty = format!("tls_certificate={}", empty.display());
    let foreign_key = &other.settings()[1];
    for (settings, said) in [
        (&["listen=https://127.0.0.1:0"][..], "no certificate is set"),
        (&["tls_certificate=/there/is/none.pem"], "/there/is/none.pem"),
        (&[&key], "set along with `tls_certificate`"),
        (&[&empty, &key], "there is no certificate"),
        (&[&cert, foreign_key], "key.pem"),
    ] {
        let mut arguments = vec!["serve", "listen=127.0.0.1:0"];
        arguments.extend(settings);
        let ended = run(PROGRAM, &arguments, &[]);
        assert_eq!(ended.status.code(), Some(1), "{settings:?}");
        assert_eq!(ended.complaint.lines().count(), 1, "{}", ended.complaint);
        assert!(ended.complaint.contains(said), "{settings:?}: {}", ended.complaint);
    }
}
