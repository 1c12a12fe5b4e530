#![doc = include_str!("guide.md")]

mod call;
mod changes;
mod content;
mod event;
mod group;
mod key;
mod kind;
mod media;
mod message;
mod model;
mod poll;
mod reaction;
mod session;

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Gateway, Unverified};
use crate::auth::{
    AccountMembers, AccountToken, AccountTokens, Checked, Mechanism, Policy, PresentedToken,
    TokenPlace, likely_token, named,
};
use crate::idempotency::Key;
use crate::request::Request;
use crate::retry::RetrySchedule;
use crate::secret::Tokens;

pub use call::{Call, IncomingCall};
pub use changes::{
    MediaUploaded, MessageAck, MessageEdit, MessageRevokeEveryone, MessageRevokeMe, NewMessage,
};
pub use content::{GroupInvite, GroupMention, Link, Location, PollOption};
pub use event::{Envelope, Event, EventName};
pub use group::{GroupChange, GroupNotification, GroupNotificationType};
pub use kind::{Ack, DeviceType, MessageType};
pub use media::Media;
pub use message::Message;
pub use model::RawModel;
pub use poll::{PollVote, VoteUpdate};
pub use reaction::{MessageReaction, Reaction};
pub use session::{
    AuthFailure, ChangeState, DisconnectReason, Disconnected, LoadingScreen, Qr, State,
    Undocumented,
};

policy! {
    /// The authentication policy for eazeWA's deliveries.
    ///
    /// ```
    /// use zaphook::auth::{AccountTokens, TokenPlace};
    /// use zaphook::{EazeWa, Token, Tokens};
    ///
    /// // `https://hooks.example.org/eazewa/<token>`, another token for each
    /// // instance; the second one has two while its URL is being changed:
    /// let current = Token::new("c4cfb1a0-77d1-4b1f")?;
    /// let previous = Token::new("03aa4471-b0c9-4a6e")?;
    /// let tokens = AccountTokens::new([
    ///     ("33", Tokens::from(Token::new("9f2c51b7-5a0e-4d8e")?)),
    ///     ("34", Tokens::from([current, previous])),
    /// ])?;
    /// let policy = EazeWa::per_instance(TokenPlace::path(), tokens);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// For thousands of instances with tokens in a database, see
    /// [`Tenants`](crate::Tenants): [`peek`](Gateway::peek) returns the
    /// instance and the token's digest.
    pub struct EazeWa;
    account: &ACCOUNT,
}

impl EazeWa {
    /// Requires the token of the instance that the body names, as eazeWA
    /// documents it. A token is not valid for another instance, and an unknown
    /// instance is checked and refused as a wrong token is. An unknown token is
    /// refused from the head alone.
    ///
    /// `place` says where the URL configured at eazeWA contains it: at the end
    /// of the path, or in a query parameter. eazeWA cannot send custom headers.
    ///
    /// An instance is named by its digits, `"33"`, whether the body has a
    /// string or a number.
    pub fn per_instance(place: TokenPlace, tokens: AccountTokens) -> Self {
        let place = place.cut(Self::CUT);
        let token = AccountToken::new(Mechanism::Tokens, place, tokens, &ACCOUNT);
        Policy::of(Checked::new(token)).into()
    }

    /// Requires one of these tokens, whichever instance the body names: anyone
    /// who has one can send events for all instances. For a receiver of a
    /// single instance, or where all instances belong to the same owner.
    pub fn any_instance(place: TokenPlace, tokens: impl Into<Tokens>) -> Self {
        let place = place.cut(Self::CUT);
        Policy::of(Checked::new(PresentedToken::new(Mechanism::Tokens, place, tokens))).into()
    }
}

/// A delivery as eazeWA sends it: `POST`, JSON, with the token as the last
/// segment of the path. The token is a text, or a [`Secret`](crate::Secret) as for the
/// other gateways; a [`Token`](crate::Token) keeps only its digest.
#[cfg(feature = "testing")]
pub fn signed_request(
    token: impl crate::secret::TokenText,
    body: impl crate::request::IntoBody,
) -> http::Request<bytes::Bytes> {
    let mut request = crate::request::delivery(body.into_body(), []);
    let mut path = String::from("/eazewa/");
    for byte in token.token_text() {
        match *byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                path.push(char::from(*byte));
            }
            other => path.push_str(&format!("%{other:02X}")),
        }
    }
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
    request
}

/// The instance, as a text or as a number.
const ACCOUNT: AccountMembers = AccountMembers::Outer {
    names: &["instanceId"],
    account: |outer| outer.value("instanceId").ok()?.and_then(named),
};

/// Any answer, whatever its status, is final; without one, it retries after
/// about 3 s. How long eazeWA waits for an answer is not published.
const RETRIES: &[RetrySchedule] = &[RetrySchedule::until_answered(Duration::from_secs(3))];

impl Gateway for EazeWa {
    type Event = Event;
    type Envelope = Envelope;

    const NAME: &'static str = "eazewa";

    // Media come inline, in base64; what is over the limit is lost.
    const BODY_LIMIT: usize = 32 * 1024 * 1024;

    const RETRIES: &'static [RetrySchedule] = RETRIES;

    /// The instance, and the digest of the token: of the only query parameter,
    /// else of the last segment of the path.
    fn peek(request: &Request<'_>) -> Unverified {
        Unverified {
            account: ACCOUNT.read(request.body()),
            token_digest: likely_token(request.head(), Self::CUT),
        }
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn account(envelope: &Envelope) -> Option<Cow<'_, str>> {
        envelope.instance_id.as_deref().map(Cow::Borrowed)
    }

    /// Receipts, deletions and states have no time of their own.
    fn happened_at(envelope: &Envelope) -> Option<DateTime<Utc>> {
        match &envelope.event {
            Event::Message(new) | Event::MessageCreate(new) => new.message.timestamp,
            Event::MessageEdit(edit) => edit.message.latest_edit_sender_timestamp_ms,
            Event::MessageReaction(event) => event.reaction.timestamp,
            Event::GroupJoin(change) | Event::GroupLeave(change) | Event::GroupUpdate(change) => {
                change.notification.timestamp
            }
            Event::VoteUpdate(event) => event.vote.interacted_at,
            Event::Call(event) => event.call.timestamp,
            _ => None,
        }
    }

    fn key(envelope: &Envelope, _body: &[u8]) -> Option<Key> {
        key::of_event(envelope)
    }

    fn message_key(envelope: &Envelope) -> Option<Key> {
        key::of_message(envelope)
    }
}
