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
    may_repeat: bool,
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
    /// `unsupported_algorithm`: made by another algorithm than the one that is
    /// configured. What a request says of itself chooses none.
    UnsupportedAlgorithm,
    /// `mismatch`: a credential of the right form that is not the right one.
    Mismatch,
    /// `stale`: a signature that was made too long ago.
    Stale,
    /// `too_far_ahead`: a signature that is of the future.
    TooFarAhead,
    /// `expired`: a right token whose time is over.
    Expired,
    /// `wrong_instance`: of an instance that is not among the accepted ones.
    WrongInstance,
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
            Self::UnsupportedAlgorithm => "unsupported_algorithm",
            Self::Mismatch => "mismatch",
            Self::Stale => "stale",
            Self::TooFarAhead => "too_far_ahead",
            Self::Expired => "expired",
            Self::WrongInstance => "wrong_instance",
            Self::Network => "network",
        }
    }

    /// How much is known of the credential: of several refusals, the one that
    /// says most is reported.
    pub(super) fn weight(self) -> u8 {
        match self {
            Self::MissingCredential => 0,
            Self::MalformedCredential | Self::UnsupportedAlgorithm => 1,
            Self::MethodNotAllowed | Self::AmbiguousCredential | Self::Mismatch | Self::Network => {
                2
            }
            // The credential itself was right.
            Self::Stale | Self::TooFarAhead | Self::Expired | Self::WrongInstance => 3,
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
        Self { reason, detail, may_repeat: false }
    }

    /// The same refusal, answered with 503: for gateways that take a 401 as
    /// final, when what they sent was right and came too late.
    pub(crate) const fn repeatable(self) -> Self {
        Self { may_repeat: true, ..self }
    }

    /// The kind of refusal.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// The status to answer with: 401, or 405 for another method than `POST`.
    /// A gateway's policy may prefer 503 for `expired`, so that the gateway
    /// does not take it as final.
    pub fn status(&self) -> StatusCode {
        match self.reason {
            _ if self.may_repeat => StatusCode::SERVICE_UNAVAILABLE,
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
