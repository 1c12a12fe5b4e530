//! Deliveries as they were received, kept for inspection or replay.

mod body;
mod headers;
mod read;
mod redact;

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, SubsecRound, Utc};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::auth::{Cut, UNCUT};
use crate::gateways::{self, each_gateway};
use crate::request::{Head, Request};
use crate::wire::RawJson;
use crate::wire::sensitive::written;
use crate::wire::time::seconds;
use crate::{AnyDelivery, Delivery};

use headers::Kept;

pub use read::CaptureError;

/// One delivery as it reached a receiver, and how the receiver is configured,
/// as one JSON object on one line.
///
/// `examples/inspect.rs` reports how this crate handles such lines, and
/// `cargo run --example axum -- --capture FILE` writes them. The members:
///
/// | member | what it is | if absent or `null` |
/// |---|---|---|
/// | `provider` | the gateway's name, [`Gateway::NAME`](crate::Gateway::NAME) | it is required |
/// | `uri` | path and query as received | `/` |
/// | `headers` | an object: a text for each name, or a list of texts | none |
/// | `peer` | the address of the connection's other end | unknown |
/// | `received_at` | seconds since 1970, a number | now |
/// | `body` or `body_base64` | the body as text, or its bytes | one of the two is required |
/// | `auth` | an object: how the receiver is configured | whoever reads it knows |
/// | `tag` | anything, repeated in reports | `null` |
///
/// ```
/// use zaphook::testing::{self, Capture};
/// use zaphook::{EnviaAi, Receiver, Request, Secret};
///
/// let secret = Secret::new("whs_4fd0a6c2")?;
/// let body = r#"{"event":"instance.connected","data":{"instanceId":"inst_1"}}"#;
/// let delivery = testing::enviaai(&secret, body);
///
/// let line = Capture::from_request("enviaai", &Request::from(&delivery)).to_string();
///
/// let capture: Capture = line.parse()?;
/// assert!(Receiver::new(EnviaAi::signed(secret)).receive(&capture.request()).is_ok());
///
/// let shown = capture.without_credentials().to_string();
/// assert!(shown.contains(r#""x-enviaai-signature":"sha256=REPLACED""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Capture {
    provider: String,
    uri: String,
    headers: Kept,
    peer: Option<IpAddr>,
    received_at: Option<DateTime<Utc>>,
    body: Bytes,
    auth: Option<RawJson>,
    tag: Option<RawJson>,
}

impl Capture {
    /// The placeholder for a replaced credential.
    pub const REPLACED: &str = "REPLACED";

    /// A delivery as it was received, including its credentials. `provider` is
    /// the gateway's name, [`Gateway::NAME`](crate::Gateway::NAME).
    ///
    /// A header value that is not UTF-8 is kept with U+FFFD in it, and the time
    /// of receipt to the microsecond. If the headers cannot list their names
    /// ([`Headers::each`](crate::Headers::each)), those that gateways are known
    /// to send are looked up.
    pub fn from_request(provider: impl Into<String>, request: &Request<'_>) -> Self {
        let head = request.head();
        let uri = match head.query() {
            Some(query) => format!("{}?{query}", head.path()),
            None => head.path().to_owned(),
        };
        Self {
            provider: provider.into(),
            uri,
            headers: Kept::all_of(head.headers()),
            peer: head.peer_address(),
            received_at: Some(request.received_at().trunc_subsecs(6)),
            body: request.body().clone(),
            auth: None,
            tag: None,
        }
    }

    /// Reads a capture.
    ///
    /// # Errors
    ///
    /// When it is not a single JSON object, or a member is missing, repeated or
    /// not as described [above](Self). Other members are ignored.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, CaptureError> {
        read::read(text.as_ref())
    }

    /// The same delivery in a form that can be shared: everything that is or
    /// might be a credential is replaced by [`REPLACED`](Self::REPLACED). It
    /// cannot be replayed, nor authenticated: to inspect it, configure no
    /// authentication.
    ///
    /// * **Path**: the last segment that is neither the gateway's name nor a
    ///   word like `webhook`, and every other one of 16 bytes or more.
    /// * **Query**: every value; the names stay.
    /// * **Headers**: every value except those of the ordinary headers of HTTP
    ///   and of proxies, and of the gateways' own headers that are not
    ///   credentials. A custom header may contain a secret under any name. A
    ///   signature keeps its form (`t=1705312500,v2=REPLACED`), `Authorization`
    ///   its scheme.
    /// * **Body**: what this crate types as
    ///   [`Sensitive`](crate::wire::Sensitive) in it; and, also where it cannot
    ///   be typed, the members at any depth whose names end in `key`, `token`,
    ///   `secret` or `password` or are called `authorization`, `jwt`,
    ///   `pairingCode`, `qr`, `qrCode`, `challenge`, `inviteCode`, `mediaKey`,
    ///   `messageSecret` and the like, in any such spelling, `code` and
    ///   `base64` next to a QR code, and the token in the URL of a webhook.
    ///   Strings that contain JSON are searched as well. Values that mean "no
    ///   credential" (`null`, an empty string, `Apikey not found`) stay, and so
    ///   does every other byte, even in a body that is not JSON.
    /// * **Everywhere**: whatever was replaced in URL, headers and body, and
    ///   the secrets in `auth`, both literally and percent-decoded: values of 4
    ///   bytes or more inside other strings as well, of 16 bytes or more in
    ///   member names as well.
    /// * **`auth`** is left out.
    ///
    /// Message texts, names and phone numbers stay unchanged.
    #[must_use]
    pub fn without_credentials(mut self) -> Self {
        loop {
            let shown = self.replaced();
            // With a value replaced, the text around it may divide differently: a URL whose
            // `?` was part of a token. Each round leaves less to replace.
            if shown == self {
                return shown;
            }
            self = shown;
        }
    }

    fn replaced(&self) -> Self {
        let mut values = body::Values::default();
        let mut found: Vec<String> = sensitive_texts(&self.provider, &self.body);
        // A URL is more than its token: what it holds is taken out of it.
        found.retain(|text| !text.contains("://"));
        if let Some(auth) = &self.auth {
            found.extend(texts_of(auth));
        }
        let mut note = |text: &str| found.push(text.to_owned());
        let cut = cut_of(&self.provider);
        let uri = redact::uri(&self.uri, &self.provider, cut, &mut note);
        let headers =
            self.headers.clone().map(|name, value| redact::header(name, value, &mut note));
        found.iter().for_each(|text| values.add(text));

        let in_url = |url: &str| redact::uri(url, &self.provider, cut, &mut |_| {});
        let body = body::without(&self.body, &values, &in_url);
        Self {
            uri: values.replace_in_text(uri),
            headers: headers.map(|_, value| values.replace_in_text(value.to_owned())),
            body: body.map_or_else(|| self.body.clone(), Bytes::from),
            auth: None,
            ..self.clone()
        }
    }

    /// With the configuration of the receiver: a JSON object.
    #[must_use]
    pub fn with_auth(self, auth: RawJson) -> Self {
        Self { auth: Some(on_one_line(auth)), ..self }
    }

    /// With a tag to identify it.
    #[must_use]
    pub fn with_tag(self, tag: RawJson) -> Self {
        let said = |json: &RawJson| json.as_str() != "null";
        Self { tag: Some(on_one_line(tag)).filter(said), ..self }
    }

    /// The request, with its original time of receipt, or now if that is not
    /// known.
    pub fn request(&self) -> Request<'_> {
        let mut head = Head::new(&self.headers).uri(&self.uri);
        if let Some(peer) = self.peer {
            head = head.peer(peer);
        }
        if let Some(time) = self.received_at {
            head = head.received_at(time);
        }
        head.with_body(&self.body)
    }

    /// The gateway's name.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The configuration of the receiver.
    pub fn auth(&self) -> Option<&RawJson> {
        self.auth.as_ref()
    }

    /// Its tag.
    pub fn tag(&self) -> Option<&RawJson> {
        self.tag.as_ref()
    }
}

/// The texts in how a receiver is configured that are secrets, or may be.
fn texts_of(auth: &RawJson) -> Vec<String> {
    fn walk(value: &serde_json::Value, into: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => into.push(text.clone()),
            serde_json::Value::Array(elements) => {
                elements.iter().for_each(|element| walk(element, into));
            }
            serde_json::Value::Object(members) => {
                let tells = |name: &&String| !NO_SECRETS.contains(&name.as_str());
                let values = members.iter().filter(|(name, _)| tells(name));
                values.for_each(|(_, value)| walk(value, into));
            }
            _ => {}
        }
    }

    let mut texts = Vec::new();
    if let Ok(auth) = auth.parse() {
        walk(&auth, &mut texts);
    }
    texts
}

/// Members of `auth` that hold no secret.
const NO_SECRETS: &[&str] = &["instances", "name", "networks", "require", "token_query", "user"];

/// A line break in JSON is white space, or it would be escaped.
fn on_one_line(json: RawJson) -> RawJson {
    if !json.as_str().contains(['\n', '\r']) {
        return json;
    }
    RawJson::from_text(&json.as_str().replace(['\n', '\r'], " ")).unwrap_or(json)
}

macro_rules! cut_of {
    ($($feature:literal $module:ident::$Gateway:ident,)+) => {
        /// What the gateway appends to path and query is not part of the
        /// credential.
        fn cut_of(provider: &str) -> Cut {
            match provider {
                $(
                    #[cfg(feature = $feature)]
                    $feature => gateways::$Gateway::CUT,
                )+
                _ => UNCUT,
            }
        }
    };
}

each_gateway!(cut_of);

macro_rules! sensitive_texts {
    ($($feature:literal $module:ident::$Gateway:ident,)+) => {
        /// What a body contains that is typed as sensitive.
        fn sensitive_texts(provider: &str, body: &Bytes) -> Vec<String> {
            let delivery: Option<AnyDelivery> = match provider {
                $(
                    #[cfg(feature = $feature)]
                    $feature => {
                        let delivery = Delivery::<gateways::$Gateway>::parse_trusted(body.clone());
                        delivery.ok().map(AnyDelivery::from)
                    }
                )+
                _ => None,
            };
            let written = |delivery: AnyDelivery| written::during(|| drop(delivery.to_json()));
            delivery.map_or_else(Vec::new, written)
        }
    };
}

each_gateway!(sensitive_texts);

impl Serialize for Capture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Seconds<'a>(&'a Option<DateTime<Utc>>);

        impl Serialize for Seconds<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                seconds::serialize(self.0, serializer)
            }
        }

        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("provider", &self.provider)?;
        map.serialize_entry("uri", &self.uri)?;
        map.serialize_entry("headers", &self.headers)?;
        if let Some(peer) = &self.peer {
            map.serialize_entry("peer", peer)?;
        }
        if self.received_at.is_some() {
            map.serialize_entry("received_at", &Seconds(&self.received_at))?;
        }
        match std::str::from_utf8(&self.body) {
            Ok(text) => map.serialize_entry("body", text)?,
            Err(_) => map.serialize_entry("body_base64", &STANDARD.encode(&self.body))?,
        }
        if let Some(auth) = &self.auth {
            map.serialize_entry("auth", auth)?;
        }
        if let Some(tag) = &self.tag {
            map.serialize_entry("tag", tag)?;
        }
        map.end()
    }
}

impl fmt::Display for Capture {
    /// The JSON, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Capture {
    /// Does not show texts or credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("provider", &self.provider)
            .field("peer", &self.peer)
            .field("received_at", &self.received_at)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl FromStr for Capture {
    type Err = CaptureError;

    fn from_str(text: &str) -> Result<Self, CaptureError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests;
