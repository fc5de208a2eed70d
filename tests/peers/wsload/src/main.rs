//! A websocket load client on one thread. It frames by hand and reuses the bytes it sends, so that it costs less per
//! message than any server it measures. Every answer is parsed and its length and first byte are checked.
//!
//!     wsload rtt     --port P --conns N --size S --secs T    one message in flight per connection
//!     wsload flood   --port P --conns N --size S --secs T --window W    W messages in flight per connection
//!     wsload connect --port P --conns N --secs T    connect, upgrade, one echo, close; N at a time
//!     wsload idle    --port P --conns N --size S    open N, one echo each, hold until standard input ends
//!     wsload room    --port P --conns N --size S --secs T    N in one room, one of which says something again and again
//!
//! `--messages M` (rtt, flood and room) ends after M echoes per connection instead of after a time.
//! One line of JSON on standard output tells the result.

mod frame;
mod load;
mod options;
mod totals;

use options::{Mode, Options};
use std::cell::RefCell;
use std::io;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::task::{JoinSet, LocalSet};
use totals::Totals;

/// The limit of a load that ends by itself.
const LONG: f64 = 300.0;

async fn run(options: Options) -> io::Result<()> {
    if let Mode::Idle = options.mode {
        return load::idle(&options).await;
    }
    let options = Rc::new(options);
    let mut streams = Vec::new();
    if let Mode::RoundTrip | Mode::Flood = options.mode {
        for _ in 0..options.connections {
            streams.push(load::open(options.addr).await?);
        }
    }
    if let Mode::Room = options.mode {
        streams = load::enter_room(&options).await?;
    }
    let totals = Rc::new(RefCell::new(Totals::default()));
    let start = Instant::now();
    let until = start + Duration::from_secs_f64(if options.messages.is_some() { LONG } else { options.secs });
    let mut tasks = JoinSet::new();
    match options.mode {
        Mode::RoundTrip => streams.into_iter().for_each(|stream| {
            tasks.spawn_local(load::rtt(stream, options.clone(), until, totals.clone()));
        }),
        Mode::Flood => streams.into_iter().for_each(|stream| {
            tasks.spawn_local(load::flood(stream, options.clone(), until, totals.clone()));
        }),
        Mode::Room => {
            tasks.spawn_local(load::room(streams, options.clone(), until, totals.clone()));
        }
        Mode::Connect | Mode::Idle => (0..options.connections).for_each(|_| {
            tasks.spawn_local(load::connects(options.clone(), until, totals.clone()));
        }),
    }
    while let Some(done) = tasks.join_next().await {
        if let Err(error) = done.map_err(io::Error::other)? {
            totals.borrow_mut().fail(&error);
        }
    }
    println!("{}", totals.borrow().to_json(start.elapsed()));
    Ok(())
}

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("wsload: {why}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    match LocalSet::new().block_on(&runtime, run(options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wsload: {error}");
            ExitCode::FAILURE
        }
    }
}
