//! An answer as the response of a framework that speaks `http`.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::Answer;

/// The body of a response: nothing, or what makes it no response at all (feature
/// `http-body`).
///
/// That of a [withheld](Answer::is_withheld) answer fails before its first byte. Over
/// HTTP/1, hyper and what is built on it (axum) then close the connection and send
/// nothing, not even the status. Over HTTP/2 the stream is reset, perhaps after the
/// status, 503.
///
/// ```
/// use zaphook::{Answer, AnswerBody};
///
/// let response: http::Response<AnswerBody> = Answer::handled().into();
/// assert_eq!(response.status(), 200);
/// ```
#[cfg_attr(docsrs, doc(cfg(feature = "http-body")))]
#[derive(Debug)]
pub struct AnswerBody {
    withheld: bool,
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let fails = || Err(io::Error::other("the answer is withheld"));
        Poll::Ready(self.withheld.then(fails))
    }

    fn is_end_stream(&self) -> bool {
        !self.withheld
    }

    fn size_hint(&self) -> SizeHint {
        if self.withheld { SizeHint::default() } else { SizeHint::with_exact(0) }
    }
}

/// A [withheld](Answer::is_withheld) answer is not sent: see [`AnswerBody`].
#[cfg_attr(docsrs, doc(cfg(feature = "http-body")))]
impl From<Answer> for http::Response<AnswerBody> {
    fn from(answer: Answer) -> Self {
        answer.with_body(AnswerBody { withheld: answer.withheld })
    }
}
