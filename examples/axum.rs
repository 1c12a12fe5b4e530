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
//! The adapter between axum and zaphook is in this file, connections and
//! shutdown are `axum/server.rs`. What does not depend on the framework is
//! `receiver/`: settings in `config.rs`, policies in `gateways.rs`, the store in
//! `store.rs`, the work in `mod.rs`.
//! `--capture FILE` keeps what was received, for `--example inspect`, with
//! credentials replaced; `--help` tells more.
//! `SIGHUP` reads the secrets again, `SIGTERM` and Ctrl-C finish what is being
//! worked on and end.

#[path = "receiver/mod.rs"]
mod receiver;
#[path = "axum/server.rs"]
mod server;

use std::future::{Future, poll_fn};
use std::process::ExitCode;
use std::sync::Arc;
use std::task::Poll;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use http::StatusCode;
use tokio::time::timeout;
use zaphook::{Answer, Head};

use receiver::{App, Problem, Route};
use server::Peer;

// ---- The adapter --------------------------------------------------------

async fn receive(
    State(route): State<Arc<Route>>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request,
) -> Response {
    let receiver = route.receiver();
    let (parts, body) = request.into_parts();

    // What the head alone gives away costs neither a body nor a place.
    if let Err(refusal) = receiver.screen(&Head::from(&parts).peer(peer)) {
        return answer(receiver.gateway(), refusal.into());
    }
    let Some(reading) = route.place(&route.reading).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let body = to_bytes(body, receiver.body_limit());
    let body = match timeout(route.body_within, body).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return answer(receiver.gateway(), receiver.too_large()),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let Some(working) = route.place(&route.working).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    drop(reading);

    let (gateway, within, work) = (receiver.gateway(), route.answer_within, route.work);
    let mut handling = Box::pin(async move {
        let _working = working;
        let request = Head::from(&parts).peer(peer).with_body(body);
        route.keep(gateway, &request);
        receiver.handle(&request, |delivery| receiver::handle(delivery, work)).await
    });
    // Most deliveries wait for nothing and are done at once. What has to wait
    // goes on in a task of its own: a caller who hangs up cancels nothing.
    // Nothing comes between the two.
    let handled = match poll_fn(|context| Poll::Ready(handling.as_mut().poll(context))).await {
        Poll::Ready(handled) => return answer(gateway, handled),
        Poll::Pending => timeout(within, tokio::spawn(handling)).await,
    };
    match handled {
        Ok(Ok(handled)) => answer(gateway, handled),
        _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn answer(gateway: &str, answer: Answer) -> Response {
    receiver::log(gateway, &answer);
    answer.into()
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

async fn run() -> Result<(), Problem> {
    let Some(app) = App::from_environment().await? else {
        return Ok(());
    };
    let router = app.routes.iter().fold(Router::new(), |router, route| {
        let handler = || post(receive).with_state(Arc::clone(route));
        // With whatever a token or the gateway puts behind the path.
        let (folder, below) = (format!("{}/", route.path), format!("{}/{{*below}}", route.path));
        router.route(&route.path, handler()).route(&folder, handler()).route(&below, handler())
    });
    server::serve(&app, router).await
}
