//! For actix-web, whose requests are those of another version of `http`.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodyStream, MessageBody};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method};

use super::{Arrived, Chunks, CutOff};
use crate::answer::Answer;
use crate::consumer::Consumer;
use crate::delivery::{Delivery, Stored};
use crate::failure::Failure;
use crate::gateways::Gateway;
use crate::idempotency::IdempotencyStore;
use crate::receiver::{Receiver, Receives};
use crate::request::Peer;

type Responding = Pin<Box<dyn Future<Output = HttpResponse>>>;

impl Chunks for Pin<Box<BodyStream<Payload>>> {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, CutOff>>> {
        let chunk = ready!(self.as_mut().poll_next(context));
        Poll::Ready(chunk.map(|chunk| chunk.map_err(|_| CutOff)))
    }
}

fn responding(arrived: Arrived, payload: Payload) -> Responding {
    let chunks = Box::pin(BodyStream::new(payload));
    Box::pin(async move { arrived.answer(chunks).await.into() })
}

/// The head of a request, which a task can take along. What is valid there is valid
/// here; were it not, it would be a head without what proves it.
fn head(request: &HttpRequest) -> Parts {
    let (mut parts, ()) = http::Request::new(()).into_parts();
    parts.method = Method::from_bytes(request.method().as_str().as_bytes()).unwrap_or_default();
    let uri = request.uri().path_and_query().map_or("/", |uri| uri.as_str());
    parts.uri = uri.parse().unwrap_or_default();
    for (name, value) in request.headers() {
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            parts.headers.append(name, value);
        }
    }
    if let Some(peer) = request.peer_addr() {
        parts.extensions.insert(Peer(peer.ip()));
    }
    parts
}

/// For actix-web (feature `actix-web`).
#[cfg_attr(docsrs, doc(cfg(feature = "actix-web")))]
impl<R: Receives, S: Send + Sync + 'static> Consumer<R, S> {
    /// As [`answer_http`](Consumer::answer_http), whose docs say what is answered when,
    /// for actix-web. The address of the client is known.
    ///
    /// actix limits no body that is read so: neither `PayloadConfig` nor its default of
    /// 256 KiB apply. It closes the connection of an answer that is
    /// [withheld](Answer::is_withheld).
    pub fn answer_actix<F, Fut>(
        &self,
        request: HttpRequest,
        payload: Payload,
        answer: F,
    ) -> impl Future<Output = HttpResponse> + 'static + use<R, S, F, Fut>
    where
        F: FnOnce(Self, http::Request<Bytes>) -> Fut + Send + 'static,
        Fut: Future<Output = Answer> + Send + 'static,
    {
        responding(self.arrived(head(&request), answer), payload)
    }
}

/// For actix-web (feature `actix-web`).
#[cfg_attr(docsrs, doc(cfg(feature = "actix-web")))]
impl<G: Gateway, S: IdempotencyStore + 'static> Consumer<Receiver<G>, S> {
    /// [`handle`](Self::handle) from the request of actix-web to its response:
    ///
    /// ```
    /// use actix_web::{App, web};
    /// use zaphook::{Consumer, Delivery, EnviaAi, Failure, MemoryStore, Receiver};
    ///
    /// # async fn save(_: Delivery<EnviaAi>) -> Result<(), Failure> { Ok(()) }
    /// fn route(webhooks: Consumer<Receiver<EnviaAi>, MemoryStore>) -> actix_web::Route {
    ///     web::post().to(move |request, body| webhooks.handle_actix(request, body, save))
    /// }
    /// ```
    ///
    /// It reads the body within its limit, and goes on when the client hangs up: see
    /// [`answer_actix`](Consumer::answer_actix).
    pub fn handle_actix<F, Fut>(
        &self,
        request: HttpRequest,
        payload: Payload,
        handler: F,
    ) -> impl Future<Output = HttpResponse> + 'static + use<G, S, F, Fut>
    where
        F: FnOnce(Delivery<G>) -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.answer_actix(request, payload, |consumer, request| async move {
            consumer.handle(&(&request).into(), handler).await
        })
    }
}

/// For actix-web (feature `actix-web`).
#[cfg_attr(docsrs, doc(cfg(feature = "actix-web")))]
impl<G: Gateway, S: Send + Sync + 'static> Consumer<Receiver<G>, S> {
    /// [`accept`](Self::accept) from the request of actix-web to its response, as
    /// [`handle_actix`](Consumer::handle_actix) does.
    pub fn accept_actix<F, Fut>(
        &self,
        request: HttpRequest,
        payload: Payload,
        push: F,
    ) -> impl Future<Output = HttpResponse> + 'static + use<G, S, F, Fut>
    where
        F: Fn(Stored) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.answer_actix(request, payload, |consumer, request| async move {
            consumer.accept(&(&request).into(), push).await
        })
    }
}
