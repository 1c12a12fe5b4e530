//! The way that defines the meaning: the envelope is taken apart with the
//! payload raw, then the name picks the type.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde_json::value::RawValue;

use super::aside::{SHORT, SetAside, Settled, are_too_many, settle};
use super::catch_all::{Malformed, Skipped, Unknown};
use super::envelope::{Envelope, Notes, ReceivedName};
use super::list::{At, EventSet, Wanted};
use super::one_pass::GivenUp;
use super::route::{Layout, Parts, Route};
use super::unreadable::Unreadable;
use crate::wire::json::{self, Fault, Members, Path};
use crate::wire::{RawJson, time};

/// `given_up` is why the quick way could not read it, if that is known.
#[inline]
pub(super) fn read<E: Envelope>(
    text: &str,
    hint: Option<&str>,
    wanted: &Wanted,
    given_up: Option<GivenUp>,
) -> Result<E, Unreadable> {
    time::forget_rescaled();
    let broken = match members(text) {
        Ok(Some(members)) => {
            return read_parts(&Parts { text, members, hint }, wanted, false, given_up);
        }
        Ok(None) => return Err(Unreadable::no_event(E::LAYOUT.name)),
        Err(error) => error,
    };
    // The one thing that is JSON and stops the members from being read: a
    // name of a member with an unpaired surrogate in it.
    if let Some(repaired) = json::repair(text)
        && let Ok(Some(members)) = members(&repaired)
    {
        return read_parts(&Parts { text: &repaired, members, hint }, wanted, true, None);
    }
    Err(Unreadable::not_json(&broken))
}

/// The members of a text that is an object; `None` when it is other JSON.
fn members(text: &str) -> Result<Option<Members<'_>>, serde_json::Error> {
    Members::of(text).map(Some).or_else(|error| {
        let other = error.is_data() && serde_json::from_str::<&RawValue>(text).is_ok();
        if other { Ok(None) } else { Err(error) }
    })
}

#[inline]
fn read_parts<E: Envelope>(
    parts: &Parts<'_>,
    wanted: &Wanted,
    repaired: bool,
    given_up: Option<GivenUp>,
) -> Result<E, Unreadable> {
    for key in E::LAYOUT.unique {
        if parts.members.all(key).count() > 1 {
            return Err(Unreadable::repeated_key(key));
        }
    }
    let route = E::route(parts)?;
    let position = E::Event::position(route.list_name());

    let head = match route.is_whole() {
        true => Settled::of(E::Head::default()),
        false => head::<E>(parts),
    };
    let given_up = given_up.filter(|given_up| Some(given_up.position) == position);
    let given_up =
        given_up.and_then(|given_up| in_payload(given_up, parts, &route, E::LAYOUT.payload));
    let event = event(&route, position, wanted, E::LAYOUT.payload, given_up);

    let mut set_aside = head.set_aside;
    set_aside.extend(event.set_aside);
    let notes = Notes {
        name: ReceivedName::new::<E::Event>(&route.name, position),
        name_source: route.source,
        in_layout: route.in_layout,
        whole: route.is_whole(),
        set_aside,
        repaired: repaired || head.repaired || event.repaired,
        rescaled: time::was_rescaled(),
        known_by: None,
    };
    let mut envelope = E::assemble(head.value, event.value, notes);
    if let Some(known_by) = known_by(parts, &route, envelope.notes()) {
        envelope.notes_mut().known_by = Some(Box::new(known_by));
    }
    Ok(envelope)
}

/// A member that tells what the body is, where the event has the value of none of them.
fn known_by(
    parts: &Parts<'_>,
    route: &Route<'_>,
    notes: &Notes,
) -> Option<(&'static str, RawJson)> {
    let members = || route.known_by.iter().filter_map(|name| Some((*name, parts.member(name)?)));
    let is_odd = |name| notes.set_aside.iter().any(|aside| aside.path().is_member(name));
    if members().any(|(name, value)| value != "null" && !is_odd(name)) {
        return None;
    }
    let (name, value) = members().min_by_key(|(_, value)| *value == "null")?;
    Some((name, RawJson::of_value(value)))
}

/// The members around the payload.
#[inline]
fn head<E: Envelope>(parts: &Parts<'_>) -> Settled<E::Head> {
    let around = around(parts.text, &parts.members, E::LAYOUT.payload);
    let head = settle(&around, &Path::root(), None, |text, left_out| {
        json::read_without(text, left_out, PhantomData::<E::Head>)
    });
    head.unwrap_or_else(|_| {
        one_by_one(parts, &E::LAYOUT, &mut |text| {
            json::read_without(text, &[], PhantomData::<E::Head>)
        })
    })
}

/// A head with too much that is odd: nothing in it is essential, so it is put
/// together of the members that can be read, and each of the others is set
/// aside as a whole.
fn one_by_one<H: Default>(
    parts: &Parts<'_>,
    layout: &Layout,
    read: &mut dyn FnMut(&str) -> Result<H, json::Error>,
) -> Settled<H> {
    let mut names: Vec<_> = layout.head.iter().map(Cow::Borrowed).collect();
    // The others are passed over, but for those that no object may have.
    let others = parts.members.iter().map(|(name, _)| name);
    names.extend(others.filter(|name| name.starts_with(json::RESERVED)));
    names.sort_unstable();
    names.dedup();
    let mut fitting = String::from("{");
    let mut set_aside = Vec::new();
    let mut repaired = false;
    // Whether the whole text is set aside, with every value of a member in it.
    let mut is_kept = false;
    for name in names.into_iter().filter(|name| *name != layout.payload) {
        let count = parts.members.all(&name).count();
        if count == 0 {
            continue;
        }
        // One that occurs several times is not read, and the second one says so.
        let is_all_over = are_too_many(count, parts.text);
        let mut values = Vec::with_capacity(if is_all_over { 2 } else { count });
        values.extend(parts.members.all(&name).take(values.capacity()));
        let quoted = serde_json::Value::from(&*name).to_string();
        let mut alone = String::from("{");
        for value in &values {
            let comma = if alone.len() > 1 { "," } else { "" };
            alone.extend([comma, &quoted, ":", value]);
        }
        alone.push('}');
        let cut = json::repair(&alone);
        let text = cut.as_deref().unwrap_or(&alone);
        match read(text) {
            Ok(_) => {
                if fitting.len() > 1 {
                    fitting.push(',');
                }
                fitting.push_str(text.get(1..text.len().wrapping_sub(1)).unwrap_or_default());
                repaired |= cut.is_some();
            }
            Err(error) => {
                let fault = error.into_fault(text);
                drop((cut, alone));
                if !is_all_over {
                    set_aside.extend(SetAside::all(fault.at(Path::root().member(&name)), &values));
                } else if !is_kept {
                    is_kept = true;
                    set_aside.push(SetAside::new(fault.at(Path::root()), parts.text));
                }
            }
        }
    }
    fitting.push('}');
    let value = read(&fitting).unwrap_or_else(|error| {
        // Each alone could be read. Whatever it is, none of it is dropped.
        set_aside.push(SetAside::new(error.into_fault(&fitting), &fitting));
        H::default()
    });
    Settled { value, set_aside, repaired }
}

/// What did not fit in the payload, seen from there.
fn in_payload(
    given_up: GivenUp,
    parts: &Parts<'_>,
    route: &Route<'_>,
    payload_key: &str,
) -> Option<json::Error> {
    if given_up.is_inside {
        return Some(given_up.error);
    }
    let payload = route.payload().filter(|_| !route.is_whole())?;
    let start = payload.as_ptr().addr().checked_sub(parts.text.as_ptr().addr())?;
    given_up.error.inside(payload_key, start)
}

/// The envelope, without its payload where that is most of it, or a good part of a long
/// text: an odd value in the head must not have the payload read again.
fn around<'a>(text: &'a str, members: &Members<'_>, payload: &str) -> Cow<'a, str> {
    let length = members.get(payload).map_or(0, str::len);
    let most = if text.len() <= SHORT { 2 } else { 16 };
    if length <= text.len().div_euclid(most) {
        return Cow::Borrowed(text);
    }
    let mut text = String::from("{");
    for (name, value) in members.iter().filter(|(name, _)| *name != payload) {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&serde_json::Value::from(&*name).to_string());
        text.push(':');
        text.push_str(value);
    }
    text.push('}');
    Cow::Owned(text)
}

#[inline]
fn event<E: EventSet>(
    route: &Route<'_>,
    position: Option<usize>,
    wanted: &Wanted,
    payload_key: &str,
    given_up: Option<json::Error>,
) -> Settled<E> {
    let payload = || route.payload().map(RawJson::of_value);

    let Some(position) = position else {
        let event = Unknown { name: (*route.name).into(), payload: payload() };
        return Settled::of(E::unknown(event));
    };
    let name = E::NAMES.get(position).copied().unwrap_or_default();
    if !wanted.contains(position) {
        return Settled::of(E::skipped(Skipped { name, payload: payload() }));
    }
    let text = route.payload().unwrap_or("null");
    let outer = match route.is_whole() {
        true => Path::root(),
        false => Path::root().member(payload_key),
    };
    let typed = settle(text, &outer, given_up, |text, left_out| {
        json::read_without(text, left_out, At::new(position))
    });
    typed.unwrap_or_else(|fault| {
        let fault = if route.payload().is_none() { Fault::missing(outer) } else { fault };
        Settled::of(E::malformed(Malformed { name, fault, payload: payload() }))
    })
}
