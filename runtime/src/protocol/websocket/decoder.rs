//! Messages out of what was read.

use bytes::{Buf, Bytes, BytesMut};

use super::assembly::Assembly;
use super::deflate::{Agreement, Decompressor};
use super::frame::{Header, LONGEST_CONTROL, Opcode};
use super::utf8::Utf8;
use super::{Message, Role, Utf8Bytes, Violation, close, mask};

/// How much a peer may send at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SizeLimits {
    /// The bytes of a message, counted after it was inflated.
    pub(crate) message: usize,
    /// The bytes of a frame. One that is compressed may have an eighth more, which is what the compression of something that
    /// cannot be compressed may cost.
    pub(crate) frame: usize,
}

#[cfg(test)]
impl SizeLimits {
    /// Messages of up to `message` bytes, in as few frames as the peer likes.
    pub(crate) const fn message(message: usize) -> Self {
        Self { message, frame: message }
    }
}

/// A frame whose head was read and whose payload was not.
#[derive(Debug)]
struct Arriving {
    header: Header,
    length: usize,
    /// The bytes of the payload that were unmasked, and looked at if they are text.
    done: usize,
    utf8: Utf8,
}

/// Takes messages out of the bytes that a peer sent.
///
/// It keeps no bytes of its own but those of a message that comes in pieces; what has not been taken stays in the buffer.
#[derive(Debug)]
pub(crate) struct Decoder {
    role: Role,
    limits: SizeLimits,
    arriving: Option<Arriving>,
    message: Option<Assembly>,
    decompressor: Option<Box<Decompressor>>,
    /// Whether the peer has said its last, or nothing more can be understood.
    ended: bool,
}

impl Decoder {
    /// One for what is sent to a `role`: a server refuses what is not masked, a client what is.
    pub(crate) fn new(role: Role, limits: SizeLimits, deflate: Option<&Agreement>) -> Self {
        let decompressor = deflate.map(|agreement| Box::new(Decompressor::new(agreement.incoming(role))));
        Self { role, limits, arriving: None, message: None, decompressor, ended: false }
    }

    /// Takes the next message out of `buffer`. `None` if there is none that is complete: read more, and come again.
    ///
    /// An unfragmented message that is not compressed is the memory it was read into, not a copy. It is never a
    /// [`Message::Frame`]. After a close frame and after a violation nothing is taken any more and the buffer is emptied,
    /// for whatever comes then has no meaning (RFC 6455 section 5.5.1).
    ///
    /// # Errors
    /// What the peer did wrong.
    pub(crate) fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<Message>, Violation> {
        if buffer.is_empty() {
            return Ok(None);
        }
        if self.ended {
            buffer.clear();
            return Ok(None);
        }
        let taken = match self.short(buffer) {
            Some((opcode, payload)) => message(opcode, payload).map(Some),
            None => self.next(buffer),
        };
        if matches!(taken, Err(_) | Ok(Some(Message::Close(_)))) {
            self.ended = true;
            self.message = None;
            self.decompressor = None;
        }
        taken
    }

    /// Whether a close frame came, or something that was wrong: there will be no more messages.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended
    }

    /// How many bytes the frame that is arriving still wants to lie behind those in `buffer`, as it claims. A hint of how
    /// much room to make, for one who knows how much may be made at once.
    pub(crate) fn missing(&self, buffer: &BytesMut) -> usize {
        self.arriving.as_ref().map_or(0, |frame| frame.length.saturating_sub(buffer.len()))
    }

    /// The bytes of memory that a message in pieces has taken.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.message.as_ref().map_or(0, Assembly::held)
    }

    /// Takes a message of up to 125 bytes that is in one frame, not compressed, and all there: what most are, at a third of
    /// what the general way costs. Whatever else comes goes that way.
    fn short(&self, buffer: &mut BytesMut) -> Option<(Opcode, Bytes)> {
        if self.role != Role::Server || self.arriving.is_some() || self.message.is_some() {
            return None;
        }
        let &[first, second, k0, k1, k2, k3, ..] = &**buffer else { return None };
        let opcode = match first {
            0x81 => Opcode::Text,
            0x82 => Opcode::Binary,
            _ => return None,
        };
        let length = usize::from(second ^ 0x80);
        if length > LONGEST_CONTROL.min(self.limits.frame).min(self.limits.message) {
            return None;
        }
        mask::apply(buffer.get_mut(6..6 + length)?, [k0, k1, k2, k3], 0);
        buffer.advance(6);
        Some((opcode, take(buffer, length)))
    }

    fn next(&mut self, buffer: &mut BytesMut) -> Result<Option<Message>, Violation> {
        loop {
            let frame = match self.arriving.take() {
                Some(frame) => frame,
                None => match Header::parse(buffer)? {
                    Some((header, length)) => {
                        let frame = self.admit(header)?;
                        buffer.advance(length);
                        frame
                    }
                    None => return Ok(None),
                },
            };
            let message = if frame.header.opcode.is_control() {
                self.control(frame, buffer)?
            } else if self.message.is_none() {
                self.whole(frame, buffer)?
            } else {
                self.piece(frame, buffer)?
            };
            // A frame that is complete may be only a part of a message, and more frames may lie behind it.
            if message.is_some() || self.arriving.is_some() {
                return Ok(message);
            }
        }
    }

    /// Judges a frame by its head, before anything of its payload is kept.
    fn admit(&mut self, header: Header) -> Result<Arriving, Violation> {
        let Header { fin, rsv1, opcode, mask, length } = header;
        match (self.role, mask) {
            (Role::Server, None) => return Err(Violation::Unmasked),
            (Role::Client, Some(_)) => return Err(Violation::Masked),
            _ => {}
        }
        let begins = matches!(opcode, Opcode::Text | Opcode::Binary);
        // Compression is of messages, so it is said with their first frame (RFC 7692 section 6.1).
        if rsv1 && !(begins && self.decompressor.is_some()) {
            return Err(Violation::ReservedBit);
        }
        if begins && self.message.is_some() {
            return Err(Violation::Interrupted);
        }
        let assembled = match &self.message {
            Some(assembly) if opcode == Opcode::Continuation => Some(assembly),
            None if opcode == Opcode::Continuation => return Err(Violation::NothingToContinue),
            _ => None,
        };
        let compressed = rsv1 || assembled.is_some_and(Assembly::is_compressed);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let SizeLimits { message, frame } = self.limits;
        if !opcode.is_control() {
            if length > if compressed { frame.saturating_add(frame / 8 + 64) } else { frame } {
                return Err(Violation::FrameTooBig(frame));
            }
            if !compressed && length > message - assembled.map_or(0, Assembly::len).min(message) {
                return Err(Violation::MessageTooBig(message));
            }
        }
        if begins && (!fin || rsv1) {
            self.message = Some(Assembly::new(opcode == Opcode::Text, rsv1));
        }
        Ok(Arriving { header, length, done: 0, utf8: Utf8::default() })
    }

    /// A ping, a pong or a close: short, so it is waited for.
    fn control(&mut self, frame: Arriving, buffer: &mut BytesMut) -> Result<Option<Message>, Violation> {
        if buffer.len() < frame.length {
            self.arriving = Some(frame);
            return Ok(None);
        }
        unmask(&mut buffer[..frame.length], &frame);
        let payload = take(buffer, frame.length);
        Ok(Some(match frame.header.opcode {
            Opcode::Ping => Message::Ping(payload),
            Opcode::Pong => Message::Pong(payload),
            _ => Message::Close(close::parse(&payload)?),
        }))
    }

    /// A message in one frame that is not compressed.
    fn whole(&mut self, mut frame: Arriving, buffer: &mut BytesMut) -> Result<Option<Message>, Violation> {
        let here = buffer.len().min(frame.length);
        let is_text = frame.header.opcode == Opcode::Text;
        let new = &mut buffer[frame.done..here];
        unmask(new, &frame);
        if here < frame.length {
            // Nobody waits for the end of a text that is wrong already.
            if is_text {
                frame.utf8.feed(new)?;
            }
            frame.done = here;
            self.arriving = Some(frame);
            return Ok(None);
        }
        message(frame.header.opcode, take(buffer, frame.length)).map(Some)
    }

    /// A frame of a message that is put together. As much as is here of it is taken.
    fn piece(&mut self, mut frame: Arriving, buffer: &mut BytesMut) -> Result<Option<Message>, Violation> {
        let Some(assembly) = &mut self.message else { return Err(Violation::NothingToContinue) };
        let limit = self.limits.message;
        let here = buffer.len().min(frame.length - frame.done);
        if here > 0 {
            let new = &mut buffer[..here];
            unmask(new, &frame);
            assembly.push(new, self.decompressor.as_deref_mut(), limit)?;
            buffer.advance(here);
            frame.done += here;
        }
        if frame.done < frame.length {
            self.arriving = Some(frame);
            return Ok(None);
        }
        if !frame.header.fin {
            return Ok(None);
        }
        let complete = self.message.take();
        complete.map(|assembly| assembly.finish(self.decompressor.as_deref_mut(), limit)).transpose()
    }
}

/// A text, or else a binary message.
fn message(opcode: Opcode, payload: Bytes) -> Result<Message, Violation> {
    match opcode {
        Opcode::Text => Utf8Bytes::try_from(payload).map(Message::Text).map_err(|_| Violation::Utf8),
        _ => Ok(Message::Binary(payload)),
    }
}

/// Takes the mask off bytes that follow those that are done.
fn unmask(new: &mut [u8], frame: &Arriving) {
    if let Some(key) = frame.header.mask {
        mask::apply(new, key, frame.done);
    }
}

/// The first bytes, without a copy. None are no reason to share the buffer.
fn take(buffer: &mut BytesMut, length: usize) -> Bytes {
    if length == 0 { Bytes::new() } else { buffer.split_to(length).freeze() }
}
