//! Groups in the deprecated events `group.join` and `group.leave`.

use chrono::{DateTime, Utc};

use crate::jid::{Jid, JidRef};
use crate::message_id::MessageId;
use crate::wire::List;
use crate::wire::object::object;
use crate::wire::time::seconds;

object! {
    /// Someone joined or left a group: the engine's own object.
    ///
    /// Deprecated by WAHA in favour of `group.v2.*`. Two shapes share the name.
    /// WEBJS sends a **notification**: `id` is its own id as an object, and the
    /// group is `chatId`. NOWEB sends, for joins only, **the group**: `id` is
    /// the group, with `subject` and `participants`, and does not say who
    /// joined. [`chat`](Self::chat) covers both.
    #[serde(rename_all = "camelCase")]
    #[doc(alias("group.join", "group.leave"))]
    pub struct GroupNotification {
        /// The notification with WEBJS (an object on the wire), the group
        /// itself with NOWEB.
        pub id: MessageId,
        /// Its text. With WEBJS.
        pub body: Option<String>,
        /// What kind of notification it is, in WhatsApp's terms (`add`,
        /// `invite`, `remove`, `leave`). With WEBJS.
        #[serde(rename = "type")]
        pub notification_type: Option<String>,
        /// When it happened. Unix seconds on the wire. With WEBJS.
        #[serde(with = "seconds")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The group. With WEBJS.
        pub chat_id: Option<Jid>,
        /// Who did it. With WEBJS.
        pub author: Option<Jid>,
        /// The members it affects. With WEBJS.
        pub recipient_ids: Option<List<Jid>>,
        /// The group's name. With NOWEB.
        pub subject: Option<String>,
        /// The members of the group. With NOWEB.
        pub participants: Option<List<GroupMember>>,
    }
}

impl GroupNotification {
    /// The group.
    pub fn chat(&self) -> Option<JidRef<'_>> {
        let own = || Some(JidRef::from_wire(self.id.as_str())).filter(|jid| jid.is_group());
        let chat = self.chat_id.as_ref().map(Jid::view).or_else(|| self.id.chat());
        chat.or_else(own)
    }
}

object! {
    /// A member, in NOWEB's form.
    #[serde(rename_all = "camelCase")]
    pub struct GroupMember {
        /// The address.
        pub id: Jid,
        /// The phone-number address of a LID.
        pub phone_number: Option<Jid>,
        /// `admin` or `superadmin`; `null` for everyone else.
        pub admin: Option<String>,
    }
}
