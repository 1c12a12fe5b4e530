//! Why a request carries no proof.

use std::fmt;

use http::StatusCode;

/// A request that did not prove where it comes from.
///
/// It says what was wrong with the credential's form, never what the right
/// one would have been. The answer to the other side is the status alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    reason: Reason,
    detail: &'static str,
}

/// The kinds of [`Refusal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// `method_not_allowed`: webhooks are `POST`ed.
    MethodNotAllowed,
    /// `missing_credential`: no credential was presented.
    MissingCredential,
    /// `malformed_credential`: a credential of the wrong form.
    MalformedCredential,
    /// `ambiguous_credential`: more than one where one is meant.
    AmbiguousCredential,
    /// `mismatch`: a credential of the right form that is not the right one.
    Mismatch,
    /// `stale`: it was made longer ago than is accepted.
    Stale,
    /// `too_far_ahead`: it claims to be made later than clocks may differ.
    TooFarAhead,
    /// `network`: the request comes from elsewhere.
    Network,
}

impl Reason {
    /// The reason as one word, as in logs and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MethodNotAllowed => "method_not_allowed",
            Self::MissingCredential => "missing_credential",
            Self::MalformedCredential => "malformed_credential",
            Self::AmbiguousCredential => "ambiguous_credential",
            Self::Mismatch => "mismatch",
            Self::Stale => "stale",
            Self::TooFarAhead => "too_far_ahead",
            Self::Network => "network",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Refusal {
    pub(crate) const fn new(reason: Reason, detail: &'static str) -> Self {
        Self { reason, detail }
    }

    /// The kind of refusal.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// The status to answer with: 401, or 405 for another method than `POST`.
    pub fn status(&self) -> StatusCode {
        match self.reason {
            Reason::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            _ => StatusCode::UNAUTHORIZED,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.detail)
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({self})")
    }
}

impl std::error::Error for Refusal {}
