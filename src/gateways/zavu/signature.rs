//! How Zavu signs its events.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderName;

use super::{ACCOUNT, Zavu};
use crate::auth::{AccountSecrets, Checked, NamedHeader, Proves, TimedKeys, TimedSignature};
use crate::secret::Secrets;

/// The header that carries the signature.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-zavu-signature");

/// The same, as Zavu spells it.
pub(super) fn header() -> NamedHeader {
    NamedHeader::new(HEADER, "X-Zavu-Signature")
}

/// The forms that Zavu's signature has, for [`Zavu::sign_as`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// `sha256=<digits>` over the body: the first generation.
    F0,
    /// `t=<seconds>,v1=<digits>` over the body alone: webhooks created before
    /// August 2026, until they are migrated.
    F1,
    /// `t=<seconds>,v2=<digits>` over `<t>.<body>`: new webhooks, and API v2.
    F2,
    /// `t=<seconds>,v1=<digits>,v2=<digits>`, each as above: webhooks during
    /// the migration.
    F1AndF2,
    /// `t=<seconds>,v1=<digits>` over `<t>.<body>`, as described on one page of
    /// the documentation but never seen in practice.
    F1Timestamped,
}

/// Zavu's signature as a mechanism: [`Zavu::signed`] with settings.
///
/// ```
/// use zaphook::zavu::Signature;
/// use zaphook::{Secret, Zavu};
///
/// let policy = Zavu::by(Signature::new(Secret::new("whsec_3b9ff21c")?).require_v2());
/// # Ok::<(), zaphook::SecretError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Signature(TimedSignature);

impl Signature {
    /// Accepts signatures made with one of these secrets (`whsec_…`), each used
    /// whole.
    pub fn new(secrets: impl Into<Secrets>) -> Self {
        Self(TimedSignature::new(header(), &secrets.into()))
    }

    /// Accepts signatures made with a secret of the account that the body names.
    pub fn per_account(secrets: AccountSecrets) -> Self {
        Self(TimedSignature::per_account(header(), &ACCOUNT, &secrets))
    }

    /// Accepts only signatures that cover their time (`v2`, form F2, also next
    /// to a `v1`). Set it once all webhooks are migrated: until then an
    /// attacker can strip the `v2` from a delivery that has both.
    #[must_use]
    pub fn require_v2(mut self) -> Self {
        self.0.require_v2 = true;
        self
    }

    /// Also accepts a `v1` over time and body, as described on one page of the
    /// documentation (form F1'). No such signature has been seen.
    #[must_use]
    pub fn accept_timestamped_v1(mut self) -> Self {
        self.0.accept_timestamped_v1 = true;
        self
    }

    /// How old the signature's time `t` may be; the default is 300 s.
    ///
    /// Whether Zavu signs again when it retries a delivery is not published: if
    /// it does not, retries after this age are refused. If you see such
    /// refusals (`stale`), allow the whole retry schedule, 5 h 21 min.
    ///
    /// In form F1 `t` is not signed: the limit still applies, but an attacker
    /// can simply change it. See [`max_body_age`](Self::max_body_age).
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        self.0.limits.max_age = age;
        self
    }

    /// How far ahead of this machine's clock the signature's time may be; the
    /// default is 60 s.
    #[must_use]
    pub fn max_ahead(mut self, ahead: Duration) -> Self {
        self.0.limits.max_ahead = ahead;
        self
    }

    /// How old the body's own `timestamp` may be, in the forms whose signature
    /// covers no other time (F0 and F1). By default there is no limit.
    ///
    /// It is when Zavu dispatched the event. Whether retries keep it is not
    /// published; if they do, those after this age are refused, so allow the
    /// whole retry schedule, 5 h 21 min. Keys must be remembered for longer
    /// than this, and are by default (24 h).
    ///
    /// A body without a readable `timestamp` is then refused.
    #[must_use]
    pub fn max_body_age(mut self, age: Duration) -> Self {
        self.0.max_body_age = Some(age);
        self
    }
}

impl Proves<Zavu> for Signature {
    fn checked(self) -> Checked {
        Checked::new(self.0)
    }
}

pub(super) fn sign(
    form: Form,
    secrets: impl Into<Secrets>,
    at: DateTime<Utc>,
    body: &[u8],
) -> String {
    let keys = TimedKeys::new(&secrets.into());
    let time = at.timestamp().max(0).to_string();
    let over_body = || keys.digits(&[body]);
    let over_both = || keys.digits(&[time.as_bytes(), b".", body]);
    match form {
        Form::F0 => format!("sha256={}", over_body()),
        Form::F1 => format!("t={time},v1={}", over_body()),
        Form::F2 => format!("t={time},v2={}", over_both()),
        Form::F1AndF2 => format!("t={time},v1={},v2={}", over_body(), over_both()),
        Form::F1Timestamped => format!("t={time},v1={}", over_both()),
    }
}
