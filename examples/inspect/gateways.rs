//! The gateways, and how an `auth` becomes the policy of one. Part of
//! `inspect.rs`.

use zaphook::auth::{Path, Proves, Query};
use zaphook::{AnyReceiver, Gateway};

use super::auth::Auth;
use super::json::Fault;

/// A policy that is being built from mechanisms, which must all hold.
pub(crate) struct All<P>(Option<P>);

impl<P: Common> All<P> {
    /// Starts with this mechanism, if it was requested: `none` adds nothing to
    /// it.
    pub(crate) fn first(self, mechanism: Option<impl Proves<P>>) -> Self {
        Self(mechanism.map(P::by).or(self.0))
    }

    /// The same with a whole policy.
    pub(crate) fn policy(self, policy: Option<P>) -> Self {
        Self(policy.or(self.0))
    }

    /// Adds another mechanism, if it was requested.
    pub(crate) fn with(self, mechanism: Option<impl Proves<P>>) -> Self {
        let Some(mechanism) = mechanism else {
            return self;
        };
        Self(Some(match self.0 {
            Some(policy) => policy.and(mechanism),
            None => P::by(mechanism),
        }))
    }

    /// Changes the policy, if that was requested; without a policy, one that
    /// accepts everything is changed.
    pub(crate) fn narrowed<T>(self, by: Option<T>, how: impl FnOnce(P, T) -> P) -> Self {
        let Some(by) = by else {
            return self;
        };
        Self(Some(how(self.0.unwrap_or_else(P::unauthenticated), by)))
    }
}

/// What the policies of all gateways have.
pub(crate) trait Common: Gateway {
    fn by(mechanism: impl Proves<Self>) -> Self;
    fn and(self, mechanism: impl Proves<Self>) -> Self;
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
                fn by(mechanism: impl Proves<Self>) -> Self {
                    Self::by(mechanism)
                }

                fn and(self, mechanism: impl Proves<Self>) -> Self {
                    self.and(mechanism)
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
                    return Ok(AnyReceiver::new(policy(auth, $module::own)?));
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
) -> Result<P, Fault>
where
    Query: Proves<P>,
    Path: Proves<P>,
{
    let mut policies = Vec::new();
    for mut auth in alternatives {
        let all = All(auth.none.take().map(|_| P::unauthenticated()));
        let all = own(&mut auth, all)?
            .with(auth.query.take().map(|query| Query::new(query.name, query.values)))
            .with(auth.path.take().map(Path::new))
            .with(auth.networks.take());
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
