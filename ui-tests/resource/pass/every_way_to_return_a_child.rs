use aiopyramid::prelude::*;

use std::sync::Arc;

use aiopyramid::traversal::IntoChild;

#[resource]
struct Book;

struct Values;
struct Shared(Arc<Book>);
struct Any;
struct Boxed;
struct Failing;
struct OwnError;
struct Aliased;
struct Written;

#[derive(Debug)]
struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("broken")
    }
}

impl std::error::Error for Broken {}

type Found = Option<Book>;

#[resource]
impl Values {
    const SIZE: usize = 1;

    fn getitem(&self, name: &str) -> Option<Book> {
        (name.len() == Self::SIZE).then_some(Book)
    }

    fn size(&self) -> usize {
        Self::SIZE
    }
}

#[resource]
impl Shared {
    fn getitem(&self, _: &str) -> Option<Arc<Book>> {
        Some(Arc::clone(&self.0))
    }
}

#[resource]
impl Any {
    async fn getitem(&self, name: &str) -> Option<Arc<dyn Resource>> {
        Some(if name == "any" { Book.into_child() } else { Arc::new(Any) })
    }
}

#[resource]
impl Boxed {
    fn getitem(&self, _: &str) -> Option<Box<dyn Resource>> {
        Some(Box::new(Book))
    }
}

#[resource]
impl Failing {
    async fn getitem<'a>(&'a self, name: &'a str) -> Result<Option<Book>> {
        Ok((name.parse::<u8>()? == 1).then_some(Book))
    }
}

#[resource]
impl OwnError {
    fn getitem(&self, _: &str) -> Result<Option<Book>, Broken> {
        Err(Broken)
    }
}

#[resource]
impl Aliased {
    fn getitem(&self, _: &str) -> Found {
        None
    }
}

#[resource]
impl Written {
    fn getitem(&self, _: &str) -> impl Future<Output = Option<Book>> + Send {
        std::future::ready(Some(Book))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    assert_eq!(Values.size(), 1);
    for root in [Values.into_child(), Any.into_child(), Boxed.into_child(), Written.into_child()] {
        let book = Located::new(root).find_resource("1").await?;
        assert!(book.is_some());
    }
    assert!(Located::new(Shared(Arc::new(Book))).find_resource("1").await?.is_some());
    assert!(Located::new(Failing).find_resource("x").await.is_err());
    assert!(Located::new(OwnError).find_resource("x").await.is_err());
    assert!(Located::new(Aliased).find_resource("x").await?.is_none());
    Ok(())
}
