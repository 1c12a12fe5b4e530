//! Why a request was refused.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::StatusCode;

use super::proof::Mechanism;

/// Why a request could not be authenticated.
///
/// `Display` says which header, query parameter or body member it is about, by
/// its name, what was wrong with its form, and what usually causes that:
///
/// ```
/// use zaphook::{EnviaAi, Receiver, Request, Secret};
///
/// let receiver = Receiver::new(EnviaAi::signed(Secret::new("whs_4fd0a6c2")?));
/// let headers = [("X-EnviaAI-Signature", "5f2b")];
/// let refusal = receiver.authenticate(&Request::new(&headers, "{}")).unwrap_err();
/// assert_eq!(
///     refusal.to_string(),
///     "malformed_credential: X-EnviaAI-Signature does not begin with sha256="
/// );
/// # Ok::<(), zaphook::SecretError>(())
/// ```
///
/// It never contains what was presented, nor what would have been right. That is
/// for logs: the sender only gets the status.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    subject: Option<Arc<Subject>>,
    /// How far off a time is, and how far it may be.
    seconds: u32,
    limit: u32,
    cause: Cause,
    mechanism: Option<Mechanism>,
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

/// What a refusal is about, by its name in the configuration, and the form that
/// is expected of it.
#[derive(PartialEq, Eq)]
pub(crate) struct Subject {
    kind: SubjectKind,
    name: Cow<'static, str>,
    form: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SubjectKind {
    Header,
    Query,
    Path,
    Member,
}

impl Subject {
    fn new(kind: SubjectKind, name: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, name: name.into(), form: "" }
    }

    pub(crate) fn header(name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(SubjectKind::Header, name)
    }

    pub(crate) fn query(name: String) -> Self {
        Self::new(SubjectKind::Query, name)
    }

    pub(crate) fn path() -> Self {
        Self::new(SubjectKind::Path, "")
    }

    /// A member of the body.
    pub(crate) fn member(name: &'static str) -> Self {
        Self::new(SubjectKind::Member, name)
    }

    /// What its value must begin with, or be.
    pub(crate) fn form(self, form: &'static str) -> Self {
        Self { form, ..self }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.escape_debug();
        match self.kind {
            SubjectKind::Header => name.fmt(f),
            SubjectKind::Query => write!(f, "query parameter `{name}`"),
            SubjectKind::Path => f.write_str("the path"),
            SubjectKind::Member => write!(f, "`{name}` in the body"),
        }
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            SubjectKind::Path => f.write_str("Path"),
            kind => write!(f, "{kind:?}({:?})", self.name),
        }
    }
}

/// Declares what can be wrong with a request, one line each: the reason; what it
/// is about where no name is known, and what is wrong with it; and what usually
/// causes that. `{n}` and `{limit}` are seconds, `{form}` is the expected form.
macro_rules! causes {
    ($($Cause:ident => $Reason:ident, $noun:literal $text:literal $(, $hint:literal)?;)+) => {
        /// What is wrong with a request.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Cause {
            $($Cause,)+
        }

        impl Cause {
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$Cause),+];

            fn reason(self) -> Reason {
                match self {
                    $(Self::$Cause => Reason::$Reason,)+
                }
            }

            fn noun(self) -> &'static str {
                match self {
                    $(Self::$Cause => $noun,)+
                }
            }

            fn text(self) -> &'static str {
                match self {
                    $(Self::$Cause => $text,)+
                }
            }

            fn hint(self) -> &'static str {
                match self {
                    $(Self::$Cause => concat!("" $(, $hint)?),)+
                }
            }
        }
    };
}

causes! {
    Get => MethodNotAllowed, "the method" " is GET, not POST",
        "a browser, a health check, or a redirect that turned the POST into a GET";
    NotPost => MethodNotAllowed, "the method" " is not POST";

    NoHeader => MissingCredential, "the header" ": no such header",
        "not configured at the gateway, or removed by a proxy";
    SeveralHeaders => AmbiguousCredential, "the header" ": more than one such header";
    LongHeader => MalformedCredential, "the header" " is longer than 4096 bytes";
    NoParameter => MissingCredential, "the query" ": no such query parameter",
        "the gateway calls a URL without its token";
    SeveralParameters => AmbiguousCredential, "the query" ": more than one such query parameter";
    NoToken => MissingCredential, "the token" ": no token",
        "the gateway calls a URL without its token";
    LongToken => MalformedCredential, "the token" " is longer than 4096 bytes";
    BadPercent => MalformedCredential, "the token" " is not percent-encoded properly";
    WrongToken => Mismatch, "the token" ": not one of the configured tokens",
        "another token at the gateway than here";
    TokenOfAnother => Mismatch, "the token" ": a token of another account than the body's";

    Prefix => MalformedCredential, "the signature" " does not begin with {form}";
    NotHex64 => MalformedCredential, "the signature" ": not 64 hexadecimal digits";
    NotHex128 => MalformedCredential, "the signature" ": not 128 hexadecimal digits";
    WrongSignature => Mismatch,
        "the signature" ": not made over this body with a configured secret",
        "another secret, or a body that a proxy or a JSON middleware re-encoded";
    SignatureOfAnother => Mismatch,
        "the signature" ": not made over this body with a secret of the account that it names",
        "another secret, another account, or a body that a proxy or a JSON middleware re-encoded";
    OtherAlgorithm => UnsupportedAlgorithm, "the algorithm" " does not name {form}";

    NotText => MalformedCredential, "the signature" " is not text";
    ManyParts => MalformedCredential, "the signature" " has more than eight parts";
    TwoTimes => AmbiguousCredential, "the signature" " has two different times";
    NoTime => MalformedCredential, "the signature" " has no time (t=)";
    NotTimed => MalformedCredential, "the signature" " is neither sha256=… nor t=…,v2=…",
        "the URL of a tool receives only tool calls, see ToolCalls";
    TimeNotNumber => MalformedCredential, "the signature" ": its time is not a number of seconds";
    NoTag => MalformedCredential, "the signature" " has neither v1 nor v2";
    NoV2 => MissingCredential, "the signature" " has no v2, which is required",
        "a webhook that Zavu has not migrated yet";
    Old => Stale, "the time" ": {n} s old, at most {limit} s are accepted",
        "a late retry, or this machine's clock is about {n} s ahead";
    Ahead => TooFarAhead, "the time" ": {n} s in the future, at most {limit} s are accepted",
        "this machine's clock is about {n} s behind";
    NoAge => Stale, "the time" ": not a time that can be read, so its age is not known";

    NotBasic => MalformedCredential, "the credentials" " does not begin with Basic";
    NotPair => MalformedCredential, "the credentials" ": not a user and a password in base64";
    WrongPassword => Mismatch, "the credentials" ": not a configured user and password",
        "another user or password in the URL at the gateway than here";
    NotBearer => MalformedCredential, "the token" " does not begin with Bearer";

    JwtParts => MalformedCredential, "the token" ": not three parts in base64url";
    JwtHeader => MalformedCredential,
        "the token" ": its header is not a JSON object with unique names";
    JwtHeaderMember => MalformedCredential, "the token" ": a member of its header is not text";
    JwtNoAlgorithm => MalformedCredential, "the token" " names no algorithm";
    JwtAlgorithmNotText => MalformedCredential, "the token" ": its algorithm is not text";
    JwtOtherAlgorithm => UnsupportedAlgorithm, "the token" ": its algorithm is not HS256";
    JwtExtension => UnsupportedAlgorithm,
        "the token" " needs an extension, carries a key, or is encrypted";
    JwtTag => MalformedCredential, "the token" ": its signature is not 32 bytes";
    JwtSignature => Mismatch, "the token" ": not signed with a configured secret",
        "another secret at the gateway than here";
    JwtOfAnother => Mismatch,
        "the token" ": not signed with a secret of the account that the body names",
        "another secret, or another account";
    JwtClaims => MalformedCredential,
        "the token" ": its claims are not a JSON object with unique names";
    JwtNoTimes => MalformedCredential, "the token" " has no exp or no iat in whole seconds";
    JwtNbf => MalformedCredential, "the token" ": its nbf is not whole seconds";
    JwtPurpose => Mismatch, "the token" ": its claims are not those of a webhook's token",
        "a token that was made for something else";
    JwtExpired => Expired, "the token" ": expired {n} s ago, at most {limit} s are accepted",
        "a late delivery, or this machine's clock is about {n} s ahead";
    JwtAhead => TooFarAhead, "the token" ": valid only in {n} s, at most {limit} s are accepted",
        "this machine's clock is about {n} s behind";

    NotObject => MalformedCredential, "the body" " is not a JSON object",
        "the body has to be read here, to find the credential or the account";
    MemberRepeated => AmbiguousCredential, "the member" ": more than one such member";
    MemberNotText => MalformedCredential, "the member" " is not text";
    NoMember => MissingCredential, "the member" ": no such member",
        "the gateway is not configured to send it";
    Placeholder => MissingCredential, "the member" " says that there is no token",
        "the gateway is not configured to send it";
    NoAccount => MalformedCredential, "the body" " does not name its account";
    OtherInstance => WrongInstance, "the body" ": not an accepted instance";
    NoInstance => WrongInstance, "the body" " does not name an accepted instance";
    OtherAccount => WrongInstance, "the delivery" " belongs to another account than the proof";
    DeliveryOfNone => WrongInstance, "the delivery" " names no account";

    NoPeer => Network, "the peer's address" " is not known",
        "give it to the request with `Head::peer`";
    ProxyNamesNone => Network, "X-Forwarded-For" ": no address that can be read";
    OtherNetwork => Network, "the peer's address" " is not in an allowed network";
    ProxyNotTrusted => Network, "the peer's address" " is not in an allowed network",
        "there is an X-Forwarded-For: if it is your proxy's, name the proxy with `behind`";

    NoPolicy => Mismatch, "the account" " has no policy";
    OtherGateway => Mismatch, "the policy" " is another gateway's";
    NoAlternative => Mismatch, "the policy" " accepts nothing";
}

impl From<Cause> for Refusal {
    fn from(cause: Cause) -> Self {
        Self { subject: None, seconds: 0, limit: 0, cause, mechanism: None, may_repeat: false }
    }
}

impl Refusal {
    /// About something with a name. A name that is known already is kept.
    pub(crate) fn about(self, subject: &Arc<Subject>) -> Self {
        let subject = self.subject.unwrap_or_else(|| Arc::clone(subject));
        Self { subject: Some(subject), ..self }
    }

    pub(super) fn is(&self, cause: Cause) -> bool {
        self.cause == cause
    }

    /// By a verifier that is valid for one account only.
    pub(super) fn of_account(self) -> Self {
        let cause = match self.cause {
            Cause::WrongSignature => Cause::SignatureOfAnother,
            Cause::JwtSignature => Cause::JwtOfAnother,
            other => other,
        };
        Self { cause, ..self }
    }

    /// A time that is this far off, and how far it may be.
    pub(crate) fn seconds(self, off: u64, limit: u64) -> Self {
        let short = |seconds: u64| u32::try_from(seconds).unwrap_or(u32::MAX);
        Self { seconds: short(off), limit: short(limit), ..self }
    }

    /// By the mechanism that refused it.
    pub(super) fn by(self, mechanism: Mechanism) -> Self {
        Self { mechanism: Some(mechanism), ..self }
    }

    /// The same refusal, answered with 503: for gateways that treat a 401 as
    /// final, when what they sent was valid but late.
    pub(crate) fn repeatable(self) -> Self {
        Self { may_repeat: true, ..self }
    }

    /// The kind of refusal.
    pub fn reason(&self) -> Reason {
        self.cause.reason()
    }

    /// The name of the header, the query parameter or the body member that it
    /// is about.
    pub fn name(&self) -> Option<&str> {
        self.subject.as_ref().map(|subject| subject.name()).filter(|name| !name.is_empty())
    }

    /// The mechanism of the policy that refused the request; `None` when no
    /// mechanism had to be asked, as for a wrong method.
    pub fn mechanism(&self) -> Option<Mechanism> {
        self.mechanism
    }

    /// What usually causes such a refusal, where that can be told.
    pub fn hint(&self) -> Option<String> {
        let hint = self.cause.hint();
        (!hint.is_empty()).then(|| Filled(hint, self).to_string())
    }

    /// The text without the reason and the hint.
    pub(crate) fn detail(&self) -> impl fmt::Display + '_ {
        Detail(self)
    }

    /// The status to answer with: 401, or 405 for any method other than `POST`.
    /// A gateway's policy may use 503 for `expired`, so that the gateway
    /// retries.
    pub fn status(&self) -> StatusCode {
        match self.reason() {
            _ if self.may_repeat => StatusCode::SERVICE_UNAVAILABLE,
            Reason::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            _ => StatusCode::UNAUTHORIZED,
        }
    }
}

struct Detail<'a>(&'a Refusal);

impl fmt::Display for Detail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(refusal) = self;
        match &refusal.subject {
            Some(subject) => subject.fmt(f)?,
            None => f.write_str(refusal.cause.noun())?,
        }
        Filled(refusal.cause.text(), refusal).fmt(f)
    }
}

/// A text with what stands for its places.
struct Filled<'a>(&'static str, &'a Refusal);

impl fmt::Display for Filled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(mut rest, refusal) = *self;
        while let Some((before, place)) = rest.split_once('{') {
            let (place, after) = place.split_once('}').unwrap_or((place, ""));
            f.write_str(before)?;
            match (place, &refusal.subject) {
                ("n", _) => refusal.seconds.fmt(f)?,
                ("limit", _) => refusal.limit.fmt(f)?,
                (_, Some(subject)) if !subject.form.is_empty() => f.write_str(subject.form)?,
                _ => f.write_str("what is configured")?,
            }
            rest = after;
        }
        f.write_str(rest)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason(), self.detail())?;
        match self.cause.hint() {
            "" => Ok(()),
            hint => write!(f, " ({})", Filled(hint, self)),
        }
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({self})")
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_a_whole_sentence() {
        let subject = Arc::new(Subject::header("X-Signature").form("sha256="));
        for cause in Cause::ALL {
            let bare = Refusal::from(*cause).seconds(400, 300);
            let named = bare.clone().about(&subject);
            for refusal in [&bare, &named] {
                let shown = refusal.to_string();
                assert!(shown.starts_with(refusal.reason().as_str()), "{shown}");
                assert!(!shown.contains(['{', '}']) && !shown.contains("  "), "{shown}");
                assert!(shown.split_once(": ").unwrap().1.len() > 10, "{shown}");
            }
            assert_eq!((bare.name(), named.name()), (None, Some("X-Signature")));
            let text = cause.text();
            assert!(text.starts_with(' ') || text.starts_with(": "), "{text}");
        }
    }

    #[test]
    fn places_are_filled() {
        let subject = Arc::new(Subject::header("X-Signature").form("sha256="));
        for (refusal, shown) in [
            (
                Refusal::from(Cause::Prefix).about(&subject),
                "malformed_credential: X-Signature does not begin with sha256=",
            ),
            (
                Refusal::from(Cause::Prefix),
                "malformed_credential: the signature does not begin with what is configured",
            ),
            (
                Refusal::from(Cause::Ahead).about(&subject).seconds(400, u64::MAX),
                "too_far_ahead: X-Signature: 400 s in the future, at most 4294967295 s are \
                 accepted (this machine's clock is about 400 s behind)",
            ),
            (
                Refusal::from(Cause::NoParameter).about(&Arc::new(Subject::query("a\n`b".into()))),
                "missing_credential: query parameter `a\\n`b`: no such query parameter (the \
                 gateway calls a URL without its token)",
            ),
        ] {
            assert_eq!(refusal.to_string(), shown);
        }
        // The name that is known first is the more precise one.
        let member = Arc::new(Subject::member("apikey"));
        let refusal = Refusal::from(Cause::MemberNotText).about(&member).about(&subject);
        assert_eq!(refusal.to_string(), "malformed_credential: `apikey` in the body is not text");
    }
}
