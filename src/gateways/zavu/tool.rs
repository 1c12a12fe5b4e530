//! Tool calls of agents: a different kind of request with the same header name.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::StatusCode;

use super::signature;
use crate::auth::{BodySignature, Cause, Limits, NamedHeader, Refusal, Subject};
use crate::event::{Nested, SetAside, nested};
use crate::request::Request;
use crate::secret::{Secret, Secrets};
use crate::wire::json::{self, Members};
use crate::wire::object::object;
use crate::wire::time::millis;
use crate::wire::{Fault, Id, RawJson};

nested!(ToolCall, serde_json::Map<String, serde_json::Value>);

object! {
    /// A tool call by one of your agents. It is not an event: it has neither an
    /// event id nor an event name, and the agent waits for your answer.
    ///
    /// The shape is as seen in practice; it is not published.
    pub struct ToolCall {
        /// The tool's name. The header `X-Zavu-Tool` contains it too, unsigned.
        pub tool: Option<String>,
        /// The arguments of the call: an object of the tool's own shape.
        /// `arguments.raw().parse()` deserialises it as your own type.
        pub arguments: Nested<serde_json::Map<String, serde_json::Value>>,
        /// The context of the call.
        pub context: Option<ToolContext>,
        /// When the call was made. Unix milliseconds on the wire, never read in
        /// another unit: the age of the call is measured by it.
        #[serde(with = "millis::exactly")]
        pub timestamp: Option<DateTime<Utc>>,
    }
}

object! {
    /// The context of a tool call.
    #[serde(rename_all = "camelCase")]
    pub struct ToolContext {
        /// The phone number of the contact.
        pub contact_phone: Option<String>,
        /// The message that the agent is replying to.
        pub message_id: Option<Id>,
        /// The session.
        pub session_id: Option<Id>,
    }
}

impl ToolCall {
    /// Reads a body that is already known to be authentic. Malformed values are
    /// left out if they are not essential.
    ///
    /// # Errors
    ///
    /// When the body is not a JSON object, has no arguments, or is an event,
    /// with a member `type` or `data`.
    pub fn parse_trusted(body: &[u8]) -> Result<Self, ToolCallError> {
        parse(body).map(|(call, _)| call)
    }
}

fn parse(body: &[u8]) -> Result<(ToolCall, Vec<SetAside>), ToolCallError> {
    let raw: RawJson = serde_json::from_slice(body).map_err(|_| ToolCallError::NotJson)?;
    let is_event = |text: &str| {
        Members::of(text).is_ok_and(|members| members.get("type").or(members.get("data")).is_some())
    };
    if is_event(raw.as_str()) || json::repair(raw.as_str()).is_some_and(|text| is_event(&text)) {
        return Err(ToolCallError::Event);
    }
    Nested::<ToolCall>::from(raw).parse_keeping().map_err(ToolCallError::Malformed)
}

/// Receives the tool calls of your agents, authenticated by the bare
/// hexadecimal HMAC-SHA256 of the body in `X-Zavu-Signature`.
///
/// The header `X-Zavu-Timestamp` is not signed and is ignored. The body's own
/// time is checked; a body without a time can be replayed by anyone who saw it.
///
/// ```
/// use chrono::Utc;
/// use zaphook::zavu::ToolCalls;
/// use zaphook::{Request, Secret};
///
/// let calls = ToolCalls::signed(Secret::new("whsec_4fd0a6c2")?);
///
/// # let secret = Secret::new("whsec_4fd0a6c2")?;
/// # let body = format!(r#"{{"tool":"price","arguments":{{"sku":7}},"timestamp":{}}}"#, Utc::now().timestamp_millis());
/// # let headers = [("X-Zavu-Signature", ToolCalls::sign(&secret, body.as_bytes()))];
/// let request = Request::new(&headers, body);
/// let call = calls.receive(&request)?;
/// assert_eq!(call.tool.as_deref(), Some("price"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ToolCalls {
    header: NamedHeader,
    signature: BodySignature,
    limits: Limits,
}

impl ToolCalls {
    /// Requires a signature made with one of these secrets, each used whole.
    pub fn signed(secrets: impl Into<Secrets>) -> Self {
        let signature = BodySignature::sha256(secrets);
        Self { header: signature::header(), signature, limits: Limits::default() }
    }

    /// How old a call may be by its own time; the default is 300 s.
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        self.limits.max_age = age;
        self
    }

    /// How far ahead of this machine's clock a call's own time may be; the
    /// default is 60 s.
    #[must_use]
    pub fn max_ahead(mut self, ahead: Duration) -> Self {
        self.limits.max_ahead = ahead;
        self
    }

    /// Authenticates and parses a tool call.
    ///
    /// # Errors
    ///
    /// [`ToolCallError::Refused`] without proof, and the others for a body that
    /// is not a tool call.
    pub fn receive(&self, request: &Request<'_>) -> Result<ToolCall, ToolCallError> {
        if !request.head().is_post() {
            return Err(Refusal::from(Cause::NotPost).into());
        }
        let value = self.header.sole(request.head())?;
        let verified = self.signature.verify(value, request.body());
        verified.map_err(|refusal| refusal.about(self.header.subject()))?;
        let (call, set_aside) = parse(request.body())?;
        match call.timestamp {
            Some(at) => {
                let checked = self.limits.check_time(at, request.received_at());
                checked.map_err(|refusal| refusal.about(&own_time()))?;
            }
            // One that cannot be read is not one that is not there.
            None if set_aside.iter().any(|odd| odd.path().to_string() == "timestamp") => {
                return Err(Refusal::from(Cause::NoAge).about(&own_time()).into());
            }
            None => {}
        }
        Ok(call)
    }

    /// The value of the header that Zavu sends with a tool call.
    pub fn sign(secret: &Secret, body: &[u8]) -> String {
        BodySignature::sha256(secret.clone()).sign(body)
    }
}

/// How refusals call the time of a call.
fn own_time() -> Arc<Subject> {
    Arc::new(Subject::member("timestamp"))
}

/// Why a request is not a valid tool call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ToolCallError {
    /// It could not be authenticated.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// It is authentic, but not JSON.
    #[error("the tool call is not JSON")]
    NotJson,
    /// It is authentic, but an event.
    #[error("the body is that of an event, not of a tool call")]
    Event,
    /// It is authentic, but lacks what a tool call needs.
    #[error("the tool call is malformed, {0}")]
    Malformed(Fault),
}

impl ToolCallError {
    /// The status to answer with: 401 (405 for another method than `POST`)
    /// without proof, else 400: retries of tool calls are not documented.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => refusal.status(),
            _ => StatusCode::BAD_REQUEST,
        }
    }
}
