//! Which event becomes what, and which gateway tells what.
//!
//! At every gateway an event of an unknown name, a payload that could not be typed
//! and an event that [`only`](crate::Receiver::only) leaves out are
//! [`Happening::Other`](super::Happening::Other). "One for each" means lists:
//! as many happenings as there are items, in their order.

/// An event, and what it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The event's name.
    pub event: &'static str,
    /// The kinds of happening that it may become, by their words.
    pub happenings: &'static [&'static str],
    /// What is to be known of it.
    pub note: &'static str,
}

/// A fact, and who tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fact {
    /// What it is.
    pub fact: &'static str,
    /// A mark for each of [`COLUMNS`].
    pub told: [&'static str; COLUMNS.len()],
}

macro_rules! gateway {
    (
        $(#[$meta:meta])*
        pub const $NAME:ident;
        $($event:literal => [$($first:ident $(, $more:ident)*)?] $note:literal,)+
    ) => {
        $(#[$meta])*
        ///
        /// | event | happening | |
        /// |---|---|---|
        $(#[doc = concat!("| `", $event, "` | ", $("`", stringify!($first), "`", $(", `", stringify!($more), "`",)*)? " | ", $note, " |")])+
        pub const $NAME: &[Row] = &[
            $(Row {
                event: $event,
                happenings: &[$(stringify!($first) $(, stringify!($more))*)?],
                note: $note,
            },)+
        ];
    };
}

gateway! {
    /// The events of EnviaAI.
    pub const ENVIAAI;
    "message.received" => [message] "`is_test` for the deliveries of the test call",
    "message.sent" => [receipt] "with the text that was sent",
    "message.delivered" => [receipt] "with its time",
    "message.read" => [receipt] "with its time",
    "message.failed" => [receipt] "with the error's code and text, and when to try again",
    "instance.connected" => [connection] "open, with the account's own number and name",
    "instance.disconnected" => [connection] "closed; logged out for the word `logged_out`, any other text is the reason",
    "instance.qr_updated" => [pairing] "a QR code as an image, with its end",
}

gateway! {
    /// The events of eazeWA.
    pub const EAZEWA;
    "message" => [message, delete] "a deletion where it is of type `revoked` and names the message",
    "message_create" => [message, delete] "the same happening as `message` for what others write",
    "message_ack" => [receipt, other] "other where there is no ack",
    "message_reaction" => [reaction] "",
    "message_edit" => [edit] "with the text before",
    "message_revoke_everyone" => [delete] "for everyone",
    "message_revoke_me" => [delete] "for the account alone",
    "media_uploaded" => [other] "the message came by itself",
    "group_join" => [group] "added: by a member, by a link, by way of the community",
    "group_leave" => [group] "removed, or left",
    "group_update" => [group] "by its type: subject, description, picture, who may write, who may edit, created",
    "vote_update" => [poll_vote] "",
    "call" => [call, other] "ringing; other without an id",
    "qr" => [pairing] "a QR code as text and as an image",
    "loading_screen" => [connection] "connecting, with its progress",
    "authenticated" => [connection] "connecting",
    "auth_failure" => [connection] "closed: the session is bad",
    "ready" => [connection] "open",
    "disconnected" => [connection] "closed, by the reason or the name of the state",
    "change_state" => [connection, other] "by the state; other without one",
}

gateway! {
    /// The events of Evolution API.
    pub const EVOLUTION;
    "application.startup" => [other] "",
    "qrcode.updated" => [pairing, other] "a QR code as text and image, a code to type; at the limit that there will be no more",
    "connection.update" => [connection, other] "by its state and reason; `refused` is the limit of QR codes",
    "status.instance" => [connection, other] "closed; the same as a `connection.update`",
    "instance.create" => [other] "",
    "instance.delete" => [connection] "closed: deleted",
    "remove.instance" => [connection] "closed: deleted",
    "logout.instance" => [connection] "closed: logged out",
    "messages.set" => [message, edit, delete, reaction, poll_vote, group, chat, other] "one for each, all of them history",
    "messages.upsert" => [message, edit, delete, reaction, poll_vote, group, chat, other] "by its content",
    "messages.edited" => [edit, delete, group, chat, other] "the chat is not told; a timer is the group's or the chat's",
    "messages.update" => [receipt, edit, poll_vote, other] "an edit where there is content; `DELETED` is other, since some servers write it for edits",
    "messages.delete" => [delete] "for everyone",
    "send.message" => [message, edit, delete, reaction, poll_vote, group, chat, other] "as `messages.upsert`, written by a program",
    "send.message.update" => [edit, other] "the account's own",
    "contacts.set" => [contact] "one for each, old news",
    "contacts.upsert" => [contact] "one for each; new or not is not told",
    "contacts.update" => [contact] "one for each",
    "presence.update" => [presence] "one for each person",
    "chats.set" => [chat] "one for each, old news",
    "chats.upsert" => [chat] "one for each: new or changed",
    "chats.update" => [chat] "one for each: changed",
    "chats.delete" => [chat] "one for each: deleted",
    "groups.upsert" => [group] "one for each, all that is known",
    "groups.update" => [group] "one for each: the one setting that is told, else all that is known",
    "group-participants.update" => [group] "added, removed, promoted, demoted, another number",
    "labels.edit" => [label] "made or deleted",
    "labels.association" => [label, other] "put on or taken off a chat",
    "call" => [call, other] "by its stage; other without an id",
    "typebot.start" => [other] "",
    "typebot.change-status" => [other] "",
    "creds.update" => [other] "",
    "messaging-history.set" => [other] "",
    "new.jwt" => [other] "",
    "chama-ai.action" => [other] "",
    "error" => [other] "",
    "cloud.message-status" => [receipt, edit, poll_vote, other] "as `messages.update`",
    "cloud.template-status" => [template, other] "",
    "go" => [message, edit, delete, reaction, receipt, poll_vote, presence, call, group, contact, chat, label, connection, pairing, other] "Evolution Go: the event inside, below",
}

gateway! {
    /// The events of Evolution Go.
    pub const EVOLUTION_GO;
    "Message" => [message, edit, delete, reaction, poll_vote, group, chat, other] "by its content and by what it says it does to another one",
    "SendMessage" => [message, edit, delete, reaction, poll_vote, group, chat, other] "the account's own, written by a program",
    "ButtonClick" => [other] "the message that says so comes as well, and tells who and where",
    "Receipt" => [receipt, other] "one for each message; what passes between devices is other",
    "Presence" => [presence] "",
    "ChatPresence" => [presence, other] "",
    "HistorySync" => [other] "",
    "Archive" => [chat, other] "archived or not",
    "CallOffer" => [call, other] "ringing",
    "CallAccept" => [call, other] "accepted",
    "CallTerminate" => [call, other] "ended, with its reason",
    "CallOfferNotice" => [call, other] "ringing",
    "CallRelayLatency" => [call, other] "a state of its own",
    "Connected" => [connection] "open",
    "PairSuccess" => [pairing] "linked",
    "TemporaryBan" => [connection] "closed: banned, for how long",
    "LoggedOut" => [connection] "closed: logged out",
    "ConnectFailure" => [connection] "closed, by its number",
    "Disconnected" => [connection] "closed: lost; it connects again by itself",
    "LabelEdit" => [label] "made or deleted",
    "LabelAssociationChat" => [label] "",
    "LabelAssociationMessage" => [label] "with the message",
    "Contact" => [contact] "the name in the address book",
    "PushName" => [contact] "the name that they chose, and the one before",
    "GroupInfo" => [group] "one for each thing that changed",
    "JoinedGroup" => [group] "the account joined, or made it",
    "NewsletterJoin" => [chat] "followed",
    "NewsletterLeave" => [chat] "no longer followed",
    "QRCode" => [pairing] "a QR code as text and as an image",
    "QRTimeout" => [pairing] "there will be no more",
    "OfflineSyncCompleted" => [other] "",
}

gateway! {
    /// The events of Wawp and WAHA.
    pub const WAWP;
    "session.status" => [connection, pairing] "`SCAN_QR_CODE` and passkeys are pairing; Wawp's bare body has the code itself",
    "message" => [message] "",
    "message.any" => [message] "the same happening as `message` for what others write",
    "message.reaction" => [reaction] "",
    "message.ack" => [receipt, other] "the name leads, not the number",
    "message.ack.group" => [receipt, other] "with the member",
    "message.waiting" => [message] "of the kind `undecrypted`",
    "message.edited" => [edit] "an empty text is not told",
    "message.revoked" => [delete] "for everyone",
    "group.v2.join" => [group] "the account joined; in the second generation anybody did",
    "group.v2.leave" => [group] "the account left; in the second generation anybody did",
    "group.v2.update" => [group] "one for each thing that changed; WEBJS tells all that is known",
    "group.v2.participants" => [group, other] "added, removed, promoted, demoted",
    "group.v2.participants.join-request" => [other] "",
    "group.participants.update" => [other] "",
    "group.join" => [group] "added; NOWEB tells all that is known",
    "group.leave" => [group] "removed, or left",
    "presence.update" => [presence] "one for each person; without a state none",
    "poll.vote" => [poll_vote] "",
    "poll.vote.failed" => [poll_vote] "unreadable",
    "chat.archive" => [chat, other] "archived or not",
    "call.received" => [call, other] "ringing",
    "call.accepted" => [call, other] "",
    "call.rejected" => [call, other] "",
    "label.upsert" => [label] "made or changed",
    "label.deleted" => [label] "",
    "label.chat.added" => [label] "put on a chat",
    "label.chat.deleted" => [label] "taken off a chat",
    "event.response" => [other] "",
    "event.response.failed" => [other] "",
    "engine.event" => [other] "",
    "state.change" => [connection, pairing, other] "a word of WhatsApp Web's, or the connection and a QR code",
    "status.update" => [other] "",
}

gateway! {
    /// The events of Zavu.
    pub const ZAVU;
    "message.queued" => [receipt, other] "by its status, and by the name where there is none",
    "message.sent" => [receipt, other] "as before",
    "message.delivered" => [receipt, other] "as before",
    "message.read" => [receipt, other] "as before",
    "message.failed" => [receipt, other] "as before, with the error's code and text",
    "message.inbound" => [message, reaction, other] "a reaction by its type; other where that names no message",
    "message.status" => [message] "a story: the chat is the status feed, and there is no id",
    "message.unsupported" => [other] "its shape is not published",
    "message.reaction" => [other] "its shape is not published",
    "conversation.new" => [chat] "new, with its first message, which comes by itself as well",
    "template.status_changed" => [other] "its shape is not published",
    "template.approved" => [template] "",
    "template.rejected" => [template] "with the reason",
    "broadcast.status_changed" => [other] "",
    "invitation.status_changed" => [other] "",
    "call.initiated" => [call, other] "ringing; other without an id",
    "call.answered" => [call, other] "accepted",
    "call.completed" => [call, other] "ended, or missed",
    "call.failed" => [call, other] "failed or missed",
    "domain.verified" => [other] "",
    "domain.failed" => [other] "",
}

/// The columns of [`FACTS`]. Evolution API has a Cloud channel of its own kind. Wawp
/// and WAHA tell more or less by their engine: WEBJS, NOWEB, GOWS, and Wawp's second
/// generation of bodies.
pub const COLUMNS: [&str; 10] = [
    "EnviaAI",
    "eazeWA",
    "Evolution API",
    "its Cloud channel",
    "Evolution Go",
    "WEBJS",
    "NOWEB",
    "GOWS",
    "second generation",
    "Zavu",
];

macro_rules! facts {
    ($($fact:literal => $($told:literal)+,)+) => {
        /// Who tells what.
        ///
        /// ● in a field · ◐ at times: by version, setting, engine or kind of chat ·
        /// ○ in a part of the body that is read when asked · – never
        ///
        /// | | EnviaAI | eazeWA | Evolution API | Cloud channel | Evolution Go | WEBJS | NOWEB | GOWS | second generation | Zavu |
        /// |---|---|---|---|---|---|---|---|---|---|---|
        $(#[doc = concat!("| ", $fact, $(" | ", $told,)+ " |")])+
        pub const FACTS: &[Fact] = &[$(Fact { fact: $fact, told: [$($told),+] },)+];
    };
}

facts! {
    "message: id" => "●" "●" "●" "●" "●" "●" "●" "●" "●" "●",
    "message: written at" => "◐" "●" "●" "●" "●" "●" "●" "●" "●" "◐",
    "message: chat" => "●" "●" "●" "●" "●" "●" "●" "●" "◐" "●",
    "message: the chat's LID" => "–" "◐" "◐" "–" "◐" "◐" "◐" "◐" "◐" "–",
    "message: sender's name" => "●" "○" "●" "●" "●" "○" "○" "○" "–" "●",
    "message: from the account itself" => "–" "●" "●" "●" "●" "●" "●" "●" "●" "–",
    "message: written by device or API" => "–" "–" "◐" "◐" "◐" "◐" "◐" "◐" "◐" "–",
    "message: text or caption" => "●" "●" "●" "●" "●" "●" "●" "●" "●" "●",
    "message: media type" => "◐" "●" "●" "●" "●" "●" "●" "●" "●" "●",
    "message: media size" => "–" "◐" "●" "–" "●" "–" "–" "–" "–" "–",
    "message: file name" => "◐" "◐" "●" "◐" "●" "●" "●" "●" "●" "●",
    "message: duration" => "–" "●" "●" "–" "●" "–" "○" "○" "–" "–",
    "message: whether a voice note" => "–" "●" "●" "◐" "●" "○" "○" "○" "–" "–",
    "message: file inside" => "–" "●" "◐" "◐" "○" "–" "–" "–" "–" "–",
    "message: address of the file" => "◐" "–" "◐" "◐" "○" "●" "●" "●" "●" "◐",
    "message: id of the file" => "–" "–" "–" "●" "–" "–" "–" "–" "–" "●",
    "message: thumbnail" => "–" "–" "●" "–" "●" "–" "–" "–" "–" "–",
    "message: place" => "–" "●" "●" "●" "●" "●" "●" "●" "●" "●",
    "message: whether the place moves" => "–" "–" "●" "–" "●" "●" "●" "●" "–" "–",
    "message: contact cards" => "–" "●" "●" "●" "●" "●" "●" "●" "–" "●",
    "message: choice" => "–" "●" "●" "●" "●" "○" "○" "○" "–" "●",
    "message: id of the choice" => "–" "◐" "●" "–" "●" "○" "○" "○" "–" "–",
    "message: poll" => "–" "●" "●" "–" "●" "–" "○" "○" "–" "–",
    "message: reply, its id" => "–" "○" "●" "●" "●" "●" "●" "●" "–" "◐",
    "message: reply, its author" => "–" "○" "●" "◐" "●" "●" "●" "●" "–" "●",
    "message: reply, its text" => "–" "○" "○" "–" "○" "●" "●" "●" "–" "●",
    "message: reply to another chat" => "–" "○" "●" "–" "○" "–" "○" "○" "–" "–",
    "message: mentions" => "–" "●" "●" "–" "○" "○" "○" "○" "–" "–",
    "message: mentioned groups" => "–" "●" "●" "–" "○" "–" "○" "○" "–" "–",
    "message: forwarded" => "–" "●" "●" "–" "○" "–" "○" "○" "–" "–",
    "message: how often forwarded" => "–" "●" "●" "–" "○" "–" "○" "○" "–" "–",
    "message: to be seen once" => "–" "–" "●" "–" "●" "–" "○" "○" "–" "–",
    "message: disappears" => "–" "●" "◐" "–" "●" "–" "○" "○" "–" "–",
    "message: disappears after" => "–" "–" "●" "–" "○" "–" "○" "○" "–" "–",
    "message: album" => "–" "●" "●" "–" "○" "○" "○" "○" "–" "–",
    "message: replaces another" => "–" "–" "●" "–" "○" "–" "○" "○" "–" "–",
    "message: advertisement" => "–" "–" "●" "–" "○" "–" "○" "○" "–" "●",
    "message: transcript" => "–" "–" "◐" "–" "–" "–" "–" "–" "–" "–",
    "message: test of the gateway's" => "●" "–" "–" "–" "–" "–" "–" "–" "–" "–",
    "message: history" => "–" "–" "●" "–" "–" "–" "–" "–" "–" "–",
    "reaction" => "–" "●" "●" "●" "●" "●" "●" "●" "●" "●",
    "edit" => "–" "●" "●" "–" "●" "●" "●" "●" "●" "–",
    "edit: what it said before" => "–" "◐" "–" "–" "–" "○" "–" "–" "●" "–",
    "edit: that it cannot be read" => "–" "–" "●" "–" "●" "–" "–" "–" "–" "–",
    "delete" => "–" "●" "●" "–" "●" "●" "●" "●" "●" "–",
    "delete: for the account alone" => "–" "●" "–" "–" "–" "–" "–" "–" "–" "–",
    "receipt: sent" => "●" "●" "●" "●" "–" "●" "●" "●" "●" "●",
    "receipt: delivered" => "●" "●" "●" "●" "●" "●" "●" "●" "●" "●",
    "receipt: read" => "●" "●" "●" "●" "●" "●" "●" "●" "●" "●",
    "receipt: played" => "–" "●" "●" "–" "●" "●" "●" "●" "●" "–",
    "receipt: failed" => "●" "●" "●" "●" "–" "●" "●" "◐" "●" "●",
    "receipt: why it failed" => "●" "–" "–" "–" "–" "–" "–" "–" "–" "●",
    "receipt: who, in a group" => "–" "–" "◐" "–" "●" "◐" "●" "●" "–" "–",
    "receipt: when" => "●" "–" "◐" "–" "●" "–" "–" "–" "–" "–",
    "poll_vote: what is chosen" => "–" "◐" "◐" "–" "–" "●" "●" "●" "●" "–",
    "poll_vote: that it cannot be read" => "–" "–" "◐" "–" "●" "–" "●" "●" "●" "–",
    "presence" => "–" "–" "●" "–" "●" "●" "●" "●" "●" "–",
    "call" => "–" "●" "●" "–" "●" "●" "●" "●" "●" "●",
    "group: members" => "–" "●" "●" "–" "●" "●" "●" "●" "●" "–",
    "contact" => "–" "–" "●" "◐" "●" "–" "–" "–" "–" "–",
    "chat" => "–" "–" "●" "–" "●" "●" "●" "●" "●" "●",
    "label" => "–" "–" "●" "–" "●" "●" "●" "●" "●" "–",
    "connection: open" => "●" "●" "●" "–" "●" "●" "●" "●" "●" "–",
    "connection: logged out" => "●" "●" "●" "–" "●" "◐" "–" "–" "–" "–",
    "pairing: text of the QR code" => "–" "●" "●" "–" "●" "–" "◐" "–" "–" "–",
    "pairing: image of the QR code" => "●" "●" "●" "–" "●" "–" "–" "–" "◐" "–",
    "template" => "–" "–" "–" "●" "–" "–" "–" "–" "–" "●",
}
