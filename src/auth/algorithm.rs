//! Signatures that come with an algorithm name.

use super::hmac::SignedBody;
use super::member::BodyMembers;
use super::place::NamedHeader;
use super::policy::Check;
use super::proof::{Mechanism, Satisfied};
use super::refusal::{Cause, Refusal};
use crate::request::{Head, Request, Values};

/// A signed body whose request may name the algorithm in a header. That header
/// is not authenticated, so it selects nothing: it may be missing, or name the
/// one configured algorithm, in any case.
#[derive(Clone, Debug)]
pub(crate) struct NamedAlgorithm {
    header: NamedHeader,
    name: &'static str,
    signed: SignedBody,
}

impl NamedAlgorithm {
    pub(crate) fn new(header: NamedHeader, name: &'static str, signed: SignedBody) -> Self {
        Self { header: header.form(name), name, signed }
    }

    fn check(&self, head: &Head<'_>) -> Result<(), Refusal> {
        match self.header.values(head) {
            Values::None => Ok(()),
            Values::One(name) if name.eq_ignore_ascii_case(self.name.as_bytes()) => Ok(()),
            Values::One(_) => Err(self.header.refused(Cause::OtherAlgorithm)),
            Values::Several => Err(self.header.refused(Cause::SeveralHeaders)),
        }
    }
}

impl Check for NamedAlgorithm {
    fn mechanism(&self) -> Mechanism {
        self.signed.mechanism()
    }

    fn members(&self) -> Vec<&'static str> {
        self.signed.members()
    }

    fn screen(&self, head: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
        let screened = self.signed.screen(head)?;
        self.check(head).map(|()| screened)
    }

    fn verify(
        &self,
        request: &Request<'_>,
        members: &BodyMembers<'_>,
    ) -> Result<Satisfied, Refusal> {
        self.check(request.head()).or_else(|refusal| {
            self.signed.screen(request.head())?;
            Err(refusal)
        })?;
        self.signed.verify(request, members)
    }
}
