//! How fast Evolution's message content is typed, against a `Value` and
//! against a scan that skips it.
//!
//! ```text
//! cargo bench --bench content            # criterion's figures, then the ratios
//! cargo bench --bench content -- ratios  # the ratios alone
//! ```
//!
//! Per message object:
//!
//! * `skip`: a skipping scan of it (`serde_json`'s `IgnoredAny`);
//! * `content`: the typed content;
//! * `value`: `serde_json::Value`.
//!
//! The ratios are taken in turns within one run, since a machine's speed
//! drifts between runs.
//!
//! The last message is one large copy. In a process that has never had a larger
//! one, glibc hands its memory back to the system each time, and the figure
//! would be about page faults; it stops doing so once a larger one was freed, as
//! in any server that has read a body or two.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use zaphook::event::Nested;
use zaphook::whatsapp::Content;

#[path = "evolution/devices.rs"]
mod devices;

use devices::DEVICES;

type Work<'a> = Box<dyn Fn() + 'a>;

fn main() {
    drop(black_box(vec![0_u8; 1024 * 1024]));
    let messages = [
        ("text", text()),
        ("text_in_group", text_in_group()),
        ("image_regime_a", image(&base64(700))),
        ("image_regime_c", image(&index_map(700))),
        ("thumbnail_10k", thumbnail()),
    ];
    let cases: Vec<(String, Vec<(&str, Work<'_>)>)> = messages
        .iter()
        .map(|(name, json)| {
            let work: Vec<(&str, Work<'_>)> = vec![
                ("skip", read::<IgnoredAny>(json)),
                ("content", content(json)),
                ("value", read::<Value>(json)),
            ];
            (format!("{name}_{}_bytes", json.len()), work)
        })
        .collect();

    let arguments: Vec<String> = std::env::args().collect();
    if !arguments.iter().any(|argument| argument == "ratios") {
        let mut criterion = Criterion::default().configure_from_args();
        for (name, work) in &cases {
            let mut group = criterion.benchmark_group(name);
            for (name, work) in work {
                group.bench_function(*name, |bencher| bencher.iter(work));
            }
            group.finish();
        }
        criterion.final_summary();
    }
    // Not when `cargo test` only looks whether the benches run.
    if arguments.iter().any(|argument| argument == "--bench") {
        ratios(&cases);
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Work<'_> {
    assert!(serde_json::from_str::<T>(json).is_ok());
    Box::new(move || {
        black_box(serde_json::from_str::<T>(black_box(json)).is_ok());
    })
}

/// As it is read in an event: by this crate's own reader.
fn content(json: &str) -> Work<'_> {
    let content: Nested<Content> = serde_json::from_str(json).expect("an object");
    assert!(content.parse().is_ok());
    Box::new(move || {
        black_box(black_box(&content).parse().is_ok());
    })
}

fn ratios(cases: &[(String, Vec<(&str, Work<'_>)>)]) {
    const ROUNDS: usize = 400;
    const SLICE: Duration = Duration::from_micros(400);

    println!("\nratios of medians, {ROUNDS} rounds in turns");
    println!("{:<28} {:>9} {:>9}   nanoseconds", "", "content", "content");
    println!("{:<28} {:>9} {:>9}   skip content value", "", "/ skip", "/ value");
    for (name, work) in cases {
        let batches: Vec<u32> = work
            .iter()
            .map(|(_, work)| {
                let started = Instant::now();
                (0..100).for_each(|_| work());
                let once = started.elapsed() / 100;
                u32::try_from(SLICE.as_nanos() / once.as_nanos().max(1)).unwrap_or(1).max(1)
            })
            .collect();
        let mut times = vec![Vec::with_capacity(ROUNDS); work.len()];
        for _ in 0..ROUNDS {
            for (index, (_, work)) in work.iter().enumerate() {
                let started = Instant::now();
                (0..batches[index]).for_each(|_| work());
                times[index]
                    .push(started.elapsed().as_secs_f64() * 1e9 / f64::from(batches[index]));
            }
        }
        let medians: Vec<f64> = times
            .into_iter()
            .map(|mut times| {
                times.sort_by(f64::total_cmp);
                times[ROUNDS / 2]
            })
            .collect();
        println!(
            "{name:<28} {:>9.2} {:>9.2}   {:.0} {:.0} {:.0}",
            medians[1] / medians[0],
            medians[1] / medians[2],
            medians[0],
            medians[1],
            medians[2],
        );
    }
}

/// What nearly every message is.
fn text() -> String {
    format!(r#"{{"conversation":"Bom dia! Ainda tem mesa para hoje? Somos quatro.",{DEVICES}}}"#)
}

fn text_in_group() -> String {
    format!(
        r#"{{"senderKeyDistributionMessage":{{"groupId":"120363000000000001@g.us","axolotlSenderKeyDistributionMessage":{}}},{}"#,
        index_map(80),
        &text()[1..]
    )
}

fn image(thumbnail: &str) -> String {
    format!(
        r#"{{"imageMessage":{{"interactiveAnnotations":[],"scanLengths":[9001,21000],"annotations":[],"url":"https://mmg.whatsapp.net/v/t62.7118-24/1_n.enc?ccb=11-4","mimetype":"image/jpeg","caption":"O cardápio de hoje","fileSha256":{0},"fileLength":{{"low":98127,"high":0,"unsigned":true}},"height":1280,"width":720,"mediaKey":{0},"fileEncSha256":{0},"directPath":"/v/t62.7118-24/1_n.enc?ccb=11-4","mediaKeyTimestamp":{{"low":1764000000,"high":0,"unsigned":false}},"jpegThumbnail":{thumbnail},"contextInfo":null}},{DEVICES}}}"#,
        index_map(32)
    )
}

fn thumbnail() -> String {
    format!(
        r#"{{"imageMessage":{{"mimetype":"image/jpeg","jpegThumbnail":{}}}}}"#,
        index_map(10_000)
    )
}

fn index_map(bytes: usize) -> String {
    let members: Vec<String> =
        (0..bytes).map(|index| format!(r#""{index}":{}"#, (index * 31) % 256)).collect();
    format!("{{{}}}", members.join(","))
}

fn base64(bytes: usize) -> String {
    format!("\"{}\"", "/9j/".repeat(bytes / 3))
}
