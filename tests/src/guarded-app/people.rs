//! Who there is.

use aiopyramid::prelude::*;
use aiopyramid::security::HttpBasicCredentials;

/// What a user counts as.
pub(crate) type Groups = Vec<&'static str>;

/// Those of a user; `None` where there is none of that name. Counted, because nobody is to be asked twice for one request.
pub(crate) async fn groups(userid: String, request: Request) -> Result<Option<Groups>> {
    tokio::task::yield_now().await;
    let asked = request.extension::<Asked>().unwrap_or_default();
    request.set_extension(Asked(asked.0 + 1));
    Ok(known(&userid))
}

/// How often somebody was asked for a request.
#[derive(Clone, Default)]
pub(crate) struct Asked(pub(crate) u32);

/// The same where it blocks.
pub(crate) fn groups_that_block(userid: String, _: Request) -> Option<Groups> {
    std::thread::sleep(std::time::Duration::from_millis(1));
    known(&userid)
}

fn known(userid: &str) -> Option<Groups> {
    match userid {
        "ann" => Some(vec!["group:editors"]),
        "bob" | "größe" => Some(vec![]),
        _ => None,
    }
}

/// Whether a password is right.
pub(crate) fn is_right(sent: HttpBasicCredentials, _: Request) -> bool {
    matches!(
        (&*sent.username, &*sent.password),
        ("ann", "wonderland") | ("bob", "builder") | ("gone", "away")
    )
}
