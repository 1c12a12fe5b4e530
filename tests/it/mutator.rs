//! Bodies with something wrong in them: a fixture with one to four of its values dropped,
//! retyped, doubled, exchanged, blown up or cut, or with a part of another fixture in it.

use std::ops::Range;

/// Small, and the same each time for a seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Self(seed ^ 0x9E37_79B9_7F4A_7C15);
        // Seeds that are close to one another begin apart.
        for _ in 0..4 {
            random.below(2);
        }
        random
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// What is in the place of a value: each type, and each form in which some gateway writes
/// a time, a number, a list or an id.
const ODD: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-1",
    "7",
    "1.5",
    r#""""#,
    r#""x""#,
    r#""12""#,
    r#""2026-02-01T12:30:00Z""#,
    r#""5511987654321@s.whatsapp.net""#,
    "[]",
    "[[]]",
    "[0]",
    "[null]",
    r#"["a",1,{}]"#,
    "{}",
    r#"{"a":1}"#,
    r#"{"0":1}"#,
    r#"{"0":"a","1":{}}"#,
    r#"{"id":"a"}"#,
    r#"{"low":1,"high":0,"unsigned":true}"#,
    r#"{"_serialized":"a"}"#,
    r#"{"type":"Buffer","data":[1,2]}"#,
];

/// Numbers at the edges of what can be read, and past them.
const EXTREME: &[&str] = &[
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "123456789012345678901234567890",
    "-0",
    "-0.0",
    "1e3",
    "1E-3",
    "1e400",
    "-1e400",
    "4.9e-324",
    "253402300800",
    "253402300800000",
    r#""99999999999999999999""#,
    r#"{"low":-1,"high":2147483647,"unsigned":false}"#,
    r#"{"low":4294967295,"high":4294967295,"unsigned":true}"#,
];

/// Texts with half a character, or with one that is hard to keep.
const CUT: &[&str] = &[
    r"\ud83d",
    r"\ude00",
    r"\ude00\ud83d",
    r"\ud83d\ud83d\ude00",
    r"\\ud83d",
    r"\ud83d\n",
    r"\ud83d\u0041",
    r"\u0000",
    r"\uffff",
    "\u{feff}",
    "\u{202e}",
];

/// Names that mean something in one place or another.
const NAMES: &[&str] = &[
    "id",
    "key",
    "type",
    "event",
    "data",
    "payload",
    "instance",
    "instanceId",
    "session",
    "timestamp",
    "_serialized",
    "0",
    "",
    r"\ud83d",
    r"\u0065vent",
    "$serde_json::private::RawValue",
    "$serde_json::private::Number",
];

/// A value of a JSON text, and the member or element that holds it.
#[derive(Clone)]
struct Place {
    value: Range<usize>,
    /// With its name; the same as the value in a list.
    whole: Range<usize>,
    /// The name without its quotes.
    name: Option<Range<usize>>,
    depth: usize,
}

/// Every value of a text but the outermost, as far as it can be read.
fn places(text: &str) -> Vec<Place> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0, found: Vec::new() };
    scan.value(0);
    scan.found
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    found: Vec<Place>,
}

impl Scan<'_> {
    fn peek(&mut self) -> Option<u8> {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn text(&mut self) -> Option<Range<usize>> {
        let start = self.at + 1;
        self.at = start;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(start..self.at - 1)
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        if depth > 60 {
            return None;
        }
        match self.peek()? {
            b'"' => {
                self.text()?;
            }
            open @ (b'{' | b'[') => {
                self.at += 1;
                loop {
                    match self.peek()? {
                        b'}' | b']' => break,
                        b',' => self.at += 1,
                        _ => self.inside(open == b'{', depth + 1)?,
                    }
                }
                self.at += 1;
            }
            _ => {
                let rest = &self.bytes[self.at..];
                let ends =
                    |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
                let length = rest.iter().position(ends).unwrap_or(rest.len());
                self.at += length.max(1);
            }
        }
        Some(())
    }

    fn inside(&mut self, is_member: bool, depth: usize) -> Option<()> {
        let whole = self.at;
        let mut name = None;
        if is_member {
            name = Some(self.text()?);
            (self.peek()? == b':').then_some(())?;
            self.at += 1;
            self.peek()?;
        }
        let value = self.at;
        self.value(depth)?;
        self.found.push(Place { value: value..self.at, whole: whole..self.at, name, depth });
        Some(())
    }
}

/// The kinds of change, by name.
pub const KINDS: &[&str] = &[
    "drop",
    "retype",
    "duplicate",
    "rename",
    "swap",
    "truncate",
    "extreme",
    "surrogate",
    "mark",
    "nest",
    "wrap",
    "splice",
    "bytes",
];

/// Replaces, and keeps the text one.
fn replace(text: &mut String, at: Range<usize>, with: &str) {
    if text.is_char_boundary(at.start) && text.is_char_boundary(at.end) {
        text.replace_range(at, with);
    }
}

/// A body made of this one, with one to four changes. `other` gives the parts that are
/// spliced in.
pub fn mutated(body: &str, other: &str, random: &mut Random) -> Vec<u8> {
    let mut text = body.to_owned();
    for _ in 0..=random.below(4) {
        let kind = random.below(KINDS.len());
        if KINDS[kind] == "bytes" && random.below(4) == 0 {
            return bytes(text.into_bytes(), random);
        }
        change(&mut text, KINDS[kind], other, random);
    }
    text.into_bytes()
}

/// A byte or a few of it are others: the only kind whose result may be no text.
fn bytes(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.below(4) {
        let (at, byte) = (random.below(bytes.len()), random.below(256));
        if let Some(place) = bytes.get_mut(at) {
            *place = u8::try_from(byte).unwrap();
        }
    }
    bytes
}

fn change(text: &mut String, kind: &str, other: &str, random: &mut Random) {
    let places = places(text);
    if places.is_empty() {
        return;
    }
    // Half of them near the outside, where it is decided what an event is.
    let mut place = places[random.below(places.len())].clone();
    if random.below(2) == 0 {
        let outer: Vec<&Place> = places.iter().filter(|place| place.depth <= 2).collect();
        if let Some(outer) = outer.get(random.below(outer.len())) {
            place = (*outer).clone();
        }
    }
    let whole = text[place.whole.clone()].to_owned();
    let value = text[place.value.clone()].to_owned();
    match kind {
        "drop" => {
            let before = text[..place.whole.start].trim_end().ends_with(',');
            let comma = match before {
                true => text[..place.whole.start].rfind(',').unwrap()..place.whole.end,
                false => {
                    let rest = &text[place.whole.end..];
                    let after = rest.len() - rest.trim_start().len();
                    let comma = usize::from(rest.trim_start().starts_with(','));
                    place.whole.start..place.whole.end + if comma == 1 { after + 1 } else { 0 }
                }
            };
            replace(text, comma, "");
        }
        "retype" => replace(text, place.value, random.pick(ODD)),
        "extreme" => replace(text, place.value, random.pick(EXTREME)),
        "duplicate" => {
            let again = match (random.below(3), &place.name) {
                (0, Some(name)) => {
                    format!("{whole},\"{}\":{}", &text[name.clone()], random.pick(ODD))
                }
                (1, Some(name)) => {
                    format!("\"{}\":{},{whole}", &text[name.clone()], random.pick(ODD))
                }
                _ => format!("{whole},{whole}"),
            };
            replace(text, place.whole, &again);
        }
        "rename" => {
            let name = random.pick(NAMES);
            match place.name {
                Some(at) => replace(text, at, name),
                None => replace(text, place.value, &format!("{{\"{name}\":{value}}}")),
            }
        }
        "swap" => {
            let with = &places[random.below(places.len())];
            let apart = with.value.end <= place.value.start || place.value.end <= with.value.start;
            if apart {
                let (first, second) = match with.value.start < place.value.start {
                    true => (with.value.clone(), place.value),
                    false => (place.value, with.value.clone()),
                };
                let texts = [first.clone(), second.clone()].map(|at| text[at].to_owned());
                replace(text, second, &texts[0]);
                replace(text, first, &texts[1]);
            }
        }
        "truncate" => {
            let mut at = random.below(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.truncate(at);
        }
        "surrogate" => {
            let cut = random.pick(CUT);
            match (value.starts_with('"'), place.name) {
                (true, _) => replace(text, place.value.end - 1..place.value.end - 1, cut),
                (false, Some(name)) => replace(text, name.end..name.end, cut),
                (false, None) => replace(text, place.value, &format!("\"{cut}\"")),
            }
        }
        "mark" => {
            let around = ["\u{feff}", " ", "\n", "\0", "x", "{}", ","];
            let at = if random.below(2) == 0 { 0 } else { text.len() };
            replace(text, at..at, random.pick(&around));
        }
        "nest" => {
            let depth = [2, 60, 126, 127, 128, 129, 500, 5000][random.below(8)];
            let (open, close) = if random.below(2) == 0 { ("[", "]") } else { ("{\"a\":", "}") };
            replace(text, place.value, &(open.repeat(depth) + &value + &close.repeat(depth)));
        }
        "wrap" => {
            let wrapped = match random.below(4) {
                0 => format!("[{value}]"),
                1 => format!("{{\"0\":{value}}}"),
                2 => format!("[{value},{value}]"),
                _ => format!("{{\"0\":{value},\"1\":{}}}", random.pick(ODD)),
            };
            replace(text, place.value, &wrapped);
        }
        "splice" => {
            let parts = self::places(other);
            if parts.is_empty() {
                return;
            }
            let part = &parts[random.below(parts.len())];
            let part = match (random.below(2), &part.name, &place.name) {
                (0, Some(_), Some(_)) => format!("{whole},{}", &other[part.whole.clone()]),
                _ => return replace(text, place.value, &other[part.value.clone()]),
            };
            replace(text, place.whole, &part);
        }
        _ => {
            let at = place.value;
            let mut bytes = text[at.clone()].to_owned().into_bytes();
            let ascii = b"\"\\{}[],:0-9.eEtfn \t"[random.below(19)];
            let which = random.below(bytes.len());
            if bytes.get(which).is_some_and(u8::is_ascii) {
                bytes[which] = ascii;
            }
            replace(text, at, &String::from_utf8(bytes).unwrap());
        }
    }
}
