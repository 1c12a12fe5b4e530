//! JSON written by hand: read with the position of errors, and formatted for
//! reading. Part of `inspect.rs`.

use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// What is wrong, and where. It does not contain values: those are secrets.
pub(crate) struct Fault(String);

impl Fault {
    pub(crate) fn new(text: impl fmt::Display) -> Self {
        Self(text.to_string())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A value and its position.
pub(crate) struct Value<'a> {
    path: String,
    json: &'a RawValue,
}

impl<'a> Value<'a> {
    pub(crate) fn new(path: &str, json: &'a RawValue) -> Self {
        Self { path: path.to_owned(), json }
    }

    /// The same value under another name.
    pub(crate) fn at(self, path: String) -> Self {
        Self { path, ..self }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn fault(&self, flaw: impl fmt::Display) -> Fault {
        Fault(format!("{}: {flaw}", self.path))
    }

    fn read<T: Deserialize<'a>>(&self, expected: &str) -> Result<T, Fault> {
        // What serde would say quotes the value.
        serde_json::from_str(self.json.get()).map_err(|_| {
            let found = match self.json.get().bytes().next() {
                Some(b'{') => "an object",
                Some(b'[') => "a list",
                Some(b'"') => "a text",
                Some(b't' | b'f') => "a boolean",
                Some(b'n') => "null",
                _ => "a number",
            };
            self.fault(format_args!("expected {expected}, found {found}"))
        })
    }

    pub(crate) fn text(&self) -> Result<String, Fault> {
        self.read("a text")
    }

    pub(crate) fn boolean(&self) -> Result<bool, Fault> {
        self.read("true or false")
    }

    pub(crate) fn number(&self) -> Result<f64, Fault> {
        self.read("a number")
    }

    pub(crate) fn is_list(&self) -> bool {
        self.json.get().starts_with('[')
    }

    pub(crate) fn is_object(&self) -> bool {
        self.json.get().starts_with('{')
    }

    pub(crate) fn list(&self) -> Result<Vec<Value<'a>>, Fault> {
        let items: Vec<&RawValue> = self.read("a list")?;
        let item = |(index, json)| Value { path: format!("{}[{index}]", self.path), json };
        Ok(items.into_iter().enumerate().map(item).collect())
    }

    /// The members of an object, without repeated ones and without `null`.
    pub(crate) fn members(&self) -> Result<Vec<(String, Value<'a>)>, Fault> {
        let Members(members) = self.read("an object")?;
        let mut read: Vec<(String, Value<'_>)> = Vec::new();
        for (name, json) in members {
            let value = Value { path: format!("{}.{name}", self.path), json };
            if read.iter().any(|(other, _)| *other == name) {
                return Err(value.fault("appears more than once"));
            }
            read.push((name, value));
        }
        read.retain(|(_, value)| value.json.get() != "null");
        Ok(read)
    }

    /// An object of exactly these members; those that may be absent come last.
    pub(crate) fn parts<const ALL: usize>(
        &self,
        names: [&str; ALL],
        required: usize,
    ) -> Result<[Option<Value<'a>>; ALL], Fault> {
        let mut parts = [const { None }; ALL];
        for (name, value) in self.members()? {
            match names.iter().position(|known| *known == name) {
                Some(place) => parts[place] = Some(value),
                None => return Err(value.fault("not known here")),
            }
        }
        match parts.iter().take(required).position(Option::is_none) {
            Some(missing) => Err(self.fault(format_args!("`{}` is missing", names[missing]))),
            None => Ok(parts),
        }
    }
}

/// Members in their order, repeated ones too.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// Valid JSON without white space between its values, each of them spelled as it
/// was: on one line, whatever it holds.
pub(crate) fn compact(json: &str) -> String {
    let mut set = String::with_capacity(json.len());
    let mut chars = json.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' => push_text(&mut set, &mut chars),
            _ if char.is_ascii_whitespace() => {}
            _ => set.push(char),
        }
    }
    set
}

/// A string whose opening quotation mark has been read.
fn push_text(into: &mut String, chars: &mut Peekable<Chars<'_>>) {
    into.push('"');
    let mut escaped = false;
    for char in chars.by_ref() {
        into.push(char);
        match char {
            '"' if !escaped => break,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
}

/// Valid JSON with a line for every value, and every value spelled as it was.
pub(crate) fn indented(json: &str) -> String {
    fn line(into: &mut String, depth: usize) {
        into.push('\n');
        into.extend(std::iter::repeat_n("  ", depth));
    }

    let mut set = String::with_capacity(json.len() * 2);
    let mut depth = 0;
    let mut chars = json.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '{' | '[' => {
                set.push(char);
                while chars.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = chars.next_if(|next| matches!(next, '}' | ']')) {
                    set.push(end);
                } else {
                    depth += 1;
                    line(&mut set, depth);
                }
            }
            '}' | ']' => {
                depth -= 1;
                line(&mut set, depth);
                set.push(char);
            }
            ',' => {
                set.push(char);
                line(&mut set, depth);
            }
            ':' => set.push_str(": "),
            '"' => push_text(&mut set, &mut chars),
            _ if char.is_ascii_whitespace() => {}
            _ => set.push(char),
        }
    }
    set
}
