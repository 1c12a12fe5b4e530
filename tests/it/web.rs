//! From the request of a framework to its response, without a framework: bodies that
//! arrive as they are told to.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use tokio::sync::Notify;
use zaphook::auth::TokenPlace;
use zaphook::retry::RetrySchedule;
use zaphook::{
    AnswerBody, Consumer, Delivery, Door, EazeWa, EnviaAi, Failure, Gateway, MemoryStore, Receiver,
    Stored, Token, testing,
};

use crate::enviaai::receiver;
use crate::gateways::secret;

const LIMIT: usize = EnviaAi::BODY_LIMIT;
const PART: usize = LIMIT / 4;

type Response = http::Response<AnswerBody>;
type Webhooks = Consumer<Receiver<EnviaAi>, MemoryStore>;

/// What a body does next.
enum Step {
    Data(Bytes),
    Trailers,
    /// Nothing yet: it is to be asked again.
    Waits,
    CutOff,
}

/// Bytes in two parts, as some frameworks have them.
struct Halves(Bytes, Bytes);

impl Buf for Halves {
    fn remaining(&self) -> usize {
        self.0.len() + self.1.len()
    }

    fn chunk(&self) -> &[u8] {
        if self.0.is_empty() { &self.1 } else { &self.0 }
    }

    fn advance(&mut self, count: usize) {
        let first = count.min(self.0.len());
        self.0.advance(first);
        self.1.advance(count - first);
    }
}

/// A body, and how many of its bytes were taken.
struct Steps {
    steps: VecDeque<Step>,
    taken: Arc<AtomicUsize>,
}

impl Body for Steps {
    type Data = Halves;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Halves>>>> {
        Poll::Ready(match self.steps.pop_front() {
            Some(Step::Data(data)) => {
                self.taken.fetch_add(data.len(), Ordering::SeqCst);
                let middle = data.len() / 2;
                let halves = Halves(data.slice(..middle), data.slice(middle..));
                Some(Ok(Frame::data(halves)))
            }
            Some(Step::Trailers) => Some(Ok(Frame::trailers(http::HeaderMap::new()))),
            Some(Step::Waits) => {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Some(Step::CutOff) => Some(Err(io::ErrorKind::UnexpectedEof.into())),
            None => None,
        })
    }
}

/// The request with the body in such steps, and the count of what is taken of it.
fn in_steps(
    request: http::Request<Bytes>,
    steps: impl IntoIterator<Item = Step>,
) -> (http::Request<Steps>, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let body = Steps { steps: steps.into_iter().collect(), taken: Arc::clone(&taken) };
    (request.map(|_| body), taken)
}

fn parts(body: &Bytes, length: usize) -> Vec<Step> {
    body.chunks(length).map(|part| Step::Data(body.slice_ref(part))).collect()
}

fn message(text: &str) -> http::Request<Bytes> {
    testing::enviaai(
        &secret(),
        format!(
            r#"{{"event":"message.received","data":{{"messageId":"msg_1","instanceId":"inst_1","from":"5511999990001","content":"{text}"}}}}"#
        ),
    )
}

/// A message whose body has so many bytes.
fn of_length(length: usize) -> http::Request<Bytes> {
    let bare = message("").body().len();
    let request = message(&"a".repeat(length - bare));
    assert_eq!(request.body().len(), length);
    request
}

/// With the length of its body among its headers.
fn announced(mut request: http::Request<Bytes>) -> http::Request<Bytes> {
    let length = request.body().len();
    request.headers_mut().insert(http::header::CONTENT_LENGTH, length.into());
    request
}

/// What is told of each request: the outcome, and the status.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<(String, u16)>>>);

impl Told {
    fn of<R, S>(&self, consumer: Consumer<R, S>) -> Consumer<R, S> {
        let told = self.clone();
        consumer.observe(move |seen| {
            let outcome = seen.outcome.as_str().to_owned();
            told.0.lock().unwrap().push((outcome, seen.status.as_u16()));
        })
    }

    /// What was told since, which is of one request.
    #[track_caller]
    fn once(&self) -> (String, u16) {
        let told = std::mem::take(&mut *self.0.lock().unwrap());
        assert_eq!(told.len(), 1, "{told:?}");
        told.into_iter().next().unwrap()
    }
}

fn webhooks() -> (Webhooks, Told) {
    let told = Told::default();
    (told.of(receiver().with_store(MemoryStore::new())), told)
}

async fn fine(_: Delivery<EnviaAi>) -> Result<(), Failure> {
    Ok(())
}

async fn never(_: Delivery<EnviaAi>) -> Result<(), Failure> {
    panic!("must not be called")
}

/// Whether it fails, as that of an answer that is withheld does.
fn fails(response: Response) -> bool {
    let mut body = response.into_body();
    let mut context = Context::from_waker(Waker::noop());
    let (ended, hint) = (body.is_end_stream(), body.size_hint());
    match Pin::new(&mut body).poll_frame(&mut context) {
        Poll::Ready(None) => {
            assert!(ended);
            assert_eq!(hint.exact(), Some(0));
            false
        }
        Poll::Ready(Some(Err(error))) => {
            assert!(!ended);
            assert_eq!(hint.exact(), SizeHint::default().exact());
            assert_eq!(error.to_string(), "the answer is withheld");
            true
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_body_arrives_in_any_parts() {
    let whole = message("in parts").into_body();
    let (first, rest) = (whole.slice(..10), whole.slice(10..));
    for steps in [
        vec![Step::Data(whole.clone())],
        vec![Step::Data(whole.clone()), Step::Trailers],
        vec![Step::Waits, Step::Data(Bytes::new()), Step::Waits, Step::Data(whole.clone())],
        vec![Step::Data(first), Step::Waits, Step::Data(Bytes::new()), Step::Data(rest)],
        parts(&whole, 1),
    ] {
        let (webhooks, told) = webhooks();
        let (request, taken) = in_steps(message("in parts"), steps);
        let whole = whole.clone();
        let handler = async move |delivery: Delivery<EnviaAi>| -> Result<(), Failure> {
            assert_eq!(*delivery.body(), whole);
            Ok(())
        };
        let response = webhooks.handle_http(request, handler).await;
        assert_eq!(response.status(), 200);
        assert!(!fails(response));
        assert_eq!(told.once(), ("handled".to_owned(), 200));
        assert_eq!(taken.load(Ordering::SeqCst), message("in parts").body().len());
    }
}

#[tokio::test]
async fn the_limit_is_part_of_what_is_taken() {
    for (length, outcome) in [
        (LIMIT - 1, "handled"),
        (LIMIT, "handled"),
        (LIMIT + 1, "too_large"),
        // As much again is read, and thrown away.
        (2 * LIMIT, "too_large"),
    ] {
        let request = of_length(length);
        for request in [request.clone(), announced(request)] {
            let (webhooks, told) = webhooks();
            let steps = parts(request.body(), PART);
            let (request, taken) = in_steps(request, steps);
            let response = webhooks.handle_http(request, fine).await;
            // Any answer but 2xx would make EnviaAI send it five times more.
            assert_eq!(told.once(), (outcome.to_owned(), 200), "{length}");
            assert_eq!(response.status(), 200);
            assert_eq!(taken.load(Ordering::SeqCst), length);
        }
    }
}

#[tokio::test]
async fn what_is_far_above_the_limit_is_not_waited_for() {
    // What is announced is not read at all.
    let taken_of = async |request: http::Request<Bytes>, part: usize| {
        let (webhooks, told) = webhooks();
        let steps = parts(request.body(), part);
        let (request, taken) = in_steps(request, steps);
        webhooks.handle_http(request, never).await;
        assert_eq!(told.once(), ("too_large".to_owned(), 200));
        taken.load(Ordering::SeqCst)
    };
    assert_eq!(taken_of(announced(of_length(2 * LIMIT + 1)), PART).await, 0);
    // A client that asks before it sends a body is not told to.
    let mut asks = announced(of_length(LIMIT + 1));
    asks.headers_mut().insert(http::header::EXPECT, "100-continue".try_into().unwrap());
    assert_eq!(taken_of(asks, PART).await, 0);
    // What is not is read as far as the same.
    assert_eq!(taken_of(of_length(4 * LIMIT), PART).await, 2 * LIMIT + PART);
    // Parts of any size count as they are: here, the fourth one is too much.
    assert_eq!(taken_of(of_length(4 * LIMIT), LIMIT * 3 / 4).await, LIMIT * 3 / 4 * 3);
    // What is announced may be wrong.
    let mut liar = of_length(LIMIT + 1);
    liar.headers_mut().insert(http::header::CONTENT_LENGTH, 10.into());
    assert_eq!(taken_of(liar, PART).await, LIMIT + 1);
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_no_delivery() {
    let whole = message("cut off").into_body();
    let cut = || [Step::Data(whole.slice(..20)), Step::CutOff, Step::Data(whole.slice(20..))];
    let (webhooks, told) = webhooks();
    let response = webhooks.handle_http(in_steps(message("cut off"), cut()).0, never).await;
    assert_eq!(response.status(), 503);
    assert!(!fails(response));
    assert_eq!(told.once(), ("cut_off".to_owned(), 503));

    // Where any answer is final, there is none.
    let webhooks = webhooks.schedule(RetrySchedule::until_answered(Duration::from_secs(3)));
    let response = webhooks.handle_http(in_steps(message("cut off"), cut()).0, never).await;
    assert!(fails(response));
    assert_eq!(told.once(), ("cut_off".to_owned(), 503));

    // Too large is too large, whole or not.
    let large = of_length(LIMIT + 1);
    let mut steps = parts(large.body(), LIMIT + 1);
    steps.push(Step::CutOff);
    webhooks.handle_http(in_steps(large, steps).0, never).await;
    assert_eq!(told.once().0, "too_large");
}

#[tokio::test]
async fn what_its_head_gives_away_is_refused_unread() {
    let (webhooks, told) = webhooks();
    let mut unsigned = message("unsigned");
    unsigned.headers_mut().remove("x-enviaai-signature").unwrap();
    let steps = parts(unsigned.body(), 10);
    let (unsigned, taken) = in_steps(unsigned, steps);
    let response = webhooks.handle_http(unsigned, never).await;
    assert_eq!(response.status(), 401);
    assert_eq!(told.once(), ("refused".to_owned(), 401));
    assert_eq!(taken.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_panic_is_an_answer() {
    let (webhooks, told) = webhooks();
    for wait in [false, true] {
        let answer = move |_, _| async move {
            if wait {
                tokio::task::yield_now().await;
            }
            panic!("a fault in a hook")
        };
        let (request, _) = in_steps(message("x"), parts(message("x").body(), 10));
        let response = webhooks.answer_http(request, answer).await;
        assert_eq!(response.status(), 503);
        assert_eq!(told.once(), ("failed".to_owned(), 503));
    }
}

/// A client that hangs up drops the future.
#[tokio::test]
async fn what_has_arrived_is_handled_without_its_client() {
    let (webhooks, told) = webhooks();
    let (began, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let handler = {
        let (began, finish) = (Arc::clone(&began), Arc::clone(&finish));
        move |_| async move {
            began.notify_one();
            finish.notified().await;
            Ok(())
        }
    };
    let whole = message("hung up").into_body();
    let (request, _) = in_steps(message("hung up"), parts(&whole, 10));
    let mut responding = Box::pin(webhooks.handle_http(request, handler));
    // It is polled once: the body is there, and the handler waits.
    let mut context = Context::from_waker(Waker::noop());
    assert!(responding.as_mut().poll(&mut context).is_pending());
    began.notified().await;
    drop(responding);
    finish.notify_one();
    while told.0.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(told.once(), ("handled".to_owned(), 200));

    // Before that, nothing has happened.
    let steps = [Step::Data(whole.slice(..10)), Step::Waits, Step::Data(whole.slice(10..))];
    let mut responding =
        Box::pin(webhooks.handle_http(in_steps(message("hung up"), steps).0, never));
    assert!(responding.as_mut().poll(&mut context).is_pending());
    drop(responding);
    tokio::task::yield_now().await;
    assert!(told.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_door_stores_what_arrived() {
    let token = Token::new("9f2c51b7-5a0e-4d8e").unwrap();
    let told = Told::default();
    let eazewa = Receiver::new(EazeWa::any_instance(TokenPlace::path(), token.clone()));
    let door: Door<Receiver<EazeWa>> = told.of(eazewa.door());
    let body = Bytes::from_static(
        br#"{"event":"message","instanceId":"33","data":{"message":{"id":"false_5511999990001@c.us_A1","body":"Oi"}}}"#,
    );
    let request = |body: &Bytes| {
        let request = http::Request::post("/eazewa/9f2c51b7-5a0e-4d8e").body(body.clone()).unwrap();
        in_steps(request, parts(body, 7)).0
    };
    let stored = Arc::new(Mutex::new(Vec::new()));
    let push = {
        let stored = Arc::clone(&stored);
        move |entry: Stored| {
            stored.lock().unwrap().push(entry.body().clone());
            std::future::ready(Ok(()))
        }
    };
    let response = door.accept_http(request(&body), push).await;
    assert_eq!(response.status(), 200);
    assert!(!fails(response));
    assert_eq!(told.once(), ("stored".to_owned(), 200));
    assert_eq!(*stored.lock().unwrap(), std::slice::from_ref(&body));

    // Not a byte: any answer would be the last one.
    let down = |_| std::future::ready(Err(Failure::retry("the queue is down")));
    let response = door.accept_http(request(&body), down).await;
    assert!(fails(response));
    assert_eq!(told.once().0, "not_stored");
}
