//! Start, and an end that loses nothing.

use std::pin::pin;
use std::time::Duration;

use actix_web::{App as Application, HttpServer, web};
use tokio::signal::unix::{SignalKind, signal};

use super::receiver::{App, Problem};

const FINISH_WITHIN: Duration = Duration::from_secs(30);

/// How long an answer may take to be sent when there is nothing left to do.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

pub(crate) async fn serve(
    app: &App,
    routes: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
) -> Result<(), Problem> {
    let listen = app.config.listen;
    let server = HttpServer::new(move || Application::new().configure(routes.clone()))
        .client_request_timeout(app.config.head_within)
        .client_disconnect_timeout(Duration::from_secs(1))
        .shutdown_timeout(ANSWERED_WITHIN.as_secs())
        .disable_signals()
        .bind(listen)
        .map_err(|error| format!("LISTEN {listen}: {error}"))?;
    for address in server.addrs() {
        eprintln!("receiving on {address}");
    }
    let server = server.run();
    let handle = server.handle();
    let server = tokio::spawn(server);

    let mut hangup = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = pin!(tokio::signal::ctrl_c());
    loop {
        tokio::select! {
            _ = hangup.recv() => match app.reload() {
                Ok(()) => eprintln!("secrets read again"),
                Err(error) => eprintln!("the secrets stay as they are: {error}"),
            },
            _ = terminate.recv() => break,
            _ = &mut interrupt => break,
        }
    }

    // Nothing is accepted any more: who connects now is reset at the end, and
    // comes again. First the work, which is done by the workers and would end with
    // them; then what answers are still on their way.
    let finish = async {
        handle.pause().await;
        let _places = app.finished().await;
        handle.stop(true).await;
        let _ = server.await;
    };
    if tokio::time::timeout(FINISH_WITHIN, finish).await.is_err() {
        eprintln!("not everything was finished in time");
    }
    Ok(())
}
