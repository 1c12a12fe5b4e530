//! A receiver for production, to be copied: one route per gateway, on axum.
//!
//! ```text
//! ENVIAAI_SECRETS=whs_3b9ff21c cargo run --example axum
//!
//! body='{"event":"message.received","data":{"messageId":"msg_1","instanceId":"inst_1","from":"5511999990001","content":"Oi"}}'
//! curl -i http://127.0.0.1:8080/enviaai -d "$body" -H 'content-type: application/json' \
//!   -H "x-enviaai-signature: sha256=$(printf %s "$body" | openssl dgst -sha256 -hmac whs_3b9ff21c -r | cut -d' ' -f1)"
//! ```
//!
//! Handled events are remembered in memory. Many receivers share a server:
//!
//! ```text
//! cargo run --features redis --example axum -- --redis redis://127.0.0.1/
//! cargo run --features postgres --example axum -- --postgres postgres://user:password@127.0.0.1/database
//! ```
//!
//! Configuration is `axum/config.rs`, the store `axum/store.rs`, connections and shutdown are
//! `axum/server.rs`; the adapter between axum and zaphook is in this file.
//! `SIGHUP` reads the secrets again, `SIGTERM` and Ctrl-C finish what is being
//! worked on and end.

#[path = "axum/config.rs"]
mod config;
#[cfg(feature = "postgres")]
#[path = "postgres/pooled.rs"]
mod pooled;
#[path = "axum/server.rs"]
mod server;
#[path = "axum/store.rs"]
mod store;

use std::process::ExitCode;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use http::StatusCode;
use tokio::sync::Semaphore;
use zaphook::idempotency::SharedStore;
use zaphook::{Answer, Delivery, EnviaAi, Failure, Gateway, Head, Receiver, TokioTimer};

use config::{Config, Work};
use server::Peer;

// ---- The adapter --------------------------------------------------------

/// One gateway's route. The receiver is replaced when secrets change.
struct Route<G: Gateway> {
    receiver: RwLock<Arc<Receiver<G, SharedStore>>>,
    permits: Arc<Semaphore>,
    body_within: Duration,
    answer_within: Duration,
    work: Work,
}

async fn receive<G: Gateway>(
    State(route): State<Arc<Route<G>>>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request,
) -> Response {
    let receiver = Arc::clone(&route.receiver.read().unwrap_or_else(PoisonError::into_inner));
    let (parts, body) = request.into_parts();

    // What the head alone gives away costs neither a body nor a place.
    if let Err(refusal) = receiver.screen(&Head::from(&parts).peer(peer)) {
        return answer::<G>(refusal.into());
    }
    let Ok(permit) = Arc::clone(&route.permits).try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let body = match tokio::time::timeout(route.body_within, to_bytes(body, receiver.body_limit()))
        .await
    {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };

    // In a task of its own: a caller who hangs up cancels nothing. Boxed, since
    // a task is moved about while it runs.
    let (within, work) = (route.answer_within, route.work);
    let task = tokio::spawn(Box::pin(async move {
        let _permit = permit;
        let request = Head::from(&parts).peer(peer).with_body(body);
        receiver.handle(&request, |delivery| handle(delivery, work)).await
    }));
    match tokio::time::timeout(within, task).await {
        Ok(Ok(handled)) => answer::<G>(handled),
        _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Logs the gateway and the outcome, never the URI: with some gateways it
/// holds the credential.
fn answer<G: Gateway>(answer: Answer) -> Response {
    if !matches!(answer.outcome().as_str(), "handled" | "duplicate") {
        eprintln!("{}: {} {}", G::NAME, answer.status().as_u16(), answer.outcome().as_str());
    }
    answer.into()
}

// ---- The work -----------------------------------------------------------

/// What your application does with an event. `Ok` means done or durably
/// stored: the gateway is told so.
async fn handle<G: Gateway>(delivery: Delivery<G>, work: Work) -> Result<(), Failure> {
    if !work.takes.is_zero() {
        tokio::time::sleep(work.takes).await;
    }
    if !work.quiet {
        let key = delivery.key().ok_or("the events of this gateway have keys")?;
        println!("{} {} {key}", G::NAME, delivery.name());
    }
    Ok(())
}

// ---- The application ----------------------------------------------------

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::from_environment()?;
    // Every route shares it: keys of different gateways differ.
    let store = store::open(&config).await?;
    let permits = Arc::new(Semaphore::new(config.concurrency));

    let enviaai = Arc::new(Route {
        receiver: RwLock::new(receiver(EnviaAi::signed(config.enviaai()?), &store)),
        permits: Arc::clone(&permits),
        body_within: config.body_within,
        answer_within: config.answer_within,
        work: config.work,
    });
    let router =
        Router::new().route("/enviaai", post(receive::<EnviaAi>).with_state(Arc::clone(&enviaai)));

    let reload = || -> Result<(), Box<dyn std::error::Error>> {
        let replaced = receiver(EnviaAi::signed(config.enviaai()?), &store);
        *enviaai.receiver.write().unwrap_or_else(PoisonError::into_inner) = replaced;
        Ok(())
    };
    server::serve(&config, router, permits, reload).await
}

fn receiver<G: Gateway>(policy: G, store: &SharedStore) -> Arc<Receiver<G, SharedStore>> {
    let receiver = Receiver::new(policy).with_store(store.clone()).timer(TokioTimer);
    // The timer extends the lease of who is at work; a short one and a hold that
    // outlives it end before the route's deadline.
    let receiver = receiver.lease(Duration::from_secs(10)).hold(Duration::from_secs(12));
    Arc::new(receiver.on_unsaved(|unsaved| async move {
        // Write it where it can be handled by hand: `unsaved.stored()`.
        eprintln!("{}: not saved, {}", G::NAME, unsaved.reason().as_str());
    }))
}
