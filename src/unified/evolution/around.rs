//! Contacts, chats, groups, presences and calls.

use std::ops::Bound;
use std::time::Duration;

use super::{address, is_filled};
use crate::gateways::evolution::{
    self, CallStatus, GroupParticipantsUpdate, ParticipantAction, PresenceUpdate,
};
use crate::jid::Jid;
use crate::unified::address::Address;
use crate::unified::around::{
    Call, CallState, Chat, ChatChange, Contact, Group, GroupChange, How, Other, OtherWhy, Presence,
    PresenceState,
};
use crate::unified::happening::Happening;
use crate::unified::id::Origin;
use crate::unified::listing::{Member, MemberList, Members, Role};
use crate::unified::word::Word;
use crate::unified::{Cursor, filled};

pub(super) fn contact(contact: &evolution::Contact, is_sync: bool) -> Happening<'_> {
    let who = contact.jid().filter(is_filled);
    let lid = contact.remote_lid.as_ref().filter(is_filled).map(Jid::as_str);
    // Where no name is known some servers write the address's own digits.
    let named = |name: &&str| who.is_none_or(|who| who.user() != Some(*name) && who != *name);
    Happening::Contact(Contact {
        who: who.map(|who| address(who).with_lid(lid)),
        name: filled(&contact.push_name).filter(named),
        saved_name: None,
        previous_name: None,
        picture_url: contact.picture_url().filter(|url| !url.is_empty()),
        is_sync,
    })
}

pub(super) fn chat_changed(chat: &evolution::Chat, is_sync: bool) -> Happening<'_> {
    let of_1_x = || chat.id.as_deref().filter(|id| id.contains('@'));
    let jid = chat.remote_jid.as_ref().map(Jid::as_str).or_else(of_1_x);
    let lid = chat.remote_lid.as_ref().filter(is_filled).map(Jid::as_str);
    Happening::Chat(Chat {
        name: filled(&chat.name),
        unread: chat.unread_messages,
        is_sync,
        ..Chat::new(jid.map(|jid| Address::whatsapp(jid).with_lid(lid)), ChatChange::Changed)
    })
}

pub(super) fn members_of(group: &evolution::Group) -> Members<'_> {
    Members::of_option(group.participants.as_ref().map(|members| members as _))
}

fn member(participant: &evolution::GroupParticipant) -> Member<'_> {
    let others = [&participant.phone_number, &participant.lid, &participant.jid];
    let address = others.into_iter().fold(address(&participant.id), |address, other| {
        address.beside(other.as_ref().map(Jid::view))
    });
    let role = participant.admin.as_ref().and_then(|admin| match admin {
        evolution::AdminRole::Admin => Some(Role::Admin),
        evolution::AdminRole::SuperAdmin => Some(Role::Owner),
        evolution::AdminRole::Other(_) => None,
    });
    Member::new(address, role)
}

impl MemberList for Vec<evolution::GroupParticipant> {
    fn at(&self, place: usize) -> Option<Member<'_>> {
        self.get(place).map(member)
    }
}

impl MemberList for crate::wire::List<evolution::GroupParticipant> {
    fn at(&self, place: usize) -> Option<Member<'_>> {
        self.get(place).map(member)
    }
}

impl MemberList for crate::wire::List<evolution::ParticipantData> {
    fn at(&self, place: usize) -> Option<Member<'_>> {
        let data = self.get(place)?;
        let phone = data.phone_number.as_ref().and_then(Jid::phone);
        Some(match &data.jid {
            Some(participant) => {
                let member = member(participant);
                Member::new(member.address.with_phone_beside(phone), member.role)
            }
            None => {
                let number = data.phone_number.as_ref().map_or("", |number| number.as_str());
                Member::new(Address::whatsapp(number), None)
            }
        })
    }
}

pub(super) fn group_changed<'a>(
    group: &'a evolution::Group,
    change: GroupChange<'a>,
) -> Happening<'a> {
    let at = match change {
        GroupChange::Subject(_) => group.subject_time,
        GroupChange::Description(_) => group.desc_time,
        _ => None,
    };
    let pn = group.author_pn.as_ref().map(Jid::view);
    Happening::Group(Group {
        group: Some(address(&group.id)),
        by: group.author.as_ref().filter(is_filled).map(|author| address(author).beside(pn)),
        at,
        change,
        name: filled(&group.subject),
    })
}

/// The one setting that is told; everything else is a state, not a change.
pub(super) fn sole_change(group: &evolution::Group) -> GroupChange<'_> {
    let timer = group.ephemeral_duration.and_then(|seconds| u64::try_from(seconds).ok());
    let changes = [
        group.subject.as_deref().map(GroupChange::Subject),
        group
            .desc
            .as_deref()
            .map(|text| GroupChange::Description(Some(text).filter(|text| !text.is_empty()))),
        group.announce.map(GroupChange::OnlyAdminsWrite),
        group.restrict.map(GroupChange::OnlyAdminsEdit),
        group.join_approval_mode.map(GroupChange::JoinNeedsApproval),
        group.member_add_mode.map(GroupChange::MembersMayAdd),
        timer.map(|seconds| GroupChange::Timer(Duration::from_secs(seconds))),
    ];
    let mut told = changes.into_iter().flatten();
    match (told.next(), told.next()) {
        (Some(change), None) if group.participants.is_none() => change,
        _ => GroupChange::Snapshot(members_of(group)),
    }
}

pub(super) fn participants(update: &GroupParticipantsUpdate) -> Happening<'_> {
    let listed = update.participants.as_ref().filter(|members| !members.is_empty());
    let members = match (listed, &update.participants_data) {
        (Some(listed), _) => Members::of(listed),
        (None, data) => Members::of_option(data.as_ref().map(|data| data as _)),
    };
    let author = update.author.as_ref().filter(is_filled);
    let pn = update.author_pn.as_ref().map(Jid::view);
    let by = author.map(|author| address(author).beside(pn));
    let mut all = members;
    let alone = match (all.next(), all.next()) {
        (Some(only), None) => by.is_some_and(|by| by.same(&only.address)),
        _ => false,
    };
    let how = |by_themselves| if alone { by_themselves } else { How::NotTold };
    let change = match &update.action {
        Some(ParticipantAction::Add) => GroupChange::Added(members, how(How::Joined)),
        Some(ParticipantAction::Remove) => GroupChange::Removed(members, how(How::Left)),
        Some(ParticipantAction::Promote) => GroupChange::Promoted(members),
        Some(ParticipantAction::Demote) => GroupChange::Demoted(members),
        Some(ParticipantAction::Modify) => GroupChange::NumberChanged(members),
        Some(other) => GroupChange::Other(Word::Text(other.as_str())),
        None => GroupChange::Snapshot(members),
    };
    Happening::Group(Group { group: Some(address(&update.id)), by, at: None, change, name: None })
}

/// One after another, by the address. One without a state says nothing.
pub(super) fn presence<'a>(
    update: &'a PresenceUpdate,
    next: &mut Cursor<'a>,
) -> Option<Happening<'a>> {
    let all = update.presences.as_ref()?;
    loop {
        let after = next.after.map_or(Bound::Unbounded, Bound::Excluded);
        let (who, presence) = all.range::<Jid, _>((after, Bound::Unbounded)).next()?;
        next.after = Some(who);
        let state = match &presence.last_known_presence {
            Some(evolution::PresenceState::Available) => PresenceState::Available,
            Some(evolution::PresenceState::Unavailable) => PresenceState::Unavailable,
            Some(evolution::PresenceState::Composing) => PresenceState::Typing,
            Some(evolution::PresenceState::Recording) => PresenceState::Recording,
            Some(evolution::PresenceState::Paused) => PresenceState::Paused,
            Some(other) => PresenceState::Other(Word::Text(other.as_str())),
            None => continue,
        };
        return Some(Happening::Presence(Presence {
            chat: Some(address(&update.id)),
            who: Some(address(who)),
            from_me: false,
            state,
            last_seen: presence.last_seen,
        }));
    }
}

pub(super) fn of_call<'a>(origin: Origin<'a>, call: &'a evolution::Call) -> Happening<'a> {
    let others = [&call.caller_pn, &call.call_creator, &call.call_creator_alt];
    let from = call.from.as_ref().or(call.call_creator.as_ref()).filter(is_filled);
    let caller = from.map(|from| {
        others
            .into_iter()
            .fold(address(from), |caller, other| caller.beside(other.as_ref().map(Jid::view)))
    });
    let group = call.group_jid.as_ref().filter(is_filled);
    let group = group.or(call.chat_id.as_ref().filter(|chat| chat.is_group()));
    let chat = group.map(address).or(caller);
    let Some(id) = call.call_id().filter(|id| !id.is_empty()) else {
        return Happening::Other(Other { chat, ..Other::new(OtherWhy::NotUnified) });
    };
    let state = match &call.status {
        Some(CallStatus::Offer | CallStatus::Ringing) => CallState::Ringing,
        Some(CallStatus::Timeout) => CallState::Missed,
        Some(CallStatus::Reject) => CallState::Rejected,
        Some(CallStatus::Accept) => CallState::Accepted,
        Some(CallStatus::Terminate) => CallState::Ended,
        Some(other) => CallState::Other(Word::Text(other.as_str())),
        None => return Happening::Other(Other { chat, ..Other::new(OtherWhy::NotUnified) }),
    };
    Happening::Call(Call {
        origin,
        id,
        chat,
        caller,
        from_me: None,
        state,
        video: call.is_video.or(call.media.as_deref().map(|media| media == "video")),
        group: call.is_group.or(group.map(|_| true)),
        offline: call.offline,
        duration: None,
        reason: None,
        at: call.date,
    })
}
