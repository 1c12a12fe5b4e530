//! Evolution API's events.

use super::Unify;
use super::happening::Happening;
use crate::event::Envelope as _;
use crate::gateways::evolution::{Envelope, Evolution};

impl Unify for Evolution {
    fn happening<'a>(envelope: &'a Envelope, next: &mut usize) -> Option<Happening<'a>> {
        super::once(next, || super::unrecognised(envelope.event()))
    }
}
