//! A byte looked for eight bytes at a time. Paths are short: what a vectorised search spends on its preparations is more
//! than this takes altogether.

/// Where `byte` stands in `chunk`: the highest bit of each byte that is one, the first byte lowest.
pub(crate) fn places(chunk: [u8; 8], byte: u8) -> u64 {
    const LOW_BITS: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    // Zero where the byte stands. The carry of the addition stays inside its byte, unlike the borrow of the shorter trick with
    // a subtraction, which finds bytes that are none.
    let word = u64::from_le_bytes(chunk) ^ u64::from_le_bytes([byte; 8]);
    !(((word & LOW_BITS) + LOW_BITS) | word | LOW_BITS)
}

/// Whether `byte` stands in `bytes`.
pub(crate) fn contains(bytes: &[u8], byte: u8) -> bool {
    let Some(last) = bytes.last_chunk() else { return bytes.contains(&byte) };
    for chunk in bytes.as_chunks().0 {
        if places(*chunk, byte) != 0 {
            return true;
        }
    }
    // These eight overlap with those before, which does no harm.
    places(*last, byte) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for length in 0..40 {
            // Its neighbours in value are what a careless trick finds.
            let mut bytes = vec![b'%' + 1; length];
            assert!(!contains(&bytes, b'%'));
            for at in 0..length {
                bytes[at] = b'%';
                assert!(contains(&bytes, b'%'), "{at} of {length}");
                bytes[at] = b'%' | 0x80;
            }
            assert!(!contains(&bytes, b'%'));
        }
    }

    #[test]
    fn places_are_exact() {
        assert_eq!(places(*b"/a/0.\xAF./", b'/'), 0x8000_0000_0080_0080);
    }
}
