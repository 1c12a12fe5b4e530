//! Signatures that come with an algorithm name.

use http::HeaderName;

use super::hmac::SignedBody;
use super::member::BodyMembers;
use super::policy::Check;
use super::proof::Satisfied;
use super::refusal::{Reason, Refusal};
use crate::request::{Head, Request, Values};

/// A signed body whose request may name the algorithm in a header. That header
/// is not authenticated, so it selects nothing: it may be missing, or name the
/// one configured algorithm, in any case.
#[derive(Clone, Debug)]
pub(crate) struct NamedAlgorithm {
    pub(crate) header: HeaderName,
    pub(crate) name: &'static str,
    pub(crate) signed: SignedBody,
}

impl NamedAlgorithm {
    fn check(&self, head: &Head<'_>) -> Result<(), Refusal> {
        match head.header(&self.header) {
            Values::None => Ok(()),
            Values::One(name) if name.eq_ignore_ascii_case(self.name.as_bytes()) => Ok(()),
            Values::One(_) => Err(Refusal::new(
                Reason::UnsupportedAlgorithm,
                "the header names another algorithm than the one that is configured",
            )),
            Values::Several => Err(Refusal::new(
                Reason::AmbiguousCredential,
                "there is more than one header with an algorithm",
            )),
        }
    }
}

impl Check for NamedAlgorithm {
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.signed.screen(head)?;
        self.check(head)
    }

    fn verify(
        &self,
        request: &Request<'_>,
        members: &BodyMembers<'_>,
    ) -> Result<Satisfied, Refusal> {
        self.screen(request.head())?;
        self.signed.verify(request, members)
    }
}
