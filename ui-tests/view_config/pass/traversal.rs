#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;
use aiopyramid::traversal::Resource;

struct Folder;

impl Resource for Folder {}

struct Holder<A, B>(A, B);

impl Resource for Holder<u8, Vec<u8>> {}

trait Titled {}

trait Shelf: Resource {}

#[view_config]
async fn anything() -> &'static str {
    "anything"
}

#[view_config()]
fn body(text: String) -> String {
    text
}

#[view_config(context = Folder)]
#[view_config(context = self::Folder, name = "contents")]
#[view_config(name = "edit", context = dyn Titled, request_method = "GET")]
#[view_config(context = dyn Titled + Send, name = "über uns")]
#[view_config(context = dyn Shelf, containment = dyn Titled)]
#[view_config(context = Holder<u8, Vec<u8>>, not(containment = Holder<u8, Vec<u8>>))]
async fn folder(request: &Request) -> String {
    request.method().to_string()
}

#[view_config(route = "/tree/*traverse", name = "edit", context = Folder)]
fn hybrid(traverse: Vec<String>) -> String {
    traverse.join("/")
}

struct Forms;

#[view_defaults(context = Folder, name = "form", permission = "edit")]
impl Forms {
    fn new() -> Self {
        Self
    }

    #[view_config(request_method = "GET")]
    async fn show(&self) -> &'static str {
        "form"
    }

    #[view_config(request_method = "POST", name = "save", permission = "save")]
    fn save(self) -> &'static str {
        "saved"
    }
}

fn main() {}
