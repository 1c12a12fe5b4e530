//! Calls and groups.

use std::time::Duration;

use super::address;
use crate::gateways::evolution::go::{self, GroupInfo};
use crate::jid::Jid;
use crate::unified::Cursor;
use crate::unified::address::Address;
use crate::unified::around::{Call, CallState, Group, GroupChange, How};
use crate::unified::filled;
use crate::unified::happening::Happening;
use crate::unified::id::Origin;
use crate::unified::listing::{Member, MemberList, Members, Role};
use crate::unified::word::Word;
use crate::wire::{Id, List};

/// Who takes part in a call.
pub(super) struct Parties<'a> {
    from: Option<Address<'a>>,
    caller: Option<Address<'a>>,
    group: Option<Address<'a>>,
}

impl<'a> Parties<'a> {
    pub(super) fn of(
        from: Option<&'a Jid>,
        creator: Option<&'a Jid>,
        creator_alt: Option<&'a Jid>,
        group: Option<&'a Jid>,
    ) -> Self {
        let alt = creator_alt.map(Jid::view);
        let from = from.and_then(address);
        let caller = creator.and_then(address).map(|caller| caller.beside(alt));
        Self { from, caller: caller.or(from), group: group.and_then(address) }
    }
}

pub(super) fn of_call<'a>(
    origin: Origin<'a>,
    id: &'a Option<Id>,
    parties: Parties<'a>,
    state: CallState<'a>,
) -> Option<Call<'a>> {
    let Parties { from, caller, group } = parties;
    Some(Call {
        origin,
        id: id.as_deref().filter(|id| !id.is_empty())?,
        chat: group.or(from),
        caller,
        from_me: None,
        state,
        video: None,
        group: group.map(|_| true),
        offline: None,
        duration: None,
        reason: None,
        at: None,
    })
}

/// One after another what is set; where nothing is, the word for the change.
pub(super) fn of_group<'a>(info: &'a GroupInfo, next: &mut Cursor<'a>) -> Option<Happening<'a>> {
    let pn = info.sender_pn.as_ref().map(Jid::view);
    let by = info.sender.as_ref().and_then(address).map(|by| by.beside(pn));
    let members = |list: &'a List<Jid>| (!list.is_empty()).then(|| Members::of(list));
    let alone = |list: &List<Jid>| match &**list {
        [only] => by.is_some_and(|by| by.same(&Address::whatsapp(only.as_str()))),
        _ => false,
    };
    let by_link = info.join_reason.as_deref() == Some("invite");
    let joined = if by_link || alone(&info.join) { How::Joined } else { How::NotTold };
    let left = if alone(&info.leave) { How::Left } else { How::NotTold };
    let changes = [
        info.name.as_ref().and_then(|name| name.name.as_deref()).map(GroupChange::Subject),
        info.topic.as_ref().map(|topic| {
            let text = filled(&topic.topic).filter(|_| topic.topic_deleted != Some(true));
            GroupChange::Description(text)
        }),
        info.locked.as_ref().and_then(|locked| locked.is_locked).map(GroupChange::OnlyAdminsEdit),
        info.announce
            .as_ref()
            .and_then(|announce| announce.is_announce)
            .map(GroupChange::OnlyAdminsWrite),
        info.ephemeral.as_ref().map(|ephemeral| {
            let seconds = ephemeral.disappearing_timer.unwrap_or(0);
            let on = ephemeral.is_ephemeral != Some(false);
            GroupChange::Timer(Duration::from_secs(if on { seconds.into() } else { 0 }))
        }),
        info.membership_approval_mode
            .as_ref()
            .and_then(|mode| mode.is_join_approval_required)
            .map(GroupChange::JoinNeedsApproval),
        info.delete
            .as_ref()
            .filter(|delete| delete.deleted != Some(false))
            .map(|_| GroupChange::Deleted),
        members(&info.join).map(|members| GroupChange::Added(members, joined)),
        members(&info.leave).map(|members| GroupChange::Removed(members, left)),
        members(&info.promote).map(GroupChange::Promoted),
        members(&info.demote).map(GroupChange::Demoted),
        info.new_invite_link
            .as_ref()
            .filter(|link| !link.expose().is_empty())
            .map(GroupChange::InviteLink),
    ];
    let place = next.step();
    let unknown = || {
        let word = info.notify.as_deref().unwrap_or_default();
        (place == 0 && changes.iter().all(Option::is_none))
            .then_some(GroupChange::Other(Word::Text(word)))
    };
    let change = changes.iter().flatten().nth(place).copied().or_else(unknown)?;
    Some(Happening::Group(Group {
        group: info.jid.as_ref().and_then(address),
        by,
        at: info.timestamp,
        change,
        name: info.name.as_ref().and_then(|name| filled(&name.name)),
    }))
}

impl MemberList for List<go::GroupParticipant> {
    fn at(&self, place: usize) -> Option<Member<'_>> {
        let participant = self.get(place)?;
        let others = [&participant.phone_number, &participant.lid];
        let own = participant.jid.as_ref().map_or("", |jid| jid.as_str());
        let address = others.into_iter().fold(Address::whatsapp(own), |address, other| {
            address.beside(other.as_ref().map(Jid::view))
        });
        let role = match (participant.is_super_admin, participant.is_admin) {
            (Some(true), _) => Some(Role::Owner),
            (_, Some(true)) => Some(Role::Admin),
            (_, Some(false)) => Some(Role::Member),
            _ => None,
        };
        Some(Member::new(address, role))
    }
}
