//! Many accounts of any gateway.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use super::AnyDelivery;
use super::policy::{AnyGateway, AnyPolicy};
use super::receiver::event_names;
use crate::answer::Answer;
use crate::auth::{Cause, Refusal};
use crate::consumer::{Consumer, Door, NoStore};
use crate::delivery::{Delivery, Stored, StoredError};
use crate::event::UnknownEventName;
use crate::failure::Failure;
use crate::gateways::Unverified;
use crate::idempotency::IdempotencyStore;
use crate::receiver::{Error, NotReceived, Receives, sealed};
use crate::request::{Head, Request};
use crate::retry::RetrySchedule;
use crate::tenants::Tenants;

/// [`Tenants`] of any gateway, for code that learns the gateway at run time.
///
/// ```
/// use zaphook::{AnyTenants, Evolution, Tenants, Zavu};
///
/// let tenants = [
///     AnyTenants::from(Tenants::<Evolution>::new()),
///     AnyTenants::from(Tenants::<Zavu>::new()),
/// ];
/// ```
#[derive(Clone)]
pub struct AnyTenants(Arc<dyn ReceivesForAny>);

impl<G: AnyGateway> From<Tenants<G>> for AnyTenants
where
    AnyDelivery: From<Delivery<G>>,
{
    fn from(tenants: Tenants<G>) -> Self {
        Self(Arc::new(tenants))
    }
}

impl AnyTenants {
    /// As [`Tenants::with_store`].
    pub fn with_store<S: IdempotencyStore>(self, store: S) -> Consumer<Self, S> {
        Consumer::new(self, store)
    }

    /// As [`Tenants::only`], by the names on the wire.
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

    /// As [`Tenants::body_limit`].
    pub fn body_limit(&self) -> usize {
        self.0.body_limit()
    }

    /// As [`Tenants::too_large`].
    pub fn too_large(&self) -> Answer {
        Answer::too_large(self.0.retries())
    }

    /// As [`Tenants::screen`].
    ///
    /// # Errors
    ///
    /// The refusal that [`receive_for`](Self::receive_for) would return as
    /// well.
    pub fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.0.screen(head)
    }

    /// As [`Tenants::peek`].
    pub fn peek(&self, request: &Request<'_>) -> Unverified {
        self.0.peek(request)
    }

    /// As [`Tenants::unknown`].
    pub fn unknown(&self) -> Refusal {
        self.0.unknown()
    }

    /// As [`Tenants::receive_for`].
    ///
    /// # Errors
    ///
    /// As for [`Tenants::receive_for`]; and when the policy is for another
    /// gateway.
    pub fn receive_for(
        &self,
        account: &str,
        policy: &AnyPolicy,
        request: &Request<'_>,
    ) -> Result<AnyDelivery, Error> {
        self.0.receive_for(account, policy, request)
    }
}

impl AnyTenants {
    /// As [`Tenants::door`].
    pub fn door(self) -> Door<Self> {
        Consumer::new(self, NoStore)
    }
}

impl<S> Consumer<AnyTenants, S> {
    /// As for [tenants of one gateway](Consumer::accept_for).
    pub async fn accept_for<F, Fut>(
        &self,
        account: &str,
        policy: &AnyPolicy,
        request: &Request<'_>,
        push: F,
    ) -> Answer
    where
        F: Fn(Stored) -> Fut + Send + Sync,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        self.accept_taken(self.receiver().0.take_for(account, policy, request), push).await
    }
}

impl<S: IdempotencyStore> Consumer<AnyTenants, S> {
    /// As for [tenants of one gateway](Consumer::handle_for).
    pub async fn handle_for<F, Fut>(
        &self,
        account: &str,
        policy: &AnyPolicy,
        request: &Request<'_>,
        handler: F,
    ) -> Answer
    where
        F: FnOnce(AnyDelivery) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        match self.receiver().0.take_for(account, policy, request) {
            Ok(delivery) => self.handle_received(delivery, handler).await,
            Err(not_received) => self.not_received(not_received).await,
        }
    }
}

impl fmt::Debug for AnyTenants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl sealed::Sealed for AnyTenants {}

impl Receives for AnyTenants {
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

/// What the tenants of all gateways have in common.
trait ReceivesForAny: fmt::Debug + Send + Sync {
    fn gateway(&self) -> &'static str;
    fn body_limit(&self) -> usize;
    fn retries(&self) -> &'static [RetrySchedule];
    fn only(&self, names: &[&str]) -> Result<AnyTenants, UnknownEventName>;
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal>;
    fn peek(&self, request: &Request<'_>) -> Unverified;
    fn unknown(&self) -> Refusal;
    fn receive_for(
        &self,
        account: &str,
        policy: &AnyPolicy,
        request: &Request<'_>,
    ) -> Result<AnyDelivery, Error>;
    fn take_for(
        &self,
        account: &str,
        policy: &AnyPolicy,
        request: &Request<'_>,
    ) -> Result<AnyDelivery, NotReceived>;
    fn again(&self, stored: &Stored) -> Result<AnyDelivery, StoredError>;
}

impl<G: AnyGateway> ReceivesForAny for Tenants<G>
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

    fn only(&self, names: &[&str]) -> Result<AnyTenants, UnknownEventName> {
        Ok(self.clone().only(event_names::<G>(names)?).into())
    }

    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.screen(head)
    }

    fn peek(&self, request: &Request<'_>) -> Unverified {
        self.peek(request)
    }

    fn unknown(&self) -> Refusal {
        self.unknown()
    }

    fn receive_for(
        &self,
        account: &str,
        policy: &AnyPolicy,
        request: &Request<'_>,
    ) -> Result<AnyDelivery, Error> {
        let policy = G::among(policy).ok_or(Refusal::from(Cause::OtherGateway))?;
        self.receive_for(account, policy, request).map(AnyDelivery::from)
    }

    fn take_for(
        &self,
        account: &str,
        policy: &AnyPolicy,
        request: &Request<'_>,
    ) -> Result<AnyDelivery, NotReceived> {
        let policy = G::among(policy).ok_or(Refusal::from(Cause::OtherGateway))?;
        self.take_for(account, policy, request).map(AnyDelivery::from)
    }

    fn again(&self, stored: &Stored) -> Result<AnyDelivery, StoredError> {
        Receives::again(self, stored).map(AnyDelivery::from)
    }
}
