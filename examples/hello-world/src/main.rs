//! A coroutine view, a blocking view and a class of views, side by side.
//!
//! Run with `cargo run -p hello-world`, then `curl http://127.0.0.1:6543/hello/Ann`.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use aiopyramid::prelude::*;

/// A coroutine: it runs on the event loop, and waits without holding anybody up.
#[view_config(route = "/hello/{name}")]
async fn hello(name: String) -> String {
    format!("Hello, {name}!\n")
}

/// How long to sleep, from the query string: `/nap?seconds=0.5`.
#[derive(serde::Deserialize)]
struct Nap {
    #[serde(default)]
    seconds: f64,
}

/// A plain function: it may block, so it runs in a pool of threads.
#[view_config(route = "/nap", renderer = "json")]
fn nap(nap: Query<Nap>) -> Result<String> {
    let rest = Duration::try_from_secs_f64(nap.seconds.min(5.0))
        .map_err(|_| HttpException::bad_request("parameter `seconds`: nobody can sleep that long"))?;
    thread::sleep(rest);
    Ok(format!("slept {} seconds in {:?}", rest.as_secs_f64(), thread::current().name()))
}

/// What the application remembers.
#[derive(Default)]
struct Guests(Mutex<Vec<String>>);

#[route("/guests/{name}")]
struct Guest {
    name: String,
}

/// A class of views: `new` is given what the request has, and each view is a method.
struct GuestViews {
    guests: State<Guests>,
    name: String,
}

#[view_defaults(route = Guest)]
impl GuestViews {
    fn new(guests: State<Guests>, name: String) -> Self {
        Self { guests, name }
    }

    #[view_config(request_method = "GET")]
    async fn show(&self, request: &Request) -> Result<String> {
        if !self.guests.0.lock().expect("not poisoned").contains(&self.name) {
            return Err(HttpException::not_found().with_detail(format!("{} is not here", self.name)).into());
        }
        Ok(format!("{} is here, see {}\n", self.name, request.route_url(&Guest { name: self.name.clone() })?))
    }

    #[view_config(request_method = "PUT")]
    fn welcome(&self) -> &'static str {
        self.guests.0.lock().expect("not poisoned").push(self.name.clone());
        "welcome\n"
    }
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.manage(Guests::default());
    config.scan();
    Ok(())
}

#[cfg(test)]
mod tests {
    use aiopyramid::testing::Client;

    use super::{Configurator, Guests, Result, hello};

    fn configure(config: &mut Configurator) -> Result<()> {
        config.manage(Guests::default());
        config.scan();
        Ok(())
    }

    #[aiopyramid::test]
    async fn a_view_is_an_ordinary_function() {
        assert_eq!(hello("Ann".into()).await, "Hello, Ann!\n");
    }

    #[aiopyramid::test(configure = configure)]
    async fn guests_are_there_once_they_were_welcomed(client: Client) {
        assert_eq!(client.get("/guests/Ann").await.status(), 404);
        assert_eq!(client.put("/guests/Ann").await.text(), "welcome\n");
        assert_eq!(
            client.get("/guests/Ann").await.text(),
            "Ann is here, see http://example.com/guests/Ann\n"
        );
        let refused = client.post("/guests/Ann").await;
        assert_eq!((refused.status().as_u16(), refused.header("allow")), (405, "GET, HEAD, PUT"));
    }

    #[aiopyramid::test(configure = configure)]
    async fn a_blocking_view_runs_in_a_thread_of_the_pool(client: Client) {
        assert!(client.get("/nap").await.json::<String>().contains("aio-default"));
        let refused = client.get("/nap?seconds=abc").await;
        assert_eq!(refused.status(), 400);
        assert!(refused.text().contains("parameter `seconds`"), "{}", refused.text());
    }
}
