//! The page, in a real browser.

#[path = "../../../tests/tests/support/browser.rs"]
mod browser;
#[path = "../../../tests/tests/support/site.rs"]
mod site;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use browser::Browser;
use site::Site;

#[test]
fn the_page_shows_how_its_socket_lived() {
    let site = Site::start(env!("CARGO_BIN_EXE_websocket-function"), &[]);
    browser::converse(1, async |browsers| {
        let browser = &browsers[0];
        browser.goto(&site.url("/")).await;
        browser.sees("h1", "Echo, by a function").await;
        browser.sees("li", "DISCONNECTED").await;
        let expected =
            ["CONNECTED", "SENT: Aiopyramid rocks!", "RESPONSE: Aiopyramid rocks!", "DISCONNECTED"];
        assert_eq!(browser.texts("li").await, expected);
        browser.picture("websocket-function.png").await;
    });
}

/// The lines that the page writes while its socket lives, in order.
async fn shows_its_life(browser: &Browser, url: &str) {
    browser.goto(url).await;
    browser.sees("h1", "Echo, by a function").await;
    browser.sees("li", "DISCONNECTED").await;
    let expected = ["CONNECTED", "SENT: Aiopyramid rocks!", "RESPONSE: Aiopyramid rocks!", "DISCONNECTED"];
    assert_eq!(browser.texts("li").await, expected);
}

#[test]
fn the_page_works_below_a_path_and_where_it_is_encrypted() {
    let (Some(nginx), Some(openssl)) = (browser::program("nginx"), browser::program("openssl")) else {
        return;
    };
    let site = Site::start(env!("CARGO_BIN_EXE_websocket-function"), &[]);
    let front = Front::start((&nginx, &openssl), site.address());
    browser::converse(1, async |browsers| {
        shows_its_life(&browsers[0], &format!("https://127.0.0.1:{}/below/it/", front.port)).await;
    });
}

/// nginx, which speaks TLS to the browser and shows the application below a path, until this is dropped.
struct Front {
    process: Child,
    folder: PathBuf,
    port: u16,
}

impl Front {
    fn start((nginx, openssl): (&Path, &Path), application: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("aiopyramid-front-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let made = Command::new(openssl)
            .current_dir(&folder)
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"])
            .args(["-keyout", "key.pem", "-out", "cert.pem"])
            .output()
            .expect("a program that can be started");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("a free port").port();
        let here = folder.display();
        let configuration = format!(
            "daemon off; master_process off; pid {here}/pid; error_log stderr;
            events {{}}
            http {{
                access_log off;
                client_body_temp_path {here}; proxy_temp_path {here}; fastcgi_temp_path {here};
                uwsgi_temp_path {here}; scgi_temp_path {here};
                server {{
                    listen 127.0.0.1:{port} ssl;
                    ssl_certificate {here}/cert.pem;
                    ssl_certificate_key {here}/key.pem;
                    location /below/it/ {{
                        proxy_pass http://{application}/;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection upgrade;
                    }}
                }}
            }}"
        );
        let file = folder.join("nginx.conf");
        std::fs::write(&file, configuration).expect("a file");
        let process = Command::new(nginx)
            .arg("-p")
            .arg(&folder)
            .arg("-c")
            .arg(&file)
            .stderr(Stdio::null())
            .spawn()
            .expect("a program that can be started");
        let front = Self { process, folder, port };
        let serves = (0..600).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        assert!(serves, "nginx does not serve");
        front
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
