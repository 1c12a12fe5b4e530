//! The gateways, and how an `auth` becomes the policy of one.

use zaphook::auth::Networks;
use zaphook::{AnyReceiver, Gateway, Receiver, Tokens};

use super::auth::{Auth, Named};
use super::json::Fault;

/// A policy in the making, of mechanisms that must all hold.
pub(crate) struct All<P>(Option<P>);

impl<P> All<P> {
    /// With one more, if it was asked for: `by` makes a policy of it alone,
    /// `and` adds it to one.
    pub(crate) fn with<T>(
        self,
        mechanism: Option<T>,
        by: impl FnOnce(T) -> P,
        and: impl FnOnce(P, T) -> P,
    ) -> Self {
        let Some(mechanism) = mechanism else {
            return self;
        };
        Self(Some(match self.0 {
            Some(policy) => and(policy, mechanism),
            None => by(mechanism),
        }))
    }
}

/// What the policies of all gateways have.
trait Common: Gateway {
    fn by_query(query: Named<String>) -> Self;
    fn and_query(self, query: Named<String>) -> Self;
    fn by_path(tokens: Tokens) -> Self;
    fn and_path(self, tokens: Tokens) -> Self;
    fn from_networks(networks: Networks) -> Self;
    fn and_networks(self, networks: Networks) -> Self;
    fn unauthenticated() -> Self;
    fn any_of(policies: Vec<Self>) -> Self;
}

/// The list of the gateways: the file with a gateway's own mechanisms, and the
/// name of its policy.
macro_rules! gateways {
    ($($module:ident::$Gateway:ident,)+) => {
        $(
            mod $module;

            impl Common for zaphook::$Gateway {
                fn by_query(query: Named<String>) -> Self {
                    Self::by_query(query.name, query.values)
                }

                fn and_query(self, query: Named<String>) -> Self {
                    self.and_query(query.name, query.values)
                }

                fn by_path(tokens: Tokens) -> Self {
                    Self::by_path(tokens)
                }

                fn and_path(self, tokens: Tokens) -> Self {
                    self.and_path(tokens)
                }

                fn from_networks(networks: Networks) -> Self {
                    Self::from_networks(networks)
                }

                fn and_networks(self, networks: Networks) -> Self {
                    self.and_networks(networks)
                }

                fn unauthenticated() -> Self {
                    Self::unauthenticated()
                }

                fn any_of(policies: Vec<Self>) -> Self {
                    Self::any_of(policies)
                }
            }
        )+

        /// A receiver of the gateway of this name.
        pub(crate) fn receiver(provider: &str, auth: Vec<Auth>) -> Result<AnyReceiver, Fault> {
            $(
                if provider == zaphook::$Gateway::NAME {
                    return Ok(Receiver::new(policy(auth, $module::own)?).into());
                }
            )+
            Err(Fault::new("provider: this program does not have it"))
        }
    };
}

gateways! {
    eazewa::EazeWa,
    enviaai::EnviaAi,
    evolution::Evolution,
    wawp::Wawp,
    zavu::Zavu,
}

/// The policy that accepts what one of the alternatives accepts.
fn policy<P: Common>(
    alternatives: Vec<Auth>,
    own: fn(&mut Auth, All<P>) -> Result<All<P>, Fault>,
) -> Result<P, Fault> {
    let mut policies = Vec::new();
    for mut auth in alternatives {
        let all = All(auth.none.take().map(|_| P::unauthenticated()));
        let all = own(&mut auth, all)?
            .with(auth.query.take(), P::by_query, P::and_query)
            .with(auth.path.take(), P::by_path, P::and_path)
            .with(auth.networks.take(), P::from_networks, P::and_networks);
        if let Some(key) = auth.rest() {
            return Err(Fault::new(format_args!("auth.{key}: {} has no such mechanism", P::NAME)));
        }
        policies.push(all.0.ok_or_else(|| Fault::new("auth: it names no mechanism"))?);
    }
    Ok(match <[P; 1]>::try_from(policies) {
        Ok([policy]) => policy,
        Err(policies) => P::any_of(policies),
    })
}
