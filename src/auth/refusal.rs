//! Why a request was refused.

use std::fmt;

use http::StatusCode;

/// Why a request could not be authenticated.
///
/// It says what was wrong with the form of the credential, never what the right
/// one would have been. The sender only gets the status.
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
    /// `method_not_allowed`: webhooks must be `POST` requests.
    MethodNotAllowed,
    /// `missing_credential`: no credential was presented.
    MissingCredential,
    /// `malformed_credential`: a credential of the wrong form.
    MalformedCredential,
    /// `ambiguous_credential`: more than one credential where one is expected.
    AmbiguousCredential,
    /// `unsupported_algorithm`: made with a different algorithm than the
    /// configured one. A request cannot choose the algorithm.
    UnsupportedAlgorithm,
    /// `mismatch`: a well-formed credential that is not the right one.
    Mismatch,
    /// `stale`: a signature that is too old.
    Stale,
    /// `too_far_ahead`: a signature from the future.
    TooFarAhead,
    /// `expired`: an otherwise valid token that has expired.
    Expired,
    /// `wrong_instance`: from an instance that is not accepted.
    WrongInstance,
    /// `network`: from outside the allowed networks.
    Network,
}

impl Reason {
    /// The reason as one word, for logs and metrics.
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

    /// How much is known about the credential: of several refusals, the most
    /// informative one is reported.
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

    /// The same refusal, answered with 503: for gateways that treat a 401 as
    /// final, when what they sent was valid but late.
    pub(crate) const fn repeatable(self) -> Self {
        Self { may_repeat: true, ..self }
    }

    /// The kind of refusal.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// What was wrong with the credential, in a few words.
    #[cfg(feature = "tracing")]
    pub(crate) fn detail(&self) -> &'static str {
        self.detail
    }

    /// The status to answer with: 401, or 405 for any method other than `POST`.
    /// A gateway's policy may use 503 for `expired`, so that the gateway
    /// retries.
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
