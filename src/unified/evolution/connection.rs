//! The connection and its pairing.

use super::{address, is_filled};
use crate::gateways::evolution::{self, QrcodeUpdated, StatusReason};
use crate::unified::around::{Other, OtherWhy};
use crate::unified::filled;
use crate::unified::happening::Happening;
use crate::unified::session::{
    CloseReason, Connection, ConnectionState, Pairing, PairingStep, SensitiveRef,
};
use crate::unified::word::Word;

pub(super) fn connection(update: &evolution::ConnectionUpdate) -> Happening<'_> {
    let connection = match &update.state {
        Some(evolution::ConnectionState::Connecting) => {
            Connection::new(ConnectionState::Connecting)
        }
        Some(evolution::ConnectionState::Open) => Connection::new(ConnectionState::Open),
        Some(evolution::ConnectionState::Close) => closed(update.status_reason.as_ref()),
        // The limit of QR codes, whatever the word says.
        Some(evolution::ConnectionState::Refused) => Connection {
            retrying: Some(false),
            ..Connection::closed(Some(CloseReason::PairingLimit))
        },
        Some(other) => Connection::new(ConnectionState::Other(Word::Text(other.as_str()))),
        None => return Happening::Other(Other::new(OtherWhy::NotUnified)),
    };
    Happening::Connection(Connection {
        own: update.wuid.as_ref().filter(is_filled).map(address),
        profile_name: filled(&update.profile_name),
        ..connection
    })
}

pub(super) fn closed(reason: Option<&StatusReason>) -> Connection<'_> {
    let (reason, retrying) = match reason {
        Some(StatusReason::LoggedOut) => (Some(CloseReason::LoggedOut), Some(false)),
        Some(
            StatusReason::PaymentRequired | StatusReason::Forbidden | StatusReason::NotAcceptable,
        ) => (Some(CloseReason::Banned), Some(false)),
        Some(StatusReason::ConnectionLost | StatusReason::ConnectionClosed) => {
            (Some(CloseReason::ConnectionLost), None)
        }
        Some(StatusReason::ConnectionReplaced) => (Some(CloseReason::Replaced), None),
        Some(StatusReason::BadSession) => (Some(CloseReason::BadSession), None),
        Some(StatusReason::UnavailableService) => (Some(CloseReason::ServerTrouble), None),
        Some(StatusReason::RestartRequired) => (Some(CloseReason::Restart), None),
        Some(other) => (Some(CloseReason::Other(Word::Number(other.as_i64()))), None),
        None => (None, None),
    };
    Connection { retrying, ..Connection::closed(reason) }
}

pub(super) fn pairing(update: &QrcodeUpdated) -> Happening<'_> {
    match &update.qrcode {
        Some(qr) => {
            let code = qr.pairing_code.as_ref().filter(|code| !code.expose().is_empty());
            let step = match (&qr.code, &qr.base64, code) {
                (None, None, Some(_)) => PairingStep::Code,
                _ => PairingStep::Qr,
            };
            Happening::Pairing(Pairing {
                qr: qr.code.as_ref().map(SensitiveRef::text),
                qr_image: qr.base64.as_ref().map(SensitiveRef::text),
                code: code.map(SensitiveRef::text),
                ..Pairing::new(step)
            })
        }
        None if update.status_code.is_some() || update.message.is_some() => {
            Happening::Pairing(Pairing::new(PairingStep::GaveUp))
        }
        None => Happening::Other(Other::new(OtherWhy::NotUnified)),
    }
}
