//! From request to answer: claimed, handled, completed.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Notify, oneshot};
use zaphook::idempotency::{Claim, IdempotencyStore, Settled, Ticket};
use zaphook::retry::RetrySchedule;
use zaphook::{
    Answer, AnyReceiver, AnyTenants, Consumer, DeadLetter, DeadLetterReason, Delivery, EnviaAi,
    Failure, Key, MemoryStore, Receiver, Request, StoreDown, Stored, Tenants, Timer, TokioTimer,
    testing,
};

use crate::enviaai::receiver;
use crate::fixtures;
use crate::gateways::secret;
use crate::store::Clock;
use crate::thorough;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn message() -> http::Request<Bytes> {
    testing::enviaai(&secret(), fixtures::text("enviaai/message.received.plain.json"))
}

/// A message first sent just so long ago.
fn sent(ago: Duration) -> http::Request<Bytes> {
    let time = chrono::Utc::now() - ago;
    let body = fixtures::with(
        &fixtures::text("enviaai/message.received.plain.json"),
        &["timestamp"],
        Some(time.to_rfc3339().into()),
    );
    testing::enviaai(&secret(), body)
}

/// What a gateway that repeats after no status would do.
fn never_again() -> RetrySchedule {
    RetrySchedule::until_answered(Duration::from_secs(3))
}

/// What was handed to `on_dead_letter`, in words.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<String>>>);

impl Kept {
    fn hook(&self) -> impl Fn(DeadLetter) -> std::future::Ready<()> + Send + Sync + use<> {
        let kept = self.clone();
        move |letter| {
            let delivery = letter.stored().parse_trusted::<EnviaAi>().ok();
            let id = delivery.and_then(|delivery| delivery.event().message_id().map(str::to_owned));
            let error = letter.error().map(ToString::to_string);
            assert_eq!(letter.gateway(), "enviaai");
            let word = letter.reason().as_str();
            let text = format!("{word} {} {}", id.unwrap_or_default(), error.unwrap_or_default());
            kept.0.lock().unwrap().push(text.trim_end().to_owned());
            std::future::ready(())
        }
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

async fn fine(_: Delivery<EnviaAi>) -> Result<(), Failure> {
    Ok(())
}

async fn broken(_: Delivery<EnviaAi>) -> Result<(), Failure> {
    Err("the database is away")?;
    Ok(())
}

async fn hopeless(_: Delivery<EnviaAi>) -> Result<(), Failure> {
    Err(Failure::give_up("no such customer"))
}

async fn never(_: Delivery<EnviaAi>) -> Result<(), Failure> {
    panic!("must not be called")
}

#[track_caller]
fn assert_answer(answer: &Answer, status: u16, outcome: &str) {
    assert_eq!((answer.status().as_u16(), answer.outcome().as_str()), (status, outcome));
}

#[tokio::test]
async fn an_event_is_handled_once() {
    let receiver = receiver().with_store(MemoryStore::new());
    let request = message();
    let runs = AtomicUsize::new(0);
    let count = |delivery: Delivery<EnviaAi>| {
        assert_eq!(delivery.attempt(), Some(1));
        runs.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    };
    let answer = receiver.handle(&Request::from(&request), count).await;
    assert_answer(&answer, 200, "handled");
    for _ in 0..3 {
        let answer = receiver.handle(&Request::from(&request), never).await;
        assert_answer(&answer, 200, "duplicate");
    }
    // A clone of the receiver shares the store.
    let answer = receiver.clone().handle(&Request::from(&request), never).await;
    assert_answer(&answer, 200, "duplicate");
    assert_eq!(runs.into_inner(), 1);
}

#[test]
fn a_consumer_says_what_its_receiver_says() {
    let consumer = receiver().with_store(MemoryStore::new());
    assert_eq!(consumer.gateway(), "enviaai");
    assert_eq!(consumer.body_limit(), receiver().body_limit());
    assert_eq!(consumer.too_large().status(), receiver().too_large().status());
    let signed = message();
    assert!(consumer.screen(Request::from(&signed).head()).is_ok());
    let unsigned = Request::new(&[("", ""); 0], "{}");
    let refusal = consumer.screen(unsigned.head()).unwrap_err();
    assert_eq!(refusal, receiver().screen(unsigned.head()).unwrap_err());
}

#[tokio::test]
async fn what_is_not_authentic_touches_no_store() {
    let receiver = receiver().with_store(broken_store());
    let request = Request::new(&[("", ""); 0], "{}");
    assert_answer(&receiver.handle(&request, never).await, 401, "refused");
    let body = fixtures::text("enviaai/message.received.plain.json");
    let forged = testing::enviaai(&zaphook::Secret::new("whs_other").unwrap(), body);
    assert_answer(&receiver.handle(&Request::from(&forged), never).await, 401, "refused");
}

#[tokio::test]
async fn what_cannot_be_read_is_reported_and_answered_200() {
    let kept = Kept::default();
    let receiver = receiver().with_store(broken_store()).on_dead_letter(kept.hook());
    let request = testing::enviaai(&secret(), "not json");
    let answer = receiver.handle(&Request::from(&request), never).await;
    assert_answer(&answer, 200, "unreadable");
    assert_eq!(kept.take(), ["unreadable"]);
}

/// A later version may read it: it goes through a queue like any other, whoever
/// received it.
#[tokio::test]
async fn what_cannot_be_read_can_be_stored() {
    let stored: Arc<Mutex<Vec<Stored>>> = Arc::default();
    let hook = || {
        let stored = Arc::clone(&stored);
        move |letter: DeadLetter| {
            assert!(matches!(letter.reason(), DeadLetterReason::Unreadable(_)));
            stored.lock().unwrap().push(letter.stored().clone());
            std::future::ready(())
        }
    };
    let policy = || EnviaAi::signed(secret());
    let typed = receiver().with_store(MemoryStore::new()).on_dead_letter(hook());
    let any = AnyReceiver::new(policy()).with_store(MemoryStore::new()).on_dead_letter(hook());
    let tenants = Tenants::<EnviaAi>::new();
    let any_tenants = AnyTenants::from(tenants.clone());
    let tenants = tenants.with_store(MemoryStore::new()).on_dead_letter(hook());
    let any_tenants = any_tenants.with_store(MemoryStore::new()).on_dead_letter(hook());
    for body in [&b"not json"[..], b"\xff\x00"] {
        let request = testing::enviaai(&secret(), body);
        let request = Request::from(&request);
        let answers = [
            typed.handle(&request, never).await,
            any.handle(&request, |_| async { panic!("it cannot be read") }).await,
            tenants.handle_for("inst_1", &policy(), &request, never).await,
            any_tenants
                .handle_for("inst_1", &policy().into(), &request, |_| async {
                    panic!("it cannot be read")
                })
                .await,
        ];
        for answer in answers {
            assert_answer(&answer, 200, "unreadable");
            assert!(!answer.is_lost());
        }
        let stored = std::mem::take(&mut *stored.lock().unwrap());
        assert_eq!(stored.len(), 4);
        for entry in stored {
            assert_eq!((entry.gateway(), &entry.body()[..]), ("enviaai", body));
            assert_eq!(entry.proof(), &receiver().authenticate(&request).unwrap());
            let row = serde_json::to_string(&entry).unwrap();
            assert_eq!(serde_json::from_str::<Stored>(&row).unwrap(), entry);
        }
    }
}

#[tokio::test]
async fn a_failure_is_released_and_comes_again() {
    let kept = Kept::default();
    let receiver = receiver().with_store(MemoryStore::new()).on_dead_letter(kept.hook());
    let request = sent(ms(0));
    for attempt in 1..=3 {
        let handler = |delivery: Delivery<EnviaAi>| {
            assert_eq!(delivery.attempt(), Some(attempt));
            broken(delivery)
        };
        let answer = receiver.handle(&Request::from(&request), handler).await;
        assert_answer(&answer, 503, "failed");
        assert_eq!(answer.error().unwrap().to_string(), "the database is away");
        assert!(!format!("{answer:?}").contains("database"));
    }
    assert_answer(&receiver.handle(&Request::from(&request), fine).await, 200, "handled");
    assert_eq!(kept.take(), [""; 0]);
}

#[tokio::test]
async fn a_failure_at_the_last_attempt_is_unsaved() {
    // By the time since it was first sent...
    let kept = Kept::default();
    let by_time = receiver().with_store(MemoryStore::new()).on_dead_letter(kept.hook());
    for (hours, unsaved) in [(0, false), (2, false), (6, true), (8, true)] {
        let request = sent(Duration::from_secs(hours * 3600));
        let answer = by_time.handle(&Request::from(&request), broken).await;
        assert_answer(&answer, 503, "failed");
        let expected =
            if unsaved { vec!["failed msg_8f2c41 the database is away"] } else { vec![] };
        assert_eq!(kept.take(), expected, "{hours}");
    }
    // ... and by the number of attempts.
    let by_count = receiver().with_store(MemoryStore::new()).on_dead_letter(kept.hook());
    let request = sent(ms(0));
    for attempt in 1..=6 {
        let _ = by_count.handle(&Request::from(&request), broken).await;
        assert_eq!(kept.take().len(), usize::from(attempt == 6), "{attempt}");
    }
}

#[tokio::test]
async fn giving_up_completes_and_is_unsaved() {
    let kept = Kept::default();
    let receiver = receiver().with_store(MemoryStore::new()).on_dead_letter(kept.hook());
    let request = message();
    let answer = receiver.handle(&Request::from(&request), hopeless).await;
    assert_answer(&answer, 200, "given_up");
    assert_eq!(kept.take(), ["given_up msg_8f2c41 no such customer"]);
    assert_answer(&receiver.handle(&Request::from(&request), never).await, 200, "duplicate");
}

#[tokio::test]
async fn somebody_else_at_work_means_503_and_when_to_come_again() {
    let receiver = receiver().with_store(MemoryStore::new()).lease(Duration::from_secs(40));
    let request = sent(ms(0));
    let request = Request::from(&request);
    let inner = receiver.clone();
    let answer = receiver
        .handle(&request, |_| async {
            let answer = inner.handle(&request, never).await;
            assert_answer(&answer, 503, "in_progress");
            let retry_after = answer.retry_after().unwrap();
            assert!(
                retry_after <= Duration::from_secs(40) && retry_after > Duration::from_secs(35)
            );
            let response: http::Response<()> = answer.into();
            assert_eq!(response.headers()["retry-after"], "40");
            Ok(())
        })
        .await;
    assert_answer(&answer, 200, "handled");
}

#[tokio::test]
async fn a_dropped_future_is_a_crash_and_heals() {
    let receiver = receiver().with_store(MemoryStore::new()).lease(ms(600));
    let request = sent(ms(0));
    let request = Request::from(&request);
    {
        let hangs = receiver.handle(&request, |_| std::future::pending());
        assert!(tokio::time::timeout(ms(5), hangs).await.is_err());
    }
    assert_answer(&receiver.handle(&request, never).await, 503, "in_progress");
    tokio::time::sleep(ms(650)).await;
    let second = |delivery: Delivery<EnviaAi>| {
        assert_eq!(delivery.attempt(), Some(2));
        fine(delivery)
    };
    assert_answer(&receiver.handle(&request, second).await, 200, "handled");
}

#[tokio::test]
async fn a_handler_that_panics_has_failed() {
    let kept = Kept::default();
    let receiver = receiver().with_store(MemoryStore::new()).on_dead_letter(kept.hook());
    let request = sent(ms(0));
    let request = Request::from(&request);
    let panics = |_| async { std::panic::resume_unwind(Box::new("a bug")) };
    assert_answer(&receiver.handle(&request, panics).await, 503, "failed");
    let before_its_future = |_| -> std::future::Ready<Result<(), Failure>> {
        std::panic::resume_unwind(Box::new("a bug"))
    };
    assert_answer(&receiver.handle(&request, before_its_future).await, 503, "failed");
    assert_eq!(kept.take(), [""; 0]);
    assert_answer(&receiver.handle(&request, fine).await, 200, "handled");
    // Where it would not come again, it is kept.
    let receiver = crate::enviaai::receiver().with_store(MemoryStore::new());
    let receiver = receiver.schedule(never_again()).on_dead_letter(kept.hook());
    assert_answer(&receiver.handle(&request, panics).await, 200, "failed");
    assert_eq!(kept.take(), ["failed msg_8f2c41 the handler panicked"]);
}

/// Given up is not done before it is saved: a crash in the hook repeats it.
#[tokio::test]
async fn a_crash_while_saving_is_healed() {
    let kept = Kept::default();
    let (slow, saved) = (Arc::new(Notify::new()), kept.clone());
    let wait = Arc::clone(&slow);
    let receiver = receiver().with_store(MemoryStore::new()).lease(ms(200)).on_dead_letter(
        move |letter: DeadLetter| {
            let (wait, save) = (Arc::clone(&wait), saved.hook());
            async move {
                wait.notified().await;
                save(letter).await;
            }
        },
    );
    let request = sent(ms(0));
    let request = Request::from(&request);
    {
        let hangs = receiver.handle(&request, hopeless);
        assert!(tokio::time::timeout(ms(20), hangs).await.is_err());
    }
    assert_eq!(kept.take(), [""; 0]);
    tokio::time::sleep(ms(250)).await;
    slow.notify_one();
    assert_answer(&receiver.handle(&request, hopeless).await, 200, "given_up");
    assert_eq!(kept.take().len(), 1);
    assert_answer(&receiver.handle(&request, never).await, 200, "duplicate");
}

/// Without the time it was first sent and without a count of attempts, any
/// attempt may be the last.
#[tokio::test]
async fn in_doubt_a_delivery_is_unsaved() {
    let kept = Kept::default();
    let body = fixtures::text("enviaai/message.received.plain.json");
    let timeless = fixtures::with(&body, &["timestamp"], None);
    let request = testing::enviaai(&secret(), timeless);
    let request = Request::from(&request);
    let down = receiver().with_store(broken_store()).on_dead_letter(kept.hook());
    assert_answer(&down.handle(&request, never).await, 503, "store_down");
    assert_eq!(kept.take().len(), 1);
    // What the store counted says only that an attempt is the last: others may not
    // have come this far. It remembers the first one, which may be the last; those
    // right after it are not.
    let up = receiver().with_store(MemoryStore::new()).on_dead_letter(kept.hook());
    for attempt in 1..=6 {
        assert_answer(&up.handle(&request, broken).await, 503, "failed");
        assert_eq!(kept.take().len(), usize::from([1, 6].contains(&attempt)), "{attempt}");
    }
}

#[tokio::test]
async fn who_waits_and_who_works_outlast_a_store_that_fails_now_and_then() {
    let kept = Kept::default();
    // Every other claim or extension fails.
    let calls = AtomicUsize::new(0);
    let store = Meddled::new(move |call| match call {
        Call::Claim | Call::Extend => {
            let odd = calls.fetch_add(1, Ordering::SeqCst) % 2 == 1;
            if odd { Err(Away) } else { Ok(ms(0)) }
        }
        _ => Ok(ms(0)),
    });
    let receiver = receiver()
        .with_store(store)
        .schedule(never_again())
        .lease(ms(900))
        .timer(TokioTimer)
        .on_dead_letter(kept.hook());
    let request = message();
    let request = Request::from(&request);
    // The first claim is the owner's; the second one fails, so a copy that
    // comes now runs unprotected. The third one waits.
    let second = receiver.clone();
    let owner = receiver.handle(&request, |_| async {
        assert_answer(&second.handle(&request, fine).await, 200, "handled_without_store");
        tokio::time::sleep(ms(1500)).await;
        Ok(())
    });
    let waiter = async {
        tokio::time::sleep(ms(100)).await;
        receiver.handle(&request, never).await
    };
    let (owner, waiter) = tokio::join!(owner, waiter);
    assert_answer(&owner, 200, "handled");
    assert_answer(&waiter, 200, "duplicate");
    assert_eq!(kept.take(), [""; 0]);
}

/// Holding ends by the clock, however long the store takes to answer.
#[tokio::test]
async fn holding_ends_by_the_clock() {
    let slow = Meddled::new(|call| Ok(ms(if call == Call::Claim { 300 } else { 0 })));
    let receiver = receiver().with_store(slow).schedule(never_again());
    let receiver = receiver.hold(ms(2500)).timer(TokioTimer);
    let request = message();
    let request = Request::from(&request);
    let second = receiver.clone();
    let handler = |_| async {
        let started = std::time::Instant::now();
        assert_answer(&second.handle(&request, never).await, 200, "in_progress");
        // By naps alone it would be ten asks of 550 ms.
        assert!(started.elapsed() < ms(4500), "{:?}", started.elapsed());
        Ok(())
    };
    assert_answer(&receiver.handle(&request, handler).await, 200, "handled");
}

/// What `handle` asks of the store is what the trait promises it.
#[tokio::test]
async fn a_claim_is_never_forgotten_before_its_lease() {
    let receiver =
        receiver().with_store(MemoryStore::new()).lease(Duration::from_secs(60)).retention(ms(10));
    let request = sent(ms(0));
    let request = Request::from(&request);
    let second = receiver.clone();
    let handler = |_| async {
        tokio::time::sleep(ms(50)).await;
        assert_answer(&second.handle(&request, never).await, 503, "in_progress");
        Ok(())
    };
    assert_answer(&receiver.handle(&request, handler).await, 200, "handled");
}

#[tokio::test]
async fn losing_the_claim_is_said_at_completion() {
    let receiver = receiver().with_store(MemoryStore::new()).lease(ms(20));
    let request = message();
    let request = Request::from(&request);
    let second = receiver.clone();
    let answer = receiver
        .handle(&request, |_| async {
            tokio::time::sleep(ms(40)).await;
            assert_answer(&second.handle(&request, fine).await, 200, "handled");
            Ok(())
        })
        .await;
    assert_answer(&answer, 200, "handled_late");
}

/// What a handler does that completes in the transaction of its work.
#[tokio::test]
async fn a_handler_may_complete_by_itself() {
    let store = Arc::new(MemoryStore::new());
    let receiver = receiver().with_store(Arc::clone(&store));
    let request = message();
    let complete = async |delivery: &Delivery<EnviaAi>| {
        let ticket = delivery.ticket().unwrap();
        assert_eq!(Some(ticket.key()), delivery.key().as_ref());
        assert_eq!(store.complete(ticket, ms(60_000)).await, Ok(Settled::Applied));
        ticket.mark_completed();
    };

    // Marked, and then rolled back: the mark alone does nothing.
    let answer = receiver
        .handle(&Request::from(&request), async |delivery: Delivery<EnviaAi>| {
            delivery.ticket().unwrap().mark_completed();
            Err(Failure::retry("rolled back"))
        })
        .await;
    assert_answer(&answer, 503, "failed");
    let answer = receiver
        .handle(&Request::from(&request), async |delivery: Delivery<EnviaAi>| {
            assert_eq!(delivery.attempt(), Some(2));
            complete(&delivery).await;
            Ok(())
        })
        .await;
    assert_answer(&answer, 200, "handled");
    let answer = receiver.handle(&Request::from(&request), never).await;
    assert_answer(&answer, 200, "duplicate");

    // Without a claim there is no ticket.
    assert!(Delivery::<EnviaAi>::parse_trusted(message().into_body()).unwrap().ticket().is_none());
}

#[tokio::test]
async fn a_timer_extends_the_lease_under_a_slow_handler() {
    let receiver = receiver().with_store(MemoryStore::new()).lease(ms(600)).timer(TokioTimer);
    let request = sent(ms(0));
    let request = Request::from(&request);
    let second = receiver.clone();
    let answer = receiver
        .handle(&request, |_| async {
            for _ in 0..6 {
                tokio::time::sleep(ms(200)).await;
                assert_answer(&second.handle(&request, never).await, 503, "in_progress");
            }
            Ok(())
        })
        .await;
    assert_answer(&answer, 200, "handled");
}

/// A gateway that repeats after no status: the duplicate waits until the first
/// one is done, further ones go.
#[tokio::test]
async fn a_duplicate_that_would_not_come_again_is_held() {
    let waits = Arc::new(Notify::new());
    let timer = Signalling(Arc::clone(&waits));
    let receiver = receiver().with_store(MemoryStore::new()).schedule(never_again()).timer(timer);
    let request = message();
    let (finish, first) = start(&receiver, &request, fine).await;
    let waiter = tokio::spawn({
        let (receiver, request) = (receiver.clone(), request.clone());
        async move { receiver.handle(&Request::from(&request), never).await }
    });
    waits.notified().await;
    let others: Vec<_> = (0..3)
        .map(|_| {
            let (receiver, request) = (receiver.clone(), request.clone());
            tokio::spawn(async move { receiver.handle(&Request::from(&request), never).await })
        })
        .collect();
    tokio::time::sleep(ms(600)).await;
    assert!(!waiter.is_finished());
    assert!(others.iter().all(|other| !other.is_finished()));
    finish.send(()).unwrap();
    assert_answer(&first.await.unwrap(), 200, "handled");
    assert_answer(&waiter.await.unwrap(), 200, "duplicate");
    for other in others {
        assert_answer(&other.await.unwrap(), 200, "in_progress");
    }
}

/// Time that passes when it is told to.
struct Told(Clock);

impl Timer for Told {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let until = self.0.now() + duration;
        Box::pin(std::future::poll_fn(move |_| {
            if self.0.now() < until { Poll::Pending } else { Poll::Ready(()) }
        }))
    }
}

/// Three copies of a delivery that no status brings again, three seconds apart.
/// At some time some of them are dropped, or all: a process that dies.
fn three_copies(dropped_at: u32, dropped: [bool; 3], first_one: Option<Result<(), ()>>) {
    let clock = Clock::default();
    let kept = Kept::default();
    let receiver = receiver()
        .with_store(Arc::new(clock.store(10)))
        .schedule(never_again())
        .timer(Told(clock.clone()))
        .on_dead_letter(kept.hook());
    let request = message();
    let request = Request::from(&request);
    let runs = AtomicUsize::new(0);
    let done = std::sync::atomic::AtomicBool::new(false);
    let handler = |_: Delivery<EnviaAi>| {
        let first = runs.fetch_add(1, Ordering::SeqCst) == 0;
        let (clock, done) = (&clock, &done);
        async move {
            // The first one takes ten seconds, or for ever; the next one two.
            let until = clock.now() + if first { ms(10_000) } else { ms(2000) };
            let outcome = if first { first_one } else { Some(Ok(())) };
            std::future::poll_fn(|_| match clock.now() < until || outcome.is_none() {
                true => Poll::Pending,
                false => Poll::Ready(()),
            })
            .await;
            if outcome == Some(Err(())) {
                return Err(Failure::retry("not now"));
            }
            done.store(true, Ordering::SeqCst);
            Ok(())
        }
    };
    let handle = || Box::pin(receiver.handle(&request, &handler));
    let saved = || {
        let letters = kept.take();
        if !letters.is_empty() {
            done.store(true, Ordering::SeqCst);
        }
        done.load(Ordering::SeqCst)
    };
    let mut copies = [None, None, None];
    let mut answered = 0;
    for tick in 0..400_u32 {
        if let (0, Some(copy)) = (tick % 12, copies.get_mut((tick / 12) as usize)) {
            *copy = Some(handle());
        }
        if tick == dropped_at {
            for (copy, _) in copies.iter_mut().zip(dropped).filter(|(_, dropped)| *dropped) {
                *copy = None;
            }
        }
        for copy in &mut copies {
            for _ in 0..3 {
                let Some(handling) = copy else { break };
                let polled = handling.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                if polled.is_ready() {
                    *copy = None;
                    answered += 1;
                    assert!(saved(), "{tick}: answered, and lost if the process dies now");
                }
            }
        }
        clock.advance(ms(250));
    }
    if answered == 0 {
        // The gateway goes on.
        clock.advance(ms(120_000));
        let mut next = handle();
        for _ in 0..100 {
            if next.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
                break;
            }
            for copy in copies.iter_mut().flatten() {
                let _ = copy.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            }
            clock.advance(ms(250));
        }
    }
    assert!(saved(), "{dropped_at} {dropped:?} {first_one:?}");
}

#[test]
fn no_time_to_die_loses_an_event_of_three_copies() {
    for first_one in [Some(Ok(())), Some(Err(())), None] {
        for dropped_at in (0..60).step_by(thorough::or(4, 1)) {
            for which in 0..8_u8 {
                let dropped = [which & 1 != 0, which & 2 != 0, which & 4 != 0];
                three_copies(dropped_at, dropped, first_one);
            }
        }
    }
}

#[tokio::test]
async fn a_copy_beyond_the_first_that_waits_keeps_no_delivery() {
    let receiver =
        receiver().with_store(MemoryStore::new()).schedule(never_again()).timer(TokioTimer);
    let request = message();
    let received = || receiver.receiver().receive(&Request::from(&request)).unwrap();
    let token = Arc::new(());
    let hold = |first: bool| {
        let token = Arc::clone(&token);
        move |_: Delivery<EnviaAi>| async move {
            let _token = token;
            if first { std::future::pending().await } else { Ok(()) }
        }
    };
    let all = async {
        tokio::join!(
            receiver.handle_received(received(), hold(true)),
            receiver.handle_received(received(), hold(false)),
            receiver.handle_received(received(), hold(false)),
            receiver.handle_received(received(), hold(false)),
        )
    };
    let mut all = pin!(all);
    assert!(tokio::time::timeout(ms(50), all.as_mut()).await.is_err());
    // The test's, that of the first and that of the one that waits.
    assert_eq!(Arc::strong_count(&token), 3);
}

#[tokio::test]
async fn what_was_completed_in_a_transaction_that_was_rolled_back_has_failed() {
    let receiver = receiver().with_store(MemoryStore::new());
    let request = message();
    let rolled_back = |delivery: Delivery<EnviaAi>| async move {
        delivery.ticket().unwrap().mark_completed();
        Ok(())
    };
    let answer = receiver.handle(&Request::from(&request), rolled_back).await;
    assert_answer(&answer, 503, "failed");
    assert_answer(&receiver.handle(&Request::from(&request), fine).await, 200, "handled");
}

#[tokio::test]
async fn what_a_transaction_has_completed_is_confirmed_by_one_call() {
    for (is_up, outcome) in [(true, "handled"), (false, "handled_unmarked")] {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let made = Arc::clone(&calls);
        let store = Arc::new(Meddled::new(move |call| {
            made.lock().unwrap().push(call);
            if is_up || call == Call::Claim { Ok(ms(0)) } else { Err(Away) }
        }));
        let receiver = receiver().with_store(Arc::clone(&store));
        let completing = |delivery: Delivery<EnviaAi>| async move {
            let ticket = delivery.ticket().unwrap();
            assert_eq!(store.store.complete(ticket, ms(60_000)).await, Ok(Settled::Applied));
            ticket.mark_completed();
            Ok(())
        };
        let answer = receiver.handle(&Request::from(&message()), completing).await;
        assert_answer(&answer, 200, outcome);
        assert!(*calls.lock().unwrap() == [Call::Claim, Call::Extend]);
    }
}

#[tokio::test]
async fn hooks_that_panic_change_no_answer() {
    fn panics(_: DeadLetter) -> std::future::Ready<()> {
        panic!("in the hook")
    }
    let receiver = receiver()
        .with_store(MemoryStore::new())
        .on_dead_letter(panics)
        .observe(|_| panic!("in the observer"));
    let request = sent(Duration::from_secs(8 * 3600));
    let answer = receiver.handle(&Request::from(&request), broken).await;
    assert_answer(&answer, 503, "failed");
    assert_answer(&receiver.handle(&Request::from(&request), fine).await, 200, "handled");
}

#[tokio::test]
async fn a_timer_that_is_ready_at_once_keeps_no_thread() {
    struct AtOnce;
    impl Timer for AtOnce {
        fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(std::future::ready(()))
        }
    }
    let receiver = receiver().with_store(MemoryStore::new()).timer(AtOnce);
    let request = message();
    let slow = |_| async {
        tokio::time::sleep(ms(20)).await;
        Ok(())
    };
    assert_answer(&receiver.handle(&Request::from(&request), slow).await, 200, "handled");
}

/// A timer that says when a duplicate starts to wait: it asks four times a
/// second.
struct Signalling(Arc<Notify>);

impl Timer for Signalling {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        if duration == ms(250) {
            self.0.notify_one();
        }
        TokioTimer.sleep(duration)
    }
}

/// Starts handling, up to a handler that does its work only when it is told.
async fn start<Fut>(
    receiver: &Consumer<Receiver<EnviaAi>, MemoryStore>,
    request: &http::Request<Bytes>,
    work: fn(Delivery<EnviaAi>) -> Fut,
) -> (oneshot::Sender<()>, tokio::task::JoinHandle<Answer>)
where
    Fut: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let (finish, told) = oneshot::channel();
    let (running, runs) = oneshot::channel();
    let (receiver, request) = (receiver.clone(), request.clone());
    let task = tokio::spawn(async move {
        let handler = |delivery| async move {
            running.send(()).unwrap();
            told.await.unwrap();
            work(delivery).await
        };
        receiver.handle(&Request::from(&request), handler).await
    });
    runs.await.unwrap();
    (finish, task)
}

#[tokio::test]
async fn a_held_duplicate_handles_when_the_first_one_fails_or_crashes() {
    for crash in [false, true] {
        let kept = Kept::default();
        let waits = Arc::new(Notify::new());
        let receiver = receiver()
            .with_store(MemoryStore::new())
            .schedule(never_again())
            .lease(ms(900))
            .timer(Signalling(Arc::clone(&waits)))
            .on_dead_letter(kept.hook());
        let request = message();
        let (finish, first) = start(&receiver, &request, broken).await;
        let waiter = tokio::spawn({
            let (receiver, request) = (receiver.clone(), request.clone());
            async move { receiver.handle(&Request::from(&request), fine).await }
        });
        waits.notified().await;
        if crash {
            first.abort();
        } else {
            finish.send(()).unwrap();
            assert_answer(&first.await.unwrap(), 200, "failed");
        }
        assert_answer(&waiter.await.unwrap(), 200, "handled");
        // The one that waited had it.
        assert_eq!(kept.take(), [""; 0]);
        assert_answer(&receiver.handle(&Request::from(&request), never).await, 200, "duplicate");
    }
}

#[tokio::test]
async fn a_held_duplicate_whose_time_is_up_is_unsaved() {
    let kept = Kept::default();
    let receiver = receiver()
        .with_store(MemoryStore::new())
        .schedule(never_again())
        .hold(ms(100))
        .timer(TokioTimer)
        .on_dead_letter(kept.hook());
    let request = message();
    let request = Request::from(&request);
    let second = receiver.clone();
    let answer = receiver
        .handle(&request, |_| async {
            assert_answer(&second.handle(&request, never).await, 200, "in_progress");
            Ok(())
        })
        .await;
    assert_answer(&answer, 200, "handled");
    assert_eq!(kept.take(), ["in_progress msg_8f2c41"]);
}

#[tokio::test]
async fn without_a_timer_nothing_can_be_held() {
    let kept = Kept::default();
    let receiver = receiver()
        .with_store(MemoryStore::new())
        .schedule(never_again())
        .on_dead_letter(kept.hook());
    let request = message();
    let request = Request::from(&request);
    let second = receiver.clone();
    let handler = |_| async {
        assert_answer(&second.handle(&request, never).await, 200, "in_progress");
        Ok(())
    };
    assert_answer(&receiver.handle(&request, handler).await, 200, "handled");
    assert_eq!(kept.take(), ["in_progress msg_8f2c41"]);
}

#[tokio::test]
async fn a_failure_that_would_not_come_again_is_unsaved() {
    let kept = Kept::default();
    let receiver = receiver()
        .with_store(MemoryStore::new())
        .schedule(never_again())
        .on_dead_letter(kept.hook());
    let request = message();
    let answer = receiver.handle(&Request::from(&request), broken).await;
    assert_answer(&answer, 200, "failed");
    assert_eq!(kept.take(), ["failed msg_8f2c41 the database is away"]);
}

/// A memory store behind something that delays its calls, or makes them fail.
pub(crate) struct Meddled {
    store: MemoryStore,
    before: Box<dyn Fn(Call) -> Result<Duration, Away> + Send + Sync>,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Call {
    Claim,
    Complete,
    Release,
    Extend,
}

#[derive(Debug)]
pub(crate) struct Away;

impl std::fmt::Display for Away {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the store is away")
    }
}

impl std::error::Error for Away {}

impl Meddled {
    pub(crate) fn new(
        before: impl Fn(Call) -> Result<Duration, Away> + Send + Sync + 'static,
    ) -> Self {
        Self { store: MemoryStore::new(), before: Box::new(before) }
    }

    async fn before(&self, call: Call) -> Result<(), Away> {
        let delay = (self.before)(call)?;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        Ok(())
    }
}

impl IdempotencyStore for Meddled {
    type Error = Away;

    async fn claim(&self, key: &Key, lease: Duration, retain: Duration) -> Result<Claim, Away> {
        self.before(Call::Claim).await?;
        self.store.claim(key, lease, retain).await.map_err(|_| Away)
    }

    async fn complete(&self, ticket: &Ticket, retain: Duration) -> Result<Settled, Away> {
        self.before(Call::Complete).await?;
        self.store.complete(ticket, retain).await.map_err(|_| Away)
    }

    async fn release(&self, ticket: &Ticket) -> Result<Settled, Away> {
        self.before(Call::Release).await?;
        self.store.release(ticket).await.map_err(|_| Away)
    }

    async fn extend(&self, ticket: &Ticket, lease: Duration) -> Result<Settled, Away> {
        self.before(Call::Extend).await?;
        self.store.extend(ticket, lease).await.map_err(|_| Away)
    }
}

/// A store that cannot be asked.
fn broken_store() -> Meddled {
    Meddled::new(|_| Err(Away))
}

/// A store that goes away once it has given a claim.
fn gone_after_claim() -> Meddled {
    Meddled::new(|call| if call == Call::Claim { Ok(ms(0)) } else { Err(Away) })
}

#[tokio::test]
async fn a_store_that_is_down_is_refused_or_done_without() {
    let kept = Kept::default();
    let base = || receiver().with_store(broken_store()).on_dead_letter(kept.hook());
    let request = sent(ms(0));
    let request = Request::from(&request);

    // EnviaAI comes again for hours.
    let answer = base().handle(&request, never).await;
    assert_answer(&answer, 503, "store_down");
    assert_eq!(answer.error().unwrap().to_string(), "the store is away");
    assert_eq!(kept.take(), [""; 0]);
    // The last time it would be gone.
    let last = sent(Duration::from_secs(8 * 3600));
    assert_answer(&base().handle(&Request::from(&last), never).await, 503, "store_down");
    assert_eq!(kept.take(), ["store_down msg_8f2c41 the store is away"]);

    // Others do not come again, or not for long.
    let five = RetrySchedule::configured(vec![Duration::from_secs(5); 5]);
    for schedule in [never_again(), five] {
        let answer = base().schedule(schedule.clone()).handle(&request, fine).await;
        assert_answer(&answer, 200, "handled_without_store");
        assert_eq!(answer.error().unwrap().to_string(), "the store is away");
        let receiver = base().schedule(schedule).store_down(StoreDown::Refuse);
        let _ = receiver.handle(&request, never).await;
    }
    assert_eq!(kept.take(), ["store_down msg_8f2c41 the store is away"]);
    let unprotected = base().store_down(StoreDown::RunUnprotected);
    assert_answer(&unprotected.handle(&request, broken).await, 503, "failed");
    assert_answer(&unprotected.handle(&request, hopeless).await, 200, "given_up");
}

#[tokio::test]
async fn a_store_that_goes_away_meanwhile_does_not_undo_the_work() {
    let receiver = receiver().with_store(gone_after_claim());
    let answer = receiver.handle(&Request::from(&message()), fine).await;
    assert_answer(&answer, 200, "handled_unmarked");
    let receiver = crate::enviaai::receiver().with_store(gone_after_claim());
    let request = sent(ms(0));
    assert_answer(&receiver.handle(&Request::from(&request), broken).await, 503, "failed");
    let receiver = crate::enviaai::receiver().with_store(gone_after_claim());
    assert_answer(&receiver.handle(&Request::from(&request), hopeless).await, 200, "given_up");
}

#[tokio::test]
async fn what_nobody_asked_for_is_answered_and_no_more() {
    let receiver =
        receiver().only([zaphook::enviaai::EventName::MessageFailed]).with_store(broken_store());
    let answer = receiver.handle(&Request::from(&message()), never).await;
    assert_answer(&answer, 200, "skipped");
    // Unknown ones are nobody's choice: they are handled.
    let receiver = crate::enviaai::receiver().only([zaphook::enviaai::EventName::MessageFailed]);
    let receiver = receiver.with_store(MemoryStore::new());
    let unknown = fixtures::text("enviaai/message.reaction.unknown.json");
    let unknown = testing::enviaai(&secret(), unknown);
    assert_answer(&receiver.handle(&Request::from(&unknown), fine).await, 200, "handled");
}

#[tokio::test]
async fn the_same_event_at_two_instances_is_two() {
    let receiver = receiver().with_store(MemoryStore::new());
    let body = fixtures::text("enviaai/message.received.plain.json");
    for instance in ["inst_4b7d", "inst_other"] {
        let request = testing::enviaai(&secret(), body.replace("inst_4b7d", instance));
        assert_answer(&receiver.handle(&Request::from(&request), fine).await, 200, "handled");
    }
}

#[tokio::test]
async fn many_accounts_share_a_store() {
    let tenants = Tenants::<EnviaAi>::new().with_store(MemoryStore::new());
    let request = message();
    let request = Request::from(&request);
    let policy = EnviaAi::signed(secret());
    let other = EnviaAi::signed(zaphook::Secret::new("whs_another").unwrap());
    let handle = async |account, policy, handler| {
        tenants.handle_for(account, policy, &request, handler).await
    };
    let refused = handle("inst_4b7d", &other, never).await;
    assert_answer(&refused, 401, "refused");
    // Whoever has a proof for one account does not write for another.
    let refused = handle("inst_other", &policy, never).await;
    assert_answer(&refused, 401, "refused");
    assert_answer(&tenants.handle_for("inst_4b7d", &policy, &request, fine).await, 200, "handled");
    assert_answer(&handle("inst_4b7d", &policy, never).await, 200, "duplicate");
}

#[tokio::test]
async fn a_received_delivery_can_be_handled_later() {
    let receiver = receiver().with_store(MemoryStore::new());
    let request = message();
    let delivery = receiver.receiver().receive(&Request::from(&request)).unwrap();
    let again = delivery.clone();
    assert_answer(&receiver.handle_received(delivery, fine).await, 200, "handled");
    assert_answer(&receiver.handle_received(again, never).await, 200, "duplicate");
}

#[test]
fn handling_can_be_spawned() {
    fn sendable<T: Send>(_: T) {}

    let receiver = receiver().with_store(MemoryStore::new()).timer(TokioTimer);
    let request = message();
    let request = Request::from(&request);
    sendable(receiver.handle(&request, fine));
    let tenants = Tenants::<EnviaAi>::new().with_store(MemoryStore::new());
    sendable(tenants.handle_for("a", &EnviaAi::signed(secret()), &request, fine));
    let any = AnyReceiver::new(EnviaAi::signed(secret())).with_store(MemoryStore::new());
    sendable(any.handle(&request, |_| async { Ok(()) }));
}

#[test]
fn any_error_is_a_failure() {
    fn io() -> Result<(), Failure> {
        Err(std::io::Error::other("disk"))?;
        Ok(())
    }

    fn text() -> Result<(), Failure> {
        Err("text")?;
        Ok(())
    }

    fn boxed() -> Result<(), Failure> {
        let error: Box<dyn std::error::Error + Send + Sync> = "boxed".into();
        Err(error)?;
        Ok(())
    }

    for (failure, shown) in [(io(), "disk"), (text(), "text"), (boxed(), "boxed")] {
        let failure = failure.unwrap_err();
        assert!(failure.is_retry());
        assert_eq!(failure.error().to_string(), shown);
    }
    assert!(!Failure::give_up("x").is_retry());
}
