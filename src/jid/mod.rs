//! JIDs: the addresses of WhatsApp.
//!
//! A JID names a person, a device, a group, a channel or a service. Most fields
//! of the gateways' events contain one, in more than one notation. [`Jid`]
//! accepts any text and keeps it; the parts are read from the text when you ask
//! for them.
//!
//! ```
//! use zaphook::Jid;
//! use zaphook::jid::Kind;
//!
//! let from = Jid::from_wire("5511999990001:12@s.whatsapp.net");
//! assert_eq!(from.kind(), Kind::Person);
//! assert_eq!(from.phone(), Some("5511999990001"));
//! assert_eq!(from.device(), Some(12));
//! assert!(from.same_user(&Jid::from_wire("5511999990001@c.us")));
//!
//! // The digits of a LID are not a phone number.
//! assert_eq!(Jid::from_wire("100000000000001@lid").phone(), None);
//! ```
//!
//! # Grammar
//!
//! ```text
//! jid    = user [ agent ] [ ":" device ] "@" server
//!        / [ "@" ] known-server
//! user   = 1*char                  ; neither "@" nor ":"
//! agent  = ( "." / "_" ) 1*3DIGIT  ; 0 to 255
//! device = 1*5DIGIT                ; 0 to 65535, 0 is the phone itself
//! server = 1*char                  ; no "@"
//! char   = any character but white space and control characters
//! ```
//!
//! * The first `@` splits. A second one is an error.
//! * The **agent** is a number that the protocol puts between user and device.
//!   Two libraries write it differently, `.` and `_`; both are read. Only
//!   people by phone number, bots, and people on other messengers have agents
//!   after a dot. LIDs have them after an underscore only: a dot is part of the
//!   LID. Everywhere else both belong to the user. An agent above 255, one of
//!   more than three digits, or a second one is an error: treating it as part
//!   of the user would turn one user into two.
//! * Without a device, a number after a dot means a device to one library and
//!   an agent to another (`s.whatsapp.net` and `c.us` only). It is not part of
//!   the user and is reported as neither: see [`Jid::legacy_suffix`].
//! * A server alone must be a [known one](Server::KNOWN). `@someone` is not a
//!   JID: people write user names like that.
//! * Servers are not converted to lower case, and nothing is trimmed: white
//!   space anywhere makes a text malformed.
//!
//! # Examples
//!
//! | text | user | agent | device | server | kind | phone |
//! |---|---|---|---|---|---|---|
//! | `5511999990001@s.whatsapp.net` | `5511999990001` | | | `s.whatsapp.net` | person | `5511999990001` |
//! | `5511999990001:12@c.us` | `5511999990001` | | 12 | `c.us` | person | `5511999990001` |
//! | `+5511999990001@s.whatsapp.net` | `+5511999990001` | | | `s.whatsapp.net` | person | `5511999990001` |
//! | `5511999990001.0:12@s.whatsapp.net` | `5511999990001` | 0 | 12 | `s.whatsapp.net` | person | `5511999990001` |
//! | `5511999990001_1:12@s.whatsapp.net` | `5511999990001` | 1 | 12 | `s.whatsapp.net` | person | `5511999990001` |
//! | `5511999990001.13@s.whatsapp.net` | `5511999990001` | | | `s.whatsapp.net` | person | `5511999990001` |
//! | `5511999990001:99@hosted` | `5511999990001` | | 99 | `hosted` | person | `5511999990001` |
//! | `100000000000001.1:75@lid` | `100000000000001.1` | | 75 | `lid` | lid | |
//! | `120363000000000001@g.us` | `120363000000000001` | | | `g.us` | group | |
//! | `5511999990001-1610000000@g.us` | `5511999990001-1610000000` | | | `g.us` | legacy group | |
//! | `status@broadcast` | `status` | | | `broadcast` | status feed | |
//! | `1610000000@broadcast` | `1610000000` | | | `broadcast` | broadcast list | |
//! | `120363000000000002@newsletter` | `120363000000000002` | | | `newsletter` | channel | |
//! | `867051314767696@bot` | `867051314767696` | | | `bot` | bot | |
//! | `13135550002@c.us` | `13135550002` | | | `c.us` | bot | `13135550002` |
//! | `0@c.us` | `0` | | | `c.us` | service | |
//! | `2-447000000001:5@interop` | `2-447000000001` | | 5 | `interop` | other messenger | |
//! | `ABCDEF0123456789@call` | `ABCDEF0123456789` | | | `call` | call | |
//! | `g.us` | | | | `g.us` | service | |
//! | `someone@unknown.example` | `someone` | | | `unknown.example` | unrecognised | |
//!
//! # What is not a JID
//!
//! [`Jid::from_wire`] and `Deserialize` accept every text nevertheless, so that
//! an odd address never costs a message. For such a text
//!
//! * the accessors return the parts as far as they can be found: it is split at
//!   the first `@` and the first `:` before that, an invalid device or agent
//!   counts as absent, and without an `@` all of it is the user;
//! * there is no phone, no family and no [`Kind`], and it is the same user only
//!   as itself.
//!
//! | text | strict parsing says | user | device | server |
//! |---|---|---|---|---|
//! | `5511999990001:abc@c.us` | unexpected character 'a' at byte 14 in the device | `5511999990001` | | `c.us` |
//! | `5511999990001:70000@c.us` | the device at byte 14 is above 65535 | `5511999990001` | | `c.us` |
//! | `5511999990001@` | the server is missing at byte 14 | `5511999990001` | | |
//! | `a@b@c.us` | unexpected character '@' at byte 3 in the server | `a` | | `b@c.us` |
//! | `me` | expected '@' at byte 2, found the end | `me` | | |
//!
//! One such text has a clear meaning: the bare **digits of a phone number**, 5
//! to 15 of them, with or without a `+`. Some gateways write nothing else. It
//! is not a JID, but its phone is known, and it is the same user as a JID with
//! that phone number.
//!
//! # Text and object
//!
//! WhatsApp Web turns a JID into an object with members `server`, `user` and
//! `_serialized` (`$1` since July 2026), and gateways that wrap it pass that
//! on. `Jid` reads both, compares by text, and serialises to the form it came
//! in, including unknown members.
//!
//! ```
//! use zaphook::Jid;
//!
//! let json = r#"{"server":"c.us","user":"5511999990001","$1":"5511999990001@c.us"}"#;
//! let jid: Jid = serde_json::from_str(json)?;
//! assert_eq!(jid, "5511999990001@c.us");
//! assert_eq!(serde_json::to_string(&jid)?, json);
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::wire::RawJson;
use crate::wire::text_or_object::text_id;

mod error;
mod kind;
mod parse;
mod phone;
mod server;
mod view;

pub(crate) mod serde;

pub use error::JidError;
pub use kind::Kind;
pub use phone::same_line;
pub use server::{Family, OtherServer, Server};
pub use view::JidRef;

/// An address on WhatsApp as a gateway wrote it: a JID such as
/// `5511999990001@s.whatsapp.net`, or the bare digits of a phone number.
///
/// Reading never fails: any text is kept, exactly. `Eq`, `Ord` and `Hash`
/// compare that text; use [`same_user`](Self::same_user) to find out whether
/// two texts name the same person. `FromStr` and `TryFrom` accept only
/// well-formed JIDs. The grammar, examples, and what happens with a text that
/// is not a JID are on [the module's page](crate::jid).
///
/// Parts are slices of the text, found when you ask for them; no accessor
/// allocates.
///
/// ```
/// use zaphook::Jid;
///
/// let sender = Jid::from_wire("5511999990001");
/// assert_eq!(sender.as_str(), "5511999990001");
/// assert_eq!(sender.phone(), Some("5511999990001"));
///
/// let sender: Jid = "5511999990001:12@s.whatsapp.net".parse()?;
/// assert_eq!(sender.user(), Some("5511999990001"));
/// assert_eq!(sender.device(), Some(12));
/// # Ok::<(), zaphook::jid::JidError>(())
/// ```
#[derive(Clone)]
pub struct Jid {
    text: Box<str>,
    /// The object it came as, for serialising.
    object: Option<Box<RawJson>>,
}

impl Jid {
    /// Accepts any text as it is on the wire.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// let own = Jid::from_wire("me");
    /// assert_eq!(own, "me");
    /// assert!(!own.is_well_formed());
    /// ```
    pub fn from_wire(text: impl Into<Box<str>>) -> Self {
        Self { text: text.into(), object: None }
    }

    /// The text as it is on the wire.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same JID, borrowed.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// let jid = Jid::from_wire("5511999990001@c.us");
    /// let view = jid.view();
    /// assert_eq!(view.phone(), jid.phone());
    /// assert_eq!(view.to_jid(), jid);
    /// ```
    pub fn view(&self) -> JidRef<'_> {
        JidRef::from_wire(&self.text)
    }

    /// Whether the text follows [the grammar](crate::jid#grammar) and so can be
    /// parsed strictly.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// assert!(Jid::from_wire("someone@unknown.example").is_well_formed());
    /// assert!(!Jid::from_wire("5511999990001").is_well_formed());
    /// assert!("5511999990001".parse::<Jid>().is_err());
    /// ```
    pub fn is_well_formed(&self) -> bool {
        self.view().is_well_formed()
    }

    /// The user: digits for people and most groups, without agent and device.
    /// `None` for a server alone.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// let user = |text| Jid::from_wire(text).user().map(str::to_owned);
    /// assert_eq!(user("5511999990001.0:12@s.whatsapp.net").as_deref(), Some("5511999990001"));
    /// assert_eq!(user("100000000000001.1@lid").as_deref(), Some("100000000000001.1"));
    /// assert_eq!(user("@g.us"), None);
    /// ```
    pub fn user(&self) -> Option<&str> {
        self.view().user()
    }

    /// The agent, after a dot or an underscore.
    ///
    /// In the binary protocol it is a domain type: 0 for `s.whatsapp.net`, 1
    /// for `lid`, 128 for `hosted`, 129 for `hosted.lid`. Texts rarely contain
    /// it, and where they do, the server takes precedence.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// assert_eq!(Jid::from_wire("5511999990001.0:12@s.whatsapp.net").agent(), Some(0));
    /// assert_eq!(Jid::from_wire("5511999990001_1@s.whatsapp.net").agent(), Some(1));
    /// assert_eq!(Jid::from_wire("100000000000001.1:75@lid").agent(), None);
    /// ```
    pub fn agent(&self) -> Option<u8> {
        self.view().agent()
    }

    /// The device, where one is named. Number 0 is the phone itself, which
    /// most texts leave out.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// assert_eq!(Jid::from_wire("5511999990001:12@c.us").device(), Some(12));
    /// assert_eq!(Jid::from_wire("5511999990001:0@c.us").device(), Some(0));
    /// assert_eq!(Jid::from_wire("5511999990001@c.us").device(), None);
    /// ```
    pub fn device(&self) -> Option<u16> {
        self.view().device()
    }

    /// The number after a dot of a JID without a device (`s.whatsapp.net` and
    /// `c.us` only). One library reads it as an agent, another as a device;
    /// neither is written that way any more.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// let jid = Jid::from_wire("5511999990001.13@s.whatsapp.net");
    /// assert_eq!(jid.user(), Some("5511999990001"));
    /// assert_eq!(jid.legacy_suffix(), Some(13));
    /// assert_eq!((jid.agent(), jid.device()), (None, None));
    /// ```
    pub fn legacy_suffix(&self) -> Option<u16> {
        self.view().legacy_suffix()
    }

    /// The number of the other messenger, at the beginning of an interop user
    /// and part of it.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// let jid = Jid::from_wire("2-447000000001:5@interop");
    /// assert_eq!(jid.integrator(), Some(2));
    /// assert_eq!(jid.user(), Some("2-447000000001"));
    /// ```
    pub fn integrator(&self) -> Option<u16> {
        self.view().integrator()
    }

    /// The server.
    ///
    /// ```
    /// use zaphook::Jid;
    /// use zaphook::jid::Server;
    ///
    /// let jid = Jid::from_wire("5511999990001@c.us");
    /// assert_eq!(jid.server(), Some(Server::CUs));
    /// assert_eq!(Jid::from_wire("5511999990001").server(), None);
    /// ```
    pub fn server(&self) -> Option<Server<'_>> {
        self.view().server()
    }

    /// The family of servers within which a user text means the same user.
    /// `None` for a text that names no one; a bare phone number belongs to the
    /// family of phone numbers.
    ///
    /// ```
    /// use zaphook::Jid;
    /// use zaphook::jid::Family;
    ///
    /// assert_eq!(Jid::from_wire("5511999990001@c.us").family(), Some(Family::PhoneNumber));
    /// assert_eq!(Jid::from_wire("100000000000001@lid").family(), Some(Family::Lid));
    /// ```
    pub fn family(&self) -> Option<Family<'_>> {
        self.view().family()
    }

    /// What it names.
    ///
    /// ```
    /// use zaphook::Jid;
    /// use zaphook::jid::Kind;
    ///
    /// assert_eq!(Jid::from_wire("status@broadcast").kind(), Kind::StatusFeed);
    /// assert_eq!(Jid::from_wire("1610000000@broadcast").kind(), Kind::BroadcastList);
    /// assert_eq!(Jid::from_wire("5511999990001").kind(), Kind::Phone);
    /// ```
    pub fn kind(&self) -> Kind {
        self.view().kind()
    }

    /// Whether it names a person or business: by phone number, by LID, or as
    /// bare digits.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// assert!(Jid::from_wire("100000000000001@lid").is_person());
    /// assert!(Jid::from_wire("5511999990001").is_person());
    /// assert!(!Jid::from_wire("13135550002@c.us").is_person());
    /// ```
    pub fn is_person(&self) -> bool {
        self.view().is_person()
    }

    /// Whether it names a group, of the old or the new form of id.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// assert!(Jid::from_wire("120363000000000001@g.us").is_group());
    /// assert!(Jid::from_wire("5511999990001-1610000000@g.us").is_group());
    /// assert!(!Jid::from_wire("120363000000000002@newsletter").is_group());
    /// ```
    pub fn is_group(&self) -> bool {
        self.view().is_group()
    }

    /// Whether it names a device on the servers of Meta's business platform:
    /// device 99 of a person, or any device on the servers `hosted` and
    /// `hosted.lid`.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// assert!(Jid::from_wire("5511999990001:99@s.whatsapp.net").is_hosted());
    /// assert!(Jid::from_wire("100000000000001:5@hosted.lid").is_hosted());
    /// assert!(!Jid::from_wire("5511999990001:12@s.whatsapp.net").is_hosted());
    /// ```
    pub fn is_hosted(&self) -> bool {
        self.view().is_hosted()
    }

    /// The digits of the phone number, without `+`, when the address is one:
    /// bare digits, or a user of a phone-numbered server (`s.whatsapp.net`,
    /// `c.us`, `hosted`), 5 to 15 of them. Write a `+` before it for E.164.
    ///
    /// `None` for LIDs (`@lid`), groups, channels and everything else whose
    /// digits are not a phone number. Do not use a phone number as a person's
    /// key: see [`same_line`](Self::same_line).
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// let phone = |text| Jid::from_wire(text).phone().map(str::to_owned);
    /// assert_eq!(phone("+5511999990001@s.whatsapp.net").as_deref(), Some("5511999990001"));
    /// assert_eq!(phone("100000000000001@lid"), None);
    /// assert_eq!(phone("120363000000000001@g.us"), None);
    /// ```
    pub fn phone(&self) -> Option<&str> {
        self.view().phone()
    }

    /// The phone number of whoever created a legacy group. That person did not
    /// send the message, and may have left the group long ago.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// let group = Jid::from_wire("5511999990001-1610000000@g.us");
    /// assert_eq!(group.legacy_group_creator_phone(), Some("5511999990001"));
    /// assert_eq!(group.phone(), None);
    /// ```
    pub fn legacy_group_creator_phone(&self) -> Option<&str> {
        self.view().legacy_group_creator_phone()
    }

    /// When a legacy group was created.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// let group = Jid::from_wire("5511999990001-1610000000@g.us");
    /// let created = group.legacy_group_created_at().map(|at| at.to_rfc3339());
    /// assert_eq!(created.as_deref(), Some("2021-01-07T06:13:20+00:00"));
    /// ```
    pub fn legacy_group_created_at(&self) -> Option<DateTime<Utc>> {
        self.view().legacy_group_created_at()
    }

    /// Whether both name the same user: the same user text on servers of one
    /// [`Family`]; agent and device do not matter. A `+` before a phone number
    /// makes no difference, and a bare phone number is the user of that
    /// number.
    ///
    /// A phone number and a LID are never the same user, even if they belong to
    /// the same person: only the gateway knows that, and says so in other
    /// fields. Two texts that name no one are the same if the text is the same.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// let person = Jid::from_wire("5511999990001:12@s.whatsapp.net");
    /// assert!(person.same_user(&Jid::from_wire("5511999990001@c.us")));
    /// assert!(!person.same_user(&Jid::from_wire("5511999990001@lid")));
    /// assert!(!person.same_user(&Jid::from_wire("5511999990001@g.us")));
    /// ```
    pub fn same_user<'b>(&self, other: impl Into<JidRef<'b>>) -> bool {
        self.view().same_user(other)
    }

    /// Whether both name the same device of the [same user](Self::same_user).
    /// No device and device 0 both mean the phone itself.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// let phone = Jid::from_wire("5511999990001@c.us");
    /// assert!(phone.same_device(&Jid::from_wire("5511999990001:0@s.whatsapp.net")));
    /// assert!(!phone.same_device(&Jid::from_wire("5511999990001:12@c.us")));
    /// ```
    pub fn same_device<'b>(&self, other: impl Into<JidRef<'b>>) -> bool {
        self.view().same_device(other)
    }

    /// Whether both have a phone number and the two numbers reach the same
    /// line: Brazilian, Mexican and Argentine numbers can be written in two
    /// ways. The rules are on [`jid::same_line`](same_line).
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// let written = Jid::from_wire("5511999990001@s.whatsapp.net");
    /// let registered = Jid::from_wire("551199990001@c.us");
    /// assert!(written.same_line(&registered));
    /// assert!(!written.same_user(&registered));
    /// ```
    pub fn same_line<'b>(&self, other: impl Into<JidRef<'b>>) -> bool {
        self.view().same_line(other)
    }

    /// The user alone, as the protocol and its libraries write it: without
    /// agent, device and `+`, people by phone number on `s.whatsapp.net`,
    /// people by LID on `lid`, all others on their own server.
    ///
    /// Two JIDs have the same normal form exactly when they name the [same
    /// user](Self::same_user), so it can be used as a key. It does not keep
    /// whether a device was [hosted](Self::is_hosted). A text that names no one
    /// stays unchanged; a bare phone number gets its server.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// assert_eq!(
    ///     Jid::from_wire("5511999990001:12@c.us").to_s_whatsapp_net(),
    ///     "5511999990001@s.whatsapp.net",
    /// );
    /// assert_eq!(
    ///     Jid::from_wire("100000000000001:99@hosted.lid").to_s_whatsapp_net(),
    ///     "100000000000001@lid",
    /// );
    /// ```
    #[must_use]
    pub fn to_s_whatsapp_net(&self) -> Self {
        self.view().to_s_whatsapp_net()
    }

    /// The user alone, as WhatsApp Web and the gateways built on it write it:
    /// like [`to_s_whatsapp_net`](Self::to_s_whatsapp_net), but with people by
    /// phone number on `c.us`.
    ///
    /// ```
    /// use zaphook::Jid;
    ///
    /// assert_eq!(
    ///     Jid::from_wire("5511999990001:12@s.whatsapp.net").to_c_us(),
    ///     "5511999990001@c.us",
    /// );
    /// assert_eq!(Jid::from_wire("status@broadcast").to_c_us(), "status@broadcast");
    /// ```
    #[must_use]
    pub fn to_c_us(&self) -> Self {
        self.view().to_c_us()
    }
}

impl FromStr for Jid {
    type Err = JidError;

    fn from_str(text: &str) -> Result<Self, JidError> {
        JidRef::parse(text).map(JidRef::to_jid)
    }
}

impl TryFrom<&str> for Jid {
    type Error = JidError;

    fn try_from(text: &str) -> Result<Self, JidError> {
        text.parse()
    }
}

impl TryFrom<String> for Jid {
    type Error = JidError;

    fn try_from(text: String) -> Result<Self, JidError> {
        JidRef::parse(&text)?;
        Ok(Self::from_wire(text))
    }
}

text_id!(Jid);

impl fmt::Debug for Jid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.view(), f)
    }
}
