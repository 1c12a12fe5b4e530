//! How Zavu signs its events.

use chrono::{DateTime, Utc};
use http::HeaderName;

use crate::auth::TimedSignature;
use crate::secret::Secrets;

/// The header that carries the signature.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-zavu-signature");

/// The forms that Zavu's signature has, for [`Zavu::sign_as`](super::Zavu::sign_as).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// `sha256=<digits>` over the body: the first generation.
    F0,
    /// `t=<seconds>,v1=<digits>` over the body alone: webhooks made before
    /// August 2026, until they are moved.
    F1,
    /// `t=<seconds>,v2=<digits>` over `<t>.<body>`: new webhooks, and API v2.
    F2,
    /// `t=<seconds>,v1=<digits>,v2=<digits>`, each as above: webhooks on
    /// their way from one to the other.
    F1AndF2,
    /// `t=<seconds>,v1=<digits>` over `<t>.<body>`, as one page of the
    /// documentation has it and nobody has seen.
    F1Prime,
}

/// The secrets are used whole (`whsec_…`, prefix included).
pub(super) fn signature(secrets: impl Into<Secrets>) -> TimedSignature {
    TimedSignature::new(HEADER, secrets)
}

pub(super) fn sign(
    form: Form,
    secrets: impl Into<Secrets>,
    at: DateTime<Utc>,
    body: &[u8],
) -> String {
    let signature = signature(secrets);
    let time = at.timestamp().max(0).to_string();
    let over_body = || signature.digits(&[body]);
    let over_both = || signature.digits(&[time.as_bytes(), b".", body]);
    match form {
        Form::F0 => format!("sha256={}", over_body()),
        Form::F1 => format!("t={time},v1={}", over_body()),
        Form::F2 => format!("t={time},v2={}", over_both()),
        Form::F1AndF2 => format!("t={time},v1={},v2={}", over_body(), over_both()),
        Form::F1Prime => format!("t={time},v1={}", over_both()),
    }
}
