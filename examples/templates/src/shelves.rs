//! Books on shelves, in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aiopyramid::TemplateContext;
use aiopyramid::prelude::*;
use serde::Serialize;

#[derive(Serialize, TemplateContext, Clone)]
pub(crate) struct Book {
    pub(crate) title: String,
    pub(crate) year: Option<u16>,
}

/// The shelves by their numbers.
pub(crate) struct Shelves(Mutex<BTreeMap<u32, Vec<Book>>>);

/// More do not fit.
const ROOM: usize = 100;

impl Shelves {
    pub(crate) fn filled() -> Self {
        let book = |title: &str, year| Book { title: title.to_owned(), year };
        let first = vec![book("Moby-Dick; or, The Whale", Some(1851)), book("Bouvard & Pécuchet", None)];
        Self(Mutex::new(BTreeMap::from([(1, first), (2, Vec::new())])))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Vec<Book>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The numbers of the shelves, and how many books are on them.
    pub(crate) fn counted(&self) -> Vec<(u32, usize)> {
        self.lock().iter().map(|(number, books)| (*number, books.len())).collect()
    }

    pub(crate) fn books(&self, number: u32) -> Result<Vec<Book>, HttpException> {
        self.lock().get(&number).cloned().ok_or_else(no_such_shelf)
    }

    /// Puts a book on a shelf, unless that is full.
    pub(crate) fn put(&self, number: u32, book: Book) -> Result<bool, HttpException> {
        let mut shelves = self.lock();
        let books = shelves.get_mut(&number).ok_or_else(no_such_shelf)?;
        let fits = books.len() < ROOM;
        if fits {
            books.push(book);
        }
        Ok(fits)
    }
}

fn no_such_shelf() -> HttpException {
    HttpException::not_found().with_detail("there are two shelves")
}
