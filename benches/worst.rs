//! The most that an authentic body may cost: for each gateway the slowest body per byte
//! and the one that takes the most memory, as a search finds them.
//!
//! ```text
//! cargo bench --bench worst                        # the search, and the tables
//! cargo bench --bench worst -- --bodies 20000      # a longer search
//! cargo bench --bench worst -- --each              # first every place with every list
//! cargo bench --bench worst -- --only wawp,zavu    # of some gateways
//! cargo bench --bench worst -- --test              # small, to see that it runs
//! ```
//!
//! The search puts something odd in a random place of a random fixture, blown up to 100 kB:
//! lists and numbered objects of elements that do not fit or that take much more memory
//! than text, long texts of escapes, huge numbers, deep nesting, members that are repeated.
//! It changes up to forty other values to a type that does not fit, cuts a text inside a
//! character, writes members back to front, and goes on from the worst bodies found so
//! far. With `--each` it begins with lists and numbered objects of each kind of element in
//! each place that some fixture has, and a second time with something odd beside them. The
//! forty worst are then built as long as the gateway sends them, at most 30 MiB, and the two
//! that are worst there at 1 kB, 100 kB and 10 MB too.
//!
//! A body is received with a policy that asks for nothing, and its key is computed, so the
//! figures are of parsing alone. Memory is the most that was allocated at a time, besides
//! the body itself: the delivery with everything that was set aside, and whatever was
//! needed on the way.
//!
//! Times are what this thread had of a processor, as Linux counts it, so that other work
//! on the machine does not lengthen them; elsewhere they are by the clock. Since the count
//! may move in steps, a body is received again and again for 20 ms or more. Of three such
//! times the shortest counts.
//!
//! The last table is of bodies without any credential. It compares with a skipping scan of
//! the same body (`serde_json`'s `IgnoredAny`).

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde::de::IgnoredAny;
use zaphook::{EazeWa, EnviaAi, Evolution, Gateway, Receiver, Request, Secret, Token, Wawp, Zavu};

const SEARCHED: usize = 100_000;
/// How many bodies are built at full length: which of them is worst differs from length to
/// length, and from run to run where they are close.
const CANDIDATES: usize = 40;
const MEASURED: Duration = Duration::from_millis(20);
const MEGABYTE: usize = 1024 * 1024;

fn main() {
    let settings = Settings::from_arguments();
    let sizes = match settings.test {
        true => vec![1_000, 20_000],
        false => vec![1_000, 100_000, 10_000_000, 30 * MEGABYTE],
    };
    println!("# Authentic bodies\n");
    println!("ns per byte, and memory as a multiple of the body\n");
    let mut header = "| gateway | worst in | body |".to_owned();
    for size in &sizes {
        let _ = write!(header, " {} |", named(*size));
    }
    println!("{header}\n|---|---|---|{}", "---|".repeat(sizes.len()));
    for gateway in gateways() {
        if settings.includes(gateway.name) {
            worst(&gateway, &settings, &sizes);
        }
    }
    println!("\n# Bodies without a credential\n");
    unauthenticated(if settings.test { 20_000 } else { 31 * MEGABYTE });
}

/// What this thread has had of a processor so far; without Linux, the time that has passed.
fn processor_time(began: Instant) -> Duration {
    let counted = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let time = counted.and_then(|text| text.split(' ').next()?.parse().ok());
    time.map_or_else(|| began.elapsed(), Duration::from_nanos)
}

/// How long something takes, once.
fn timed(run: impl Fn()) -> Duration {
    let clock = Instant::now();
    let began = processor_time(clock);
    let mut times = 0;
    loop {
        run();
        times += 1;
        let took = processor_time(clock) - began;
        if took >= MEASURED {
            return took / times;
        }
    }
}

struct Settings {
    test: bool,
    bodies: usize,
    each: bool,
    only: Option<Vec<String>>,
}

impl Settings {
    fn from_arguments() -> Self {
        let arguments: Vec<String> = std::env::args().collect();
        let after = |name: &str| {
            let at = arguments.iter().position(|argument| argument == name)?;
            arguments.get(at + 1).cloned()
        };
        let test = arguments.iter().any(|argument| argument == "--test");
        let bodies = after("--bodies").map(|bodies| bodies.parse().expect("a number of bodies"));
        Self {
            test,
            each: arguments.iter().any(|argument| argument == "--each"),
            bodies: bodies.unwrap_or(if test { 20 } else { 1_500 }),
            only: after("--only").map(|only| only.split(',').map(str::to_owned).collect()),
        }
    }

    fn includes(&self, gateway: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|name| name == gateway))
    }
}

fn named(size: usize) -> String {
    match size {
        size if size.is_multiple_of(MEGABYTE) => format!("{} MiB", size / MEGABYTE),
        size if size >= 1_000_000 => format!("{} MB", size / 1_000_000),
        size => format!("{} kB", size / 1_000),
    }
}

/// A gateway, and how it receives a body that needs no proof.
struct Subject {
    name: &'static str,
    limit: usize,
    /// Whether it was readable.
    receive: Box<dyn Fn(&Bytes) -> bool>,
}

fn gateways() -> [Subject; 5] {
    [
        subject("enviaai", EnviaAi::unauthenticated()),
        subject("eazewa", EazeWa::unauthenticated()),
        subject("evolution", Evolution::unauthenticated()),
        subject("wawp", Wawp::unauthenticated()),
        subject("zavu", Zavu::unauthenticated()),
    ]
}

fn subject<G: Gateway>(name: &'static str, policy: G) -> Subject {
    let receiver = Receiver::new(policy);
    let limit = receiver.body_limit();
    let receive = move |body: &Bytes| {
        let request = Request::new(&[("", ""); 0], body.clone());
        let Ok(delivery) = receiver.receive(&request) else { return false };
        black_box(delivery.key());
        black_box(delivery);
        true
    };
    Subject { name, limit, receive: Box::new(receive) }
}

fn worst(gateway: &Subject, settings: &Settings, sizes: &[usize]) {
    let searched = if settings.test { 5_000 } else { SEARCHED };
    let fixtures = fixtures(gateway.name);
    let mut random = Random(0x5EED);
    let mut slowest: Vec<(f64, Recipe)> = Vec::new();
    let mut largest: Vec<(f64, Recipe)> = Vec::new();
    let each = if settings.each { Recipe::each(&fixtures, &mut random) } else { Vec::new() };
    for body in 0..each.len() + settings.bodies {
        let recipe = match (body % 4, body % 8) {
            _ if body < each.len() => each[body].clone(),
            (0, 0) if !slowest.is_empty() => random.pick(&slowest).1.varied(&fixtures, &mut random),
            (0, 4) if !largest.is_empty() => random.pick(&largest).1.varied(&fixtures, &mut random),
            _ => Recipe::new(&fixtures, &mut random),
        };
        let Some(text) = recipe.build(&fixtures, searched) else { continue };
        let body = Bytes::from(text);
        // Unreadable bodies are refused after one scan.
        let began = Instant::now();
        if !(gateway.receive)(&body) {
            continue;
        }
        // Most bodies are far from the worst.
        let once = began.elapsed().as_nanos() as f64 / body.len() as f64;
        let least = slowest.last().map_or(0.0, |slowest| slowest.0);
        let (mut time, mut memory) = (0.0, allocated(gateway, &body));
        if once > least * 0.8 {
            (time, memory) = cost(gateway, &body, Some(least));
        }
        keep(&mut slowest, time, &recipe);
        keep(&mut largest, memory, &recipe);
    }
    let is_sent = |size: usize| size <= gateway.limit.max(10_000_000);
    let longest = sizes.iter().copied().rfind(|size| is_sent(*size)).unwrap_or(searched);
    let measure = |recipe: &Recipe, size| {
        let body = Bytes::from(recipe.build(&fixtures, size).filter(|_| is_sent(size))?);
        Some(cost(gateway, &body, Some(0.0)))
    };
    for (what, mut found) in [("time", slowest), ("memory", largest)] {
        for (most, recipe) in &mut found {
            let (time, memory) = measure(recipe, longest).unwrap_or_default();
            *most = if what == "time" { time } else { memory };
        }
        found.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        for (_, recipe) in found.iter().take(if settings.test { 1 } else { 2 }) {
            let mut line = format!("| {} | {what} | {} |", gateway.name, recipe.named(&fixtures));
            for size in sizes {
                let _ = match measure(recipe, *size) {
                    Some((time, memory)) => write!(line, " {time:.1} ns, {memory:.1} × |"),
                    None => write!(line, " |"),
                };
            }
            println!("{line}");
        }
    }
}

/// The worst, each fixture and filling once.
fn keep(found: &mut Vec<(f64, Recipe)>, cost: f64, recipe: &Recipe) {
    let same = |other: &Recipe| other.fixture == recipe.fixture && other.filling == recipe.filling;
    if let Some(at) = found.iter().position(|(_, other)| same(other)) {
        if found[at].0 >= cost {
            return;
        }
        found.remove(at);
    }
    let at = found.partition_point(|(other, _)| *other >= cost);
    found.insert(at, (cost, recipe.clone()));
    found.truncate(CANDIDATES);
}

/// Nanoseconds per byte, and memory as a multiple of the body. What takes more than
/// this many nanoseconds is measured again, since something else may have been in the way.
fn cost(gateway: &Subject, body: &Bytes, than: Option<f64>) -> (f64, f64) {
    let length = body.len() as f64;
    let mut time = f64::INFINITY;
    for _ in 0..3 {
        let took = timed(|| {
            (gateway.receive)(body);
        });
        time = time.min(took.as_nanos() as f64 / length);
        if than.is_none_or(|than| time <= than) {
            break;
        }
    }
    (time, allocated(gateway, body))
}

/// The most memory at a time, as a multiple of the body.
fn allocated(gateway: &Subject, body: &Bytes) -> f64 {
    let measured = allocation_counter::measure(|| {
        (gateway.receive)(body);
    });
    measured.bytes_max as f64 / body.len() as f64
}

/// How to build a body of any size.
#[derive(Clone)]
struct Recipe {
    fixture: usize,
    /// The place that is filled.
    place: usize,
    filling: Filling,
    /// The places that are given a value of another type.
    odd: Vec<(usize, &'static str)>,
    /// Whether the members of the body are written back to front.
    backwards: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Filling {
    /// A list of this over and over; `@` is the value that was there.
    List(&'static str),
    /// An object of members with this value and names of their own.
    Object(&'static str),
    /// An object whose members are numbered from zero.
    Numbered(&'static str),
    /// This text over and over, between quotes.
    Text(&'static str),
    /// Digits, after this.
    Number(&'static str),
    /// Brackets inside brackets.
    Deep(&'static str, &'static str),
    /// The member itself over and over, or the element.
    Repeated,
    /// The value, with this many spaces before it.
    Space,
    /// The value, with a text as long as this in a member of its own beside it.
    Beside(&'static str),
}

const ELEMENTS: &[&str] = &[
    "0",
    "null",
    r#""""#,
    r#""a""#,
    "{}",
    "[]",
    "@",
    "@,0",
    "[@]",
    r#"{"0":@}"#,
    r#"{"id":""}"#,
    r#"{"id":0}"#,
    r#"{"id":[]}"#,
    r#"{"key":{}}"#,
    r#"{"key":{"id":""}}"#,
    r#"{"key":{"id":"","remoteJid":""}}"#,
    r#"{"key":{"id":"","remoteJid":""},"message":{}}"#,
    r#"{"id":{}}"#,
    r#"{"a":0}"#,
    "1e308",
    r#""\ud83d""#,
];
const TEXTS: &[&str] = &[
    "a",
    r"\\",
    r"\n",
    r"\u00e9",
    r"\ud83d",
    r"\ud83d\ude00",
    "é",
    "😀",
    "1",
    "AAAA",
    r#"{\"a\":"#,
];
const ODD: &[&str] =
    &["0", "[]", "{}", "true", r#""""#, r#"{"a":0}"#, "[0]", r#""\ud83d""#, "1e400", "null"];

impl Filling {
    fn new(random: &mut Random) -> Self {
        match random.below(16) {
            0..=4 => Self::List(random.one(ELEMENTS)),
            5 | 6 => Self::Object(random.one(ELEMENTS)),
            7..=9 => Self::Numbered(random.one(ELEMENTS)),
            10 | 11 => Self::Text(random.one(TEXTS)),
            12 => Self::Number(random.one(&["1", "0.", "1e", "-"])),
            13 => {
                let (open, close) = random.one(&[
                    ("[", "]"),
                    (r#"{"a":"#, "}"),
                    (r#"{"message":"#, "}"),
                    (r#"[{"id":"#, "}]"),
                ]);
                Self::Deep(open, close)
            }
            14 => match random.below(3) {
                0 => Self::Space,
                _ => Self::Repeated,
            },
            _ => Self::Beside(random.one(TEXTS)),
        }
    }

    fn named(self) -> String {
        match self {
            Self::List(element) => format!("[{element}, …]"),
            Self::Object(element) => format!("{{\"k0\": {element}, …}}"),
            Self::Numbered(element) => format!("{{\"0\": {element}, …}}"),
            Self::Text(text) => format!("\"{text}…\""),
            Self::Number(before) => format!("{before}111…"),
            Self::Deep(open, close) => format!("{open}…{close}"),
            Self::Repeated => "repeated".into(),
            Self::Space => "after white space".into(),
            Self::Beside(text) => format!("beside \"{text}…\""),
        }
    }

    /// Its text, of about this length. `before` is what comes before the value, if it is
    /// a member.
    fn write(self, before: &str, value: &str, length: usize) -> String {
        let times = |each: usize| length / each.max(1) + 1;
        match self {
            Self::List(element) => {
                let element = element.replace('@', value);
                format!("[{}]", vec![&*element; times(element.len() + 1)].join(","))
            }
            Self::Object(element) => {
                let element = element.replace("@,0", value).replace('@', value);
                members(&element, "k", times(element.len() + 9))
            }
            Self::Numbered(element) => {
                let element = element.replace("@,0", value).replace('@', value);
                members(&element, "", times(element.len() + 9))
            }
            Self::Text(text) => format!("\"{}\"", text.repeat(times(text.len()))),
            Self::Number(before) => format!("{before}{}", "1".repeat(length)),
            Self::Deep(open, close) => {
                let depth = times(open.len() + close.len());
                format!("{}0{}", open.repeat(depth), close.repeat(depth))
            }
            Self::Repeated => {
                let again = format!(",{before}{value}");
                format!("{value}{}", again.repeat(times(again.len())))
            }
            Self::Space => format!("{}{value}", " ".repeat(length)),
            Self::Beside(text) => {
                let text = text.repeat(times(text.len()));
                match before.is_empty() {
                    true => format!("{value},\"{text}\""),
                    false => format!("{value},\"beside\":\"{text}\""),
                }
            }
        }
    }
}

fn members(value: &str, name: &str, count: usize) -> String {
    let mut text = String::from("{");
    for index in 0..count {
        if index > 0 {
            text.push(',');
        }
        let _ = write!(text, "\"{name}{index}\":{value}");
    }
    text.push('}');
    text
}

impl Recipe {
    fn new(fixtures: &[Fixture], random: &mut Random) -> Self {
        let fixture = random.below(fixtures.len());
        let place = random.below(fixtures[fixture].places.len());
        let filling = Filling::new(random);
        let backwards = random.below(4) == 0;
        let mut recipe = Self { fixture, place, filling, odd: Vec::new(), backwards };
        if random.below(3) == 0 {
            let how_many = random.one(&[1, 1, 1, 4, 8, 16, 27, 40]);
            recipe.add_odd(how_many, fixtures, random);
        }
        recipe
    }

    /// Every place of the fixtures, of each kind once, with all lists and numbered objects;
    /// alone, and with three odd values.
    fn each(fixtures: &[Fixture], random: &mut Random) -> Vec<Self> {
        let mut seen = std::collections::HashSet::new();
        let mut recipes = Vec::new();
        for (fixture, of) in fixtures.iter().enumerate() {
            let event = of.name.split('.').take(2).collect::<Vec<_>>().join(".");
            for (place, Place { path, .. }) in of.places.iter().enumerate() {
                let kind = path.replace(|char: char| char.is_ascii_digit(), "");
                if !seen.insert((event.clone(), kind)) {
                    continue;
                }
                let lists = ELEMENTS
                    .iter()
                    .flat_map(|element| [Filling::List(element), Filling::Numbered(element)]);
                for filling in lists {
                    let (odd, backwards) = (Vec::new(), false);
                    let alone = Self { fixture, place, filling, odd, backwards };
                    let mut beside = alone.clone();
                    beside.add_odd(3, fixtures, random);
                    recipes.extend([alone, beside]);
                }
            }
        }
        recipes
    }

    fn add_odd(&mut self, how_many: usize, fixtures: &[Fixture], random: &mut Random) {
        for _ in 0..how_many {
            let place = random.below(fixtures[self.fixture].places.len());
            self.odd.push((place, random.one(ODD)));
        }
    }

    /// One thing changed.
    fn varied(&self, fixtures: &[Fixture], random: &mut Random) -> Self {
        let mut recipe = self.clone();
        match random.below(5) {
            0 => recipe.filling = Filling::new(random),
            1 => recipe.place = random.below(fixtures[self.fixture].places.len()),
            2 => recipe.backwards = !recipe.backwards,
            3 if !recipe.odd.is_empty() => {
                recipe.odd.truncate(recipe.odd.len() / 2);
            }
            _ => recipe.add_odd(1 + random.below(4), fixtures, random),
        }
        recipe
    }

    fn named(&self, fixtures: &[Fixture]) -> String {
        let fixture = &fixtures[self.fixture];
        let place = &fixture.places[self.place];
        let mut name = format!("{} `{}` {}", fixture.name, place.path, self.filling.named());
        match &self.odd[..] {
            [] => {}
            odd if odd.len() <= 4 => {
                for (place, value) in odd {
                    let _ = write!(name, ", `{}` {value}", fixture.places[*place].path);
                }
            }
            odd => {
                let _ = write!(name, ", {} odd", odd.len());
            }
        }
        if self.backwards {
            name.push_str(", back to front");
        }
        name.replace('|', "\\|")
    }

    fn build(&self, fixtures: &[Fixture], length: usize) -> Option<String> {
        let fixture = &fixtures[self.fixture];
        let text = &fixture.text;
        let place = &fixture.places[self.place];
        let length = length.checked_sub(text.len())?;
        let filling =
            self.filling.write(&text[place.name.clone()], &text[place.value.clone()], length);
        let mut changes: Vec<(Range<usize>, &str)> = vec![(place.value.clone(), &filling)];
        for (place, odd) in &self.odd {
            let value = &fixture.places[*place].value;
            let free = |(other, _): &(Range<usize>, &str)| {
                other.end <= value.start || value.end <= other.start
            };
            if changes.iter().all(free) {
                changes.push((value.clone(), odd));
            }
        }
        changes.sort_by_key(|(range, _)| range.start);
        let changed = |range: Range<usize>| {
            let mut written = String::with_capacity(range.len());
            let mut at = range.start;
            for (change, by) in &changes {
                if change.start >= range.start && change.end <= range.end {
                    written.push_str(&text[at..change.start]);
                    written.push_str(by);
                    at = change.end;
                }
            }
            written.push_str(&text[at..range.end]);
            written
        };
        if !self.backwards || self.place == 0 {
            return Some(changed(0..text.len()));
        }
        let members = fixture.places.iter().filter(|place| place.depth == 1);
        let mut members: Vec<String> =
            members.map(|place| changed(place.name.start..place.value.end)).collect();
        members.reverse();
        Some(format!("{{{}}}", members.join(",")))
    }
}

struct Fixture {
    name: String,
    text: String,
    places: Vec<Place>,
}

/// A value in a fixture.
struct Place {
    path: String,
    depth: usize,
    /// The name of a member with its colon; empty for an element.
    name: Range<usize>,
    value: Range<usize>,
}

fn fixtures(gateway: &str) -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(gateway);
    let mut files = Vec::new();
    for folder in [root.clone(), root.join("go")] {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        let paths = entries.map(|entry| entry.expect("an entry").path());
        files.extend(paths.filter(|path| path.extension().is_some_and(|end| end == "json")));
    }
    files.sort();
    assert!(!files.is_empty(), "no fixtures of {gateway}");
    files.iter().map(fixture).collect()
}

fn fixture(file: &PathBuf) -> Fixture {
    let text = fs::read_to_string(file).expect("a fixture").trim().to_owned();
    let mut places = Vec::new();
    walk(&text, 0, 0..0, "", 0, &mut places);
    // The body itself is no place: it is readable no more.
    places.remove(0);
    let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
    Fixture { name, text, places }
}

/// Notes where the value that begins there, and each inside it, is; its end.
fn walk(
    text: &str,
    start: usize,
    name: Range<usize>,
    path: &str,
    depth: usize,
    places: &mut Vec<Place>,
) -> usize {
    let bytes = text.as_bytes();
    let space = |mut at: usize| {
        while bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        at
    };
    let text_ends = |start: usize| {
        let mut at = start + 1;
        while bytes[at] != b'"' {
            at += if bytes[at] == b'\\' { 2 } else { 1 };
        }
        at + 1
    };
    let own = places.len();
    places.push(Place { path: path.to_owned(), depth, name, value: start..start });
    let end = match bytes[start] {
        b'"' => text_ends(start),
        open @ (b'{' | b'[') => {
            let mut at = space(start + 1);
            let mut index = 0;
            while !matches!(bytes[at], b'}' | b']') {
                let (name, inner) = if open == b'{' {
                    let name = at..text_ends(at);
                    let value = space(space(name.end) + 1);
                    let inner = format!("{path}.{}", &text[name.start + 1..name.end - 1]);
                    (name.start..value, inner.trim_start_matches('.').to_owned())
                } else {
                    (at..at, format!("{path}[{index}]"))
                };
                index += 1;
                at = space(walk(text, name.end, name, &inner, depth + 1, places));
                if bytes[at] == b',' {
                    at = space(at + 1);
                }
            }
            at + 1
        }
        _ => {
            let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
            start + bytes[start..].iter().position(ends).unwrap_or(text.len() - start)
        }
    };
    places[own].value = start..end;
    end
}

/// Small and the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    fn one<T: Copy>(&mut self, from: &[T]) -> T {
        *self.pick(from)
    }
}

/// Refuses a body.
type Refuse = Box<dyn Fn(&Bytes)>;

/// What a request costs that proves nothing, whatever its body.
fn unauthenticated(size: usize) {
    println!("| policy | body | scan | receive | ratio |\n|---|---|---|---|---|");
    let secret = || Secret::new("whs_5d1f0cc3a92b4e77").expect("a secret");
    let token = |name: &str| Token::new(format!("{name}-5d1f0cc3a92b4e77")).expect("a token");
    let tokens = (0..50).map(|index| {
        let name = format!("instance-{index}");
        let token = token(&name);
        (name, token)
    });
    let tokens = zaphook::auth::AccountTokens::new(tokens).expect("accounts");
    let policies: [(&str, Refuse); 5] = [
        ("EnviaAi::signed", refused::<EnviaAi>(EnviaAi::signed(secret()))),
        (
            "EazeWa::per_instance",
            refused::<EazeWa>(EazeWa::per_instance(
                zaphook::auth::TokenPlace::query("token"),
                tokens.clone(),
            )),
        ),
        ("Evolution::per_instance, 50", refused::<Evolution>(Evolution::per_instance(tokens))),
        ("Wawp::signed", refused::<Wawp>(Wawp::signed(secret()))),
        ("Zavu::signed", refused::<Zavu>(Zavu::signed(secret()))),
    ];
    let filled = |text: &str| format!(r#""{}""#, text.repeat(size / text.len()));
    let bodies = [
        ("plain text", filled("a")),
        ("escapes", filled(r"\\")),
        ("surrogates", filled(r"\ud83d")),
        ("numbers", format!("[{}]", vec!["0"; size / 2].join(","))),
        ("deep", format!("{}{}", "[".repeat(size / 2), "]".repeat(size / 2))),
        ("members", members("0", "k", size / 12)),
    ];
    for (policy, refuse) in &policies {
        for (body, value) in &bodies {
            let text =
                format!(r#"{{"event":"messages.upsert","data":{value},"\ud83d":1,"type":"x"}}"#);
            let body_bytes = Bytes::from(text);
            let scan = least(|| {
                // By bytes, as it comes: with the check for UTF-8 that any reading needs.
                let text = std::str::from_utf8(&body_bytes).expect("UTF-8");
                black_box(serde_json::from_str::<IgnoredAny>(text).is_ok());
            });
            let receive = least(|| refuse(&body_bytes));
            let ratio = receive.as_secs_f64() / scan.as_secs_f64();
            println!("| {policy} | {body} | {scan:.1?} | {receive:.1?} | {ratio:.2} |");
        }
    }
}

fn refused<G: Gateway>(policy: G) -> Refuse {
    let receiver = Receiver::new(policy);
    Box::new(move |body| {
        let request = Request::new(&[("", ""); 0], body.clone());
        assert!(receiver.receive(&request).is_err(), "no credential");
    })
}

fn least(run: impl Fn()) -> Duration {
    (0..3).map(|_| timed(&run)).min().unwrap_or_default()
}
