//! WhatsApp Web's own raw model of a message.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::jid::Jid;
use crate::message_id::MessageId;
use crate::wire::RawJson;
use crate::wire::json::{self, Members};
use crate::wire::scalar::integer;
use crate::wire::time::seconds;

/// WhatsApp Web's own model of a message (`_data`), exactly as received.
///
/// It has 40 to 90 members, most of them undocumented, and changes with every
/// release of WhatsApp Web. So it is kept as text and read member by member on
/// demand: each accessor scans the text once. A member that is absent, `null`
/// or not of the expected type is `None`.
///
/// Surprising types in it:
///
/// * `body` is a thumbnail, a JPEG in base64, for images, videos, locations and
///   products. The caption is in [`Message::body`](super::Message::body).
/// * `messageSecret` and `waveform` are objects with numbers as member names.
/// * `from`, `to` and `author` are text or an object: read them as
///   [`Jid`].
/// * `clientReceivedTsMillis` and others in milliseconds do not fit 32 bits,
///   nor does `backgroundColor` fit a signed one.
///
/// ```
/// use zaphook::eazewa::RawModel;
///
/// let model: RawModel = serde_json::from_str(
///     r#"{"notifyName":"Ana","quotedMsg":{"type":"chat","body":"Oi"},"star":false}"#,
/// )?;
/// assert_eq!(model.notify_name().as_deref(), Some("Ana"));
/// assert_eq!(model.read("star"), Some(false));
/// let quoted = model.quoted_msg().unwrap();
/// assert_eq!(quoted.read::<String>("body").as_deref(), Some("Oi"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawModel(RawJson);

impl RawModel {
    /// The JSON text.
    pub fn as_raw(&self) -> &RawJson {
        &self.0
    }

    /// The sender's push name.
    pub fn notify_name(&self) -> Option<String> {
        self.read("notifyName")
    }

    /// The model of the quoted message.
    pub fn quoted_msg(&self) -> Option<Self> {
        self.read("quotedMsg")
    }

    /// The bare id of the quoted message.
    #[doc(alias = "quotedStanzaID")]
    pub fn quoted_stanza_id(&self) -> Option<MessageId> {
        self.read("quotedStanzaID")
    }

    /// Who wrote the quoted message.
    pub fn quoted_participant(&self) -> Option<Jid> {
        self.read("quotedParticipant")
    }

    /// The caption.
    pub fn caption(&self) -> Option<String> {
        self.read("caption")
    }

    /// The type of the media.
    pub fn mimetype(&self) -> Option<String> {
        self.read("mimetype")
    }

    /// The document's file name.
    pub fn filename(&self) -> Option<String> {
        self.read("filename")
    }

    /// The size of the media, in bytes.
    pub fn size(&self) -> Option<u64> {
        #[derive(Deserialize)]
        struct Size(#[serde(with = "integer")] Option<u64>);

        self.read::<Size>("size")?.0
    }

    /// When the message was sent. Unix seconds on the wire.
    #[doc(alias = "timestamp")]
    pub fn t(&self) -> Option<DateTime<Utc>> {
        #[derive(Deserialize)]
        struct Time(#[serde(with = "seconds")] Option<DateTime<Utc>>);

        self.read::<Time>("t")?.0
    }

    /// Any member, as a type of your own. Strings that were cut inside a
    /// character are repaired with U+FFFD. If a name appears twice, the last
    /// one counts, as in JavaScript.
    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let read = |text: &str| {
            let value = Members::of(text).ok()?.all(name).last();
            Some(value.and_then(|value| json::read_repaired::<Option<T>>(value).ok()?))
        };
        let text = self.0.as_str();
        // A name may have been cut inside a character.
        read(text).or_else(|| read(&json::repair(text)?)).flatten()
    }
}
