//! The head of a frame (RFC 6455 section 5.2).

use bytes::{BufMut, BytesMut};

use super::Violation;

/// The most that a control frame may hold (section 5.5).
pub(crate) const LONGEST_CONTROL: usize = 125;

/// What stands for the length of a payload where it follows in two bytes, and in eight.
const TWO_BYTES: u8 = 0x7e;
const EIGHT_BYTES: u8 = 0x7f;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Opcode {
    /// More of the message that has begun.
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

impl Opcode {
    pub(crate) fn is_control(self) -> bool {
        self as u8 >= Self::Close as u8
    }
}

impl TryFrom<u8> for Opcode {
    type Error = Violation;

    fn try_from(opcode: u8) -> Result<Self, Violation> {
        Ok(match opcode {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            other => return Err(Violation::Opcode(other)),
        })
    }
}

/// What stands before a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// Whether this is the last frame of its message.
    pub(crate) fin: bool,
    /// The first reserved bit: the message is compressed (RFC 7692 section 6).
    pub(crate) rsv1: bool,
    pub(crate) opcode: Opcode,
    pub(crate) mask: Option<[u8; 4]>,
    /// The bytes of the payload: what is claimed, not what is there.
    pub(crate) length: u64,
}

impl Header {
    /// Reads a head at the beginning of `bytes`: what it says, and how long it is. `None` if it is not complete.
    ///
    /// # Errors
    /// What is wrong whatever was agreed on: the two reserved bits that have no meaning, an opcode or a length that must not
    /// be, a control frame that is long or in pieces.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, Violation> {
        let &[first, second, ref rest @ ..] = bytes else { return Ok(None) };
        if first & 0x30 != 0 {
            return Err(Violation::ReservedBit);
        }
        let opcode = Opcode::try_from(first & 0x0f)?;
        let fin = first & 0x80 != 0;
        let short = second & 0x7f;
        if opcode.is_control() {
            if !fin {
                return Err(Violation::FragmentedControl);
            }
            if usize::from(short) > LONGEST_CONTROL {
                return Err(Violation::LongControl);
            }
        }
        let (length, rest) = match short {
            TWO_BYTES => {
                let Some((length, rest)) = rest.split_first_chunk() else { return Ok(None) };
                let length = u16::from_be_bytes(*length);
                if length < 126 {
                    return Err(Violation::Length);
                }
                (u64::from(length), rest)
            }
            EIGHT_BYTES => {
                let Some((length, rest)) = rest.split_first_chunk() else { return Ok(None) };
                let length = u64::from_be_bytes(*length);
                if u16::try_from(length).is_ok() || length > u64::MAX >> 1 {
                    return Err(Violation::Length);
                }
                (length, rest)
            }
            short => (u64::from(short), rest),
        };
        let (mask, rest) = if second & 0x80 == 0 {
            (None, rest)
        } else {
            let Some((mask, rest)) = rest.split_first_chunk() else { return Ok(None) };
            (Some(*mask), rest)
        };
        let header = Self { fin, rsv1: first & 0x40 != 0, opcode, mask, length };
        Ok(Some((header, bytes.len() - rest.len())))
    }

    /// Writes it.
    #[inline]
    pub(crate) fn write(&self, out: &mut BytesMut) {
        let first = u8::from(self.fin) << 7 | u8::from(self.rsv1) << 6 | self.opcode as u8;
        let masked = u8::from(self.mask.is_some()) << 7;
        if self.length < 126 {
            #[expect(clippy::cast_possible_truncation, reason = "less than 126")]
            out.put_slice(&[first, masked | self.length as u8]);
        } else if let Ok(length) = u16::try_from(self.length) {
            let [high, low] = length.to_be_bytes();
            out.put_slice(&[first, masked | TWO_BYTES, high, low]);
        } else {
            out.put_slice(&[first, masked | EIGHT_BYTES]);
            out.put_u64(self.length);
        }
        if let Some(mask) = self.mask {
            out.put_slice(&mask);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_less_is_enough() {
        for length in [0, 1, 125, 126, 127, 65535, 65536, u64::from(u32::MAX), u64::MAX >> 1] {
            for mask in [None, Some([1, 2, 3, 4])] {
                for (opcode, fin, rsv1) in [
                    (Opcode::Text, true, true),
                    (Opcode::Binary, false, false),
                    (Opcode::Continuation, true, false),
                ] {
                    let header = Header { fin, rsv1, opcode, mask, length };
                    let mut out = BytesMut::new();
                    header.write(&mut out);
                    let written = out.len();
                    for part in 0..written {
                        assert_eq!(Header::parse(&out[..part]), Ok(None), "{header:?}");
                    }
                    out.put_slice(b"payload");
                    assert_eq!(Header::parse(&out), Ok(Some((header, written))));
                }
            }
        }
    }

    #[test]
    fn what_must_not_be_is_refused() {
        for (bytes, violation) in [
            (&[0x91, 0x80][..], Violation::ReservedBit),
            (&[0xa1, 0x80], Violation::ReservedBit),
            (&[0x83, 0x80], Violation::Opcode(3)),
            (&[0x87, 0x80], Violation::Opcode(7)),
            (&[0x8b, 0x80], Violation::Opcode(11)),
            (&[0x8f, 0x80], Violation::Opcode(15)),
            (&[0x09, 0x80], Violation::FragmentedControl),
            (&[0x08, 0x82], Violation::FragmentedControl),
            (&[0x89, 0xfe], Violation::LongControl),
            (&[0x88, 0xff], Violation::LongControl),
            (&[0x82, 0xfe, 0, 125], Violation::Length),
            (&[0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff], Violation::Length),
            (&[0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0], Violation::Length),
        ] {
            assert_eq!(Header::parse(bytes), Err(violation), "{bytes:02x?}");
        }
    }
}
