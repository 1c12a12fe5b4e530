//! For frameworks that speak `http`: axum, hyper, and what is built on them.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http_body::Body;

use super::{Arrived, Chunks, CutOff};
use crate::answer::{Answer, AnswerBody};
use crate::consumer::Consumer;
use crate::delivery::{Delivery, Stored};
use crate::failure::Failure;
use crate::gateways::Gateway;
use crate::idempotency::IdempotencyStore;
use crate::receiver::{Receiver, Receives};

type Response = http::Response<AnswerBody>;

type Responding = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Erased, so that what reads it is compiled in this crate.
struct Frames(Pin<Box<dyn Reads + Send>>);

trait Reads {
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>)
    -> Poll<Option<Result<Bytes, CutOff>>>;
}

impl<B: Body> Reads for B {
    fn poll(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, CutOff>>> {
        // Trailers are empty.
        Poll::Ready(ready!(self.poll_frame(context)).map(|frame| {
            let data = frame.map_err(|_| CutOff)?.into_data();
            Ok(data.map(|mut data| data.copy_to_bytes(data.remaining())).unwrap_or_default())
        }))
    }
}

impl Chunks for Frames {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, CutOff>>> {
        self.0.as_mut().poll(context)
    }
}

fn responding(arrived: Arrived, frames: Frames) -> Responding {
    Box::pin(async move { arrived.answer(frames).await.into() })
}

/// For frameworks whose requests are [`http::Request`]s (feature `http-body`).
#[cfg_attr(docsrs, doc(cfg(feature = "http-body")))]
impl<R: Receives, S: Send + Sync + 'static> Consumer<R, S> {
    /// From the request of a framework to its response: screens the head, reads the body
    /// within [`body_limit`](Self::body_limit), and has `answer` answer the request.
    /// [`handle_http`](Consumer::handle_http) and [`accept_http`](Consumer::accept_http)
    /// are this with `handle` and `accept`; use it where there is something to do in
    /// between, as with [`Tenants`](crate::Tenants):
    ///
    /// ```
    /// use zaphook::{AnswerBody, Consumer, Delivery, EnviaAi, Failure, MemoryStore, Request};
    /// use zaphook::Tenants;
    ///
    /// # async fn policy_of(_: &str) -> Option<EnviaAi> { None }
    /// # async fn save(_: Delivery<EnviaAi>) -> Result<(), Failure> { Ok(()) }
    /// async fn route<B>(
    ///     webhooks: Consumer<Tenants<EnviaAi>, MemoryStore>,
    ///     request: http::Request<B>,
    /// ) -> http::Response<AnswerBody>
    /// where
    ///     B: http_body::Body + Send + 'static,
    /// {
    ///     let answering = webhooks.answer_http(request, |webhooks, request| async move {
    ///         let (request, tenants) = (Request::from(&request), webhooks.receiver());
    ///         let Some(account) = tenants.peek(&request).account else {
    ///             return tenants.unknown().into();
    ///         };
    ///         match policy_of(&account).await {
    ///             Some(policy) => webhooks.handle_for(&account, &policy, &request, save).await,
    ///             None => tenants.unknown().into(),
    ///         }
    ///     });
    ///     answering.await
    /// }
    /// ```
    ///
    /// | | answer | outcome |
    /// |---|---|---|
    /// | refused by its head alone ([`screen`](Self::screen)) | 401 or 405, and the body is not read | `refused` |
    /// | the body is above the limit | [`too_large`](Self::too_large): 413, or 200 where a 413 is retried | `too_large` |
    /// | the body is cut off | 503; none where any answer is final | `cut_off` |
    /// | otherwise | what `answer` says | |
    /// | `answer` panics | 503; none where any answer is final | `failed` |
    ///
    /// All of them are told to [`observe`](Self::observe) and to the log. An answer that
    /// is [withheld](Answer::is_withheld) closes the connection: see [`AnswerBody`].
    ///
    /// Once the body has arrived, dropping the future cancels nothing: what has to wait
    /// runs in a task of its own on tokio, so that a client that hangs up does not stop
    /// it. That takes a tokio runtime.
    ///
    /// Of a body above the limit as much again is read and thrown away, so that a client
    /// that only reads when it has written gets its answer. How long a client may take to
    /// send a body, how many may do so at once, and what to wait for at a shutdown is up
    /// to the server.
    ///
    /// If the policy has [`Networks`](crate::auth::Networks), add the address of the
    /// client to the request as an extension: [`Peer`](crate::Peer).
    pub fn answer_http<B, F, Fut>(
        &self,
        request: http::Request<B>,
        answer: F,
    ) -> impl Future<Output = http::Response<AnswerBody>> + Send + 'static + use<R, S, B, F, Fut>
    where
        B: Body + Send + 'static,
        F: FnOnce(Self, http::Request<Bytes>) -> Fut + Send + 'static,
        Fut: Future<Output = Answer> + Send + 'static,
    {
        let (parts, body) = request.into_parts();
        responding(self.arrived(parts, answer), Frames(Box::pin(body)))
    }
}

/// For frameworks whose requests are [`http::Request`]s (feature `http-body`).
#[cfg_attr(docsrs, doc(cfg(feature = "http-body")))]
impl<G: Gateway, S: IdempotencyStore + 'static> Consumer<Receiver<G>, S> {
    /// [`handle`](Self::handle) from the request of a framework to its response, which
    /// axum and hyper take as it is:
    ///
    /// ```
    /// use zaphook::{AnswerBody, Consumer, Delivery, EnviaAi, Failure, MemoryStore, Receiver};
    ///
    /// # async fn save(_: Delivery<EnviaAi>) -> Result<(), Failure> { Ok(()) }
    /// async fn route<B>(
    ///     webhooks: Consumer<Receiver<EnviaAi>, MemoryStore>,
    ///     request: http::Request<B>,
    /// ) -> http::Response<AnswerBody>
    /// where
    ///     B: http_body::Body + Send + 'static,
    /// {
    ///     webhooks.handle_http(request, save).await
    /// }
    /// ```
    ///
    /// It reads the body within its limit, and goes on when the client hangs up: see
    /// [`answer_http`](Consumer::answer_http).
    pub fn handle_http<B, F, Fut>(
        &self,
        request: http::Request<B>,
        handler: F,
    ) -> impl Future<Output = http::Response<AnswerBody>> + Send + 'static + use<G, S, B, F, Fut>
    where
        B: Body + Send + 'static,
        F: FnOnce(Delivery<G>) -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.answer_http(request, |consumer, request| async move {
            consumer.handle(&(&request).into(), handler).await
        })
    }
}

/// For frameworks whose requests are [`http::Request`]s (feature `http-body`).
#[cfg_attr(docsrs, doc(cfg(feature = "http-body")))]
impl<G: Gateway, S: Send + Sync + 'static> Consumer<Receiver<G>, S> {
    /// [`accept`](Self::accept) from the request of a framework to its response, as
    /// [`handle_http`](Consumer::handle_http) does.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use zaphook::{AnswerBody, Door, EnviaAi, Failure, Receiver, Stored};
    ///
    /// # struct Inbox;
    /// # impl Inbox { async fn push(&self, _: Stored) -> Result<(), Failure> { Ok(()) } }
    /// async fn route<B>(
    ///     (door, inbox): (Door<Receiver<EnviaAi>>, Arc<Inbox>),
    ///     request: http::Request<B>,
    /// ) -> http::Response<AnswerBody>
    /// where
    ///     B: http_body::Body + Send + 'static,
    /// {
    ///     let push = move |entry| {
    ///         let inbox = Arc::clone(&inbox);
    ///         async move { inbox.push(entry).await }
    ///     };
    ///     door.accept_http(request, push).await
    /// }
    /// ```
    pub fn accept_http<B, F, Fut>(
        &self,
        request: http::Request<B>,
        push: F,
    ) -> impl Future<Output = http::Response<AnswerBody>> + Send + 'static + use<G, S, B, F, Fut>
    where
        B: Body + Send + 'static,
        F: Fn(Stored) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.answer_http(request, |consumer, request| async move {
            consumer.accept(&(&request).into(), push).await
        })
    }
}
