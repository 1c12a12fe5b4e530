//! How mechanisms combine.

use std::fmt::Debug;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use super::member::BodyMembers;
use super::proof::{Mechanism, Proof, Satisfied};
use super::refusal::{Cause, Refusal};
use crate::request::{Head, Request};

/// A mechanism with its secrets, as part of a policy.
pub(crate) trait Check: Debug + Send + Sync + UnwindSafe + RefUnwindSafe {
    /// What it is, for refusals.
    fn mechanism(&self) -> Mechanism;

    /// What the head alone says: that the mechanism holds, that it cannot hold whatever the
    /// body is, or neither.
    fn screen(&self, _: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
        Ok(None)
    }

    /// The members of the body's outermost object that it reads.
    fn members(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// The whole check, which looks at the head first, with the body's members,
    /// which are read once for all mechanisms of a policy.
    fn verify(&self, request: &Request<'_>, _: &BodyMembers<'_>) -> Result<Satisfied, Refusal> {
        self.screen(request.head())?.ok_or_else(|| Cause::NoAlternative.into())
    }
}

/// What a mechanism alone says of a request.
#[cfg(test)]
pub(super) fn alone(check: &dyn Check, request: &Request<'_>) -> Result<Satisfied, Refusal> {
    check.verify(request, &BodyMembers::new(request.body(), &check.members()))
}

/// A mechanism by which deliveries of the gateway `G` can be authenticated: an
/// argument for a policy's `by` and `and`.
///
/// Implemented by the crate: [`Query`](super::Query), [`Path`](super::Path) and
/// [`Networks`](super::Networks) for every gateway, [`Header`](super::Header)
/// where the gateway can be configured to send one, and each gateway's own
/// mechanisms, which are in its module. A mechanism that a gateway cannot send
/// does not compile:
///
/// ```compile_fail,E0277
/// use zaphook::auth::Header;
/// use zaphook::{EnviaAi, Token};
///
/// let name = http::HeaderName::from_static("x-token");
/// let policy = EnviaAi::by(Header::new(name, Token::new("9f2c51b7-5a0e-4d8e")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Proves<G> {
    #[doc(hidden)]
    fn checked(self) -> Checked;
}

/// A mechanism to be added to a policy.
#[derive(Clone, Debug)]
pub struct Checked(Arc<dyn Check>);

impl Checked {
    pub(crate) fn new(check: impl Check + 'static) -> Self {
        Self(Arc::new(check))
    }
}

/// Holds for every request: authentication switched off.
#[derive(Debug)]
pub(crate) struct Anyone;

impl Check for Anyone {
    fn mechanism(&self) -> Mechanism {
        Mechanism::None
    }

    fn screen(&self, _: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
        Ok(Some(Satisfied::by(Mechanism::None)))
    }
}

/// Alternatives, each of one or more mechanisms that must all hold.
///
/// Without alternatives, nothing is accepted.
#[derive(Clone, Debug)]
pub struct Policy {
    alternatives: Arc<[Alternative]>,
    /// The members that any of them reads, each once.
    members: Arc<[&'static str]>,
}

#[derive(Clone, Debug)]
struct Alternative {
    first: Arc<dyn Check>,
    others: Vec<Arc<dyn Check>>,
}

impl Policy {
    pub(crate) fn of(mechanism: Checked) -> Self {
        let Checked(first) = mechanism;
        Self::with(vec![Alternative { first, others: Vec::new() }])
    }

    fn with(alternatives: Vec<Alternative>) -> Self {
        let checks = alternatives.iter().flat_map(Alternative::checks);
        let mut members: Vec<_> = checks.flat_map(|check| check.members()).collect();
        members.sort_unstable();
        members.dedup();
        Self { alternatives: alternatives.into(), members: members.into() }
    }

    /// A policy that accepts whatever at least one of the given policies
    /// accepts.
    pub(crate) fn any_of(policies: impl IntoIterator<Item = Self>) -> Self {
        let alternatives = policies.into_iter().flat_map(|policy| policy.alternatives.to_vec());
        Self::with(alternatives.collect())
    }

    /// Adds a mechanism that must hold as well, whichever alternative holds.
    pub(crate) fn and(self, mechanism: Checked) -> Self {
        let Checked(mechanism) = mechanism;
        let mut alternatives = self.alternatives.to_vec();
        for alternative in &mut alternatives {
            alternative.others.push(Arc::clone(&mechanism));
        }
        Self::with(alternatives)
    }

    /// Refuses what no body could make acceptable.
    pub(crate) fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.first_of(|alternative| {
            alternative.checks().try_for_each(|check| screen(&**check, head).map(drop))
        })
    }

    /// Always checks the head first: the body is not read for an alternative
    /// that the head alone refuses, and is read once for all others.
    pub(crate) fn authenticate(&self, request: &Request<'_>) -> Result<Proof, Refusal> {
        let members = BodyMembers::new(request.body(), &self.members);
        self.first_of(|alternative| alternative.authenticate(request, &members))
    }

    /// The first alternative that holds, or the most informative refusal: one
    /// about a credential that was presented rather than one about a missing
    /// one.
    fn first_of<T>(
        &self,
        check: impl Fn(&Alternative) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut refusal: Option<Refusal> = None;
        for alternative in self.alternatives.iter() {
            match check(alternative) {
                Ok(passed) => return Ok(passed),
                Err(next) => {
                    let weight = |refusal: &Refusal| refusal.reason().weight();
                    if refusal.as_ref().is_none_or(|kept| weight(kept) < weight(&next)) {
                        refusal = Some(next);
                    }
                }
            }
        }
        Err(refusal.unwrap_or_else(|| Cause::NoAlternative.into()))
    }
}

impl Alternative {
    fn checks(&self) -> impl Iterator<Item = &Arc<dyn Check>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    fn authenticate(
        &self,
        request: &Request<'_>,
        members: &BodyMembers<'_>,
    ) -> Result<Proof, Refusal> {
        let verify = |check: &Arc<dyn Check>| {
            check.verify(request, members).map_err(|refusal| refusal.by(check.mechanism()))
        };
        if self.others.is_empty() {
            return Ok(Proof::new(verify(&self.first)?));
        }
        let screened = self.checks().map(|check| screen(&**check, request.head()));
        let screened = screened.collect::<Result<Vec<_>, _>>()?;
        // What the head alone has proven is not computed again.
        let mut satisfied = self.checks().zip(screened).map(|(check, screened)| match screened {
            Some(satisfied) => Ok(satisfied),
            None => verify(check),
        });
        let first = satisfied.next().ok_or(Cause::NoAlternative)?;
        let mut proof = Proof::new(first?);
        for other in satisfied {
            proof.and(other?);
        }
        Ok(proof)
    }
}

fn screen(check: &dyn Check, head: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
    check.screen(head).map_err(|refusal| refusal.by(check.mechanism()))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::refusal::Reason;
    use super::*;

    fn refused(reason: Reason) -> Refusal {
        let cause = Cause::ALL.iter().find(|cause| Refusal::from(**cause).reason() == reason);
        (*cause.unwrap()).into()
    }

    /// Holds for requests whose body has the byte.
    #[derive(Debug)]
    struct Has(u8, Mechanism, Reason);

    impl Check for Has {
        fn mechanism(&self) -> Mechanism {
            self.1
        }

        fn screen(&self, _: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
            Ok(None)
        }

        fn verify(&self, request: &Request<'_>, _: &BodyMembers<'_>) -> Result<Satisfied, Refusal> {
            match request.body().contains(&self.0) {
                true => Ok(Satisfied::by(self.1)),
                false => Err(refused(self.2)),
            }
        }
    }

    fn of(has: Has) -> Policy {
        Policy::of(Checked::new(has))
    }

    fn check(policy: &Policy, body: &str) -> Result<Vec<&'static str>, Reason> {
        let headers: [(&str, &str); 0] = [];
        let proof = policy.authenticate(&Request::new(&headers, body));
        proof.map(|proof| proof.by().map(Mechanism::as_str).collect()).map_err(|r| r.reason())
    }

    #[test]
    fn all_of_one_alternative_must_hold() {
        let a = of(Has(b'a', Mechanism::Secrets, Reason::MissingCredential));
        let b = of(Has(b'b', Mechanism::Trusted, Reason::Mismatch));
        let either = Policy::any_of([a, b]);
        assert_eq!(check(&either, "a"), Ok(vec!["secrets"]));
        assert_eq!(check(&either, "b"), Ok(vec!["trusted"]));
        assert_eq!(check(&either, "ab"), Ok(vec!["secrets"]));
        assert_eq!(check(&either, "c"), Err(Reason::Mismatch));

        let both = either.and(Checked::new(Has(b'n', Mechanism::Networks, Reason::Network)));
        assert_eq!(check(&both, "an"), Ok(vec!["secrets", "networks"]));
        assert_eq!(check(&both, "bn"), Ok(vec!["trusted", "networks"]));
        assert_eq!(check(&both, "a"), Err(Reason::Network));
        assert_eq!(check(&both, "n"), Err(Reason::Mismatch));
    }

    #[test]
    fn the_refusal_that_says_most_is_reported() {
        use Reason::{Expired, MalformedCredential, Mismatch, MissingCredential, Network};
        for (reasons, reported) in [
            ([MissingCredential, MalformedCredential, MissingCredential], MalformedCredential),
            ([MalformedCredential, Mismatch, Network], Mismatch),
            ([Network, Mismatch, MalformedCredential], Network),
            ([Mismatch, Expired, Network], Expired),
            ([MissingCredential, MissingCredential, MissingCredential], MissingCredential),
        ] {
            let policies = reasons.map(|reason| of(Has(b'x', Mechanism::Secrets, reason)));
            assert_eq!(check(&Policy::any_of(policies), ""), Err(reported), "{reasons:?}");
        }
    }

    /// Refuses every head, and must not see a body.
    #[derive(Debug)]
    struct Closed;

    impl Check for Closed {
        fn mechanism(&self) -> Mechanism {
            Mechanism::Networks
        }

        fn screen(&self, _: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
            Err(refused(Reason::Network))
        }

        fn verify(&self, _: &Request<'_>, _: &BodyMembers<'_>) -> Result<Satisfied, Refusal> {
            panic!("the head was refused")
        }
    }

    /// Holds, by the head alone or not, and counts how often it is computed.
    #[derive(Debug)]
    struct Counts {
        computed: Arc<AtomicUsize>,
        by_head: bool,
    }

    impl Counts {
        fn policy(computed: &Arc<AtomicUsize>, by_head: bool) -> Policy {
            Policy::of(Checked::new(Self { computed: Arc::clone(computed), by_head }))
        }

        fn satisfied(&self) -> Satisfied {
            self.computed.fetch_add(1, Ordering::SeqCst);
            Satisfied::by(self.mechanism())
        }
    }

    impl Check for Counts {
        fn mechanism(&self) -> Mechanism {
            Mechanism::Jwt
        }

        fn screen(&self, _: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
            Ok(self.by_head.then(|| self.satisfied()))
        }

        fn verify(&self, _: &Request<'_>, _: &BodyMembers<'_>) -> Result<Satisfied, Refusal> {
            Ok(self.satisfied())
        }
    }

    #[test]
    fn the_head_comes_first_whatever_the_order() {
        let computed = Arc::default();
        let policy = Counts::policy(&computed, false).and(Checked::new(Closed));
        assert_eq!(check(&policy, "a"), Err(Reason::Network));
        assert_eq!(computed.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn what_holds_is_computed_once() {
        let computed = Arc::default();
        let has = |byte| Checked::new(Has(byte, Mechanism::Networks, Reason::Network));
        for by_head in [true, false] {
            let alone = || Counts::policy(&computed, by_head);
            for (policy, body, verdict) in [
                (alone(), "", Ok(vec!["jwt"])),
                (alone().and(has(b'n')), "n", Ok(vec!["jwt", "networks"])),
                (alone().and(has(b'n')), "", Err(Reason::Network)),
            ] {
                assert_eq!(check(&policy, body), verdict, "{by_head} {body:?}");
                assert_eq!(computed.swap(0, Ordering::SeqCst), 1, "{by_head} {body:?}");
            }
        }
    }

    /// Decides nothing: neither by the head nor with the body.
    #[derive(Debug)]
    struct Undecided;

    impl Check for Undecided {
        fn mechanism(&self) -> Mechanism {
            Mechanism::Secrets
        }
    }

    #[test]
    fn a_mechanism_that_decides_nothing_refuses() {
        let policy = Policy::of(Checked::new(Undecided));
        assert_eq!(check(&policy, ""), Err(Reason::Mismatch));
        assert_eq!(check(&policy.and(Checked::new(Anyone)), ""), Err(Reason::Mismatch));
    }

    #[test]
    fn no_alternative_accepts_nothing() {
        assert_eq!(check(&Policy::any_of([]), "a"), Err(Reason::Mismatch));
    }
}
