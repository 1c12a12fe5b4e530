//! Every gateway's retry schedule in virtual time, with handlers that fail and
//! processes that die: what becomes of the events.

use std::future::{Ready, ready};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use zaphook::idempotency::{Claim, IdempotencyStore};
use zaphook::retry::RetrySchedule;
use zaphook::{
    Answer, AnyReceiver, DeadLetter, Delivery, EazeWa, EnviaAi, Evolution, Failure, Gateway, Head,
    MemoryStore, Receiver, Timer, Wawp, Zavu, evolution, testing,
};

use crate::fixtures;
use crate::gateways::secret;
use crate::store::Clock;
use crate::thorough;

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// All schedules that gateways are documented to have.
fn schedules() -> Vec<(&'static str, RetrySchedule)> {
    vec![
        ("EnviaAI", EnviaAi::RETRIES[0].clone()),
        ("eazeWA", EazeWa::RETRIES[0].clone()),
        ("Evolution 2.3", Evolution::RETRIES[0].clone()),
        ("Evolution 2.2.3", Evolution::RETRIES[1].clone()),
        ("Evolution 2.2.0", Evolution::RETRIES[2].clone()),
        ("Evolution Go", Evolution::RETRIES[3].clone()),
        ("Zavu, API v1", Zavu::RETRIES[0].clone()),
        ("Zavu, API v2", Zavu::RETRIES[1].clone()),
        ("Zavu, first generation", Zavu::RETRIES[2].clone()),
        ("Wawp", Wawp::RETRIES[0].clone()),
        ("Wawp, exponential", Wawp::RETRIES[1].clone()),
        ("WAHA", Wawp::RETRIES[2].clone()),
    ]
}

/// A timer that lets virtual time pass. Only who waits for a duplicate's turn
/// sleeps in this simulation; handlers take no time or for ever.
struct Virtual(Clock);

impl Timer for Virtual {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        if duration > s(1) {
            return Box::pin(std::future::pending());
        }
        self.0.advance(duration);
        Box::pin(std::future::ready(()))
    }
}

/// Random enough, and the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

#[derive(Debug, Default)]
struct Tally {
    handled: usize,
    unsaved: usize,
    /// Unsaved, and sent again after all: the schedule's attempts cannot be
    /// told apart by their time.
    saved_too_early: usize,
    /// The process died during the last attempt: nobody is left to save it.
    died_last: usize,
    attempts: usize,
}

fn simulate(schedule: &RetrySchedule, events: usize) -> Tally {
    let base: DateTime<Utc> = "2026-02-10T14:23:45Z".parse().unwrap();
    let body = fixtures::with(
        &fixtures::text("enviaai/message.received.plain.json"),
        &["timestamp"],
        Some(base.to_rfc3339().into()),
    );
    let request = testing::enviaai(&secret(), body);
    let mut dice = Dice(0x5EED);
    let mut tally = Tally::default();
    for _ in 0..events {
        let clock = Clock::default();
        let store = Arc::new(clock.store(10));
        let unsaved = Arc::new(AtomicUsize::new(0));
        let receiver = Receiver::new(EnviaAi::signed(secret()))
            .with_store(Arc::clone(&store))
            .schedule(schedule.clone())
            .timer(Virtual(clock.clone()))
            .on_dead_letter({
                let unsaved = Arc::clone(&unsaved);
                move |_| {
                    unsaved.fetch_add(1, Ordering::SeqCst);
                    std::future::ready(())
                }
            });

        let done = AtomicUsize::new(0);
        let mut key = None;
        let mut died;
        let mut delays = schedule.delays();
        loop {
            tally.attempts += 1;
            let elapsed = TimeDelta::from_std(clock.now()).unwrap();
            let head = Head::new(request.headers()).received_at(base + elapsed);
            let received = head.with_body(request.body());
            let fate = dice.below(10);
            let handling = receiver.handle(&received, |delivery| {
                key = delivery.key();
                let done = &done;
                async move {
                    match fate {
                        0 => std::future::pending().await,
                        1..=3 => Err(Failure::retry("not now")),
                        _ => {
                            done.fetch_add(1, Ordering::SeqCst);
                            Ok(())
                        }
                    }
                }
            });
            // Nothing in here waits for anything but the handler that hangs.
            let polled = pin!(handling).poll(&mut Context::from_waker(Waker::noop()));
            let repeats = match &polled {
                Poll::Ready(answer) => schedule.repeats_after(answer.status()),
                Poll::Pending => true,
            };
            died = polled.is_pending();
            if died {
                clock.advance(schedule.timeout().unwrap_or(s(1)));
            }
            let Some(delay) = delays.next().filter(|_| repeats) else { break };
            if unsaved.swap(0, Ordering::SeqCst) > 0 {
                tally.saved_too_early += 1;
            }
            clock.advance(delay);
        }

        let (done, unsaved) = (done.into_inner(), unsaved.load(Ordering::SeqCst));
        assert!(done <= 1, "handled {done} times");
        match (done, unsaved) {
            (1, 0) => {
                tally.handled += 1;
                let key = key.unwrap();
                let claim = pin!(store.claim(&key, s(1), s(1)));
                let claim = claim.poll(&mut Context::from_waker(Waker::noop()));
                assert!(matches!(claim, Poll::Ready(Ok(Claim::Done))));
            }
            (0, 1) => tally.unsaved += 1,
            (0, 0) if died => tally.died_last += 1,
            other => panic!("neither handled nor unsaved, or both: {other:?} {tally:?}"),
        }
    }
    tally
}

fn every_event_is_handled_or_unsaved(events: usize) {
    for (name, schedule) in schedules() {
        let tally = simulate(&schedule, events);
        println!("{name:<24} {tally:?}");
        assert_eq!(tally.handled + tally.unsaved + tally.died_last, events, "{name}");
        // Timeouts and jitter as long as the last wait make the last attempt
        // look like the one before. All others are told apart.
        if !["Evolution 2.3", "Wawp", "WAHA"].contains(&name) {
            assert_eq!(tally.saved_too_early, 0, "{name}");
        }
    }
}

/// Attempts of which only some arrive, and all of those fail: how often the event
/// was handed to the hook.
fn letters<G: Gateway>(
    policy: G,
    body: &str,
    first_sent: DateTime<Utc>,
    schedule: &RetrySchedule,
    arrives: impl Fn(usize) -> bool,
) -> usize {
    letters_with(policy, body, first_sent, schedule, |_| String::new(), arrives)
}

/// The same, with what is in `Authorization` of an attempt made at that time.
fn letters_with<G: Gateway>(
    policy: G,
    body: &str,
    first_sent: DateTime<Utc>,
    schedule: &RetrySchedule,
    authorization: impl Fn(DateTime<Utc>) -> String,
    arrives: impl Fn(usize) -> bool,
) -> usize {
    let clock = Clock::default();
    let (letters, hook) = counting();
    let consumer = Receiver::new(policy)
        .with_store(clock.store(10))
        .schedule(schedule.clone())
        .on_dead_letter(hook);
    let waits = std::iter::once(s(0)).chain(schedule.delays());
    for (attempt, wait) in (1..=schedule.attempts().unwrap_or(1)).zip(waits) {
        clock.advance(wait);
        if arrives(attempt) {
            let now = first_sent + TimeDelta::from_std(clock.now()).unwrap();
            let authorization = authorization(now);
            let headers = [("x-webhook-event", "message"), ("authorization", &authorization)];
            let request = Head::new(&headers).received_at(now).with_body(body.to_owned());
            fails(consumer.handle(&request, |_| async { Err(Failure::retry("not now")) }));
        }
    }
    letters.load(Ordering::SeqCst)
}

/// A hook, and how often it was called.
fn counting() -> (Arc<AtomicUsize>, impl Fn(DeadLetter) -> Ready<()> + Clone) {
    let letters = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&letters);
    let hook = move |_: DeadLetter| {
        counted.fetch_add(1, Ordering::SeqCst);
        ready(())
    };
    (letters, hook)
}

#[track_caller]
fn fails(handling: impl Future<Output = Answer>) {
    let polled = pin!(handling).poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(answer) = polled else { panic!("it waits") };
    assert_eq!(answer.outcome().as_str(), "failed");
}

fn no_last_attempt_is_lost<G: Gateway>(policy: G, fixture: &str) {
    let body = fixtures::text(fixture);
    let delivery = zaphook::Delivery::<G>::parse_trusted(body.clone()).unwrap();
    let happened: DateTime<Utc> = delivery.happened_at().unwrap();
    for schedule in G::RETRIES {
        let last = schedule.attempts().unwrap_or(1);
        for first in 1..=last {
            // As it is, and with the gateway's clock ahead.
            let hours = [TimeDelta::hours(8), TimeDelta::days(400)];
            for ahead in [0, 2, 5].map(TimeDelta::seconds).into_iter().chain(hours) {
                let letters =
                    letters(policy.clone(), &body, happened - ahead, schedule, |attempt| {
                        attempt >= first
                    });
                assert!(letters > 0, "{} {first} {ahead} {schedule:?}", G::NAME);
            }
        }
    }
}

#[test]
fn attempts_that_did_not_arrive_do_not_hide_the_last_one() {
    no_last_attempt_is_lost(EnviaAi::unauthenticated(), "enviaai/message.received.plain.json");
    no_last_attempt_is_lost(EazeWa::unauthenticated(), "eazewa/message.plain.json");
    no_last_attempt_is_lost(Evolution::unauthenticated(), "evolution/messages.upsert.plain.json");
    no_last_attempt_is_lost(Wawp::unauthenticated(), "wawp/message.webjs.json");
    no_last_attempt_is_lost(Zavu::unauthenticated(), "zavu/message.inbound.plain.json");
}

const FIRST_SENT: &str = "2026-02-10T14:23:45Z";

/// How far gateways' clocks are ahead, in seconds.
const AHEAD: [i64; 9] = [0, 9, 10, 11, 19, 20, 8 * 3600, 24 * 3600, 400 * 86_400];

/// With the body and `Authorization` as made by a gateway whose clock says so when it
/// first sends.
fn no_clock_hides_the_last_attempt<G: Gateway>(
    policy: impl Fn() -> G,
    body: impl Fn(DateTime<Utc>) -> String,
    authorization: impl Fn(DateTime<Utc>) -> String,
) {
    let first_sent = FIRST_SENT.parse().unwrap();
    for schedule in G::RETRIES {
        let last = schedule.attempts().unwrap_or(1);
        for ahead in AHEAD.map(TimeDelta::seconds) {
            let (body, token) = (body(first_sent + ahead), authorization(first_sent + ahead));
            let token = |_| token.clone();
            for first in 1..=last {
                let arrives = |attempt| attempt >= first;
                let letters = letters_with(policy(), &body, first_sent, schedule, token, arrives);
                assert!(letters > 0, "{} from {first}, {ahead} ahead: {schedule:?}", G::NAME);
            }
        }
    }
}

#[test]
fn a_clock_that_is_ahead_does_not_hide_the_last_attempt() {
    let none = |_| String::new();
    let body = |fixture: &str, time: fn(DateTime<Utc>) -> Value| {
        let text = fixtures::text(fixture);
        move |at| fixtures::with(&text, &["timestamp"], Some(time(at)))
    };
    let iso = |at: DateTime<Utc>| at.to_rfc3339().into();
    let milliseconds = |at: DateTime<Utc>| at.timestamp_millis().into();
    let enviaai = body("enviaai/message.received.plain.json", iso);
    no_clock_hides_the_last_attempt(EnviaAi::unauthenticated, enviaai, none);
    let eazewa = |_| fixtures::text("eazewa/message.plain.json");
    no_clock_hides_the_last_attempt(EazeWa::unauthenticated, eazewa, none);
    let wawp = body("wawp/message.webjs.json", milliseconds);
    no_clock_hides_the_last_attempt(Wawp::unauthenticated, wawp, none);
    let zavu = body("zavu/message.inbound.plain.json", milliseconds);
    no_clock_hides_the_last_attempt(Zavu::unauthenticated, zavu, none);
    no_clock_hides_the_last_attempt(lenient, |_| upsert(), issued);
    no_clock_hides_the_last_attempt(Evolution::unauthenticated, |_| upsert(), none);
}

fn upsert() -> String {
    fixtures::text("evolution/messages.upsert.plain.json")
}

/// Accepts tokens of any age, and from any future.
fn lenient() -> Evolution {
    Evolution::by(evolution::Jwt::new(secret()).leeway(s(1000 * 86_400)))
}

/// `Authorization` with a token issued at that time.
fn issued(at: DateTime<Utc>) -> String {
    Evolution::sign(&secret(), at.timestamp())
}

#[test]
fn a_token_that_is_young_hides_no_last_attempt() {
    let first_sent: DateTime<Utc> = FIRST_SENT.parse().unwrap();
    for schedule in Evolution::RETRIES {
        let last = schedule.attempts().unwrap();
        for first in [1, 4, 8, last] {
            let first = first.min(last);
            let letters = |issued_at: &dyn Fn(DateTime<Utc>) -> DateTime<Utc>| {
                let token = |now| issued(issued_at(now));
                let arrives = |attempt| attempt >= first;
                letters_with(lenient(), &upsert(), first_sent, schedule, token, arrives)
            };
            // Made once, as documented; by a clock that is a little late, and one that is
            // ahead, but not as far as the delivery is old; and made for each attempt.
            assert!(letters(&|_| first_sent) > 0, "{first} {schedule:?}");
            for ahead in [-30, 1, 1100, 1214, 1215, 1216].map(TimeDelta::seconds) {
                assert!(letters(&|_| first_sent + ahead) > 0, "{first} {ahead} {schedule:?}");
            }
            for ago in [0, 1, 5].map(TimeDelta::seconds) {
                assert!(letters(&|now| now - ago) > 0, "{first} {ago} {schedule:?}");
            }
        }
    }
}

#[test]
fn a_token_calls_the_hook_no_more_often_before_the_last_attempt() {
    let first_sent = FIRST_SENT.parse().unwrap();
    let letters = |last: usize, token: &dyn Fn(DateTime<Utc>) -> String| {
        let schedule = &Evolution::RETRIES[0];
        let arrives = |attempt| attempt <= last;
        letters_with(lenient(), &upsert(), first_sent, schedule, token, arrives)
    };
    for (last, expected) in [1, 1, 1, 1, 1, 1, 2, 3, 4, 5].into_iter().enumerate() {
        for token in [first_sent, first_sent - s(30), first_sent + s(30)] {
            assert_eq!(letters(last + 1, &|_| issued(token)), expected, "{last} {token}");
        }
        assert_eq!(letters(last + 1, &issued), expected, "{last}");
    }
}

/// An event that two webhooks deliver, of which the other one's attempt was a minute
/// ago and has ended with its process: the store alone would say that this one, so
/// soon after, cannot be the last.
#[test]
fn an_old_token_says_that_this_is_the_last_attempt() {
    let now: DateTime<Utc> = FIRST_SENT.parse().unwrap();
    let key = Delivery::<Evolution>::parse_trusted(upsert()).unwrap().key().unwrap();
    let letters = |policy: Evolution, authorization: &str| {
        let clock = Clock::default();
        let store = Arc::new(clock.store(10));
        let claim = pin!(store.claim(&key, s(60), s(86_400)));
        let claim = claim.poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(claim, Poll::Ready(Ok(Claim::Acquired { .. }))));
        clock.advance(s(65));
        let (letters, hook) = counting();
        let consumer = Receiver::new(policy).with_store(Arc::clone(&store)).on_dead_letter(hook);
        let headers = [("authorization", authorization)];
        let request = Head::new(&headers).received_at(now).with_body(upsert());
        fails(consumer.handle(&request, |_| async { Err(Failure::retry("not now")) }));
        letters.load(Ordering::SeqCst)
    };
    // The last one is made 972 s after the first or later, by clocks that agree.
    for (ago, expected) in [(0, 0), (75, 0), (950, 0), (952, 1), (1215, 1), (-1215, 0)] {
        let token = issued(now - TimeDelta::seconds(ago));
        assert_eq!(letters(lenient(), &token), expected, "{ago}");
        // What nobody verified says nothing.
        assert_eq!(letters(Evolution::unauthenticated(), &token), 0, "{ago}");
    }
}

#[test]
fn a_first_failure_is_no_dead_letter_by_clocks_that_agree() {
    let first_sent: DateTime<Utc> = FIRST_SENT.parse().unwrap();
    let text = fixtures::text("wawp/message.webjs.json");
    let time = first_sent.timestamp_millis().into();
    let body = fixtures::with(&text, &["timestamp"], Some(time));
    for (schedule, expected) in Wawp::RETRIES.iter().zip([
        &[0, 1, 2, 3, 4, 5][..],
        &[0, 0, 0, 0, 0, 1],
        &[0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    ]) {
        let letters = |last: usize| {
            let policy = Wawp::unauthenticated();
            letters(policy, &body, first_sent, schedule, |attempt| attempt <= last)
        };
        assert_eq!((1..=expected.len()).map(letters).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn what_the_store_remembers_spares_letters() {
    let body = fixtures::text("evolution/messages.upsert.plain.json");
    let now = "2026-02-10T14:23:45Z".parse().unwrap();
    let policy = Evolution::unauthenticated;
    // The first one may be the last; those within minutes of it are not.
    let letters = |last: usize| {
        letters(policy(), &body, now, &Evolution::RETRIES[0], |attempt| attempt <= last)
    };
    assert_eq!((1..=6).map(letters).collect::<Vec<_>>(), [1, 1, 1, 1, 1, 1]);
    assert_eq!(letters(10), 5);
}

#[test]
fn events_survive_failures_and_crashes_in_every_schedule() {
    every_event_is_handled_or_unsaved(thorough::or(100, 300));
}

#[test]
#[ignore = "needs a minute"]
fn ten_thousand_events_survive_failures_and_crashes_in_every_schedule() {
    every_event_is_handled_or_unsaved(10_000);
}

#[test]
fn whether_a_refusal_is_the_end_follows_from_the_schedule() {
    const FULL: http::StatusCode = http::StatusCode::SERVICE_UNAVAILABLE;

    for (name, schedule) in schedules() {
        let policy = EnviaAi::signed(secret());
        let store = MemoryStore::new();
        let receiver = Receiver::new(policy.clone()).with_store(store).schedule(schedule.clone());
        let never = ["eazeWA", "Evolution 2.2.0"].contains(&name);
        assert_eq!(receiver.repeats_after(FULL), !never, "{name}");
        assert!(!receiver.repeats_after(http::StatusCode::OK), "{name}");
        let any = AnyReceiver::new(policy).with_store(MemoryStore::new()).schedule(schedule);
        assert_eq!(any.repeats_after(FULL), !never, "{name}");
    }
    let once = RetrySchedule::configured(Vec::new());
    let enviaai = Receiver::new(EnviaAi::signed(secret())).with_store(MemoryStore::new());
    assert!(!enviaai.schedule(once).repeats_after(FULL));
    let usual = Receiver::new(Evolution::jwt(secret())).with_store(MemoryStore::new());
    let unauthorized = http::StatusCode::UNAUTHORIZED;
    assert!(usual.repeats_after(FULL) && !usual.repeats_after(unauthorized));
}
