//! Which address each field of a message contains, whatever the server's
//! version calls it.

use crate::jid::{Family, Jid, Kind};

/// The addresses of one message. An address may be absent, and an empty string
/// counts as absent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Addresses<'a> {
    pub(super) from_me: bool,
    pub(super) chat: Option<&'a Jid>,
    /// Further addresses of the chat.
    pub(super) chat_others: [Option<&'a Jid>; 5],
    pub(super) participant: Option<&'a Jid>,
    /// Further addresses of the participant.
    pub(super) participant_others: [Option<&'a Jid>; 3],
    /// Whether LIDs are the primary addresses, as far as the key says.
    pub(super) by_lid: bool,
}

impl<'a> Addresses<'a> {
    pub(super) fn chat(self) -> Option<&'a Jid> {
        filled(self.chat)
    }

    /// The participant. `None` where servers up to 2.3.4 repeat the chat in its
    /// place.
    pub(super) fn participant(self) -> Option<&'a Jid> {
        filled(self.participant).filter(|participant| Some(*participant) != self.chat())
    }

    pub(super) fn sender(self) -> Option<&'a Jid> {
        match self.participant() {
            Some(participant) => Some(participant),
            None if self.from_me => None,
            None => self.chat().filter(|chat| !is_for_many(chat)),
        }
    }

    pub(super) fn sender_phone(self) -> Option<&'a str> {
        self.phone(self.of_sender())
    }

    pub(super) fn sender_lid(self) -> Option<&'a Jid> {
        self.of_sender().find(|jid| is_hidden(jid))
    }

    pub(super) fn chat_phone(self) -> Option<&'a str> {
        self.phone(self.of_chat())
    }

    pub(super) fn chat_lid(self) -> Option<&'a Jid> {
        self.of_chat().find(|jid| is_hidden(jid))
    }

    /// All addresses of the chat, when it is one person's.
    fn of_chat(self) -> impl Iterator<Item = &'a Jid> + Clone {
        let one = self.chat().filter(|chat| !is_for_many(chat));
        let others = one.is_some().then_some(self.chat_others).into_iter().flatten();
        one.into_iter().chain(others.filter_map(filled))
    }

    /// All addresses of the sender.
    fn of_sender(self) -> impl Iterator<Item = &'a Jid> + Clone {
        // The other address of the status feed is that of whoever posted.
        let status = self.chat().is_some_and(|chat| chat.kind() == Kind::StatusFeed);
        let many = self.chat().is_some_and(is_for_many);
        let participant = self.participant();
        let by_participant = participant.is_some() || many;
        let participants = [participant].into_iter().chain(self.participant_others);
        let posted = status.then_some(self.chat_others).into_iter().flatten();
        let participants = participants.chain(posted).filter(move |_| by_participant);
        let chat = self.of_chat().filter(move |_| !by_participant && !self.from_me);
        participants.filter_map(filled).chain(chat)
    }

    /// The first phone number: from an address that is one, else from bare
    /// digits, which a server may also have made from a LID.
    fn phone(self, mut all: impl Iterator<Item = &'a Jid> + Clone) -> Option<&'a str> {
        let certain = |jid: &'a Jid| jid.phone().filter(|_| jid.kind() != Kind::Phone);
        let bare = |jid: &'a Jid| jid.phone().filter(|_| !self.by_lid);
        all.clone().find_map(certain).or_else(|| all.find_map(bare))
    }
}

fn filled(jid: Option<&Jid>) -> Option<&Jid> {
    jid.filter(|jid| !jid.as_str().is_empty())
}

fn is_hidden(jid: &Jid) -> bool {
    jid.family() == Some(Family::Lid)
}

/// Whether a chat has many members, so that its address says nothing about the
/// sender.
fn is_for_many(chat: &Jid) -> bool {
    matches!(
        chat.kind(),
        Kind::Group | Kind::LegacyGroup | Kind::StatusFeed | Kind::BroadcastList
    )
}

/// Adds the address accessors to a type with `fn addresses(&self) ->
/// Addresses<'_>`.
macro_rules! addressed {
    ($Type:ty) => {
        impl $Type {
            /// The chat as the server addresses it: a person by phone number or
            /// LID, a group, the status feed, a channel, or bare digits. It may
            /// include a device, and the same chat may have a different address
            /// in the next event; [`Jid::same_user`](crate::Jid::same_user)
            /// compares what can be compared.
            pub fn chat(&self) -> Option<&$crate::Jid> {
                self.addresses().chat()
            }

            /// Who acted in a group, or posted a status. `None` in a one-to-one
            /// chat, even where the server writes an empty string or repeats
            /// the chat.
            pub fn participant(&self) -> Option<&$crate::Jid> {
                self.addresses().participant()
            }

            /// The sender: the participant, or in a one-to-one chat the other
            /// person. `None` when the account itself sent it and the server
            /// does not give its address: see the envelope's `account_jid`.
            pub fn sender(&self) -> Option<&$crate::Jid> {
                self.addresses().sender()
            }

            /// The phone number of the sender: digits, without `+`. `None`
            /// where the server only gives a LID, and for messages from the
            /// account itself.
            pub fn sender_phone(&self) -> Option<&str> {
                self.addresses().sender_phone()
            }

            /// The LID of the sender (`…@lid`), the most stable address of a
            /// person. It may include a device.
            pub fn sender_lid(&self) -> Option<&$crate::Jid> {
                self.addresses().sender_lid()
            }

            /// The phone number of the other person in the chat, whoever wrote;
            /// `None` for groups and feeds.
            pub fn chat_phone(&self) -> Option<&str> {
                self.addresses().chat_phone()
            }

            /// The LID of the other person in the chat, whoever wrote; `None`
            /// for groups and feeds.
            pub fn chat_lid(&self) -> Option<&$crate::Jid> {
                self.addresses().chat_lid()
            }
        }
    };
}

pub(super) use addressed;
