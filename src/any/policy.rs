//! A policy of any gateway.

use crate::gateways::{self, Gateway, each_gateway};

macro_rules! any_policy {
    ($($feature:literal $module:ident::$Gateway:ident,)+) => {
        /// The policy of any gateway.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum AnyPolicy {
            $(
                #[cfg(feature = $feature)]
                #[doc = concat!("One of [`", stringify!($module), "`](crate::", stringify!($module), ").")]
                $Gateway(gateways::$Gateway),
            )+
        }

        impl AnyPolicy {
            /// The gateway's name: [`Gateway::NAME`].
            pub fn gateway(&self) -> &'static str {
                match *self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$Gateway(_) => gateways::$Gateway::NAME,
                    )+
                }
            }
        }

        $(
            #[cfg(feature = $feature)]
            impl From<gateways::$Gateway> for AnyPolicy {
                fn from(policy: gateways::$Gateway) -> Self {
                    Self::$Gateway(policy)
                }
            }

            #[cfg(feature = $feature)]
            impl AnyGateway for gateways::$Gateway {
                #[allow(irrefutable_let_patterns, reason = "a build may have one gateway")]
                fn among(policy: &AnyPolicy) -> Option<&Self> {
                    if let AnyPolicy::$Gateway(policy) = policy { Some(policy) } else { None }
                }
            }
        )+
    };
}

each_gateway!(any_policy);

/// A gateway that is one of those known at run time.
pub trait AnyGateway: Gateway {
    /// The policy, if it is this gateway's.
    fn among(policy: &AnyPolicy) -> Option<&Self>;
}
