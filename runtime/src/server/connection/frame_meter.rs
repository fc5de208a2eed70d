//! What an HTTP/2 client sends beside its requests, and how much of that is too much.
//!
//! Most frames ask for nothing. A client may send as many as it likes of them by the letter of RFC 9113, which says in section
//! 10.5 why a server should mind: each costs the one side a few bytes and the other an answer (PING, SETTINGS), or work that
//! was done in vain (`RST_STREAM`, "rapid reset", CVE-2023-44487), or at least a look (PRIORITY, `WINDOW_UPDATE`, kinds that nobody
//! knows). h2 counts what only a fault explains: streams that it has to reset, CONTINUATION without end, empty DATA. The rest is
//! counted here, in points of one budget that comes back with time, with requests and with what is sent to the client.

use std::time::Duration;

/// The whole budget. A thousand chores at once are no fault: a browser that leaves a page resets all that it has asked for.
const WHOLE: u32 = 50_000;
/// What comes back in a second: a hundred chores.
const REGAINED: u32 = 5_000;
/// The price of a frame that the server has to answer, or that undoes what it did.
const CHORE: u32 = 50;
/// What a request gives back, so that who takes back fewer than every second one is let be, however many there are.
const REQUEST: u32 = 25;
/// How many bytes to the client give back a point: it has to say again and again that it has room for more.
const SENT: usize = 256;
/// How many bytes of settings cost as much as a frame.
const SETTINGS_PIECE: u32 = 60;

/// The head of a frame (RFC 9113 section 4.1).
const HEAD: usize = 9;

/// Counts the frames of one connection as their bytes go by.
#[derive(Debug)]
pub(super) struct FrameMeter {
    head: [u8; HEAD],
    /// How much of the head is there.
    known: usize,
    /// How many bytes come before the next head.
    skip: usize,
    points: u32,
    /// The tick up to which points were given back.
    since: u32,
    each_tick: u32,
    /// Bytes sent to the client that have given nothing back yet.
    sent: usize,
    latest_stream: u32,
}

impl FrameMeter {
    /// For a connection of which the first `preface` bytes are no frame yet. The clock has ticks of `period`, and shows `now`.
    pub(super) fn new(preface: usize, now: u32, period: Duration) -> Self {
        let each_tick = (f64::from(REGAINED) * period.as_secs_f64()).max(1.0);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a tick is a tenth of a second"
        )]
        let each_tick = each_tick as u32;
        Self {
            head: [0; HEAD],
            known: 0,
            skip: preface,
            points: WHOLE,
            since: now,
            each_tick,
            sent: 0,
            latest_stream: 0,
        }
    }

    /// Counts what has arrived; false says that the budget is used up.
    pub(super) fn arrived(&mut self, mut bytes: &[u8], now: u32) -> bool {
        let mut within = true;
        while !bytes.is_empty() {
            let skipped = self.skip.min(bytes.len());
            self.skip -= skipped;
            bytes = &bytes[skipped..];
            let taken = (HEAD - self.known).min(bytes.len());
            self.head[self.known..self.known + taken].copy_from_slice(&bytes[..taken]);
            self.known += taken;
            bytes = &bytes[taken..];
            if self.known == HEAD {
                self.known = 0;
                within &= self.frame(now);
            }
        }
        within
    }

    /// Counts what leaves.
    pub(super) fn left(&mut self, bytes: usize) {
        self.sent += bytes;
        if self.sent >= SENT {
            self.regain(u32::try_from(self.sent / SENT).unwrap_or(WHOLE));
            self.sent %= SENT;
        }
    }

    /// The last stream that may have been looked at, for GOAWAY.
    pub(super) const fn latest_stream(&self) -> u32 {
        self.latest_stream
    }

    fn frame(&mut self, now: u32) -> bool {
        let [high, middle, low, kind, _, stream @ ..] = self.head;
        let length = u32::from_be_bytes([0, high, middle, low]);
        self.skip = length as usize;
        let price = match kind {
            // DATA, CONTINUATION: h2 counts those that are of no use.
            0 | 9 => return true,
            // HEADERS
            1 => {
                self.latest_stream = self.latest_stream.max(u32::from_be_bytes(stream) & 0x7fff_ffff);
                self.regain(REQUEST);
                return true;
            }
            // SETTINGS, each of which is a change to every stream.
            4 => CHORE * (1 + length / SETTINGS_PIECE),
            // WINDOW_UPDATE
            8 => 1,
            // RST_STREAM, PRIORITY, PING, and whatever else there is.
            _ => CHORE,
        };
        if self.points < price {
            self.regain(now.wrapping_sub(self.since).saturating_mul(self.each_tick));
            self.since = now;
        }
        self.points.checked_sub(price).map(|left| self.points = left).is_some()
    }

    fn regain(&mut self, points: u32) {
        self.points = self.points.saturating_add(points).min(WHOLE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: Duration = Duration::from_millis(100);
    const PING: [u8; 17] = *b"\x00\x00\x08\x06\x00\x00\x00\x00\x00pingping";
    const RESET: [u8; 13] = *b"\x00\x00\x04\x03\x00\x00\x00\x00\x01\x00\x00\x00\x08";
    const UPDATE: [u8; 13] = *b"\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\x00\x10\x00";
    const HEADERS: [u8; 10] = *b"\x00\x00\x01\x01\x05\x00\x00\x00\x07\x82";

    fn meter() -> FrameMeter {
        FrameMeter::new(0, 0, TICK)
    }

    /// How often these frames can be repeated at one moment; 100,000 stands for ever.
    fn repeated(meter: &mut FrameMeter, now: u32, frames: &[u8]) -> usize {
        (0..100_000).take_while(|_| meter.arrived(frames, now)).count()
    }

    #[test]
    fn a_thousand_chores_are_let_be_and_then_a_hundred_a_second() {
        let mut meter = meter();
        assert_eq!(repeated(&mut meter, 0, &PING), 1000);
        assert_eq!(repeated(&mut meter, 10, &PING), 100);
        assert_eq!(repeated(&mut meter, 10_000, &PING), 1000, "never more than the whole");
    }

    #[test]
    fn frames_are_counted_however_they_are_cut() {
        let mut preface = FrameMeter::new(24, 0, TICK);
        assert!(preface.arrived(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0));
        for mut meter in [meter(), preface] {
            for size in 1..PING.len() {
                let frames = PING.repeat(40);
                assert!(frames.chunks(size).all(|piece| meter.arrived(piece, 0)));
            }
            // 16 sizes, 40 each.
            assert_eq!(repeated(&mut meter, 0, &PING), 1000 - 640);
        }
    }

    #[test]
    fn who_takes_back_each_request_is_found_out_and_who_takes_back_a_third_is_not() {
        let both = [&HEADERS[..], &RESET].concat();
        assert_eq!(repeated(&mut meter(), 0, &both), 2000 - 1);
        let third = [&HEADERS[..], &HEADERS, &HEADERS, &RESET].concat();
        assert_eq!(repeated(&mut meter(), 0, &third), 100_000);
        assert_eq!(meter().latest_stream(), 0);
        let mut meter = meter();
        meter.arrived(&third, 0);
        assert_eq!(meter.latest_stream(), 7);
    }

    #[test]
    fn room_may_be_announced_as_often_as_there_is_anything_to_take() {
        let mut meter = meter();
        for _ in 0..100_000 {
            meter.left(1024);
            assert!(meter.arrived(&UPDATE.repeat(4), 0));
        }
        assert!(repeated(&mut meter, 0, &UPDATE) <= 50_000);
    }

    #[test]
    fn settings_are_charged_by_their_length() {
        // 6,000 bytes: a thousand settings, a hundred times.
        let frame = [&[0, 0x17, 0x70, 4, 0, 0, 0, 0, 0][..], &[0; 6000]].concat();
        assert_eq!(repeated(&mut meter(), 0, &frame), 9);
    }
}
