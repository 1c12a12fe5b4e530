//! What a [`Jid`] costs beside the `String` it could have been.
//!
//! `cargo bench --bench jid` measures each alone, then prints how many times a
//! `String` reading a JID of the same text takes, from rounds of both in turn.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group};
use serde::Deserialize;
use zaphook::jid::JidRef;
use zaphook::{Jid, MessageId};

const TEXTS: [(&str, &str); 3] = [
    ("c.us", "5511999990001@c.us"),
    ("lid", "100000000000001:33@lid"),
    ("group", "5511999990001-1610000000@g.us"),
];

const OBJECT: &str =
    r#"{"server":"c.us","user":"5511999990001","_serialized":"5511999990001@c.us"}"#;

const MESSAGE: &str = "false_120363000000000001@g.us_3EB0C0DE00112233AABB_5511999990001@c.us";

fn json(text: &str) -> String {
    format!("\"{text}\"")
}

// A call of its own, as in the middle of an event: what the optimiser makes of
// a loop around one reading says little.
#[inline(never)]
fn read<'de, T: Deserialize<'de>>(json: &'de str) -> T {
    serde_json::from_str(json).expect("a text")
}

fn deserialise(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("deserialise");
    for (name, text) in TEXTS {
        let json = json(text);
        group.bench_with_input(BenchmarkId::new("String", name), &*json, |bencher, json| {
            bencher.iter(|| read::<String>(black_box(json)));
        });
        group.bench_with_input(BenchmarkId::new("Jid", name), &*json, |bencher, json| {
            bencher.iter(|| read::<Jid>(black_box(json)));
        });
    }
    group.bench_function("Jid/object", |bencher| bencher.iter(|| read::<Jid>(black_box(OBJECT))));
    group.finish();
}

fn ask(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ask");
    for (name, text) in TEXTS {
        let jid = Jid::from_wire(text);
        group.bench_with_input(BenchmarkId::new("kind", name), &jid, |bencher, jid| {
            bencher.iter(|| black_box(jid).kind());
        });
        group.bench_with_input(BenchmarkId::new("phone", name), &jid, |bencher, jid| {
            bencher.iter(|| black_box(jid).phone().is_some());
        });
        group.bench_with_input(BenchmarkId::new("parse", name), text, |bencher, text| {
            bencher.iter(|| JidRef::parse(black_box(text)).is_ok());
        });
    }
    let id = MessageId::from_wire(MESSAGE);
    group.bench_function("parts", |bencher| bencher.iter(|| black_box(&id).parts().id.is_some()));
    group.finish();
}

/// The fastest of many rounds, each of one thousand readings.
fn fastest(rounds: &mut [Duration; 2], json: &str) {
    let [string, jid] = rounds;
    let round = |read: &dyn Fn()| {
        let start = Instant::now();
        for _ in 0..1000 {
            read();
        }
        start.elapsed()
    };
    *string = (*string).min(round(&|| drop(black_box(read::<String>(black_box(json))))));
    *jid = (*jid).min(round(&|| drop(black_box(read::<Jid>(black_box(json))))));
}

fn ratios() {
    println!("reading a Jid, in readings of a String of the same text:");
    for (name, text) in TEXTS {
        let json = json(text);
        let mut rounds = [Duration::MAX; 2];
        for _ in 0..5000 {
            fastest(&mut rounds, &json);
        }
        let [string, jid] = rounds;
        let ratio = jid.as_secs_f64() / string.as_secs_f64();
        println!("{name:>6}: {ratio:.2}  ({jid:?} and {string:?} per thousand)");
    }
}

criterion_group!(benches, deserialise, ask);

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
    ratios();
}
