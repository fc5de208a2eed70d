//! What needs a process of its own: signals, and a process that is out of descriptors.
//!
//! The test program starts itself again, with one test asked for by name, which is the server.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::{Server, ServerConfig};
use super::{App, Client, EVENTUALLY, text};

const ASKED: &str = "AIOPYRAMID_TEST_SERVER";

#[test]
#[ignore = "is the server of the other tests here"]
fn serve() {
    if std::env::var_os(ASKED).is_none() {
        return;
    }
    let server = Server::bind(ServerConfig::default().listen("127.0.0.1:0").loops(2)).unwrap();
    let address = server.local_addrs()[0];
    let app = App(Arc::new(|request| {
        Box::pin(async move {
            if request.uri() == "/slow" {
                tokio::time::sleep(Duration::from_secs(1)).await;
            } else if request.uri() == "/never" {
                std::future::pending::<()>().await;
            }
            text(request.uri().to_string())
        })
    }));
    println!("\nserving {address}");
    let report = server.run(app).unwrap();
    println!("\nreport {report}");
}

struct Process {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
    address: SocketAddr,
}

impl Process {
    /// Starts the server, under a limit of descriptors where one is given.
    fn start(descriptors: Option<u32>) -> Self {
        let module = module_path!();
        let name = format!("{}::serve", module.split_once("::").unwrap().1);
        let program = std::env::current_exe().unwrap();
        let limit = descriptors.map_or(String::new(), |most| format!("ulimit -n {most}; "));
        let mut child = Command::new("sh")
            .arg("-c")
            .arg(format!("{limit}exec \"$0\" \"$@\""))
            .arg(program)
            .args([&name, "--exact", "--ignored", "--nocapture", "--test-threads=1"])
            .env(ASKED, "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let address = line(&mut lines, "serving ").parse().unwrap();
        Self { child, lines, address }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// What the server reported, and how its process ended.
    fn end(mut self) -> (String, ExitStatus) {
        let report = line(&mut self.lines, "report ");
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        (report, self.child.wait().unwrap())
    }

    /// Processor time used so far.
    #[cfg(target_os = "linux")]
    fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        // In hundredths of a second.
        Duration::from_millis(10 * (fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(lines: &mut impl BufRead, start: &str) -> String {
    let mut line = String::new();
    loop {
        line.clear();
        assert_ne!(lines.read_line(&mut line).unwrap(), 0, "no line that begins with {start:?}");
        if let Some(rest) = line.trim_end().strip_prefix(start) {
            return rest.to_owned();
        }
    }
}

#[test]
fn term_lets_a_running_request_finish() {
    let process = Process::start(None);
    let mut client = Client::connect(process.address);
    client.say("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n");
    // The answer on another connection shows that the server runs; the first request came before it.
    assert_eq!(Client::connect(process.address).get("/").status, 200);
    process.signal("TERM");
    let reply = client.reply();
    assert_eq!((reply.text(), reply.field("connection")), ("/slow", Some("close")));
    let (report, status) = process.end();
    assert!(report.ends_with("0 cut"), "{report}");
    assert!(status.success());
}

#[test]
fn a_second_interrupt_does_not_wait() {
    let process = Process::start(None);
    let mut client = Client::connect(process.address);
    let mut idle = Client::connect(process.address);
    assert_eq!(idle.get("/").status, 200);
    client.say("GET /never HTTP/1.1\r\nhost: a\r\n\r\n");
    process.signal("INT");
    // The end of an idle connection shows that the first one has been obeyed.
    assert_eq!(idle.rest(), "");
    process.signal("INT");
    assert_eq!(client.rest(), "");
    assert!(process.end().1.success());
}

#[test]
#[cfg(target_os = "linux")]
fn a_process_out_of_descriptors_is_calm_and_recovers() {
    let process = Process::start(Some(40));
    let mut clients: Vec<Client> = (0..60).map(|_| Client::connect(process.address)).collect();
    for client in &mut clients {
        client.say("GET /x HTTP/1.1\r\nhost: a\r\n\r\n");
    }
    assert_eq!(clients[0].reply().text(), "/x");
    let (before, since) = (process.processor_time(), Instant::now());
    std::thread::sleep(Duration::from_secs(1));
    let used = process.processor_time().checked_sub(before).unwrap();
    // A busy loop would take all of a processor, or of two.
    assert!(used < since.elapsed() / 3, "{used:?} in {:?}", since.elapsed());
    // Those that were served leave, and the others get their descriptors.
    let deadline = Instant::now() + EVENTUALLY;
    let mut left = clients.split_off(1);
    drop(clients);
    while let Some(client) = left.pop() {
        // From the last on, so that the ones that hold the descriptors go when the earlier are dropped below.
        client.0.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        if client.0.peek(&mut [0]).is_err() {
            left.insert(0, client);
        }
        assert!(Instant::now() < deadline, "{} connections were never served", left.len());
    }
}
