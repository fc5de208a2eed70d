//! Close frames: which codes may be sent, how much a reason may say (RFC 6455 sections 5.5.1 and 7.4).

use std::str;

use bytes::{BufMut, Bytes, BytesMut};

use super::frame::LONGEST_CONTROL;
use super::{CloseCode, CloseFrame, Utf8Bytes, Violation};

/// The bytes that a reason may have: what the code leaves of a control frame.
pub(crate) const LONGEST_REASON: usize = LONGEST_CONTROL - 2;

/// Whether the code may stand in a close frame: those that are defined for it, those that libraries and applications may
/// give a meaning. 1005, 1006 and 1015 only say that there was no frame.
pub(crate) fn is_sendable(code: CloseCode) -> bool {
    matches!(u16::from(code), 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// A close frame with as much of the reason as may be sent, cut between two characters.
pub(crate) fn frame(code: CloseCode, reason: &str) -> CloseFrame {
    CloseFrame { code, reason: Utf8Bytes::from(fitting(reason)) }
}

/// What of a reason may be sent.
fn fitting(reason: &str) -> &str {
    &reason[..reason.floor_char_boundary(LONGEST_REASON)]
}

/// Reads the payload of a close frame.
///
/// # Errors
/// A payload of one byte, a code that must not be sent, a reason that is no UTF-8.
pub(crate) fn parse(payload: &Bytes) -> Result<Option<CloseFrame>, Violation> {
    let (code, reason) = match payload.split_first_chunk() {
        Some((code, reason)) => (u16::from_be_bytes(*code), reason),
        None if payload.is_empty() => return Ok(None),
        None => return Err(Violation::ClosePayload),
    };
    let code = match CloseCode::from(code) {
        code if is_sendable(code) => code,
        _ => return Err(Violation::CloseCode(code)),
    };
    let reason = str::from_utf8(reason).map_err(|_| Violation::Utf8)?;
    Ok(Some(CloseFrame { code, reason: Utf8Bytes::from(reason) }))
}

/// Writes the payload of a close frame. One without a code, or with one that must not be sent, has none.
pub(crate) fn write(frame: Option<&CloseFrame>, out: &mut BytesMut) {
    if let Some(CloseFrame { code, reason }) = frame
        && is_sendable(*code)
    {
        out.put_u16((*code).into());
        out.put_slice(fitting(reason).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(payload: &[u8]) -> Result<Option<CloseFrame>, Violation> {
        parse(&Bytes::copy_from_slice(payload))
    }

    fn written(frame: Option<&CloseFrame>) -> BytesMut {
        let mut out = BytesMut::new();
        write(frame, &mut out);
        out
    }

    #[test]
    fn a_code_and_a_reason_arrive_as_they_were_sent() {
        for code in [1000, 1001, 1003, 1007, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4001, 4999] {
            let sent = frame(code.into(), "enough, 足");
            assert_eq!(parsed(&written(Some(&sent))), Ok(Some(sent)));
        }
        assert_eq!(parsed(b""), Ok(None));
        assert!(written(None).is_empty());
    }

    #[test]
    fn codes_that_must_not_be_sent_are_refused_and_are_not_sent() {
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535] {
            assert_eq!(parsed(&u16::to_be_bytes(code)), Err(Violation::CloseCode(code)));
            assert!(written(Some(&frame(code.into(), "no"))).is_empty());
        }
    }

    #[test]
    fn half_a_code_and_a_reason_in_another_encoding_are_refused() {
        assert_eq!(parsed(&[3]), Err(Violation::ClosePayload));
        assert_eq!(parsed(&[3, 0xe8, 0xe4]), Err(Violation::Utf8));
    }

    #[test]
    fn a_long_reason_is_cut_between_two_characters() {
        let sent = frame(CloseCode::Normal, &"ä".repeat(100));
        assert_eq!(sent.reason, "ä".repeat(61));
        let whole = CloseFrame { code: CloseCode::Normal, reason: "x".repeat(200).into() };
        assert_eq!(written(Some(&whole)).len(), LONGEST_CONTROL);
    }
}
