//! A receiver of any gateway.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

#[cfg(feature = "actix-web")]
use actix_web::web::Payload;
#[cfg(feature = "actix-web")]
use actix_web::{HttpRequest, HttpResponse};

use super::AnyDelivery;
use super::policy::{AnyGateway, AnyPolicy};
use crate::answer::Answer;
#[cfg(feature = "http-body")]
use crate::answer::AnswerBody;
use crate::auth::{Proof, Refusal};
use crate::consumer::{Consumer, Door, NoStore};
use crate::delivery::{Delivery, Stored, StoredError};
use crate::event::UnknownEventName;
use crate::failure::Failure;
use crate::gateways::{self, EventNameOf, Unverified, each_gateway};
use crate::idempotency::IdempotencyStore;
use crate::receiver::{Error, NotReceived, Receiver, Receives, sealed};
use crate::request::{Head, Request};
use crate::retry::RetrySchedule;

/// A [`Receiver`] of any gateway, for code that learns the gateway at run time,
/// from a configuration or a path.
///
/// ```
/// use zaphook::{AnyReceiver, EnviaAi, Request, Secret};
///
/// # fn run(request: &Request<'_>) -> Result<(), Box<dyn std::error::Error>> {
/// let receiver = AnyReceiver::new(EnviaAi::signed(Secret::new("whs_4fd0a6c2")?));
///
/// let delivery = receiver.receive(request)?;
/// println!("{}: {}", delivery.gateway(), delivery.name());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AnyReceiver(Arc<dyn ReceivesAny>);

impl<G: AnyGateway> From<Receiver<G>> for AnyReceiver
where
    AnyDelivery: From<Delivery<G>>,
{
    fn from(receiver: Receiver<G>) -> Self {
        Self(Arc::new(receiver))
    }
}

macro_rules! of_policy {
    ($($feature:literal $module:ident::$Gateway:ident,)+) => {
        fn of_policy(policy: AnyPolicy) -> AnyReceiver {
            match policy {
                $(
                    #[cfg(feature = $feature)]
                    AnyPolicy::$Gateway(policy) => {
                        Receiver::<gateways::$Gateway>::new(policy).into()
                    }
                )+
            }
        }
    };
}

each_gateway!(of_policy);

impl AnyReceiver {
    /// As [`Receiver::new`].
    pub fn new(policy: impl Into<AnyPolicy>) -> Self {
        of_policy(policy.into())
    }

    /// As [`Receiver::with_store`].
    pub fn with_store<S: IdempotencyStore>(self, store: S) -> Consumer<Self, S> {
        Consumer::new(self, store)
    }

    /// As [`Receiver::only`], by the names on the wire.
    ///
    /// # Errors
    ///
    /// When one of the names is not a documented event of the gateway.
    pub fn only<N: AsRef<str>>(
        self,
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, UnknownEventName> {
        let names: Vec<N> = names.into_iter().collect();
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        self.0.only(&names)
    }

    /// The gateway's name: [`Gateway::NAME`](crate::Gateway::NAME).
    pub fn gateway(&self) -> &'static str {
        self.0.gateway()
    }

    /// As [`Receiver::body_limit`].
    pub fn body_limit(&self) -> usize {
        self.0.body_limit()
    }

    /// As [`Receiver::too_large`].
    pub fn too_large(&self) -> Answer {
        Answer::too_large(self.0.retries())
    }

    /// As [`Receiver::screen`].
    ///
    /// # Errors
    ///
    /// The refusal that [`receive`](Self::receive) would return as well.
    pub fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.0.screen(head)
    }

    /// As [`Receiver::peek`].
    pub fn peek(&self, request: &Request<'_>) -> Unverified {
        self.0.peek(request)
    }

    /// As [`Receiver::authenticate`].
    ///
    /// # Errors
    ///
    /// When there is no proof.
    pub fn authenticate(&self, request: &Request<'_>) -> Result<Proof, Refusal> {
        self.0.authenticate(request)
    }

    /// As [`Receiver::receive`].
    ///
    /// # Errors
    ///
    /// Without proof, and when the body cannot be read.
    pub fn receive(&self, request: &Request<'_>) -> Result<AnyDelivery, Error> {
        self.0.receive(request)
    }
}

impl AnyReceiver {
    /// As [`Receiver::door`].
    pub fn door(self) -> Door<Self> {
        Consumer::new(self, NoStore)
    }
}

impl<S> Consumer<AnyReceiver, S> {
    /// As for [a receiver of one gateway](Consumer::accept).
    pub async fn accept<F, Fut>(&self, request: &Request<'_>, push: F) -> Answer
    where
        F: Fn(Stored) -> Fut + Send + Sync,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        self.accept_taken(self.receiver().0.take(request), push).await
    }
}

impl<S: IdempotencyStore> Consumer<AnyReceiver, S> {
    /// As for [a receiver of one gateway](Consumer::handle).
    pub async fn handle<F, Fut>(&self, request: &Request<'_>, handler: F) -> Answer
    where
        F: FnOnce(AnyDelivery) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        match self.receiver().0.take(request) {
            Ok(delivery) => self.handle_received(delivery, handler).await,
            Err(not_received) => self.not_received(not_received).await,
        }
    }
}

#[cfg(feature = "http-body")]
#[cfg_attr(docsrs, doc(cfg(feature = "http-body")))]
impl<S: IdempotencyStore + 'static> Consumer<AnyReceiver, S> {
    /// As for [a receiver of one gateway](Consumer::handle_http).
    pub fn handle_http<B, F, Fut>(
        &self,
        request: http::Request<B>,
        handler: F,
    ) -> impl Future<Output = http::Response<AnswerBody>> + Send + 'static + use<S, B, F, Fut>
    where
        B: http_body::Body + Send + 'static,
        F: FnOnce(AnyDelivery) -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.answer_http(request, |consumer, request| async move {
            consumer.handle(&(&request).into(), handler).await
        })
    }
}

#[cfg(feature = "http-body")]
#[cfg_attr(docsrs, doc(cfg(feature = "http-body")))]
impl<S: Send + Sync + 'static> Consumer<AnyReceiver, S> {
    /// As for [a receiver of one gateway](Consumer::accept_http).
    pub fn accept_http<B, F, Fut>(
        &self,
        request: http::Request<B>,
        push: F,
    ) -> impl Future<Output = http::Response<AnswerBody>> + Send + 'static + use<S, B, F, Fut>
    where
        B: http_body::Body + Send + 'static,
        F: Fn(Stored) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.answer_http(request, |consumer, request| async move {
            consumer.accept(&(&request).into(), push).await
        })
    }
}

#[cfg(feature = "actix-web")]
#[cfg_attr(docsrs, doc(cfg(feature = "actix-web")))]
impl<S: IdempotencyStore + 'static> Consumer<AnyReceiver, S> {
    /// As for [a receiver of one gateway](Consumer::handle_actix).
    pub fn handle_actix<F, Fut>(
        &self,
        request: HttpRequest,
        payload: Payload,
        handler: F,
    ) -> impl Future<Output = HttpResponse> + 'static + use<S, F, Fut>
    where
        F: FnOnce(AnyDelivery) -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.answer_actix(request, payload, |consumer, request| async move {
            consumer.handle(&(&request).into(), handler).await
        })
    }
}

#[cfg(feature = "actix-web")]
#[cfg_attr(docsrs, doc(cfg(feature = "actix-web")))]
impl<S: Send + Sync + 'static> Consumer<AnyReceiver, S> {
    /// As for [a receiver of one gateway](Consumer::accept_actix).
    pub fn accept_actix<F, Fut>(
        &self,
        request: HttpRequest,
        payload: Payload,
        push: F,
    ) -> impl Future<Output = HttpResponse> + 'static + use<S, F, Fut>
    where
        F: Fn(Stored) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.answer_actix(request, payload, |consumer, request| async move {
            consumer.accept(&(&request).into(), push).await
        })
    }
}

impl fmt::Debug for AnyReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl sealed::Sealed for AnyReceiver {}

impl Receives for AnyReceiver {
    type Delivery = AnyDelivery;

    fn gateway(&self) -> &'static str {
        self.0.gateway()
    }

    fn body_limit(&self) -> usize {
        self.0.body_limit()
    }

    fn retries(&self) -> &'static [RetrySchedule] {
        self.0.retries()
    }

    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.0.screen(head)
    }

    fn again(&self, stored: &Stored) -> Result<AnyDelivery, StoredError> {
        self.0.again(stored)
    }
}

/// What all receivers have in common.
trait ReceivesAny: fmt::Debug + Send + Sync {
    fn gateway(&self) -> &'static str;
    fn body_limit(&self) -> usize;
    fn retries(&self) -> &'static [RetrySchedule];
    fn only(&self, names: &[&str]) -> Result<AnyReceiver, UnknownEventName>;
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal>;
    fn peek(&self, request: &Request<'_>) -> Unverified;
    fn authenticate(&self, request: &Request<'_>) -> Result<Proof, Refusal>;
    fn receive(&self, request: &Request<'_>) -> Result<AnyDelivery, Error>;
    fn take(&self, request: &Request<'_>) -> Result<AnyDelivery, NotReceived>;
    fn again(&self, stored: &Stored) -> Result<AnyDelivery, StoredError>;
}

impl<G: AnyGateway> ReceivesAny for Receiver<G>
where
    AnyDelivery: From<Delivery<G>>,
{
    fn gateway(&self) -> &'static str {
        G::NAME
    }

    fn body_limit(&self) -> usize {
        G::BODY_LIMIT
    }

    fn retries(&self) -> &'static [RetrySchedule] {
        G::RETRIES
    }

    fn only(&self, names: &[&str]) -> Result<AnyReceiver, UnknownEventName> {
        Ok(self.clone().only(event_names::<G>(names)?).into())
    }

    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.screen(head)
    }

    fn peek(&self, request: &Request<'_>) -> Unverified {
        self.peek(request)
    }

    fn authenticate(&self, request: &Request<'_>) -> Result<Proof, Refusal> {
        self.authenticate(request)
    }

    fn receive(&self, request: &Request<'_>) -> Result<AnyDelivery, Error> {
        self.receive(request).map(AnyDelivery::from)
    }

    fn take(&self, request: &Request<'_>) -> Result<AnyDelivery, NotReceived> {
        self.take(request).map(AnyDelivery::from)
    }

    fn again(&self, stored: &Stored) -> Result<AnyDelivery, StoredError> {
        Receives::again(self, stored).map(AnyDelivery::from)
    }
}

/// Names of a gateway's events, from text.
pub(super) fn event_names<G: AnyGateway>(
    names: &[&str],
) -> Result<Vec<EventNameOf<G>>, UnknownEventName> {
    names.iter().map(|name| name.parse()).collect()
}
