//! The server and the client of the quickstart. The part that a receiver of
//! your own needs is [`receive`].

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use axum::routing::post;
use http::StatusCode;
use tokio::sync::Notify;
use zaphook::{Answer, Consumer, Delivery, Failure, Gateway, Head, MemoryStore, Outcome, Receiver};

use super::{Fate, LEASE};

/// One route: its receiver, and where its reports go.
struct Route<G: Gateway> {
    receiver: Consumer<Receiver<G>, MemoryStore>,
    fields: fn(&Delivery<G>) -> Vec<String>,
    shared: Shared,
}

/// What the server and the client of this example share.
#[derive(Clone, Default)]
struct Shared {
    report: Arc<Mutex<Vec<String>>>,
    fate: Arc<Mutex<Fate>>,
    death: Arc<Notify>,
}

/// From request to answer.
async fn receive<G: Gateway>(
    State(route): State<Arc<Route<G>>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();

    // What the head alone gives away is refused before the body is read.
    if let Err(refusal) = route.receiver.screen(&Head::from(&parts).peer(peer.ip())) {
        return route.answer(refusal.into());
    }
    let Ok(body) = to_bytes(body, route.receiver.body_limit()).await else {
        return status(StatusCode::PAYLOAD_TOO_LARGE);
    };
    // In a task of its own: a caller who hangs up cancels nothing.
    let working = Arc::clone(&route);
    let mut work = tokio::spawn(Box::pin(async move {
        let request = Head::from(&parts).peer(peer.ip()).with_body(body);
        working.receiver.handle(&request, |delivery| working.work(delivery)).await
    }));
    tokio::select! {
        answer = &mut work => match answer {
            Ok(answer) => route.answer(answer),
            Err(_) => status(StatusCode::INTERNAL_SERVER_ERROR),
        },
        // Its process dies, as far as this example can; a proxy says so.
        () = route.shared.death.notified() => {
            work.abort();
            status(StatusCode::BAD_GATEWAY)
        }
    }
}

impl<G: Gateway> Route<G> {
    /// The handler: `Ok` means done or durably stored.
    async fn work(&self, delivery: Delivery<G>) -> Result<(), Failure> {
        self.shared.say(describe(&delivery));
        self.shared.say((self.fields)(&delivery));
        let fate = *self.shared.fate.lock().expect("no thread panics");
        match fate {
            Fate::Works => Ok(()),
            Fate::Fails => Err("the database is away".into()),
            Fate::Dies => {
                // Its task is ended where it is; nothing after this runs.
                self.shared.death.notify_one();
                std::future::pending().await
            }
        }
    }

    fn answer(&self, answer: Answer) -> Response {
        self.shared.say([format!("outcome    {}", answer.outcome().as_str())]);
        match answer.outcome() {
            Outcome::Refused(refusal) => self.shared.say([format!("refused    {refusal}")]),
            Outcome::Unreadable(fault) => self.shared.say([format!("unreadable {fault}")]),
            _ => {}
        }
        answer.into()
    }
}

impl Shared {
    fn say(&self, lines: impl IntoIterator<Item = String>) {
        self.report.lock().expect("no thread panics").extend(lines);
    }
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// What any delivery has to say, whichever gateway it comes from.
fn describe<G: Gateway>(delivery: &Delivery<G>) -> Vec<String> {
    let mut lines = vec![
        format!("gateway    {}", G::NAME),
        format!("event      {} ({})", delivery.name(), delivery.recognition().as_str()),
    ];
    let by: Vec<&str> = delivery.proof().by().map(|way| way.as_str()).collect();
    lines.push(match delivery.proof().secret() {
        Some(secret) => format!("proof      {}, secret {secret}", by.join(" and ")),
        None => format!("proof      {}", by.join(" and ")),
    });
    lines.extend(delivery.account().map(|account| format!("account    {account}")));
    lines.extend(delivery.happened_at().map(|time| format!("happened   {time}")));
    lines.extend(delivery.key().map(|key| format!("key        {key}")));
    lines.extend(delivery.attempt().map(|attempt| format!("attempt    {attempt}")));
    for value in delivery.set_aside() {
        lines.push(format!("set aside  {}: {}", value.path(), value.misfit()));
    }
    if let Some(event) = delivery.malformed() {
        lines.push(format!("malformed  {}", event.fault()));
    }
    if delivery.is_repaired() {
        lines.push("repaired   a text was cut inside a character".into());
    }
    lines
}

/// The routes so far.
pub(crate) struct Server {
    router: Router,
    shared: Shared,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self { router: Router::new(), shared: Shared::default() }
    }

    /// Adds a gateway's route: `POST /<its name>`, and everything below it, where
    /// tokens stand. `fields` says what is worth showing of an event.
    pub(crate) fn route<G: Gateway>(
        &mut self,
        receiver: Receiver<G>,
        fields: fn(&Delivery<G>) -> Vec<String>,
    ) {
        self.route_at(&format!("/{}", G::NAME), receiver, fields);
    }

    /// As [`route`](Self::route), at another path.
    pub(crate) fn route_at<G: Gateway>(
        &mut self,
        path: &str,
        receiver: Receiver<G>,
        fields: fn(&Delivery<G>) -> Vec<String>,
    ) {
        let receiver = receiver.with_store(MemoryStore::new()).lease(LEASE);
        let route = Route { receiver, fields, shared: self.shared.clone() };
        let method = post(receive::<G>).with_state(Arc::new(route));
        self.router = std::mem::take(&mut self.router)
            .route(path, method.clone())
            .route(&format!("{path}/"), method.clone())
            .route(&format!("{path}/{{*token}}"), method);
    }

    /// Starts on a free port of the loopback interface.
    pub(crate) async fn start(self) -> Result<Running, Box<dyn std::error::Error>> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let service = self.router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build();
        Ok(Running { address, shared: self.shared, agent: agent.into() })
    }
}

/// The server at work, and a client for it.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    shared: Shared,
    agent: ureq::Agent,
}

impl Running {
    /// Sends a request over the socket; the answer's status.
    pub(crate) async fn send(
        &self,
        mut request: http::Request<bytes::Bytes>,
        fate: Fate,
    ) -> Result<u16, Box<dyn std::error::Error>> {
        *self.shared.fate.lock().expect("no thread panics") = fate;
        *request.uri_mut() = format!("http://{}{}", self.address, request.uri()).parse()?;
        let agent = self.agent.clone();
        let request = request.map(|body| body.to_vec());
        let response = tokio::task::spawn_blocking(move || agent.run(request)).await??;
        Ok(response.status().as_u16())
    }

    /// What the receiver said since it was last asked.
    pub(crate) fn report(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.report.lock().expect("no thread panics"))
    }
}
