//! From the bytes of a body to a typed event.
//!
//! Parsing goes one of two ways:
//!
//! * **One pass**: the name usually comes before the payload, so the payload is
//!   typed in place. Anything unusual makes this fast path give up; it never
//!   decides anything.
//! * **Two steps**: the envelope is taken apart with the payload raw, then the
//!   name selects the type. This path defines the result. Here odd values are
//!   set aside ([`SetAside`]), unpaired surrogates are repaired, and what still
//!   cannot be typed becomes [`Malformed`].

use std::ops::Range;

use crate::wire::json::Members;
use crate::wire::{self, json};

mod aside;
mod catch_all;
mod envelope;
mod held;
mod list;
mod names;
mod nested;
mod one_pass;
mod route;
mod two_step;
mod unreadable;

pub use aside::SetAside;
pub use catch_all::{Malformed, NameSource, Recognition, Skipped, Unknown};
pub use envelope::Envelope;
pub use list::EventSet;
pub use names::{EventName, UnknownEventName};
pub use nested::{Nested, ReadNested};
pub use unreadable::{Unreadable, UnreadableReason};

pub(crate) use envelope::{Notes, envelope};
pub(crate) use held::Held;
pub(crate) use list::{Wanted, events, has_no_payload};
pub(crate) use names::event_names;
pub(crate) use nested::{nested, read_nested};
pub(crate) use route::{Elsewhere, Layout, Parts, Route};

/// Parses a body that is already known to be authentic as a gateway's
/// [`Envelope`], generically over gateways.
///
/// # Errors
///
/// When it is not JSON, names no event, or repeats a member that decides what
/// it is.
pub fn parse_trusted<E: Envelope>(body: &[u8]) -> Result<E, Unreadable> {
    read(body, NO_HINT, &Wanted::ALL).map(Held::take)
}

/// Looks for a name outside the body; asked only where the body may name no
/// event.
pub(crate) type Hint<'a> = &'a dyn Fn() -> Option<&'a str>;

/// There is no name outside the body.
pub(crate) const NO_HINT: Hint<'static> = &|| None;

/// Reads a whole body as a gateway's envelope.
pub(crate) fn read<E: Envelope>(
    body: &[u8],
    hint: Hint<'_>,
    wanted: &Wanted,
) -> Result<Held<E>, Unreadable> {
    let text = wire::text(body).map_err(|error| Unreadable::not_utf8(body, error))?;
    E::read(text, hint, wanted)
}

/// What [`Envelope::read`] does for each gateway.
#[inline]
pub(crate) fn read_as<E: Envelope>(
    text: &str,
    hint: Hint<'_>,
    wanted: &Wanted,
) -> Result<Held<E>, Unreadable> {
    match one_pass::read(text, hint, wanted) {
        Ok(envelope) => Ok(envelope),
        Err(given_up) => two_step::read(text, hint(), wanted, given_up).map(E::hold),
    }
}

/// The result of the fast path if it has one, else that of the other.
#[cfg(test)]
pub(crate) fn by_both_ways<E: Envelope>(
    text: &str,
    hint: Option<&str>,
) -> (Option<E>, Result<E, Unreadable>) {
    let quick = one_pass::read(text, &|| hint, &Wanted::ALL).ok().map(Held::take);
    (quick, two_step::read(text, hint, &Wanted::ALL, None))
}

/// Where in the text of a body its payload stands.
pub(crate) fn payload_at<E: Envelope>(text: &str, hint: Option<&str>) -> Option<Range<usize>> {
    let find = |text: &str| {
        let members = Members::of(text).ok()?;
        let payload = E::route(&Parts { text, members, hint }).ok()?.payload()?;
        let start = payload.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        Some(start..start.checked_add(payload.len())?)
    };
    // A repair changes no position.
    find(text).or_else(|| find(&json::repair(text)?))
}

mod differential;

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macros are made for public types")]
mod tests;
