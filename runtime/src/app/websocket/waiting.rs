//! Who is to be woken when something happens on a socket.

use std::mem;
use std::task::{Context, Waker};

/// Who is to be woken when something happens on a socket. The view, polled by the driver, is usually the driver's own task.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// The driver is at work and will look at everything again before it rests.
    driving: bool,
    driver: Option<Waker>,
    /// The view waits for a message.
    receiver: Option<Waker>,
    /// Who waits for room to send.
    senders: Vec<Waker>,
    /// Who waits for the end.
    closers: Vec<Waker>,
}

impl Waiting {
    /// The driver begins to look at everything.
    pub(super) fn drive(&mut self, context: &Context<'_>) {
        self.driving = true;
        keep(&mut self.driver, context);
    }

    /// The driver has looked at everything.
    pub(super) fn rest(&mut self) {
        self.driving = false;
    }

    /// Has the driver look, unless it will anyway.
    pub(super) fn call_driver(&mut self) {
        if !self.driving
            && let Some(driver) = &self.driver
        {
            driver.wake_by_ref();
            // Once is enough, until it has looked.
            self.driving = true;
        }
    }

    pub(super) fn for_message(&mut self, context: &Context<'_>) {
        keep(&mut self.receiver, context);
    }

    pub(super) fn for_room(&mut self, context: &Context<'_>) {
        add(&mut self.senders, context);
    }

    pub(super) fn for_end(&mut self, context: &Context<'_>) {
        add(&mut self.closers, context);
    }

    /// Bytes were read, by the task of `context`, which polls its view next.
    pub(super) fn has_read(&mut self, context: &Context<'_>) {
        if let Some(receiver) = &self.receiver
            && !receiver.will_wake(context.waker())
        {
            receiver.wake_by_ref();
        }
    }

    /// There is room to send.
    pub(super) fn has_room(&mut self) {
        for waker in mem::take(&mut self.senders) {
            waker.wake();
        }
    }

    /// Nothing will be as it was.
    pub(super) fn wake_all(&mut self) {
        let receiver = self.receiver.take().into_iter();
        for waker in receiver.chain(mem::take(&mut self.senders)).chain(mem::take(&mut self.closers)) {
            waker.wake();
        }
    }
}

/// Keeps a waker, unless it is the one that is there.
fn keep(place: &mut Option<Waker>, context: &Context<'_>) {
    if !place.as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
        *place = Some(context.waker().clone());
    }
}

fn add(wakers: &mut Vec<Waker>, context: &Context<'_>) {
    if !wakers.iter().any(|waker| waker.will_wake(context.waker())) {
        wakers.push(context.waker().clone());
    }
}
