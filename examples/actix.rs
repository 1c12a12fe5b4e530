//! A receiver for production, to be copied: one route per gateway, on actix.
//!
//! ```text
//! ENVIAAI_SECRETS=whs_3b9ff21c cargo run --example actix
//!
//! body='{"event":"message.received","data":{"messageId":"msg_1","instanceId":"inst_1","from":"5511999990001","content":"Oi"}}'
//! curl -i http://127.0.0.1:8080/enviaai -d "$body" -H 'content-type: application/json' \
//!   -H "x-enviaai-signature: sha256=$(printf %s "$body" | openssl dgst -sha256 -hmac whs_3b9ff21c -r | cut -d' ' -f1)"
//! ```
//!
//! The adapter between actix and zaphook is in this file, start and shutdown
//! are `actix/server.rs`. What does not depend on the framework is
//! `receiver/`: settings in `config.rs`, policies in `gateways.rs`, the work in
//! `mod.rs`.
//! `--capture FILE` keeps what was received, for `--example inspect`, with
//! credentials replaced; `--help` tells more.

#[path = "receiver/mod.rs"]
mod receiver;
#[path = "actix/server.rs"]
mod server;

use std::future::{Future, poll_fn};
use std::process::ExitCode;
use std::task::Poll;

use actix_web::error::{ErrorRequestTimeout, ErrorServiceUnavailable};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, rt, web};
use http::HeaderName;
use tokio::time::timeout;
use zaphook::{Answer, Head, Headers};

use receiver::{App, Problem, Route};

// ---- The adapter --------------------------------------------------------

/// The headers of a request, which are those of another version of `http`:
/// looked up, not converted.
struct Received<'a>(&'a HeaderMap);

impl Headers for Received<'_> {
    fn values<'a>(&'a self, name: &HeaderName, each: &mut dyn FnMut(&'a [u8])) {
        self.0.get_all(name.as_str()).for_each(|value| each(value.as_bytes()));
    }

    fn each<'a>(&'a self, each: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.0.iter().for_each(|(name, value)| each(name.as_str(), value.as_bytes()));
    }
}

fn head<'a>(request: &'a HttpRequest, headers: &'a Received<'a>) -> Head<'a> {
    let uri = request.uri().path_and_query().map_or("/", |uri| uri.as_str());
    let head = Head::new(headers).uri(uri);
    request.peer_addr().map_or(head, |peer| head.peer(peer.ip()))
}

async fn receive(
    route: web::Data<Route>,
    request: HttpRequest,
    payload: web::Payload,
) -> actix_web::Result<HttpResponse> {
    let receiver = route.receiver();

    // What the head alone gives away costs neither a body nor a place.
    if let Err(refusal) = receiver.screen(&head(&request, &Received(request.headers()))) {
        return answer(receiver.gateway(), refusal.into());
    }
    let reading =
        route.place(&route.reading).await.ok_or_else(|| ErrorServiceUnavailable("full"))?;
    let body = payload.to_bytes_limited(receiver.body_limit());
    let body = timeout(route.body_within, body).await.map_err(ErrorRequestTimeout)?;
    let Ok(body) = body else { return answer(receiver.gateway(), receiver.too_large()) };
    let body = body?;
    let working =
        route.place(&route.working).await.ok_or_else(|| ErrorServiceUnavailable("full"))?;
    drop(reading);

    let (gateway, within, work) = (receiver.gateway(), route.answer_within, route.work);
    let mut handling = Box::pin(async move {
        let _working = working;
        let headers = Received(request.headers());
        let request = head(&request, &headers).with_body(body);
        route.keep(gateway, &request);
        receiver.handle(&request, |delivery| receiver::handle(delivery, work)).await
    });
    // Most deliveries wait for nothing and are done at once. What has to wait
    // goes on in a task of its own: a caller who hangs up cancels nothing.
    // Nothing comes between the two.
    let handled = match poll_fn(|context| Poll::Ready(handling.as_mut().poll(context))).await {
        Poll::Ready(handled) => return answer(gateway, handled),
        Poll::Pending => timeout(within, rt::spawn(handling)).await,
    };
    answer(gateway, handled.map_err(ErrorServiceUnavailable)?.map_err(ErrorServiceUnavailable)?)
}

fn answer(gateway: &str, answer: Answer) -> actix_web::Result<HttpResponse> {
    receiver::log(gateway, &answer);
    let status = StatusCode::from_u16(answer.status().as_u16());
    let mut response = HttpResponse::build(status.map_err(ErrorServiceUnavailable)?);
    if let Some(seconds) = answer.retry_after_seconds() {
        response.insert_header((RETRY_AFTER, seconds));
    }
    Ok(response.finish())
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
    let routes: Vec<_> = app.routes.iter().cloned().map(web::Data::from).collect();
    server::serve(&app, move |config: &mut web::ServiceConfig| {
        for route in &routes {
            // With whatever a token or the gateway puts behind the path.
            for path in [route.path.clone(), format!("{}/{{below:.*}}", route.path)] {
                let resource = web::resource(path).app_data(route.clone());
                config.service(resource.route(web::post().to(receive)));
            }
        }
    })
    .await
}
