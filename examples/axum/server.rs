//! Connections, with a limit to the time that a request's head may take, and
//! an end that loses nothing.

use std::net::IpAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::receiver::{App, Problem};

/// The address of the connection's other end.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

const FINISH_WITHIN: Duration = Duration::from_secs(30);

pub(crate) async fn serve(app: &App, router: Router) -> Result<(), Problem> {
    let listen = app.config.listen;
    let listener =
        TcpListener::bind(listen).await.map_err(|error| format!("LISTEN {listen}: {error}"))?;
    eprintln!("receiving on {}", listener.local_addr()?);

    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(app.config.head_within);
    let graceful = GracefulShutdown::new();
    let mut hangup = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = pin!(tokio::signal::ctrl_c());

    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // Out of file descriptors, or a connection that is gone
                // already: the next one may be fine.
                let Ok((stream, peer)) = accepted else {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                };
                let router = TowerToHyperService::new(router.clone());
                let service = service_fn(move |mut request: Request<Incoming>| {
                    request.extensions_mut().insert(Peer(peer.ip()));
                    router.call(request)
                });
                let connection = builder.serve_connection(TokioIo::new(stream), service);
                let connection = graceful.watch(connection);
                // A connection that breaks is the other side's business.
                tokio::spawn(async move { drop(connection.await) });
            }
            _ = hangup.recv() => match app.reload() {
                Ok(()) => eprintln!("secrets read again"),
                Err(error) => eprintln!("the secrets stay as they are: {error}"),
            },
            _ = terminate.recv() => break,
            _ = &mut interrupt => break,
        }
    }

    // No new connections; those that have a request get their answer; work
    // whose caller hung up is finished as well.
    drop(listener);
    let finish = async {
        graceful.shutdown().await;
        drop(app.finished().await);
    };
    if tokio::time::timeout(FINISH_WITHIN, finish).await.is_err() {
        eprintln!("not everything was finished in time");
    }
    Ok(())
}
