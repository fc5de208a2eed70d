//! `may_minihttp`: stackful coroutines and a minimal HTTP layer without router, shown as the other end of the scale.

use bytes::BufMut;
use contract::{Doc, HELLO, MESSAGE};
use may_minihttp::{HttpServer, HttpService, Request, Response};
use std::io::{self, Read};

#[derive(Clone)]
struct Peer;

impl HttpService for Peer {
    fn call(&mut self, req: Request<'_, '_, '_>, rsp: &mut Response<'_>) -> io::Result<()> {
        match req.path() {
            "/plaintext" => {
                rsp.header("Content-Type: text/plain; charset=utf-8").body(HELLO);
            }
            "/json" => {
                rsp.header("Content-Type: application/json");
                serde_json::to_writer(rsp.body_mut().writer(), &MESSAGE)?;
            }
            "/inline" => {
                let body = contract::blocking_compute().to_string();
                rsp.header("Content-Type: text/plain; charset=utf-8").body_vec(body.into_bytes());
            }
            "/echo-json" => {
                let mut body = Vec::with_capacity(1024);
                req.body().read_to_end(&mut body)?;
                let doc: Doc = serde_json::from_slice(&body)?;
                rsp.header("Content-Type: application/json");
                serde_json::to_writer(rsp.body_mut().writer(), &doc)?;
            }
            path => match path.strip_prefix("/user/").and_then(|rest| rest.split_once("/post/")) {
                Some((id, slug)) => {
                    let body = contract::user_post(id, slug);
                    rsp.header("Content-Type: text/plain; charset=utf-8").body_vec(body.into_bytes());
                }
                None => {
                    rsp.status_code(404, "Not Found");
                }
            },
        }
        Ok(())
    }
}

fn main() {
    let settings = contract::settings();
    may::config().set_workers(settings.workers);
    HttpServer(Peer).start(settings.addr).unwrap().join().unwrap();
}
