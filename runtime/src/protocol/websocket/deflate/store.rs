//! Compressors and decompressors that nobody uses at the moment, for the next message of any socket on this thread.

use std::cell::RefCell;

use flate2::{Compress, Compression as Level, Decompress};

/// How many of a kind a thread keeps.
const KEPT: usize = 2;

/// A compressor by what cannot be changed of it.
struct Kept {
    window_bits: u8,
    level: u32,
    compress: Compress,
}

thread_local! {
    static COMPRESSORS: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
    static DECOMPRESSORS: RefCell<Vec<Decompress>> = const { RefCell::new(Vec::new()) };
}

/// One that has seen nothing.
pub(super) fn compressor(window_bits: u8, level: u32) -> Compress {
    let fits = |kept: &Kept| kept.window_bits == window_bits && kept.level == level;
    let kept = COMPRESSORS.try_with(|store| {
        let mut store = store.borrow_mut();
        let at = store.iter().position(fits)?;
        Some(store.swap_remove(at).compress)
    });
    // DEFLATE with a window of 8 bits is not made by zlib; with 9 it refers back by 250 bytes at most, which is less.
    kept.ok()
        .flatten()
        .unwrap_or_else(|| Compress::new_with_window_bits(Level::new(level), false, window_bits.max(9)))
}

/// Takes one back. It forgets what it has seen.
pub(super) fn keep_compressor(window_bits: u8, level: u32, mut compress: Compress) {
    let _ = COMPRESSORS.try_with(|store| {
        let mut store = store.borrow_mut();
        if store.len() == KEPT {
            store.remove(0);
        }
        compress.reset();
        store.push(Kept { window_bits, level, compress });
    });
}

/// One that has seen nothing, with the widest window.
pub(super) fn decompressor() -> Decompress {
    let kept = DECOMPRESSORS.try_with(|store| store.borrow_mut().pop());
    kept.ok().flatten().unwrap_or_else(|| Decompress::new(false))
}

/// Takes one back. It forgets what it has seen.
pub(super) fn keep_decompressor(mut decompress: Decompress) {
    let _ = DECOMPRESSORS.try_with(|store| {
        let mut store = store.borrow_mut();
        if store.len() < KEPT {
            decompress.reset(false);
            store.push(decompress);
        }
    });
}
