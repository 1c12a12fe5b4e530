//! A delivery of any gateway.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::auth::Proof;
use crate::delivery::{Consumable, Delivery, Stored, StoredError, sealed};
use crate::event::{Malformed, NameSource, Recognition, SetAside};
use crate::gateways::{self, Gateway, each_gateway};
use crate::idempotency::{Key, Ticket};
use crate::request::IntoBody;
use crate::wire::RawJson;

macro_rules! any_delivery {
    ($($feature:literal $module:ident::$Gateway:ident,)+) => {
        /// A [`Delivery`] of any gateway. Matching on it gives the typed one,
        /// with its event and envelope.
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum AnyDelivery {
            $(
                #[cfg(feature = $feature)]
                #[doc = concat!("One of [`", stringify!($module), "`](crate::", stringify!($module), ").")]
                $Gateway(Box<Delivery<gateways::$Gateway>>),
            )+
        }

        $(
            #[cfg(feature = $feature)]
            impl From<Delivery<gateways::$Gateway>> for AnyDelivery {
                fn from(delivery: Delivery<gateways::$Gateway>) -> Self {
                    Self::$Gateway(Box::new(delivery))
                }
            }
        )+

        impl AnyDelivery {
            fn inner(&self) -> &dyn Delivered {
                match *self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$Gateway(ref delivery) => &**delivery,
                    )+
                }
            }

            /// As [`Delivery::to_json`].
            ///
            /// # Errors
            ///
            /// As for [`Delivery::to_json`].
            // Not among what all deliveries do alike: then everything that can
            // be written would be in every program, even if it is never called. And `inline`, so
            // that only programs that call it compile it: what writes events is a sixth of
            // what LLVM is given for Evolution.
            #[inline]
            pub fn to_json(&self) -> Result<RawJson, serde_json::Error> {
                match *self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$Gateway(ref delivery) => delivery.to_json(),
                    )+
                }
            }

            /// As [`Delivery::parse_trusted`], of the gateway of this
            /// [name](Gateway::NAME).
            ///
            /// # Errors
            ///
            /// As for [`Delivery::parse_trusted`]; and when this build does not
            /// know the gateway.
            pub fn parse_trusted(
                gateway: &str,
                body: impl IntoBody,
            ) -> Result<Self, StoredError> {
                $(
                    #[cfg(feature = $feature)]
                    if gateway == gateways::$Gateway::NAME {
                        return Delivery::<gateways::$Gateway>::parse_trusted(body)
                            .map(Self::from)
                            .map_err(StoredError::Unreadable);
                    }
                )+
                Err(StoredError::UnknownGateway)
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

        impl sealed::Sealed for AnyDelivery {}

        impl Consumable for AnyDelivery {
            fn recognition(&self) -> Recognition {
                self.recognition()
            }

            fn documented_name(&self) -> Option<&'static str> {
                self.inner().documented_name()
            }

            fn dispatched_at(&self) -> Option<DateTime<Utc>> {
                self.inner().dispatched_at()
            }

            fn received_at(&self) -> DateTime<Utc> {
                self.received_at()
            }

            fn happened_at(&self) -> Option<DateTime<Utc>> {
                self.happened_at()
            }

            fn key(&self) -> Option<Key> {
                self.key()
            }

            fn body(&self) -> &Bytes {
                self.body()
            }

            fn to_stored(&self) -> Stored {
                self.to_stored()
            }

            fn under(self, ticket: Arc<Ticket>, attempt: Option<u32>) -> Self {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$Gateway(delivery) => delivery.under(ticket, attempt).into(),
                    )+
                }
            }
        }
    };
}

each_gateway!(any_delivery);

macro_rules! alike {
    ($($name:ident -> $Type:ty,)+) => {
        /// What all deliveries have in common.
        trait Delivered: fmt::Debug {
            fn gateway(&self) -> &'static str;
            fn documented_name(&self) -> Option<&'static str>;
            fn dispatched_at(&self) -> Option<DateTime<Utc>>;
            $(fn $name(&self) -> $Type;)+
        }

        impl<G: Gateway> Delivered for Delivery<G> {
            fn gateway(&self) -> &'static str {
                G::NAME
            }

            fn documented_name(&self) -> Option<&'static str> {
                Consumable::documented_name(self)
            }

            fn dispatched_at(&self) -> Option<DateTime<Utc>> {
                Consumable::dispatched_at(self)
            }

            $(fn $name(&self) -> $Type {
                self.$name()
            })+
        }

        impl AnyDelivery {
            /// The gateway's name: [`Gateway::NAME`].
            pub fn gateway(&self) -> &'static str {
                self.inner().gateway()
            }

            $(
                #[doc = concat!("As [`Delivery::", stringify!($name), "`].")]
                pub fn $name(&self) -> $Type {
                    self.inner().$name()
                }
            )+
        }
    };
}

alike! {
    name -> &str,
    name_source -> NameSource,
    recognition -> Recognition,
    malformed -> Option<&Malformed>,
    set_aside -> &[SetAside],
    is_repaired -> bool,
    has_rescaled_times -> bool,
    body -> &Bytes,
    payload -> Option<RawJson>,
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

impl fmt::Debug for AnyDelivery {
    /// Does not show the content of the event.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner().fmt(f)
    }
}

impl Stored {
    /// As [`parse_trusted`](Self::parse_trusted), whichever gateway it came
    /// from.
    ///
    /// # Errors
    ///
    /// When this build does not know the gateway, or the body cannot be read.
    pub fn parse_any_trusted(&self) -> Result<AnyDelivery, StoredError> {
        AnyDelivery::of_stored(self).unwrap_or(Err(StoredError::UnknownGateway))
    }
}
