//! A request as it comes in, from any web framework.

mod headers;

use std::net::IpAddr;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Extensions, HeaderName, Method, Uri};

use crate::moment::Moment;

pub use headers::Headers;

/// The values of a header as far as a credential is concerned.
pub(crate) enum Values<'a> {
    None,
    One(&'a [u8]),
    /// Two readers of such a request may see two different values.
    Several,
}

/// Everything of a request but its body, borrowed.
///
/// [`Receiver::screen`](crate::Receiver::screen) can refuse a request by its
/// head alone, before the body is read; [`Head::with_body`] adds the body.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    method: &'a Method,
    path: &'a str,
    query: Option<&'a str>,
    headers: &'a dyn Headers,
    peer: Option<IpAddr>,
    received_at: Option<Moment>,
}

impl<'a> Head<'a> {
    /// The head of a `POST` to `/`, from an unknown peer.
    pub fn new(headers: &'a dyn Headers) -> Self {
        Self {
            method: &Method::POST,
            path: "/",
            query: None,
            headers,
            peer: None,
            received_at: None,
        }
    }

    /// With another method.
    #[must_use]
    pub fn method(self, method: &'a Method) -> Self {
        Self { method, ..self }
    }

    /// With path and query as received: undecoded, as in `/hook?secret=a%20b`.
    #[must_use]
    pub fn uri(self, uri: &'a str) -> Self {
        let (path, query) = match uri.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (uri, None),
        };
        Self { path, query, ..self }
    }

    /// With the peer address of the connection: the gateway, or the last proxy
    /// before this server. Never take it from a header; trusted proxies are
    /// configured with [`Networks::behind`](crate::auth::Networks::behind).
    #[must_use]
    pub fn peer(self, peer: IpAddr) -> Self {
        Self { peer: Some(peer), ..self }
    }

    /// With a time of receipt other than now, for replays and tests.
    #[must_use]
    pub fn received_at(self, time: DateTime<Utc>) -> Self {
        Self { received_at: Some(time.into()), ..self }
    }

    /// The whole request. Borrowed bytes are copied once; `Bytes` and `Vec<u8>`
    /// are not copied.
    pub fn with_body(self, body: impl IntoBody) -> Request<'a> {
        let received_at = Some(self.time());
        Request { head: Self { received_at, ..self }, body: body.into_body() }
    }

    /// The path as received, undecoded. It may hold a credential.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// The query as received, undecoded, without its `?`. It may hold a
    /// credential.
    pub fn query(&self) -> Option<&'a str> {
        self.query
    }

    pub(crate) fn is_post(&self) -> bool {
        *self.method == Method::POST
    }

    pub(crate) fn is_get(&self) -> bool {
        *self.method == Method::GET
    }

    pub(crate) fn header(&self, name: &HeaderName) -> Values<'a> {
        let mut values = Values::None;
        self.headers.values(name, &mut |value| {
            values = match values {
                Values::None => Values::One(value),
                Values::One(_) | Values::Several => Values::Several,
            };
        });
        values
    }

    pub(crate) fn headers(&self) -> &'a dyn Headers {
        self.headers
    }

    /// When the request was received; now, where nobody said.
    pub(crate) fn time(&self) -> Moment {
        self.received_at.unwrap_or_else(Moment::now)
    }

    pub(crate) fn peer_address(&self) -> Option<IpAddr> {
        self.peer
    }
}

impl std::fmt::Debug for Head<'_> {
    /// Shows neither path nor query nor headers: they hold credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Head")
            .field("method", self.method)
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

/// The address of the client, if it is among the extensions: [`Peer`].
impl<'a> From<&'a http::request::Parts> for Head<'a> {
    fn from(parts: &'a http::request::Parts) -> Self {
        Self::new(&parts.headers).method(&parts.method).parts_of(&parts.uri, &parts.extensions)
    }
}

impl<'a> Head<'a> {
    fn parts_of(self, uri: &'a Uri, extensions: &Extensions) -> Self {
        let peer = extensions.get().map(|Peer(peer)| *peer);
        Self { path: uri.path(), query: uri.query(), peer, ..self }
    }
}

/// The peer address of a connection, as an extension of an [`http::Request`], where
/// [`Head::peer`] cannot be called. As there: never take it from a header.
///
/// ```
/// use std::net::{IpAddr, SocketAddr};
/// use zaphook::auth::Networks;
/// use zaphook::{EnviaAi, Peer, Receiver, Request};
///
/// # fn route(mut received: http::Request<bytes::Bytes>, address: SocketAddr)
/// #     -> Result<(), Box<dyn std::error::Error>> {
/// // With axum, `address` is in its `ConnectInfo`.
/// received.extensions_mut().insert(Peer(address.ip()));
///
/// let receiver = Receiver::new(EnviaAi::by(Networks::new(["198.51.100.0/24"])?));
/// receiver.receive(&Request::from(&received))?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it is made by its name")]
pub struct Peer(pub IpAddr);

/// A whole request: a borrowed [`Head`] and the exact bytes of the body.
///
/// ```
/// use zaphook::Request;
///
/// // From plain parts:
/// let headers = [("X-EnviaAI-Signature", "sha256=…")];
/// let request = Request::new(&headers, r#"{"event":"message.received"}"#);
///
/// // From the `http` crate:
/// let received = http::Request::post("/hook").body(bytes::Bytes::from_static(b"{}"))?;
/// let request = Request::from(&received);
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone)]
pub struct Request<'a> {
    head: Head<'a>,
    body: Bytes,
}

impl<'a> Request<'a> {
    /// A `POST` to `/`, received now, from an unknown peer. To set these, start
    /// from a [`Head`].
    pub fn new(headers: &'a dyn Headers, body: impl IntoBody) -> Self {
        Head::new(headers).with_body(body)
    }

    /// Everything but the body.
    pub fn head(&self) -> &Head<'a> {
        &self.head
    }

    /// The exact bytes received.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// When the request was received.
    pub fn received_at(&self) -> DateTime<Utc> {
        self.time().date()
    }

    /// The same, for who needs no date.
    pub(crate) fn time(&self) -> Moment {
        self.head.time()
    }
}

impl std::fmt::Debug for Request<'_> {
    /// Does not show the body, nor anything that may be a credential.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("head", &self.head)
            .field("received_at", &self.received_at())
            .field("body_len", &self.body.len())
            .finish()
    }
}

/// The address of the client, if it is among the extensions: [`Peer`].
impl<'a, B: IntoBody + Clone> From<&'a http::Request<B>> for Request<'a> {
    fn from(request: &'a http::Request<B>) -> Self {
        Head::new(request.headers())
            .method(request.method())
            .parts_of(request.uri(), request.extensions())
            .with_body(request.body().clone())
    }
}

/// The types that a body can be given as.
pub trait IntoBody {
    /// The bytes. Borrowed ones are copied.
    fn into_body(self) -> Bytes;
}

macro_rules! into_body {
    ($($Owned:ty),* ; $($Borrowed:ty => $bytes:expr),*) => {
        $(impl IntoBody for $Owned {
            fn into_body(self) -> Bytes {
                self.into()
            }
        })*
        $(impl IntoBody for $Borrowed {
            fn into_body(self) -> Bytes {
                Bytes::copy_from_slice($bytes(self))
            }
        })*
    };
}

into_body! {
    Bytes, Vec<u8>, String;
    &[u8] => std::convert::identity,
    &str => str::as_bytes,
    &Bytes => AsRef::as_ref,
    &Vec<u8> => Vec::as_slice,
    &String => String::as_bytes
}

impl<const LEN: usize> IntoBody for &[u8; LEN] {
    fn into_body(self) -> Bytes {
        self.as_slice().into_body()
    }
}

/// A delivery as gateways make them: a `POST` of JSON with their own headers.
#[cfg(feature = "testing")]
pub(crate) fn delivery<const N: usize>(
    body: Bytes,
    headers: [(HeaderName, String); N],
) -> http::Request<Bytes> {
    let mut request = http::Request::new(body);
    *request.method_mut() = Method::POST;
    let json = http::HeaderValue::from_static("application/json");
    request.headers_mut().insert(http::header::CONTENT_TYPE, json);
    for (name, value) in headers {
        // Signatures and tokens are visible ASCII.
        if let Ok(value) = value.parse() {
            request.headers_mut().insert(name, value);
        }
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_splits_at_the_first_question_mark() {
        let headers: [(&str, &str); 0] = [];
        let head = Head::new(&headers).uri("/hook/a%20b?x=1?y");
        assert_eq!((head.path, head.query), ("/hook/a%20b", Some("x=1?y")));
        assert_eq!(Head::new(&headers).uri("/hook").query, None);
    }

    #[test]
    fn a_peer_may_be_among_the_extensions() {
        let mut received = http::Request::new(Bytes::new());
        assert_eq!(Request::from(&received).head().peer_address(), None);
        let peer = IpAddr::from([203, 0, 113, 9]);
        received.extensions_mut().insert(Peer(peer));
        assert_eq!(Request::from(&received).head().peer_address(), Some(peer));
        assert_eq!(Head::from(&received.into_parts().0).peer_address(), Some(peer));
    }

    #[test]
    fn debug_shows_no_credential() {
        let headers = [("authorization", "MARK")];
        let request = Head::new(&headers).uri("/MARK?MARK=MARK").with_body("MARK");
        let shown = format!("{request:?} {request:#?}");
        assert!(!shown.contains("MARK"), "{shown}");
    }
}
