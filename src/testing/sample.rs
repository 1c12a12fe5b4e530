//! Deliveries for tests, as the gateways make them.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::samples::{Draft, ORIGINS, Origin};
use super::template::{Fact, Facts, Node};
use crate::any::{AnyDelivery, AnyReceiver};
use crate::auth::Proof;
use crate::delivery::Delivery;
use crate::event::{EventName, NO_HINT, UnknownEventName, Unreadable, Wanted};
use crate::gateways::{self, EventNameOf, Gateway, each_gateway};
use crate::receiver::Receiver;
use crate::secret::{Secret, Token, digest_of};

/// A delivery for a test: a body as the gateway writes it, with something sensible in
/// every member, of which a test says only what matters to it.
///
/// | setter | what it sets | if not set |
/// |---|---|---|
/// | [`from`](Self::from) | who wrote, reacted, called, read | Ana, `5511999990001` |
/// | [`name`](Self::name) | the sender's own name | `Ana Exemplo` |
/// | [`chat`](Self::chat) | the chat | the sender's private one |
/// | [`lid`](Self::lid) | the sender's LID | `100000000000001@lid` |
/// | [`text`](Self::text) | the text, caption, emoji or question | `oi`, or the [scenario](super::Scenario)'s |
/// | [`id`](Self::id) | the id of the message or call | one per scenario |
/// | [`target`](Self::target) | the id of the message that this is about | `3EB0C0DE00112233AABB` |
/// | [`at`](Self::at) | when it happened | `2026-02-10T14:23:44Z` |
/// | [`instance`](Self::instance) | the account at the gateway | the gateway's own |
/// | [`event_id`](Self::event_id) | the id of the event, where the gateway gives one | `evt_` and the name |
///
/// They mean the same at all gateways. Addresses are given in any form
/// (`+5511999990001`, `5511999990001@c.us`) and written in the gateway's; whatever is no
/// phone number is written as it is given. Everything else is set by its path
/// ([`set`](Self::set), [`without`](Self::without)).
///
/// A setter **panics** when the sample has no place for what it sets: a test must not
/// believe that it has set something.
///
/// ```
/// use zaphook::testing::{self, Sample};
/// use zaphook::{Zavu, zavu};
///
/// let sample = testing::sample(zavu::EventName::MessageInbound).from("+5511999990009").text("oi");
/// let delivery = sample.delivery();
/// let zavu::Event::MessageInbound(message) = delivery.event() else { panic!() };
/// assert_eq!(message.from, "+5511999990009");
///
/// // The same values give the same bytes:
/// let named = Sample::<Zavu>::named("message.inbound")?.from("5511999990009").text("oi");
/// assert_eq!(named.body(), sample.body());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Sample<G> {
    draft: Draft,
    gateway: PhantomData<fn() -> G>,
}

/// A sample whose gateway is known at run time only.
pub type AnySample = Sample<Any>;

/// In place of a gateway: any of them.
#[derive(Debug)]
pub struct Any(());

/// What a sample is of: a gateway, or [`Any`] of them.
pub trait Source: sealed::Sealed + Sized {
    /// Its deliveries.
    type Delivery;

    /// Its receivers.
    type Receiver;

    #[doc(hidden)]
    fn sends(gateway: &str) -> bool;

    #[doc(hidden)]
    fn delivery(sample: &Sample<Self>) -> Result<Self::Delivery, Unreadable>;

    #[doc(hidden)]
    fn receiver(sample: &Sample<Self>, secret: &Secret) -> Self::Receiver;
}

/// The name of an event, as a type: every gateway's `EventName`, and Evolution Go's.
pub trait NamesSample: EventName + sealed::Sealed {
    /// The gateway that sends it.
    type Gateway: Source;
}

mod sealed {
    pub trait Sealed {}
}

/// The sample of an event.
///
/// ```
/// use zaphook::{enviaai, evolution, testing};
///
/// let read = testing::sample(enviaai::EventName::MessageRead);
/// let call = testing::sample(evolution::go::EventName::CallOffer);
/// # read.body(); call.body();
/// ```
#[expect(clippy::expect_used, reason = "a test holds that every event has one")]
pub fn sample<N: NamesSample>(event: N) -> Sample<N::Gateway> {
    find(N::Gateway::sends, event.as_str()).expect("every event has a sample")
}

fn find<G>(sends: impl Fn(&str) -> bool, name: &str) -> Option<Sample<G>> {
    // The whole body of Evolution Go is one event of Evolution API.
    let name = if name == "go" { "Message" } else { name };
    let mut origins = ORIGINS.iter().filter(|origin| sends(origin.gateway));
    origins.find_map(|origin| origin.event(name)).map(Sample::of_draft)
}

impl<G: Gateway + Source> Sample<G> {
    /// The sample of an event, by its name in any spelling that the gateway uses.
    ///
    /// # Errors
    ///
    /// When it is not a documented event of the gateway.
    pub fn named(event: &str) -> Result<Self, UnknownEventName> {
        let known = find(G::sends, event);
        let by_alias = || find(G::sends, event.parse::<EventNameOf<G>>().ok()?.as_str());
        known.or_else(by_alias).ok_or_else(|| UnknownEventName { name: event.into() })
    }
}

impl AnySample {
    /// The sample of an event of the gateway with this [name](Gateway::NAME).
    ///
    /// # Errors
    ///
    /// When it is not a documented event of a gateway of this build.
    pub fn named(gateway: &str, event: &str) -> Result<Self, UnknownEventName> {
        any_named(gateway, event)
    }

    /// The sample of every event: of every gateway of this build, and of Evolution Go.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for origin in ORIGINS {
            all.extend(origin.names().iter().filter_map(|name| origin.event(name)));
        }
        all.into_iter().map(Self::of_draft).collect()
    }

    /// As of one gateway; `None` when it is another one's.
    pub fn of<G: Source>(self) -> Option<Sample<G>> {
        G::sends(self.gateway()).then(|| Sample::of_draft(self.draft))
    }
}

impl<G> Sample<G> {
    pub(super) fn of_draft(draft: Draft) -> Self {
        Self { draft, gateway: PhantomData }
    }

    pub(super) fn draft(&self) -> &Draft {
        &self.draft
    }

    /// As one whose gateway is known at run time only.
    pub fn into_any(self) -> AnySample {
        Sample::of_draft(self.draft)
    }

    /// The gateway's name: [`Gateway::NAME`].
    pub fn gateway(&self) -> &'static str {
        self.origin().gateway
    }

    /// Who sends it: the gateway's name, or `evolution_go`.
    pub fn sender(&self) -> &'static str {
        self.origin().name
    }

    fn origin(&self) -> &'static Origin {
        self.draft.origin
    }

    /// The event's name on the wire.
    pub fn event(&self) -> &str {
        &self.draft.facts.event
    }

    /// The names of the setters that it has a place for.
    pub fn setters(&self) -> impl Iterator<Item = &'static str> {
        self.draft.setters()
    }

    /// Sets who it is from: who wrote, reacted, voted or called, and in a receipt who got or
    /// read the message.
    ///
    /// # Panics
    ///
    /// As all setters, when the sample has no place for it.
    #[must_use]
    #[track_caller]
    pub fn from(self, address: impl Into<String>) -> Self {
        self.with(Fact::From, |facts| facts.from = address.into())
    }

    /// Sets the sender's own name.
    ///
    /// # Panics
    ///
    /// As all setters, when the sample has no place for it.
    #[must_use]
    #[track_caller]
    pub fn name(self, name: impl Into<String>) -> Self {
        self.with(Fact::Name, |facts| facts.name = name.into())
    }

    /// Sets the chat: a group (`…@g.us`), the status posts (`status@broadcast`), or the
    /// private chat with someone, who is then also the sender.
    ///
    /// # Panics
    ///
    /// As all setters, when the sample has no place for it.
    #[must_use]
    #[track_caller]
    pub fn chat(self, address: impl Into<String>) -> Self {
        let chat = address.into();
        let is_private =
            !["@g.us", "@broadcast", "@newsletter"].iter().any(|at| chat.ends_with(at));
        self.with(Fact::Chat, |facts| {
            if is_private {
                facts.from.clone_from(&chat);
            }
            facts.chat = Some(chat);
        })
    }

    /// Sets the sender's LID, where the sample tells it.
    ///
    /// # Panics
    ///
    /// As all setters, when the sample has no place for it.
    #[must_use]
    #[track_caller]
    pub fn lid(self, address: impl Into<String>) -> Self {
        self.with(Fact::Lid, |facts| facts.lid = address.into())
    }

    /// Sets the text: of a message, below a photo, of a reaction, of a poll's question.
    ///
    /// # Panics
    ///
    /// As all setters, when the sample has no place for it.
    #[must_use]
    #[track_caller]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.with(Fact::Text, |facts| facts.text = text.into())
    }

    /// Sets the id that the message, or the call, has at its sender. Gateways that put it
    /// together with the chat do.
    ///
    /// # Panics
    ///
    /// As all setters, when the sample has no place for it.
    #[must_use]
    #[track_caller]
    pub fn id(self, id: impl Into<String>) -> Self {
        self.with(Fact::Id, |facts| facts.id = id.into())
    }

    /// Sets the id of the message that this is about: that is replied to, reacted to,
    /// edited, deleted, voted in, delivered or read.
    ///
    /// # Panics
    ///
    /// As all setters, when the sample has no place for it.
    #[must_use]
    #[track_caller]
    pub fn target(self, id: impl Into<String>) -> Self {
        self.with(Fact::Target, |facts| facts.target = id.into())
    }

    /// Sets when it happened.
    ///
    /// # Panics
    ///
    /// As all setters, when the sample has no place for it.
    #[must_use]
    #[track_caller]
    pub fn at(self, time: DateTime<Utc>) -> Self {
        self.with(Fact::At, |facts| facts.at = time)
    }

    /// Sets the account at the gateway: the instance, session or sender.
    ///
    /// # Panics
    ///
    /// As all setters, when the sample has no place for it.
    #[must_use]
    #[track_caller]
    pub fn instance(self, instance: impl Into<String>) -> Self {
        self.with(Fact::Instance, |facts| facts.instance = instance.into())
    }

    /// Sets the id of the event, for gateways that give it one.
    ///
    /// # Panics
    ///
    /// As all setters, when the sample has no place for it.
    #[must_use]
    #[track_caller]
    pub fn event_id(self, id: impl Into<String>) -> Self {
        self.with(Fact::EventId, |facts| facts.event_id = id.into())
    }

    /// Another event of the same kind: with ids of its own, `n` seconds later. An event
    /// whose body has neither ids nor a time stays as it is.
    ///
    /// ```
    /// use zaphook::testing::Scenario;
    ///
    /// for sample in Scenario::Text.samples() {
    ///     assert_ne!(sample.clone().nth(1).delivery().key(), sample.nth(2).delivery().key());
    /// }
    /// ```
    #[must_use]
    pub fn nth(mut self, n: u32) -> Self {
        // A receipt has no id but that of its message.
        let has_id = self.draft.has(Fact::Id);
        let Facts { event_id, id, target, at, .. } = &mut self.draft.facts;
        let id = if has_id { id } else { target };
        let (start, end) = (id.chars().take(2), id.chars().skip(10));
        *id = start.chain(format!("{n:08X}").chars()).chain(end).collect();
        event_id.push_str(&format!("_{n}"));
        *at = at.checked_add_signed(TimeDelta::seconds(n.into())).unwrap_or(*at);
        self
    }

    /// Sets any member of the body by its path, `data.items[2].id` or
    /// `metadata["user.id"]`, to anything that can be written as JSON. Objects and lists
    /// that are missing on the way are made; a list grows at its end.
    ///
    /// ```
    /// use zaphook::{testing, wawp};
    ///
    /// let sample = testing::sample(wawp::EventName::Message)
    ///     .set("payload.hasMedia", true)
    ///     .set("payload.media.mimetype", "image/jpeg")
    ///     .without("environment");
    /// # sample.body();
    /// ```
    ///
    /// # Panics
    ///
    /// When the path is none, or leads through a value that is neither object nor list; when
    /// the value cannot be written.
    #[must_use]
    #[track_caller]
    pub fn set(self, path: &str, value: impl Serialize) -> Self {
        self.set_json(path, serde_json::to_string(&value))
    }

    #[track_caller]
    fn set_json(mut self, path: &str, json: Result<String, serde_json::Error>) -> Self {
        let value = match json {
            Ok(json) => Node::of_user(&json).unwrap_or_else(Node::null),
            Err(error) => self.refuse(&format!("the value of {path} cannot be written: {error}")),
        };
        let body = self.draft.body.set(path, value);
        match body {
            Ok(()) => self,
            Err(error) => self.refuse(&error),
        }
    }

    /// Takes a member out of the body, by its path.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn without(mut self, path: &str) -> Self {
        match self.draft.body.remove(path) {
            Ok(()) => self,
            Err(error) => self.refuse(&error),
        }
    }

    /// The body: the same bytes for the same values.
    pub fn body(&self) -> Bytes {
        self.draft.body()
    }

    /// The request, proved by the secret as the gateway does it, now.
    ///
    /// | gateway | the secret is |
    /// |---|---|
    /// | eazeWA | the token at the end of the path |
    /// | EnviaAI, Zavu | that of the webhook |
    /// | Evolution API | the `jwt_key` |
    /// | Evolution Go | the instance's token, in the body |
    /// | Wawp and WAHA | WAHA's HMAC key |
    pub fn signed(&self, secret: &Secret) -> http::Request<Bytes> {
        self.signed_at(secret, Utc::now())
    }

    /// As [`signed`](Self::signed), at a time of your own: the same bytes for the same
    /// values. A receiver may refuse a signature that is old by its clock: give it that
    /// time too ([`Head::received_at`](crate::Head::received_at)).
    pub fn signed_at(&self, secret: &Secret, at: DateTime<Utc>) -> http::Request<Bytes> {
        self.draft.signed_at(secret, at)
    }

    #[track_caller]
    fn with(mut self, fact: Fact, set: impl FnOnce(&mut Facts)) -> Self {
        set(&mut self.draft.facts);
        if !self.draft.has(fact) {
            self.refuse(&format!("it has no place for `{}`", fact.as_str()));
        }
        self
    }

    #[track_caller]
    #[expect(clippy::panic, reason = "a test must not believe that it has set something")]
    fn refuse(&self, why: &str) -> ! {
        let Draft { origin, title, .. } = &self.draft;
        let setters: Vec<_> = self.setters().collect();
        panic!("{}, {title}: {why}; setters: {}", origin.name, setters.join(", "));
    }
}

impl<G: Source> Sample<G> {
    /// It as a delivery that was received when it happened. Its proof says `trusted`.
    ///
    /// # Panics
    ///
    /// When it cannot be read: [`set`](Self::set) and [`without`](Self::without) can do
    /// that.
    #[track_caller]
    pub fn delivery(&self) -> G::Delivery {
        match G::delivery(self) {
            Ok(delivery) => delivery,
            Err(error) => self.refuse(&format!("it cannot be read: {error}")),
        }
    }

    /// A receiver that accepts what [`signed`](Self::signed) makes with this secret, and
    /// nothing else.
    pub fn receiver(&self, secret: &Secret) -> G::Receiver {
        G::receiver(self, secret)
    }
}

impl<G> Clone for Sample<G> {
    fn clone(&self) -> Self {
        Self::of_draft(self.draft.clone())
    }
}

impl<G> fmt::Debug for Sample<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sample")
            .field("sender", &self.sender())
            .field("event", &self.event())
            .finish_non_exhaustive()
    }
}

impl Draft {
    fn has(&self, fact: Fact) -> bool {
        self.body.depends(fact, &self.facts)
    }

    fn setters(&self) -> impl Iterator<Item = &'static str> {
        Fact::ALL.iter().filter(|fact| self.has(**fact)).map(|fact| fact.as_str())
    }

    fn body(&self) -> Bytes {
        self.body.write(&self.facts).into()
    }

    pub(super) fn signed_at(&self, secret: &Secret, at: DateTime<Utc>) -> http::Request<Bytes> {
        let token = String::from_utf8_lossy(secret.expose()).into_owned();
        match self.origin.name {
            #[cfg(feature = "eazewa")]
            "eazewa" => gateways::eazewa::signed_request(secret, self.body()),
            #[cfg(feature = "enviaai")]
            "enviaai" => gateways::enviaai::signed_request(secret, self.body()),
            #[cfg(feature = "evolution")]
            "evolution" => gateways::evolution::signed_request_at(secret, at, self.body()),
            #[cfg(feature = "wawp")]
            "wawp" => gateways::wawp::signed_request(secret, self.body()),
            #[cfg(feature = "zavu")]
            "zavu" => gateways::zavu::signed_request_at(secret, at, self.body()),
            _ => {
                let facts = Facts { token, ..self.facts.clone() };
                crate::request::delivery(self.body.write(&facts).into(), [])
            }
        }
    }

    fn read<G: Gateway>(&self) -> Result<Delivery<G>, Unreadable> {
        let received_at = self.facts.at.into();
        Delivery::read(self.body(), Proof::trusted(), received_at, NO_HINT, &Wanted::ALL)
    }
}

/// How a gateway's samples prove themselves.
trait Usual: Gateway {
    fn usual(origin: &Origin, secret: &Secret) -> Self;
}

#[cfg(feature = "eazewa")]
impl Usual for gateways::EazeWa {
    fn usual(_: &Origin, secret: &Secret) -> Self {
        Self::any_instance(crate::auth::TokenPlace::path(), token(secret))
    }
}

#[cfg(feature = "enviaai")]
impl Usual for gateways::EnviaAi {
    fn usual(_: &Origin, secret: &Secret) -> Self {
        Self::signed(secret.clone())
    }
}

#[cfg(feature = "evolution")]
impl Usual for gateways::Evolution {
    fn usual(origin: &Origin, secret: &Secret) -> Self {
        match origin.name {
            "evolution" => Self::jwt(secret.clone()),
            _ => Self::by(gateways::evolution::InstanceToken::new(token(secret))),
        }
    }
}

#[cfg(feature = "wawp")]
impl Usual for gateways::Wawp {
    fn usual(_: &Origin, secret: &Secret) -> Self {
        Self::signed(secret.clone())
    }
}

#[cfg(feature = "zavu")]
impl Usual for gateways::Zavu {
    fn usual(_: &Origin, secret: &Secret) -> Self {
        Self::signed(secret.clone())
    }
}

/// A secret that is sent as it is.
fn token(secret: &Secret) -> Token {
    Token::from_digest(digest_of(secret.expose()))
}

impl sealed::Sealed for Any {}

#[cfg(feature = "evolution")]
impl sealed::Sealed for gateways::evolution::go::EventName {}

#[cfg(feature = "evolution")]
impl NamesSample for gateways::evolution::go::EventName {
    type Gateway = gateways::Evolution;
}

macro_rules! sources {
    ($($feature:literal $module:ident::$Gateway:ident,)+) => {
        $(
            #[cfg(feature = $feature)]
            impl sealed::Sealed for gateways::$Gateway {}

            #[cfg(feature = $feature)]
            impl sealed::Sealed for gateways::$module::EventName {}

            #[cfg(feature = $feature)]
            impl NamesSample for gateways::$module::EventName {
                type Gateway = gateways::$Gateway;
            }

            #[cfg(feature = $feature)]
            impl Source for gateways::$Gateway {
                type Delivery = Delivery<Self>;
                type Receiver = Receiver<Self>;

                fn sends(gateway: &str) -> bool {
                    gateway == Self::NAME
                }

                fn delivery(sample: &Sample<Self>) -> Result<Self::Delivery, Unreadable> {
                    sample.draft.read()
                }

                fn receiver(sample: &Sample<Self>, secret: &Secret) -> Self::Receiver {
                    Receiver::new(Self::usual(sample.origin(), secret))
                }
            }
        )+

        impl Source for Any {
            type Delivery = AnyDelivery;
            type Receiver = AnyReceiver;

            fn sends(_: &str) -> bool {
                true
            }

            fn delivery(sample: &Sample<Self>) -> Result<AnyDelivery, Unreadable> {
                $(
                    #[cfg(feature = $feature)]
                    if let Some(sample) = sample.clone().of::<gateways::$Gateway>() {
                        return gateways::$Gateway::delivery(&sample).map(AnyDelivery::from);
                    }
                )+
                unreachable!("an origin is of a gateway of this build")
            }

            fn receiver(sample: &Sample<Self>, secret: &Secret) -> AnyReceiver {
                $(
                    #[cfg(feature = $feature)]
                    if let Some(sample) = sample.clone().of::<gateways::$Gateway>() {
                        return gateways::$Gateway::receiver(&sample, secret).into();
                    }
                )+
                unreachable!("an origin is of a gateway of this build")
            }
        }

        fn any_named(gateway: &str, event: &str) -> Result<AnySample, UnknownEventName> {
            $(
                #[cfg(feature = $feature)]
                if gateway == gateways::$Gateway::NAME {
                    return Sample::<gateways::$Gateway>::named(event).map(Sample::into_any);
                }
            )+
            Err(UnknownEventName { name: format!("{gateway} {event}").into() })
        }
    };
}

each_gateway!(sources);
