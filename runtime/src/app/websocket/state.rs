//! One socket: what has been read, what is to be written, how far the closing handshake is.
//!
//! The [driver](super::driver) moves bytes between this and the connection, the view's [`WebSocket`](super::WebSocket) takes
//! messages out and puts messages in, other tasks put theirs into the outbox.

use std::collections::VecDeque;
use std::mem;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes, BytesMut};

use super::output::Output;
use super::waiting::Waiting;
use super::{CloseCode, CloseFrame, Message, SlowReader, WebSocketError, buffer};
use crate::protocol::upgrade::Shortcut;
use crate::protocol::websocket::{Decoder, Encoder, Prepared, close};

/// The bytes that may wait to be written before who sends has to wait: one more message is always taken, however long.
const HIGH_WATER: usize = 64 * 1024;

/// Messages that are decoded before the view asks for them, while it does something else: behind them may stand a ping that
/// has to be answered, or the close frame.
const AHEAD: usize = 16;

/// What is to be sent.
#[derive(Debug, Clone)]
pub(super) enum Outgoing {
    /// A message, to be encoded for this socket.
    Message(Message),
    /// One that was encoded once for many sockets.
    Prepared(Prepared),
}

#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is true or not whatever the others are")]
pub(super) struct State {
    decoder: Decoder,
    encoder: Encoder,
    /// What was read and not yet understood.
    input: BytesMut,
    /// What is to be written.
    output: Output,
    /// Messages that were decoded before the view asked for them.
    ahead: VecDeque<Message>,
    /// Messages of others, which wait until `output` has room.
    outbox: VecDeque<Outgoing>,
    outbox_limit: usize,
    slow_reader: SlowReader,
    /// Past the driver, where there is such a way.
    shortcut: Option<Shortcut>,

    /// Our close frame is in `output`, or was written: nothing may follow it.
    said_close: bool,
    /// The client's close frame has come: nothing follows it.
    heard_close: bool,
    /// The connection is gone.
    lost: bool,
    close_frame: Option<CloseFrame>,
    fault: Option<WebSocketError>,

    /// Whether bytes came since the driver last looked.
    heard: bool,
    waiting: Waiting,
}

impl State {
    pub(super) fn new(
        decoder: Decoder,
        encoder: Encoder,
        outbox_limit: usize,
        slow_reader: SlowReader,
    ) -> Self {
        Self {
            decoder,
            encoder,
            input: BytesMut::new(),
            output: Output::default(),
            ahead: VecDeque::new(),
            outbox: VecDeque::new(),
            outbox_limit,
            slow_reader,
            shortcut: None,
            said_close: false,
            heard_close: false,
            lost: false,
            close_frame: None,
            fault: None,
            heard: true,
            waiting: Waiting::default(),
        }
    }

    /// The next message for the view.
    pub(super) fn poll_recv(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Message>, WebSocketError>> {
        if let Some(message) = self.ahead.pop_front() {
            return Poll::Ready(Ok(Some(message)));
        }
        if let Some(message) = self.decode() {
            return Poll::Ready(Ok(Some(message)));
        }
        if let Some(fault) = &self.fault {
            return Poll::Ready(Err(fault.clone()));
        }
        if self.is_over() {
            return Poll::Ready(Ok(None));
        }
        self.waiting.for_message(context);
        self.waiting.call_driver();
        Poll::Pending
    }

    /// Sends for the view: waits while there is much to be written.
    pub(super) fn poll_send(
        &mut self,
        context: &mut Context<'_>,
        message: &mut Option<Outgoing>,
    ) -> Poll<Result<(), WebSocketError>> {
        if self.is_over() {
            return Poll::Ready(Err(self.why_over()));
        }
        // What others sent before comes first.
        self.fill();
        if !self.outbox.is_empty() || self.output.len() >= HIGH_WATER {
            self.waiting.for_room(context);
            self.waiting.call_driver();
            return Poll::Pending;
        }
        if let Some(message) = message.take() {
            self.encode(message);
        }
        self.waiting.call_driver();
        Poll::Ready(Ok(()))
    }

    /// Sends for somebody else, who can wait.
    pub(super) fn poll_enqueue(
        &mut self,
        context: &mut Context<'_>,
        message: &mut Option<Outgoing>,
    ) -> Poll<Result<(), WebSocketError>> {
        if self.slow_reader == SlowReader::Wait && !self.is_over() && self.outbox.len() >= self.outbox_limit {
            self.waiting.for_room(context);
            return Poll::Pending;
        }
        match message.take() {
            Some(message) => Poll::Ready(self.enqueue(message)),
            None => Poll::Ready(Ok(())),
        }
    }

    /// Begins the closing handshake.
    pub(super) fn begin_close(&mut self, code: CloseCode, reason: &str) -> Result<(), WebSocketError> {
        if !close::is_sendable(code) {
            return Err(WebSocketError::Unsendable { code: code.into() });
        }
        self.say_goodbye(code, reason);
        self.waiting.call_driver();
        Ok(())
    }

    /// Ends when the socket is closed, in whichever way.
    pub(super) fn poll_closed(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.is_finished() {
            return Poll::Ready(());
        }
        self.waiting.for_end(context);
        Poll::Pending
    }

    /// Takes the next data message out of what was read, and does on the way what the other frames ask for.
    fn decode(&mut self) -> Option<Message> {
        if self.input.is_empty() {
            return None;
        }
        loop {
            match self.decoder.decode(&mut self.input) {
                Ok(None) => return None,
                Ok(Some(message @ (Message::Text(_) | Message::Binary(_)))) => {
                    // Who has closed wants nothing any more.
                    if !self.said_close {
                        return Some(message);
                    }
                }
                Ok(Some(Message::Ping(payload))) => {
                    // Of a client that pings and does not read, not every ping has to be answered (RFC 6455 section 5.5.3).
                    if !self.said_close && self.output.len() < HIGH_WATER {
                        self.output.encode(&mut self.encoder, Message::Pong(payload));
                    }
                }
                Ok(Some(Message::Close(frame))) => {
                    // An echo has the code, and no reason is due.
                    let echo = frame.as_ref().map(|frame| close::frame(frame.code, ""));
                    self.close_frame = frame;
                    self.heard_close = true;
                    self.say_close(echo);
                }
                Ok(Some(Message::Pong(_) | Message::Frame(_))) => {}
                Err(violation) => {
                    let frame = violation.close_frame();
                    self.fail(WebSocketError::Violation {
                        code: frame.code,
                        reason: frame.reason.as_str().to_owned(),
                    });
                }
            }
        }
    }

    /// Ends the conversation because of something that is not the view's doing.
    pub(super) fn fail(&mut self, fault: WebSocketError) {
        if let Some(code) = fault.close_code() {
            let reason = match &fault {
                WebSocketError::Violation { reason, .. } | WebSocketError::Unreadable { reason, .. } => {
                    reason
                }
                WebSocketError::Slow => "too slow",
                _ => "",
            };
            self.say_close(Some(close::frame(code, reason)));
        }
        self.fault.get_or_insert(fault);
    }

    /// Puts our close frame behind what is to be written. What waits in the outbox is given up.
    fn say_close(&mut self, frame: Option<CloseFrame>) {
        if self.said_close || self.lost {
            return;
        }
        self.output.encode(&mut self.encoder, Message::Close(frame));
        self.said_close = true;
        self.outbox = VecDeque::new();
        self.waiting.wake_all();
    }

    fn encode(&mut self, message: Outgoing) {
        match message {
            Outgoing::Message(Message::Close(frame)) => self.say_close(frame),
            Outgoing::Message(message) => self.output.encode(&mut self.encoder, message),
            Outgoing::Prepared(message) => self.output.append(&mut self.encoder, &message),
        }
    }

    pub(super) fn enqueue(&mut self, message: Outgoing) -> Result<(), WebSocketError> {
        if self.is_over() {
            return Err(self.why_over());
        }
        if self.outbox.len() >= self.outbox_limit {
            if self.slow_reader == SlowReader::DropOldest {
                self.outbox.pop_front();
            } else {
                self.fail(WebSocketError::Slow);
                self.waiting.call_driver();
                return Err(WebSocketError::Slow);
            }
        }
        self.outbox.push_back(message);
        self.waiting.call_driver();
        Ok(())
    }

    /// Sends for somebody who says the same to many. Where nothing waits to be written and the connection takes it, it is
    /// written at once: to wake the driver for it would cost several times what the writing does.
    pub(super) fn send_straight(&mut self, message: &Prepared) -> Result<(), WebSocketError> {
        if self.is_over() || self.is_behind() || self.shortcut.is_none() {
            return self.enqueue(Outgoing::Prepared(message.clone()));
        }
        let mut frame = self.encoder.prepared(message);
        let written = self.shortcut.as_ref().map_or(0, |shortcut| shortcut.write(&frame));
        if written < frame.len() {
            frame.advance(written);
            self.output.append_rest(frame);
            self.waiting.call_driver();
        }
        Ok(())
    }

    /// Whether something waits to be written.
    pub(super) fn is_behind(&self) -> bool {
        !self.outbox.is_empty() || !self.output.is_empty()
    }

    /// Moves messages of others to what is to be written, as far as there is room.
    fn fill(&mut self) {
        while self.output.len() < HIGH_WATER {
            let Some(message) = self.outbox.pop_front() else { break };
            self.encode(message);
        }
    }

    /// Whether nothing more will be received or sent.
    pub(super) fn is_over(&self) -> bool {
        self.said_close || self.heard_close || self.lost
    }

    fn why_over(&self) -> WebSocketError {
        self.fault.clone().unwrap_or(WebSocketError::Closed)
    }

    /// Whether the closing handshake is done, or will never be.
    pub(super) fn is_finished(&self) -> bool {
        self.lost || (self.said_close && self.heard_close && self.output.is_empty())
    }

    /// Whether a client that did something wrong was told so: it will not be listened to any more.
    pub(super) fn has_said_its_last(&self) -> bool {
        self.said_close && self.decoder.has_ended() && self.output.is_empty()
    }

    // ---- for the driver

    /// Who is to be woken.
    pub(super) fn waiting(&mut self) -> &mut Waiting {
        &mut self.waiting
    }

    /// From now on nothing stands between this and the connection any more.
    pub(super) fn take_shortcut(&mut self, shortcut: Shortcut) {
        self.shortcut = Some(shortcut);
    }

    /// Where to read to; `None` while the view has enough to do.
    pub(super) fn input(&mut self) -> Option<&mut BytesMut> {
        (self.ahead.len() < AHEAD && !self.lost).then_some(&mut self.input)
    }

    /// How many bytes the message that is being read still lacks.
    pub(super) fn missing(&self) -> usize {
        self.decoder.missing(&self.input)
    }

    /// Gives back the room for input that holds none.
    pub(super) fn give_input(&mut self) {
        if self.input.is_empty() {
            buffer::give(&mut self.input);
        }
    }

    /// Begins the closing handshake, unless it has begun.
    pub(super) fn say_goodbye(&mut self, code: CloseCode, reason: &str) {
        self.say_close(Some(close::frame(code, reason)));
    }

    /// Bytes were read.
    pub(super) fn has_read(&mut self, context: &Context<'_>) {
        self.heard = true;
        self.waiting.has_read(context);
    }

    /// Decodes what the view, which is busy, did not.
    pub(super) fn look_ahead(&mut self) {
        while self.ahead.len() < AHEAD {
            let Some(message) = self.decode() else { break };
            self.ahead.push_back(message);
        }
    }

    /// Whether bytes came since this was last asked.
    pub(super) fn take_heard(&mut self) -> bool {
        mem::take(&mut self.heard) || self.ahead.len() >= AHEAD
    }

    pub(super) fn ping(&mut self) {
        if !self.is_over() && self.output.len() < HIGH_WATER {
            self.output.encode(&mut self.encoder, Message::Ping(Bytes::new()));
        }
    }

    /// What is to be written now.
    pub(super) fn output(&mut self) -> &mut Output {
        self.fill();
        &mut self.output
    }

    /// Everything was written, or less than would make anybody wait.
    pub(super) fn has_written(&mut self) {
        if self.output.len() < HIGH_WATER {
            self.waiting.has_room();
        }
        if self.is_finished() {
            self.waiting.wake_all();
        }
    }

    /// The connection is gone, or given up.
    pub(super) fn lose(&mut self, fault: Option<WebSocketError>) {
        self.lost = true;
        self.input = BytesMut::new();
        self.output = Output::default();
        self.outbox = VecDeque::new();
        if let Some(fault) = fault {
            self.fault.get_or_insert(fault);
        }
        self.waiting.wake_all();
    }

    pub(super) fn has_said_close(&self) -> bool {
        self.said_close
    }

    pub(super) fn close_frame(&self) -> Option<CloseFrame> {
        self.close_frame.clone()
    }
}
