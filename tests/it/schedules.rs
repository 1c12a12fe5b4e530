//! Every gateway's retry schedule in virtual time, with handlers that fail and
//! processes that die: what becomes of the events.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use zaphook::idempotency::{Claim, IdempotencyStore};
use zaphook::retry::RetrySchedule;
use zaphook::{
    AnyReceiver, EazeWa, EnviaAi, Evolution, Failure, Gateway, Head, MemoryStore, Receiver, Timer,
    Wawp, Zavu, testing,
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
    let clock = Clock::default();
    let letters = Arc::new(AtomicUsize::new(0));
    let consumer = Receiver::new(policy)
        .with_store(clock.store(10))
        .schedule(schedule.clone())
        .on_dead_letter({
            let letters = Arc::clone(&letters);
            move |_| {
                letters.fetch_add(1, Ordering::SeqCst);
                std::future::ready(())
            }
        });
    let waits = std::iter::once(s(0)).chain(schedule.delays());
    for (attempt, wait) in (1..=schedule.attempts().unwrap_or(1)).zip(waits) {
        clock.advance(wait);
        if arrives(attempt) {
            let elapsed = TimeDelta::from_std(clock.now()).unwrap();
            let headers = [("x-webhook-event", "message")];
            let head = Head::new(&headers).received_at(first_sent + elapsed);
            let request = head.with_body(body.to_owned());
            let handling = consumer.handle(&request, |_| async { Err(Failure::retry("not now")) });
            let polled = pin!(handling).poll(&mut Context::from_waker(Waker::noop()));
            let Poll::Ready(answer) = polled else { panic!("it waits") };
            assert_eq!(answer.outcome().as_str(), "failed");
        }
    }
    letters.load(Ordering::SeqCst)
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
