//! What is told to the outside about each delivery: the trace and the hook.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use zaphook::retry::RetrySchedule;
use zaphook::{EnviaAi, Failure, Gateway, MemoryStore, Observation, Receiver, Request, testing};

use crate::adapter::example;
use crate::enviaai::receiver;
use crate::fixtures;
use crate::gateways::secret;

/// Collects what a subscriber writes.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Written {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

struct Tracer {
    written: Written,
    dispatch: tracing::Dispatch,
    runtime: Runtime,
}

thread_local! {
    static TRACER: Tracer = {
        let written = Written::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(written.clone())
            .finish();
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        Tracer { written, dispatch: subscriber.into(), runtime }
    };
}

/// Everything that is traced, at the finest level, while the work is done.
fn trace(work: impl Future<Output = ()>) -> String {
    TRACER.with(|tracer| {
        tracing::dispatcher::with_default(&tracer.dispatch, || tracer.runtime.block_on(work));
        String::from_utf8(std::mem::take(&mut *tracer.written.0.lock().unwrap())).unwrap()
    })
}

/// All that handling a request traces, whatever comes of it.
pub fn traced<G: Gateway>(receiver: &Receiver<G>, request: &Request<'_>) -> String {
    let receiver = receiver.clone().with_store(MemoryStore::new());
    trace(async {
        let _ = receiver.handle(request, |_| async { Err("the database is away")? }).await;
    })
}

fn message() -> http::Request<bytes::Bytes> {
    testing::enviaai(&secret(), fixtures::text("enviaai/message.received.plain.json"))
}

#[test]
fn a_span_tells_gateway_event_outcome_and_gap() {
    let request = message();
    let request = Request::from(&request);
    let receiver = receiver().with_store(MemoryStore::new());
    let shown = trace(async {
        let _ = receiver.handle(&request, |_| async { Err("the database is away")? }).await;
        let _ = receiver.handle(&request, |_| async { Ok(()) }).await;
        let _ = receiver.handle(&request, |_| async { Ok(()) }).await;
    });
    for (outcome, level) in [("failed", "WARN"), ("handled", "DEBUG"), ("duplicate", "DEBUG")] {
        let line = shown
            .lines()
            .find(|line| {
                line.contains("answered") && line.contains(&format!("outcome=\"{outcome}\""))
            })
            .unwrap_or_else(|| panic!("{outcome}: {shown}"));
        for part in
            [level, "gateway=\"enviaai\"", "event=\"message.received\"", "gap_ms=", "status="]
        {
            assert!(line.contains(part), "{part}: {line}");
        }
    }

    let receiver = crate::enviaai::receiver();
    let forged = Request::new(&[("", ""); 0], "{}");
    let shown = traced(&receiver, &forged);
    let line = shown.lines().find(|line| line.contains("delivery refused")).unwrap();
    for part in ["INFO", "gateway=\"enviaai\"", "reason=\"missing_credential\"", "no such header\""]
    {
        assert!(line.contains(part), "{part}: {line}");
    }
    let unreadable = testing::enviaai(&secret(), "not json");
    let shown = traced(&receiver, &Request::from(&unreadable));
    assert!(shown.contains("delivery unreadable reason=\"not_json\""), "{shown}");
}

#[test]
fn a_delivery_that_no_hook_keeps_is_an_error_in_the_log() {
    let request = message();
    let request = Request::from(&request);
    let give_up = |_| async { Err(zaphook::Failure::give_up("no such customer")) };
    let lost = |shown: &str| shown.lines().filter(|line| line.contains("delivery lost")).count();

    let silent = receiver().with_store(MemoryStore::new());
    let shown = trace(async {
        let _ = silent.handle(&request, give_up).await;
    });
    let line = shown.lines().find(|line| line.contains("delivery lost")).unwrap();
    for part in ["ERROR", "gateway=\"enviaai\"", "reason=\"given_up\""] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!shown.contains("no such customer"), "{shown}");

    let kept = receiver().with_store(MemoryStore::new()).on_dead_letter(|_| async {});
    let shown = trace(async {
        let _ = kept.handle(&request, give_up).await;
    });
    assert_eq!(lost(&shown), 0, "{shown}");
}

#[test]
fn a_receiver_that_can_lose_deliveries_says_so_once() {
    let eazewa = || {
        let token = zaphook::Token::new("0123456789abcdef").unwrap();
        let place = zaphook::auth::TokenPlace::path();
        Receiver::new(zaphook::EazeWa::any_instance(place, token)).with_store(MemoryStore::new())
    };
    let body = fixtures::text("eazewa/message.json");
    let request = testing::eazewa("0123456789abcdef", body);
    let request = Request::from(&request);
    let count = |shown: &str, what: &str| {
        shown.lines().filter(|line| line.contains(what) && line.contains("eazewa")).count()
    };
    let fail = |_| async { Err(Failure::retry("the database is away")) };

    let lost = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&lost);
    let silent = eazewa().observe(move |seen| told.lock().unwrap().push(seen.lost));
    let shown = trace(async {
        assert!(silent.handle(&request, fail).await.is_lost());
        assert!(silent.clone().handle(&request, fail).await.is_lost());
        assert!(!silent.handle(&request, |_| async { Ok(()) }).await.is_lost());
    });
    assert_eq!(count(&shown, "will be lost"), 1, "{shown}");
    let line = shown.lines().find(|line| line.contains("will be lost")).unwrap();
    assert!(line.contains("WARN") && line.contains("on_dead_letter"), "{line}");
    assert_eq!(count(&shown, "delivery lost"), 2, "{shown}");
    assert_eq!(*lost.lock().unwrap(), [true, true, false]);

    // With a hook there is nothing to say, nor at the door, which answers nothing
    // until the delivery is stored, nor where a gateway retries for hours.
    let kept = eazewa().on_dead_letter(|_| async {});
    let door = {
        let token = zaphook::Token::new("0123456789abcdef").unwrap();
        Receiver::new(zaphook::EazeWa::any_instance(zaphook::auth::TokenPlace::path(), token))
            .door()
    };
    let shown = trace(async {
        assert!(!kept.handle(&request, fail).await.is_lost());
        let _ = door.accept(&request, |_| async { Err(Failure::retry("away")) }).await;
    });
    assert_eq!(count(&shown, "will be lost"), 0, "{shown}");
    let enviaai = message();
    let shown = trace(async {
        let consumer = receiver().with_store(MemoryStore::new());
        let _ = consumer.handle(&Request::from(&enviaai), |_| async { Ok(()) }).await;
    });
    assert!(!shown.contains("will be lost"), "{shown}");
    // Retries have to go on for longer than five minutes.
    for (seconds, are_few) in [(300, true), (301, false)] {
        let schedule = RetrySchedule::configured(vec![Duration::from_secs(seconds)]);
        let shown = trace(async {
            let consumer = receiver().with_store(MemoryStore::new()).schedule(schedule);
            let _ = consumer.handle(&Request::from(&enviaai), |_| async { Ok(()) }).await;
        });
        assert_eq!(shown.contains("will be lost"), are_few, "{seconds}: {shown}");
    }
}

/// The handler's own events stand in the span of its delivery.
#[test]
fn a_handlers_events_stand_in_the_span() {
    let request = message();
    let receiver = receiver().with_store(MemoryStore::new());
    let shown = trace(async {
        let handler = |_| async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            tracing::info!("at work");
            Ok(())
        };
        let _ = receiver.handle(&Request::from(&request), handler).await;
    });
    let line = shown.lines().find(|line| line.contains("at work")).unwrap();
    assert!(line.contains("delivery{gateway=\"enviaai\" event=\"message.received\""), "{line}");
}

#[derive(Debug, PartialEq)]
struct Seen {
    event: Option<&'static str>,
    outcome: &'static str,
    status: u16,
    has_gap: bool,
}

#[tokio::test]
async fn a_hook_gets_every_outcome() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hook = {
        let seen = Arc::clone(&seen);
        move |observation: &Observation<'_>| {
            assert_eq!(observation.gateway, "enviaai");
            assert!(observation.took < Duration::from_secs(5));
            seen.lock().unwrap().push(Seen {
                event: observation.event,
                outcome: observation.outcome.as_str(),
                status: observation.status.as_u16(),
                has_gap: observation.gap.is_some_and(|gap| gap > Duration::from_secs(60)),
            });
        }
    };
    let observed = hook.clone();
    let receiver = receiver().with_store(MemoryStore::new()).observe(hook);
    let fine = |_| async { Ok(()) };
    let request = message();
    let request = Request::from(&request);
    let _ = receiver.handle(&request, |_| async { Err("away")? }).await;
    let _ = receiver.handle(&request, fine).await;
    let _ = receiver.handle(&request, fine).await;
    let unknown = testing::enviaai(&secret(), r#"{"event":"MARK","data":{}}"#);
    let _ =
        receiver.handle(&Request::from(&unknown), |_| async { Err(Failure::give_up("no")) }).await;
    let _ = receiver.handle(&Request::new(&[("", ""); 0], "{}"), fine).await;
    let unreadable = testing::enviaai(&secret(), "not json");
    let _ = receiver.handle(&Request::from(&unreadable), fine).await;
    let only = crate::enviaai::receiver().only([zaphook::enviaai::EventName::MessageRead]);
    let only = only.with_store(MemoryStore::new()).observe(observed);
    let _ = only.handle(&request, fine).await;
    // A delivery ahead of the clock has no gap.
    let soon = (chrono::Utc::now() + chrono::TimeDelta::hours(1)).to_rfc3339();
    let body = fixtures::with(
        &fixtures::text("enviaai/message.received.plain.json"),
        &["data", "timestamp"],
        Some(soon.into()),
    );
    let ahead = testing::enviaai(&secret(), body.replace("msg_8f2c41", "msg_ahead"));
    let delivery = zaphook::Receiver::<EnviaAi>::new(EnviaAi::signed(secret()))
        .receive(&Request::from(&ahead))
        .unwrap();
    let _ = receiver.handle_received(delivery, fine).await;

    let row = |event, outcome, status, has_gap| Seen { event, outcome, status, has_gap };
    let message = Some("message.received");
    assert_eq!(
        *seen.lock().unwrap(),
        [
            row(message, "failed", 503, true),
            row(message, "handled", 200, true),
            row(message, "duplicate", 200, true),
            row(Some("unknown"), "given_up", 200, false),
            row(None, "refused", 401, false),
            row(None, "unreadable", 200, false),
            row(message, "skipped", 200, false),
            row(message, "handled", 200, false),
        ]
    );
}

#[test]
fn the_hook_feeds_a_metrics_crate() {
    let output = std::process::Command::new(example("metrics")).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let figures = String::from_utf8(output.stdout).unwrap();
    for (event, outcome) in [
        ("message.received", "handled"),
        ("message.received", "duplicate"),
        ("message.received", "failed"),
        ("unknown", "handled"),
        ("none", "unreadable"),
        ("none", "refused"),
    ] {
        let labels = format!(r#"gateway="enviaai",event="{event}",outcome="{outcome}""#);
        let line = format!("webhook_deliveries_total{{{labels}}} 1\n");
        assert!(figures.contains(&line), "{line} is missing in:\n{figures}");
    }
    let late = "webhook_delivery_gap_seconds_count{gateway=\"enviaai\"} 3\n";
    assert!(figures.contains(late), "{figures}");
}
