//! Many accounts with a policy each.

use std::fmt;
use std::marker::PhantomData;

use crate::answer::Answer;
use crate::auth::{Cause, Refusal};
use crate::delivery::{Delivery, Stored, StoredError};
use crate::event::Wanted;
use crate::gateways::{EventNameOf, Gateway, Unverified};
use crate::receiver::{
    Error, NotReceived, Receives, authenticate, is_of_its_proof, method, read, read_or_keep, sealed,
};
use crate::request::{Head, Request};
use crate::retry::RetrySchedule;

/// Receives the deliveries of many accounts of one gateway, each with its own
/// policy.
///
/// [`peek`](Self::peek) tells which account a request claims to come from. You
/// look up that account's policy, in a database or wherever you keep it, and
/// [`receive_for`](Self::receive_for) accepts the delivery if the policy
/// accepts it **and** it belongs to that account.
///
/// ```
/// use zaphook::{Answer, Delivery, EnviaAi, Request, Tenants};
///
/// async fn policy_of(account: &str) -> Option<EnviaAi> {
///     # None
///     // From a database, or from a map behind an `Arc` that is swapped
///     // when secrets change. Policies are cheap to clone.
/// }
///
/// async fn receive(
///     tenants: &Tenants<EnviaAi>,
///     request: &Request<'_>,
/// ) -> Result<Delivery<EnviaAi>, Answer> {
///     let account = tenants.peek(request).account.ok_or_else(|| tenants.unknown())?;
///     let policy = policy_of(&account).await.ok_or_else(|| tenants.unknown())?;
///     Ok(tenants.receive_for(&account, &policy, request)?)
/// }
///
/// let tenants = Tenants::<EnviaAi>::new();
/// ```
///
/// [`with_store`](Self::with_store) turns it into a
/// [`Consumer`](crate::Consumer), which makes sure that each event is handled
/// once.
#[derive(Clone)]
pub struct Tenants<G: Gateway> {
    wanted: Wanted,
    gateway: PhantomData<fn() -> G>,
}

impl<G: Gateway> Default for Tenants<G> {
    fn default() -> Self {
        Self::new()
    }
}

impl<G: Gateway> fmt::Debug for Tenants<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenants").field("gateway", &G::NAME).finish_non_exhaustive()
    }
}

impl<G: Gateway> Tenants<G> {
    /// For accounts whose policies are looked up per delivery.
    pub fn new() -> Self {
        Self { wanted: Wanted::ALL, gateway: PhantomData }
    }

    /// As [`Receiver::only`](crate::Receiver::only).
    #[must_use]
    pub fn only(self, names: impl IntoIterator<Item = EventNameOf<G>>) -> Self {
        Self { wanted: Wanted::only(names), ..self }
    }

    /// The largest body that an adapter should read, in bytes.
    pub fn body_limit(&self) -> usize {
        G::BODY_LIMIT
    }

    /// The answer to a body above the limit, as
    /// [`Receiver::too_large`](crate::Receiver::too_large).
    pub fn too_large(&self) -> Answer {
        Answer::too_large(G::RETRIES)
    }

    /// Refuses what no account's policy would accept, before the body is read:
    /// the wrong method.
    ///
    /// # Errors
    ///
    /// The refusal that [`receive_for`](Self::receive_for) would return as
    /// well.
    pub fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        method(head)
    }

    /// Reads which account a request claims to come from, before anything is
    /// verified, to look up that account's policy: [`Gateway::peek`].
    pub fn peek(&self, request: &Request<'_>) -> Unverified {
        G::peek(request)
    }

    /// The refusal of a request whose account has no policy, or that names no
    /// account.
    pub fn unknown(&self) -> Refusal {
        Cause::NoPolicy.into()
    }

    /// Authenticates and parses a delivery with the policy of this account, the
    /// one that the policy was looked up for.
    ///
    /// A proof is valid for that account only: a delivery of another account
    /// ([`Delivery::account`]), or of none, is refused as `wrong_instance`.
    ///
    /// # Errors
    ///
    /// As for [`Receiver::receive`](crate::Receiver::receive).
    pub fn receive_for(
        &self,
        account: &str,
        policy: &G,
        request: &Request<'_>,
    ) -> Result<Delivery<G>, Error> {
        let proof = authenticate(policy, request)?;
        let delivery: Delivery<G> = read(request, proof, &self.wanted)?;
        Self::is_of(account, &delivery)?;
        Ok(delivery)
    }

    /// The same, which keeps what cannot be read: authentic by the account's policy, and
    /// of whichever account.
    pub(crate) fn take_for(
        &self,
        account: &str,
        policy: &G,
        request: &Request<'_>,
    ) -> Result<Delivery<G>, NotReceived> {
        let proof = authenticate(policy, request)?;
        let delivery = read_or_keep(request, proof, &self.wanted)?;
        Self::is_of(account, &delivery)?;
        Ok(delivery)
    }

    fn is_of(account: &str, delivery: &Delivery<G>) -> Result<(), Refusal> {
        match delivery.account() {
            Some(named) if named == account => is_of_its_proof(delivery),
            Some(_) => Err(Cause::OtherAccount.into()),
            None => Err(Cause::DeliveryOfNone.into()),
        }
    }
}

impl<G: Gateway> sealed::Sealed for Tenants<G> {}

impl<G: Gateway> Receives for Tenants<G> {
    type Delivery = Delivery<G>;

    fn gateway(&self) -> &'static str {
        G::NAME
    }

    fn body_limit(&self) -> usize {
        G::BODY_LIMIT
    }

    fn retries(&self) -> &'static [RetrySchedule] {
        G::RETRIES
    }

    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.screen(head)
    }

    fn again(&self, stored: &Stored) -> Result<Delivery<G>, StoredError> {
        stored.parse(&self.wanted)
    }
}
