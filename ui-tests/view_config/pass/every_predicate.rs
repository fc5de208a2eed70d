#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;
use aiopyramid::traversal::Resource;

struct Folder;

impl Resource for Folder {}

fn is_weekend(_: &Request) -> bool {
    false
}

mod checks {
    pub(crate) fn is_beta(request: &aiopyramid::Request) -> bool {
        request.header("x-beta").is_some()
    }
}

#[view_config(
    request_method = ["GET", "PUT"],
    request_param = ("page", "size=10", "=odd"),
    header = "X-Api-Version",
    accept = "text/html",
    xhr = true,
    path_info = r"(?i)/docs/\d{2}",
    containment = Folder,
    physical_path = "/docs/a",
    is_authenticated = true,
    effective_principals = ["group:editors", "group:admins"],
    predicate = is_weekend,
)]
async fn all() -> &'static str {
    "all"
}

#[view_config(
    not(
        request_method = "GET",
        request_param = "page",
        path_info = "/old",
        containment = Folder,
        physical_path = "/docs",
        is_authenticated = false,
        effective_principals = "group:editors",
        predicate = [is_weekend, checks::is_beta],
    ),
    accept = "text/html;level=1",
)]
fn none() -> &'static str {
    "none"
}

fn main() {}
