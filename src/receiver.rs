//! The way of one request, from top to bottom.

use std::fmt;

use http::StatusCode;

use crate::answer::Answer;
use crate::auth::{Proof, Reason, Refusal};
use crate::delivery::{Consumable, Delivery, Stored, StoredError};
use crate::event::{Unreadable, Wanted};
use crate::gateways::{EventNameOf, Gateway, Unverified};
use crate::request::{Head, Request};
use crate::retry::RetrySchedule;

/// Receives the deliveries of one gateway: authenticates, then reads.
///
/// One receiver per route. It holds no connection and no state of a request;
/// clones share the policy's key schedules. For many accounts with a policy
/// each there is [`Tenants`](crate::Tenants).
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
/// [`with_store`](Self::with_store) makes a [`Consumer`](crate::Consumer) of it,
/// which sees to it that each event is handled once.
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
    /// A receiver that authenticates by this policy.
    pub fn new(policy: G) -> Self {
        Self { policy, wanted: Wanted::ALL }
    }

    /// Types only the events of these names. All others come as `Skipped`, with
    /// their payload raw, and a [`Consumer`](crate::Consumer) answers them
    /// without asking the store or the handler.
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
        self.policy.policy().screen(head)
    }

    /// Reads what a request claims to be, before anything is proven:
    /// [`Gateway::peek`].
    pub fn peek(&self, request: &Request<'_>) -> Unverified {
        G::peek(request)
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
        Ok(read(request, proof, &self.wanted)?)
    }

    /// Authenticates and reads a delivery, and keeps it also if it cannot be read.
    pub(crate) fn take(&self, request: &Request<'_>) -> Result<Taken<Delivery<G>>, Refusal> {
        let proof = self.authenticate(request)?;
        Ok(Taken::of(request, proof, &self.wanted))
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

/// What receives: a [`Receiver`] or [`Tenants`](crate::Tenants), of one gateway
/// or of whichever. Implemented by the crate.
pub trait Receives: sealed::Sealed + Clone + fmt::Debug + Send + Sync + 'static {
    /// What it yields.
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

/// What an authentic request holds, readable or not.
pub(crate) struct Taken<D> {
    pub(crate) stored: Stored,
    pub(crate) read: Result<D, Unreadable>,
}

impl<G: Gateway> Taken<Delivery<G>> {
    pub(crate) fn of(request: &Request<'_>, proof: Proof, wanted: &Wanted) -> Self {
        match read::<G>(request, proof.clone(), wanted) {
            Ok(delivery) => Self { stored: delivery.to_stored(), read: Ok(delivery) },
            Err(unreadable) => {
                let stored = Stored::unread::<G>(request, proof);
                Self { stored, read: Err(unreadable) }
            }
        }
    }
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

pub(crate) fn method(head: &Head<'_>) -> Result<(), Refusal> {
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
