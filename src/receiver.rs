//! How one request is received, from top to bottom.

use std::fmt;

use http::StatusCode;

use crate::answer::Answer;
use crate::auth::{Cause, Proof, Refusal};
use crate::delivery::{Consumable, Delivery, Stored, StoredError};
use crate::event::{Unreadable, Wanted};
use crate::gateways::{EventNameOf, Gateway, Unverified};
use crate::request::{Head, Request};
use crate::retry::RetrySchedule;

/// Receives the deliveries of one gateway: authenticates them, then parses
/// them.
///
/// Use one receiver per route. It holds no connection and no per-request state;
/// clones share the policy's key schedules. For many accounts with a policy
/// each, use [`Tenants`](crate::Tenants).
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
/// [`with_store`](Self::with_store) turns it into a
/// [`Consumer`](crate::Consumer), which makes sure that each event is handled
/// once.
#[derive(Clone)]
pub struct Receiver<G: Gateway> {
    policy: G,
    wanted: Wanted,
}

impl<G: Gateway> fmt::Debug for Receiver<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("gateway", &G::NAME)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl<G: Gateway> Receiver<G> {
    /// A receiver that authenticates with this policy.
    pub fn new(policy: G) -> Self {
        Self { policy, wanted: Wanted::ALL }
    }

    /// Types only the events with these names. All others become `Skipped`,
    /// with their raw payload, and a [`Consumer`](crate::Consumer) answers them
    /// without calling the store or the handler.
    ///
    /// ```
    /// use zaphook::enviaai::EventName;
    /// use zaphook::{EnviaAi, Receiver, Secret};
    ///
    /// let receiver = Receiver::new(EnviaAi::signed(Secret::new("whs_4fd0a6c2")?))
    ///     .only([EventName::MessageReceived, EventName::MessageFailed]);
    ///
    /// // By text, as from a configuration:
    /// let names = ["message.received", "message.failed"].map(str::parse::<EventName>);
    /// let receiver = receiver.only(names.into_iter().collect::<Result<Vec<_>, _>>()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn only(self, names: impl IntoIterator<Item = EventNameOf<G>>) -> Self {
        Self { wanted: Wanted::only(names), ..self }
    }

    /// The largest body that an adapter should read, in bytes. Answer a larger
    /// one with [`too_large`](Self::too_large).
    pub fn body_limit(&self) -> usize {
        G::BODY_LIMIT
    }

    /// The answer to a body above the limit: one after which the gateway does
    /// not retry, since the body would be just as large the next time. That is
    /// 413 where a 413 ends a delivery, else 200. Log it: the event is lost.
    pub fn too_large(&self) -> Answer {
        Answer::too_large(G::RETRIES)
    }

    /// Refuses what can be refused from the head alone, before the body is
    /// read: a wrong method, a missing or repeated signature header, a wrong
    /// token, a foreign network.
    ///
    /// # Errors
    ///
    /// The refusal that [`receive`](Self::receive) would return as well.
    pub fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        method(head)?;
        self.policy.policy().screen(head)
    }

    /// Reads what a request claims to be, before anything is verified:
    /// [`Gateway::peek`].
    pub fn peek(&self, request: &Request<'_>) -> Unverified {
        G::peek(request)
    }

    /// Authenticates and parses a delivery.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] without proof; [`Error::Unreadable`] when an
    /// authentic body is not JSON or names no event. An unknown or malformed
    /// event is not an error.
    pub fn receive(&self, request: &Request<'_>) -> Result<Delivery<G>, Error> {
        let proof = self.authenticate(request)?;
        let delivery: Delivery<G> = read(request, proof, &self.wanted)?;
        is_of_its_proof(&delivery)?;
        Ok(delivery)
    }

    /// As [`receive`](Self::receive), and keeps what cannot be read.
    pub(crate) fn take(&self, request: &Request<'_>) -> Result<Delivery<G>, NotReceived> {
        let proof = self.authenticate(request)?;
        let delivery = read_or_keep(request, proof, &self.wanted)?;
        is_of_its_proof(&delivery)?;
        Ok(delivery)
    }

    /// Authenticates a request without reading its body.
    ///
    /// # Errors
    ///
    /// When there is no proof.
    pub fn authenticate(&self, request: &Request<'_>) -> Result<Proof, Refusal> {
        authenticate(&self.policy, request)
    }
}

/// What a [`Consumer`](crate::Consumer) receives with: a [`Receiver`] or
/// [`Tenants`](crate::Tenants), of one gateway or of any. Implemented by the
/// crate.
pub trait Receives: sealed::Sealed + Clone + fmt::Debug + Send + Sync + 'static {
    /// The deliveries it returns.
    type Delivery: Consumable;

    #[doc(hidden)]
    fn gateway(&self) -> &'static str;

    #[doc(hidden)]
    fn body_limit(&self) -> usize;

    #[doc(hidden)]
    fn retries(&self) -> &'static [RetrySchedule];

    #[doc(hidden)]
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal>;

    /// Reads a delivery that was authenticated before.
    #[doc(hidden)]
    fn again(&self, stored: &Stored) -> Result<Self::Delivery, StoredError>;
}

/// Why there is no delivery, and all of what was authentic and cannot be read.
pub(crate) enum NotReceived {
    Refused(Refusal),
    Unreadable(Unreadable, Box<Stored>),
}

impl From<Refusal> for NotReceived {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

pub(crate) fn read_or_keep<G: Gateway>(
    request: &Request<'_>,
    proof: Proof,
    wanted: &Wanted,
) -> Result<Delivery<G>, NotReceived> {
    read(request, proof.clone(), wanted).map_err(|unreadable| {
        NotReceived::Unreadable(unreadable, Box::new(Stored::unread::<G>(request, proof)))
    })
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

impl<G: Gateway> sealed::Sealed for Receiver<G> {}

impl<G: Gateway> Receives for Receiver<G> {
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

pub(crate) fn read<G: Gateway>(
    request: &Request<'_>,
    proof: Proof,
    wanted: &Wanted,
) -> Result<Delivery<G>, Unreadable> {
    let body = request.body().clone();
    let hint = || G::hint(request.head());
    Delivery::read(body, proof, request.time(), &hint, wanted)
}

pub(crate) fn authenticate<G: Gateway>(
    policy: &G,
    request: &Request<'_>,
) -> Result<Proof, Refusal> {
    method(request.head())?;
    policy.policy().authenticate(request)
}

/// What a policy reads as the account of a body, and what is typed as such, is one
/// and the same; if it ever were not, nothing is accepted.
pub(crate) fn is_of_its_proof<G: Gateway>(delivery: &Delivery<G>) -> Result<(), Refusal> {
    match delivery.proof().account() {
        Some(proven) if delivery.account().as_deref() != Some(proven) => {
            Err(Cause::OtherAccount.into())
        }
        _ => Ok(()),
    }
}

pub(crate) fn method(head: &Head<'_>) -> Result<(), Refusal> {
    if head.is_post() {
        Ok(())
    } else {
        Err(if head.is_get() { Cause::Get } else { Cause::NotPost }.into())
    }
}

/// Why a request yields no delivery.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It could not be authenticated.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// It is authentic, but its body cannot be read. The request still has
    /// every byte of it: keep them.
    #[error("unreadable: {0}")]
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

    /// The reason as one word, for logs and metrics.
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
