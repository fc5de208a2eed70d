//! An application in which nearly everything is wrong that only shows when it is put together.

use aiopyramid::prelude::*;

/// Nobody manages it.
struct Ledger;

#[view_config(route = "/accounts")]
async fn accounts() -> &'static str {
    "accounts"
}

#[view_config(route = "/accounts")]
async fn accounts_again() -> &'static str {
    "accounts"
}

#[view_config(route = "/customers/{id}")]
async fn customer(id: u32) -> String {
    id.to_string()
}

#[view_config(route = "/customers/{name}")]
async fn customer_by_name(name: String) -> String {
    name
}

#[view_config(route = "/ledger")]
async fn ledger(ledger: State<Ledger>) -> String {
    std::any::type_name_of_val(&*ledger).to_owned()
}

#[view_config(route = "/archive", mapper = executor("archive"))]
fn archive() -> &'static str {
    "archive"
}

async fn lost() -> &'static str {
    "lost"
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.add_route("broken", "/broken/{id:(}");
    config.add_view(lost).route("nowhere");
    config.manage(1_u8).manage(2_u8);
    config.scan();
    Ok(())
}
