//! The mask on what clients send (RFC 6455 section 5.3).

/// Puts the mask on, or takes it off, which is the same.
///
/// `at` is the position of the first byte in the payload of its frame: one that arrives in parts is unmasked in parts.
pub(crate) fn apply(payload: &mut [u8], key: [u8; 4], at: usize) {
    let key = [key[at & 3], key[(at + 1) & 3], key[(at + 2) & 3], key[(at + 3) & 3]];
    let word = u32::from_ne_bytes(key);
    let double = u64::from(word) << 32 | u64::from(word);
    // By eight bytes, of which the compiler makes whatever the processor has.
    let (words, rest) = payload.as_chunks_mut::<8>();
    for bytes in words {
        *bytes = (u64::from_ne_bytes(*bytes) ^ double).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(key.iter().cycle()) {
        *byte ^= key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_meets_the_byte_of_the_key_at_its_place() {
        let key = [0x11, 0x22, 0x44, 0x88];
        for length in 0..70 {
            let plain: Vec<u8> = (0..length).map(|byte| byte * 3).collect();
            let masked: Vec<u8> = plain.iter().enumerate().map(|(at, byte)| byte ^ key[at % 4]).collect();
            for split in 0..=plain.len() {
                let mut payload = masked.clone();
                let (first, second) = payload.split_at_mut(split);
                apply(first, key, 0);
                apply(second, key, split);
                assert_eq!(payload, plain, "{length} bytes, split at {split}");
            }
        }
    }
}
