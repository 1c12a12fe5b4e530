//! Stored first, answered, worked on later: the door and the worker.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use zaphook::auth::TokenPlace;
use zaphook::idempotency::{Claim, IdempotencyStore, Settled};
use zaphook::retry::RetrySchedule;
use zaphook::{
    Answer, AnyPolicy, AnyReceiver, AnyTenants, Consumer, DeadLetter, Delivery, EazeWa, Entry,
    EnviaAi, Failure, MemoryStore, Receiver, Request, Stored, StoredError, Tenants, Timer, Token,
    TokioTimer, Verdict, Wawp, testing,
};

use crate::enviaai::receiver;
use crate::fixtures;
use crate::gateways::secret;
use crate::handle::{Away, Call, Meddled};
use crate::store::Clock;

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

const DAY: Duration = s(86_400);

fn plain() -> String {
    fixtures::text("enviaai/message.received.plain.json")
}

fn message() -> http::Request<Bytes> {
    testing::enviaai(&secret(), plain())
}

const TOKEN: &str = "9f2c51b7-5a0e-4d8e";

fn eazewa() -> Receiver<EazeWa> {
    Receiver::new(EazeWa::any_instance(TokenPlace::path(), Token::new(TOKEN).unwrap()))
}

fn eazewa_message() -> http::Request<Bytes> {
    testing::eazewa(TOKEN, fixtures::text("eazewa/message_ack.json"))
}

/// A queue in memory, which fails a number of times.
#[derive(Clone, Default)]
struct Queue {
    entries: Arc<Mutex<Vec<Stored>>>,
    fails: Arc<AtomicUsize>,
    pushed: Arc<AtomicUsize>,
}

impl Queue {
    fn failing(times: usize) -> Self {
        Self { fails: Arc::new(times.into()), ..Self::default() }
    }

    async fn push(&self, entry: Stored) -> Result<(), Failure> {
        self.pushed.fetch_add(1, Ordering::SeqCst);
        let fail = |left: usize| left.checked_sub(1);
        if self.fails.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fail).is_ok() {
            Err("the queue is away")?;
        }
        // As any queue would carry it.
        let row = serde_json::to_string(&entry)?;
        self.entries.lock().unwrap().push(serde_json::from_str(&row)?);
        Ok(())
    }

    fn take(&self) -> Vec<Stored> {
        std::mem::take(&mut *self.entries.lock().unwrap())
    }

    fn pushed(&self) -> usize {
        self.pushed.load(Ordering::SeqCst)
    }
}

#[track_caller]
fn assert_answer(answer: &Answer, status: u16, outcome: &str) {
    assert_eq!((answer.status().as_u16(), answer.outcome().as_str()), (status, outcome));
    assert!(!answer.is_withheld());
}

/// The words of the dead letters.
#[derive(Clone, Default)]
struct Letters(Arc<Mutex<Vec<String>>>);

impl Letters {
    fn hook(&self) -> impl Fn(DeadLetter) -> std::future::Ready<()> + Send + Sync + use<> {
        let letters = self.clone();
        move |letter| {
            assert_eq!(letter.stored().body(), letter.body());
            letters.0.lock().unwrap().push(letter.reason().as_str().to_owned());
            std::future::ready(())
        }
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// A timer that is ready at once, and remembers for how long it was to sleep.
#[derive(Clone, Default)]
struct AtOnce(Arc<Mutex<Vec<Duration>>>);

impl Timer for AtOnce {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.lock().unwrap().push(duration);
        Box::pin(std::future::ready(()))
    }
}

// ---- The door -------------------------------------------------------------

#[tokio::test]
async fn what_is_stored_is_answered_200_and_nothing_is_claimed() {
    let queue = Queue::default();
    let push = |entry| queue.push(entry);
    let request = message();
    let request = Request::from(&request);
    let store = Arc::new(MemoryStore::new());
    let consumer = receiver().with_store(Arc::clone(&store));
    // Copies are stored each.
    assert_answer(&receiver().door().accept(&request, push).await, 200, "stored");
    assert_answer(&consumer.accept(&request, push).await, 200, "stored");
    assert_eq!(store.len(), 0);
    let entries = queue.take();
    assert_eq!(entries.len(), 2);
    for entry in entries {
        let delivery = entry.parse_trusted::<EnviaAi>().unwrap();
        assert_eq!(delivery.event().message_id(), Some("msg_8f2c41"));
        assert_eq!(entry.body(), plain().as_bytes());
        assert_eq!(entry.proof().secret(), Some(0));
    }
}

#[tokio::test]
async fn what_is_not_authentic_or_not_asked_for_is_not_pushed() {
    let queue = Queue::default();
    let push = |entry| queue.push(entry);
    let forged = testing::enviaai(&zaphook::Secret::new("whs_other").unwrap(), plain());
    let answer = receiver().door().accept(&Request::from(&forged), push).await;
    assert_answer(&answer, 401, "refused");
    let only = receiver().only([zaphook::enviaai::EventName::MessageFailed]);
    let answer = only.door().accept(&Request::from(&message()), push).await;
    assert_answer(&answer, 200, "skipped");
    assert_eq!(queue.pushed(), 0);
}

#[tokio::test]
async fn what_cannot_be_read_goes_through_the_same_queue() {
    let queue = Queue::default();
    let letters = Letters::default();
    let door = receiver().door().on_dead_letter(letters.hook());
    let bodies: [&[u8]; 4] = [b"not json", b"{\"event\":\"\xff\x80\"}", b"nul\0byte", b"{}"];
    for body in bodies {
        let request = testing::enviaai(&secret(), Bytes::from_static(body));
        let answer = door.accept(&Request::from(&request), |entry| queue.push(entry)).await;
        assert_answer(&answer, 200, "unreadable");
    }
    let entries = queue.take();
    let kept: Vec<&[u8]> = entries.iter().map(|entry| &entry.body()[..]).collect();
    assert_eq!(kept, bodies);
    assert!(entries.iter().all(|entry| entry.gateway() == "enviaai"));
    assert!(entries[0].parse_trusted::<EnviaAi>().is_err());
    // It is in the queue, and no dead letter.
    assert_eq!(letters.take(), [""; 0]);
    // As with any other, there is no 200 unless it is stored.
    let request = testing::enviaai(&secret(), "not json");
    let queue = Queue::failing(1);
    let answer = door.accept(&Request::from(&request), |entry| queue.push(entry)).await;
    assert_answer(&answer, 503, "not_stored");
}

#[tokio::test]
async fn what_is_not_stored_is_answered_503_where_the_gateway_retries_for_hours() {
    let letters = Letters::default();
    for door in [
        receiver().door().on_dead_letter(letters.hook()),
        receiver().door().on_dead_letter(letters.hook()).timer(AtOnce::default()),
    ] {
        let queue = Queue::failing(1);
        // So that it is known to be the first attempt.
        let sent =
            fixtures::with(&plain(), &["timestamp"], Some(chrono::Utc::now().to_rfc3339().into()));
        let request = testing::enviaai(&secret(), sent);
        let answer = door.accept(&Request::from(&request), |entry| queue.push(entry)).await;
        assert_answer(&answer, 503, "not_stored");
        assert_eq!(answer.error().unwrap().to_string(), "the queue is away");
        assert_eq!(queue.pushed(), 1);
        assert_eq!(letters.take(), [""; 0]);
    }
}

/// The gateway retries for hours, but this may be its last attempt.
#[tokio::test]
async fn what_is_not_stored_is_a_dead_letter_when_its_attempts_may_be_over() {
    let letters = Letters::default();
    let long_ago = chrono::Utc::now() - chrono::TimeDelta::days(10);
    let body = fixtures::with(&plain(), &["timestamp"], Some(long_ago.to_rfc3339().into()));
    let request = testing::enviaai(&secret(), body);
    let door = receiver().door().on_dead_letter(letters.hook());
    let queue = Queue::failing(1);
    let answer = door.accept(&Request::from(&request), |entry| queue.push(entry)).await;
    assert_answer(&answer, 503, "not_stored");
    assert_eq!(letters.take(), ["not_stored"]);
}

#[tokio::test]
async fn what_is_not_stored_is_a_dead_letter_where_the_attempts_end_soon() {
    let letters = Letters::default();
    let body = fixtures::text("wawp/message.json");
    let request = testing::wawp(&secret(), body);
    let door = Receiver::new(Wawp::signed(secret())).door().on_dead_letter(letters.hook());
    let queue = Queue::failing(1);
    let answer = door.accept(&Request::from(&request), |entry| queue.push(entry)).await;
    assert_answer(&answer, 503, "not_stored");
    assert_eq!(letters.take(), ["not_stored"]);

    // Also what could not be read.
    let request = testing::wawp(&secret(), "not json");
    let queue = Queue::failing(1);
    let answer = door.accept(&Request::from(&request), |entry| queue.push(entry)).await;
    assert_answer(&answer, 503, "not_stored");
    assert_eq!(letters.take(), ["unreadable"]);

    // A schedule that never repeats leaves no other way.
    let door = receiver().door().on_dead_letter(letters.hook()).schedule(RetrySchedule::fixed(&[]));
    let queue = Queue::failing(1);
    let answer = door.accept(&Request::from(&message()), |entry| queue.push(entry)).await;
    assert_answer(&answer, 503, "not_stored");
    assert_eq!(letters.take(), ["not_stored"]);
}

#[tokio::test]
async fn where_any_answer_is_final_it_is_pushed_again_while_the_caller_waits() {
    let (queue, timer, letters) = (Queue::failing(8), AtOnce::default(), Letters::default());
    let door = eazewa().door().timer(timer.clone()).on_dead_letter(letters.hook());
    let request = eazewa_message();
    let answer = door.accept(&Request::from(&request), |entry| queue.push(entry)).await;
    assert_answer(&answer, 200, "stored");
    assert_eq!((queue.pushed(), queue.take().len()), (9, 1));
    let pauses = [100, 200, 400, 800, 1600, 3200, 5000, 5000].map(ms);
    assert_eq!(*timer.0.lock().unwrap(), pauses);
    assert_eq!(letters.take(), [""; 0]);
}

#[tokio::test]
async fn where_any_answer_is_final_there_is_none_until_it_is_stored() {
    let letters = Letters::default();
    let request = eazewa_message();
    let request = Request::from(&request);

    // Until the time to hold is over.
    let (queue, timer) = (Queue::failing(usize::MAX), AtOnce::default());
    let door = eazewa().door().timer(timer.clone()).hold(s(10)).on_dead_letter(letters.hook());
    let answer = door.accept(&request, |entry| queue.push(entry)).await;
    assert!(answer.is_withheld());
    assert_eq!((answer.status().as_u16(), answer.outcome().as_str()), (503, "not_stored"));
    // The clock runs meanwhile.
    let slept: Duration = timer.0.lock().unwrap().iter().sum();
    assert!(slept <= s(10) && slept > s(9), "{slept:?}");
    assert_eq!(queue.pushed(), timer.0.lock().unwrap().len() + 1);
    // Not a dead letter: the gateway still has it.
    assert_eq!(letters.take(), [""; 0]);

    // Without a timer at once.
    let queue = Queue::failing(usize::MAX);
    let answer = eazewa().door().accept(&request, |entry| queue.push(entry)).await;
    assert!(answer.is_withheld());
    assert_eq!(queue.pushed(), 1);

    // What could not be read is worth as much.
    let unreadable = testing::eazewa(TOKEN, r#"{"instanceId":"33"}"#);
    let answer =
        eazewa().door().accept(&Request::from(&unreadable), |entry| queue.push(entry)).await;
    assert!(answer.is_withheld());
}

#[tokio::test]
async fn a_push_that_hangs_is_given_up_and_one_that_panics_has_failed() {
    let request = message();
    let request = Request::from(&request);
    let door = receiver().door().timer(TokioTimer).push_within(ms(20));
    let hanging = |_| std::future::pending::<Result<(), Failure>>();
    let answer = door.accept(&request, hanging).await;
    assert_answer(&answer, 503, "not_stored");
    assert_eq!(answer.error().unwrap().to_string(), "the push took too long");

    let panicking = |_: Stored| async { panic!("out of paper") };
    for door in [receiver().door(), door.clone()] {
        let answer = door.accept(&request, panicking).await;
        assert_answer(&answer, 503, "not_stored");
        assert_eq!(answer.error().unwrap().to_string(), "the push panicked");
    }
    // Also before there is a future.
    let at_once = |_: Stored| -> std::future::Ready<Result<(), Failure>> { panic!("no paper") };
    let answer = receiver().door().accept(&request, at_once).await;
    assert_eq!(answer.error().unwrap().to_string(), "the push panicked");
}

#[tokio::test]
async fn a_push_has_longer_each_time_where_it_is_repeated_at_once() {
    let limits = Arc::new(Mutex::new(Vec::new()));
    let door = eazewa().door().timer(TokioTimer).push_within(ms(10)).hold(ms(400));
    let request = eazewa_message();
    let answer = door
        .accept(&Request::from(&request), |_| {
            let (limits, started) = (Arc::clone(&limits), std::time::Instant::now());
            async move {
                let end = Ended(limits, started);
                std::future::pending::<()>().await;
                drop(end);
                Ok(())
            }
        })
        .await;
    assert!(answer.is_withheld());
    let limits = limits.lock().unwrap();
    assert!(limits.len() >= 2 && limits[1] >= ms(20), "{limits:?}");
}

/// Takes down how long it was there.
struct Ended(Arc<Mutex<Vec<Duration>>>, std::time::Instant);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.lock().unwrap().push(self.1.elapsed());
    }
}

#[tokio::test]
async fn a_push_that_gives_up_makes_a_dead_letter() {
    let letters = Letters::default();
    let door = receiver().door().on_dead_letter(letters.hook());
    let request = message();
    let too_large = |_: Stored| async { Err(Failure::give_up("larger than the queue takes")) };
    assert_answer(&door.accept(&Request::from(&request), too_large).await, 200, "given_up");
    assert_eq!(letters.take(), ["given_up"]);
}

#[tokio::test]
async fn a_door_for_many_accounts_and_for_any_gateway() {
    let queue = Queue::default();
    let push = |entry| queue.push(entry);
    let request = message();
    let request = Request::from(&request);
    let policy = EnviaAi::signed(secret());
    let any = AnyPolicy::from(policy.clone());

    let tenants = Tenants::<EnviaAi>::new();
    let any_tenants = AnyTenants::from(tenants.clone());
    let any_receiver = AnyReceiver::new(policy.clone());
    for (account, status, outcome) in [("inst_4b7d", 200, "stored"), ("inst_other", 401, "refused")]
    {
        let answer = tenants.clone().door().accept_for(account, &policy, &request, push).await;
        assert_answer(&answer, status, outcome);
        let answer = any_tenants.clone().door().accept_for(account, &any, &request, push).await;
        assert_answer(&answer, status, outcome);
    }
    assert_answer(&any_receiver.clone().door().accept(&request, push).await, 200, "stored");
    assert_eq!(queue.take().len(), 3);

    let wawp = AnyPolicy::from(Wawp::signed(secret()));
    let answer = any_tenants.clone().door().accept_for("inst_4b7d", &wawp, &request, push).await;
    assert_answer(&answer, 401, "refused");

    let unreadable = testing::enviaai(&secret(), "not json");
    let unreadable = Request::from(&unreadable);
    let answer = tenants.clone().door().accept_for("inst_4b7d", &policy, &unreadable, push).await;
    assert_answer(&answer, 200, "unreadable");
    assert_answer(&any_receiver.clone().door().accept(&unreadable, push).await, 200, "unreadable");
    assert_eq!(queue.take().len(), 2);
}

#[tokio::test]
async fn what_became_of_it_is_told() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let tell = move |seen: &zaphook::Observation<'_>| {
        let event = seen.event.unwrap_or("-");
        let line = format!("{event} {} {}", seen.outcome.as_str(), seen.status.as_u16());
        told.lock().unwrap().push(line);
    };
    let door = receiver().door().observe(tell.clone());
    let queue = Queue::failing(1);
    let request = message();
    for request in [&request, &request, &testing::enviaai(&secret(), "not json")] {
        let _ = door.accept(&Request::from(request), |entry| queue.push(entry)).await;
    }
    let lines =
        ["message.received not_stored 503", "message.received stored 200", "- unreadable 200"];
    assert_eq!(*seen.lock().unwrap(), lines);

    seen.lock().unwrap().clear();
    let worker = worker(MemoryStore::new()).observe(tell);
    let entries = queue.take();
    let _ = worker.work(&entries[0], broken).await;
    for _ in 0..2 {
        let _ = worker.work(&entries[0], fine).await;
    }
    let _ = worker.work(&entries[0], |_| async { Err(Failure::give_up("no")) }).await;
    let _ = worker.work(&entries[1], never).await;
    let lines = [
        "message.received failed 503",
        "message.received handled 200",
        "message.received duplicate 200",
        "message.received duplicate 200",
        "- unreadable 503",
    ];
    assert_eq!(*seen.lock().unwrap(), lines);
}

// ---- What is stored -------------------------------------------------------

/// Rows of the first version are read by every later one.
#[test]
fn what_is_stored_is_pinned() {
    let rows = fixtures::text("stored.jsonl");
    let stored: Vec<Stored> = rows.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    for (row, stored) in rows.lines().zip(&stored) {
        assert_eq!(serde_json::to_string(stored).unwrap(), row);
    }
    assert_eq!(&stored[4].body()[..], b"{\"event\":\"\xff\x80\"}");
    assert_eq!(&stored[5].body()[..], b"nul\0byte");
    assert_eq!(stored[2].parse_trusted::<zaphook::Zavu>().unwrap().name(), "message.inbound");
    // Later versions may write more.
    let more = rows.lines().next().unwrap().replacen('{', r#"{"since":"2.0","#, 1);
    assert_eq!(serde_json::from_str::<Stored>(&more).unwrap(), stored[0]);
}

#[test]
fn what_is_no_delivery_is_an_error_without_its_text() {
    let row = fixtures::text("stored.jsonl").lines().nth(4).unwrap().to_owned();
    for (from, to) in [
        (r#""body_base64":"eyJldmVudCI6Iv+AIn0=""#, r#""body_base64":"sec ret""#),
        (r#","body_base64":"eyJldmVudCI6Iv+AIn0=""#, ""),
        (r#","body_base64""#, r#","body":"secret","body_base64""#),
    ] {
        let odd = row.replace(from, to);
        assert_ne!(odd, row);
        let error = serde_json::from_str::<Stored>(&odd).unwrap_err().to_string();
        assert!(error.contains("body") && !error.contains("sec"), "{error}");
    }
}

// ---- The worker -----------------------------------------------------------

fn worker<S: IdempotencyStore>(store: S) -> Consumer<Tenants<EnviaAi>, S> {
    Tenants::<EnviaAi>::new()
        .with_store(store)
        .attempts(RetrySchedule::configured(vec![s(5), s(30)]))
}

fn entry() -> Stored {
    Delivery::<EnviaAi>::parse_trusted(plain()).unwrap().to_stored()
}

async fn fine(_: Delivery<EnviaAi>) -> Result<(), Failure> {
    Ok(())
}

async fn broken(_: Delivery<EnviaAi>) -> Result<(), Failure> {
    Err("the database is away")?;
    Ok(())
}

async fn never(_: Delivery<EnviaAi>) -> Result<(), Failure> {
    panic!("must not be called")
}

#[track_caller]
fn assert_done(verdict: Verdict) {
    assert!(matches!(verdict, Verdict::Done), "{verdict:?}");
}

#[track_caller]
fn assert_again(verdict: Verdict, pause: Duration, what: &str) -> String {
    match verdict {
        Verdict::Again { after, outcome, error, .. } => {
            assert_eq!((after, outcome.as_str()), (pause, what), "{error}");
            error.to_string()
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_dead(verdict: Verdict, why: &str) -> String {
    match verdict {
        Verdict::Dead { reason, error, .. } => {
            assert_eq!(reason.as_str(), why, "{error}");
            error.to_string()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn row_handled_and_completed_is_done() {
    let worker = worker(MemoryStore::new());
    assert_done(
        worker
            .work(&entry(), |delivery| async move {
                assert_eq!(delivery.attempt(), Some(1));
                assert!(delivery.ticket().is_some());
                Ok(())
            })
            .await,
    );
    assert_done(worker.work(&entry(), never).await);
}

#[tokio::test]
async fn row_completed_in_a_transaction_is_done() {
    let store = Arc::new(MemoryStore::new());
    let worker = worker(Arc::clone(&store));
    let completing = |delivery: Delivery<EnviaAi>| {
        let store = Arc::clone(&store);
        async move {
            let ticket = delivery.ticket().unwrap();
            assert_eq!(store.complete(ticket, DAY).await?, Settled::Applied);
            ticket.mark_completed();
            Ok(())
        }
    };
    assert_done(worker.work(&entry(), completing).await);
    assert_done(worker.work(&entry(), never).await);
}

#[tokio::test]
async fn row_completed_in_a_transaction_that_was_rolled_back_has_failed() {
    let worker = worker(MemoryStore::new());
    let rolled_back = |delivery: Delivery<EnviaAi>| async move {
        delivery.ticket().unwrap().mark_completed();
        Ok(())
    };
    let error = assert_again(worker.work(&entry(), rolled_back).await, s(5), "failed");
    assert!(error.contains("rolled back"), "{error}");
    assert_done(worker.work(&entry(), fine).await);
}

#[tokio::test]
async fn row_done_before_is_done() {
    let store = MemoryStore::new();
    let key = Delivery::<EnviaAi>::parse_trusted(plain()).unwrap().key().unwrap();
    let Claim::Acquired { ticket, .. } = store.claim(&key, DAY, DAY).await.unwrap() else {
        panic!()
    };
    assert_eq!(store.complete(&ticket, DAY).await.unwrap(), Settled::Applied);
    assert_done(worker(store).work(&entry(), never).await);
}

#[tokio::test]
async fn row_owned_by_another_is_put_off_until_its_lease_ends_and_not_counted() {
    let clock = Clock::default();
    let worker = worker(clock.store(10)).lease(s(60));
    let (first, second) = (entry(), entry());
    let holding = worker.work(&first, |_| std::future::pending());
    let mut holding = Box::pin(holding);
    assert!(futures_now(holding.as_mut()).is_none());
    clock.advance(s(20));
    for _ in 0..5 {
        assert_again(worker.work(&second, never).await, s(40), "in_progress");
    }
    // It was a crash.
    drop(holding);
    clock.advance(s(40));
    let second_attempt = |delivery: Delivery<EnviaAi>| async move {
        assert_eq!(delivery.attempt(), Some(2));
        Ok(())
    };
    assert_done(worker.work(&second, second_attempt).await);
}

/// Polls once.
fn futures_now<T>(future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.poll(&mut context) {
        std::task::Poll::Ready(value) => Some(value),
        std::task::Poll::Pending => None,
    }
}

#[tokio::test]
async fn row_failed_is_put_off_by_the_schedule_and_released() {
    let worker = worker(MemoryStore::new());
    let error = assert_again(worker.work(&entry(), broken).await, s(5), "failed");
    assert_eq!(error, "the database is away");
    // Released: the next one gets it at once.
    let panicking = |_: Delivery<EnviaAi>| async { panic!("out of luck") };
    let error = assert_again(worker.work(&entry(), panicking).await, s(30), "failed");
    assert_eq!(error, "the handler panicked");
    assert_done(worker.work(&entry(), fine).await);
}

#[tokio::test]
async fn row_failed_at_the_last_attempt_is_dead_and_a_replay_gets_through() {
    let worker = worker(MemoryStore::new());
    for pause in [5, 30] {
        assert_again(worker.work(&entry(), broken).await, s(pause), "failed");
    }
    let error = assert_dead(worker.work(&entry(), broken).await, "failed");
    assert_eq!(error, "the database is away");
    // A replay has all of its attempts.
    for pause in [5, 30] {
        assert_again(worker.work(&entry(), broken).await, s(pause), "failed");
    }
    assert_done(worker.work(&entry(), fine).await);
    // Pressed twice, it is found done.
    assert_done(worker.work(&entry(), never).await);
}

#[tokio::test]
async fn row_given_up_is_dead_and_a_replay_gets_through() {
    let worker = worker(MemoryStore::new());
    let hopeless = |_: Delivery<EnviaAi>| async { Err(Failure::give_up("no such customer")) };
    let error = assert_dead(worker.work(&entry(), hopeless).await, "given_up");
    assert_eq!(error, "no such customer");
    let first_attempt = |delivery: Delivery<EnviaAi>| async move {
        assert_eq!(delivery.attempt(), Some(1));
        Ok(())
    };
    assert_done(worker.work(&entry(), first_attempt).await);
}

#[tokio::test]
async fn row_handled_and_taken_over_meanwhile_is_left_to_the_new_owner() {
    let clock = Clock::default();
    let worker = worker(clock.store(10)).lease(s(60));
    let entry = entry();
    let (go, mut gone) = tokio::sync::oneshot::channel::<()>();
    let slow = |_: Delivery<EnviaAi>| async move {
        gone.close();
        let _ = gone.await;
        Ok(())
    };
    let mut first = Box::pin(worker.work(&entry, |delivery| async move {
        tokio::task::yield_now().await;
        slow(delivery).await
    }));
    assert!(futures_now(first.as_mut()).is_none());
    clock.advance(s(61));
    let mut second = Box::pin(worker.work(&entry, |_| std::future::pending()));
    assert!(futures_now(second.as_mut()).is_none());
    drop(go);
    assert_again(first.await, s(60), "handled_late");
}

#[tokio::test]
async fn row_handled_and_the_store_cannot_be_told_is_put_off_and_found_done_or_run_again() {
    let away = Arc::new(AtomicUsize::new(1));
    let failing = Arc::clone(&away);
    let store = Meddled::new(move |call| match call {
        Call::Complete if failing.load(Ordering::SeqCst) == 1 => Err(Away),
        _ => Ok(ms(0)),
    });
    let worker = worker(store);
    let error = assert_again(worker.work(&entry(), fine).await, s(1), "handled_unmarked");
    assert_eq!(error, "the store is away");
    // As it is: claimed, until the lease ends.
    let verdict = worker.work(&entry(), never).await;
    let Verdict::Again { outcome, .. } = verdict else { panic!("{verdict:?}") };
    assert_eq!(outcome.as_str(), "in_progress");
}

#[tokio::test]
async fn row_store_down_is_put_off_by_growing_pauses_and_not_handled() {
    let away = Arc::new(AtomicUsize::new(1));
    let failing = Arc::clone(&away);
    let store = Meddled::new(move |_| match failing.load(Ordering::SeqCst) {
        0 => Ok(ms(0)),
        _ => Err(Away),
    });
    // Also where it would be handled unprotected at the door.
    let worker = worker(store).store_down(zaphook::StoreDown::RunUnprotected);
    for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
        let verdict = worker.clone().work(&entry(), never).await;
        assert_eq!(assert_again(verdict, s(pause), "store_down"), "the store is away");
    }
    away.store(0, Ordering::SeqCst);
    assert_again(worker.work(&entry(), broken).await, s(5), "failed");
    away.store(1, Ordering::SeqCst);
    assert_again(worker.work(&entry(), never).await, s(1), "store_down");
    away.store(0, Ordering::SeqCst);
    // None of it was counted.
    assert_again(worker.work(&entry(), broken).await, s(30), "failed");
}

/// An entry with another text in its row.
fn changed(from: &str, to: &str) -> Stored {
    let row = serde_json::to_string(&entry()).unwrap();
    assert!(row.contains(from), "{row}");
    serde_json::from_str(&row.replace(from, to)).unwrap()
}

#[tokio::test]
async fn row_unreadable_or_unknown_is_put_off_for_a_roll_out_and_then_dead() {
    let unreadable = changed(r#""body":"{"#, r#""body":"<"#);
    let other_gateway = changed(r#""gateway":"enviaai""#, r#""gateway":"telegraph""#);
    let unknown_proof = changed(r#""by":["trusted"]"#, r#""by":["secrets","quantum"]"#);
    for (entry, again, dead) in [
        (unreadable, "unreadable", "unreadable"),
        (other_gateway, "unknown_entry", "unknown_entry"),
        (unknown_proof, "unknown_entry", "unknown_entry"),
    ] {
        let clock = Clock::default();
        let worker = worker(clock.store(10));
        for _ in 0..12 {
            assert_again(worker.work(&entry, never).await, s(300), again);
            clock.advance(s(300));
        }
        let error = assert_dead(worker.work(&entry, never).await, dead);
        assert!(!error.contains("telegraph") && !error.contains("quantum"), "{error}");
        // A replay has another hour.
        assert_again(worker.work(&entry, never).await, s(300), again);
    }
    // Whoever reads it by hand need not mind the proof.
    let unknown_proof = changed(r#""by":["trusted"]"#, r#""by":["quantum"]"#);
    assert!(unknown_proof.parse_trusted::<EnviaAi>().is_ok());
    let error = StoredError::UnknownProof.to_string();
    assert!(error.contains("this version"), "{error}");
}

#[tokio::test]
async fn row_unreadable_is_dead_by_its_age_where_the_store_does_not_know() {
    let worker = worker(Uncounted(MemoryStore::new()));
    let row = |time: chrono::DateTime<chrono::Utc>| {
        changed(r#""received_at":""#, &format!(r#""received_at":"{}","x":""#, time.to_rfc3339()))
    };
    let now = chrono::Utc::now();
    let unread = |time| {
        let row = serde_json::to_string(&row(time)).unwrap();
        serde_json::from_str::<Stored>(&row.replace(r#""body":"{"#, r#""body":"<"#)).unwrap()
    };
    assert_again(worker.work(&unread(now), never).await, s(300), "unreadable");
    let old = now - chrono::TimeDelta::minutes(61);
    assert_dead(worker.work(&unread(old), never).await, "unreadable");
}

#[tokio::test]
async fn row_without_a_key_is_claimed_by_what_the_entry_is() {
    let clock = Clock::default();
    let tenants = Tenants::<EazeWa>::new().with_store(clock.store(10)).lease(s(60));
    let delivery =
        Delivery::<EazeWa>::parse_trusted(fixtures::text("eazewa/authenticated.json")).unwrap();
    assert_eq!(delivery.key(), None);
    let entry = delivery.to_stored();

    // Two workers do not run it at once.
    let mut first = Box::pin(tenants.work(&entry, |_| std::future::pending()));
    assert!(futures_now(first.as_mut()).is_none());
    let verdict = tenants.work(&entry, |_| async { panic!("not at once") }).await;
    assert_again(verdict, s(60), "in_progress");
    drop(first);
    clock.advance(s(60));
    // Attempts are counted, and the entry is done once.
    let second_attempt = |delivery: Delivery<EazeWa>| async move {
        assert_eq!(delivery.attempt(), Some(2));
        Ok(())
    };
    assert_done(tenants.work(&entry, second_attempt).await);
    assert_done(tenants.work(&entry, |_| async { panic!("not twice") }).await);

    // Another delivery of the same bytes is another happening.
    let row = serde_json::to_string(&entry).unwrap();
    let time = serde_json::to_string(&entry.received_at()).unwrap();
    let later = serde_json::to_string(&(entry.received_at() + s(1))).unwrap();
    let other: Stored = serde_json::from_str(&row.replace(&time, &later)).unwrap();
    let ran = AtomicUsize::new(0);
    let count = |_| {
        ran.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    };
    assert_done(tenants.work(&other, count).await);
    assert_eq!(ran.into_inner(), 1);
}

#[tokio::test]
async fn an_entry_that_ends_its_process_is_dead_after_so_many_claims() {
    let clock = Clock::default();
    let worker = worker(clock.store(10)).lease(s(60));
    let entry = entry();
    for attempt in 1..=3 {
        // A process that dies leaves its claim behind.
        let mut dying = Box::pin(worker.work(&entry, |delivery| {
            assert_eq!(delivery.attempt(), Some(attempt));
            std::future::pending()
        }));
        assert!(futures_now(dying.as_mut()).is_none());
        drop(dying);
        clock.advance(s(60));
    }
    let error = assert_dead(worker.work(&entry, never).await, "crashed");
    assert_eq!(error, "every attempt has ended with its process");
    // A replay gets through.
    let first_attempt = |delivery: Delivery<EnviaAi>| async move {
        assert_eq!(delivery.attempt(), Some(1));
        Ok(())
    };
    assert_done(worker.work(&entry, first_attempt).await);
}

/// A store that counts nothing.
struct Uncounted(MemoryStore);

impl IdempotencyStore for Uncounted {
    type Error = zaphook::idempotency::Full;

    async fn claim(
        &self,
        key: &zaphook::Key,
        lease: Duration,
        retain: Duration,
    ) -> Result<Claim, Self::Error> {
        Ok(match self.0.claim(key, lease, retain).await? {
            Claim::Acquired { ticket, .. } => {
                Claim::Acquired { ticket, attempt: None, since_first: None }
            }
            other => other,
        })
    }

    async fn complete(
        &self,
        ticket: &zaphook::idempotency::Ticket,
        retain: Duration,
    ) -> Result<Settled, Self::Error> {
        self.0.complete(ticket, retain).await
    }

    async fn release(&self, ticket: &zaphook::idempotency::Ticket) -> Result<Settled, Self::Error> {
        self.0.release(ticket).await
    }

    async fn extend(
        &self,
        ticket: &zaphook::idempotency::Ticket,
        lease: Duration,
    ) -> Result<Settled, Self::Error> {
        self.0.extend(ticket, lease).await
    }
}

#[tokio::test]
async fn where_the_store_does_not_count_the_queue_does() {
    let worker = worker(Uncounted(MemoryStore::new()));
    let entry = entry();
    for (reads, pause) in [(1, 5), (2, 30)] {
        let verdict = worker.work(Entry::new(&entry).reads(reads), broken).await;
        assert_again(verdict, s(pause), "failed");
    }
    assert_dead(worker.work(Entry::new(&entry).reads(3), broken).await, "failed");
    assert_dead(worker.work(Entry::new(&entry).reads(4), never).await, "crashed");
    // Where nobody counts there is no last attempt.
    for _ in 0..10 {
        assert_again(worker.work(&entry, broken).await, s(5), "failed");
    }
    // Where the store counts, the queue does not: others may have been read along.
    let worker = crate::inbox::worker(MemoryStore::new());
    let verdict = worker.work(Entry::new(&entry).reads(100), broken).await;
    assert_again(verdict, s(5), "failed");
}

#[tokio::test]
async fn what_nobody_asked_for_is_done_unhandled() {
    let store = Arc::new(MemoryStore::new());
    let worker = receiver()
        .only([zaphook::enviaai::EventName::MessageFailed])
        .with_store(Arc::clone(&store));
    assert_done(worker.work(&entry(), never).await);
    assert_eq!(store.len(), 0);
}

#[tokio::test]
async fn what_was_worked_on_is_remembered_for_longer_than_it_may_wait() {
    let clock = Clock::default();
    let worker = worker(clock.store(10));
    assert_done(worker.work(&entry(), fine).await);
    clock.advance(7 * DAY);
    assert_done(worker.work(&entry(), never).await);
    clock.advance(s(36));
    let runs = AtomicUsize::new(0);
    let count = |_| {
        runs.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    };
    assert_done(worker.work(&entry(), count).await);
    assert_eq!(runs.into_inner(), 1);

    let clock = Clock::default();
    let worker = crate::inbox::worker(clock.store(10)).retention(s(60));
    assert_done(worker.work(&entry(), fine).await);
    clock.advance(s(61));
    assert_again(worker.work(&entry(), broken).await, s(5), "failed");
}

#[tokio::test]
async fn the_lease_lives_as_long_as_the_handler() {
    let worker = worker(MemoryStore::new()).lease(ms(60)).timer(TokioTimer);
    let entry = entry();
    let slow = |_: Delivery<EnviaAi>| async {
        tokio::time::sleep(ms(300)).await;
        Ok(())
    };
    let (first, ()) = tokio::join!(worker.work(&entry, slow), async {
        for _ in 0..4 {
            tokio::time::sleep(ms(50)).await;
            let verdict = worker.work(&entry, never).await;
            assert!(matches!(verdict, Verdict::Again { .. }), "{verdict:?}");
        }
    });
    assert_done(first);
}

#[tokio::test]
async fn a_worker_for_any_gateway() {
    let entry = entry();
    let any = AnyTenants::from(Tenants::<EnviaAi>::new()).with_store(MemoryStore::new());
    let handler = |delivery: zaphook::AnyDelivery| async move {
        assert_eq!((delivery.gateway(), delivery.attempt()), ("enviaai", Some(1)));
        Ok(())
    };
    assert_done(any.work(&entry, handler).await);
    let any = AnyReceiver::new(EnviaAi::signed(secret())).with_store(MemoryStore::new());
    assert_done(any.work(&entry, handler).await);
    let other = AnyTenants::from(Tenants::<Wawp>::new()).with_store(MemoryStore::new());
    let verdict = other.work(&entry, |_| async { panic!("another gateway's") }).await;
    assert_again(verdict, s(300), "unknown_entry");
}

#[test]
fn verdicts_show_no_text() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let worker = worker(MemoryStore::new());
        let verdict = worker.work(&entry(), broken).await;
        assert_eq!(verdict.as_str(), "again");
        assert!(!format!("{verdict:?}").contains("database"));
        let hopeless = |_: Delivery<EnviaAi>| async { Err(Failure::give_up("no such customer")) };
        let verdict = worker.work(&entry(), hopeless).await;
        assert_eq!(verdict.as_str(), "dead");
        assert!(!format!("{verdict:?}").contains("customer"));
    });
}
