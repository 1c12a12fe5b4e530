//! The session.

use std::borrow::Cow;

use super::own;
use crate::gateways::wawp::{Envelope, SessionState, SessionStatus, StateChange};
use crate::unified::around::{Other, OtherWhy};
use crate::unified::happening::Happening;
use crate::unified::session::{
    CloseReason, Connection, ConnectionState, Pairing, PairingStep, SensitiveRef, by_web_state,
};
use crate::unified::word::Word;
use crate::unified::{Cursor, filled};
use crate::wire::json::{text_of, value_at};

pub(super) fn session<'a>(envelope: &'a Envelope, status: &'a SessionStatus) -> Happening<'a> {
    let me = envelope.me.as_ref();
    Happening::Connection(match &status.status {
        SessionState::Starting => Connection::new(ConnectionState::Connecting),
        SessionState::Working => Connection {
            own: own(envelope),
            profile_name: me.and_then(|me| filled(&me.push_name)),
            ..Connection::new(ConnectionState::Open)
        },
        SessionState::Stopped => Connection::closed(Some(CloseReason::Stopped)),
        SessionState::Failed => {
            Connection::closed(Some(CloseReason::Other(Word::Text(status.status.as_str()))))
        }
        SessionState::ScanQrCode => {
            // Only Wawp's bare body has the code itself.
            let step = if status.qr.is_some() { PairingStep::Qr } else { PairingStep::Wanted };
            return Happening::Pairing(Pairing {
                qr_image: status.qr.as_ref().map(SensitiveRef::text),
                ..Pairing::new(step)
            });
        }
        SessionState::PasskeyRequired => {
            return Happening::Pairing(Pairing::new(PairingStep::Passkey));
        }
        SessionState::PasskeyConfirmationRequired => {
            let code = status.data.as_ref().and_then(|data| data.code.as_ref());
            return Happening::Pairing(Pairing {
                code: code.map(SensitiveRef::text),
                ..Pairing::new(PairingStep::PasskeyConfirmation)
            });
        }
        SessionState::Other(_) => {
            Connection::new(ConnectionState::Other(Word::Text(status.status.as_str())))
        }
    })
}

/// A word of WhatsApp Web's, or an object with whatever changed: the connection, a
/// QR code, or both.
pub(super) fn state_change<'a>(
    change: &'a StateChange,
    next: &mut Cursor<'a>,
) -> Option<Happening<'a>> {
    let raw = change.raw();
    let borrowed = |text: Option<Cow<'a, str>>| match text {
        Some(Cow::Borrowed(text)) => Some(text),
        _ => None,
    };
    let word = borrowed(text_of(raw.as_str()));
    let connection = borrowed(value_at(raw.as_str(), &["connection"]).and_then(text_of));
    let has_qr = value_at(raw.as_str(), &["qr"]).is_some_and(|qr| qr.starts_with('"'));
    let connection = match (word, connection) {
        (Some(word), _) => {
            let other = ConnectionState::Other(Word::Text(word));
            Some(by_web_state(word).unwrap_or_else(|| Connection::new(other)))
        }
        (None, Some("open")) => Some(Connection::new(ConnectionState::Open)),
        (None, Some("connecting")) => Some(Connection::new(ConnectionState::Connecting)),
        (None, Some("close")) => Some(Connection::closed(Some(CloseReason::ConnectionLost))),
        (None, Some(other)) => Some(Connection::new(ConnectionState::Other(Word::Text(other)))),
        (None, None) => None,
    };
    let pairing = has_qr.then(|| Pairing {
        qr: Some(SensitiveRef::member(raw, "qr")),
        ..Pairing::new(PairingStep::Qr)
    });
    let all = [connection.map(Happening::Connection), pairing.map(Happening::Pairing)];
    let place = next.step();
    let nothing = all.iter().all(Option::is_none) && place == 0;
    let other = nothing.then(|| Happening::Other(Other::new(OtherWhy::NotUnified)));
    all.into_iter().flatten().nth(place).or(other)
}
