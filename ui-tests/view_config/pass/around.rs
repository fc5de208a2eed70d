#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;
use aiopyramid::view::View;

const EDIT: &str = "edit";

mod permissions {
    pub(crate) const VIEW: &str = "view";
}

fn stamped(view: View) -> View {
    View::new(move |request| view.call(request))
}

fn timed(view: View) -> View {
    view
}

#[view_config(route = "/a", permission = "edit", http_cache = 3600, decorator = stamped)]
#[view_config(route = "/b", permission = EDIT, http_cache = 0, decorator = [stamped, self::timed])]
#[view_config(route = "/c", permission = permissions::VIEW, http_cache = "public", decorator = (stamped, timed))]
#[view_config(route = "/d", http_cache = (3600, "public, s-maxage=60"))]
#[view_config(route = "/e", http_cache = [0, "private"])]
async fn letter() -> &'static str {
    "Dear reader,"
}

fn main() {}
