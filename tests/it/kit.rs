//! Samples for the tests of applications, and a gateway that retries.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde_json::{Value, json};
use zaphook::retry::RetrySchedule;
use zaphook::testing::{self, AnySample, Attempt, Ending, Reply, Report, Sample, Scenario};
use zaphook::{
    EazeWa, EnviaAi, Evolution, Failure, Gateway, Head, MemoryStore, Secret, Wawp, Zavu, enviaai,
    evolution, wawp,
};

use crate::fixtures;
use crate::gateways::{ALL, secret};

/// Events that no body identifies: a session's, and those of Evolution that come without
/// a time or an id. See the pages of the gateways.
const KEYLESS: &[&str] = &[
    "eazewa loading_screen",
    "eazewa authenticated",
    "eazewa auth_failure",
    "eazewa ready",
    "eazewa disconnected",
    "eazewa change_state",
    "evolution new.jwt",
    "evolution cloud.template-status",
    "evolution_go Presence",
    "evolution_go ChatPresence",
    "evolution_go HistorySync",
    "evolution_go Connected",
    "evolution_go PairSuccess",
    "evolution_go TemporaryBan",
    "evolution_go LoggedOut",
    "evolution_go ConnectFailure",
    "evolution_go Disconnected",
    "evolution_go PushName",
    "evolution_go JoinedGroup",
    "evolution_go NewsletterJoin",
    "evolution_go NewsletterLeave",
    "evolution_go QRCode",
    "evolution_go QRTimeout",
    "evolution_go OfflineSyncCompleted",
];

/// When all samples happen.
fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_770_733_424, 0).unwrap()
}

/// Every event of every gateway, Evolution Go's too.
fn events() -> Vec<AnySample> {
    let go = evolution::go::Event::NAMES.iter().map(|name| ("evolution", *name));
    ALL.iter()
        .flat_map(|gateway| gateway.names.iter().map(|name| (gateway.name, *name)))
        .chain(go)
        .map(|(gateway, name)| {
            AnySample::named(gateway, name).unwrap_or_else(|error| panic!("{gateway}: {error}"))
        })
        .collect()
}

fn scenarios() -> impl Iterator<Item = AnySample> {
    Scenario::ALL.iter().flat_map(|scenario| scenario.samples())
}

fn text(sample: &AnySample) -> String {
    String::from_utf8(sample.body().to_vec()).unwrap()
}

#[test]
fn every_event_has_a_sample_that_is_known_whole_and_has_a_key() {
    let mut keyless = Vec::new();
    for sample in events() {
        let what = format!("{} {}", sample.sender(), sample.event());
        let delivery = sample.delivery();
        assert_eq!(delivery.recognition().as_str(), "known", "{what}");
        assert!(delivery.set_aside().is_empty(), "{what}: {:?}", delivery.set_aside());
        assert!(!delivery.is_repaired() && !delivery.has_rescaled_times(), "{what}");
        assert_eq!(delivery.received_at(), at(), "{what}");
        if delivery.key().is_none() {
            keyless.push(what.clone());
        }
        // No member that nobody knows, and none that is empty but for Go's texts.
        let body = fixtures::json(&text(&sample));
        let (body, written) = (
            fixtures::leaves(&body),
            fixtures::leaves(&fixtures::json(delivery.to_json().unwrap().as_str())),
        );
        for (path, value) in &body {
            assert!(written.contains_key(path) || value == &json!(""), "{what}: {path}");
            assert!(!value.as_str().is_some_and(has_place), "{what}: {path} is {value}");
        }
    }
    assert_eq!(keyless, KEYLESS);
}

/// No sample is of an event that is not in the lists.
#[test]
fn all_samples_are_those_of_the_lists() {
    let bodies =
        |samples: Vec<AnySample>| -> BTreeSet<String> { samples.iter().map(text).collect() };
    assert_eq!(bodies(AnySample::all()), bodies(events()));
    // `go` is the whole body of one of Evolution Go's.
    assert_eq!(AnySample::all().len() + 1, events().len());
}

/// Whether a place is left in a text.
fn has_place(text: &str) -> bool {
    let inside = text.split('{').skip(1).filter_map(|part| part.split('}').next());
    inside
        .into_iter()
        .any(|part| part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_' | b':')))
}

#[test]
fn every_scenario_is_recognised_as_what_it_is() {
    for &scenario in Scenario::ALL {
        assert_eq!(scenario.as_str().parse(), Ok(scenario));
        let expected = match scenario {
            Scenario::Unknown => "unknown",
            Scenario::Broken => "malformed",
            _ => "known",
        };
        for sample in scenario.samples() {
            let what = format!("{scenario} by {}", sample.sender());
            let delivery = sample.delivery();
            assert_eq!(delivery.recognition().as_str(), expected, "{what}");
            assert!(delivery.set_aside().is_empty(), "{what}: {:?}", delivery.set_aside());
            // Evolution Go's content is typed, and repaired, when it is asked for.
            let is_cut = scenario == Scenario::CutEmoji && sample.sender() != "evolution_go";
            assert_eq!(delivery.is_repaired(), is_cut, "{what}");
        }
    }
    let refused = "coffee".parse::<Scenario>().unwrap_err();
    assert_eq!(refused.to_string(), r#""coffee" is not a scenario"#);
}

/// One store takes them all: no two events share a key.
#[test]
fn every_sample_is_an_event_of_its_own() {
    let mut keys = BTreeSet::new();
    for sample in scenarios() {
        if let Some(key) = sample.delivery().key() {
            assert!(keys.insert(key.to_string()), "{key}");
            // So is each further one.
            let further = sample.clone().nth(1).delivery().key().unwrap();
            let has_ids =
                sample.setters().any(|name| ["id", "target", "event_id", "at"].contains(&name));
            assert!(!has_ids || keys.insert(further.to_string()), "{further}");
        }
    }
    assert!(keys.len() > 200, "{}", keys.len());
}

#[test]
fn every_sample_is_accepted_by_its_receiver_and_by_no_other() {
    let (ours, other) = (secret(), Secret::new("whs_another_secret").unwrap());
    for sample in events().into_iter().chain(scenarios()) {
        let what = format!("{sample:?}");
        let http = sample.signed_at(&ours, at());
        let uri = http.uri().to_string();
        let request =
            || Head::new(http.headers()).uri(&uri).received_at(at()).with_body(http.body());
        let receiver = sample.receiver(&ours);
        assert_eq!(receiver.gateway(), sample.gateway());
        let delivery =
            receiver.receive(&request()).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(delivery.name(), sample.delivery().name(), "{what}");
        assert!(sample.receiver(&other).receive(&request()).is_err(), "{what}");
        // The same values, the same bytes.
        let again = sample.signed_at(&ours, at());
        assert_eq!(
            (again.body(), again.headers(), again.uri()),
            (http.body(), http.headers(), http.uri())
        );
        // Now is good for a receiver that has a clock.
        let now = sample.signed(&ours);
        assert!(receiver.receive(&(&now).into()).is_ok(), "{what}");
    }
}

/// A place for each setter, and one that is not there: the message says what is.
#[test]
fn a_setter_sets_or_panics() {
    type Set = fn(AnySample, &str) -> AnySample;
    let setters: [(&str, Set); 9] = [
        ("instance", |sample, text| sample.instance(text)),
        ("event_id", |sample, text| sample.event_id(text)),
        ("id", |sample, text| sample.id(text)),
        ("target", |sample, text| sample.target(text)),
        ("chat", |sample, text| sample.chat(text)),
        ("from", |sample, text| sample.from(text)),
        ("lid", |sample, text| sample.lid(text)),
        ("name", |sample, text| sample.name(text)),
        ("text", |sample, text| sample.text(text)),
    ];
    let mut refused = 0;
    for sample in events().into_iter().chain(scenarios()) {
        let named: Vec<&str> = sample.setters().collect();
        for (name, set) in setters {
            let value = "5511987654321";
            let result = catch_unwind(AssertUnwindSafe(|| set(sample.clone(), value)));
            match result {
                Ok(set) => {
                    assert!(text(&set).contains(value), "{sample:?} {name}");
                    // A status post becomes a private message.
                    assert!(named.contains(&name) || name == "chat", "{sample:?} {name}");
                }
                Err(panic) => {
                    let message = panic.downcast_ref::<String>().unwrap();
                    assert!(
                        message.contains(&format!("no place for `{name}`; setters: ")),
                        "{message}"
                    );
                    assert!(!named.contains(&name), "{message}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn any_member_is_set_by_its_path_and_the_rest_stays() {
    let sample = testing::sample(wawp::EventName::Message);
    let changed = sample
        .clone()
        .set("payload.location.latitude", -23.5)
        .set("payload.vCards[0]", "BEGIN:VCARD")
        .set(r#"metadata["user.id"]"#, json!({"text": "{text}"}))
        .without("environment");
    let body = fixtures::json(std::str::from_utf8(&changed.body()).unwrap());
    assert_eq!(body["payload"]["location"], json!({"latitude": -23.5}));
    assert_eq!(body["metadata"], json!({"user.id": {"text": "{text}"}}));
    assert_eq!(body["environment"], Value::Null);
    let mut original = fixtures::json(std::str::from_utf8(&sample.body()).unwrap());
    original["payload"]["location"] = json!({"latitude": -23.5});
    original["metadata"] = json!({"user.id": {"text": "{text}"}});
    original["payload"]["vCards"] = body["payload"]["vCards"].clone();
    original.as_object_mut().unwrap().remove("environment");
    assert_eq!(body, original);

    for (change, expected) in [
        (
            (|sample| sample.set("payload.id.deep", 1)) as fn(Sample<Wawp>) -> Sample<Wawp>,
            "wawp, message: the body has no place for payload.id.deep; setters: instance, ",
        ),
        (|sample| sample.set("", 1), "\"\" is not a path such as data.items[2].id"),
        (|sample| sample.without("payload.coffee"), "the body has no payload.coffee"),
        (
            |sample| sample.set("payload.id", json!([1])).id("3A00"),
            "wawp, message: it has no place for `id`; setters: ",
        ),
    ] {
        let panic = catch_unwind(AssertUnwindSafe(|| change(sample.clone()))).unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        assert!(message.contains(expected), "{message}");
    }
    let broken = sample.without("event").set("instance_id", 1);
    let panic = catch_unwind(AssertUnwindSafe(|| broken.delivery())).unwrap_err();
    assert!(panic.downcast_ref::<String>().unwrap().contains("it cannot be read: "));
}

#[test]
fn a_sample_is_found_by_type_and_by_name_in_every_spelling() {
    let by_type = testing::sample(evolution::EventName::MessagesUpsert);
    for name in ["messages.upsert", "MESSAGES_UPSERT", "messages-upsert"] {
        assert_eq!(Sample::<Evolution>::named(name).unwrap().body(), by_type.body(), "{name}");
    }
    let go = testing::sample(evolution::go::EventName::Receipt);
    assert_eq!((go.gateway(), go.sender(), go.event()), ("evolution", "evolution_go", "Receipt"));
    let any = AnySample::named("zavu", "message.read").unwrap();
    assert_eq!(any.clone().of::<Zavu>().unwrap().body(), any.body());
    assert!(any.of::<EnviaAi>().is_none());
    for (gateway, name) in [("zavu", "message.pinned"), ("coffee", "message")] {
        let error = AnySample::named(gateway, name).unwrap_err();
        assert!(error.to_string().contains("is not a documented event"), "{error}");
    }
    assert_eq!(
        testing::sample(enviaai::EventName::MessageSent).into_any().delivery().name(),
        "message.sent"
    );
}

/// When each attempt was made, in seconds since the first, and its status.
fn seen(report: &Report) -> Vec<(i64, u16)> {
    let first = report.attempts()[0].at();
    let status = |status: Option<StatusCode>| status.map_or(0, |status| status.as_u16());
    let attempts = report.attempts().iter();
    attempts.map(|made| ((made.at() - first).num_seconds(), status(made.status()))).collect()
}

fn text_of<G: testing::Source>() -> Sample<G> {
    Scenario::Text.of().unwrap()
}

/// The schedule of a gateway, when it never gets the answer it wants.
async fn refused<G: testing::Source>(reply: Reply) -> (Vec<(i64, u16)>, Ending) {
    let gateway = testing::Gateway::new(&text_of::<G>(), &secret()).at_most(3);
    let gateway = if reply == Reply::none() { gateway } else { gateway.at_most(100) };
    let report = gateway.deliver(async |_| reply.clone()).await;
    (seen(&report), report.ending())
}

#[tokio::test]
async fn each_gateway_follows_its_own_schedule() {
    const UNAVAILABLE: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
    let down = || Reply::from(UNAVAILABLE);
    let at = |seconds: &[i64], status| seconds.iter().map(|at| (*at, status)).collect::<Vec<_>>();

    assert_eq!(refused::<EazeWa>(down()).await, (at(&[0], 503), Ending::Final));
    let never = refused::<EazeWa>(Reply::none()).await;
    assert_eq!(never, (at(&[0, 3, 6], 0), Ending::Unfinished));
    let enviaai = [0, 30, 150, 750, 4350, 25_950];
    assert_eq!(refused::<EnviaAi>(down()).await, (at(&enviaai, 503), Ending::GivenUp));
    // It waits 5 s for an answer.
    let late = down().after(Duration::from_secs(6));
    let enviaai = [0, 35, 160, 765, 4370, 25_975];
    assert_eq!(refused::<EnviaAi>(late).await, (at(&enviaai, 0), Ending::GivenUp));
    let evolution = [0, 5, 15, 35, 75, 155, 315, 615, 915, 1215];
    assert_eq!(refused::<Evolution>(down()).await, (at(&evolution, 503), Ending::GivenUp));
    let unauthorized = Reply::from(StatusCode::UNAUTHORIZED);
    assert_eq!(refused::<Evolution>(unauthorized).await, (at(&[0], 401), Ending::Final));
    // Only 200 will do.
    let accepted = Reply::from(StatusCode::ACCEPTED);
    let wawp = [0, 5, 10, 15, 20, 25];
    assert_eq!(refused::<Wawp>(accepted.clone()).await, (at(&wawp, 202), Ending::GivenUp));
    assert_eq!(refused::<Zavu>(accepted).await, (at(&[0], 202), Ending::Delivered));
    let zavu = [0, 60, 360, 1260, 4860, 19_260];
    assert_eq!(refused::<Zavu>(down()).await, (at(&zavu, 503), Ending::GivenUp));

    let go = testing::sample(evolution::go::EventName::Message);
    let go = testing::Gateway::new(&go, &secret()).deliver(async |_| UNAVAILABLE).await;
    assert_eq!(seen(&go), at(&[0, 30, 60, 90, 120], 503));

    // WAHA's, which heeds `Retry-After`.
    let waha = testing::Gateway::new(&text_of::<Wawp>(), &secret());
    let waha = waha.schedule(Wawp::RETRIES[2].clone()).heeds_retry_after().at_most(3);
    let answer = || http::Response::builder().status(503).header("retry-after", "7").body(());
    let report = waha.deliver(async |_| answer().unwrap()).await;
    assert_eq!(seen(&report), at(&[0, 7, 14], 503));
    let once = waha.schedule(RetrySchedule::configured(vec![]));
    assert_eq!(seen(&once.deliver(async |_| Reply::none()).await), at(&[0], 0));
}

/// An application whose database is down for ten minutes, at each gateway.
#[tokio::test]
async fn what_a_handler_cannot_save_for_ten_minutes_is_delivered_where_the_gateway_retries() {
    for sample in Scenario::Text.samples() {
        let gateway = testing::Gateway::new(&sample, &secret());
        let (saved, lost) = (AtomicUsize::new(0), std::sync::Arc::new(AtomicUsize::new(0)));
        let letters = std::sync::Arc::clone(&lost);
        let consumer = sample
            .receiver(&secret())
            .with_store(MemoryStore::with_clock(100, gateway.clock()))
            .on_dead_letter(move |_| {
                let letters = std::sync::Arc::clone(&letters);
                async move {
                    letters.fetch_add(1, Ordering::Relaxed);
                }
            });
        let back = gateway.started_at() + TimeDelta::minutes(10);
        let report = gateway
            .deliver(async |attempt| {
                let save = |_| async {
                    if attempt.at() < back {
                        return Err(Failure::retry("the database is down"));
                    }
                    saved.fetch_add(1, Ordering::Relaxed);
                    Ok(())
                };
                consumer.handle(&attempt.request(), save).await
            })
            .await;
        let (attempts, ending) = match sample.sender() {
            "eazewa" => (1, Ending::Delivered),
            "enviaai" => (4, Ending::Delivered),
            "evolution" => (8, Ending::Delivered),
            "evolution_go" => (5, Ending::GivenUp),
            "wawp" => (6, Ending::GivenUp),
            _ => (4, Ending::Delivered),
        };
        let what = sample.sender();
        assert_eq!((report.attempts().len(), report.ending()), (attempts, ending), "{what}");
        // Handled once, or handed to the application as a dead letter: never lost.
        let is_saved = ["enviaai", "evolution", "zavu"].contains(&what);
        assert_eq!(saved.into_inner(), usize::from(is_saved), "{what}");
        // Evolution's bodies do not say when they were first sent, so that a late attempt
        // may be the last one.
        let letters = lost.load(Ordering::Relaxed);
        assert_eq!(letters == 0, ["enviaai", "zavu"].contains(&what), "{what}: {letters}");
    }
}

/// A worker that dies keeps its lease: by the gateway's clock, not by ours.
#[tokio::test]
async fn leases_end_by_the_clock_of_the_gateway() {
    let sample = text_of::<EnviaAi>();
    let gateway = testing::Gateway::new(&sample, &secret());
    let store = MemoryStore::with_clock(100, gateway.clock());
    let consumer = sample.receiver(&secret()).with_store(store);
    let report = gateway
        .deliver(async |attempt: Attempt| {
            let request = attempt.request();
            if attempt.number() > 1 {
                return Reply::from(consumer.handle(&request, |_| async { Ok(()) }).await);
            }
            // It hangs, and is dropped.
            let work = std::pin::pin!(consumer.handle(&request, |_| std::future::pending()));
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            assert!(work.poll(&mut context).is_pending());
            Reply::none()
        })
        .await;
    // The lease is 60 s: too soon after 35 s, free after 155 s and more.
    assert_eq!(seen(&report), [(0, 0), (35, 503), (155, 200)]);
}

/// What proves a retry: see the table in the docs.
#[tokio::test]
async fn retries_prove_themselves_as_the_gateway_does() {
    async fn requests<G: testing::Source>(once: bool) -> Vec<http::Request<bytes::Bytes>> {
        let gateway = testing::Gateway::new(&text_of::<G>(), &secret()).at_most(2);
        let gateway = if once { gateway.signs_once() } else { gateway };
        let mut sent = Vec::new();
        gateway
            .deliver(async |attempt| {
                sent.push(attempt.into_http());
                Reply::none()
            })
            .await;
        sent
    }
    fn same(sent: &[http::Request<bytes::Bytes>]) -> bool {
        assert_eq!(sent[0].body(), sent[1].body());
        sent[0].headers() == sent[1].headers() && sent[0].uri() == sent[1].uri()
    }
    assert!(same(&requests::<EazeWa>(false).await));
    assert!(same(&requests::<EnviaAi>(false).await));
    assert!(same(&requests::<Evolution>(false).await));
    assert!(same(&requests::<Wawp>(false).await));
    assert!(!same(&requests::<Zavu>(false).await));
    assert!(same(&requests::<Zavu>(true).await));

    // One that is not renewed is too old for a receiver after five minutes.
    let sample = text_of::<Zavu>();
    let receiver = sample.receiver(&secret());
    for (once, expected) in [(false, [200, 200, 200]), (true, [200, 200, 401])] {
        let gateway = testing::Gateway::new(&sample, &secret()).at_most(3);
        let gateway = if once { gateway.signs_once() } else { gateway };
        let mut statuses = Vec::new();
        gateway
            .deliver(async |attempt| {
                let received = receiver.receive(&attempt.request());
                statuses.push(received.map_or_else(|error| error.status().as_u16(), |_| 200));
                Reply::none()
            })
            .await;
        assert_eq!(statuses, expected, "{once}");
    }
}

/// Whoever does not switch the kit on has no crate of it, and no module.
#[test]
fn the_kit_costs_nothing_where_it_is_off() {
    assert!(include_str!("../../Cargo.toml").contains("\ntesting = []\n"));
    let gate = "#[cfg(feature = \"testing\")]\n#[cfg_attr(docsrs, doc(cfg(feature = \"testing\")))]\npub mod testing;\n";
    assert!(include_str!("../../src/lib.rs").contains(gate));
}
