//! A gateway that is known at run time only.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::value::{RawValue, to_raw_value};

use crate::answer::Answer;
use crate::auth::{Proof, Refusal};
use crate::delivery::{Delivery, Stored, StoredError};
use crate::event::{Malformed, NameSource, Recognition, SetAside};
use crate::failure::Failure;
use crate::gateways::{self, Gateway, each_gateway};
use crate::idempotency::{IdempotencyStore, Key, Ticket};
use crate::receiver::{Error, NoStore, Receiver};
use crate::request::{Head, Request};
use crate::wire::RawJson;

macro_rules! any {
    ($($feature:literal $module:ident::$Gateway:ident,)+) => {
        /// A [`Receiver`] of whichever gateway: for code that learns the
        /// gateway at run time, from a configuration or a path.
        ///
        /// ```
        /// use zaphook::{AnyReceiver, EnviaAi, Receiver, Request, Secret};
        ///
        /// # fn run(request: &Request<'_>) -> Result<(), Box<dyn std::error::Error>> {
        /// let secret = Secret::new("whs_4fd0a6c2")?;
        /// let receiver = AnyReceiver::from(Receiver::new(EnviaAi::signed(secret)));
        ///
        /// let delivery = receiver.receive(request)?;
        /// println!("{}: {}", delivery.gateway(), delivery.name());
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Clone)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "there is one for each route, and none moves")]
        pub enum AnyReceiver<S = NoStore> {
            $(
                #[cfg(feature = $feature)]
                #[doc = concat!("One of [`", stringify!($module), "`](crate::", stringify!($module), ").")]
                $Gateway(Receiver<gateways::$Gateway, S>),
            )+
            #[doc(hidden)]
            Never(Infallible, PhantomData<S>),
        }

        /// A [`Delivery`] of whichever gateway. Matching on it gives the typed
        /// event.
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum AnyDelivery {
            $(
                #[cfg(feature = $feature)]
                #[doc = concat!("One of [`", stringify!($module), "`](crate::", stringify!($module), ").")]
                $Gateway(Box<Delivery<gateways::$Gateway>>),
            )+
            #[doc(hidden)]
            Never(Infallible),
        }

        $(
            #[cfg(feature = $feature)]
            impl<S> From<Receiver<gateways::$Gateway, S>> for AnyReceiver<S> {
                fn from(receiver: Receiver<gateways::$Gateway, S>) -> Self {
                    Self::$Gateway(receiver)
                }
            }

            #[cfg(feature = $feature)]
            impl From<Delivery<gateways::$Gateway>> for AnyDelivery {
                fn from(delivery: Delivery<gateways::$Gateway>) -> Self {
                    Self::$Gateway(Box::new(delivery))
                }
            }
        )+

        impl<S> AnyReceiver<S> {
            fn inner(&self) -> &dyn Receives {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$Gateway(receiver) => receiver,
                    )+
                    Self::Never(never, _) => match *never {},
                }
            }
        }

        impl<S: IdempotencyStore> AnyReceiver<S> {
            /// As [`Receiver::handle`].
            pub async fn handle<F, Fut>(&self, request: &Request<'_>, handler: F) -> Answer
            where
                F: FnOnce(AnyDelivery) -> Fut + Send,
                Fut: Future<Output = Result<(), Failure>> + Send,
            {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$Gateway(receiver) => {
                            receiver.handle(request, |delivery| handler(delivery.into())).await
                        }
                    )+
                    Self::Never(never, _) => match *never {},
                }
            }
        }

        impl AnyDelivery {
            fn inner(&self) -> &dyn Delivered {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$Gateway(delivery) => &**delivery,
                    )+
                    Self::Never(never) => match *never {},
                }
            }

            /// Not a method of all deliveries alike: then everything that can be
            /// written would be in every program, also where nobody writes it.
            fn written(&self) -> Result<RawJson, serde_json::Error> {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$Gateway(delivery) => to_raw_value(delivery.envelope()).map(RawJson::from),
                    )+
                    Self::Never(never) => match *never {},
                }
            }

            fn of_stored(stored: &Stored) -> Option<Result<Self, StoredError>> {
                $(
                    #[cfg(feature = $feature)]
                    if stored.gateway() == gateways::$Gateway::NAME {
                        return Some(stored.parse_trusted::<gateways::$Gateway>().map(Self::from));
                    }
                )+
                None
            }
        }
    };
}

each_gateway!(any);

impl<S> AnyReceiver<S> {
    /// The gateway's name: [`Gateway::NAME`].
    pub fn gateway(&self) -> &'static str {
        self.inner().gateway()
    }

    /// As [`Receiver::body_limit`].
    pub fn body_limit(&self) -> usize {
        self.inner().body_limit()
    }

    /// As [`Receiver::too_large`].
    pub fn too_large(&self) -> Answer {
        self.inner().too_large()
    }

    /// As [`Receiver::repeats_after`].
    pub fn repeats_after(&self, status: StatusCode) -> bool {
        self.inner().repeats_after(status)
    }

    /// As [`Receiver::screen`].
    ///
    /// # Errors
    ///
    /// The refusal that [`receive`](Self::receive) would come to as well.
    pub fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.inner().screen(head)
    }

    /// As [`Receiver::authenticate`].
    ///
    /// # Errors
    ///
    /// When there is no proof.
    pub fn authenticate(&self, request: &Request<'_>) -> Result<Proof, Refusal> {
        self.inner().authenticate(request)
    }

    /// As [`Receiver::receive`].
    ///
    /// # Errors
    ///
    /// Without proof, and when the body cannot be read.
    pub fn receive(&self, request: &Request<'_>) -> Result<AnyDelivery, Error> {
        self.inner().receive(request)
    }
}

impl<S> fmt::Debug for AnyReceiver<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner().fmt(f)
    }
}

impl AnyDelivery {
    /// The gateway's name: [`Gateway::NAME`].
    pub fn gateway(&self) -> &'static str {
        self.inner().gateway()
    }

    /// As [`Delivery::name`].
    pub fn name(&self) -> &str {
        self.inner().name()
    }

    /// As [`Delivery::name_source`].
    pub fn name_source(&self) -> NameSource {
        self.inner().name_source()
    }

    /// As [`Delivery::recognition`].
    pub fn recognition(&self) -> Recognition {
        self.inner().recognition()
    }

    /// As [`Delivery::malformed`].
    pub fn malformed(&self) -> Option<&Malformed> {
        self.inner().malformed()
    }

    /// As [`Delivery::set_aside`].
    pub fn set_aside(&self) -> &[SetAside] {
        self.inner().set_aside()
    }

    /// As [`Delivery::is_repaired`].
    pub fn is_repaired(&self) -> bool {
        self.inner().is_repaired()
    }

    /// As [`Delivery::body`].
    pub fn body(&self) -> &Bytes {
        self.inner().body()
    }

    /// As [`Delivery::payload`].
    pub fn payload(&self) -> Option<&RawValue> {
        self.inner().payload()
    }

    /// As [`Delivery::proof`].
    pub fn proof(&self) -> &Proof {
        self.inner().proof()
    }

    /// As [`Delivery::received_at`].
    pub fn received_at(&self) -> DateTime<Utc> {
        self.inner().received_at()
    }

    /// As [`Delivery::attempt`].
    pub fn attempt(&self) -> Option<u32> {
        self.inner().attempt()
    }

    /// As [`Delivery::ticket`].
    pub fn ticket(&self) -> Option<&Ticket> {
        self.inner().ticket()
    }

    /// As [`Delivery::account`].
    pub fn account(&self) -> Option<Cow<'_, str>> {
        self.inner().account()
    }

    /// As [`Delivery::happened_at`].
    pub fn happened_at(&self) -> Option<DateTime<Utc>> {
        self.inner().happened_at()
    }

    /// As [`Delivery::key`].
    pub fn key(&self) -> Option<Key> {
        self.inner().key()
    }

    /// As [`Delivery::message_key`].
    pub fn message_key(&self) -> Option<Key> {
        self.inner().message_key()
    }

    /// As [`Delivery::to_stored`].
    pub fn to_stored(&self) -> Stored {
        self.inner().to_stored()
    }

    /// The typed envelope, written back as JSON.
    ///
    /// # Errors
    ///
    /// None that is known: everything that was read can be written.
    pub fn envelope(&self) -> Result<RawJson, serde_json::Error> {
        self.written()
    }
}

impl fmt::Debug for AnyDelivery {
    /// Shows no text of the event.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner().fmt(f)
    }
}

impl Stored {
    /// As [`parse_trusted`](Self::parse_trusted), of whichever gateway it
    /// came from.
    ///
    /// # Errors
    ///
    /// When this build does not know the gateway, or the body cannot be read.
    pub fn parse_any_trusted(&self) -> Result<AnyDelivery, StoredError> {
        AnyDelivery::of_stored(self).unwrap_or(Err(StoredError::UnknownGateway))
    }
}

/// What all receivers do alike.
trait Receives: fmt::Debug {
    fn gateway(&self) -> &'static str;
    fn body_limit(&self) -> usize;
    fn too_large(&self) -> Answer;
    fn repeats_after(&self, status: StatusCode) -> bool;
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal>;
    fn authenticate(&self, request: &Request<'_>) -> Result<Proof, Refusal>;
    fn receive(&self, request: &Request<'_>) -> Result<AnyDelivery, Error>;
}

impl<G: Gateway, S> Receives for Receiver<G, S>
where
    AnyDelivery: From<Delivery<G>>,
{
    fn gateway(&self) -> &'static str {
        G::NAME
    }

    fn body_limit(&self) -> usize {
        self.body_limit()
    }

    fn too_large(&self) -> Answer {
        self.too_large()
    }

    fn repeats_after(&self, status: StatusCode) -> bool {
        self.repeats_after(status)
    }

    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.screen(head)
    }

    fn authenticate(&self, request: &Request<'_>) -> Result<Proof, Refusal> {
        self.authenticate(request)
    }

    fn receive(&self, request: &Request<'_>) -> Result<AnyDelivery, Error> {
        self.receive(request).map(AnyDelivery::from)
    }
}

macro_rules! delivered {
    ($($name:ident -> $Type:ty,)+) => {
        /// What all deliveries say alike.
        trait Delivered: fmt::Debug {
            fn gateway(&self) -> &'static str;
            $(fn $name(&self) -> $Type;)+
        }

        impl<G: Gateway> Delivered for Delivery<G> {
            fn gateway(&self) -> &'static str {
                G::NAME
            }

            $(fn $name(&self) -> $Type {
                self.$name()
            })+
        }
    };
}

delivered! {
    name -> &str,
    name_source -> NameSource,
    recognition -> Recognition,
    malformed -> Option<&Malformed>,
    set_aside -> &[SetAside],
    is_repaired -> bool,
    body -> &Bytes,
    payload -> Option<&RawValue>,
    proof -> &Proof,
    received_at -> DateTime<Utc>,
    attempt -> Option<u32>,
    ticket -> Option<&Ticket>,
    account -> Option<Cow<'_, str>>,
    happened_at -> Option<DateTime<Utc>>,
    key -> Option<Key>,
    message_key -> Option<Key>,
    to_stored -> Stored,
}
