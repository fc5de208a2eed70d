//! The tree: a cabinet in memory, folders and documents in the database.

use aiopyramid::prelude::*;

use crate::store::{Entry, Store, TOP};

/// The root. What is in it is known without asking anybody, so its `getitem` is a plain function.
pub(crate) struct Cabinet {
    store: Store,
}

/// A folder: it asks the database for what is in it.
pub(crate) struct Folder {
    pub(crate) id: i64,
    store: Store,
}

/// What is at the end of paths.
#[resource(provides = dyn Kept)]
pub(crate) struct Document {
    pub(crate) id: i64,
    pub(crate) text: String,
}

/// What is kept in the database. Some views are for all that is.
pub(crate) trait Kept: Resource {
    /// What the database knows it by.
    fn id(&self) -> i64;
    /// What one calls it.
    fn kind(&self) -> &'static str;
}

#[resource]
impl Cabinet {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    pub(crate) fn getitem(&self, name: &str) -> Option<Folder> {
        (name == "documents").then(|| Folder { id: TOP, store: self.store.clone() })
    }
}

#[resource(provides = dyn Kept)]
impl Folder {
    async fn getitem(&self, name: &str) -> Result<Option<Box<dyn Resource>>> {
        Ok(self.store.child(self.id, name).await?.map(|entry| self.resource(entry)))
    }

    /// What is in it, each with its place in the tree.
    pub(crate) async fn children(folder: &Located<Self>) -> Result<Vec<Located>> {
        let entries = folder.store.children(folder.id).await?;
        Ok(entries
            .into_iter()
            .map(|entry| folder.child(&entry.name.clone(), folder.resource().resource(entry)))
            .collect())
    }

    fn resource(&self, entry: Entry) -> Box<dyn Resource> {
        match entry.text {
            None => Box::new(Folder { id: entry.id, store: self.store.clone() }),
            Some(text) => Box::new(Document { id: entry.id, text }),
        }
    }
}

impl Kept for Folder {
    fn id(&self) -> i64 {
        self.id
    }

    fn kind(&self) -> &'static str {
        "folder"
    }
}

impl Kept for Document {
    fn id(&self) -> i64 {
        self.id
    }

    fn kind(&self) -> &'static str {
        "document"
    }
}
