//! Room for bytes, which a socket has only while there are some.

use std::cell::RefCell;

use bytes::BytesMut;

/// How much is read at once, and the most that is written at once as a rule.
pub(super) const SIZE: usize = 16 * 1024;

/// More are dropped; an event loop seldom has as many in use at the same moment.
const KEPT: usize = 4;

thread_local! {
    static SPARE: RefCell<Vec<BytesMut>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer, if possible one that has room.
pub(super) fn take() -> BytesMut {
    SPARE.try_with(|spare| spare.borrow_mut().pop()).ok().flatten().unwrap_or_default()
}

/// Gives a buffer back that has nothing in it. One that has grown much is not kept.
pub(super) fn give(buffer: &mut BytesMut) {
    debug_assert!(buffer.is_empty(), "what is in a buffer would be lost");
    let buffer = std::mem::take(buffer);
    if buffer.capacity() == 0 || buffer.capacity() > 4 * SIZE {
        return;
    }
    let _ = SPARE.try_with(|spare| {
        let mut spare = spare.borrow_mut();
        if spare.len() < KEPT {
            spare.push(buffer);
        }
    });
}
