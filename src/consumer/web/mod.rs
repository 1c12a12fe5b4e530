//! From the request of a framework to its response: the body is read within its limit,
//! and what follows outlives the client.

#[cfg(feature = "actix-web")]
mod actix;
#[cfg(feature = "http-body")]
mod http_body;

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, EXPECT};
use http::request::Parts;

use super::Consumer;
use super::settings::Settings;
use crate::answer::{Answer, Outcome};
use crate::auth::Refusal;
use crate::receiver::Receives;
use crate::request::Head;
use crate::timer::caught;

type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// What is done with a request whose body has arrived, without its types: everything
/// else is compiled once, in this crate.
type Work = Box<dyn FnOnce(http::Request<Bytes>) -> Answering + Send>;

/// The body of a request, on its way.
trait Chunks {
    /// The next part of it; an error when it was cut off.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, CutOff>>>;
}

struct CutOff;

/// A request whose head has arrived.
struct Arrived {
    settings: Settings,
    screened: Result<(), Refusal>,
    too_large: Answer,
    limit: usize,
    parts: Parts,
    work: Work,
}

impl<R: Receives, S: Send + Sync + 'static> Consumer<R, S> {
    fn arrived<F, Fut>(&self, parts: Parts, answer: F) -> Arrived
    where
        F: FnOnce(Self, http::Request<Bytes>) -> Fut + Send + 'static,
        Fut: Future<Output = Answer> + Send + 'static,
    {
        let consumer = self.clone();
        Arrived {
            settings: self.settings.clone(),
            screened: self.screen(&Head::from(&parts)),
            too_large: self.too_large(),
            limit: self.body_limit(),
            parts,
            work: Box::new(move |request| Box::pin(answer(consumer, request))),
        }
    }
}

impl Arrived {
    /// The answer to it. Dropping the future cancels the reading of the body, and
    /// nothing that comes after that.
    async fn answer<C: Chunks>(self, chunks: C) -> Answer {
        let Self { settings, screened, too_large, limit, parts, work } = self;
        if let Err(refusal) = screened {
            return settings.turned_away(refusal.into());
        }
        let body = match read(&parts, limit, chunks).await {
            Ok(Some(body)) => body,
            Ok(None) => return settings.turned_away(too_large),
            Err(CutOff) => {
                let cut_off = Answer::sent_again(&settings.schedule, Outcome::CutOff);
                return settings.turned_away(cut_off);
            }
        };
        let request = http::Request::from_parts(parts, body);
        let mut working = Box::pin(async move { caught(pin!(work(request))).await });
        // Most deliveries wait for nothing and are done at once. What has to wait goes
        // on in a task of its own.
        let worked = match poll_fn(|context| Poll::Ready(working.as_mut().poll(context))).await {
            Poll::Ready(worked) => worked,
            Poll::Pending => tokio::spawn(working).await.ok().flatten(),
        };
        // A store or a hook that panicked, or a runtime that is shutting down.
        let failed = || Answer::sent_again(&settings.schedule, Outcome::Failed);
        worked.unwrap_or_else(|| settings.turned_away(failed()))
    }
}

impl Settings {
    /// Tells of what is answered before it is received.
    fn turned_away(&self, answer: Answer) -> Answer {
        let seen = self.see_request();
        self.tell(seen, &answer);
        answer
    }
}

/// Reads a body; `None` when it is above the limit.
async fn read<C: Chunks>(
    parts: &Parts,
    limit: usize,
    mut chunks: C,
) -> Result<Option<Bytes>, CutOff> {
    let announced = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let announced: Option<usize> = announced.and_then(|length| length.parse().ok());
    // Who writes all of it before reading would not see an answer that comes in between:
    // as much again is read, and thrown away.
    let patience = limit.saturating_mul(2);
    if let Some(announced) = announced.filter(|announced| *announced > limit) {
        if announced <= patience && !parts.headers.contains_key(EXPECT) {
            discard(patience, &mut chunks).await;
        }
        return Ok(None);
    }
    let (mut first, mut rest) = (Bytes::new(), Vec::new());
    while let Some(chunk) = next(&mut chunks).await {
        let chunk = chunk?;
        let length = first.len().saturating_add(rest.len()).saturating_add(chunk.len());
        if length > limit {
            drop((first, rest));
            discard(patience.saturating_sub(length), &mut chunks).await;
            return Ok(None);
        }
        if first.is_empty() && rest.is_empty() {
            // Often there is no other, and nothing is copied.
            first = chunk;
        } else {
            rest.extend_from_slice(&std::mem::take(&mut first));
            rest.extend_from_slice(&chunk);
        }
    }
    Ok(Some(if rest.is_empty() { first } else { rest.into() }))
}

/// Reads on for so many bytes.
async fn discard<C: Chunks>(mut left: usize, chunks: &mut C) {
    while let Some(Ok(chunk)) = next(chunks).await {
        match left.checked_sub(chunk.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}

async fn next<C: Chunks>(chunks: &mut C) -> Option<Result<Bytes, CutOff>> {
    poll_fn(|context| chunks.poll_chunk(context)).await
}
