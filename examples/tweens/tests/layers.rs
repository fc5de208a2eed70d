//! The layers as a browser meets them: over a socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// The program, serving at a free port until this is dropped.
struct Site {
    program: Child,
    address: String,
}

impl Site {
    fn start(settings: &[&str]) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_tweens"))
            .args(["serve", "listen=127.0.0.1:0"])
            .args(settings)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(program.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.split_once("listening at http://")?.1.to_owned()));
        // What it says later is read, so that it can go on.
        std::thread::spawn(move || lines.for_each(drop));
        Self { program, address: address.expect("it says where it listens") }
    }

    /// The head of the answer, in lower case, and its body.
    fn ask(&self, request: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(stream, "{request}\r\nhost: example.com\r\nconnection: close\r\n\r\n").expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head");
        (String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase(), answer[end + 4..].to_vec())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
fn a_long_text_is_compressed_for_whoever_accepts_that() {
    let site = Site::start(&[]);
    let (head, body) = site.ask("GET /poem HTTP/1.1\r\naccept-encoding: gzip");
    assert!(head.starts_with("http/1.1 200") && head.contains("content-encoding: gzip"), "{head}");
    assert!(head.contains("x-passed: s1 a2 s3 a4"), "{head}");
    assert!(body.len() < 500, "{} bytes", body.len());
    let (head, body) = site.ask("GET /poem HTTP/1.1");
    assert!(!head.contains("content-encoding"), "{head}");
    assert!(body.starts_with(b"Rose is a rose"), "{head}");
}

#[test]
fn another_site_is_told_what_it_may_and_its_question_goes_no_further() {
    let site = Site::start(&[]);
    let (head, _) = site.ask("GET / HTTP/1.1\r\norigin: https://shop.example");
    assert!(head.contains("access-control-allow-origin: https://shop.example"), "{head}");
    let question = "OPTIONS / HTTP/1.1\r\norigin: https://shop.example\r\naccess-control-request-method: GET";
    let (head, _) = site.ask(question);
    assert!(head.contains("access-control-allow-methods: get"), "{head}");
    assert!(!head.contains("x-passed"), "{head}");
}

#[test]
fn the_command_line_says_another_order_and_leaves_out_the_rest() {
    let site = Site::start(&["tweens=a4 s1 EXCVIEW"]);
    let (head, _) = site.ask("GET /poem HTTP/1.1\r\naccept-encoding: gzip\r\norigin: https://shop.example");
    assert!(head.contains("x-passed: a4 s1"), "{head}");
    assert!(!head.contains("content-encoding") && !head.contains("access-control"), "{head}");
}
