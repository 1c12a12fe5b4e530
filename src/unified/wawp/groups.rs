//! Groups.

use crate::gateways::wawp::{
    self, Engine, Envelope, Event, GroupNotification, GroupV2Update, ParticipantsChange,
};
use crate::jid::{Jid, JidRef};
use crate::unified::address::Address;
use crate::unified::around::{Group, GroupChange, How, Other, OtherWhy};
use crate::unified::happening::Happening;
use crate::unified::listing::{Member, MemberList, Members, Role};
use crate::unified::word::Word;
use crate::unified::{Cursor, filled};
use crate::wire::List;

pub(super) fn of_group<'a>(envelope: &'a Envelope, event: &'a Event) -> Happening<'a> {
    let engine = envelope.engine();
    let group = |chat: Option<JidRef<'a>>, at, change, name| {
        Happening::Group(Group { group: chat.map(Address::of), by: None, at, change, name })
    };
    match event {
        Event::GroupV2Join(join) => {
            let whole = join.group.as_ref();
            // The second generation tells of anybody.
            let change = match &join.participants {
                Some(members) if whole.is_none() => {
                    GroupChange::Added(Members::of(members), How::NotTold)
                }
                _ => GroupChange::OwnJoined,
            };
            let name = whole.and_then(|group| filled(&group.subject));
            let at = engine.and_then(|engine| join.happened_at(engine));
            group(join.chat(), at, change, name)
        }
        Event::GroupV2Leave(leave) => {
            let change = match &leave.participants {
                Some(members) if !members.is_empty() => {
                    GroupChange::Removed(Members::of(members), How::Left)
                }
                _ => GroupChange::OwnLeft,
            };
            let at = engine.and_then(|engine| leave.happened_at(engine));
            group(leave.chat(), at, change, None)
        }
        Event::GroupV2Participants(event) => {
            let members = event.participants.as_ref().map(|members| members as _);
            let members = Members::of_option(members);
            let change = match event.change() {
                Some(ParticipantsChange::Join) => GroupChange::Added(members, How::NotTold),
                Some(ParticipantsChange::Leave) => GroupChange::Removed(members, How::NotTold),
                Some(ParticipantsChange::Promote) => GroupChange::Promoted(members),
                Some(ParticipantsChange::Demote) => GroupChange::Demoted(members),
                Some(other) => GroupChange::Other(Word::Text(other.as_str())),
                None => {
                    let chat = event.chat().map(Address::of);
                    return Happening::Other(Other { chat, ..Other::new(OtherWhy::NotUnified) });
                }
            };
            let at = engine.and_then(|engine| event.happened_at(engine));
            group(event.chat(), at, change, None)
        }
        Event::GroupJoin(notice) => notified(notice, |members, kind| {
            let how = match kind {
                Some("add") => How::Added,
                Some("invite") => How::Joined,
                Some("linked_group_join") => How::Community,
                _ => How::NotTold,
            };
            GroupChange::Added(members, how)
        }),
        Event::GroupLeave(notice) => notified(notice, |members, kind| {
            let how = match kind {
                Some("remove") => How::Removed,
                Some("leave") => How::Left,
                _ => How::NotTold,
            };
            GroupChange::Removed(members, how)
        }),
        Event::GroupV2JoinRequest(request) => Happening::Other(Other {
            chat: request.chat().map(Address::of),
            word: request.action.as_ref().map(|action| Word::Text(action.as_str())),
            ..Other::new(OtherWhy::NotUnified)
        }),
        event => crate::unified::unrecognised(event),
    }
}

/// The deprecated events: a notice from WEBJS, the whole group from NOWEB.
fn notified<'a>(
    notice: &'a GroupNotification,
    change: impl FnOnce(Members<'a>, Option<&'a str>) -> GroupChange<'a>,
) -> Happening<'a> {
    let (change, by) = match (&notice.recipient_ids, &notice.participants) {
        (None, Some(members)) => (GroupChange::Snapshot(Members::of(members)), None),
        (recipients, _) => {
            let members = recipients.as_ref().map(|members| members as _);
            let kind = notice.notification_type.as_deref();
            (change(Members::of_option(members), kind), notice.author.as_ref())
        }
    };
    Happening::Group(Group {
        group: notice.chat().map(Address::of),
        by: by.map(|by| Address::of(by.view())),
        at: notice.timestamp,
        change,
        name: filled(&notice.subject),
    })
}

/// NOWEB and GOWS tell what changed, one after another; WEBJS tells everything, and
/// so no change.
pub(super) fn updated<'a>(
    envelope: &'a Envelope,
    update: &'a GroupV2Update,
    next: &mut Cursor<'a>,
) -> Option<Happening<'a>> {
    let engine = envelope.engine();
    let whole = update.group.as_ref();
    let place = next.step();
    let members = || {
        let members = whole.and_then(|group| group.participants.as_ref());
        Members::of_option(members.map(|members| members as _))
    };
    let text = |text: &'a str| Some(text).filter(|text| !text.is_empty());
    let is_whole = whole.is_some() && matches!(engine, Some(Engine::Webjs | Engine::Wpp) | None);
    let changes = if is_whole {
        [Some(GroupChange::Snapshot(members())), None, None, None, None, None]
    } else {
        let who_writes = engine.and_then(|engine| update.only_admins_send(engine));
        [
            update.new_subject().map(GroupChange::Subject),
            update.new_description().map(|new| GroupChange::Description(text(new))),
            who_writes.map(GroupChange::OnlyAdminsWrite),
            whole
                .and_then(|group| group.members_can_add_new_member)
                .map(GroupChange::MembersMayAdd),
            whole
                .and_then(|group| group.new_members_approval_required)
                .map(GroupChange::JoinNeedsApproval),
            whole.and_then(|group| group.invite.as_ref()).map(GroupChange::InviteLink),
        ]
    };
    let nothing = || {
        let is_first = place == 0 && changes.iter().all(Option::is_none);
        is_first.then(|| GroupChange::Snapshot(members()))
    };
    let change = changes.iter().flatten().nth(place).copied().or_else(nothing)?;
    Some(Happening::Group(Group {
        group: update.chat().map(Address::of),
        by: None,
        at: engine.and_then(|engine| update.happened_at(engine)),
        change,
        name: update.new_subject(),
    }))
}

impl MemberList for List<wawp::Participant> {
    fn at(&self, place: usize) -> Option<Member<'_>> {
        let participant = self.get(place)?;
        let role = participant.role.as_ref().and_then(|role| match role {
            wawp::Role::Participant => Some(Role::Member),
            wawp::Role::Admin => Some(Role::Admin),
            wawp::Role::Superadmin => Some(Role::Owner),
            _ => None,
        });
        let phone = participant.pn.as_ref().and_then(Jid::phone);
        Some(Member::new(Address::of(participant.id.view()).with_phone(phone), role))
    }
}

impl MemberList for List<wawp::GroupMember> {
    fn at(&self, place: usize) -> Option<Member<'_>> {
        let member = self.get(place)?;
        let role = match member.admin.as_deref() {
            Some("admin") => Some(Role::Admin),
            Some("superadmin") => Some(Role::Owner),
            _ => None,
        };
        let phone = member.phone_number.as_ref().and_then(Jid::phone);
        Some(Member::new(Address::of(member.id.view()).with_phone(phone), role))
    }
}
