//! A map from pieces of paths to numbers, made once and then only read.

/// Marks that there is no such number.
pub(super) const NONE: u32 = u32::MAX;

/// A map from a number and a text to a number. All keys lie in one piece of memory, one after the other, and a look-up
/// makes no key of its own; that is what it is for.
///
/// Its hash has no secret, which is safe here: whoever asks cannot add a key, and the keys are the program's own.
#[derive(Debug)]
pub(super) struct Edges {
    slots: Box<[Slot]>,
    /// A bit for each length that a key has, modulo 64: most texts that are no key are told by that.
    lengths: u64,
    /// The keys that are too long for a slot.
    long_keys: Box<[u8]>,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    digest: Digest,
    from: u32,
    to: u32,
    /// Where the key stands among the long ones.
    start: u32,
}

const VACANT: Slot = Slot { digest: Digest { ends: (0, 0), length: 0 }, from: 0, to: NONE, start: 0 };

impl Edges {
    /// The map with these entries, of which no two have the same key.
    pub(super) fn new<'k>(entries: impl ExactSizeIterator<Item = (u32, &'k [u8], u32)>) -> Self {
        // At most half full, so that a chain of slots is short.
        let mut slots = vec![VACANT; (entries.len() * 2).next_power_of_two().max(2)].into_boxed_slice();
        let mut long_keys = Vec::new();
        let mut lengths = 0;
        for (from, key, to) in entries {
            let digest = Digest::of(key);
            lengths |= bit_of(key);
            let hash = if digest.is_whole_key() { hash(from, digest) } else { hash_long(from, digest, key) };
            let mut at = hash & (slots.len() - 1);
            while slots[at].to != NONE {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = Slot { digest, from, to, start: number(long_keys.len()) };
            if !digest.is_whole_key() {
                long_keys.extend_from_slice(key);
            }
        }
        Self { slots, lengths, long_keys: long_keys.into() }
    }

    /// The number of this key.
    #[inline]
    pub(super) fn get(&self, from: u32, key: &[u8]) -> Option<u32> {
        if self.lengths & bit_of(key) == 0 {
            return None;
        }
        if key.len() > WHOLE {
            return self.get_long(from, key);
        }
        let digest = Digest::of(key);
        self.probe(from, digest, hash(from, digest), |_| true)
    }

    /// Apart, so that the loop over a long key costs a short one nothing.
    #[inline(never)]
    fn get_long(&self, from: u32, key: &[u8]) -> Option<u32> {
        let digest = Digest::of(key);
        self.probe(from, digest, hash_long(from, digest, key), |slot| {
            let start = slot.start as usize;
            self.long_keys[start..start + key.len()] == *key
        })
    }

    #[inline]
    fn probe(&self, from: u32, digest: Digest, hash: usize, is_same: impl Fn(&Slot) -> bool) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut at = hash & mask;
        loop {
            let slot = &self.slots[at];
            if slot.to == NONE {
                return None;
            }
            if slot.from == from && slot.digest == digest && is_same(slot) {
                return Some(slot.to);
            }
            at = (at + 1) & mask;
        }
    }
}

/// The bit of a key's length.
#[inline]
fn bit_of(key: &[u8]) -> u64 {
    1 << (key.len() % 64)
}

/// The length up to which a digest is the key itself.
const WHOLE: usize = 16;

/// The first eight and the last eight bytes of a key, and its length. Of up to sixteen bytes, which nearly all segments have
/// and many whole paths, this is the key itself, so that neither hash nor comparison has to loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Digest {
    ends: (u64, u64),
    length: usize,
}

impl Digest {
    #[inline]
    fn of(key: &[u8]) -> Self {
        let ends = match (key.first_chunk(), key.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => Self::short(key),
        };
        Self { ends, length: key.len() }
    }

    #[inline]
    fn short(key: &[u8]) -> (u64, u64) {
        if let (Some(first), Some(last)) = (key.first_chunk(), key.last_chunk()) {
            return (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into());
        }
        match *key {
            [] => (0, 0),
            [one] => (one.into(), 0),
            [one, two] => (one.into(), two.into()),
            [one, two, three, ..] => (u64::from(one) << 8 | u64::from(two), three.into()),
        }
    }

    #[inline]
    fn is_whole_key(self) -> bool {
        self.length <= WHOLE
    }
}

/// A length or a place in the tables of an application, which does not have four thousand million of anything.
pub(super) fn number(length: usize) -> u32 {
    u32::try_from(length)
        .ok()
        .filter(|number| *number != NONE)
        .expect("fewer than 2^32 routes, segments and characters")
}

const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Mixes by multiplying.
#[inline]
fn hash(from: u32, digest: Digest) -> usize {
    folded(seed(from, digest), digest)
}

/// The same for a key of which the digest is only a part.
fn hash_long(from: u32, digest: Digest, key: &[u8]) -> usize {
    let state = key[8..key.len() - 8].chunks(8).fold(seed(from, digest), |state, chunk| {
        let (one, two) = Digest::of(chunk).ends;
        mix(state ^ one, ODD ^ two)
    });
    folded(state, digest)
}

#[inline]
fn seed(from: u32, digest: Digest) -> u64 {
    u64::from(from) << 32 ^ digest.length as u64 ^ ODD
}

#[inline]
fn folded(state: u64, digest: Digest) -> usize {
    let mixed = mix(state ^ digest.ends.0, ODD ^ digest.ends.1);
    #[expect(clippy::cast_possible_truncation)]
    let folded = (mixed ^ mixed >> 32) as usize;
    folded
}

/// The product with its upper half folded into the lower, so that every bit of both counts.
fn mix(one: u64, two: u64) -> u64 {
    let product = u128::from(one) * u128::from(two);
    low(product) ^ high(product)
}

#[expect(clippy::cast_possible_truncation)]
fn low(number: u128) -> u64 {
    number as u64
}

fn high(number: u128) -> u64 {
    (number >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_and_nothing_else() {
        let keys: Vec<String> = (0..5_000).map(|n| format!("{}{n}", "segment-".repeat(n % 4))).collect();
        let entries: Vec<(u32, &[u8], u32)> =
            (0u32..).zip(&keys).map(|(n, key)| (n % 7, key.as_bytes(), n)).collect();
        let edges = Edges::new(entries.iter().copied());
        for (from, key, to) in entries {
            assert_eq!(edges.get(from, key), Some(to));
            assert_eq!(edges.get(from + 1, key), None);
            assert_eq!(edges.get(from, &[key, b"x"].concat()), None);
        }
    }

    #[test]
    fn an_empty_map_has_no_keys() {
        assert_eq!(Edges::new([].into_iter()).get(0, b""), None);
    }

    #[test]
    fn keys_that_differ_in_one_byte_spread() {
        let hashes: std::collections::HashSet<usize> =
            (0..1_000).map(|n| hash_of(format!("/route/{n:05}").as_bytes()) & 0xFFFF).collect();
        assert!(hashes.len() > 950, "{}", hashes.len());
        let hashes: std::collections::HashSet<usize> = (0..1_000)
            .map(|n| hash_of(format!("/a-long/beginning/{n:05}/and-a-long-end").as_bytes()) & 0xFFFF)
            .collect();
        assert!(hashes.len() > 950, "{}", hashes.len());
    }

    fn hash_of(key: &[u8]) -> usize {
        let digest = Digest::of(key);
        if digest.is_whole_key() { hash(0, digest) } else { hash_long(0, digest, key) }
    }
}
