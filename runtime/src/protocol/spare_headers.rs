//! Header maps that were used, with the memory that they have.
//!
//! A map of headers takes two allocations, and two more each time that it grows. hyper keeps the map of a response for the next
//! request of the same connection; here the map of a request is kept for the next response of the same thread, so that on a
//! connection that lasts no map is allocated, and a map that has once grown to the size of what clients send stays that large.

use std::cell::RefCell;
use std::mem;

use http::HeaderMap;

/// What one thread keeps. Maps only pile up where many requests end at once.
const KEPT: usize = 16;

/// The largest map that is kept: what a browser sends fits in, what somebody sends to take memory does not.
const LARGEST: usize = 64;

thread_local! {
    static SPARE: RefCell<Vec<HeaderMap>> = const { RefCell::new(Vec::new()) };
}

/// An empty map.
pub(crate) fn take() -> HeaderMap {
    SPARE.try_with(|spare| spare.borrow_mut().pop()).ok().flatten().unwrap_or_default()
}

/// Keeps a map that nobody needs any more, emptied. What is left in its place has no memory.
#[inline]
pub(crate) fn give(map: &mut HeaderMap) {
    if map.capacity() == 0 || map.capacity() > LARGEST {
        *map = HeaderMap::new();
        return;
    }
    // Before the store is borrowed: dropping a value could run anybody's code.
    map.clear();
    let _ = SPARE.try_with(|spare| {
        let mut spare = spare.borrow_mut();
        if spare.len() < KEPT {
            spare.push(mem::take(map));
        }
    });
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::{HOST, HeaderName};

    use super::*;

    fn map_of(fields: usize) -> HeaderMap {
        let name = |n: usize| HeaderName::from_bytes(format!("x-{n}").as_bytes()).unwrap();
        (0..fields).map(|n| (name(n), HeaderValue::from_static("secret"))).collect()
    }

    #[test]
    fn a_kept_map_comes_back_empty_with_its_memory() {
        let map = map_of(20);
        let capacity = map.capacity();
        give(&mut { map });
        let mut map = take();
        assert!(map.is_empty() && map.get("x-1").is_none());
        assert_eq!(map.capacity(), capacity);
        map.insert(HOST, HeaderValue::from_static("a"));
        assert_eq!(map.len(), 1);
    }

    #[test]
    fn neither_huge_maps_nor_too_many_are_kept() {
        give(&mut map_of(LARGEST + 1));
        assert_eq!(take().capacity(), 0);
        for _ in 0..2 * KEPT {
            give(&mut map_of(1));
        }
        let kept = std::iter::repeat_with(take).take_while(|map| map.capacity() > 0).count();
        assert_eq!(kept, KEPT);
    }
}
