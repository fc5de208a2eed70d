//! What a stop does to requests and connections.

use std::time::Duration;

use super::super::{Server, ServerConfig};
use super::{App, Client, Running, text};
use std::sync::{Arc, mpsc};

/// A server whose requests wait for a word, and tell when they are there.
fn waiting(config: ServerConfig) -> (Running, mpsc::Receiver<()>, tokio::sync::watch::Sender<bool>) {
    let (tell, told) = mpsc::channel();
    let (release, released) = tokio::sync::watch::channel(false);
    let server = Running::start(config, move |_| {
        let _ = tell.send(());
        let mut released = released.clone();
        async move {
            released.wait_for(|released| *released).await.unwrap();
            text("done")
        }
    });
    (server, told, release)
}

#[test]
fn a_running_request_is_finished_and_its_connection_closed() {
    let (server, told, release) = waiting(ServerConfig::default().loops(1));
    let (mut client, mut silent) = (server.connect(), server.connect());
    client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    told.recv().unwrap();
    server.handle.shutdown();
    // The end of the other connection tells that the event loop knows of the stop.
    assert_eq!(silent.rest(), "");
    release.send(true).unwrap();
    let reply = client.reply();
    assert_eq!((reply.text(), reply.field("connection")), ("done", Some("close")));
    assert_eq!(client.rest(), "");
    let report = server.join();
    assert_eq!((report.finished, report.cut), (1, 0));
}

#[test]
fn idle_connections_are_closed() {
    let server = Running::echo(ServerConfig::default().loops(2));
    let mut clients: Vec<Client> = (0..8).map(|_| server.connect()).collect();
    for client in &mut clients {
        assert_eq!(client.get("/").status, 200);
    }
    server.handle.shutdown();
    for client in &mut clients {
        assert_eq!(client.rest(), "");
    }
    assert_eq!(server.join().cut, 0);
}

#[test]
fn a_silent_connection_does_not_hold_up_the_end() {
    let server = Running::echo(ServerConfig::default().loops(1).shutdown(Duration::from_mins(10)));
    let mut client = server.connect();
    server.handle.shutdown();
    assert_eq!(client.rest(), "");
    server.join();
}

#[test]
fn what_does_not_end_in_time_is_cut_and_counted() {
    let config = ServerConfig::default().loops(2).shutdown(Duration::from_millis(200));
    let (server, told, _release) = waiting(config);
    let mut clients: Vec<Client> = (0..3).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
        told.recv().unwrap();
    }
    server.handle.shutdown();
    for client in &mut clients {
        assert_eq!(client.rest(), "");
    }
    let report = server.join();
    assert_eq!((report.finished, report.cut), (0, 3));
}

#[test]
fn a_quick_stop_waits_for_nothing() {
    let (server, told, _release) =
        waiting(ServerConfig::default().loops(1).shutdown(Duration::from_mins(10)));
    let mut client = server.connect();
    client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    told.recv().unwrap();
    server.handle.shutdown();
    server.handle.quit();
    assert_eq!(client.rest(), "");
    assert_eq!(server.join().cut, 1);
}

#[test]
fn connections_that_the_kernel_holds_are_answered() {
    let config = ServerConfig::default().listen("127.0.0.1:0").loops(2).signals(false);
    let server = Server::bind(config).unwrap();
    let handle = server.handle();
    // Nobody accepts yet: all of them are in the queue, with their requests.
    let mut clients: Vec<Client> = (0..50).map(|_| Client::connect(handle.local_addrs()[0])).collect();
    for client in &mut clients {
        client.say("GET /queued HTTP/1.1\r\nhost: a\r\n\r\n");
    }
    handle.shutdown();
    let app = App(Arc::new(|request| Box::pin(async move { text(request.uri().to_string()) })));
    let running = std::thread::spawn(move || server.run(app).unwrap());
    for client in &mut clients {
        let reply = client.reply();
        assert_eq!((reply.text(), reply.field("connection")), ("/queued", Some("close")));
    }
    let report = running.join().unwrap();
    assert_eq!((report.finished, report.cut), (50, 0));
}

#[test]
fn a_request_on_its_way_to_an_accepted_connection_is_answered() {
    let server = Running::echo(ServerConfig::default().loops(1));
    let mut fresh = server.connect();
    let mut half = server.connect();
    half.say("GET /half HTTP/1.1\r\n");
    // A third one, answered, shows that the two before it have been accepted.
    assert_eq!(server.connect().get("/").status, 200);
    server.handle.shutdown();
    fresh.say("GET /fresh HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(fresh.reply().text(), "/fresh");
    half.say("host: a\r\n\r\n");
    assert_eq!(half.reply().text(), "/half");
    assert_eq!(server.join().cut, 0);
}

#[test]
fn a_held_up_loop_is_left_behind() {
    let (tell, told) = mpsc::channel();
    let config = ServerConfig::default().loops(1).shutdown(Duration::from_millis(50));
    let server = Running::start(config, move |_| {
        let _ = tell.send(());
        async {
            std::thread::sleep(Duration::from_secs(6));
            text("")
        }
    });
    let mut client = server.connect();
    client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    told.recv().unwrap();
    server.handle.shutdown();
    assert_eq!(server.join().cut, 1);
}
