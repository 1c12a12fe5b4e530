//! The way of one request, from top to bottom.

use std::fmt;
use std::sync::Arc;

use http::StatusCode;

use crate::answer::Answer;
use crate::auth::{Proof, Reason, Refusal};
use crate::delivery::Delivery;
use crate::event::{EventSet, Unreadable, Wanted};
use crate::gateways::Gateway;
use crate::handling::Handling;
use crate::idempotency::IdempotencyStore;
use crate::request::{Head, Request};

/// Receives the deliveries of one gateway: authenticates, then reads.
///
/// One receiver per route. It holds no connection and no state of a request;
/// clones share the policy's key schedules and the store.
///
/// ```
/// use zaphook::{EnviaAi, Receiver, Request, Secret, enviaai};
///
/// # fn handle(request: &Request<'_>) -> Result<(), Box<dyn std::error::Error>> {
/// let receiver = Receiver::new(EnviaAi::signed(Secret::new("whs_4fd0a6c2")?));
///
/// let delivery = receiver.receive(request)?;
/// match delivery.event() {
///     enviaai::Event::MessageReceived(message) => println!("from {}", message.from),
///     other => println!("ignored {}", other.name()),
/// }
/// # Ok(())
/// # }
/// ```
///
/// With a store it also sees to it that each event is handled once:
/// [`with_store`](Self::with_store), then [`handle`](Self::handle).
pub struct Receiver<G: Gateway, S = NoStore> {
    policy: Option<G>,
    wanted: Wanted,
    pub(crate) store: Arc<S>,
    pub(crate) handling: Handling<G>,
}

/// A [`Receiver`] that receives and does not handle.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NoStore;

impl<G: Gateway> Receiver<G> {
    /// A receiver that authenticates by this policy.
    pub fn new(policy: G) -> Self {
        Self::with_policy(Some(policy))
    }

    fn with_policy(policy: Option<G>) -> Self {
        let store = Arc::new(NoStore);
        Self { policy, wanted: Wanted::ALL, store, handling: Handling::new() }
    }

    /// A receiver for many accounts with a policy each:
    /// [`receive_with`](Self::receive_with) takes the policy with the request.
    /// It has none of its own, so [`receive`](Self::receive) refuses
    /// everything.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use zaphook::{Delivery, EnviaAi, Error, Gateway, Receiver, Refusal, Request};
    ///
    /// async fn policy_of(account: &str) -> Option<EnviaAi> {
    ///     # None
    ///     // From a database, or from a map behind an `Arc` that is swapped
    ///     // when secrets change. Policies are cheap to clone.
    /// }
    ///
    /// async fn receive(
    ///     receiver: &Receiver<EnviaAi>,
    ///     request: &Request<'_>,
    /// ) -> Result<Delivery<EnviaAi>, Error> {
    ///     let account = EnviaAi::peek(request).account.unwrap_or_default();
    ///     match policy_of(&account).await {
    ///         Some(policy) => receiver.receive_with(&policy, request),
    ///         None => receiver.receive(request), // refused
    ///     }
    /// }
    ///
    /// let receiver = Receiver::<EnviaAi>::per_account();
    /// ```
    pub fn per_account() -> Self {
        Self::with_policy(None)
    }

    /// A receiver that handles each event once, as far as the store
    /// remembers.
    ///
    /// ```
    /// use zaphook::{EnviaAi, MemoryStore, Receiver, Request, Secret};
    ///
    /// # async fn save(_: zaphook::Delivery<EnviaAi>) -> Result<(), zaphook::Failure> { Ok(()) }
    /// # async fn route(request: Request<'_>) -> Result<(), Box<dyn std::error::Error>> {
    /// let receiver = Receiver::new(EnviaAi::signed(Secret::new("whs_4fd0a6c2")?))
    ///     .with_store(MemoryStore::new());
    ///
    /// let answer = receiver
    ///     .handle(&request, |delivery| async move { save(delivery).await })
    ///     .await;
    /// let response: http::Response<String> = answer.into();
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_store<S: IdempotencyStore>(self, store: S) -> Receiver<G, S> {
        Receiver {
            policy: self.policy,
            wanted: self.wanted,
            store: Arc::new(store),
            handling: self.handling.at_another_store(),
        }
    }
}

impl<G: Gateway, S> Clone for Receiver<G, S> {
    fn clone(&self) -> Self {
        Self {
            policy: self.policy.clone(),
            wanted: self.wanted.clone(),
            store: Arc::clone(&self.store),
            handling: self.handling.clone(),
        }
    }
}

impl<G: Gateway, S> fmt::Debug for Receiver<G, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("gateway", &G::NAME)
            .field("policy", &self.policy)
            .field("handling", &self.handling)
            .finish_non_exhaustive()
    }
}

impl<G: Gateway, S> Receiver<G, S> {
    /// Types only the events of these names. All others come as `Skipped`, with
    /// their payload raw, and [`handle`](Self::handle) answers them without
    /// asking the store or the handler.
    ///
    /// # Errors
    ///
    /// When one of the names is not a documented one of this gateway.
    ///
    /// ```
    /// use zaphook::{EnviaAi, Receiver, Secret};
    ///
    /// let receiver = Receiver::new(EnviaAi::signed(Secret::new("whs_4fd0a6c2")?))
    ///     .only(["message.received", "message.failed"])?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn only<N: AsRef<str>>(
        self,
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, UnknownEventName> {
        let positions: Result<Vec<usize>, _> = names
            .into_iter()
            .map(|name| {
                let name = name.as_ref();
                G::Event::position(name).ok_or_else(|| UnknownEventName { name: name.into() })
            })
            .collect();
        Ok(Self { wanted: Wanted::only(positions?, G::Event::NAMES.len()), ..self })
    }

    /// The largest body that an adapter should read, in bytes. What to answer
    /// to a larger one, [`too_large`](Self::too_large) says.
    pub fn body_limit(&self) -> usize {
        G::BODY_LIMIT
    }

    /// The answer to a body above the limit: one after which the gateway does
    /// not send it again, since it would be as large the next time. That is 413
    /// where a 413 ends a delivery, else 200. Log it: the event is lost.
    pub fn too_large(&self) -> Answer {
        Answer::too_large(G::RETRIES)
    }

    /// Refuses what the head alone gives away, before the body is read: the
    /// wrong method, an absent or doubled signature header, a wrong token,
    /// another network.
    ///
    /// # Errors
    ///
    /// The refusal that [`receive`](Self::receive) would come to as well.
    pub fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        method(head)?;
        self.policy.as_ref().map_or(Ok(()), |policy| policy.policy().screen(head))
    }

    /// Authenticates and reads a delivery.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] without proof; [`Error::Unreadable`] when an
    /// authentic body is not JSON or names no event. An event that is unknown
    /// or odd is no error.
    pub fn receive(&self, request: &Request<'_>) -> Result<Delivery<G>, Error> {
        let proof = self.authenticate(request)?;
        self.read(request, proof)
    }

    /// As [`receive`](Self::receive), by another policy than the receiver's
    /// own.
    ///
    /// # Errors
    ///
    /// As for [`receive`](Self::receive).
    pub fn receive_with(&self, policy: &G, request: &Request<'_>) -> Result<Delivery<G>, Error> {
        let proof = authenticate(policy, request)?;
        self.read(request, proof)
    }

    /// Authenticates a request without reading its body.
    ///
    /// # Errors
    ///
    /// When there is no proof.
    pub fn authenticate(&self, request: &Request<'_>) -> Result<Proof, Refusal> {
        match &self.policy {
            Some(policy) => authenticate(policy, request),
            None => Err(Refusal::new(Reason::Mismatch, "the receiver has no policy of its own")),
        }
    }

    fn read(&self, request: &Request<'_>, proof: Proof) -> Result<Delivery<G>, Error> {
        let body = request.body().clone();
        let hint = || G::hint(request.head());
        Ok(Delivery::read(body, proof, request.time(), &hint, &self.wanted)?)
    }
}

fn authenticate<G: Gateway>(policy: &G, request: &Request<'_>) -> Result<Proof, Refusal> {
    method(request.head())?;
    policy.policy().authenticate(request)
}

fn method(head: &Head<'_>) -> Result<(), Refusal> {
    if head.is_post() {
        Ok(())
    } else {
        Err(Refusal::new(Reason::MethodNotAllowed, "webhooks are POSTed"))
    }
}

/// Why a request yields no delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It did not prove where it comes from.
    #[error("refused, {0}")]
    Refused(#[from] Refusal),
    /// It is authentic, and its body cannot be read. The request still has
    /// every byte of it: keep them.
    #[error("unreadable, {0}")]
    Unreadable(#[from] Unreadable),
}

impl Error {
    /// The status to answer with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => refusal.status(),
            Self::Unreadable(unreadable) => unreadable.status(),
        }
    }

    /// The reason as one word, as in logs and reports.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.reason().as_str(),
            Self::Unreadable(unreadable) => unreadable.reason().as_str(),
        }
    }
}

impl From<Error> for Answer {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Unreadable(unreadable) => unreadable.into(),
        }
    }
}

/// A name that is not one of the gateway's documented events.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not a documented event of this gateway")]
pub struct UnknownEventName {
    name: Box<str>,
}
