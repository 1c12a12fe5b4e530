//! Bodies with places in them.
//!
//! A sample is JSON in which a string such as `"{id}"` says what belongs there. So the
//! sample itself tells which member carries what, and a setter knows whether the
//! sample has a place for it. Members keep their order.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::value::RawValue;

use crate::wire::json::{Members, Segment};

/// What can be said in a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    Instance,
    EventId,
    Id,
    Target,
    Chat,
    From,
    Lid,
    Name,
    Text,
    At,
}

impl Fact {
    pub(super) const ALL: &[Self] = &[
        Self::Instance,
        Self::EventId,
        Self::Id,
        Self::Target,
        Self::Chat,
        Self::From,
        Self::Lid,
        Self::Name,
        Self::Text,
        Self::At,
    ];

    /// The name of its setter.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::EventId => "event_id",
            Self::Id => "id",
            Self::Target => "target",
            Self::Chat => "chat",
            Self::From => "from",
            Self::Lid => "lid",
            Self::Name => "name",
            Self::Text => "text",
            Self::At => "at",
        }
    }
}

/// The group that events happen in which happen only in groups.
pub(super) const GROUP: &str = "120363000000000001@g.us";

/// What is said in a sample.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// How phone numbers are written, unless a place says otherwise.
    pub(super) addresses: &'static str,
    pub(super) event: String,
    pub(super) instance: String,
    pub(super) event_id: String,
    pub(super) id: String,
    pub(super) target: String,
    /// `None` for the private chat of whoever it is from.
    pub(super) chat: Option<String>,
    pub(super) from: String,
    pub(super) lid: String,
    pub(super) name: String,
    pub(super) text: String,
    pub(super) at: DateTime<Utc>,
    pub(super) me: String,
    pub(super) token: String,
}

/// What belongs in a place.
enum Filling {
    Text(String),
    Json(String),
    /// Nothing: the member is left out.
    Nothing,
}

impl Facts {
    fn is_group(&self) -> bool {
        self.chat.as_deref().is_some_and(|chat| chat.ends_with("@g.us"))
    }

    /// Whether others than the two of a private chat read it.
    fn is_shared(&self) -> bool {
        self.is_group() || self.chat.as_deref().is_some_and(|chat| chat.ends_with("@broadcast"))
    }

    /// What belongs in the place of this name; `None` when it is not one.
    fn filling(&self, place: &str) -> Option<Filling> {
        let (name, form) = match place.split_once(':') {
            Some((name, form)) => (name, Some(form)),
            None => (place, None),
        };
        let address = |of: &str| written(of, form.unwrap_or(self.addresses));
        let only = |when: bool, of: &str| match when {
            true => Filling::Text(address(of)),
            false => Filling::Nothing,
        };
        let appended = |of: &str| match self.is_shared() {
            true => Filling::Text(format!("_{}", address(of))),
            false => Filling::Text(String::new()),
        };
        let chat = self.chat.as_deref().unwrap_or(&self.from);
        Some(match name {
            "event" => Filling::Text(self.event.clone()),
            "instance" => Filling::Text(self.instance.clone()),
            "event_id" => Filling::Text(self.event_id.clone()),
            "id" => Filling::Text(self.id.clone()),
            "target" => Filling::Text(self.target.clone()),
            "lid" => Filling::Text(self.lid.clone()),
            "name" => Filling::Text(self.name.clone()),
            "text" => Filling::Text(self.text.clone()),
            "token" => Filling::Text(self.token.clone()),
            "at" => match form {
                Some("s") => Filling::Json(self.at.timestamp().to_string()),
                Some("ms") => Filling::Json(self.at.timestamp_millis().to_string()),
                _ => Filling::Text(self.at.to_rfc3339_opts(SecondsFormat::Millis, true)),
            },
            "from" => Filling::Text(address(&self.from)),
            "me" => Filling::Text(address(&self.me)),
            "chat" | "to" => Filling::Text(address(chat)),
            "group" => only(self.is_group(), chat),
            "the_group" => only(true, if self.is_group() { chat } else { GROUP }),
            "member" => only(self.is_shared(), &self.from),
            "_member" => appended(&self.from),
            "_we" => appended(&self.me),
            "is_group" => Filling::Json(self.is_group().to_string()),
            "is_status" => Filling::Json((chat == "status@broadcast").to_string()),
            _ => return None,
        })
    }

    /// Whether what belongs in the place of this name depends on the fact.
    fn decides(&self, fact: Fact, place: &str) -> bool {
        let name = place.split(':').next().unwrap_or_default();
        let shared = self.is_shared();
        match fact {
            Fact::Chat => match name {
                "chat" | "to" => true,
                "group" | "the_group" => self.is_group(),
                // A private chat is that of whoever it is from.
                "from" => !shared,
                _ => false,
            },
            Fact::From => match name {
                "from" => true,
                "member" | "_member" => shared,
                "chat" => !shared,
                _ => false,
            },
            fact => name == fact.as_str(),
        }
    }
}

/// A phone number as a gateway writes it. What is no phone number stays as it is.
fn written(address: &str, form: &str) -> String {
    let bare = address.strip_suffix("@c.us").or_else(|| address.strip_suffix("@s.whatsapp.net"));
    let bare = bare.unwrap_or(address);
    let digits = bare.strip_prefix('+').unwrap_or(bare);
    let is_phone = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match form {
        "opaque" if is_phone => format!("chat_{digits}"),
        "opaque" => match address.split_once('@') {
            Some((user, _)) => format!("chat_{user}"),
            None => address.to_owned(),
        },
        _ if !is_phone => address.to_owned(),
        "digits" => digits.to_owned(),
        "plus" => format!("+{digits}"),
        server => format!("{digits}@{server}"),
    }
}

/// JSON with places in it.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Object(Vec<Member>),
    List(Vec<Node>),
    /// A value, written as it is.
    Raw(Box<str>),
    /// A text with places in it.
    Places(Box<str>),
}

#[derive(Clone, Debug)]
pub(super) struct Member {
    name: String,
    /// Whether the name has places.
    places: bool,
    value: Node,
}

impl Member {
    fn plain(name: &str, value: Node) -> Self {
        Self { name: name.to_owned(), places: false, value }
    }
}

const NULL: &str = "null";

impl Node {
    pub(super) fn null() -> Self {
        Self::Raw(NULL.into())
    }

    /// The JSON of a sample.
    pub(super) fn of_sample(json: &str) -> Option<Self> {
        Self::read(json.trim(), true)
    }

    /// The JSON of a user: what looks like a place is none.
    pub(super) fn of_user(json: &str) -> Option<Self> {
        Self::read(json.trim(), false)
    }

    fn read(json: &str, places: bool) -> Option<Self> {
        Some(match json.bytes().next()? {
            b'{' => {
                let member = |(name, value): (Cow<'_, str>, &str)| {
                    let value = Self::read(value, places)?;
                    let places = places && name.contains('{');
                    Some(Member { name: name.into_owned(), places, value })
                };
                Self::Object(Members::of(json).ok()?.iter().map(member).collect::<Option<_>>()?)
            }
            b'[' => {
                let values: Vec<&RawValue> = serde_json::from_str(json).ok()?;
                let values = values.into_iter().map(|value| Self::read(value.get(), places));
                Self::List(values.collect::<Option<_>>()?)
            }
            b'"' if places && json.contains('{') => match serde_json::from_str::<String>(json) {
                Ok(text) => Self::Places(text.into()),
                Err(_) => Self::Raw(json.into()),
            },
            _ => Self::Raw(json.into()),
        })
    }

    /// With the payload in its place.
    pub(super) fn around(self, payload: &Self) -> Self {
        match self {
            Self::Places(text) if &*text == "{payload}" => payload.clone(),
            Self::Object(members) => Self::Object(
                members
                    .into_iter()
                    .map(|member| Member { value: member.value.around(payload), ..member })
                    .collect(),
            ),
            other => other,
        }
    }

    /// Puts a value at a place. Objects and lists on the way are made when they are
    /// missing; a list grows by one element at its end.
    pub(super) fn set(&mut self, path: &str, value: Self) -> Result<(), String> {
        let mut place = self;
        for step in steps(path)? {
            if matches!(place, Self::Raw(raw) if &**raw == NULL) {
                *place = match step {
                    Segment::Member(_) => Self::Object(Vec::new()),
                    _ => Self::List(Vec::new()),
                };
            }
            place = match (place, step) {
                (Self::Object(members), Segment::Member(name)) => {
                    let at = members.iter().position(|member| member.name == name);
                    let at = at.unwrap_or_else(|| {
                        members.push(Member::plain(&name, Self::null()));
                        members.len().saturating_sub(1)
                    });
                    members.get_mut(at).map(|member| &mut member.value)
                }
                (Self::List(values), Segment::Element(at)) => {
                    if at == values.len() {
                        values.push(Self::null());
                    }
                    values.get_mut(at)
                }
                _ => None,
            }
            .ok_or_else(|| format!("the body has no place for {path}"))?;
        }
        *place = value;
        Ok(())
    }

    /// Takes out the value at a place.
    pub(super) fn remove(&mut self, path: &str) -> Result<(), String> {
        let steps = steps(path)?;
        let absent = || format!("the body has no {path}");
        let (last, before) = steps.split_last().ok_or_else(absent)?;
        let mut place = self;
        for step in before {
            place = match (place, step) {
                (Self::Object(members), Segment::Member(name)) => members
                    .iter_mut()
                    .find(|member| member.name == *name)
                    .map(|member| &mut member.value),
                (Self::List(values), Segment::Element(at)) => values.get_mut(*at),
                _ => None,
            }
            .ok_or_else(absent)?;
        }
        let is_there = match (place, last) {
            (Self::Object(members), Segment::Member(name)) => {
                let before = members.len();
                members.retain(|member| member.name != *name);
                members.len() < before
            }
            (Self::List(values), Segment::Element(at)) if *at < values.len() => {
                values.remove(*at);
                true
            }
            _ => false,
        };
        if is_there { Ok(()) } else { Err(absent()) }
    }

    /// Whether what is written depends on the fact.
    pub(super) fn depends(&self, fact: Fact, facts: &Facts) -> bool {
        let decided = |text: &str| {
            parts(text)
                .iter()
                .any(|part| matches!(part, Part::Place(place) if facts.decides(fact, place)))
        };
        match self {
            Self::Object(members) => members.iter().any(|member| {
                (member.places && decided(&member.name)) || member.value.depends(fact, facts)
            }),
            Self::List(values) => values.iter().any(|value| value.depends(fact, facts)),
            Self::Raw(_) => false,
            Self::Places(text) => decided(text),
        }
    }

    /// The JSON text, with every place filled.
    pub(super) fn write(&self, facts: &Facts) -> String {
        self.filled(facts).unwrap_or_else(|| NULL.to_owned())
    }

    /// `None` when nothing belongs there.
    fn filled(&self, facts: &Facts) -> Option<String> {
        let listed = |open: char, values: Vec<String>, close: char| {
            format!("{open}{}{close}", values.join(","))
        };
        Some(match self {
            Self::Raw(raw) => raw.to_string(),
            Self::Places(text) => match fill(text, facts) {
                Filling::Text(text) => quoted(&text),
                Filling::Json(json) => json,
                Filling::Nothing => return None,
            },
            Self::List(values) => {
                listed('[', values.iter().filter_map(|value| value.filled(facts)).collect(), ']')
            }
            Self::Object(members) => {
                let member = |member: &Member| {
                    let name = match member.places.then(|| fill(&member.name, facts)) {
                        Some(Filling::Text(name)) => quoted(&name),
                        _ => quoted(&member.name),
                    };
                    Some(format!("{name}:{}", member.value.filled(facts)?))
                };
                listed('{', members.iter().filter_map(member).collect(), '}')
            }
        })
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// A piece of a text.
enum Part<'a> {
    Plain(&'a str),
    Place(&'a str),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut pieces = text.split('{');
    parts.extend(pieces.next().map(Part::Plain));
    for piece in pieces {
        match piece.split_once('}') {
            Some((place, after)) => {
                parts.push(Part::Place(place));
                parts.push(Part::Plain(after));
            }
            None => parts.extend([Part::Plain("{"), Part::Plain(piece)]),
        }
    }
    parts
}

/// A text with its places filled. A single place may be another value than a text.
fn fill(text: &str, facts: &Facts) -> Filling {
    let mut filled = String::new();
    for part in parts(text) {
        match part {
            Part::Plain(plain) => filled.push_str(plain),
            Part::Place(place) => match facts.filling(place) {
                Some(Filling::Text(value)) => filled.push_str(&value),
                Some(Filling::Json(value)) if text.len() == place.len().saturating_add(2) => {
                    return Filling::Json(value);
                }
                Some(Filling::Json(value)) => filled.push_str(&value),
                Some(Filling::Nothing) => return Filling::Nothing,
                // Braces that mean themselves. Writing to a string cannot fail.
                None => drop(write!(filled, "{{{place}}}")),
            },
        }
    }
    Filling::Text(filled)
}

/// The steps of a path written as `Path` writes itself: `data.items[2]["a.b"].id`.
fn steps(path: &str) -> Result<Vec<Segment>, String> {
    let unclear = || format!("{path:?} is not a path such as data.items[2].id");
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("[\"") {
            let (_, after) = quoted.split_once("\"]").ok_or_else(unclear)?;
            let name = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(after));
            let name = name.and_then(|name| name.strip_suffix(']')).ok_or_else(unclear)?;
            steps.push(Segment::Member(serde_json::from_str(name).map_err(|_| unclear())?));
            rest = after;
        } else if let Some(index) = rest.strip_prefix('[') {
            let (index, after) = index.split_once(']').ok_or_else(unclear)?;
            steps.push(Segment::Element(index.parse().map_err(|_| unclear())?));
            rest = after;
        } else {
            let name = if steps.is_empty() { Some(rest) } else { rest.strip_prefix('.') };
            let name = name.ok_or_else(unclear)?;
            let after = name.find(['.', '[']).and_then(|end| name.get(end..)).unwrap_or_default();
            let name = name.strip_suffix(after).filter(|name| !name.is_empty());
            steps.push(Segment::Member(name.ok_or_else(unclear)?.to_owned()));
            rest = after;
        }
    }
    if steps.is_empty() { Err(unclear()) } else { Ok(steps) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::json::Path;

    fn facts() -> Facts {
        Facts {
            addresses: "c.us",
            event: "message".into(),
            instance: "cantina".into(),
            event_id: "evt_1".into(),
            id: "3A00".into(),
            target: "3EB0".into(),
            chat: None,
            from: "+5511999990001".into(),
            lid: "100000000000001@lid".into(),
            name: "Ana".into(),
            text: "oi \"{id}\" 🍽️".into(),
            at: DateTime::from_timestamp(1_770_733_424, 5_000_000).unwrap(),
            me: "5511888880001".into(),
            token: "exemplo".into(),
        }
    }

    #[test]
    fn places_are_filled_once_and_members_keep_their_order() {
        let node = Node::of_sample(
            r#"{"z":"{text}","id":"false_{chat}_{id}{_member}","a":"{at:s}","b":["{at:ms}","{at:iso}"],
                "c":"{member}","d":"{is_group}","e":"{\"x\":1} {no} {","{from}":1.50,"f":"\ud83d{","g":"{from:plus}"}"#,
        );
        let node = node.unwrap();
        assert_eq!(
            node.write(&facts()),
            concat!(
                r#"{"z":"oi \"{id}\" 🍽️","id":"false_5511999990001@c.us_3A00","a":1770733424,"#,
                r#""b":[1770733424005,"2026-02-10T14:23:44.005Z"],"d":false,"#,
                r#""e":"{\"x\":1} {no} {","5511999990001@c.us":1.50,"f":"\ud83d{","g":"+5511999990001"}"#,
            )
        );
        let group = Facts { chat: Some(GROUP.into()), ..facts() };
        let written = node.write(&group);
        assert!(
            written.contains(r#""id":"false_120363000000000001@g.us_3A00_5511999990001@c.us""#)
        );
        assert!(written.contains(r#""c":"5511999990001@c.us","d":true"#), "{written}");
        for (fact, alone, in_group) in [
            (Fact::Text, true, true),
            (Fact::Id, true, true),
            (Fact::Chat, true, true),
            (Fact::From, true, true),
            (Fact::Name, false, false),
            (Fact::Target, false, false),
        ] {
            assert_eq!(node.depends(fact, &facts()), alone, "{fact:?}");
            assert_eq!(node.depends(fact, &group), in_group, "{fact:?}");
        }
    }

    #[test]
    fn a_phone_number_is_written_in_any_form_and_nothing_else_is() {
        for (given, form, expected) in [
            ("+5511999990001", "digits", "5511999990001"),
            ("5511999990001", "plus", "+5511999990001"),
            ("5511999990001@s.whatsapp.net", "c.us", "5511999990001@c.us"),
            ("5511999990001@c.us", "plus", "+5511999990001"),
            ("100000000000001@lid", "c.us", "100000000000001@lid"),
            ("100000000000001@lid", "opaque", "chat_100000000000001"),
            ("5511999990001", "opaque", "chat_5511999990001"),
            ("chat_19aa", "opaque", "chat_19aa"),
            ("BR.100000000000001", "plus", "BR.100000000000001"),
            ("ana@example.org", "plus", "ana@example.org"),
        ] {
            assert_eq!(written(given, form), expected, "{given} {form}");
        }
    }

    #[test]
    fn a_value_is_set_or_taken_out_by_its_path() {
        let mut node = Node::of_sample(r#"{"a":{"b":[1,{"c":"{id}"}]},"n":null}"#).unwrap();
        let user = |json| Node::of_user(json).unwrap();
        node.set("a.b[1].c", user(r#""{id}""#)).unwrap();
        node.set("a.b[2]", user("2.50")).unwrap();
        node.set("n.new.deep", user("{\"x\":[]}")).unwrap();
        node.set(r#"["user.id"]"#, user("true")).unwrap();
        assert_eq!(
            node.write(&facts()),
            r#"{"a":{"b":[1,{"c":"{id}"},2.50]},"n":{"new":{"deep":{"x":[]}}},"user.id":true}"#
        );
        node.remove("a.b[0]").unwrap();
        node.remove("n.new").unwrap();
        assert_eq!(
            node.write(&facts()),
            r#"{"a":{"b":[{"c":"{id}"},2.50]},"n":{},"user.id":true}"#
        );
        for path in ["a.b.c", "a.b[9]", "a.b[0].c.d", "", "a..b", "a[", "[\"a", "a[x]", "a]b.[1"] {
            let refused = node.set(path, Node::null());
            assert!(refused.is_err() || path == "a]b.[1", "{path}");
            assert!(node.remove(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_path_is_read_as_it_is_written() {
        for path in ["data.items[2].id", "a", "[0].b", r#"data["a.b"].c"#, r#"["x\"]y"]"#] {
            let read = steps(path);
            if path.contains("\"]y") {
                assert!(read.is_err());
                continue;
            }
            assert_eq!(Path::from(read.unwrap()).to_string(), path);
        }
    }
}
