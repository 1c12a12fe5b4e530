//! Complete signed requests, for the tests of applications (feature
//! `testing`).
//!
//! ```
//! use zaphook::{EnviaAi, Receiver, Request, Secret, testing};
//!
//! let secret = Secret::new("whs_4fd0a6c2")?;
//! let request = testing::enviaai(
//!     &secret,
//!     r#"{"event":"instance.connected","data":{"instanceId":"inst_1"}}"#,
//! );
//!
//! let receiver = Receiver::new(EnviaAi::signed(secret));
//! assert!(receiver.receive(&Request::from(&request)).is_ok());
//! # Ok::<(), zaphook::SecretError>(())
//! ```

use bytes::Bytes;

use crate::request::IntoBody;

/// A delivery as EnviaAI makes it: `POST`, JSON, signed with the secret.
#[cfg(feature = "enviaai")]
pub fn enviaai(secret: &crate::Secret, body: impl IntoBody) -> http::Request<Bytes> {
    let body = body.into_body();
    let signature = crate::EnviaAi::sign(secret, &body);
    delivery(body, [(crate::EnviaAi::SIGNATURE_HEADER, signature)])
}

/// A `POST` of JSON with the gateway's own headers.
fn delivery<const N: usize>(
    body: Bytes,
    headers: [(http::HeaderName, String); N],
) -> http::Request<Bytes> {
    let mut request = http::Request::new(body);
    *request.method_mut() = http::Method::POST;
    let json = http::HeaderValue::from_static("application/json");
    request.headers_mut().insert(http::header::CONTENT_TYPE, json);
    for (name, value) in headers {
        // Signatures are digits and letters.
        if let Ok(value) = value.parse() {
            request.headers_mut().insert(name, value);
        }
    }
    request
}
