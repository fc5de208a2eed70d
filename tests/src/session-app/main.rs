//! An application that remembers its clients, in a cookie signed with the setting `session_secret`.

use aiopyramid::prelude::*;
use aiopyramid::session::SignedCookieSessionFactory;

fn count(session: &Session) -> Result<String> {
    let visits = session.update("visits", |visits: &mut u32| {
        *visits += 1;
        *visits
    })?;
    Ok(format!("{visits}\n"))
}

#[view_config(route = "/visits")]
async fn visits(session: Session) -> Result<String> {
    count(&session)
}

#[view_config(route = "/visits/blocking")]
fn visits_blocking(session: Session) -> Result<String> {
    count(&session)
}

#[view_config(route = "/untouched")]
async fn untouched(_session: Session) -> &'static str {
    "nothing\n"
}

#[view_config(route = "/notes", request_method = "POST")]
fn save(session: Session) -> Result<Response> {
    session.flash("Your note was saved.");
    Response::see_other("/notes")
}

#[view_config(route = "/notes")]
async fn notes(session: Session) -> String {
    format!("{}\n", session.pop_flash().join(", "))
}

#[view_config(route = "/token")]
async fn token(request: &Request) -> Result<String> {
    Ok(format!("{}\n", request.get_csrf_token().await?))
}

/// Blocks, and is reached by forms of this site alone.
#[view_config(route = "/transfer", request_method = "POST", require_csrf = true)]
fn transfer(form: Form<Transfer>) -> String {
    format!("{} are on their way\n", form.amount)
}

#[derive(serde::Deserialize)]
struct Transfer {
    amount: u32,
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.set_session_factory(SignedCookieSessionFactory::from_settings());
    config.scan();
    Ok(())
}
