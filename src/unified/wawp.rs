//! Wawp's events.

use super::Unify;
use super::happening::Happening;
use crate::event::Envelope as _;
use crate::gateways::wawp::{Envelope, Wawp};

impl Unify for Wawp {
    fn happening<'a>(envelope: &'a Envelope, next: &mut usize) -> Option<Happening<'a>> {
        super::once(next, || super::unrecognised(envelope.event()))
    }
}
