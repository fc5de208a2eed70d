//! Who in a room is written to by whoever says something there, and who by its own task.

/// So many members of a room are written to by whoever says something. The others, in a room that is larger, are left to
/// their tasks, which are on all event loops: one alone would be held up.
const AT_MOST: usize = 1024;

/// How a room is spoken to.
///
/// A message is written straight to those who hear it: to wake the task of each would cost several times what the writing does.
/// But where several messages come at about the same time, that would be several calls of the system for each who hears them,
/// when one could do. So one member, another each time, is a sample, and gets it by its own task. Until that has run, all are
/// left to their tasks, each of which then writes at once whatever has come.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// The place of the last sample.
    sample: usize,
}

/// Who is written to straight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Straight {
    Nobody,
    /// All but the one at this place, up to as many as one event loop should write to.
    AllBut(usize),
}

impl Turns {
    /// How the next message goes to so many members. `is_behind` says of the one at a place whether something waits to be
    /// written to it.
    pub(super) fn next(&mut self, members: usize, is_behind: impl FnOnce(usize) -> bool) -> Straight {
        let waiting = self.sample < members && is_behind(self.sample);
        self.sample = if self.sample + 1 < members { self.sample + 1 } else { 0 };
        if waiting { Straight::Nobody } else { Straight::AllBut(self.sample) }
    }
}

impl Straight {
    /// Whether the member at this place is written to straight.
    pub(super) fn is_for(self, place: usize) -> bool {
        match self {
            Self::Nobody => false,
            Self::AllBut(sample) => place != sample && place < AT_MOST,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_a_sample_are_written_to_straight() {
        let mut turns = Turns::default();
        let straight = turns.next(3, |_| false);
        assert_eq!((0..3).filter(|place| straight.is_for(*place)).count(), 2);
        assert_ne!(straight, turns.next(3, |_| false), "another is the sample the next time");
        assert!(!Turns::default().next(1, |_| false).is_for(0), "who is alone is the sample");
    }

    #[test]
    fn while_the_sample_waits_all_are_left_to_their_tasks() {
        let mut turns = Turns::default();
        let Straight::AllBut(sample) = turns.next(3, |_| false) else { panic!("nobody waits") };
        assert_eq!(turns.next(3, |place| place == sample), Straight::Nobody);
        // One that reads slowly does not hold up the others for good: now somebody else is the sample.
        assert_ne!(turns.next(3, |place| place == sample), Straight::Nobody);
    }

    #[test]
    fn a_sample_that_has_left_is_not_waited_for() {
        let mut turns = Turns::default();
        (0..4).for_each(|_| assert_ne!(turns.next(5, |_| false), Straight::Nobody));
        assert_ne!(turns.next(2, |_| panic!("nobody is there")), Straight::Nobody);
    }

    #[test]
    fn of_a_large_room_some_are_left_to_other_event_loops() {
        let straight = Turns::default().next(10 * AT_MOST, |_| false);
        assert_eq!((0..10 * AT_MOST).filter(|place| straight.is_for(*place)).count(), AT_MOST - 1);
    }
}
