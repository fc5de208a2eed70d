use aiopyramid::prelude::*;

use std::sync::Arc;

struct Folder<T>(Vec<Arc<T>>);

#[resource]
impl<T> Folder<T>
where
    T: Resource,
{
    fn getitem(&self, name: &str) -> Option<Arc<T>> {
        self.0.get(name.parse::<usize>().ok()?).cloned()
    }
}

trait Titled: Resource {
    fn title(&self) -> &str;
}

#[resource(provides = dyn Titled)]
enum Page {
    First,
    Last,
}

impl Titled for Page {
    fn title(&self) -> &str {
        match self {
            Page::First => "first",
            Page::Last => "last",
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let pages = Located::new(Folder(vec![Arc::new(Page::First), Arc::new(Page::Last)]));
    let last = pages.find_resource("1").await?.and_then(|page| page.downcast::<dyn Titled>());
    assert_eq!(last.map(|page| page.title().to_owned()), Some("last".to_owned()));
    Ok(())
}
