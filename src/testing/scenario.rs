//! What happens, whichever gateway tells it.

use std::fmt;
use std::str::FromStr;

use super::sample::{Any, Sample, Source};
use super::samples::ORIGINS;
use super::template::{Facts, GROUP};

macro_rules! scenarios {
    ($($(#[$doc:meta])* $Scenario:ident = $name:literal,)+) => {
        /// Something that happens, for every gateway that can tell it.
        ///
        /// The people are the same everywhere: Ana is a customer, with the phone number
        /// `5511999990001`; we are the account, with `5511888880001`.
        ///
        /// ```
        /// use zaphook::Happening;
        /// use zaphook::testing::Scenario;
        ///
        /// // One loop, all gateways that are switched on:
        /// for sample in Scenario::Text.samples() {
        ///     let delivery = sample.text("ping").delivery();
        ///     let unified = delivery.unified();
        ///     let Some(Happening::Message(message)) = unified.first() else { panic!() };
        ///     assert_eq!(message.text(), Some("ping"));
        /// }
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Scenario {
            $($(#[$doc])* $Scenario,)+
        }

        impl Scenario {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$Scenario),+];

            /// Its name: `text`, `voice_note`, …
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$Scenario => $name,)+
                }
            }
        }
    };
}

scenarios! {
    /// Ana writes "oi".
    Text = "text",
    /// Ana sends a photo with a caption.
    Caption = "caption",
    /// Ana sends a voice note of 12 s.
    VoiceNote = "voice_note",
    /// Ana sends a PDF with a caption.
    Document = "document",
    /// Ana replies "sim" to our "há mesas?".
    Reply = "reply",
    /// Ana reacts to our message.
    Reaction = "reaction",
    /// Ana removes her reaction.
    ReactionRemoved = "reaction_removed",
    /// Ana edits a message of hers.
    Edit = "edit",
    /// Ana deletes a message of hers for everyone.
    Deletion = "deletion",
    /// Ana asks in a poll which day is best.
    Poll = "poll",
    /// Ana votes in our poll.
    Vote = "vote",
    /// Ana presses a button of ours.
    Button = "button",
    /// Ana writes in a group.
    Group = "group",
    /// Ana writes in a group where she is known by her LID; the phone number is told
    /// beside it, except by eazeWA.
    GroupByLid = "group_by_lid",
    /// Ana posts a status.
    StatusPost = "status_post",
    /// We write to Ana, on the phone or through the API.
    Own = "own",
    /// Our message has left.
    Sent = "sent",
    /// Our message was delivered.
    Delivered = "delivered",
    /// Our message was read.
    Read = "read",
    /// Our voice note was played.
    Played = "played",
    /// Our message failed.
    Failed = "failed",
    /// Ana calls us.
    Call = "call",
    /// Our session is connected.
    Connected = "connected",
    /// A QR code is there to be scanned.
    QrCode = "qr_code",
    /// Our session was logged out.
    LoggedOut = "logged_out",
    /// An event that this version does not know.
    Unknown = "unknown",
    /// A message whose essential part is broken.
    Broken = "broken",
    /// A text that was cut inside an emoji.
    CutEmoji = "cut_emoji",
}

impl Scenario {
    /// It as told by every gateway that can tell it, and for Evolution API by Evolution
    /// Go too.
    pub fn samples(self) -> Vec<Sample<Any>> {
        ORIGINS.iter().filter_map(|origin| origin.scenario(self)).map(Sample::of_draft).collect()
    }

    /// It as told by this gateway; `None` when it cannot.
    ///
    /// ```
    /// use zaphook::testing::Scenario;
    /// use zaphook::{EnviaAi, Zavu};
    ///
    /// assert!(Scenario::Reply.of::<Zavu>().is_some());
    /// assert!(Scenario::Reply.of::<EnviaAi>().is_none());
    /// ```
    pub fn of<G: Source>(self) -> Option<Sample<G>> {
        let mut origins = ORIGINS.iter().filter(|origin| G::sends(origin.gateway));
        origins.find_map(|origin| origin.scenario(self)).map(Sample::of_draft)
    }

    /// What it says: the same at all gateways.
    pub(super) fn told(self, facts: Facts) -> Facts {
        let text = match self {
            Self::Caption => "O cardápio",
            Self::Document => "Preços",
            Self::Reply => "sim",
            Self::Reaction => "👍",
            Self::Edit => "sábado",
            Self::Poll => "Que dia?",
            Self::Button => "Confirmar",
            Self::Group | Self::GroupByLid => "oi, turma",
            Self::StatusPost => "Bom dia!",
            Self::Own | Self::Sent => "temos sim",
            _ => "oi",
        };
        let chat = match self {
            Self::Group | Self::GroupByLid => Some(GROUP.to_owned()),
            Self::StatusPost => Some("status@broadcast".to_owned()),
            _ => None,
        };
        let event = match self {
            Self::Unknown => "something.new".to_owned(),
            _ => facts.event,
        };
        // Each has a message of its own, so that one store takes them all.
        let id = format!("3A00112233445566{:04X}", self as u8);
        Facts { text: text.to_owned(), chat, event, id, ..facts }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no [`Scenario`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a scenario")]
pub struct UnknownScenario(Box<str>);

impl FromStr for Scenario {
    type Err = UnknownScenario;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.iter().copied().find(|scenario| scenario.as_str() == text);
        named.ok_or_else(|| UnknownScenario(text.into()))
    }
}
