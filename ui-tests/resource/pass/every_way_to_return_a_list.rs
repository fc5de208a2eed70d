//! A plain `acl` and an awaited one, with and without a `getitem`, whatever they return.

use aiopyramid::prelude::*;
use aiopyramid::security::{Acl, EVERYONE};

fn list() -> Acl {
    Acl::new().allow(EVERYONE, "view")
}

struct Plain;

#[resource]
impl Plain {
    fn acl(&self) -> Acl {
        list()
    }
}

struct Perhaps<T>(T);

#[resource]
impl<T: Send + Sync + 'static> Perhaps<T> {
    fn getitem(&self, _name: &str) -> Option<Plain> {
        Some(Plain)
    }

    fn acl(&self) -> Option<Acl> {
        None
    }
}

struct Failing;

#[resource]
impl Failing {
    fn acl(&self) -> Result<Acl, std::fmt::Error> {
        Err(std::fmt::Error)
    }
}

struct Awaited;

#[resource]
impl Awaited {
    async fn acl(&self) -> Result<Option<Acl>> {
        tokio::task::yield_now().await;
        Ok(Some(list()))
    }
}

fn main() {
    use aiopyramid::security::ResourceAcl;

    assert!(matches!(Resource::acl(&Plain), ResourceAcl::Ready(_)));
    assert!(matches!(Resource::acl(&Perhaps(1_u8)), ResourceAcl::None));
    assert!(matches!(Resource::acl(&Failing), ResourceAcl::Waiting(_)));
    assert!(matches!(Resource::acl(&Awaited), ResourceAcl::Waiting(_)));
}
