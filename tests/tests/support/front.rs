//! A server in front of an application, for the tests of pages:
//! `#[path = "../../../tests/tests/support/front.rs"] mod front;`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// nginx, which speaks TLS to the browser and shows the application below a path, until this is dropped.
pub(crate) struct Front {
    process: Child,
    folder: PathBuf,
    port: u16,
}

impl Front {
    /// In front of the application at this address, `127.0.0.1:43210`; with the two programs that it takes.
    pub(crate) fn start((nginx, openssl): (&Path, &Path), application: &str) -> Self {
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

    /// Where the first page of the application is.
    pub(crate) fn url(&self) -> String {
        format!("https://127.0.0.1:{}/below/it/", self.port)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
