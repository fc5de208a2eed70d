#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

use aiopyramid::executor::ScopeError;

#[synchronize]
async fn price(of: &str) -> Result<usize> {
    tokio::task::yield_now().await;
    Ok(of.len())
}

#[synchronize]
async fn number() -> usize {
    7
}

#[synchronize]
async fn nothing() {}

struct Trouble(String);

impl From<ScopeError> for Trouble {
    fn from(error: ScopeError) -> Self {
        Self(error.to_string())
    }
}

#[synchronize]
async fn own() -> std::result::Result<usize, Trouble> {
    Err(Trouble("own".to_owned()))
}

#[view_config(route = "/price/{of}")]
fn show(of: String) -> Result<String> {
    nothing()?;
    let own = own().map_err(|trouble| Error::msg(trouble.0))?;
    Ok(format!("{} {} {own}", price(&of)?, number()?))
}

fn main() {
    // Outside an application there is no event loop to wait with.
    assert!(matches!(number(), Err(ScopeError::OutsideApplication)));
}
