//! Websocket frames by hand (RFC 6455, section 5.2): one made in advance, the others only counted.

use std::io;

const PAYLOAD: u8 = b'a';
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// Why a connection is given up.
pub(crate) fn broken(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

/// One masked client frame.
pub(crate) fn masked(size: usize, text: bool) -> Vec<u8> {
    let mut frame = vec![if text { 0x81 } else { 0x82 }];
    match size {
        0..=125 => frame.push(0x80 | size as u8),
        126..=0xffff => {
            frame.push(0x80 | 0x7e);
            frame.extend_from_slice(&(size as u16).to_be_bytes());
        }
        _ => {
            frame.push(0x80 | 0x7f);
            frame.extend_from_slice(&(size as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(&MASK);
    frame.extend(MASK.iter().cycle().take(size).map(|mask| PAYLOAD ^ mask));
    frame
}

/// Takes bytes as they come and counts whole data messages.
pub(crate) struct Counter {
    head: Vec<u8>,
    payload_left: u64,
    message: u64,
    fin: bool,
    control: bool,
    first_seen: bool,
    size: u64,
}

impl Counter {
    pub(crate) fn new(size: usize) -> Counter {
        Counter {
            head: Vec::with_capacity(16),
            payload_left: 0,
            message: 0,
            fin: false,
            control: false,
            first_seen: true,
            size: size as u64,
        }
    }

    /// How many data messages these bytes complete.
    pub(crate) fn feed(&mut self, mut bytes: &[u8]) -> io::Result<u64> {
        let mut done = 0;
        loop {
            if self.payload_left > 0 {
                let n = (bytes.len() as u64).min(self.payload_left) as usize;
                if n == 0 {
                    return Ok(done);
                }
                if !self.first_seen {
                    self.first_seen = true;
                    if bytes[0] != PAYLOAD {
                        return Err(broken("wrong payload"));
                    }
                }
                bytes = &bytes[n..];
                self.payload_left -= n as u64;
                if self.payload_left > 0 {
                    return Ok(done);
                }
                done += self.end_of_frame()?;
            }
            let Some(&next) = bytes.first() else { return Ok(done) };
            self.head.push(next);
            bytes = &bytes[1..];
            let Some(length) = self.length()? else { continue };
            let first = self.head[0];
            self.head.clear();
            self.fin = first & 0x80 != 0;
            self.control = first & 0x08 != 0;
            if first & 0x0f == 8 {
                return Err(broken("server closed"));
            }
            self.first_seen = self.control;
            if !self.control {
                self.message += length;
            }
            self.payload_left = length;
            if length == 0 {
                done += self.end_of_frame()?;
            }
        }
    }

    fn length(&self) -> io::Result<Option<u64>> {
        let h = &self.head;
        if h.len() < 2 {
            return Ok(None);
        }
        if h[1] & 0x80 != 0 {
            return Err(broken("server frame is masked"));
        }
        Ok(match h[1] {
            126 if h.len() == 4 => Some(u64::from(u16::from_be_bytes([h[2], h[3]]))),
            127 if h.len() == 10 => Some(u64::from_be_bytes(h[2..10].try_into().unwrap())),
            126 | 127 => None,
            n => Some(u64::from(n)),
        })
    }

    fn end_of_frame(&mut self) -> io::Result<u64> {
        if self.control || !self.fin {
            return Ok(0);
        }
        let got = std::mem::take(&mut self.message);
        if got == self.size { Ok(1) } else { Err(broken(format!("{got} bytes echoed, {} sent", self.size))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed_in_pieces(counter: &mut Counter, bytes: &[u8], piece: usize) -> io::Result<u64> {
        bytes.chunks(piece).map(|chunk| counter.feed(chunk)).sum()
    }

    #[test]
    fn the_length_takes_the_shortest_form() {
        for (size, head) in [(125, 2), (126, 4), (0xffff, 4), (0x1_0000, 10)] {
            assert_eq!(masked(size, false).len(), head + MASK.len() + size);
        }
    }

    #[test]
    fn messages_are_counted_however_the_bytes_are_cut() {
        let mut bytes = Vec::new();
        for _ in 0..3 {
            bytes.extend_from_slice(&[0x82, 0x7e, 0, 200]);
            bytes.extend_from_slice(&[PAYLOAD; 200]);
        }
        for piece in [1, 3, 203, 1000] {
            assert_eq!(feed_in_pieces(&mut Counter::new(200), &bytes, piece).unwrap(), 3);
        }
    }

    #[test]
    fn fragments_are_one_message_and_a_ping_between_them_none() {
        let bytes = [0x02, 1, PAYLOAD, 0x89, 1, b'?', 0x80, 1, PAYLOAD];
        assert_eq!(Counter::new(2).feed(&bytes).unwrap(), 1);
    }

    #[test]
    fn a_wrong_echo_is_noticed() {
        assert!(Counter::new(2).feed(&[0x82, 1, PAYLOAD]).is_err(), "too short");
        assert!(Counter::new(1).feed(&[0x82, 1, b'b']).is_err(), "another byte");
        assert!(Counter::new(1).feed(&[0x82, 0x81, 0, 0, 0, 0, PAYLOAD]).is_err(), "masked");
        assert!(Counter::new(1).feed(&[0x88, 0]).is_err(), "closed");
    }
}
