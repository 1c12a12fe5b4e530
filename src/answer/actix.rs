//! An answer as the response of actix-web.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, MessageBody};
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use bytes::Bytes;

use super::Answer;

/// A [withheld](Answer::is_withheld) answer is not sent: actix closes the connection
/// without a byte.
#[cfg_attr(docsrs, doc(cfg(feature = "actix-web")))]
impl From<Answer> for HttpResponse {
    fn from(answer: Answer) -> Self {
        // The same number in another version of `http`.
        let status = StatusCode::from_u16(answer.status.as_u16());
        let mut response = Self::build(status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE));
        if answer.withheld {
            return response.body(Withheld);
        }
        if let Some(seconds) = answer.retry_after_seconds() {
            response.insert_header((RETRY_AFTER, seconds));
        }
        response.finish()
    }
}

/// A body that fails before there is any of it.
struct Withheld;

impl MessageBody for Withheld {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, io::Error>>> {
        Poll::Ready(Some(Err(io::Error::other("the answer is withheld"))))
    }
}
